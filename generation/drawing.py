"""What a worker does with claimed jobs: draw them in one call, show how they come on, keep the clips."""

import hashlib
import os
import socket
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import count
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from festival import archive
from festival.errors import IllegalMove
from festival.media import stills
from festival.provenance import credentials, manifests
from generation import dispatch, finishing, latents, material
from generation.engines import memory, registry, stages
from generation.engines.base import Brief, Card, Engine, EngineProblem
from generation.models import Clip, Job, Stopped
from generation.showing import Call
from generation.signals import clip_drawn

_held: dict[str, str] = {}  # the engine that this process has loaded, by name


def work() -> bool:
    """Draw the jobs whose turn it is, each of which ends on its own; False if nothing is free.

    Raises:
        ExceptionGroup: what broke off, for the log; its jobs have been told in plain words.
    """
    note_worker()
    cards = registry.cards(settings.ENGINES_ROOT)
    batchable = frozenset(name for name, card in cards.items() if card.batchable)
    loaded = _held.get("engine", "")
    jobs = dispatch.take_together(worker=worker_name(), loaded=loaded, batchable=batchable)
    if faults := take_up(jobs):
        raise ExceptionGroup("Drawing broke off", faults)
    return bool(jobs)


def take_up(jobs: Sequence[Job]) -> list[Exception]:
    """Draw claimed jobs; each is done, failed or stopped in the end. Returns what nobody foresaw.

    Of a job that is too large for this worker its owner is asked whether less would do. What breaks off a
    call of several is tried job by job, so that one's fault is not another's.
    """
    try:
        if jobs:
            try:
                draw(*jobs)
            finally:
                dispatch.put_down(jobs)
    except Stopped:
        pass  # cancelled, or taken over: whoever did that has said so
    except Exception as fault:
        if len(jobs) > 1:
            running = Job.objects.filter(pk__in=[job.pk for job in jobs], status=Job.Status.RUNNING)
            ours = running.order_by("created_at", "pk")
            attempts = {job.pk: job.attempt for job in jobs}
            alone = [job for job in ours if job.attempt == attempts[job.pk]]
            return [fault for job in alone for fault in take_up([job])]
        if isinstance(fault, memory.TooLarge) and dispatch.ask_for_less(jobs[0]):
            return []
        foreseen = isinstance(fault, EngineProblem)
        dispatch.give_up(jobs[0], str(fault) if foreseen else dispatch.BROKE_OFF)
        return [] if foreseen else [fault]
    finally:
        for job in jobs:
            dispatch.settle(job)
    return []


def draw(*jobs: Job) -> list[Clip]:
    """Draw the briefs of claimed jobs in one call, sign the clips, keep them and mark the jobs done.

    Nothing is kept of a job unless it is still found to be ours at the end; a worker that dies half way
    leaves no row, and no file that a row points to.

    Args:
        jobs: of one batch key.

    Returns:
        the clips, without those whose job was cancelled or taken over meanwhile.

    Raises:
        Stopped: that was so of all; nothing was decoded after it was known.
        EngineProblem: the engine is gone or was changed, or there is not enough memory.
    """
    if jobs[0].engine == finishing.ENGINE:
        return [_finished(job) for job in jobs]
    briefs = [Brief(**job.brief) for job in jobs]
    engine = _engine(settings.ENGINES_ROOT, briefs[0].engine, briefs[0].revision)
    _held["engine"] = briefs[0].engine
    began = time.monotonic()
    call = Call(jobs, engine)
    drawn, kept_back, eased = _drawn(engine, call, briefs)
    software = ", ".join(filter(None, (engine.software(), eased)))
    share_s = (time.monotonic() - began) / len(jobs)
    kept = []
    for job, brief, video, of_it in zip(jobs, briefs, drawn, kept_back, strict=True):
        with suppress(Stopped):
            job.beat(step=job.steps)
            said = replace(brief, software=software)
            kept.append(_developed(job, said, engine.card, video, share_s, of_it))
    if not kept:
        raise Stopped("None of these jobs is ours any more.")
    return kept


def _finished(job: Job) -> Clip:
    """A clip that is worked on: no engine draws, so nothing is learned of how long one takes."""
    done = finishing.finish(job)
    job.beat(step=finishing.STEPS)
    return _developed(job, done.brief, done.card, done.video, None)


def _drawn(
    engine: Engine, call: Call, briefs: list[Brief]
) -> tuple[list[np.ndarray], list[stages.Kept | None], str]:
    """The frames of each brief, in one call or as few as memory allows, and what had to be eased for it.

    Between them are the latents of each, where it could be drawn larger later.
    """
    keeping = settings.LATENTS_DAYS > 0 and engine.card.larger_size(briefs[0]) is not None
    kept: list[stages.Kept | None] = [None] * len(briefs)
    pictures = [material.load(job.owner, brief) for job, brief in zip(call.jobs, briefs, strict=True)]

    def part(begin: int, end: int) -> list[np.ndarray]:
        turn = count(begin)  # from the first again, where memory ran out half way
        keep = {"keep": lambda one: kept.__setitem__(next(turn), one)} if keeping else {}
        with call.part(begin, end) as on_step:
            if end - begin == 1:
                return [engine.draw(briefs[begin], on_step=on_step, **pictures[begin], **keep)]
            return engine.draw_many(briefs[begin:end], on_step=on_step, pictures=pictures[begin:end], **keep)

    drawn, eased = memory.draw(engine, briefs, part, forget=forget_engine)
    return drawn, kept, eased


@lru_cache(maxsize=1)  # weights are large, and a worker draws one thing at a time
def _engine(root: Path, name: str, revision: str) -> Engine:
    engine = registry.load(root, name)
    if engine.card.revision != revision:
        raise EngineProblem(f"{engine.card.title} has been changed since you asked. Ask for the clip anew.")
    return engine


def forget_engine() -> None:
    """Throw the loaded engine away; the next job loads its own from the disk."""
    _engine.cache_clear()
    _held.clear()
    memory.free()


def worker_name() -> str:
    """This process, as the office knows it."""
    return f"{socket.gethostname()}:{os.getpid()}"


def note_worker() -> None:
    """Say in the table of workers that this one is there, and which engine it holds."""
    dispatch.note_worker(worker_name(), device=memory.device(), engine=_held.get("engine", ""))


def _developed(
    job: Job,
    brief: Brief,
    card: Card,
    video: np.ndarray,
    share_s: float | None,
    kept: stages.Kept | None = None,
) -> Clip:
    """From frames to the clip that is kept: marked, encoded, signed, put into the archive, entered.

    Args:
        share_s: seconds that drawing it took, of a call's; None where no engine drew.
        kept: its latents, to be kept with it.
    """
    began = time.monotonic()
    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        film, poster = _signed(Path(folder), stages.mark(video, brief), brief, card)
        drawn_in_s = 0.0 if share_s is None else share_s + time.monotonic() - began
        clip = _clip(job, brief, card, film, drawn_in_s=drawn_in_s)
        archive.put(film, clip.path)
        archive.put(poster, clip.poster)
        if kept is not None:
            latents.keep(kept, clip, Path(folder))
    _keep(clip, job)
    return clip


def _signed(folder: Path, video: np.ndarray, brief: Brief, card: Card) -> tuple[Path, Path]:
    """From frames to a signed MP4 and its poster, both in `folder`."""
    raw, signed, poster = folder / "raw.mp4", folder / "signed.mp4", folder / "poster.jpg"
    stages.encode(video, raw, fps=brief.fps)
    stills.typical(video, poster)
    facts = credentials.GeneratedFacts(
        title=f"Clip {brief.digest[:12]}",
        engine=brief.engine,
        engine_title=card.title,
        revision=brief.revision,
        licence=card.licence,
        random_weights=card.random_weights,
        seed=brief.seed,
        prompt_sha256=brief.prompt_sha256,
        brief_sha256=brief.digest,
        software=brief.software,
        drawn_at=timezone.now(),
        procedural=card.procedural,
    )
    stages.sign(raw, signed, facts=facts, authority=credentials.Authority(settings.KEYS_ROOT))
    return signed, poster


def _clip(job: Job, brief: Brief, card: Card, film: Path, *, drawn_in_s: float) -> Clip:
    """The row of the clip in `film`, not yet saved."""
    with film.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    stem = name(job, brief, attempt=job.attempt)
    return Clip(
        owner_id=job.owner_id,
        edition_id=job.edition_id,
        brief=asdict(brief),
        digest=brief.digest,
        prompt=brief.prompt,
        engine=brief.engine,
        revision=brief.revision,
        licence=card.licence,
        software=brief.software,
        random_weights=card.random_weights,
        seed=brief.seed,
        path=f"{stem}.mp4",
        poster=f"{stem}.jpg",
        sha256=sha256,
        width=brief.width,
        height=brief.height,
        fps=brief.fps,
        duration_s=brief.duration_s,
        drawn_in_s=drawn_in_s,
        credentials=manifests.report(film, roots=credentials.roots_in(settings.KEYS_ROOT)),
    )


def name(job: Job, brief: Brief, *, attempt: int) -> str:
    """The archive name without its ending: two attempts at one job never write the same file."""
    return f"clips/{brief.digest}-{job.pk.hex[:8]}-{attempt}"


def _keep(clip: Clip, job: Job) -> None:
    """Enter the clip and mark the job done, both or neither; then tidy what dead attempts left."""
    try:
        with transaction.atomic():
            clip.save(force_insert=True)
            job.finish(clip)
            clip_drawn.send(Clip, clip=clip, job=job)
    except Exception as error:
        _forget(clip.path, clip.poster, latents.name(clip.path))
        if isinstance(error, IllegalMove):
            raise Stopped("This job is no longer ours.") from error
        raise
    brief = Brief(**clip.brief)
    for attempt in range(1, job.attempt):
        stem = name(job, brief, attempt=attempt)
        _forget(f"{stem}.mp4", f"{stem}.jpg", latents.name(stem))


def _forget(*names: str) -> None:
    for name in names:
        archive.delete(name)
