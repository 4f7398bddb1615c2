"""What does not fit into any worker: said beforehand, left to a larger one, or asked about."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from django.conf import settings as house

from festival.errors import Refused
from generation import dispatch, studio
from generation.engines import enlarge, memory
from generation.engines.base import Brief, EngineProblem
from generation.engines.wan import WanEngine
from generation.models import Job, Stopped, Worker
from tests.factories import make_edition, make_user
from tests.generation.makers import make_brief, make_job
from tests.generation.tight import CARD, TightEngine

LEAST = 1000  # bytes that two seconds take at the least: 17 frames of 256 × 144


@pytest.fixture
def large(quick, settings, tmp_path):
    """The card of an engine that says what it takes at the least."""
    sizes = {"16:9": (256, 144), "4:3": (64, 48)}
    eased = ((128, 72, 17, LEAST // 4), (256, 144, 17, LEAST))
    card = replace(quick, name="large", sizes=sizes, eased=eased)
    shutil.copytree(house.ENGINES_ROOT / "quick", tmp_path / "large")
    (tmp_path / "large/engine.json").write_text(card.to_json())
    settings.ENGINES_ROOT = tmp_path
    return card


def worker(name, memory_bytes):
    Worker.objects.create(name=name, memory_bytes=memory_bytes)


def ask(aspect="16:9", **wish):
    person = make_user()
    wish = {"engine": "large", "prompt": "a cat", "seconds": 2, "aspect": aspect, "seed": 7} | wish
    return studio.request(make_edition(), by=person, **wish)


@pytest.mark.django_db
@pytest.mark.parametrize("memories", [(), (None,), (LEAST - 1, None), (LEAST - 1, LEAST)])
def test_what_may_fit_is_queued_with_what_it_needs(large, memories):
    for number, size in enumerate(memories):
        worker(f"w{number}", size)

    assert ask().needs_bytes == LEAST


@pytest.mark.django_db
def test_what_fits_no_worker_is_a_sentence_and_no_job(large):
    worker("small", LEAST - 1)

    with pytest.raises(Refused, match=r"not enough memory here for 256 × 144 pixels over 2\.12 seconds"):
        ask()
    assert ask(seconds=1).needs_bytes < LEAST - 1
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_small_worker_leaves_it_to_a_larger_one(large):
    worker("small", LEAST - 1)
    worker("big", LEAST)
    job = ask()

    assert dispatch.take_together(worker="small") == []
    assert dispatch.take_together(worker="big") == [job]


@pytest.fixture
def asked_about(large):
    """A job that waits though the only worker that had room for it has gone."""
    worker("big", LEAST)
    ask()
    Worker.objects.update(memory_bytes=LEAST - 1)
    dispatch.recover()
    return Job.objects.get()


@pytest.mark.django_db
def test_its_owner_is_asked_once_the_large_worker_has_gone(asked_about):
    job = asked_about

    assert (job.status, Brief(**job.offer).native, job.brief["native"]) == ("paused", (128, 72), None)
    assert job.stage == (
        "There is not enough memory for 256 × 144 pixels over 2.12 seconds. Have it drawn at 128 × 72 "
        "and enlarged, or cancel it."
    )
    assert dispatch.take_together(worker="big") == []


@pytest.mark.django_db
def test_the_page_asks_in_the_words_of_the_question(asked_about, client):
    client.force_login(asked_about.owner)

    page = client.get(f"/studio/jobs/{asked_about.pk}/").content.decode()

    assert asked_about.stage in page and ">Draw it smaller</button>" in page
    assert "Resume" not in page and "Put off." not in page
    assert "<progress" not in page, "nothing is on its way while somebody is asked"


@pytest.mark.django_db
def test_yes_draws_it_at_half_the_size(asked_about):
    dispatch.resume(asked_about, by=asked_about.owner)

    job = Job.objects.get()
    brief = Brief(**job.brief)
    assert (job.status, job.offer, job.problem, job.batch_key) == ("queued", None, "", brief.batch_key)
    assert (brief.native, brief.width, job.drawn_at) == ((128, 72), 256, "128 × 72, enlarged smoothly")
    assert job.needs_bytes == pytest.approx(LEAST / 4, abs=1)
    assert dispatch.take_together(worker="big") == [job]


@pytest.mark.django_db
def test_no_cancels_it_and_another_wish_takes_the_question_back(asked_about):
    studio.rewrite(asked_about, by=asked_about.owner, seconds=1)
    job = Job.objects.get()
    assert (job.status, job.offer, job.problem) == ("paused", None, "")

    dispatch.ask_for_less(job)
    dispatch.cancel(Job.objects.get(), by=job.owner)

    job = Job.objects.get()
    assert (job.status, job.offer, job.problem) == ("cancelled", None, "")


@pytest.mark.django_db
def test_a_running_job_that_does_not_fit_is_taken_from_its_worker(large):
    worker("big", None)
    ask()
    (job,) = dispatch.take_together(worker="big")

    assert dispatch.ask_for_less(job)

    assert Job.objects.get().status == "paused"
    with pytest.raises(Stopped):
        job.beat(step=1)
    assert not dispatch.ask_for_less(job), "nobody is asked twice"


@pytest.mark.django_db
def test_where_nothing_smaller_is_worth_drawing_it_is_given_up(large):
    brief = large.brief(prompt="a cat", seconds=2, aspect="4:3", seed=1)
    job = make_job(brief=brief, engine="large", needs_bytes=LEAST)
    worker("small", LEAST - 1)

    dispatch.recover()

    job = Job.objects.get()
    assert (job.status, job.problem) == ("failed", memory.too_large(brief))


# The rung that fits, by the card's figures


@pytest.fixture
def ladder(tmp_path):
    figures = {"memory": ((64, 48, 5, 100), (64, 48, 10, 200)), "eased": ((64, 48, 5, 50),)}
    return memory.Ladder(TightEngine(tmp_path, replace(CARD, **figures)), 4)


@pytest.mark.parametrize(
    ("room", "most", "eased"),
    [
        (None, 4, []),
        (400, 4, []),
        (399, 2, ["tiles"]),
        (199, 1, ["tiles"]),
        (99, 1, ["tiles", "offload"]),
    ],
)
def test_the_first_rung_is_the_one_that_fits(ladder, room, most, eased):
    ladder.foresee(make_brief(engine="tight"), lambda: room)

    assert (ladder.most, ladder.eased) == (most, eased)


def test_what_fits_on_no_rung_is_refused_before_it_is_drawn(ladder):
    with pytest.raises(memory.TooLarge, match="64 × 48"):
        ladder.foresee(make_brief(engine="tight"), lambda: 49)
    assert ladder.eased == []


def test_an_engine_without_figures_is_tried(tmp_path):
    ladder = memory.Ladder(TightEngine(tmp_path, CARD), 4)

    ladder.foresee(make_brief(engine="tight"), lambda: 1)

    assert (ladder.most, ladder.eased) == (4, [])


# Half the size


@pytest.mark.xdist_group("torch")
def test_at_half_the_size_it_is_drawn_small_and_enlarged(engine):
    card = replace(engine.card, sizes={"16:9": (256, 144), "tall": (128, 80)})
    small = WanEngine(engine.folder, card)
    whole = card.brief(prompt="a cat", seconds=0.5, aspect="16:9", seed=3)
    canvas = replace(whole, width=128, height=80)

    drawn = small.draw(card.smaller(whole), on_step=lambda step: None)

    assert drawn.shape == (5, 144, 256, 3)
    alone = small.draw(canvas, on_step=lambda step: None)
    assert np.array_equal(drawn, enlarge.enlarged(alone, (256, 144), window=(128, 72)))
    with pytest.raises(EngineProblem, match="or at half of it"):
        small.draw(replace(whole, native=(64, 36)), on_step=lambda step: None)


def test_what_draws_small_already_has_nothing_smaller(quick):
    brief = make_brief(width=256, height=144)

    assert replace(quick, native=(96, 64)).smaller(brief) is None
    assert replace(quick, procedural=True).smaller(brief) is None
    assert quick.smaller(replace(brief, width=126)) is None
    assert quick.smaller(quick.smaller(brief)) is None
