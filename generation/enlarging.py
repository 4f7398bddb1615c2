"""Draw larger: from a take's latents its own engine draws another take, with more pixels and more detail.

It is a job like any other, on the same queue and the same allowance. Of the take's steps it draws the last
ones anew, as many as it may depart from the take.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings

from generation import allowances, entering, estimates, latents, studio
from generation.engines import registry
from generation.engines.base import Brief, Card
from generation.models import Clip, Job, Take

STRENGTH = 0.4  # how far it may depart from the take, unless somebody says otherwise
LEAST, MOST = 0.1, 0.9  # less changes nothing that is seen, more is another take


@dataclass(frozen=True)
class Offer:
    """What drawing a take larger comes to, said beforehand."""

    width: int  # pixels
    height: int  # pixels
    seconds: float  # of a worker

    @property
    def cost_words(self) -> str:
        return allowances.in_words(self.seconds)


def offer(take: Take) -> Offer | None:
    """What is offered beside a take; None for one that cannot be drawn larger."""
    card = _card(take.clip) if take.clip else None
    if card is None or why_not(take.clip, STRENGTH):
        return None
    brief = _brief(take.clip, card, STRENGTH)
    return Offer(brief.width, brief.height, estimates.of(brief))


def why_not(clip: Clip, strength: float) -> str:
    """Can this clip be drawn larger, so far from what it is? "" for yes, else a sentence."""
    card = _card(clip)
    if card is None:
        return "The engine of this take is not here any more, so it cannot be drawn larger."
    if card.larger_size(Brief(**clip.brief)) is None:
        return f"{card.title} draws nothing larger of this take. What is drawn from words alone may be."
    if card.revision != clip.revision:
        return f"{card.title} has been changed since it drew this take. Draw another, and take that."
    if not LEAST <= strength <= MOST:
        return f"How far it may depart from the take is a number from {LEAST:g} to {MOST:g}."
    if not latents.are_there(clip):
        return latents.GONE
    return card.why_not(_brief(clip, card, strength))


def ask(take: Take, *, by, strength: float = STRENGTH) -> Take:
    """Ask for a take that is this one drawn larger; this one stays as it is.

    Args:
        strength: how far it may depart from this one, LEAST to MOST.

    Raises:
        Refused: `by` does not share the production, the take is not drawn, or `by` may have nothing drawn.
        Unacceptable: it cannot be drawn larger, or no longer.
    """

    def queued(clip: Clip, **whose: Any) -> Job:
        return studio.have_drawn(_brief(clip, studio.engines()[clip.engine], strength), **whose)

    can, wish = partial(why_not, strength=strength), {"larger": {"strength": strength}}
    return entering.make_of(take, queued, by=by, way=Take.Way.LARGER, why_not=can, **wish)


def recipe(job: Job) -> dict[str, Any]:
    """What the recipe of a take says besides that was drawn larger; nothing of any other."""
    brief = Brief(**job.brief)
    if not brief.latents:
        return {}
    return {
        "parent_sha256": Take.objects.select_related("parent__clip").get(job=job).parent.clip.sha256,
        "latents_sha256": brief.latents,
        "strength": brief.strength,
        "from_step": brief.from_step,
    }


def _brief(clip: Clip, card: Card, strength: float) -> Brief:
    """The clip's own brief at its larger size, drawn from its latents."""
    was = Brief(**clip.brief)
    width, height = card.larger_size(was) or (was.width, was.height)
    changes = {"width": width, "height": height, "native": None, "software": ""}
    return replace(was, **changes, latents=clip.latents, strength=strength)


def _card(clip: Clip) -> Card | None:
    return registry.cards(settings.ENGINES_ROOT).get(clip.engine)
