"""What organisers settle on the pages of a round: disputes, lists, further reviews, hours; and the count."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from judging import further, rounds
from judging.models import Round, Ruling
from tests.factories import make_film
from tests.judging.factories import make_house, seat_juror
from tests.judging.stages import check_film, make_stage, vote

pytestmark = pytest.mark.django_db


def words(response) -> str:
    return response.content.decode()


def at(name, house, row=None):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, (row or house.round).pk])


# Disputes


@pytest.fixture
def disputed(client):
    house = make_stage("eligibility", films=1, jurors=2)
    check_film(house.round, house.films[0], True, "Twelve minutes; the limit is ten.")
    client.force_login(house.organiser)
    return house


def test_a_dispute_is_shown_with_what_was_said_and_settled_there(client, disputed):
    assert "Twelve minutes; the limit is ten." in words(client.get(at("round", disputed)))

    posted = {"film": disputed.films[0].pk, "through": "no", "note": "It is twelve."}
    text = words(client.post(at("rule", disputed), posted, follow=True))

    assert "is settled." in text and "Jurors differ" not in text
    assert (Ruling.objects.get().through, Ruling.objects.get().by) == (False, disputed.organiser)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"note": ""}, "Say why."),
        ({"through": "perhaps"}, "Choose a film, and say pass or fail."),
        ({"film": "nonsense"}, "Choose a film, and say pass or fail."),
    ],
)
def test_a_ruling_that_says_too_little_settles_nothing(client, disputed, change, sentence):
    posted = {"film": disputed.films[0].pk, "through": "no", "note": "It is twelve."} | change

    assert sentence in words(client.post(at("rule", disputed), posted, follow=True))
    assert not Ruling.objects.exists()


# The list


@pytest.fixture
def listing(client):
    house = make_house(films=3, jurors=1, reviews=1).open()
    for number, assignment in enumerate(house.round.assignments.select_related("juror", "film__footage")):
        house.review(assignment, 9 - number)
    rounds.close(house.round, by=house.organiser)
    client.force_login(house.organiser)
    return make_stage("shortlist", house=house, source=house.round, places=2)


def test_the_list_comes_with_the_proposal_ticked_and_is_settled_by_a_person(client, listing):
    assert words(client.get(at("shortlist", listing))).count(" checked") == 2

    films = [film.pk for film in listing.films[1:]]
    text = words(client.post(at("shortlist", listing), {"films": films}, follow=True))

    assert "2 films come through. Close the round to fix them." in text
    assert set(Ruling.objects.filter(through=True).values_list("film", flat=True)) == set(films)
    client.post(at("close", listing))
    assert "so what it settled stands" in words(client.get(at("shortlist", listing)))


@pytest.mark.parametrize(
    ("count", "sentence"), [(3, "The list has 2 places, and 3 films are ticked."), (0, "Tick the films")]
)
def test_a_list_that_cannot_be_is_said(client, listing, count, sentence):
    films = [film.pk for film in listing.films[:count]]

    assert sentence in words(client.post(at("shortlist", listing), {"films": films}, follow=True))
    assert not Ruling.objects.exists()


def test_a_film_of_elsewhere_is_asked_about_again(client, listing):
    foreign = make_film(edition=listing.edition)

    assert client.post(at("shortlist", listing), {"films": [foreign.pk]}).status_code == 422
    assert not Ruling.objects.exists()


@pytest.mark.parametrize("name", ["shortlist", "count"])
def test_pages_of_one_kind_are_not_those_of_another(client, name):
    house = make_house()
    client.force_login(house.organiser)

    assert client.get(at(name, house)).status_code == 404
    assert client.post(at("allot", house)).status_code == 404


def test_quotas_are_set_with_the_terms(client, listing):
    draft = make_stage("shortlist", house=listing, source=listing.round.source, opened=False).round
    section = listing.edition.sections.get()
    posted = {"name": "List", "takes": str(draft.source_id), "places": 5, f"q{section.pk}": 2}

    client.post(at("round", listing, draft), posted)

    draft.refresh_from_db()
    assert (draft.name, draft.places, draft.quotas) == ("List", 5, {str(section.pk): 2})


# Further reviews


def test_a_part_is_given_out_by_a_button(client):
    house = make_house(films=4, jurors=4, reviews=1).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage"):
        house.review(assignment, 7)
    make_stage("further", house=house, source=house.round, budget=4, places=1)
    client.force_login(house.organiser)

    text = words(client.post(at("allot", house), follow=True))

    house.round.refresh_from_db()
    assert "1 review is given out." in text and further.given(house.round) == 1


def test_without_a_whole_review_the_page_says_so(client):
    house = make_house(films=2, jurors=2).open()
    make_stage("further", house=house, source=house.round, budget=4)
    client.force_login(house.organiser)

    assert "No review is whole yet" in words(client.post(at("allot", house), follow=True))


# Hours


def test_hours_are_set_in_the_edition_s_zone(client):
    house = make_house()
    house.edition.time_zone = "Europe/Lisbon"
    house.edition.save()
    client.force_login(house.organiser)

    posted = {"hours-opens_at": "2027-05-03T12:00", "hours-closes_at": "2027-05-10T18:00"}
    text = words(client.post(at("hours", house), posted, follow=True))

    row = Round.objects.get()
    assert row.opens_at.isoformat() == "2027-05-03T11:00:00+00:00"
    assert "The hours are set." in text and "2027-05-03T12:00" in text


@pytest.mark.parametrize(
    ("closes", "sentence"), [("soon", "Give a day and a time"), ("2027-05-01T12:00", "before it opens")]
)
def test_hours_that_cannot_be_change_nothing(client, closes, sentence):
    house = make_house()
    client.force_login(house.organiser)
    posted = {"hours-opens_at": "2027-05-03T12:00", "hours-closes_at": closes}

    assert sentence in words(client.post(at("hours", house), posted, follow=True))
    assert Round.objects.get().opens_at is None


def test_a_round_whose_hour_has_come_says_what_it_waits_for(client):
    house = make_house(lines=())
    Round.objects.update(opens_at=timezone.now() - timedelta(minutes=5))
    client.force_login(house.organiser)
    assert "it waits: The rubric is empty." in words(client.get(at("round", house)))

    late = make_house().open()
    Round.objects.filter(pk=late.round.pk).update(closes_at=timezone.now() - timedelta(minutes=5))
    client.force_login(late.organiser)
    assert "it waits: 2 films have not been watched and judged" in words(client.get(at("round", late)))


# The count


def test_the_count_is_read_after_the_close(client):
    house = make_stage("final", films=2, jurors=2)
    for juror in house.jurors:
        vote(house.round, juror, *house.films)
    client.force_login(house.organiser)
    assert "2 jurors have voted. Nothing is counted" in words(client.get(at("count", house)))

    rounds.close(house.round, by=house.organiser)

    text = words(client.get(at("count", house)))
    assert "How it was counted" in text and str(house.films[0]) in text


# A whole jury


def test_a_juror_seated_late_gets_the_films_of_the_final_by_a_button(client):
    house = make_stage("final", films=3, jurors=2)
    late = seat_juror(house.edition)
    client.force_login(house.organiser)
    assert "Give out what is missing" in words(client.get(at("assign", house)))

    client.post(at("assign", house))

    assert house.round.assignments.filter(juror=late).count() == 3
    assert "Give out what is missing" not in words(client.get(at("assign", house)))


# Costs


def test_a_round_says_whether_the_jury_can_do_it(client):
    house = make_house(films=2, jurors=2)
    client.force_login(house.organiser)
    assert "it says here whether the jury can do it" in words(client.get(at("round", house)))

    soon = timezone.now()
    for span, sentence in [(timedelta(days=2), "The jury can do it"), (timedelta(minutes=5), "cannot do it")]:
        rounds.reschedule(house.round, by=house.organiser, opens_at=soon, closes_at=soon + span)
        assert sentence in words(client.get(at("round", house)))
