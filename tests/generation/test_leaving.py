"""A production's footage is the production's, whoever drew it; whoever left uses nothing of it any more."""

from dataclasses import replace

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from festival import events
from festival.errors import Refused
from festival.models import Disclosure
from generation import access, desk, dispatch, finishing, material, productions, showing, studio, takes
from generation.engines import scenes
from generation.engines.base import Brief, EngineProblem
from generation.models import Clip, Job, Shot, Take
from tests.factories import make_film, make_user
from tests.generation.makers import make_brief, make_clip, make_job, make_shot
from tests.generation.small import MODEL, ON_THE_DESK, SMALL, drawn, install_card
from tests.test_races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def engines(tmp_path, settings):
    """An engine that draws, and a model to ask for restyled clips, which draws none here."""
    settings.ENGINES_ROOT = tmp_path
    scenes.build(tmp_path / "small", card=replace(SMALL, inputs=("text", "first_frame")))
    install_card(tmp_path / "model", replace(MODEL, inputs=("text", "source_video")))


@pytest.fixture
def ada():
    return make_user(name="Ada")


@pytest.fixture
def bob():
    return make_user(name="Bob")


@pytest.fixture
def shot(ada):
    return make_shot(owner=ada, **ON_THE_DESK)


@pytest.fixture
def member(shot, ada, bob):
    """Bob in Ada's production."""
    member = productions.invite(shot.scene.production, bob.email, by=ada)
    productions.accept(member, by=bob)
    member.refresh_from_db()
    return member


@pytest.fixture
def take(shot, bob, member, authority):
    """What Bob had drawn there, by a model as far as its papers tell."""
    take = drawn(takes.draw(shot, by=bob)[0])
    credentials = take.clip.credentials | {"facts": {}}
    Clip.objects.filter(pk=take.clip_id).update(credentials=credentials)
    return Take.objects.get(pk=take.pk)


@pytest.fixture
def left(take, member, bob):
    productions.part(member, by=bob)
    return take


def over(clip: Clip) -> dict:
    return {"source": {"clip": str(clip.pk), "strength": 0.5}}


def film_of(person, take: Take):
    return make_film(edition=take.production.edition, entrant=person, footage=True)


# Those who stay


def test_what_somebody_drew_who_left_is_delivered_by_those_who_stay(left, ada, bob):
    assert left.clip.owner == bob

    takes.deliver(left, by=ada, film=film_of(ada, left), start_s=0)

    assert Disclosure.objects.get().clip_id == left.clip_id


def test_what_somebody_drew_who_left_is_used_extended_and_finished(left, ada, shot):
    takes.select(left, by=ada)
    desk.copy(left, by=ada)
    takes.lead_on(left, by=ada, shot=shot)
    made = [takes.another(left, by=ada), takes.vary(left, by=ada), takes.extend(left, by=ada)]
    made.append(drawn(finishing.ask(left, by=ada, contrast=1.3)))

    assert Shot.objects.get().selected == left
    assert {take.asked_by for take in made} == {ada}
    assert made[-1].clip.owner == ada


def test_what_somebody_drew_who_left_is_drawn_over(left, ada, shot):
    desk.lay(shot, by=ada, engine="model", direction=over(left.clip))

    asked = takes.draw(shot, by=ada)[0]

    brief = Brief(**asked.job.brief)
    assert brief.source == left.clip.sha256
    assert material.load(ada, brief)["source"].shape[-1] == 3, "the worker finds it too"


def test_a_member_finishes_a_colleagues_take_and_it_stays_theirs_all(take, ada, bob, member):
    made = drawn(finishing.ask(take, by=bob, contrast=1.3))
    productions.part(member, by=ada)

    assert list(Clip.objects.visible_to(ada).filter(take=made)) == [made.clip]
    assert not Clip.objects.visible_to(bob).exists()
    film = film_of(ada, made)
    Clip.objects.filter(pk=made.clip_id).update(credentials={})
    takes.deliver(Take.objects.get(pk=made.pk), by=ada, film=film, start_s=0)
    with pytest.raises(Refused, match="share this production"):
        takes.deliver(made, by=bob, film=film_of(bob, made), start_s=0)


# Those who left, and strangers


def doors(take: Take) -> list[str]:
    """Every address at which the footage, or the job that drew it, could be seen."""
    return [
        reverse("studio:production", args=[take.production_id]),
        reverse("studio:shot", args=[take.shot_id]),
        reverse("studio:take", args=[take.pk]),
        reverse("studio:take_row", args=[take.pk]),
        reverse("studio:clip", args=[take.clip_id]),
        reverse("studio:job", args=[take.job_id]),
        f"/api/takes/{take.pk}/",
        f"/api/clips/{take.clip_id}/",
        f"/api/jobs/{take.job_id}/",
        f"/v1/videos/video_{take.job_id.hex}",
        f"/v1/videos/video_{take.job_id.hex}/content",
    ]


def answers(client, person, take: Take) -> dict[str, int]:
    client.force_login(person)
    return {address: client.get(address).status_code for address in doors(take)}


def test_while_one_shares_a_production_its_footage_is_ones_own(client, take, bob):
    assert set(answers(client, bob, take).values()) <= {200, 302}
    assert Clip.objects.visible_to(bob).get() == take.clip


def test_colleagues_see_each_others_clips_and_not_each_others_jobs(client, take, ada):
    seen = answers(client, ada, take)

    assert {address for address, status in seen.items() if status == 404} == {
        address for address in doors(take) if "jobs" in address or "videos" in address
    }


def test_whoever_left_and_strangers_find_nothing(client, left, bob):
    for person in (bob, make_user()):
        assert set(answers(client, person, left).values()) == {404}
        assert client.post(reverse("studio:deliver", args=[left.clip_id])).status_code == 404
        assert not Clip.objects.visible_to(person).exists()
        assert not Job.objects.visible_to(person).exists()
    api = APIClient()
    api.force_authenticate(bob)
    for room in ("productions", "shots", "takes", "clips", "jobs"):
        assert api.get(f"/api/{room}/").data["results"] == []


def test_whoever_left_neither_places_nor_draws_over_what_they_drew_there(left, bob):
    film, own = film_of(bob, left), make_shot(owner=bob, **ON_THE_DESK | {"engine": "model"})

    with pytest.raises(Refused, match="share this production"):
        takes.deliver(left, by=bob, film=film, start_s=0)
    with pytest.raises(Refused, match="belongs to its production"):
        studio.deliver(left.clip, by=bob, film=film, start_s=0)
    with pytest.raises(Refused, match="not one of yours"):
        desk.lay(own, by=bob, direction=over(left.clip))
    brief = make_brief(source=left.clip.sha256)
    assert material.why_not_use(bob, brief) == material.STRANGE
    with pytest.raises(EngineProblem, match="not here any more"):
        material.load(bob, brief)
    assert not Disclosure.objects.exists()


def test_whoever_is_invited_again_finds_it_all_again(client, left, ada, bob):
    member = productions.invite(left.production, bob.email, by=ada)
    assert answers(client, bob, left)[reverse("studio:clip", args=[left.clip_id])] == 404, "not yet"

    productions.accept(member, by=bob)

    assert set(answers(client, bob, left).values()) <= {200, 302}


def test_single_clips_stay_with_whoever_had_them_drawn(left, ada, bob):
    single, job = make_clip(owner=bob), make_job(owner=bob)

    assert list(Clip.objects.visible_to(bob)) == [single]
    assert list(Job.objects.visible_to(bob)) == [job]
    assert single not in Clip.objects.visible_to(ada)
    assert access.why_not_deliver(ada, single, film_of(ada, left), at=left.asked_at).startswith(
        "Only the person"
    )


def test_what_waits_for_somebody_who_leaves_is_cancelled_and_still_drawn_is_nothing(shot, bob, member):
    waiting = takes.draw(shot, by=bob)[0]

    productions.part(member, by=bob)

    assert Job.objects.get(pk=waiting.job_id).status == "cancelled"
    assert member.production.events.last().note == f"Person {bob.pk} left. 1 take of theirs cancelled."
    with pytest.raises(Refused, match="share this production"):
        takes.draw(shot, by=bob)


def test_how_a_job_stands_is_told_to_whoever_asked_as_long_as_they_share_its_production(shot, bob, member):
    job = takes.draw(shot, by=bob)[0].job
    single = make_job(owner=bob)
    both, one = {f"job:{job.pk}", f"job:{single.pk}"}, {f"job:{single.pk}"}
    assert (set(events.look({bob.pk})[bob.pk]), set(showing.watched_by(bob))) == (both, {job, single})

    type(member).objects.update(ended_at=job.created_at)

    assert (set(events.look({bob.pk})[bob.pk]), set(showing.watched_by(bob))) == (one, {single})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["retry", "resume"])
def test_nothing_is_taken_up_again_in_the_moment_of_leaving(shot, bob, member, act):
    job = takes.draw(shot, by=bob)[0].job
    for _ in range(4):
        Job.objects.update(status={"retry": "failed", "resume": "paused"}[act])
        at_once(
            lambda: getattr(dispatch, act)(Job.objects.get(pk=job.pk), by=bob),
            lambda: productions.part(type(member).objects.get(pk=member.pk), by=bob),
        )

        assert not Job.objects.filter(owner=bob).unfinished().exists()
        type(member).objects.update(ended_at=None)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_for_in_the_moment_of_leaving(shot, bob, member):
    for _ in range(4):
        at_once(
            lambda: takes.draw(Shot.objects.get(pk=shot.pk), by=bob),
            lambda: productions.part(type(member).objects.get(pk=member.pk), by=bob),
        )

        assert not Job.objects.filter(owner=bob).unfinished().exists()
        type(member).objects.update(ended_at=None)
