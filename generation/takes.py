"""Takes: have a shot drawn, choose between takes, and make the next one from one that is there."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from festival.errors import Problem, Refused, Unacceptable
from festival.models import Disclosure, Edition, Film
from generation import access, allowances, desk, dispatch, enlarging, entering, estimates, finishing, studio
from generation.engines import registry
from generation.engines.base import LARGEST_SEED, Card
from generation.models import Clip, Job, Shot, Take

Way = Take.Way
SCHEDULER = "scheduler/scheduler_config.json"  # where diffusers keeps it in an engine's folder
VARIED = {"words": "prompt"} | {name: name for name in (
    "seconds", "aspect", "engine", "seed", *access.DIALS, "direction",
)}  # fmt: skip


@dataclass(frozen=True)
class Quote:
    """What drawing will cost, said before anything is asked for; all in seconds of a worker."""

    seconds: float = 0.0  # of one take
    wait_s: float = 0.0  # until the first is begun
    left_s: float = 0.0  # of what the person may still ask for
    guess: bool = False  # the engine has drawn nothing yet
    why_not: str = ""  # a sentence, where it cannot be drawn as it lies

    @property
    def cost_words(self) -> str:
        return allowances.in_words(self.seconds)

    @property
    def wait_words(self) -> str:
        return f"in about {allowances.in_words(self.wait_s)}" if self.wait_s >= 1 else "at once"

    @property
    def left_words(self) -> str:
        return allowances.in_words(self.left_s)


def quote(shot: Shot, *, by) -> Quote:
    """What a take of what lies on the shot's desk costs `by`, and how long it waits."""
    production, wish = shot.scene.production, desk.wish(shot)
    card = studio.engines().get(wish["engine"])
    plain = {name: wish[name] for name in ("prompt", "seconds", "aspect")} | {"seed": wish["seed"] or 0}
    left_s = allowances.left_s(by, production.edition)
    if why := access.why_not_ask(card, **plain):
        return Quote(left_s=left_s, why_not=why)
    try:
        given = desk.asked(production, wish | plain, by=by)
    except Problem as problem:
        return Quote(left_s=left_s, why_not=str(problem))
    brief = card.brief(**{name: value for name, value in given.items() if name != "engine"})
    seconds = estimates.of(brief)
    why = card.why_not(brief) or access.why_not_draw(by, production.edition)
    why = why or access.why_not_licensed(card, production.edition) or dispatch.why_not_fit(card, brief)
    return Quote(
        seconds=seconds,
        wait_s=dispatch.expected_wait_s(by, seconds=seconds, engine=card.name),
        left_s=left_s,
        guess=estimates.is_guess(card.name),
        why_not=why or allowances.why_not_spend(by, production.edition, seconds),
    )


def draft_card(edition: Edition) -> Card | None:
    """The engine for a first look: the least to draw, of those licensed there that draw more than noise."""
    cards = [card for card in studio.engines().values() if not card.random_weights]
    return min(access.licensed(cards, edition), key=_work, default=None)


def first_look(shot: Shot) -> str:
    """What a draft of what lies on the desk is beside a take of it; "" where it would be the same picture."""
    card, chosen = draft_card(shot.scene.production.edition), studio.engines().get(shot.engine)
    if card is None:
        return ""
    how = f"A draft is a quick first look by {card.title}"
    soon = "Drafts are drawn before takes that are for good."
    if card.name != shot.engine:
        turns = chosen and not all(access.why_not_dial(chosen, **{name: 1}) for name in access.DIALS)
        return f"{how}{', without the finer dials' if turns else ''}. {soon}"
    steps, fewer = shot.steps or card.steps, card.draft_steps or card.steps
    return f"{how} in {fewer} steps instead of {steps}. {soon}" if fewer < steps else ""


def _work(card: Card) -> int:
    """Pixels of a picture times steps."""
    width, height = card.native or next(iter(card.sizes.values()))
    return width * height * card.steps


@transaction.atomic
def draw(shot: Shot, *, by, count: int = 1, draft: bool = False) -> list[Take]:
    """Ask for takes of what lies on the shot's desk: all of them, or none.

    Args:
        count: 1 to 4; the first has the desk's seed, or any, the others the seeds that follow.
        draft: a first look, by the smallest engine, at its own pace, and before finals.

    Raises:
        Refused: `by` does not share the production, or may not have so much drawn now; or no engine may
            draw a first look.
        Unacceptable: the engine cannot draw this.
    """
    if why := access.why_not_count(count):
        raise Unacceptable(why)
    wish = desk.wish(shot)
    if draft:
        card = draft_card(shot.scene.production.edition)
        if card is None:
            raise Refused("No engine here may draw a first look. Draw the take itself.")
        wish = {name: value for name, value in wish.items() if name not in access.DIALS}
        wish |= {"engine": card.name, "draft": True}
    first = studio.any_seed() if wish["seed"] is None else wish["seed"]
    wishes = [wish | {"seed": _step(first, step) if step else first} for step in range(count)]
    return _ask(shot, wishes, by=by, way=Way.DESK)


@transaction.atomic
def _ask(shot: Shot, wishes: list[dict], *, by, way: Way, parent: Take | None = None) -> list[Take]:
    production = shot.scene.production
    entering.hold(production, by=by)
    asked = []
    for number, wish in zip(entering.number(shot, len(wishes)), wishes, strict=True):
        asked_for = desk.asked(production, wish, by=by) | {"draft": wish.get("draft", False)}
        job = studio.request(production.edition, by=by, planned=True, **asked_for)
        asked.append(entering.enter(shot, job, number, wish, way=way, parent=parent))
    for take in asked:  # not before: what is refused leaves no file behind
        desk.keep_plan(take.wish, take.job.brief)
    return asked


def another(take: Take, *, by) -> Take:
    """The same once more, with any other seed. Raises Refused or Unacceptable, as `draw` does."""
    return _after(take, Way.ANOTHER, by=by, seed=studio.any_seed())


def replace(take: Take, *, by) -> Take:
    """The same with any other seed, to stand in this take's place once it is drawn.

    The take that is replaced stays in the library, as every take does.
    """
    return _after(take, Way.REPLACE, by=by, seed=studio.any_seed())


def vary(take: Take, *, by, **change) -> Take:
    """The same but for one thing, any of VARIED; what lies on the shot's desk stays as it is.

    Without any, it is the next seed that this shot has not seen.

    Raises:
        Unacceptable: more than one thing is changed, nothing is, or the engine cannot draw it.
        Refused: as in `draw`.
    """
    change = {VARIED[name]: value for name, value in change.items()} or {"seed": _next_seed(take)}
    if len(change) > 1:
        raise Unacceptable("Vary one thing at a time, so that you see what it does.")
    card, turned = studio.engines().get(take.engine), {n: change[n] for n in access.DIALS if n in change}
    if card and (why := access.why_not_dial(card, **turned)):
        raise Unacceptable(why)
    if all(_has(take, name) == value for name, value in change.items()):
        raise Unacceptable("That is what this take has already. Change it, or ask for another.")
    return _after(take, Way.VARY, by=by, **change)


def dials(take: Take, card: Card | None) -> dict[str, float]:
    """The dials of its engine that may be turned, with what the take has: steps, guidance."""
    if card is None:
        return {}
    return {name: _has(take, name) for name in access.DIALS if not access.why_not_dial(card, **{name: 1})}


def _has(take: Take, name: str) -> Any:
    """What the take has of a thing that can be varied."""
    if name in access.DIALS and name not in take.wish:
        return take.recipe.get("brief", {}).get(name)
    return take.wish.get(name, {} if name == "direction" else None)


def finish(take: Take, *, by) -> Take:
    """A draft drawn for good: its words, direction and seed, by the engine on the shot's desk as it is set.

    Raises:
        Refused: the take is no draft; or as in `draw`.
    """
    if not take.draft:
        raise Refused("This take is no draft. Vary it, or ask for another.")
    return _after(take, Way.VARY, by=by, engine=take.shot.engine, draft=False, **desk.dials(take.shot))


def _next_seed(take: Take) -> int:
    """The smallest seed after the take's that no take of its shot has, so that a family can be walked."""
    seen = set(take.shot.takes.values_list("seed", flat=True))
    return next(seed for step in range(1, len(seen) + 2) if (seed := _step(take.seed, step)) not in seen)


def _step(seed: int, step: int) -> int:
    return (seed + step) % (LARGEST_SEED + 1)


def extend(take: Take, *, by, seconds: float | None = None, backwards: bool = False) -> Take:
    """A take that begins with this take's last frame, or, backwards, ends with its first.

    Args:
        seconds: of the new take; as long as this one if None.

    Raises:
        Refused: the engine takes no such frame, the take is not drawn, or as in `draw`.
    """
    if why := access.why_not_extend(take, studio.engines().get(take.engine), backwards=backwards):
        raise Refused(why)
    frame = desk.keep_edge(take, by=by, last=not backwards)
    edges = {"first": "", "last": str(frame.pk)} if backwards else {"first": str(frame.pk), "last": ""}
    length = {} if seconds is None else {"seconds": seconds}
    return _after(take, Way.BACKWARD if backwards else Way.ONWARD, by=by, **edges, **length)


def _after(take: Take, way: Way, *, by, **change) -> Take:
    """A take like this one but for `change`, in the terms of a wish.

    It is a draft only by the smallest engine, at its own pace.

    Dials are left out that were another engine's, or that are None.
    """
    wish = {name: value for name, value in take.wish.items() if name not in ("finish", "larger")}
    if change.get("engine", take.engine) != take.engine:
        change = dict.fromkeys(access.DIALS) | change
    wish = {n: value for n, value in (wish | change).items() if n not in access.DIALS or value is not None}
    card = draft_card(take.production.edition)
    turned = any(name in wish for name in access.DIALS)
    if wish.get("draft") and (turned or card is None or wish["engine"] != card.name):
        wish["draft"] = False  # drafts go before everybody's finals, since they are quick
    return _ask(take.shot, [wish], by=by, way=way, parent=take)[0]


def select(take: Take, *, by) -> None:
    """Let this take stand for its shot; the one selected before no longer does.

    Raises:
        Refused: `by` does not share the production, or the take is not drawn.
    """
    if why := access.why_not_direct(by, take.production) or access.why_not_use(take):
        raise Refused(why)
    Shot.objects.filter(pk=take.shot_id).update(selected=take)


def lead_on(take: Take, *, by, shot: Shot) -> None:
    """Let the takes of `shot`, this take's own or another, begin with this take's last frame.

    Raises:
        Refused: `by` does not share the production, or the shot is another production's.
    """
    if why := access.why_not_direct(by, take.production):
        raise Refused(why)
    if shot.scene.production_id != take.production_id:
        raise Refused("This shot belongs to another production.")
    desk.begin_with(shot, desk.keep_edge(take, by=by, last=True), by=by)


def next_shot(shot: Shot) -> Shot | None:
    """The shot that follows in the film."""
    order = list(Shot.objects.filter(scene__production=shot.scene.production_id).in_order())
    at = order.index(shot) + 1
    return order[at] if at < len(order) else None


def deliver(take: Take, *, by, film: Film, start_s: float) -> Disclosure:
    """Place the take in the film's cue sheet. Raises Refused or Unacceptable, as `studio.deliver` does."""
    if why := access.why_not_direct(by, take.production) or access.why_not_use(take):
        raise Refused(why)
    return studio.deliver(take.clip, by=by, film=film, start_s=start_s)


def cancel(take: Take, *, by) -> None:
    """Stop drawing the take. Raises Refused if `by` did not ask for it, or it has ended."""
    if take.job is None:
        raise Refused("This take is no longer on the way.")
    dispatch.cancel(take.job, by=by)


@transaction.atomic
def complete(job: Job, clip: Clip) -> None:
    """Enter what was drawn into the take that waits for it; a clip without a shot has none."""
    recipe = {"digest": clip.digest, "brief": clip.brief, "software": clip.software.split(", ")}
    recipe |= {"licence": clip.licence} | _made_with(clip.engine) | enlarging.recipe(job)
    facts = {"recipe": recipe, "spent_s": clip.drawn_in_s, "made_at": clip.created_at, "seed": clip.seed}
    if job.engine == finishing.ENGINE:
        facts |= {"recipe": recipe | finishing.recipe(job), "spent_s": job.spent_s}
    if Take.objects.all().complete(job, clip, **facts):
        _succeed(Take.objects.get(clip=clip))


def _made_with(engine: str) -> dict:
    """What an engine's folder says of it: number format, terms, scheduler, SHA-256 of its weights."""
    listings = registry.listings(settings.ENGINES_ROOT)
    listing = next((one for one in listings if one.card and one.card.name == engine), None)
    if listing is None or listing.card is None:
        return {}
    made_with: dict = {"dtype": listing.card.dtype, "licence": listing.card.terms}
    with suppress(OSError, ValueError):
        made_with["scheduler"] = json.loads((listing.folder / SCHEDULER).read_text())
    with suppress(OSError):
        lines = (listing.folder / registry.SUMS).read_text().splitlines()
        sums = (line.split(maxsplit=1) for line in lines if line.endswith(".safetensors"))
        made_with["weights"] = {path: digest for digest, path in sums}
    return made_with


def _succeed(take: Take) -> None:
    """A take that replaces the selected one is selected in its place; the first of a shot is, too."""
    shots = Shot.objects.filter(pk=take.shot_id)
    if take.way == Way.REPLACE:
        shots.filter(selected=take.parent_id).update(selected=take)
    shots.filter(selected=None).update(selected=take)
