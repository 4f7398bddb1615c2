"""The demo's films: asked for, drawn and delivered by their makers, with credentials through to the cut."""

from dataclasses import replace

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from festival import archive
from festival.demo import layout, masters
from festival.demo.catalogue import FILMS
from festival.media.frames import read_mp4
from festival.models import Disclosure, Edition, Film
from festival.provenance import credentials
from generation import dispatch, drawing
from generation.management.commands import demo_takes
from generation.models import Job, Production, Take
from tests.factories import make_user
from tests.generation.makers import hush, make_take

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Night Train, Window Seat"


@pytest.fixture
def edition(authority, tiny_sketch):
    """The demo as it is laid out, in a studio whose small model has random weights."""
    drawing.forget_engine()
    layout.lay_out()
    call_command("demo_takes", "ask", layout.ON_STAGE)
    yield Edition.objects.get(slug=layout.ON_STAGE)
    drawing.forget_engine()
    hush()


def film_of(title: str):
    return next(film for film in FILMS if film.title == title)


def draw(edition, title: str) -> None:
    for job in Job.objects.filter(take__production__title=title):
        drawing.draw(Job.objects.claim(job.pk))


def test_every_film_with_words_is_a_production_of_its_maker(edition):
    call_command("demo_takes", "ask", edition.slug)  # a second time changes nothing

    asked = {film.title: list(film.words) for film in FILMS if film.words}
    found = {
        production.title: [take.words for take in production.takes.order_by("asked_at")]
        for production in Production.objects.all()
    }
    assert found == asked
    owners = Production.objects.values_list("title", "owner__name")
    assert dict(owners) == {film.title: film.maker for film in FILMS if film.words}


def test_windows_one_above_the_other_are_drawn_square_and_wide_films_wide(edition):
    shapes = dict(Take.objects.values_list("production__title", "aspect"))

    assert shapes["Vertical Rain"] == "1:1"
    assert shapes[TITLE] == "16:9"


def test_a_film_is_cut_from_its_clips_and_says_so(edition, authority, tmp_path):
    film = film_of(TITLE)
    draw(edition, TITLE)
    call_command("demo_takes", "fetch", edition.slug, film=TITLE, into=tmp_path)
    clip, cut, master = tmp_path / "1.mp4", tmp_path / "cut.mp4", tmp_path / "master.mp4"
    small = replace(film, size=(96, 40), fps=film.fps / 2, channels=0)

    masters.write(small, cut, clips=[clip])
    credentials.sign_film(cut, master, title=film.title, clips=[clip], authority=authority)

    frames = read_mp4(cut)
    begins = round(masters.begins(small)[0] * small.fps)
    drawn = read_mp4(clip)[len(read_mp4(clip)) // 2]
    middle = frames[begins + 12].astype(float)
    assert len(frames) == sum(masters.length(shot, small) for shot in small.shots)
    assert np.abs(middle.mean((0, 1)) / drawn.mean((0, 1)) - 1).max() < 0.35  # its colours, under a vignette
    told = credentials.read(master, roots=credentials.roots_in(authority.folder))
    assert (told["state"], [part["state"] for part in told["ingredients"]]) == ("trusted", ["trusted"])


def test_clips_are_placed_where_they_stand_with_what_their_maker_says(edition):
    film = film_of(TITLE)
    for other in FILMS:
        if other.title != TITLE:
            edition.films.filter(title=other.title).update(status=Film.Status.SUBMITTED)
    draw(edition, TITLE)

    call_command("demo_takes", "deliver", edition.slug)
    call_command("demo_takes", "deliver", edition.slug)  # once is enough

    entry = edition.films.get(title=TITLE)
    (line,) = entry.disclosures.filter(clip_id__isnull=False)
    assert (line.start_s, line.standing) == (masters.begins(film)[0], Disclosure.Standing.VERIFIED)
    assert line.human_part == film.shots[1].said
    assert (line.tool.name, line.engine) == ("Sketch", "sketch")
    others = Disclosure.objects.exclude(film=entry)
    assert not others.filter(clip_id__isnull=False).exists()  # they were submitted, and stay as they are


def test_a_take_that_was_cancelled_is_not_waited_for(edition, tmp_path):
    job = Job.objects.get(take__production__title=TITLE)
    dispatch.cancel(job, by=job.owner)

    with pytest.raises(CommandError, match="was cancelled"):
        call_command("demo_takes", "fetch", edition.slug, film=TITLE, into=tmp_path)


def test_a_take_that_cannot_be_drawn_is_said(edition, tmp_path):
    job = Job.objects.get(take__production__title=TITLE)
    job.fail("The engine is out of ink.")

    with pytest.raises(CommandError, match="out of ink"):
        call_command("demo_takes", "fetch", edition.slug, film=TITLE, into=tmp_path)


def test_a_take_that_was_drawn_anew_makes_up_for_one_that_failed(edition, tmp_path):
    job = Job.objects.get(take__production__title=TITLE)
    production = job.take.production
    job.fail("The engine is out of ink.")
    for shot in demo_takes.shots_of(production):
        shot.selected = make_take(shot=shot)
        shot.save()
        archive.write(b"drawn anew", shot.selected.clip.path)

    call_command("demo_takes", "fetch", edition.slug, film=TITLE, into=tmp_path)

    assert (tmp_path / "1.mp4").read_bytes() == b"drawn anew"


def test_what_nobody_asked_for_is_said(edition, tmp_path):
    with pytest.raises(CommandError, match="`demo_takes ask`"):
        call_command("demo_takes", "fetch", edition.slug, film="Square Dance", into=tmp_path)


def test_without_an_engine_that_knows_the_words_it_says_what_to_do(edition, settings, tmp_path):
    settings.ENGINES_ROOT = tmp_path / "none"
    entry = edition.films.get(title=TITLE)

    with pytest.raises(CommandError, match="`engines demo`"):
        demo_takes.ask(film_of(TITLE), entry)


def test_what_others_call_by_a_films_title_is_not_taken_for_it(edition):
    other = Production.objects.create(title=TITLE, edition=edition, owner=make_user())
    Production.objects.filter(title=TITLE).exclude(pk=other.pk).update(title="Away")

    assert demo_takes.production_of(edition, TITLE) is None
