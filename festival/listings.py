"""The listing of an entry: begin it, describe it, and give it credits, pictures and captions."""

import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from festival import access, archive, captions, names
from festival.errors import Refused, Unacceptable
from festival.labels import length_s
from festival.media.errors import MediaProblem
from festival.models import Credit, Edition, Film, Still, Subtitle
from festival.provenance import timecodes

MOST_STILLS = 12
MOST_PICTURE_BYTES = 40 * 1024 * 1024
MOST_CREDITS = 200
LATE_S = 0.5  # players round a film's end; a range may stand over it by this much


def begin(edition: Edition, *, by, title: str, at=None) -> Film:
    """Begin an entry: a draft with a title, in an edition whose call is open.

    Raises:
        Refused: the call is not open to `by`; the message says why.
    """
    if why := access.why_not_enter(by, edition, at=at or timezone.now()):
        raise Refused(why)
    return Film.objects.create(
        edition=edition, entrant=by, title=title, contact_name=str(by.name), contact_email=by.email
    )


@transaction.atomic
def describe(film: Film, *, by, details, credits: Iterable[tuple[str, str]], at=None) -> None:
    """Keep what the entrant wrote about the film, and its credits.

    Args:
        details: a form on the film that has been found valid; it is saved.
        credits: (role, name) lines, in the order of the end titles.

    Raises:
        Refused: `by` may not change the entry.
        Unacceptable: a submitted entry would no longer be complete.
    """
    _ask(film, by, at)
    moved = ["status", "submitted_at", "footage"]  # saved along, so as they are by now, not as they were read
    film.refresh_from_db(fields=moved, from_queryset=Film.objects.select_for_update())
    details.save()  # `set_credits` asks again, of the film as it is by now
    set_credits(film, by=by, credits=credits, at=at)


@transaction.atomic
def set_credits(film: Film, *, by, credits: Iterable[tuple[str, str]], at=None) -> None:
    """Put these (role, name) lines in the place of the film's credits, in this order.

    Raises:
        Refused: `by` may not change the entry.
        Unacceptable: there are too many lines, or a submitted entry would no longer be complete.
    """
    _ask(film, by, at)
    lines = [(role.strip(), name.strip()) for role, name in credits if name.strip()]
    if len(lines) > MOST_CREDITS:
        raise Unacceptable(f"{MOST_CREDITS} credits are the most we can show. Leave some out.")
    film.credits.all().delete()
    Credit.objects.bulk_create(
        Credit(film=film, role=role, name=name, position=number) for number, (role, name) in enumerate(lines)
    )
    _stay_complete(film)


def _stay_complete(film: Film) -> None:
    """A draft may be kept incomplete; an entry that has been submitted may not."""
    if film.status != Film.Status.DRAFT and (missing := access.missing(Film.objects.get(pk=film.pk))):
        raise Unacceptable(
            "This entry has been submitted, so it must stay complete. What you typed is still here. "
            + " ".join(missing)
        )


# Names in the picture


@transaction.atomic
def mark_titles(film: Film, *, by, rows, at=None) -> None:
    """Keep where the film shows names, so that a blind jury does not see them.

    Args:
        rows: a formset of the film's title ranges that has been found valid; it is saved.

    Raises:
        Refused: `by` may not change the entry.
        Unacceptable: a range does not lie within the film.
    """
    _ask(film, by, at)
    rows.save()
    duration_s = length_s(film)
    for names_ in film.title_ranges.all():
        if duration_s and names_.end_s > duration_s + LATE_S:
            raise Unacceptable(
                f"{names_} ends after the film does, at {timecodes.fine(duration_s)}. Correct its times."
            )


# Captions


@transaction.atomic
def add_subtitle(film: Film, *, by, language: str, data: bytes, at=None) -> Subtitle:
    """Take in captions, written anew as clean WebVTT; they replace those in the same language.

    Raises:
        Refused: `by` may not change the entry.
        Unacceptable: the captions cannot be read, or do not fit the film.
    """
    _ask(film, by, at)
    vtt, cues = captions.rewrite(data, duration_s=length_s(film))
    subtitle, _ = Subtitle.objects.update_or_create(
        film=film,
        language=language,
        defaults={"label": names.language(language), "vtt": vtt, "cues": cues},
    )
    return subtitle


def remove_subtitle(subtitle: Subtitle, *, by, at=None) -> None:
    """Take captions away. Raises Refused."""
    _ask(subtitle.film, by, at)
    subtitle.delete()


# Pictures


def add_still(film: Film, *, by, source: Path, kind: str, alt: str = "", at=None) -> Still:
    """Take in a picture, encoded anew as JPEG. A new poster takes the place of the old one.

    Raises:
        Refused: `by` may not change the entry.
        Unacceptable: the file is no picture we can use, or there are enough already.
    """
    _ask(film, by, at)
    if source.stat().st_size > MOST_PICTURE_BYTES:
        raise Unacceptable("This picture is larger than 40 MB. Send it as a JPEG of good quality.")
    if kind == Still.Kind.STILL and film.stills.filter(kind=kind).count() >= MOST_STILLS:
        raise Unacceptable(f"There are {MOST_STILLS} stills already. Remove one to make room.")
    still = Still(id=uuid.uuid4(), film=film, kind=kind, alt=alt)
    still.path = f"stills/{film.pk}/{still.pk}.jpg"
    still.width, still.height = _store(source, still.path)
    replaced = list(film.stills.filter(kind=kind)) if kind == Still.Kind.POSTER else []
    with transaction.atomic():
        still.position = film.stills.filter(kind=kind).count()
        still.save()
        for old in replaced:
            _forget(old)
    return still


def describe_still(still: Still, *, by, alt: str, focus_x: float, focus_y: float, at=None) -> None:
    """Say what a picture shows, and which point of it must never be cropped away. Raises Refused."""
    _ask(still.film, by, at)
    still.alt, still.focus_x, still.focus_y = alt, focus_x, focus_y
    still.save(update_fields=["alt", "focus_x", "focus_y"])


@transaction.atomic
def remove_still(still: Still, *, by, at=None) -> None:
    """Take a picture away. Raises Refused."""
    _ask(still.film, by, at)
    _forget(still)


def _store(source: Path, name: str) -> tuple[int, int]:
    """Encode a stranger's picture anew and put it into the archive; its width and height in pixels."""
    from festival.media.stills import picture  # OpenCV and Pillow: only this act has a use for them

    settings.SCRATCH_ROOT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.SCRATCH_ROOT) as folder:
        target = Path(folder, "picture.jpg")
        try:
            size = picture(source, target)
        except MediaProblem as problem:
            raise Unacceptable(str(problem)) from None
        archive.put(target, name)
    return size


def _forget(still: Still) -> None:
    """Delete the row now and the file once that is durable."""
    name = still.path
    still.delete()
    transaction.on_commit(lambda: archive.delete(name))


def _ask(film: Film, by, at) -> None:
    if why := access.why_not_edit(by, film, at=at or timezone.now()):
        raise Refused(why)
