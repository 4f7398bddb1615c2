"""The ranking, how jurors mark, and where they differ, as pages."""

import pytest
from django.urls import reverse

from judging import ranking, rounds
from judging.models import Round
from tests.factories import make_user
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db

PAGES = ("results", "habits", "disagreement")


def at(name, house, *args):
    return reverse(f"jury_office:{name}", args=[house.edition.slug, *args])


def words(client, name, house, **asked):
    response = client.get(at(name, house, house.round.pk), asked)
    assert response.status_code == 200
    return response.content.decode()


def judged(marks, *, jurors=None):
    """A house whose films have these marks: a row a film, a column a juror, None for no review."""
    jurors = jurors or len(marks[0])
    house = make_house(films=len(marks), jurors=jurors, reviews=jurors).open()
    for assignment in house.round.assignments.select_related("juror", "film__footage", "round__edition"):
        value = marks[house.films.index(assignment.film)][house.jurors.index(assignment.juror)]
        if value:
            house.review(assignment, value)
    return house


@pytest.fixture
def house(client):
    """Five films and three jurors, who are of two minds about the last film."""
    house = judged([(9, 9, 8), (7, 8, 7), (5, 6, 5), (2, 3, 1), (1, 9, 9)])
    client.force_login(house.organiser)
    return house


def test_the_page_draws_the_cut_with_its_interval_and_says_why_this_model(client, house):
    text = words(client, "results", house, places=2)

    assert "Films stand at their marks less each juror’s severity.".replace("’", "'") in text.replace(
        "&#x27;", "'"
    )
    assert 'value="2"' in text and "Below the cut" in text and "Tier 1" in text
    assert "the best 2" in text
    assert 'aria-label="Quality ' in text and "with 90 % between" in text and "plain mean 8.7" in text
    assert "The round is open, so these figures change with every mark." in text


def test_alpha_and_w_stand_with_their_words(client, house):
    found = ranking.of(house.round)

    text = words(client, "results", house)

    assert f"{found.marks.alpha:.2f}" in text
    assert f"{found.marks.w:.2f}" in text and "Concordance, W" in text


def test_a_closed_round_says_that_its_result_was_fixed(client, house):
    rounds.close(house.round, by=house.organiser)
    house.round.refresh_from_db()
    assert "The full one is under way" in words(client, "results", house)

    ranking.fix(house.round, model="additive")

    assert "after the close, and written in the ledger" in words(client, "results", house)


def test_jurors_stand_with_severity_scale_reliability_and_what_they_watched(client, house):
    text = words(client, "habits", house)

    assert all(juror.name in text for juror in house.jurors)
    assert text.count('aria-label="Severity ') == 3 and text.count('aria-label="Reliability ') == 3
    assert text.count("over 99 %") >= 3  # watched
    assert 'aria-label="Krippendorff’s alpha ' in text
    assert "one glow" in text  # every criterion had the same mark


def test_films_on_which_jurors_differ_come_first_and_go_into_a_deliberation(client, house):
    text = words(client, "disagreement", house)
    torn = house.films[4]
    table = text.partition("<table")[2]
    positions = [table.index(f">{film.title}</a>") for film in house.films]
    assert min(positions) == positions[4]

    response = client.post(
        at("deliberate", house, house.round.pk), {"films": [torn.pk, house.films[1].pk]}, follow=True
    )

    begun = Round.objects.get(kind=Round.Kind.DELIBERATION)
    assert set(begun.picked.all()) == {torn, house.films[1]}
    assert response.redirect_chain[-1][0] == at("round", house, begun.pk)


def test_nothing_ticked_begins_no_deliberation(client, house):
    response = client.post(at("deliberate", house, house.round.pk), {"films": ["x"]}, follow=True)

    assert "Tick the films the jury is to talk about." in response.content.decode()
    assert not Round.objects.filter(kind=Round.Kind.DELIBERATION).exists()


def test_two_camps_are_named(client):
    house = judged([(1, 1, 9, 9), (5, 5, 6, 6)])
    client.force_login(house.organiser)

    assert "Two camps</span>" in words(client, "disagreement", house)


@pytest.mark.parametrize("name", PAGES)
def test_strangers_find_nothing_there(client, house, name):
    client.force_login(make_user())

    assert client.get(at(name, house, house.round.pk)).status_code == 404


@pytest.mark.parametrize("asked", ["0", "-3", "many", "²", "9" * 30])
def test_a_room_that_makes_no_sense_is_left_aside(client, house, asked):
    assert 'name="places" type="number" min="1" max="100000" value="2"' in words(
        client, "results", house, places=asked
    )


# What bad input gets


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_round_says_what_is_missing(client, name):
    house = make_house(films=2, jurors=1).open()
    client.force_login(house.organiser)

    text = words(client, name, house)

    assert {
        "results": "No film has a whole review yet",
        "habits": "No whole review yet",
        "disagreement": "Nothing to talk about",
    }[name] in text


def test_a_round_without_films_says_so(client):
    house = make_house(films=0, jurors=1)
    client.force_login(house.organiser)

    assert "No film fits" in words(client, "results", house)


def test_all_marks_equal_are_one_tier(client):
    house = judged([(5, 5), (5, 5), (5, 5)])
    client.force_login(house.organiser)

    text = words(client, "results", house, places=1)

    assert "All marks are equal, so there is nothing to tell films or jurors apart by." in text
    assert "The cut runs through a tier of 3 films that cannot be told apart" in text
    assert "not known" in text  # alpha


def test_one_juror_only_is_said(client):
    house = judged([(9,), (4,), (2,)])
    client.force_login(house.organiser)

    text = words(client, "results", house)

    assert "There is only one juror" in text
    assert "Nothing to talk about" in words(client, "disagreement", house)
    assert house.jurors[0].name in words(client, "habits", house)


def test_groups_that_share_no_juror_get_no_common_order(client):
    house = judged([(9, 8, None, None), (4, 5, None, None), (None, None, 8, 9), (None, None, 2, 3)])
    client.force_login(house.organiser)

    text = words(client, "results", house, places=1)

    assert "fall into 2 groups that share no juror" in text
    assert "Tier 1" not in text and "Below the cut" not in text
    assert "of the film’s own group" in text


# Queries


@pytest.mark.parametrize(("name", "queries"), [("results", 20), ("habits", 20), ("disagreement", 17)])
@pytest.mark.parametrize("films", [1, 3])
def test_pages_cost_the_same_for_one_film_and_three(
    client, films, name, queries, django_assert_max_num_queries
):
    house = judged([(n + 2, n + 4) for n in range(films)])
    client.force_login(house.organiser)

    with django_assert_max_num_queries(queries):
        words(client, name, house)


@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_the_same_with_and_without_their_marks_in_mind(
    client, house, name, django_assert_num_queries
):
    words(client, name, house)

    with django_assert_num_queries({"results": 14, "habits": 10, "disagreement": 9}[name]):
        words(client, name, house)
