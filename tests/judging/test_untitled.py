"""A round that hides titles: on every page of its jury, and in every sentence, films have neutral names."""

import pytest
from django.urls import reverse

from festival.models import Film
from judging import ballots, deliberations, pairs, rounds, verification, viewings
from judging.models import Record, Round
from judging.round_forms import SightForm
from tests.judging.factories import make_house, watch_all
from tests.judging.stages import lists, make_stage, vote
from tests.judging.test_api import as_

pytestmark = pytest.mark.django_db

TITLES = ("Salt and honey", "Night ferry", "Paper boats")


def untitled(kind="final", **terms):
    """An open round of three films whose titles are hidden, watched by two jurors."""
    house = make_stage(kind, films=3, jurors=2, opened=False, untitled=True, **terms)
    for film, title in zip(house.films, TITLES, strict=True):
        Film.objects.filter(pk=film.pk).update(title=title)
        film.title = title
    rounds.open(house.round, by=house.organiser)
    watch_all(house.round)
    return house


def neutral(film, round) -> str:
    return round.name_of(film)


def read(client, person, address, **posted) -> str:
    client.force_login(person)
    answer = client.post(address, posted, follow=True) if posted else client.get(address, follow=True)
    assert answer.status_code in (200, 422)
    return answer.content.decode()


def told(text: str) -> list[str]:
    return [title for title in TITLES if title in text]


@pytest.mark.parametrize("kind", ["eligibility", "final", "pairwise", "deliberation"])
def test_no_page_of_the_jury_tells_a_title(client, kind):
    house = untitled(kind)
    juror = house.jurors[0]
    mine = lists(house.round, juror)
    addresses = [reverse("jury:films")]
    addresses += [reverse(f"jury:{page}", args=[mine[0].pk]) for page in ("film", "recuse")]
    if house.round.plenary:
        addresses.append(reverse("jury:ballot", args=[house.round.pk]))

    pages = [read(client, juror, address) for address in addresses]

    assert [told(page) for page in pages] == [[]] * len(pages)
    assert all(neutral(mine[0].film, house.round) in page for page in pages)


def test_neither_its_makers_texts_nor_its_picture_tell_the_title(client):
    house = untitled("final")
    film, juror = house.films[0], house.jurors[0]
    film.title_ranges.create(start_s=1, end_s=3, kind="titles")
    texts = {"logline": "SALT AND HONEY is a story.", "synopsis": "In Salt and honey, salted and honeyed."}
    Film.objects.filter(pk=film.pk).update(**texts)
    mine = next(row for row in lists(house.round, juror) if row.film_id == film.pk)

    page = read(client, juror, reverse("jury:film", args=[mine.pk]))

    name = neutral(film, house.round)
    assert f"{name} is a story." in page and f"In {name}, salted and honeyed." in page
    assert viewings.covered(mine) == [(1000, 3000)]
    assert house.round.veil(film, "Saltandhoney") == "Saltandhoney"  # words, not letters


@pytest.mark.parametrize("films", [2, 4])
def test_a_list_without_titles_costs_the_same_for_more_films(client, films, django_assert_num_queries):
    house = make_stage("final", films=films, jurors=1, opened=False, untitled=True)
    rounds.open(house.round, by=house.organiser)
    client.force_login(house.jurors[0])
    client.get(reverse("jury:films"))

    with django_assert_num_queries(6):
        client.get(reverse("jury:films"))


def test_no_two_rounds_call_a_film_alike():
    film = untitled("final").films[0]
    one, other = Round(pk=1, untitled=True), Round(pk=2, untitled=True)

    assert one.name_of(film) != other.name_of(film) and film.code not in one.name_of(film)


def test_a_round_that_shows_titles_says_them(client):
    house = make_house(films=1, jurors=1).open()
    assignment = house.assignment()

    page = read(client, assignment.juror, reverse("jury:film", args=[assignment.pk]))

    veil = Round(pk=house.round.pk, untitled=True)
    assert assignment.film.title in page and neutral(assignment.film, veil) not in page


def test_what_is_answered_after_a_post_tells_no_title(client):
    checks, compared = untitled("eligibility"), untitled("pairwise")
    row = lists(checks.round, checks.jurors[0])[0]
    one, other, _ = compared.films
    ballot = reverse("jury:ballot", args=[compared.round.pk])

    passed = read(client, row.juror, reverse("jury:check", args=[row.pk]), verdict="pass")
    kept = read(client, compared.jurors[0], ballot, one=one.pk, other=other.pk, better="one")
    left = read(client, row.juror, reverse("jury:recuse", args=[row.pk]), reason="I teach the director.")

    assert f"“{neutral(row.film, checks.round)}”: pass." in passed
    assert f"“{neutral(one, compared.round)}” is better than “{neutral(other, compared.round)}”" in kept
    assert f"“{neutral(row.film, checks.round)}” has left your list" in left
    assert told(passed) == told(kept) == told(left) == []


def test_refusals_tell_no_title(client):
    final, review = untitled(), untitled("eligibility")
    final.round.assignments.all()[0].viewing.delete()
    why = [ballots.why_not_vote(juror, final.round) for juror in final.jurors]
    unseen = pairs.why_not_prefer(final.jurors[0], final.round)
    assignment = lists(review.round, review.jurors[0])[0]
    Film.objects.filter(pk=assignment.film_id).update(status=Film.Status.DECLINED)

    answer = read(client, assignment.juror, reverse("jury:check", args=[assignment.pk]), verdict="pass")

    assert sorted(one[:12] for one in why) == ["", "Watch “Film "]
    assert told(" ".join(why) + unseen + answer) == []
    assert f"“{neutral(assignment.film, assignment.round)}” is no longer with the jury" in answer


def test_the_count_tells_titles_to_the_office_and_none_to_the_jury(client):
    house = untitled()
    for juror in house.jurors:
        vote(house.round, juror, *house.films)
    rounds.close(house.round, by=house.organiser)

    jury = read(client, house.jurors[0], reverse("jury:ballot", args=[house.round.pk]))
    office = read(
        client, house.organiser, reverse("jury_office:count", args=[house.edition.slug, house.round.pk])
    )

    assert told(jury) == [] and neutral(house.films[0], house.round) in jury
    assert told(office) == list(TITLES)


def test_the_strengths_of_pairs_tell_the_jury_no_title(client):
    house = untitled("pairwise")
    pairs.prefer(house.round, *house.films[:2], house.films[0], by=house.jurors[0])
    rounds.close(house.round, by=house.organiser)

    jury = read(client, house.jurors[0], reverse("jury:ballot", args=[house.round.pk]))

    assert "Bradley–Terry" in jury and told(jury) == []


def test_the_office_talks_of_titles_where_the_jury_does_not():
    house = untitled("deliberation")

    assert sorted(str(row.film) for row in deliberations.divided(house.round)) == sorted(TITLES)
    assert {str(row.film) for row in deliberations.talk(house.round, house.jurors[0])} == {
        neutral(film, house.round) for film in house.films
    }


def test_the_api_tells_no_title():
    house = untitled()
    client = as_(house.jurors[0])

    answers = [
        client.get(f"/api/{path}").content.decode() for path in ("marks/", f"rounds/{house.round.pk}/")
    ]

    assert [told(answer) for answer in answers] == [[], []]
    assert all(neutral(house.films[0], house.round) in answer for answer in answers)


def test_the_matrix_hides_titles_and_the_ledger_fixes_that():
    house = make_house()
    form = SightForm(
        {"sight-blind": "never", "sight-untitled": "never", "sight-names_jurors": "never"}
        | {"sight-sees_others": "never", "sight-sees_earlier": "never"},
        round=house.round,
    )
    assert form.is_valid()
    rounds.change(house.round, by=house.organiser, **form.terms())
    house.open()

    fixed = Record.objects.get(edition=house.edition, kind="round.composed").facts["rules"]
    assert house.round.untitled and fixed["untitled"] is True
    found = [finding.what for finding in verification.verify(house.edition).findings]
    assert [what for what in found if not what.startswith("The seat")] == []  # the factory writes no rows


def test_a_round_that_shows_titles_is_written_down_as_it_always_was():
    house = make_house().open()

    assert "untitled" not in Record.objects.get(edition=house.edition, kind="round.composed").facts["rules"]
