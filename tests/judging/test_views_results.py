"""Results in the office: the table, the drawings, the file, and the decision."""

import csv
import io
import re

import pytest
from django.urls import reverse

from festival.models import Film
from judging import panels
from tests.factories import make_organiser, make_section
from tests.judging.factories import make_eligible, make_house

pytestmark = pytest.mark.django_db


def at(name, house, *args):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, *args])


def words(response) -> str:
    return response.content.decode()


@pytest.fixture
def judged():
    """Two films: the second was marked higher by both jurors, the first by one only."""
    house = make_house(films=2, jurors=2, reviews=2).open()
    low, high = house.films
    for assignment in house.round.assignments.filter(film=high).select_related("juror"):
        house.review(assignment, 8, 4, note="Lovely.")
    house.review(house.round.assignments.filter(film=low).select_related("juror").first(), 3)
    return house


def order_of(response, house):
    """Films of the table, top down; the drawing of the cut above it has an order of its own."""
    _, _, text = words(response).partition("<table")
    return sorted(
        (f for f in house.films if f">{f.title}</a>" in text), key=lambda f: text.index(f">{f.title}</a>")
    )


def test_results_put_the_best_first_and_sort_by_any_column(client, judged):
    client.force_login(judged.organiser)
    address, (low, high) = at("results", judged, judged.round.pk), judged.films

    assert order_of(client.get(address), judged) == [high, low]
    assert order_of(client.get(address, {"order": "mean"}), judged) == [low, high]
    assert order_of(client.get(address, {"order": "-film"}), judged) == sorted(
        judged.films, key=lambda film: film.title.casefold(), reverse=True
    )
    assert order_of(client.get(address, {"order": "-spread"}), judged) == [high, low]  # none comes last
    assert order_of(client.get(address, {"order": "nonsense"}), judged) == [high, low]


def test_results_are_drawn_in_words_too(client, judged):
    client.force_login(judged.organiser)

    text = words(client.get(at("results", judged, judged.round.pk)))

    assert 'aria-label="Reviews: 7.0, 7.0. Mean 7.0 of 10."' in text
    assert 'aria-label="Story 8.0, Sound 4.0"' in text


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"q": "ZZZ"}, []),
        ({"reviews": "whole"}, [1]),
        ({"reviews": "short"}, [0]),
        ({"state": "selected"}, []),
        ({"state": "eligible"}, [1, 0]),
    ],
)
def test_results_are_filtered_by_the_address(client, judged, asked, left):
    client.force_login(judged.organiser)

    response = client.get(at("results", judged, judged.round.pk), asked)

    assert order_of(response, judged) == [judged.films[n] for n in left]


def test_results_are_filtered_by_section(client, judged):
    other = make_section(edition=judged.edition)
    Film.objects.filter(pk=judged.films[0].pk).update(section=other)
    client.force_login(judged.organiser)

    response = client.get(at("results", judged, judged.round.pk), {"section": other.pk})

    assert order_of(response, judged) == [judged.films[0]]


@pytest.mark.parametrize(
    ("verb", "became"), [("select", "selected"), ("wait", "waiting"), ("decline", "declined")]
)
def test_decide_the_ticked_films(client, judged, verb, became):
    client.force_login(judged.organiser)
    film = judged.films[1]

    response = client.post(
        at("decide", judged, judged.round.pk),
        {"films": [film.pk], "verb": verb, "note": "Unanimous.", "query": "order=mean"},
        follow=True,
    )

    film.refresh_from_db()
    assert film.status == became
    assert film.events.last().note == "Unanimous." and film.events.last().by == judged.organiser
    assert f"1 film is {'on the waiting list' if verb == 'wait' else became}." in words(response)
    assert response.redirect_chain[0][0].endswith("results/?order=mean")


def test_the_second_of_two_organisers_is_told_what_stands(client, judged):
    film = judged.films[1]
    client.force_login(judged.organiser)
    client.post(at("decide", judged, judged.round.pk), {"films": [film.pk], "verb": "select"})
    client.force_login(make_organiser(judged.edition))

    response = client.post(
        at("decide", judged, judged.round.pk),
        {"films": [film.pk, judged.films[0].pk], "verb": "decline"},
        follow=True,
    )

    assert f"“{film}” is “Selected”. Take that decision back first." in words(response)
    assert "1 film is declined." in words(response)
    film.refresh_from_db()
    assert film.status == "selected"


@pytest.mark.parametrize(
    "data",
    [{}, {"verb": "select"}, {"verb": "burn", "films": ["x"]}, {"verb": "select", "films": ["not-a-film"]}],
)
def test_nothing_chosen_is_nothing_decided(client, judged, data):
    client.force_login(judged.organiser)

    response = client.post(at("decide", judged, judged.round.pk), data, follow=True)

    assert "Choose one film or more" in words(response)
    assert set(judged.edition.films.values_list("status", flat=True)) == {"eligible"}


def test_a_film_of_another_edition_cannot_be_slipped_in(client, judged):
    foreign = make_house(films=1).films[0]
    client.force_login(judged.organiser)

    client.post(at("decide", judged, judged.round.pk), {"films": [foreign.pk], "verb": "select"})

    foreign.refresh_from_db()
    assert foreign.status == "eligible"


def test_the_results_as_csv(client, judged):
    Film.objects.filter(pk=judged.films[0].pk).update(title="=SUM(A1)")
    client.force_login(judged.organiser)

    response = client.get(at("export", judged, judged.round.pk))

    head, best, rest = csv.reader(io.StringIO(words(response)))
    assert head == [
        "film",
        "code",
        "section",
        "state",
        "reviews",
        "needed",
        "mean",
        "spread",
        "quality",
        "sd",
        "low",
        "high",
        "p_top",
        "tier",
        "Story",
        "Sound",
    ]
    assert best[0] == judged.films[1].title
    assert best[4:8] == ["2", "2", "7.00", "0.00"] and best[-3:] == ["1", "8.00", "4.00"]
    quality, sd, low, high, p_top = map(float, best[8:13])
    assert 3 < low < quality < high and 0 < sd < high - low and p_top > 0.5
    assert rest[0] == "'=SUM(A1)" and rest[4:8] == ["1", "2", "3.00", ""] and rest[-2:] == ["3.00", "3.00"]
    assert "attachment" in response.headers["Content-Disposition"]


def test_one_film_s_marks_with_who_gave_them(client, judged):
    client.force_login(judged.organiser)
    film = judged.films[1]
    tied = judged.round.assignments.filter(film=film).select_related("juror").first()
    panels.declare_conflict(tied, by=tied.juror, reason="Family.")

    text = words(client.get(at("marks", judged, judged.round.pk, film.pk)))

    assert "Lovely." in text
    assert "does not count" in text
    assert all(juror.name in text for juror in judged.jurors)


def test_one_film_s_figures_stand_in_a_sentence(client, judged):
    client.force_login(judged.organiser)

    text = words(client.get(at("marks", judged, judged.round.pk, judged.films[1].pk)))

    assert "Calibrated <strong>" in text and "standard deviation" in text
    assert re.search(r"on a rank from 1 to [12] of 2\. Chance of being among the best 1: ", text)


def test_a_film_without_a_whole_review_has_no_figures_yet(client, judged):
    film = make_eligible(judged.edition)
    client.force_login(judged.organiser)

    assert "Calibrated" not in words(client.get(at("marks", judged, judged.round.pk, film.pk)))
