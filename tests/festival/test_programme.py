"""The programme: placing films, what clashes, and publishing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival import letters, notices, office, programme
from festival.errors import Conflict, IllegalMove, Refused, Unacceptable
from festival.models import Edition, Film, Footage, Role, Screening, Slot, Venue
from tests.factories import make_edition, make_film, make_footage, make_organiser, make_user

pytestmark = pytest.mark.django_db
Status = Film.Status
NOON = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition(status=Edition.Status.CLOSED, time_zone="Europe/Lisbon")


@pytest.fixture
def olga(edition):
    return make_organiser(edition, name="Olga")


@pytest.fixture
def hall(edition):
    return Venue.objects.create(edition=edition, name="Hall")


def selected(edition, title, *, seconds=600, **fields):
    film = make_film(edition=edition, title=title, status=Status.SELECTED, **fields)
    film.footage = make_footage(film=film, duration_s=seconds)
    film.save()
    return film


def screening_at(venue, title, *, at=NOON, by=None, **fields):
    by = by or venue.edition.roles.organisers().first().person
    return programme.add_screening(venue.edition, by=by, venue=venue, title=title, starts_at=at, **fields)


def order(screening):
    return "".join(slot.film.title for slot in screening.slots.all())


# Placing


def test_films_stand_in_the_order_they_are_placed(edition, olga, hall):
    evening = screening_at(hall, "Evening")
    for title in "ABC":
        programme.place(selected(edition, title), evening, by=olga)
    assert order(evening) == "ABC"

    programme.place(Film.objects.get(title="C"), evening, by=olga, position=0)
    assert order(evening) == "CAB"

    programme.place(selected(edition, "D"), evening, by=olga, position=1)
    assert order(evening) == "CDAB"
    assert list(evening.slots.values_list("position", flat=True)) == [0, 1, 2, 3]


def test_a_screening_ends_after_its_films_its_pauses_and_its_talk(edition, olga, hall):
    evening = screening_at(hall, "Evening", gap_s=60, talk_min=15)
    assert evening.ends_at == NOON + timedelta(minutes=15)

    programme.place(selected(edition, "A", seconds=600), evening, by=olga)
    programme.place(selected(edition, "B", seconds=299.5), evening, by=olga)

    evening.refresh_from_db()
    assert evening.ends_at == NOON + timedelta(minutes=10 + 1 + 5 + 15)  # 15:59.5, up to the minute

    programme.remove(evening.slots.get(film__title="A"), by=olga)
    evening.refresh_from_db()
    assert evening.ends_at == NOON + timedelta(minutes=5 + 15)
    assert order(evening) == "B"


def test_a_film_moves_to_another_screening(edition, olga, hall):
    early, late = screening_at(hall, "Early"), screening_at(hall, "Late", at=NOON + timedelta(hours=3))
    for title in "AB":
        programme.place(selected(edition, title), early, by=olga)
    programme.place(selected(edition, "C"), late, by=olga)

    programme.move(early.slots.get(film__title="A"), late, by=olga, position=0)

    assert (order(early), order(late)) == ("B", "AC")


def test_a_film_of_another_edition_or_without_selection_is_not_placed(edition, olga, hall):
    evening = screening_at(hall, "Evening")
    elsewhere = selected(make_edition(), "Elsewhere")
    undecided = make_film(edition=edition, title="Undecided", status=Status.ELIGIBLE)

    with pytest.raises(Refused, match="“Elsewhere” was entered in another edition"):
        programme.place(elsewhere, evening, by=olga)
    with pytest.raises(Refused, match="“Undecided” is “With the jury”"):
        programme.place(undecided, evening, by=olga)

    assert not Slot.objects.exists()


def test_a_screening_keeps_to_venues_of_its_edition(edition, olga, hall):
    other = Venue.objects.create(edition=make_edition(), name="Elsewhere")

    with pytest.raises(Unacceptable, match="a venue of this edition"):
        programme.add_screening(edition, by=olga, venue=other, title="Lost", starts_at=NOON)

    assert not Screening.objects.exists()


def test_a_venue_goes_only_when_nothing_is_planned_there(edition, olga, hall):
    evening = screening_at(hall, "Evening")
    with pytest.raises(Refused, match="planned in “Hall”"):
        programme.remove_venue(hall, by=olga)

    programme.remove_screening(evening, by=olga)
    programme.remove_venue(hall, by=olga)
    assert not Venue.objects.exists()


def test_a_stranger_changes_nothing_in_the_programme(edition, olga, hall):
    evening = screening_at(hall, "Evening")
    film = selected(edition, "A")
    slot = programme.place(film, evening, by=olga)
    stranger = make_user()

    for act in (
        lambda: programme.place(film, evening, by=stranger),
        lambda: programme.move(slot, evening, by=stranger),
        lambda: programme.remove(slot, by=stranger),
        lambda: screening_at(hall, "Mine", by=stranger),
        lambda: programme.change_screening(evening, by=stranger),
        lambda: programme.remove_screening(evening, by=stranger),
        lambda: programme.add_venue(edition, by=stranger, name="Mine"),
        lambda: programme.remove_venue(hall, by=stranger),
        lambda: programme.publish(edition, by=stranger),
        lambda: programme.unpublish(edition, by=stranger),
    ):
        with pytest.raises(Refused, match="Only this edition's organisers"):
            act()

    assert (Slot.objects.count(), Venue.objects.count(), Screening.objects.count()) == (1, 1, 1)


# Clashes

moments = st.integers(0, 40).map(lambda minutes: NOON + timedelta(minutes=minutes))
spans = st.lists(st.tuples(moments, moments).map(lambda pair: tuple(sorted(pair))), max_size=12)


@given(spans)
def test_overlapping_finds_exactly_the_pairs_that_share_a_moment(spans):
    def share_a_moment(first, second):
        return max(first[0], second[0]) < min(first[1], second[1])

    assert programme.overlapping(spans) == [
        (i, j)
        for i in range(len(spans))
        for j in range(i + 1, len(spans))
        if share_a_moment(spans[i], spans[j])
    ]


def test_a_sound_programme_has_no_clashes(edition, olga, hall):
    first = screening_at(hall, "First")
    film = selected(edition, "A")
    programme.place(film, first, by=olga)
    second = screening_at(hall, "Second", at=NOON + timedelta(minutes=10))  # begins as the first ends
    programme.place(film, second, by=olga)

    assert programme.clashes(edition) == []


def test_two_screenings_at_once_in_one_venue_clash(edition, olga, hall):
    first, second = screening_at(hall, "First"), screening_at(hall, "Second", at=NOON + timedelta(minutes=9))
    for screening, title in ((first, "A"), (second, "B")):
        programme.place(selected(edition, title), screening, by=olga)

    (clash,) = programme.clashes(edition)

    assert clash.text == (
        "Hall: “Second” begins on Saturday 1 May, 13:09, but “First” ends only at 13:10."  # Lisbon in summer
    )
    assert clash.screenings == (first, second)
    assert not clash.warning


def test_a_film_in_two_rooms_at_once_clashes(edition, olga, hall):
    studio = Venue.objects.create(edition=edition, name="Studio")
    film = selected(edition, "A")
    for venue, title in ((hall, "First"), (studio, "Second")):
        programme.place(film, screening_at(venue, title), by=olga)

    texts = [clash.text for clash in programme.clashes(edition) if not clash.warning]

    assert texts == [
        "“A” runs in “First” (Hall) and in “Second” (Studio) at the same time, from Saturday 1 May, 13:00."
    ]


def test_the_online_room_runs_beside_the_halls(edition, olga, hall):
    online = Venue.objects.create(edition=edition, name="Online", online=True)
    film = selected(edition, "A")
    for venue, title in ((hall, "First"), (online, "Stream"), (online, "Second stream")):
        programme.place(film, screening_at(venue, title), by=olga)

    assert programme.clashes(edition) == []


def test_a_film_no_longer_selected_clashes(edition, olga, hall):
    film = selected(edition, "A")
    programme.place(film, screening_at(hall, "Evening"), by=olga)
    office.decide([film], Status.ELIGIBLE, by=olga)

    (clash,) = programme.clashes(edition)

    assert clash.text == "“A” in “Evening” is “With the jury”. Select it, or remove it."


@pytest.mark.parametrize("footage", ["none", "examining"])
def test_a_film_without_an_examined_file_clashes(edition, olga, hall, footage):
    film = make_film(edition=edition, title="A", status=Status.SELECTED)
    if footage == "examining":
        film.footage = make_footage(film=film, status=Footage.Status.EXAMINING, duration_s=None)
        film.save()
    programme.place(film, screening_at(hall, "Evening"), by=olga)

    (clash,) = programme.clashes(edition)

    assert clash.text == "“A” in “Evening” has no examined file, so its running time is unknown."


def test_a_maker_in_two_rooms_at_once_is_only_a_warning(edition, olga, hall):
    studio = Venue.objects.create(edition=edition, name="Studio")
    ada = make_user(name="Ada")
    for venue, title in ((hall, "A"), (studio, "B")):
        film = selected(edition, title, entrant=ada)
        programme.place(film, screening_at(venue, f"Screening {title}"), by=olga)

    (clash,) = programme.clashes(edition)

    assert clash.warning
    assert clash.text.startswith("Ada has films in “Screening A” and “Screening B” at the same time")


@pytest.mark.parametrize("films", [1, 3])
def test_clashes_cost_the_same_for_one_screening_and_three(
    edition, olga, hall, films, django_assert_num_queries
):
    for number in range(films):
        evening = screening_at(hall, f"S{number}", at=NOON + timedelta(minutes=5 * number))
        programme.place(selected(edition, f"F{number}"), evening, by=olga)

    with django_assert_num_queries(2):
        found = programme.clashes(edition)

    assert len(found) == films - 1


# Publishing


def tell_everyone(edition, *, by):
    """Write the letters, and have the mail server take them."""
    letters.send(edition, by=by)
    for letter in letters.unheard(edition):
        notices.send(letter.pk)


def ready(edition, olga, hall):
    film = selected(edition, "A")
    tell_everyone(edition, by=olga)
    evening = screening_at(hall, "Evening")
    programme.place(film, evening, by=olga)
    return film, evening


def test_a_sound_programme_is_published_and_taken_back(edition, olga, hall):
    film, evening = ready(edition, olga, hall)
    Footage.objects.filter(pk=film.footage.pk).update(duration_s=1200)  # examined anew meanwhile

    programme.publish(edition, by=olga)

    assert Edition.objects.get(pk=edition.pk).status == Edition.Status.PUBLISHED
    assert Screening.objects.get(pk=evening.pk).ends_at == NOON + timedelta(minutes=20)
    assert list(edition.events.values_list("was", "became")) == [("closed", "published")]

    programme.unpublish(edition, by=olga)
    assert Edition.objects.get(pk=edition.pk).status == Edition.Status.CLOSED


def test_of_two_organisers_publishing_at_once_one_is_told(edition, olga, hall):
    ready(edition, olga, hall)
    first, second = Edition.objects.get(pk=edition.pk), Edition.objects.get(pk=edition.pk)

    programme.publish(first, by=olga)
    with pytest.raises(IllegalMove):
        programme.publish(second, by=olga)


def why_not(edition):
    return [(found.text, found.where) for found in programme.hindrances(edition)]


def test_an_open_call_hinders_publishing(olga, edition, hall):
    ready(edition, olga, hall)
    Edition.objects.filter(pk=edition.pk).update(status="open")
    edition.refresh_from_db()

    assert why_not(edition) == [
        ("Close the call first, so that no film arrives after the programme is out.", "call")
    ]
    with pytest.raises(Conflict, match="Close the call first"):
        programme.publish(edition, by=olga)


def test_undecided_entries_hinder_publishing(edition, olga, hall):
    ready(edition, olga, hall)
    make_film(edition=edition, status=Status.SUBMITTED)
    make_film(edition=edition, status=Status.ELIGIBLE)
    make_film(edition=edition, status=Status.DRAFT)

    assert why_not(edition) == [("Decide on 2 entries without a decision.", "entries")]


def test_an_edition_without_a_selected_film_is_not_published(edition, olga):
    assert why_not(edition) == [("Select at least one film.", "entries")]


def test_letters_not_sent_hinder_publishing(edition, olga, hall):
    ready(edition, olga, hall)
    late = make_film(edition=edition, status=Status.ELIGIBLE)
    office.decide([late], Status.DECLINED, by=olga)

    assert why_not(edition) == [
        ("Send 1 decision letter first: nobody should learn of a decision from the programme.", "letters")
    ]


def test_clashes_hinder_publishing_and_warnings_do_not(edition, olga, hall):
    film, _ = ready(edition, olga, hall)
    studio = Venue.objects.create(edition=edition, name="Studio")
    second = selected(edition, "B", entrant=film.entrant)
    tell_everyone(Edition.objects.get(pk=edition.pk), by=olga)
    programme.place(second, screening_at(studio, "Beside"), by=olga)
    assert [clash.warning for clash in programme.clashes(edition)] == [True]
    assert why_not(edition) == []

    programme.place(film, Screening.objects.get(title="Beside"), by=olga, position=0)

    assert [where for _, where in why_not(edition)] == ["programme"]


def test_only_a_published_programme_is_taken_back(edition, olga):
    with pytest.raises(Refused, match="not published"):
        programme.unpublish(edition, by=olga)


def test_a_juror_does_not_publish(edition, olga, hall):
    ready(edition, olga, hall)
    juror = make_user()
    Role.objects.create(edition=edition, person=juror, kind=Role.Kind.JUROR)

    with pytest.raises(Refused):
        programme.publish(edition, by=juror)
