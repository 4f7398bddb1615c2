"""The studio: ask for a clip, draw it, sign it, and place it in a film's disclosure."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from secrets import randbelow

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from PIL import Image

from festival import archive, disclosures
from festival.errors import IllegalMove, Refused, Unacceptable
from festival.media import frames, stills
from festival.media.errors import MediaProblem
from festival.models import Disclosure, Edition, Film
from festival.provenance import credentials
from generation import access, tasks
from generation.engines import guide, registry
from generation.engines.base import LARGEST_SEED, Brief, Card, Engine, EngineProblem
from generation.models import Clip, Job, Stopped

LONGEST_FIRST = 2048  # pixels of a first frame's longer side that are kept; no engine here draws more


def engines() -> dict[str, Card]:
    """The engines people may choose from, by name; trained ones first."""
    return registry.cards(settings.ENGINES_ROOT)


def any_seed() -> int:
    """A seed for somebody who does not mind which."""
    return randbelow(LARGEST_SEED + 1)


def unread(engine: str, prompt: str) -> str:
    """What this engine would leave out of these words, in a sentence; "" if it knows them all."""
    card = engines().get(engine)
    return guide.unread(card, prompt[: access.LONGEST_PROMPT]) if card else ""


def request(
    edition: Edition,
    *,
    by,
    engine: str,
    prompt: str,
    seconds: float,
    aspect: str,
    seed: int | None = None,
    first: Path | None = None,
    **given,
) -> Job:
    """Ask for a clip; it is drawn on the gpu queue, in its turn.

    Args:
        seconds: as long as it should be; the engine draws the nearest number of frames it can.
        aspect: one of the card's, such as "16:9".
        seed: the same seed and words give the same pixels; None for any.
        first: a picture that the clip begins with, where the card takes one.
        given: `enlarge`, `camera` and `boxes`, as in a brief.

    Raises:
        Refused: `by` may not have a clip drawn now.
        Unacceptable: the engine cannot draw this, or the picture is none.
    """
    seed = any_seed() if seed is None else seed
    wish = {"prompt": prompt.strip(), "seconds": seconds, "aspect": aspect, "seed": seed}
    if first is None:
        return _queue(edition, by, engine, wish, given)
    with _encoded_anew(first) as (still, sha256):
        job = _queue(edition, by, engine, wish, {**given, "first": sha256})
        archive.put(still, _first_frame(sha256))
    return job


@transaction.atomic
def _queue(edition: Edition, by, engine: str, wish: dict, given: dict) -> Job:
    card = engines().get(engine)
    by.one_at_a_time()
    if why := access.why_not_draw(by, edition):
        raise Refused(why)
    if why := access.why_not_ask(card, **wish):
        raise Unacceptable(why)
    brief = card.brief(**wish, **given)
    if why := card.why_not(brief):
        raise Unacceptable(why)
    job = Job.objects.create(owner=by, edition=edition, brief=asdict(brief), steps=brief.steps)
    tasks.draw.delay_on_commit()
    return job


@contextmanager
def _encoded_anew(picture: Path) -> Iterator[tuple[Path, str]]:
    """Somebody's picture as a JPEG of ours, made in the sandbox, and its SHA-256."""
    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        still = Path(folder, "first.jpg")
        try:
            stills.picture(picture, still, longest=LONGEST_FIRST)
        except MediaProblem as problem:
            raise Unacceptable(str(problem)) from None
        yield still, hashlib.sha256(still.read_bytes()).hexdigest()


def _first_frame(sha256: str) -> str:
    """The archive name of a still that clips begin with."""
    return f"first-frames/{sha256}.jpg"


def draw(job: Job) -> Clip:
    """Draw a claimed job's brief, sign the clip, put it into the archive and mark the job done.

    Nothing is kept until the job is still found to be ours at the end; a worker that dies half way
    leaves no row, and no file that a row points to.

    Raises:
        Stopped: the job was cancelled or taken over; nothing was decoded after that was known.
        EngineProblem: the engine is gone or was changed.
    """
    brief = Brief(**job.brief)
    engine = _engine(settings.ENGINES_ROOT, brief.engine, brief.revision)
    brief = replace(brief, software=engine.software())
    began = time.monotonic()
    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        drawn = engine.draw(brief, on_step=lambda step: job.beat(step=step + 1), **_pictures(brief))
        job.beat(step=brief.steps)
        film, poster = _develop(Path(folder), drawn, brief, engine.card)
        clip = _clip(job, brief, engine.card, film, drawn_in_s=time.monotonic() - began)
        archive.put(film, clip.path)
        archive.put(poster, clip.poster)
    _keep(clip, job)
    return clip


def _pictures(brief: Brief) -> dict[str, np.ndarray]:
    """The still that the brief begins with, as (height, width, 3) uint8; nothing if it begins with none."""
    if not brief.first:
        return {}
    with archive.local(_first_frame(brief.first)) as path, Image.open(path) as still:
        return {"first": np.asarray(still.convert("RGB"))}


@lru_cache(maxsize=1)  # weights are large, and a worker draws one thing at a time
def _engine(root: Path, name: str, revision: str) -> Engine:
    engine = registry.load(root, name)
    if engine.card.revision != revision:
        raise EngineProblem(f"{engine.card.title} has been changed since you asked. Ask for the clip anew.")
    return engine


def _develop(folder: Path, drawn, brief: Brief, card: Card) -> tuple[Path, Path]:
    """From frames to a signed MP4 and its poster, both in `folder`."""
    raw, signed, poster = folder / "raw.mp4", folder / "signed.mp4", folder / "poster.jpg"
    frames.write_mp4(drawn, raw, fps=brief.fps)
    stills.poster(raw, poster, duration_s=brief.duration_s)
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
    credentials.sign_clip(raw, signed, facts=facts, authority=credentials.Authority(settings.KEYS_ROOT))
    return signed, poster


def _clip(job: Job, brief: Brief, card: Card, film: Path, *, drawn_in_s: float) -> Clip:
    """The row of the clip in `film`, not yet saved."""
    with film.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    name = _name(job, brief, attempt=job.attempt)
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
        path=f"{name}.mp4",
        poster=f"{name}.jpg",
        sha256=sha256,
        width=brief.width,
        height=brief.height,
        fps=brief.fps,
        duration_s=brief.duration_s,
        drawn_in_s=drawn_in_s,
        credentials=credentials.read(film, roots=credentials.roots_in(settings.KEYS_ROOT)),
    )


def _name(job: Job, brief: Brief, *, attempt: int) -> str:
    """The archive name without its ending: two attempts at one job never write the same file."""
    return f"clips/{brief.digest}-{job.pk.hex[:8]}-{attempt}"


def _keep(clip: Clip, job: Job) -> None:
    """Enter the clip and mark the job done, both or neither; then tidy what dead attempts left."""
    try:
        with transaction.atomic():
            clip.save(force_insert=True)
            job.finish(clip)
    except IllegalMove as moved:
        _forget(clip.path, clip.poster)
        raise Stopped("This job is no longer ours.") from moved
    brief = Brief(**clip.brief)
    for attempt in range(1, job.attempt):
        name = _name(job, brief, attempt=attempt)
        _forget(f"{name}.mp4", f"{name}.jpg")


def _forget(*names: str) -> None:
    for name in names:
        archive.delete(name)


def deliver(clip: Clip, *, by, film: Film, start_s: float, at=None) -> Disclosure:
    """Place the clip in the film's cue sheet, from `start_s`; its facts are copied, not typed.

    Raises:
        Refused: the clip is not `by`'s, or the entry cannot be changed now.
        Unacceptable: the clip would not lie within the film.
    """
    if why := access.why_not_deliver(by, clip, film, at=at or timezone.now()):
        raise Refused(why)
    facts = disclosures.ClipFacts(
        clip_id=clip.pk,
        engine=clip.engine,
        revision=clip.revision,
        licence=clip.licence,
        seed=clip.seed,
        prompt_sha256=Brief(**clip.brief).prompt_sha256,
        clip_sha256=clip.sha256,
        duration_s=clip.duration_s,
    )
    return disclosures.adopt(film, by=by, start_s=start_s, clip=facts)
