"""What jurors bring along, and what it changes in who watches what."""

import numpy as np
import pytest
from django.urls import reverse

from festival.models import Credit, FilmLanguage, Subtitle
from judging import backgrounds, plans, ties
from judging.models import Background
from judging.tally.assignment import assign
from tests.factories import make_section
from tests.judging.factories import make_house

pytestmark = pytest.mark.django_db


def speak(film, *codes):
    film.languages.all().delete()
    for code in codes:
        FilmLanguage.objects.create(film=film, code=code)


def keep(juror, languages=(), houses=(), sections=()):
    return backgrounds.keep(juror, languages=languages, houses=houses, sections=sections)


@pytest.mark.parametrize(
    ("known", "heard", "captions", "follows"),
    [
        ([], ["pt"], [], True),  # nothing stated
        (["fr"], [], [], True),
        (["fr"], ["zxx"], [], True),  # no dialogue
        (["fr"], ["fr", "pt"], [], True),
        (["pt"], ["pt-BR"], [], True),
        (["fr"], ["pt"], ["en"], False),
        (["fr"], ["pt"], ["fr-CA"], True),
    ],
)
def test_a_film_is_followed_by_ear_or_by_captions(known, heard, captions, follows):
    house = make_house(films=1, jurors=1, reviews=1)
    film, juror = house.films[0], house.jurors[0]
    speak(film, *heard)
    for code in captions:
        Subtitle.objects.create(film=film, language=code, label=code, vtt="WEBVTT", cues=0)
    keep(juror, known)

    own = backgrounds.spoken(backgrounds.of([juror])[juror.pk])
    assert backgrounds.apart(own, backgrounds.heard(film)) is not follows


def test_films_go_to_jurors_who_know_their_language():
    house = make_house(films=6, jurors=3, reviews=1)
    for film in house.films:
        speak(film, "pt" if film in house.films[:2] else "en")
    for juror in house.jurors[1:]:
        keep(juror, ["en"])
    keep(house.jurors[0], ["pt", "en"])

    plan = plans.plan(house.round)

    got = {film: juror for film, juror in plan.pairs}
    assert [got[film] for film in house.films[:2]] == [house.jurors[0]] * 2
    assert not [note for note in plan.notes if "follow" in note]


def test_where_nobody_knows_the_language_the_film_is_watched_all_the_same_and_the_plan_says_so():
    house = make_house(films=2, jurors=2, reviews=2)
    strange, known = house.films
    speak(strange, "ka")
    speak(known, "en")
    for juror in house.jurors:
        keep(juror, ["en"])

    plan = plans.plan(house.round)

    assert len(plan.pairs) == 4
    (note,) = [note for note in plan.notes if "what they cannot follow" in note]
    assert f"“{strange}”" in note and f"“{known}”" not in note

    keep(house.jurors[0], ["ka", "en"])
    plan = plans.plan(house.round)
    (note,) = [note for note in plan.notes if "what they cannot follow" in note]
    assert len(plan.pairs) == 4 and f"{house.jurors[1]} “{strange}”" in note


def test_whoever_alone_can_follow_a_film_suits_it_best():
    house = make_house(films=1, jurors=3, reviews=2)
    speak(house.films[0], "ka")
    for juror in house.jurors:
        keep(juror, ["ka" if juror == house.jurors[1] else "en"])

    table = plans.lay(house.round, anew=True)

    assert table.foreign == set() and table.apt.tolist() == [[False, True, False]]


def test_a_juror_gets_no_film_that_their_own_school_is_credited_on():
    house = make_house(films=2, jurors=2, reviews=1)
    film, juror = house.films[0], house.jurors[0]
    Credit.objects.create(film=film, role="Production company", name="Escola Superior de Cinema")
    keep(juror, houses=["escola superior de cinema"])

    shut = ties.barred(house.films, dict.fromkeys(house.jurors))

    reason = "belongs to escola superior de cinema, which is in its credits"
    assert shut[film.pk, juror.pk] == reason
    assert (house.films[1].pk, juror.pk) not in shut and (film.pk, house.jurors[1].pk) not in shut


def test_who_knows_most_about_a_section_gets_more_of_it():
    films, jurors = 60, 6
    apt = np.zeros((films, jurors), bool)
    apt[:30, :2] = True

    def dealt(seed, known):
        return assign(np.full(films, 10.0), [(90, 310)] * jurors, [], reviews=2, apt=known, seed=seed)

    heeded, plain = (
        sum(apt[i, j] for seed in range(10) for i, j in dealt(seed, known)) for known in (apt, None)
    )
    assert heeded > 1.15 * plain  # a lot shuts half of the films to each, whatever they know
    assert np.bincount(dealt(3, apt)[:, 0]).tolist() == [2] * films


def test_a_juror_states_a_background_on_a_page_of_their_own(client):
    house = make_house(films=1, jurors=1, reviews=1)
    section = make_section(edition=house.edition)
    client.force_login(house.jurors[0])
    address = reverse("jury:background")
    said = {"languages": "French, pt", "houses": "La Fémis\nArte", "sections": [section.pk]}

    assert '<a href="/jury/" aria-current="page">Jury</a>' in client.get(address).content.decode()
    assert client.post(address, said).status_code == 302

    background = Background.objects.get()
    assert (background.languages, background.houses) == (["fr", "pt"], ["La Fémis", "Arte"])
    assert list(background.sections.all()) == [section]
    assert house.edition.events.last().by == house.jurors[0]


def test_the_office_reads_it_beside_the_seat(client):
    house = make_house(films=1, jurors=1, reviews=1)
    keep(house.jurors[0], ["fr", "pt-BR"], ["La Fémis"])
    client.force_login(house.organiser)

    page = client.get(reverse("jury_office:seats", args=[house.edition.slug])).content.decode()

    assert "French, Portuguese (Brazil) · La Fémis" in page


def test_a_language_nobody_knows_is_refused_and_nothing_is_lost(client):
    house = make_house(films=1, jurors=1, reviews=1)
    client.force_login(house.jurors[0])

    answer = client.post(reverse("jury:background"), {"languages": "Frensh", "houses": "Arte"})

    assert answer.status_code == 422 and "Did you mean French?" in answer.content.decode()
    assert "Arte" in answer.content.decode() and not Background.objects.exists()


def test_who_sits_on_no_jury_has_no_such_page(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("visitor@example.org"))

    assert client.get(reverse("jury:background")).status_code == 404
