"""Entering: every way onto the queue asks the same in the same order, and a refusal leaves nothing behind."""

import pytest

from festival.errors import Refused, Unacceptable
from generation import access, finishing, studio, takes
from generation.models import Job, Take
from tests.factories import make_user
from tests.generation.makers import hush, make_shot, make_take, rings
from tests.generation.small import ON_THE_DESK, drawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small", "authority")]

WISH = {"engine": "small", "prompt": "a boat", "seconds": 0.6, "aspect": "16:9", "seed": 7}


@pytest.fixture
def take(person):
    return drawn(takes.draw(make_shot(owner=person, **ON_THE_DESK), by=person)[0])


def test_of_all_that_speaks_against_a_take_of_a_take_one_reason_after_the_other_is_said(
    take, person, settings, monkeypatch
):
    settings.JOBS_A_PERSON, settings.GPU_ALLOWANCE_S = 0, 0.0
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 1)

    with pytest.raises(Refused, match="share this production"):
        finishing.ask(make_take(shot=take.shot, clip=None), by=make_user())
    with pytest.raises(Refused, match="not drawn yet"):
        finishing.ask(make_take(shot=take.shot, clip=None), by=person)
    with pytest.raises(Unacceptable, match="at least one thing"):
        finishing.ask(take, by=person)
    with pytest.raises(Refused, match="on the way"):
        finishing.ask(take, by=person, contrast=1.2)
    settings.JOBS_A_PERSON = 1
    with pytest.raises(Refused, match="are used up"):
        finishing.ask(take, by=person, contrast=1.2)
    settings.GPU_ALLOWANCE_S = 1000
    with pytest.raises(Refused, match="Go on in another shot"):
        finishing.ask(take, by=person, contrast=1.2)


def test_of_all_that_speaks_against_a_take_of_the_desk_its_number_comes_before_the_engine(
    take, person, settings, monkeypatch
):
    settings.JOBS_A_PERSON = 0
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 1)

    with pytest.raises(Refused, match="share this production"):
        takes.another(take, by=make_user())
    with pytest.raises(Refused, match="Go on in another shot"):
        takes.another(take, by=person)
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 2)
    with pytest.raises(Refused, match="on the way"):
        studio.request(take.production.edition, by=person, **WISH | {"prompt": ""})
    settings.JOBS_A_PERSON = 1
    with pytest.raises(Unacceptable, match="Say in words"):
        studio.request(take.production.edition, by=person, **WISH | {"prompt": ""})


def test_what_is_refused_at_the_last_rings_nobody_and_gives_out_no_number(
    take, person, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 1)
    hush()

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused):
        finishing.ask(take, by=person, contrast=1.2)

    assert (Job.objects.count(), Take.objects.count(), rings()) == (1, 1, 0)
    take.shot.refresh_from_db()
    assert take.shot.takes_asked == 1
    monkeypatch.setattr(access, "MOST_OF_A_SHOT", 2)
    with django_capture_on_commit_callbacks(execute=True):
        assert finishing.ask(take, by=person, contrast=1.2).number == 2
    assert rings() == 1


def test_a_job_says_what_draws_it_and_what_it_takes(take, person):
    finishing.ask(take, by=person, contrast=1.2)
    by_tools, by_engine = Job.objects.order_by("-created_at")

    assert (by_engine.engine, by_engine.steps, len(by_engine.batch_key)) == ("small", 3, 64)
    assert (by_tools.engine, by_tools.steps, by_tools.batch_key) == ("finishing", 100, "")
    assert (by_tools.owner, by_tools.edition, by_tools.draft) == (person, take.production.edition, False)
    assert by_tools.brief == take.clip.brief | {"source": take.clip.sha256}
    assert by_tools.needs_bytes is by_engine.needs_bytes is None


def test_a_take_of_a_take_keeps_its_wish_and_says_what_was_wished_besides(take, person):
    made = finishing.ask(take, by=person, contrast=1.2)

    assert made.wish == take.wish | {"finish": {"contrast": 1.2}}
    kept = ("production", "shot", "engine", "aspect", "words", "seed")
    assert [getattr(made, name) for name in kept] == [getattr(take, name) for name in kept]
    assert (made.parent, made.asked_by, made.number) == (take, person, 2)
