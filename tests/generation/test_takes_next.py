"""The next take: another, varied, extended, chosen, replaced, shared."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from festival import archive
from festival.errors import Refused, Unacceptable
from festival.models import Disclosure
from generation import access, desk, dispatch, productions, takes
from generation.engines import scenes
from generation.models import Frame, Job, Shot, Take
from tests.factories import make_film, make_user
from tests.generation.makers import make_clip, make_shot, make_take
from tests.generation.small import ON_THE_DESK, SMALL, drawn, pixels

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture
def shot(person):
    return make_shot(owner=person, **ON_THE_DESK)


# The next take


def test_another_has_another_seed_and_all_else_alike(shot, person):
    take = make_take(shot=shot, wish=desk.wish(shot), engine="small", seed=7)

    other = takes.another(take, by=person)

    assert (other.way, other.parent, other.number) == ("another", take, 2)
    assert other.seed != 7
    assert other.wish | {"seed": 7} == take.wish


def test_varying_walks_the_seeds_and_changes_one_thing(shot, person):
    take = make_take(shot=shot, wish=desk.wish(shot), engine="small", seed=7)

    assert [takes.vary(take, by=person).seed for _ in range(2)] == [8, 9]
    varied = takes.vary(take, by=person, aspect="1:1")
    assert (varied.seed, varied.aspect, varied.way) == (7, "1:1", "vary")
    with pytest.raises(Unacceptable, match="one thing at a time"):
        takes.vary(take, by=person, aspect="1:1", seconds=1)
    with pytest.raises(Unacceptable, match="has already"):
        takes.vary(take, by=person, seconds=0.6)


def test_there_is_an_end_to_the_takes_of_a_shot(shot, person, monkeypatch):
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 3)
    takes.draw(shot, by=person, count=3)

    with pytest.raises(Refused, match="3 takes at most"):
        takes.draw(shot, by=person)
    assert (Take.objects.count(), Job.objects.count()) == (3, 3)


def test_a_draft_is_drawn_by_the_smallest_engine_before_finals_and_then_for_good(shot, person, settings):
    large = replace(SMALL, name="large", title="Large", sizes={"16:9": (256, 144)})
    scenes.build(settings.ENGINES_ROOT / "large", card=large)
    desk.lay(shot, by=person, engine="large")
    final = takes.draw(shot, by=person)[0]

    draft = takes.draw(shot, by=person, draft=True)[0]

    assert takes.draft_card(shot.scene.production.edition).name == "small"
    assert (draft.engine, draft.seed, draft.draft, draft.job.draft) == ("small", 7, True, True)
    assert dispatch.take().pk == draft.job_id, "a first look comes before what is for good"
    varied = takes.vary(draft, by=person, engine="large")
    assert (varied.engine, varied.draft, varied.job.draft) == ("large", False, False), (
        "no final rides as a draft"
    )
    finished = takes.finish(draft, by=person)
    assert (finished.engine, finished.seed, finished.draft, finished.job.draft) == ("large", 7, False, False)
    assert finished.job.brief["width"] == final.job.brief["width"] == 256
    with pytest.raises(Refused, match="no draft"):
        takes.finish(final, by=person)


def test_extending_begins_with_the_last_frame(shot, person, authority):
    take = drawn(takes.draw(shot, by=person)[0])

    onward = takes.extend(take, by=person, seconds=0.3)

    frame = Frame.objects.get()
    assert (onward.way, onward.parent, onward.wish["first"]) == ("onward", take, str(frame.pk))
    assert (onward.job.brief["first"], onward.job.brief["frames"]) == (frame.sha256, 5)
    with archive.local(frame.path) as path, Image.open(path) as still:
        kept = np.asarray(still, float)
    assert np.abs(kept - pixels(take.clip)[-1]).mean() < 6
    assert np.abs(kept - pixels(take.clip)[0]).mean() > np.abs(kept - pixels(take.clip)[-1]).mean()


def test_what_goes_on_begins_as_the_take_ends_and_what_leads_up_ends_as_it_begins(shot, person, authority):
    card = replace(SMALL, inputs=("text", "first_frame", "last_frame"))
    scenes.build(settings.ENGINES_ROOT / "small", card=card)
    take = drawn(takes.draw(shot, by=person)[0])

    onward = pixels(drawn(takes.extend(take, by=person)).clip).astype(float)
    before = pixels(drawn(takes.extend(take, by=person, backwards=True)).clip).astype(float)

    asked = Take.objects.get(way="backward")
    assert (asked.job.brief["first"], asked.parent) == ("", take)
    assert asked.job.brief["last"] == Frame.objects.get(pk=asked.wish["last"]).sha256
    own = pixels(take.clip).astype(float)
    assert np.abs(onward[0] - own[-1]).mean() < 6
    assert np.abs(before[-1] - own[0]).mean() < 6


def test_a_take_that_failed_stands_on_the_desk_for_a_day(shot, person):
    take = takes.draw(shot, by=person)[0]
    Job.objects.claim(take.job_id).fail("It broke off.")

    assert list(Take.objects.failed()) == [take]
    assert not Take.objects.failed(at=timezone.now() + timedelta(hours=25))


def test_an_engine_that_takes_no_frame_extends_nothing(shot, person, small):
    take = make_take(shot=shot, wish=desk.wish(shot), engine="small")

    with pytest.raises(Refused, match="cannot end with a given frame"):
        takes.extend(take, by=person, backwards=True)
    scenes.build(settings.ENGINES_ROOT / "small", card=replace(SMALL, inputs=("text",)))
    with pytest.raises(Refused, match="cannot begin with a given frame"):
        takes.extend(take, by=person)
    assert not Job.objects.exists()


def test_a_last_frame_begins_this_shot_or_the_next(shot, person, authority):
    take = drawn(takes.draw(shot, by=person)[0])
    after = productions.add_shot(shot.scene, by=person)

    takes.lead_on(take, by=person, shot=takes.next_shot(shot))
    takes.lead_on(take, by=person, shot=shot)

    frame = Frame.objects.get()
    assert {row.first for row in Shot.objects.all()} == {frame}
    assert (frame.take, takes.next_shot(after)) == (take, None)
    with pytest.raises(Refused, match="another production"):
        takes.lead_on(take, by=person, shot=make_shot())


# Choosing


def test_one_take_of_a_shot_is_selected(shot, person):
    first, second = make_take(shot=shot), make_take(shot=shot)

    takes.select(first, by=person)
    takes.select(second, by=person)

    assert Shot.objects.get(pk=shot.pk).selected == second
    with pytest.raises(Refused, match="not drawn yet"):
        takes.select(make_take(shot=shot, clip=None), by=person)
    with pytest.raises(Refused, match="share this production"):
        takes.select(first, by=make_user())


def test_a_replacement_takes_the_place_of_the_selected_take_once_it_is_drawn(shot, person, authority):
    old = drawn(takes.draw(shot, by=person)[0])
    new = takes.replace(old, by=person)
    assert list(Take.objects.standing()) == [new, old], "nothing is replaced before it is drawn"

    drawn(new)

    assert Shot.objects.get().selected == new
    assert (list(Take.objects.standing()), list(Take.objects.replaced())) == ([new], [old])


def test_a_cancelled_take_leaves_no_picture_and_nobody_elses_is_cancelled(shot, person):
    take = takes.draw(shot, by=person)[0]

    with pytest.raises(Refused, match="Only the person"):
        takes.cancel(take, by=make_user())
    takes.cancel(take, by=person)

    assert dispatch.take() is None
    assert not Take.objects.under_way().exists() and not Take.objects.drawn().exists()


def test_members_see_each_others_takes_and_deliver_them(shot, person):
    bob = make_user()
    production = shot.scene.production
    clip = make_clip(owner=person, edition=production.edition)
    take = make_take(shot=shot, clip=clip)
    film = make_film(edition=production.edition, entrant=bob, footage=True)
    with pytest.raises(Refused):
        takes.deliver(take, by=bob, film=film, start_s=1)

    productions.accept(productions.invite(production, bob.email, by=person), by=bob)
    takes.deliver(take, by=bob, film=film, start_s=1)

    placed = Disclosure.objects.get()
    assert (placed.clip_id, placed.seed, placed.standing) == (clip.pk, clip.seed, "verified")
    assert Take.objects.visible_to(bob).get() == take
