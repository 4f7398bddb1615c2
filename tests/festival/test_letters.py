"""Letters of decision: what becomes of them, and the programme that waits for them."""

import pytest
from django.core import mail
from django.urls import reverse

from festival import access, letters, notices, programme
from festival.errors import Refused, Unacceptable
from festival.models import Edition, Film, Notice
from tests.factories import make_edition, make_film, make_organiser, make_user
from tests.festival.office_desk import page, said

pytestmark = pytest.mark.django_db

Status = Film.Status


@pytest.fixture
def edition():
    return make_edition(status=Edition.Status.CLOSED)


@pytest.fixture
def olga(edition):
    return make_organiser(edition, name="Olga")


@pytest.fixture
def letter(edition, olga):
    """A letter to an entrant that has been written and not handed over."""
    make_film(edition=edition, title="Rain", status=Status.DECLINED)
    letters.send(edition, by=olga)
    return letters.of(edition).get()


def left(edition):
    untold = letters.untold(edition)
    return untold.owed, untold.unheard


def hindrances(edition):
    return [found.text for found in programme.hindrances(edition) if found.where == "letters"]


def test_the_programme_waits_until_every_letter_is_handed_over(edition, olga):
    make_film(edition=edition, status=Status.SELECTED)
    make_film(edition=edition, status=Status.WAITING)
    assert left(edition) == (2, 0)
    assert hindrances(edition)[0].startswith("Send 2 decision letters first")

    letters.send(edition, by=olga)
    assert left(edition) == (0, 2)
    assert hindrances(edition) == [
        "2 entrants have not been told yet: a letter is on its way, was refused, or came back."
    ]

    for one in letters.of(edition):
        notices.send(one.pk)
    assert left(edition) == (0, 0)
    assert hindrances(edition) == []
    assert sorted(message.subject.split()[-1] for message in mail.outbox)


def test_a_waiting_list_letter_promises_another(edition, olga):
    film = make_film(edition=edition, title="Rain", status=Status.WAITING)

    letters.send(edition, by=olga)

    letter = Notice.objects.get(film=film)
    assert letter.subject == f"Rain is on the waiting list of {edition}"
    assert "If a place comes free" in letter.body


def test_a_letter_that_came_back_closes_the_programme_again_until_it_is_dealt_with(letter, edition, olga):
    notices.send(letter.pk)
    letter.refresh_from_db()

    letters.came_back(letter, by=olga)
    assert left(edition) == (0, 1)
    assert letter.state == "Came back"

    again = letters.send_again(letter, by=olga)
    notices.send(again.pk)
    assert left(edition) == (0, 0)


def test_an_entrant_told_otherwise_counts_as_told_with_a_name_and_a_note(letter, edition, olga):
    with pytest.raises(Unacceptable, match="Say how they were told"):
        letters.told_otherwise(letter, by=olga, note=" ")
    assert left(edition) == (0, 1)

    letters.told_otherwise(letter, by=olga, note="By telephone.")

    letter.refresh_from_db()
    assert (letter.settled_by, letter.settled_note, letter.state) == (olga, "By telephone.", "Told otherwise")
    assert left(edition) == (0, 0)


def test_a_letter_still_on_its_way_neither_came_back_nor_is_sent_again(letter, olga):
    with pytest.raises(Refused, match="No mail server has taken"):
        letters.came_back(letter, by=olga)
    with pytest.raises(Refused, match="on its way"):
        letters.send_again(letter, by=olga)


def test_a_letter_on_a_decision_since_changed_is_not_sent_again(letter, olga):
    notices.send(letter.pk)
    Film.objects.update(status=Status.SELECTED)
    letter.refresh_from_db()

    with pytest.raises(Refused, match="decided otherwise since"):
        letters.send_again(letter, by=olga)


def test_why_not_deal_with_has_a_yes_and_each_no(letter, olga):
    assert letters.why_not_deal_with(olga, letter) == ""
    assert "organisers" in letters.why_not_deal_with(make_user(), letter)
    letters.told_otherwise(letter, by=olga, note="In person.")
    assert "told otherwise already" in letters.why_not_deal_with(olga, letter)


def test_why_not_publish_has_a_yes_and_each_no(edition, olga):
    assert access.why_not_publish(olga, edition) == ""
    assert "organisers" in access.why_not_publish(make_user(), edition)
    assert "Send 1 decision letter first" in access.why_not_publish(olga, edition, owed=1, unheard=1)
    assert "1 entrant has not been told" in access.why_not_publish(olga, edition, unheard=1)


def test_the_page_shows_who_does_not_know_and_takes_what_became_of_letters(letter, edition, olga, client):
    client.force_login(olga)
    text = client.get(page("letters", edition)).content.decode()
    assert "Who does not know yet" in text and "On the way" in text

    notices.send(letter.pk)
    assert "Who does not know yet" not in client.get(page("letters", edition)).content.decode()

    address = reverse("office:letter", args=[edition.slug, letter.pk])
    assert said(client.post(address, {"verb": "back"}, follow=True)) == ["The letter on “Rain” came back."]
    assert "Came back" in client.get(page("letters", edition)).content.decode()

    answer = client.post(address, {"verb": "otherwise", "note": "Met her."}, follow=True)
    assert said(answer) == ["The entrant of “Rain” has been told."]
    assert "by Olga" in answer.content.decode() and "Met her." in answer.content.decode()


@pytest.mark.parametrize("films", [1, 3])
def test_the_letters_page_costs_the_same_for_one_letter_and_three(
    films, edition, olga, client, django_assert_num_queries
):
    for _ in range(films):
        make_film(edition=edition, status=Status.DECLINED)
    letters.send(edition, by=olga)
    client.force_login(olga)

    with django_assert_num_queries(8):
        client.get(page("letters", edition))


def test_machines_learn_of_a_decision_no_sooner_than_people(edition, olga, client):
    film = make_film(edition=edition, status=Status.DECLINED)
    client.force_login(film.entrant)
    address = reverse("api:entry-detail", args=[film.pk])
    assert client.get(address).json()["status"] == "eligible"

    letters.send(edition, by=olga)

    assert client.get(address).json()["status"] == "declined"
