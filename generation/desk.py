"""The director's desk: what is asked of a shot's next take, and the stills it begins and ends with."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from festival import archive, uploads
from festival.errors import Refused, Unacceptable
from festival.media import stills
from festival.media.errors import MediaProblem
from generation import access, animatic, material, studio
from generation.animatic import gaps, steering
from generation.animatic.direction import Source
from generation.engines.base import Card
from generation.models import Clip, Frame, Production, Shot, Take

LONGEST_STILL = 2048  # pixels of a still's longer side that are kept
MOST_STILLS = 1000  # of a production
SAME_PACE = 0.1  # of a shot's length: a clip that differs by less is not felt to run otherwise
STRANGE = (
    "The clip to draw over is not one of yours for this production. Choose one of its takes, or a single "
    "clip of your own."
)
FIELDS = ("words", "seconds", "aspect", "engine", "seed", *access.DIALS, "enlarge", "direction")


@transaction.atomic
def lay(shot: Shot, *, by, **fields: Any) -> None:
    """Put what somebody typed and drew on the shot's desk; it stays there for the next take.

    With another engine the dials of the one before are left to it, unless they are laid as well.

    Args:
        fields: any of FIELDS; the direction as `animatic.Direction` reads it.

    Raises:
        Refused: `by` does not share the production, or names a still or a clip of others.
        Unacceptable: the words are too long, or the direction cannot be read.
    """
    production = shot.scene.production
    if why := access.why_not_direct(by, production):
        raise Refused(why)
    if why := access.why_not_lay(**{name: fields[name] for name in access.LAID if name in fields}):
        raise Unacceptable(why)
    if "direction" in fields:
        was = (shot.direction.get("source") or {}).get("clip")
        fields["direction"] = _direction(production, fields["direction"], by=by, was=was).to_json()
    if fields.get("engine", shot.engine) != shot.engine:
        fields = dict.fromkeys(access.DIALS) | fields
    for name, value in fields.items():
        setattr(shot, name, value)
    shot.save(update_fields=list(fields))


def wish(shot: Shot) -> dict:
    """What lies on the desk, as plain JSON: enough to ask for the same once more."""
    return {
        "engine": shot.engine,
        "prompt": shot.words,
        "seconds": shot.seconds,
        "aspect": shot.aspect,
        "seed": shot.seed,
        "enlarge": shot.enlarge,
        "direction": shot.direction,
        "first": str(shot.first_id or ""),
        "last": str(shot.last_id or ""),
        **{name: value for name, value in dials(shot).items() if value is not None},
    }


def dials(shot: Shot) -> dict[str, float | None]:
    """The steps and the guidance on the desk; None for one that is left to the engine."""
    return {name: getattr(shot, name) for name in access.DIALS}


@transaction.atomic
def copy(take: Take, *, by) -> Shot:
    """Lay the recipe of a take on its shot's desk, in place of what lay there.

    Its dials lie there where they are not what its engine's card says by now, as those of a draft may.

    Raises:
        Refused: `by` does not share the production.
    """
    shot, said = take.shot, take.wish
    if why := access.why_not_direct(by, shot.scene.production):
        raise Refused(why)
    shot.words, shot.seed = said["prompt"], said["seed"]
    for name in ("engine", "seconds", "aspect"):
        setattr(shot, name, said[name])
    shot.enlarge, shot.direction = said.get("enlarge", "smooth"), said.get("direction") or {}
    shot.first_id, shot.last_id = said.get("first") or None, said.get("last") or None
    for name, value in _turned(take).items():
        setattr(shot, name, value)
    shot.save(update_fields=[*FIELDS, "first", "last"])
    return shot


def _turned(take: Take) -> dict[str, float | None]:
    """The dials that the take was made with; None for one that its engine's card says likewise."""
    brief = take.recipe.get("brief") or (take.job.brief if take.job else {})
    made = {name: brief.get(name, take.wish.get(name)) for name in access.DIALS}
    card = studio.engines().get(take.engine)
    if card is None:
        return made
    return {
        name: None if card.procedural or made[name] == getattr(card, name) else made[name] for name in made
    }


def asked(production: Production, wish: dict, *, by) -> dict:
    """The wish in the terms of `studio.request`: stills by their digests, the direction compiled.

    What the engine does not take of the direction is left out, as the page has said.

    Raises:
        Unacceptable: the engine's dials do not go so far; or the direction cannot be read, or lacks
            something without which it says nothing.
        Refused: it names a still or a clip of others.
    """
    plain = {name: wish[name] for name in ("engine", "prompt", "seconds", "aspect", "seed")}
    turned = {name: wish[name] for name in access.DIALS if name in wish}
    plain |= turned | {name: wish[name] for name in ("enlarge",) if name in wish}
    frames = {name: _frame(production, wish.get(name)) for name in ("first", "last")}
    plain |= {name: frame.sha256 for name, frame in frames.items() if frame}
    card = studio.engines().get(wish["engine"])
    if card and (why := access.why_not_dial(card, **turned)):
        raise Unacceptable(why)
    said = wish.get("direction")
    direction = _direction(production, {} if said is None else said, by=by)
    if why := gaps.why_not_named(direction):
        raise Unacceptable(why)
    fits = card and card.shortest_s <= wish["seconds"] <= card.longest_s
    if not fits or wish["aspect"] not in card.sizes or direction == animatic.Direction():
        return plain
    return _directed(production, card, plain, direction, by=by)


def _directed(production: Production, card: Card, plain: dict, direction: animatic.Direction, *, by) -> dict:
    """The wish with what the engine takes of the direction; what it does not take is told it in words."""
    frames, size = card.frames_for(plain["seconds"]), card.sizes[plain["aspect"]]
    compiled = animatic.compile(direction, frames=frames, size=size)
    given = compiled.given(card.inputs)
    if steering.by_control(direction, card.inputs):
        given["control"], _ = material.plan(direction)
    if direction.source and "source_video" in card.inputs:
        clip = _drawn_over(production, direction.source, by=by)
        given |= _over(clip, direction, direction.source, card, size)
    if words := compiled.words_for(card.inputs, plain["prompt"]):
        plain = plain | {"prompt": ", ".join(filter(None, [plain["prompt"].strip(" ,."), words]))}
    return plain | given


def _drawn_over(production: Production, source: Source, *, by) -> Clip:
    """The clip that is drawn over: a take of this production, or a single one of `by`'s.

    What others had drawn in another production stays there, and so does what its terms do not let out.
    Raises Refused.
    """
    rows = Clip.objects.visible_to(by).filter(Q(take__production=production) | Q(owner=by, take=None))
    clip = rows.named(source.clip).first()
    if clip is None:
        raise Refused(STRANGE)
    if why := access.why_not_taken_over(clip, production.edition):
        raise Refused(why)
    return clip


def _over(
    clip: Clip, direction: animatic.Direction, source: Source, card: Card, size: tuple[int, int]
) -> dict:
    """The clip that is drawn over, how far the drawing may leave it, and what of it is kept."""
    given = {"source": clip.sha256, "strength": source.strength}
    if source.redraw == "all" or "mask" not in card.inputs:
        return given
    if why := gaps.why_not_redraw(direction, (clip.width, clip.height), size):
        raise Unacceptable(why)
    return given | {"mask": material.plan(direction)[0]}


def stretched(shot: Shot, *, by) -> str:
    """In a sentence, whether the clip that is drawn over runs slower or faster in the shot; "" if neither."""
    source = (shot.direction or {}).get("source")
    clip = Clip.objects.visible_to(by).named(source["clip"]).first() if source else None
    if clip is None or abs(clip.duration_s - shot.seconds) <= SAME_PACE * shot.seconds:
        return ""
    pace = "faster" if clip.duration_s > shot.seconds else "slower"
    return (
        f"The clip that is drawn over lasts {clip.duration_s:.3g} seconds, the shot {shot.seconds:.3g}: "
        f"what moves in it will move {pace}."
    )


def keep_plan(wish: dict, given: dict) -> None:
    """Keep what the control clip and the mask of a wish are drawn of, before a worker can see its job.

    Args:
        given: the wish in the terms of a brief.
    """
    if given.get("control") or given.get("mask"):
        material.keep_plan(animatic.Direction.from_json(wish["direction"]))


def _frame(production: Production, pk: str | None) -> Frame | None:
    return production.frames.filter(pk=pk).first() if pk else None


def _direction(production: Production, given: Any, *, by, was: str | None = None) -> animatic.Direction:
    """The direction, if it can be read and names only the production's stills and a clip `by` may draw over.

    Args:
        was: the id of the clip that lies on the desk; whoever laid it there could use it.
    """
    try:
        direction = animatic.Direction.from_json(given)
    except ValueError as error:
        raise Unacceptable(str(error)) from None
    stills_named = {one.still for one in (*direction.keyframes, *direction.references)}
    if production.frames.filter(sha256__in=stills_named).count() < len(stills_named):
        raise Refused("One of these pictures is not in the production. Send it, or keep it from a take.")
    source = direction.source
    if source and source.clip != was:
        _drawn_over(production, source, by=by)
    return direction


# Stills


def keep_still(production: Production, picture: Path, *, by) -> Frame:
    """Keep a picture that somebody sent, encoded anew in the sandbox.

    Raises:
        Refused: `by` does not share the production.
        Full: there is no room for it.
        Unacceptable: it is no picture, or one too large.
    """
    if why := access.why_not_direct(by, production):
        raise Refused(why)
    uploads.check_headroom(studio.MOST_OF_A_STILL)
    with _scratch() as still:
        try:
            stills.picture(picture, still, longest=LONGEST_STILL)
        except MediaProblem as problem:
            raise Unacceptable(str(problem)) from None
        return _keep(production, still, by=by)


def keep_edge(take: Take, *, by, last: bool) -> Frame:
    """Keep the last frame of a take, or its first.

    Raises:
        Refused: `by` does not share the production, or the take is not drawn.
    """
    if why := access.why_not_direct(by, take.production) or access.why_not_use(take):
        raise Refused(why)
    with _scratch() as still, archive.local(take.clip.path) as film:
        stills.edge(film, still, last=last)
        return _keep(take.production, still, by=by, take=take)


@contextmanager
def _scratch() -> Iterator[Path]:
    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        yield Path(folder, "still.jpg")


def _keep(production: Production, still: Path, *, by, take: Take | None = None) -> Frame:
    """The picture in the archive under its digest, and its row; the same picture is kept once."""
    content = still.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    others = production.frames.exclude(sha256=sha256)
    if others.count() >= MOST_STILLS:
        raise Refused(f"A production keeps {MOST_STILLS:,} stills at most. Begin with one of those it has.")
    archive.put(still, material.still_name(sha256))
    frame, _ = production.frames.get_or_create(sha256=sha256, defaults={"kept_by": by, "take": take})
    material.put_once_it_stands(material.still_name(sha256), content)
    return frame


def begin_with(shot: Shot, frame: Frame | None, *, by) -> None:
    """Let the shot's next takes begin with this still; None for no still.

    Raises:
        Refused: `by` does not share the production, or the still is another production's.
    """
    production = shot.scene.production
    if why := access.why_not_direct(by, production):
        raise Refused(why)
    if frame and frame.production_id != production.pk:
        raise Refused("This still belongs to another production.")
    shot.first = frame
    shot.save(update_fields=["first"])
