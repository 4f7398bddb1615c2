"""Awards: given once, never against what excludes them, announced to everyone at once."""

import pytest
from django.urls import reverse

from festival import awards, letters, notices
from festival.errors import Refused, Unacceptable
from festival.models import Award, Edition, Film
from tests.factories import make_edition, make_film, make_organiser, make_user
from tests.festival.office_desk import page, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition():
    return make_edition(status=Edition.Status.PUBLISHED)


@pytest.fixture
def olga(edition):
    return make_organiser(edition)


@pytest.fixture
def rain(edition):
    return make_film(edition=edition, title="Rain", status=Film.Status.SELECTED, footage=True)


@pytest.fixture
def prizes(edition, olga):
    grand = awards.found(edition, name="Grand prize", by=olga)
    return grand, awards.found(edition, name="Jury prize", by=olga, excludes=[grand])


def tell(edition, olga):
    letters.send(edition, by=olga)
    for letter in letters.unheard(edition):
        notices.send(letter.pk)


def test_an_award_is_given_noted_and_taken_back(prizes, rain, olga, edition):
    grand, _ = prizes

    awards.give(grand, rain, by=olga, citation="For its patience.")
    assert (grand.film, grand.citation) == (rain, "For its patience.")
    awards.take_back(grand, by=olga)

    grand.refresh_from_db()
    assert grand.film is None
    assert [event.note for event in edition.events.all()] == [
        "“Rain” was given the Grand prize.",
        "The Grand prize was taken back from “Rain”.",
    ]


@pytest.mark.parametrize("first", [0, 1])
def test_awards_exclude_each_other_both_ways(prizes, rain, olga, first):
    awards.give(prizes[first], rain, by=olga)

    with pytest.raises(Refused, match="cannot have both"):
        awards.give(prizes[1 - first], rain, by=olga)


def test_why_not_give_has_a_yes_and_each_no(prizes, rain, olga, edition):
    grand, jury = prizes
    snow = make_film(edition=edition, title="Snow", status=Film.Status.DECLINED)
    assert awards.why_not_give(grand, rain) == ""
    assert "another edition" in awards.why_not_give(grand, make_film(status=Film.Status.SELECTED))
    assert "awards go to selected films" in awards.why_not_give(grand, snow)
    awards.give(grand, rain, by=olga)
    assert "“Rain” has the Grand prize" in awards.why_not_give(
        grand, make_film(edition=edition, status=Film.Status.SELECTED)
    )
    assert "cannot have both" in awards.why_not_give(jury, rain)
    tell(edition, olga)
    awards.announce(edition, by=olga)
    grand.refresh_from_db()
    assert "has been announced" in awards.why_not_give(grand, rain)


def test_found_takes_a_name_once_and_abolish_spares_what_a_film_has(prizes, rain, olga, edition):
    with pytest.raises(Unacceptable, match="already"):
        awards.found(edition, name="grand PRIZE", by=olga)
    with pytest.raises(Unacceptable, match="name"):
        awards.found(edition, name=" ", by=olga)
    awards.give(prizes[0], rain, by=olga)
    with pytest.raises(Refused, match="Take it back first"):
        awards.abolish(prizes[0], by=olga)

    awards.abolish(prizes[1], by=olga)

    assert list(Award.objects.values_list("name", flat=True)) == ["Grand prize"]


def test_awards_are_announced_after_the_letters_and_the_programme(prizes, rain, olga, edition, client):
    awards.give(prizes[0], rain, by=olga, citation="For its patience.")
    film = reverse("public:film", args=[rain.pk])
    assert "Send 1 decision letter first" in awards.why_not_announce(olga, edition)
    tell(edition, olga)
    assert "organisers" in awards.why_not_announce(make_user(), edition)
    Edition.objects.update(status="closed")
    edition.refresh_from_db()
    assert "Publish it first" in awards.why_not_announce(olga, edition)
    Edition.objects.update(status="published")
    edition.refresh_from_db()
    assert "Grand prize" not in client.get(film).content.decode()

    assert awards.announce(edition, by=olga) == 1

    assert "For its patience." in client.get(film).content.decode()
    films = client.get(reverse("public:films")).content.decode()
    assert f'<a href="/ledger/{edition.slug}/results/">Awards, and how the jury decided</a>' in films
    prizes[0].refresh_from_db()
    with pytest.raises(Refused, match="announced"):
        awards.take_back(prizes[0], by=olga)


def test_the_page_founds_gives_and_says_why_not(edition, rain, olga, client):
    client.force_login(olga)
    client.post(page("awards", edition), {"name": "Grand prize"})
    client.post(page("awards", edition), {"name": "Jury prize", "excludes": [edition.awards.get().pk]})
    grand, jury = edition.awards.all()

    client.post(page("award", edition, grand.pk), {"verb": "give", "film": rain.pk, "citation": "Bold."})
    answer = client.post(page("award", edition, jury.pk), {"verb": "give", "film": rain.pk}, follow=True)

    assert "cannot have both" in said(answer)[-1]
    assert "Bold." in answer.content.decode()
    nothing = client.post(page("award", edition, jury.pk), {"verb": "give"}, follow=True)
    assert said(nothing)[-1] == "Choose a film that is selected."
