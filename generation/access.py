"""Who may have what drawn, and if not, why: "" for yes, else the sentence shown to the person."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from festival import access
from festival.models import Edition
from generation.engines import registry
from generation.engines.base import LARGEST_SEED, Card
from generation.models import Clip, Job, Production, Scene, Shot, Take, Terms

LONGEST_PROMPT = 2000  # characters
MOST_OF_A_SHOT = 1000  # takes, those included that were never drawn
LONGEST_SHOT_S = 600.0  # no engine draws longer at a time
LONGEST_ASPECT = 10  # characters
DIALS = ("steps", "guidance")  # of one engine; they mean nothing to another
LAID = ("words", "seconds", "aspect", "seed", *DIALS)  # of a desk, what has limits of its own
MOST_STEPS = 1000
DAY = timedelta(days=1)
MOST_GUIDANCE = 20.0
INSTEAD = "Keep to that, or choose another engine; its card says what it draws."
MOST_TAKES = 4  # asked for at once


def why_not_draw(user, edition: Edition, *, at=None) -> str:
    """May `user` have another clip drawn for this edition at the moment `at`, or now?"""
    if not user.is_authenticated:
        return "Sign in to have a clip drawn."
    if why := why_closed(user, edition, at=at):
        return why
    asked = Job.objects.filter(owner=user).counts(since=(at or timezone.now()) - DAY)
    most, most_a_day = settings.JOBS_A_PERSON, settings.JOBS_A_DAY
    if asked["unfinished"] >= most:
        return f"You have {_clips(most)} on the way. Wait for one, or cancel one, and ask again."
    if asked["asked"] >= most_a_day:
        return f"You have asked for {_clips(most_a_day)} within a day, which is the most. Ask again tomorrow."
    return ""


def _clips(count: int) -> str:
    return "1 clip" if count == 1 else f"{count:,} clips"


def why_closed(user, edition: Edition, *, at=None) -> str:
    """Is the edition's studio closed to `user`? Never to who has a part in it; to others with its call.

    After the last deadline the hours of grace are left, in which an entry sent back can still be changed.
    """
    why, deadline = "", edition.deadline_at
    grace = timedelta(hours=edition.upload_grace_h)
    if edition.status != Edition.Status.OPEN:
        why = f"The studio of {edition} draws while its call is open, and it is not open now."
    elif deadline and deadline + grace < (at or timezone.now()):
        when = access.local(deadline, edition)
        why = f"The last deadline of {edition} was {when}, so its studio draws no more. Your takes are kept."
    return "" if why and edition.roles.filter(person=user).exists() else why


def why_not_lay(
    *,
    words: str = "",
    seconds: float = 1.0,
    aspect: str = "",
    seed: int | None = None,
    steps: int | None = None,
    guidance: float | None = None,
) -> str:
    """Can this lie on a desk, whatever engine is chosen later?"""
    if why := why_not_say(words):
        return why
    if not 0 < seconds <= LONGEST_SHOT_S:
        return f"A shot is longer than nought and {LONGEST_SHOT_S / 60:g} minutes long at most."
    if len(aspect) > LONGEST_ASPECT:
        return "That is no shape. Choose one of those that the engine draws."
    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        return f"A seed is a whole number from 0 to {LARGEST_SEED:,}."
    if steps is not None and not 1 <= steps <= MOST_STEPS:
        return f"Steps are a whole number from 1 to {MOST_STEPS:,}."
    return _why_not_guide(guidance)


def _why_not_guide(guidance: float | None) -> str:
    if guidance is None or 1 <= guidance <= MOST_GUIDANCE:
        return ""
    return f"Guidance is a number from 1 to {MOST_GUIDANCE:g}; more keeps closer to the words."


def why_not_dial(card: Card, *, steps: int | None = None, guidance: float | None = None) -> str:
    """May these dials of the engine on `card` be turned so? None for one that is left to it."""
    if steps is not None and card.procedural:
        return f"{card.title} is a programme, and more steps would change nothing. Leave the steps to it."
    if steps is not None and not 1 <= steps <= 2 * card.steps:
        return f"{card.title} draws in 1 to {2 * card.steps} steps. Choose a number between."
    if guidance is not None and card.guidance <= 1:
        return f"{card.title} is drawn without guidance. Leave the guidance to it."
    return _why_not_guide(guidance)


def why_not_ask(card: Card | None, *, prompt: str, seconds: float, aspect: str, seed: int) -> str:
    """Can this wish be drawn by the engine on `card`?"""
    if card is None:
        return "This engine is not here any more. Choose another."
    if not prompt.strip():
        return "Say in words what should be seen."
    if why := why_not_say(prompt):
        return why
    if not card.shortest_s <= seconds <= card.longest_s:
        return f"{lengths(card)} {INSTEAD}"
    if aspect not in card.sizes:
        return f"{shapes(card)} {INSTEAD}"
    if not 0 <= seed <= LARGEST_SEED:
        return f"A seed is a whole number from 0 to {LARGEST_SEED:,}."
    return ""


def lengths(card: Card) -> str:
    """“Scenes draws 0.2 to 2 seconds.”"""
    return f"{card.title} draws {card.shortest_s:g} to {card.longest_s:g} seconds."


def shapes(card: Card) -> str:
    """“Scenes draws in 16:9, 1:1.”"""
    return f"{card.title} draws in {', '.join(card.sizes)}."


def why_not_licensed(card: Card, edition: Edition) -> str:
    """May clips for this edition be drawn by the engine on `card`, as far as its licence goes?"""
    terms = _terms(edition)
    return why_not_under(terms, card) if terms else ""


def licensed(cards: Iterable[Card], edition: Edition) -> list[Card]:
    """Those of the cards whose engines may draw for this edition."""
    terms = _terms(edition)
    return [card for card in cards if terms is None or not why_not_under(terms, card)]


def _terms(edition: Edition) -> Terms | None:
    return Terms.objects.filter(edition=edition).select_related("edition").first()


def why_not_under(terms: Terms, card: Card, *, instead: str = "another engine") -> str:
    """May the engine on `card` draw under these terms? If not, `instead` is what to choose."""
    edition = terms.edition
    another = f"Choose {instead}, or ask the festival office."
    if terms.licences and card.licence not in terms.licences:
        accepted = " or ".join(terms.licences)
        return f"{card.title} is licensed under {card.licence}, and {edition} takes {accepted}. {another}"
    if terms.commercial and not card.commercial:
        said = "does not say whether it allows" if card.commercial is None else "does not allow"
        return f"The licence of {card.title} {said} commercial use, which {edition} asks for. {another}"
    if terms.everywhere and card.territory:
        return (
            f"The licence of {card.title} does not hold everywhere ({card.territory}), as {edition} asks. "
            f"{another}"
        )
    return ""


def why_not_taken_over(clip: Clip, edition: Edition) -> str:
    """May this clip, drawn for one edition, go into a film of another, as far as licences go?

    It was drawn under the licence it names; what else that says stands on its engine's card. In its own
    edition a clip stays, whatever is asked of engines there by now.
    """
    terms = None if clip.edition_id == edition.pk else _terms(edition)
    if terms is None:
        return ""
    card = registry.cards(settings.ENGINES_ROOT).get(clip.engine)
    if card and card.licence == clip.licence:
        return why_not_under(terms, card, instead="another clip")
    if terms.licences and clip.licence not in terms.licences:
        accepted = " or ".join(terms.licences)
        return (
            f"This clip was drawn under {clip.licence or 'no licence that is known'}, and {edition} takes "
            f"{accepted}. Choose another clip, or ask the festival office."
        )
    if terms.commercial or terms.everywhere:
        drew = card.title if card else clip.engine
        return (
            f"The engine that drew this clip, {drew}, is not here any more under {clip.licence}, so "
            f"nobody can tell whether it may be used as {edition} asks. Choose another clip, or ask the "
            f"festival office."
        )
    return ""


def why_not_say(words: str) -> str:
    """Can these words be kept on a desk or in a brief?"""
    if len(words) > LONGEST_PROMPT:
        return f"{len(words):,} characters are too many; {LONGEST_PROMPT:,} is the most. Shorten the text."
    return ""


def why_not_cancel(user, job: Job) -> str:
    """May `user` stop this job?"""
    if job.owner_id != user.pk:
        return "Only the person who asked for this clip may cancel it."
    if not job.unfinished:
        return f"This clip is no longer on the way: {job.get_status_display().lower()}."
    return ""


def why_not_change(user, job: Job, *, status: str = "") -> str:
    """May `user` put off, move or rewrite this job; of a `status`, while it stands there?"""
    if job.owner_id != user.pk:
        return "Only the person who asked for this clip may change it."
    if not job.waits:
        return f"This clip can no longer be changed: {job.get_status_display().lower()}."
    if status and job.status != status:
        return f"It is not {Job.Status(status).label.lower()} now: {job.get_status_display().lower()}."
    return ""


def why_not_rewrite(user, job: Job) -> str:
    """May `user` change what this job asks for?"""
    if why := why_not_change(user, job):
        return why
    if Take.objects.filter(job=job).exists():
        return "A take never changes. Cancel it, and draw another from the desk."
    return ""


def why_not_resume(user, job: Job, *, at=None) -> str:
    """May `user` have this paused job drawn now?"""
    why = why_not_change(user, job, status=Job.Status.PAUSED) or why_closed(user, job.edition, at=at)
    return why or _why_not_shared(user, job)


def why_not_retry(user, job: Job) -> str:
    """May `user` have this job tried again?"""
    if job.owner_id != user.pk:
        return "Only the person who asked for this clip may have it tried again."
    if job.status != Job.Status.FAILED:
        return "Only a clip that could not be drawn can be tried again."
    return why_not_draw(user, job.edition) or _why_not_shared(user, job)


def _why_not_shared(user, job: Job) -> str:
    """Does `user` still share the production that this job draws for, if it draws for one?"""
    takes = Take.objects.filter(job=job)
    if takes.exists() and not takes.visible_to(user).exists():
        return "It was asked for in a production that you no longer share, so nothing more is drawn for it."
    return ""


def why_not_deliver(user, clip: Clip, film, *, at) -> str:
    """May `user` place this clip in this film at the moment `at`?"""
    if not Clip.objects.visible_to(user).filter(pk=clip.pk).exists():
        if Take.objects.filter(clip=clip).exists():
            return "This clip belongs to its production. Only the people who share it may place it in a film."
        return "Only the person who had this clip drawn may place it in a film."
    if clip.procedural:
        return "A programme drew this clip, not AI, so the cue sheet need not name it as generated."
    return access.why_not_edit(user, film, at=at) or why_not_taken_over(clip, film.edition)


def why_not_produce(user, edition: Edition) -> str:
    """May `user` begin a production for this edition?"""
    if not user.is_authenticated:
        return "Sign in to begin a production."
    return why_closed(user, edition)


def why_not_direct(user, production: Production) -> str:
    """May `user` change what is in this production?"""
    if not Production.objects.visible_to(user).filter(pk=production.pk).exists():
        return "Only the people who share this production may change it."
    return ""


def why_not_number(numbers: range) -> str:
    """Can a shot have takes of these numbers?"""
    if numbers[-1] > MOST_OF_A_SHOT:
        return f"A shot has {MOST_OF_A_SHOT:,} takes at most. Go on in another shot."
    return ""


def why_not_share(user, production: Production) -> str:
    """May `user` say who shares this production?"""
    if production.owner_id != user.pk:
        return "Only the owner of a production invites others into it."
    return ""


def why_not_remove(thing: Scene | Shot) -> str:
    """May this scene or shot be taken out of its production?"""
    if isinstance(thing, Scene) and thing.shots.exists():
        return "This scene holds shots. Move or remove them first."
    if isinstance(thing, Shot) and thing.takes.exists():
        return "This shot has takes, and a take is never thrown away. Leave it out of the cut instead."
    return ""


def why_not_count(count: int) -> str:
    """Can so many takes be asked for at once?"""
    return "" if 1 <= count <= MOST_TAKES else f"Draw 1 to {MOST_TAKES} takes at once."


def why_not_use(take: Take) -> str:
    """Is there a picture in this take to work with?"""
    return "" if take.clip_id else "This take is not drawn yet. Wait for it, or use another."


def why_not_extend(take: Take, card: Card | None, *, backwards: bool) -> str:
    """Can the engine of this take go on from its last frame, or lead up to its first?"""
    if card is None:
        return "The engine of this take is not here any more, so it cannot be extended."
    if ("last_frame" if backwards else "first_frame") not in card.inputs:
        where = "end with" if backwards else "begin with"
        return f"{card.title} cannot {where} a given frame. Vary the take with an engine that can."
    return why_not_use(take)
