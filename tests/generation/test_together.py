"""Takes that are drawn in one call: each with its own lease, beat, cancel and end."""

import pytest

from festival import archive
from generation import dispatch, drawing, tasks
from generation.engines import registry
from generation.engines.memory import TooLarge
from generation.models import Clip, Job
from generation.showing import Call
from tests.factories import make_edition, make_user
from tests.generation import tight
from tests.generation.makers import make_brief, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("torch")]


@pytest.fixture
def studio_of(settings, tmp_path, monkeypatch, authority):
    """A studio whose only engine has a memory that can run out, of so many units."""

    def made(budget: float):
        folder = tmp_path / "tight"
        folder.mkdir()
        (folder / "engine.json").write_text(tight.CARD.to_json())
        monkeypatch.setitem(registry.FAMILIES, "tight", "tests.generation.tight:TightEngine")
        monkeypatch.setattr(registry, "PROCEDURAL", {*registry.PROCEDURAL, "tight"})
        monkeypatch.setattr(tight.TightEngine, "budget", budget)
        monkeypatch.setattr(tight.TightEngine, "calls", [])
        settings.ENGINES_ROOT = tmp_path
        drawing.forget_engine()
        return tight.TightEngine

    yield made
    drawing.forget_engine()


def ask(count: int, **fields) -> list[Job]:
    person, edition = make_user(), make_edition()
    briefs = [make_brief(engine="tight", seed=n + 1, **fields) for n in range(count)]
    return [
        make_job(owner=person, edition=edition, brief=b, engine="tight", batch_key=b.batch_key, estimate_s=1)
        for b in briefs
    ]


def standing() -> list[tuple]:
    return list(Job.objects.order_by("created_at").values_list("status", "step", "together"))


def test_three_takes_are_one_call_and_three_signed_clips(studio_of):
    engine = studio_of(100)
    jobs = ask(3)

    tasks.draw()

    assert engine.calls == [[1, 2, 3]]
    assert standing() == [("done", 3, 3)] * 3
    for job in Job.objects.all():
        assert (job.clip.seed, job.clip.credentials["state"]) == (job.brief["seed"], "trusted")
        assert archive.exists(job.clip.path)
    assert {job.pk for job in jobs} == {clip.job.pk for clip in Clip.objects.all()}


def test_one_cancelled_while_they_are_drawn_is_dropped_and_the_others_finish(studio_of, monkeypatch):
    engine = studio_of(100)
    ask(3)
    beat = Job.beat

    def beat_then_cancel(job, *, step):
        beat(job, step=step)
        if step == 1 and job.brief["seed"] == 2:
            dispatch.cancel(Job.objects.get(pk=job.pk), by=job.owner)

    monkeypatch.setattr(Job, "beat", beat_then_cancel)
    tasks.draw()

    assert engine.calls == [[1, 2, 3]]
    assert [status for status, *_ in standing()] == ["done", "cancelled", "done"]
    begun, cancelled, last = Job.objects.order_by("created_at")
    assert cancelled.ended_at >= max(begun.ended_at, last.ended_at), "it is charged as the call ends"
    assert cancelled.spent_s >= begun.spent_s > 0
    assert sorted(Clip.objects.values_list("seed", flat=True)) == [1, 3]


def test_all_cancelled_the_call_stops_within_one_step(studio_of, monkeypatch):
    engine = studio_of(100)
    ask(2)
    beat, steps = Call._beat, []

    def beat_then_cancel(call, jobs):
        steps.append(jobs[0].step)
        beat(call, jobs)
        for job in jobs:
            dispatch.cancel(Job.objects.get(pk=job.pk), by=job.owner)

    monkeypatch.setattr(Call, "_beat", beat_then_cancel)
    tasks.draw()

    assert (engine.calls, steps, Clip.objects.count()) == ([], [1, 2], 0)


def test_out_of_memory_the_batch_is_halved_and_all_are_drawn(studio_of):
    engine = studio_of(6)
    ask(4)

    tasks.draw()

    assert engine.calls == [[1], [2], [3], [4]]
    assert [status for status, *_ in standing()] == ["done"] * 4
    assert set(Clip.objects.values_list("software", flat=True)) == {"tight 1, decoded in tiles"}


def test_what_is_too_large_fails_with_a_question_and_the_next_job_is_drawn(studio_of, monkeypatch):
    engine = studio_of(2)
    (large,) = ask(1)
    tasks.draw()

    large.refresh_from_db()
    assert large.status == "failed"
    assert "ask for fewer seconds, or for a smaller engine" in large.problem
    (small,) = ask(1)
    monkeypatch.setattr(engine, "budget", 100)
    tasks.draw()
    small.refresh_from_db()
    assert (small.status, small.clip.software) == ("done", "tight 1")


def test_when_a_call_breaks_off_each_is_tried_alone_and_one_fault_is_not_anothers(studio_of, monkeypatch):
    engine = studio_of(100)
    ask(3)
    real = engine.draw_many

    def faulty(self, briefs, *, on_step, pictures=()):
        if any(brief.seed == 2 for brief in briefs):
            raise ValueError("a fault of the engine")
        return real(self, briefs, on_step=on_step)

    monkeypatch.setattr(engine, "draw_many", faulty)
    with pytest.raises(ExceptionGroup):
        tasks.draw()

    assert engine.calls == [[1], [3]]
    assert list(Job.objects.order_by("created_at").values_list("status", "problem")) == [
        ("done", ""),
        ("failed", dispatch.BROKE_OFF),
        ("done", ""),
    ]


def test_a_call_of_two_that_never_fits_fails_both_with_the_sentence(studio_of):
    studio_of(2)
    ask(2)

    tasks.draw()

    assert [status for status, *_ in standing()] == ["failed", "failed"]
    assert issubclass(TooLarge, Exception)


def test_a_real_pipeline_draws_two_takes_in_one_call_as_it_draws_them_alone(quick, authority):
    person, edition = make_user(), make_edition()
    briefs = [make_brief(revision=quick.revision, seed=seed) for seed in (1, 2)]
    for brief in briefs:
        make_job(owner=person, edition=edition, brief=brief, engine="quick", batch_key=brief.batch_key)
    jobs = dispatch.take_together(batchable=frozenset({"quick"}))
    assert len(jobs) == 2

    together = {clip.seed: clip for clip in drawing.draw(*jobs)}
    alone = make_job(owner=person, edition=edition, brief=briefs[1], engine="quick")
    (solo,) = drawing.draw(dispatch.take())

    assert (alone.brief["seed"], solo.digest) == (2, together[2].digest)
