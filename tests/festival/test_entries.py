from datetime import timedelta

import pytest
from django.utils import timezone

from festival import entries, notices
from festival.models import Edition, Film, Footage
from tests.factories import make_edition, make_film, make_footage, make_organiser, make_statement

pytestmark = pytest.mark.django_db

Status = Film.Status


@pytest.mark.parametrize(
    ("footage", "now", "then"),
    [
        (None, "A draft. The film has not been uploaded yet.", "Fill in the details and upload the film"),
        ({"status": "waiting"}, "Your file has arrived and waits to be examined.", "You may close this page"),
        (
            {"status": "examining", "progress": 40},
            "Your file is being examined: 40 %.",
            "You may close this page",
        ),
        ({"status": "refused"}, "Your file cannot be used. It is kept", "Open the entry to try again"),
        ({"status": "failed"}, "The examination of your file broke off.", "Open the entry to try again"),
        ({"status": "ready"}, "A draft. The film plays.", "Finish the steps that are open"),
    ],
)
def test_a_draft_says_where_its_file_stands(footage, now, then):
    film = make_film()
    if footage:
        make_footage(film=film, **footage)

    standing = entries.standing(film)

    assert standing.now.startswith(now)
    assert standing.next.startswith(then)


@pytest.mark.parametrize(
    ("status", "now"),
    [
        (Status.SUBMITTED, "Submitted on "),
        (Status.ELIGIBLE, "The office has accepted it. It is with the jury."),
        (Status.SELECTED, "Selected. The film is part of the festival."),
        (Status.WAITING, "On the waiting list."),
        (Status.DECLINED, "The film was not selected this time."),
        (Status.WITHDRAWN, "You withdrew this film."),
    ],
)
def test_an_entry_on_its_way_says_where_it_is(status, now):
    film = make_film(footage=True, status=status, submitted_at=timezone.now())
    if status in Film.DECIDED:
        notices.write(film.entrant, status, film=film)

    assert entries.standing(film).now.startswith(now)
    assert entries.standing(film).next


def test_a_submitted_film_with_a_newer_file_says_so():
    film = make_film(footage=True, status=Status.SUBMITTED, submitted_at=timezone.now())
    make_footage(film=film, status="examining", progress=7, created_at=timezone.now() + timedelta(seconds=1))

    assert entries.standing(film).now == "Submitted. Your file is being examined: 7 %."


@pytest.mark.parametrize("late", ["deadline", "closed"])
def test_a_draft_after_the_call_says_that_it_has_closed(late):
    edition = make_edition(status=Edition.Status.CLOSED if late == "closed" else Edition.Status.OPEN)
    at = timezone.now() + (timedelta(days=31) if late == "deadline" else timedelta())

    assert entries.standing(make_film(edition=edition), at=at).next.startswith("The call has closed.")


def test_the_checklist_of_a_title_names_everything():
    steps = {step.name: step for step in entries.checklist(make_film()).steps}

    assert [name for name, step in steps.items() if step.done] == []
    assert "Write a logline: one sentence that says what the film is about." in steps["edit"].missing
    assert steps["film"].missing == ["Upload the film first."]
    assert "Sign the statement with your name." in steps["statement"].missing


def test_the_checklist_ticks_what_is_done():
    film = make_film(footage=True)
    make_statement(film)

    done = [step.name for step in entries.checklist(film).steps if step.done]

    assert done == ["film", "statement"]


def test_a_refused_file_stands_under_film():
    film = make_film()
    make_footage(film=film, status=Footage.Status.REFUSED, problem="It ends in the middle.")

    (step,) = [step for step in entries.checklist(film).steps if step.name == "film"]

    assert "It ends in the middle." in step.missing[0]


def test_history_is_told_newest_first_and_names_nobody_in_the_office():
    film = make_film()
    make_footage(film=film, name="cut.mov", examined_at=timezone.now() + timedelta(seconds=1))
    organiser = make_organiser(film.edition, name="Olga Office")
    film.move(Status.SUBMITTED, by=film.entrant)
    film.move(Status.DRAFT, by=organiser, note="Please add the end titles.")

    past = entries.history(film)

    words = [one.words for one in past]
    assert words[-1] == "You began the entry."
    assert "You submitted the film." in words
    assert "“cut.mov” was examined and plays." in words
    (back,) = [one for one in past if one.words == "The festival office sent the entry back to you."]
    assert back.note == "Please add the end titles."
    assert "Olga" not in str(past)
    assert [one.at for one in past] == sorted((one.at for one in past), reverse=True)


@pytest.mark.parametrize("decided", Film.DECIDED)
def test_a_decision_shows_when_its_letter_is_written_and_not_before(decided):
    film = make_film(status=Status.ELIGIBLE, footage=True)
    film.move(decided, by=make_organiser(film.edition))

    assert film.known == Status.ELIGIBLE and film.known_words == "With the jury"
    assert entries.standing(film).now == "The office has accepted it. It is with the jury."
    assert [past.words for past in entries.history(film) if past.words == entries.BECAME[decided]] == []

    notices.write(film.entrant, decided, film=film)

    assert film.known == decided
    assert entries.history(film)[0].words == entries.BECAME[decided]


def test_a_decision_made_and_taken_back_before_any_letter_is_nobodys_business():
    film = make_film(status=Status.ELIGIBLE)
    office = make_organiser(film.edition)
    film.move(Status.DECLINED, by=office)
    film.move(Status.ELIGIBLE, by=office)

    assert [past.words for past in entries.history(film)] == ["You began the entry."]


def test_a_decision_taken_back_is_told():
    film = make_film(status=Status.SELECTED)
    notices.write(film.entrant, "selected", film=film)
    film.move(Status.ELIGIBLE, by=make_organiser(film.edition), note="between us")

    told = entries.history(film)[0]

    assert told.words.startswith("The festival office took its decision back")
    assert told.note == ""
