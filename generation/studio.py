"""The studio: ask for a clip, and place it in a film's disclosure."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import randbelow

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from festival import archive, disclosures, uploads
from festival.errors import IllegalMove, Refused, Unacceptable
from festival.media import stills
from festival.media.errors import MediaProblem
from festival.models import Disclosure, Edition, Film
from generation import access, allowances, dispatch, entering, estimates, material
from generation.engines import guide, registry
from generation.engines.base import LARGEST_SEED, LATER, Brief, Card
from generation.models import Clip, Job

LONGEST_FIRST = 2048  # pixels of a first frame's longer side that are kept; no engine here draws more
MOST_OF_A_STILL = 10 * 2**20  # bytes; such a JPEG has fewer
SOME_STILL = "0" * 64  # for one whose SHA-256 is not known yet


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
    first: Path | str | None = None,
    draft: bool = False,
    planned: bool = False,
    **given,
) -> Job:
    """Ask for a clip; it is drawn on the gpu queue, in its turn.

    Args:
        seconds: as long as it should be; the engine draws the nearest number of frames it can.
        aspect: one of the card's, such as "16:9".
        seed: the same seed and words give the same pixels; None for any.
        first: a picture that the clip begins with, where the card takes one; or the SHA-256 of one kept
            before, which the caller has found to be `by`'s to use.
        draft: a first look; it is drawn before finals.
        planned: the caller puts what a control clip and a mask are drawn of, once all it asks for stands.
        given: what a brief holds besides: `enlarge`, `camera`, `boxes`, …

    Raises:
        Refused: `by` may not have a clip drawn now, or has no seconds of drawing left.
        Full: there is no room for the picture.
        Unacceptable: the engine cannot draw this, or the picture is none.
    """
    seed = any_seed() if seed is None else seed
    wish = {"prompt": prompt.strip(), "seconds": seconds, "aspect": aspect, "seed": seed}
    if not isinstance(first, Path):
        given |= {"first": first} if first else {}
        return _queue(edition, by, engine, wish, given, draft=draft, planned=planned)
    _foresee(edition, by, engine, wish, given, draft=draft)
    with _encoded_anew(first) as (still, sha256):
        content, name = still.read_bytes(), material.still_name(sha256)
    archive.write(content, name)  # before the job: a worker may take that at once
    with transaction.atomic():
        job = _queue(edition, by, engine, wish, {**given, "first": sha256}, draft=draft, sent=sha256)
        material.put_once_it_stands(name, content)
    return job


def _foresee(edition: Edition, by, engine: str, wish: dict, given: dict, *, draft: bool) -> None:
    """Refuse what can be refused before the sandbox is troubled with a picture."""
    if why := access.why_not_draw(by, edition):
        raise Refused(why)
    _brief(engine, wish, {**given, "first": SOME_STILL}, draft=draft)
    uploads.check_headroom(MOST_OF_A_STILL)


@transaction.atomic
def _queue(edition: Edition, by, engine: str, wish: dict, given: dict, *, draft: bool, **along) -> Job:
    entering.admit(by, edition)
    brief = _brief(engine, wish, given, draft=draft)
    return have_drawn(brief, by=by, edition=edition, draft=draft, **along)


def have_drawn(brief: Brief, *, by, edition: Edition, draft: bool = False, **along) -> Job:
    """Have the brief drawn by its engine, for `by`, whom `entering` has admitted. Raises Refused.

    What comes `along` with it need not be kept yet, as `material.why_not_use` says.
    """
    card = engines()[brief.engine]
    why = access.why_not_licensed(card, edition) or material.why_not_use(by, brief, **along)
    if why := why or dispatch.why_not_fit(card, brief):
        raise Refused(why)
    estimate_s, known = estimates.of(brief), {"needs_bytes": card.least_bytes(brief)}
    return entering.queue(brief, by=by, edition=edition, estimate_s=estimate_s, draft=draft, **known)


def _brief(engine: str, wish: dict, given: dict, *, draft: bool) -> Brief:
    """The brief for a wish. Raises Unacceptable where the engine cannot draw it."""
    card = engines().get(engine)
    if why := access.why_not_ask(card, **wish):
        raise Unacceptable(why)
    brief = card.brief(**wish, draft=draft, **given)
    if why := card.why_not(brief):
        raise Unacceptable(why)
    return brief


@transaction.atomic
def rewrite(
    job: Job, *, by, prompt: str | None = None, seconds: float | None = None, seed: int | None = None
) -> Job:
    """Ask for something else in the place that a waiting job has; what is not said stays as it was.

    Raises:
        Refused: it is not `by`'s, was begun, is a take's, or would cost more than is left.
        Unacceptable: the engine cannot draw this.
    """
    by.one_at_a_time()
    if why := access.why_not_rewrite(by, job):
        raise Refused(why)
    was = Brief(**job.brief)
    wish = {
        "prompt": was.prompt if prompt is None else prompt.strip(),
        "seconds": _seconds(was) if seconds is None else seconds,
        "aspect": _aspect(was),
        "seed": was.seed if seed is None else seed,
    }
    given = {name: getattr(was, name) for name, nothing in LATER.items() if getattr(was, name) != nothing}
    given.pop("native", None)  # the card says it anew
    brief = _brief(was.engine, wish, given, draft=job.draft)
    card = engines()[brief.engine]
    why = access.why_not_licensed(card, job.edition) or dispatch.why_not_fit(card, brief)
    estimate_s = estimates.of(brief)
    if why := why or allowances.why_not_spend(by, job.edition, estimate_s, besides=job):
        raise Refused(why)
    try:
        job.rewrite(brief, estimate_s=estimate_s, needs_bytes=card.least_bytes(brief))
    except IllegalMove:
        raise Refused("A worker has just begun it, so it can no longer be changed.") from None
    return job


def _seconds(brief: Brief) -> float:
    """The seconds that were asked for, as far as its frames tell; the last of them lasts a little longer."""
    card = engines().get(brief.engine)
    return min(brief.duration_s, card.longest_s) if card else brief.duration_s


def _aspect(brief: Brief) -> str:
    """The card's name of the brief's shape."""
    card = engines().get(brief.engine)
    sizes = card.sizes if card else {}
    return next((name for name, size in sizes.items() if size == (brief.width, brief.height)), "")


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
        title=card.title if (card := engines().get(clip.engine)) else "",
    )
    return disclosures.adopt(film, by=by, start_s=start_s, clip=facts)
