"""Intake: a file arrives and is examined, a draft is handed in, sent back, withdrawn or passed on."""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from festival import access, archive, disclosures, notices, tasks
from festival.errors import IllegalMove, Refused, Unacceptable, UndisclosedFootage
from festival.media.errors import BrokeOff, MediaProblem
from festival.models import Film, Footage, Shot, Upload
from festival.models.footage import Stopped
from festival.provenance import credentials

log = logging.getLogger(__name__)

BEAT_S = 0.5  # seconds between two writes of progress
SILENCE_S = 20  # seconds between two signs of life while nothing is reported; a fraction of the lease
MOST_ATTEMPTS = 3  # a file that has taken three workers down is not given a fourth
RINGS = 50  # waiting files rung for in one go; the rest become the oldest in their turn
BROKE_OFF = (
    "The examination broke off for a reason that does not lie with you. Your file is kept: start it "
    "again, and write to the festival office if it breaks off a second time."
)


# A file arrives


def receive(upload: Upload) -> Footage:
    """Take in a finished upload and ring for its examination, at once. Twice is as good as once.

    The footage has the upload's id, so that a web process that dies half way, and is asked again,
    finds what it began. On disk the file is renamed into the archive here; to a bucket it would be copied,
    so there it waits for the worker.
    """
    original = f"originals/{upload.pk}"
    if archive.on_disk() and upload.path.exists():
        archive.put(upload.path, original)
    with transaction.atomic():
        footage, new = Footage.objects.get_or_create(
            pk=upload.pk,
            defaults={
                "film": upload.film,
                "upload": upload,
                "name": upload.name,
                "original": original,
                "size_bytes": upload.size_bytes,
            },
        )
        if new:
            _spare_older(footage)
            tasks.examine.delay_on_commit(str(footage.pk))
    return footage


def _spare_older(footage: Footage) -> None:
    """Files that still wait need not be examined once a newer one is here."""
    newer = {
        "problem": "You sent a newer file before this one was looked at.",
        "heartbeat_at": timezone.now(),
    }
    for older in footage.film.footages.filter(status=Footage.Status.WAITING).exclude(pk=footage.pk):
        with suppress(IllegalMove):  # a worker has just begun: let it, the newer file wins all the same
            older._move(Footage.Status.REFUSED, **newer)


def retry(footage: Footage, *, by) -> None:
    """Have a file examined once more; nothing needs to be sent again.

    Raises:
        Refused: `by` may not, or there is nothing to try again.
        IllegalMove: somebody else was faster.
    """
    _ask(access.why_not_retry(by, footage))
    footage._move(Footage.Status.WAITING, problem="", stage="", progress=0, heartbeat_at=timezone.now())
    tasks.examine.delay_on_commit(str(footage.pk))


def recover(*, at=None) -> None:
    """Ring again for files that wait or whose worker died, and sweep up what nobody needs any more.

    A file that has taken several workers down with it is given up, in words.
    """
    at = at or timezone.now()
    for footage in Footage.objects.lost(at).filter(attempt__gte=MOST_ATTEMPTS):
        _close(footage, Footage.Status.FAILED, BROKE_OFF)
    rung = [*Footage.objects.lost(at), *Footage.objects.waiting(at).order_by("created_at")[:RINGS]]
    for footage in rung:
        tasks.examine.delay(str(footage.pk))
    _file_away()
    _clear_superseded(Footage.objects.all())
    _clear_scratch()


def _file_away() -> None:
    """Bring into the archive what still lies where it arrived, and no worker needs there."""
    names = [file.name for file in Path(settings.UPLOAD_ROOT).glob("[0-9a-f]" * 32)]
    idle = Footage.objects.exclude(status__in=[Footage.Status.WAITING, Footage.Status.EXAMINING])
    for footage in idle.filter(upload__in=names).select_related("upload"):
        archive.put(footage.upload.path, footage.original)


# A file is examined


def examine(footage_id: str) -> None:
    """Examine one delivered file and show it: called twice, even at once, it is examined once.

    Renditions are made in a scratch folder and published under the number of the attempt, so that a
    worker that died, or lost its lease and woke again, leaves nothing a viewer could meet.
    """
    footage = Footage.objects.claim(footage_id)
    if footage is None:
        return
    try:
        _examine(footage)
    except (Stopped, IllegalMove):
        archive.delete(_folder(footage, footage.attempt))
    except BrokeOff as problem:
        _close(footage, Footage.Status.FAILED, str(problem))
    except MediaProblem as problem:
        _close(footage, Footage.Status.REFUSED, str(problem))
    except Exception:
        log.exception("The examination of footage %s broke off", footage.pk)
        _close(footage, Footage.Status.FAILED, BROKE_OFF)
        raise
    finally:
        shutil.rmtree(_scratch(footage), ignore_errors=True)


def _examine(footage: Footage) -> None:
    from festival.media.examination import examine as look  # PyAV and OpenCV: only the worker needs them

    scratch = _scratch(footage)
    scratch.mkdir(parents=True)
    with _alive(footage), _original(footage) as source:
        found = look(source, scratch, on_progress=_reporter(footage))
        signed = credentials.read(source, roots=credentials.roots_in(settings.KEYS_ROOT))
        if why := _why_not_replace(footage, duration_s=found.duration_s):
            _close(footage, Footage.Status.REFUSED, why)
            return
        folder = _folder(footage, footage.attempt)
        archive.publish(scratch, folder)
    _accept(footage, found, folder=folder, signed=signed)


@contextmanager
def _original(footage: Footage) -> Iterator[Path]:
    """The file as sent. If it lies where it arrived, it is looked at there, and then filed away.

    Where the examination does not come to its end the file stays: another worker may be reading it.
    """
    arrived = footage.upload.path if footage.upload else None
    if arrived is None or not arrived.exists():
        with archive.local(footage.original) as source:
            yield source
        return
    yield arrived
    archive.put(arrived, footage.original)


def _why_not_replace(footage: Footage, *, duration_s: float) -> str:
    """May a file of this length take the place of the one a submitted film has?"""
    film = Film.objects.select_related("section").get(pk=footage.film_id)
    if film.status == Film.Status.DRAFT or film.footage_id is None:
        return ""  # there is time to choose another section
    if film.status not in access.EDITABLE:
        return f"The film is “{film.known_words}” by now, so it keeps the file it had."
    why = access.why_not_fitting(film, duration_s=duration_s)
    return f"{why} The entry keeps the file it had." if why else ""


def _reporter(footage: Footage, *, now=time.monotonic) -> Callable[[str, int], None]:
    """What the media package tells its progress: it beats at most every `BEAT_S`, however often told."""
    beaten_at = -BEAT_S

    def on_progress(stage: str, percent: int) -> None:
        nonlocal beaten_at
        if now() - beaten_at >= BEAT_S:
            beaten_at = now()
            footage.beat(stage=stage, progress=percent)

    return on_progress


@contextmanager
def _alive(footage: Footage) -> Iterator[None]:
    """Beat from a thread now and then: copies to and from a bucket take long and report nothing."""
    done = threading.Event()

    def beat():
        with suppress(Stopped):
            while not done.wait(SILENCE_S):
                footage.beat()
        connection.close()  # this thread's own

    thread = threading.Thread(target=beat, name="alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@transaction.atomic
def _accept(footage: Footage, found, *, folder: str, signed: dict) -> None:
    """Write down what was found, in one transaction with the film that now shows it."""
    at = timezone.now()
    footage._move(
        Footage.Status.READY,
        folder=folder,
        stage="",
        progress=100,
        heartbeat_at=at,
        examined_at=at,
        sha256=found.sha256,
        size_bytes=found.size_bytes,
        duration_s=found.duration_s,
        width=found.width,
        height=found.height,
        frame_rate=str(found.frame_rate),
        loudness_lufs=found.loudness_lufs,
        colour=found.colour,
        record=found.record,
        credentials=signed,
    )
    footage.shots.all().delete()
    Shot.objects.bulk_create(Shot(footage=footage, start_s=start, end_s=end) for start, end in found.shots)
    _show(footage)
    transaction.on_commit(lambda: _clear(footage))


def _show(footage: Footage) -> None:
    """Make this the file that juries and audiences see, unless a newer one is, or the jury has begun."""
    newer = Q(footage__created_at__gt=footage.created_at)
    open_to_it = Q(footage=None) | Q(status__in=access.EDITABLE)
    if not Film.objects.filter(open_to_it, pk=footage.film_id).exclude(newer).update(footage=footage):
        return
    film = Film.objects.select_related("edition", "section", "entrant", "footage").get(pk=footage.film_id)
    if film.status == Film.Status.SUBMITTED:
        note = f"New file “{footage.name}”, SHA-256 {footage.sha256}."
        film.events.create(by=film.entrant, was=film.status, became=film.status, note=note)
        unsaid = disclosures.gaps(film)
        notices.write(film.entrant, "replaced", film=film, receipt=receipt(film), gaps=unsaid)


def _close(footage: Footage, to: Footage.Status, problem: str) -> None:
    """End the examination without a film to show, and tell the entrant why; the file is kept."""
    at = timezone.now()
    decided = {"examined_at": at} if to == Footage.Status.REFUSED else {}
    with suppress(IllegalMove), transaction.atomic():  # if another worker has it now, that one decides
        footage._move(to, problem=problem, heartbeat_at=at, **decided)
        notices.write(footage.film.entrant, "refused", film=footage.film, footage=footage)


def _clear(footage: Footage) -> None:
    """Remove what earlier attempts at this file, and earlier files of this film, have left."""
    for attempt in range(1, footage.attempt):
        if (folder := _folder(footage, attempt)) != footage.folder:
            archive.delete(folder)
    _clear_superseded(footage.film.footages.all())


def _clear_superseded(footages) -> None:
    for old in footages.superseded():
        archive.delete(old.folder)
        footages.filter(pk=old.pk).update(folder="")


def _clear_scratch() -> None:
    """Remove what killed workers left on this machine: the row is claimed before its folder is made."""
    folders = set(Path(settings.SCRATCH_ROOT, "examinations").glob("*"))
    running = {_scratch(f) for f in Footage.objects.filter(status=Footage.Status.EXAMINING)}
    for folder in folders - running:
        shutil.rmtree(folder, ignore_errors=True)


def _folder(footage: Footage, attempt: int) -> str:
    return f"footage/{footage.pk}/{attempt}"


def _scratch(footage: Footage) -> Path:
    return Path(settings.SCRATCH_ROOT, "examinations", f"{footage.pk}-{footage.attempt}")


# An entry is handed in


def submit(film: Film, *, by, at=None) -> None:
    """Hand `film` to the festival office, and send its entrant a receipt.

    Raises:
        Refused: `by` may not submit it, or something is missing; the message says what.
        UndisclosedFootage: AI footage lacks a statement; the message names the seconds.
        IllegalMove: somebody else moved the film first.
    """
    at = at or timezone.now()
    _ask(access.why_not_submit(by, film, at=at))
    _ask_disclosed(film)
    with transaction.atomic():
        film.move(Film.Status.SUBMITTED, by=by, submitted_at=at)
        notices.write(film.entrant, "receipt", film=film, receipt=receipt(film))


def withdraw(film: Film, *, by) -> None:
    """Take `film` out of the festival; its files and its history are kept.

    Raises:
        Refused: `by` may not withdraw it; the message says why.
        IllegalMove: somebody else moved the film first.
    """
    _ask(access.why_not_withdraw(by, film))
    with transaction.atomic():
        film.move(Film.Status.WITHDRAWN, by=by)
        notices.write(film.entrant, "withdrawn", film=film)


def send_back(film: Film, *, by, reason: str) -> None:
    """Return an entry to its entrant with a reason; the edition's hours of grace begin anew for it.

    Raises:
        Refused: `by` is no organiser, or the film is not in the office.
        Unacceptable: no reason is given.
        IllegalMove: somebody else moved the film first.
    """
    _ask(access.why_not_send_back(by, film))
    if not reason.strip():
        raise Unacceptable("Write to the entrant what should be changed.")
    with transaction.atomic():
        film.move(Film.Status.DRAFT, by=by, note=reason.strip())
        notices.write(film.entrant, "sent_back", film=film, reason=reason.strip())


def accept(film: Film, *, by) -> None:
    """Pass a complete entry on to the jury.

    Raises:
        Refused: `by` is no organiser, or the entry has no file that plays.
        UndisclosedFootage: the entry was changed, and AI footage now lacks a statement.
        IllegalMove: somebody else moved the film first.
    """
    _ask(access.why_not_accept(by, film))
    _ask_disclosed(film)
    film.move(Film.Status.ELIGIBLE, by=by)


def receipt(film: Film) -> dict:
    """What the entrant can hold in hand: which file, byte for byte, was submitted, and when."""
    footage, edition = film.footage, film.edition
    return {
        "code": film.code,
        "title": film.title,
        "edition": str(edition),
        "section": str(film.section or ""),
        "entrant": str(film.entrant),
        "submitted_at": film.submitted_at,
        "submitted": access.local(film.submitted_at, edition) if film.submitted_at else "",
        "file": footage.name if footage else "",
        "sha256": footage.sha256 if footage else "",
        "size_bytes": footage.size_bytes if footage else 0,
        "length": access.clock(footage.duration_s) if footage and footage.duration_s else "",
    }


def _ask(why: str) -> None:
    if why:
        raise Refused(why)


def _ask_disclosed(film: Film) -> None:
    if gaps := disclosures.gaps(film):
        raise UndisclosedFootage(" ".join(gaps))
