"""Who may have what drawn, and if not, why: "" for yes, else the sentence shown to the person."""

from django.conf import settings

from festival import access
from festival.models import Edition
from generation.engines.base import LARGEST_SEED, Card
from generation.models import Clip, Job

LONGEST_PROMPT = 2000  # characters


def why_not_draw(user, edition: Edition) -> str:
    """May `user` have another clip drawn for this edition now?"""
    if not user.is_authenticated:
        return "Sign in to have a clip drawn."
    if edition.status != Edition.Status.OPEN and not edition.roles.filter(person=user).exists():
        return f"The studio of {edition} draws while its call is open, and it is not open now."
    most = settings.JOBS_A_PERSON
    if Job.objects.visible_to(user).unfinished().count() >= most:
        clips = "1 clip" if most == 1 else f"{most} clips"
        return f"You have {clips} on the way. Wait for one, or cancel one, and ask again."
    return ""


def why_not_ask(card: Card | None, *, prompt: str, seconds: float, aspect: str, seed: int) -> str:
    """Can this wish be drawn by the engine on `card`?"""
    if card is None:
        return "This engine is not here any more. Choose another."
    if not prompt.strip():
        return "Say in words what should be seen."
    if len(prompt) > LONGEST_PROMPT:
        return f"{len(prompt):,} characters are too many; {LONGEST_PROMPT:,} is the most. Shorten the text."
    if not card.shortest_s <= seconds <= card.longest_s:
        return (
            f"{card.title} draws {card.shortest_s:g} to {card.longest_s:g} seconds. Choose a length between."
        )
    if aspect not in card.sizes:
        return f"{card.title} draws in {', '.join(card.sizes)}. Choose one of them."
    if not 0 <= seed <= LARGEST_SEED:
        return f"A seed is a whole number from 0 to {LARGEST_SEED:,}."
    return ""


def why_not_cancel(user, job: Job) -> str:
    """May `user` stop this job?"""
    if job.owner_id != user.pk:
        return "Only the person who asked for this clip may cancel it."
    if not job.unfinished:
        return f"This clip is no longer on the way: {job.get_status_display().lower()}."
    return ""


def why_not_retry(user, job: Job) -> str:
    """May `user` have this job tried again?"""
    if job.owner_id != user.pk:
        return "Only the person who asked for this clip may have it tried again."
    if job.status != Job.Status.FAILED:
        return "Only a clip that could not be drawn can be tried again."
    return why_not_draw(user, job.edition)


def why_not_deliver(user, clip: Clip, film, *, at) -> str:
    """May `user` place this clip in this film at the moment `at`?"""
    if clip.owner_id != user.pk:
        return "Only the person who had this clip drawn may place it in a film."
    if clip.procedural:
        return "A programme drew this clip, not AI, so the cue sheet need not name it as generated."
    return access.why_not_edit(user, film, at=at)
