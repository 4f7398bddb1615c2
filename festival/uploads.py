"""Resumable uploads (tus 1.0): begin one, take in bytes, finish it, give it up, clear away what expired.

The row says how many bytes count; the file, under a name we made, holds them. Bytes reach the file first and
the row after, so a file may run on beyond its row: a killed server's last moments, or half of a piece whose
checksum was never compared. That tail is cut off before anything is added, since nobody vouches for it; at
worst a few seconds are sent again. A file shorter than its row (a power cut) counts for what is really there.
"""

import errno
import hashlib
import io
import os
import shutil
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from festival import access, intake
from festival.errors import Conflict, Full, Problem, Refused, Unacceptable
from festival.models import Film, Footage, Upload

LEASE = timedelta(seconds=6)  # a killed server's lock lapses this long after its last sign of life
RENEW_S = 2.0  # seconds between two signs of life, and the most a kill makes a sender send again
ALGORITHMS = ("sha1", "sha256")
MOST_PIECES = 1024  # in one call; IOV_MAX of Linux and macOS
TAKEN_OVER = "Another connection has taken this upload over. What it has received is kept."
HANDOVER = "marquee.deliveries"  # in the ASGI scope: where a view leaves deliveries for festival.asgi


class Busy(Conflict):
    """Another request is writing to this upload."""

    http_status = 423


class TooLarge(Unacceptable):
    """More bytes than a file may have, or than were announced."""

    http_status = 413


class Expired(Problem):
    """The upload was left alone for too long."""

    http_status = 410


class ChecksumMismatch(Unacceptable):
    """The bytes that came are not those that were sent."""

    http_status = 460


def begin(film: Film, *, by, name: str, size_bytes: int, at=None) -> Upload:
    """Make room for a file of `size_bytes` that `by` is about to send for `film`.

    Raises:
        Refused: `by` may not change the entry now.
        Unacceptable: the file is empty, or larger than any film may be.
        Full: it would exceed the person's quota, or the disk has no room for it.
    """
    at = at or timezone.now()
    if why := access.why_not_edit(by, film, at=at):
        raise Refused(why)
    if size_bytes == 0:
        raise Unacceptable("This file is empty. Export the film again and choose the new file.")
    if size_bytes > settings.UPLOAD_MAX_BYTES:
        most = filesizeformat(settings.UPLOAD_MAX_BYTES)
        raise TooLarge(f"A film may have {most} at most. Export it at a lower bit rate and try again.")
    with transaction.atomic():
        by.one_at_a_time()
        check_quota(by, size_bytes, at=at)
        check_disk(size_bytes)
        return Upload.objects.create(
            film=film,
            owner=by,
            name=tidy(name),
            size_bytes=size_bytes,
            begun_at=at,
            expires_at=at + age(),
        )


def age() -> timedelta:
    """How long an upload is kept after its last sign of life."""
    return timedelta(hours=settings.UPLOAD_AGE_H)


def tidy(name: str) -> str:
    """The last part of a file's name as people read it; it never becomes a path."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:255] or "film"


def check_quota(person, size_bytes: int, *, at) -> None:
    """Raise Full if `size_bytes` more would exceed what one person may keep here."""
    coming = Upload.objects.filter(owner=person, finished_at=None, expires_at__gt=at)
    kept = Footage.objects.filter(film__entrant=person)
    used = sum(rows.aggregate(sum=Sum("size_bytes"))["sum"] or 0 for rows in (coming, kept))
    if used + size_bytes > settings.UPLOAD_QUOTA_BYTES:
        left = filesizeformat(max(settings.UPLOAD_QUOTA_BYTES - used, 0))
        raise Full(
            f"Your films and unfinished uploads leave {left} of your space, and this file has "
            f"{filesizeformat(size_bytes)}. Cancel an upload you no longer need, or write to the office."
        )


def check_disk(size_bytes: int) -> None:
    """Raise Full if the disk cannot hold `size_bytes` besides what all uploads have still to send."""
    coming = Upload.objects.filter(finished_at=None)
    promised = coming.aggregate(sum=Sum(F("size_bytes") - F("offset_bytes")))["sum"] or 0
    check_headroom(promised + size_bytes)


def check_headroom(size_bytes: int = 0) -> None:
    """Raise Full if `size_bytes` more would leave less than FREE_DISK_BYTES."""
    if free_bytes() - size_bytes < settings.FREE_DISK_BYTES:
        raise Full(
            "The festival's disk is full at the moment. What has arrived is kept; try again in an hour, "
            "and write to the festival office if it stays so."
        )


def free_bytes() -> int:
    """Free space where uploads arrive."""
    settings.UPLOAD_ROOT.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.UPLOAD_ROOT).free


def arrived(upload: Upload) -> int:
    """How many bytes count: those of the row, as far as the file really has them."""
    if upload.finished_at:
        return upload.size_bytes
    try:
        return min(upload.offset_bytes, upload.path.stat().st_size)
    except FileNotFoundError:  # nothing came yet, or the intake has taken the whole file away already
        return upload.size_bytes if upload.offset_bytes == upload.size_bytes else 0


def lock(upload: Upload, *, at=None) -> uuid.UUID:
    """Take the upload for one writer. One UPDATE decides, which matches only a row that is as we read it.

    Raises:
        Busy: another writer has it and was alive within the last LEASE, or has been at it since we read.
    """
    at = at or timezone.now()
    key = uuid.uuid4()
    seen = Upload.objects.filter(pk=upload.pk, finished_at=None, offset_bytes=upload.offset_bytes)
    if not seen.filter(Q(lock=None) | Q(locked_until__lte=at)).update(lock=key, locked_until=at + LEASE):
        raise Busy("This upload is being written to at the moment. Try again in a few seconds.")
    return key


def unlock(upload: Upload, key: uuid.UUID, **changes) -> None:
    """Let go of the upload, writing `changes` in the same UPDATE. Raises Busy if it is no longer ours."""
    mine = Upload.objects.filter(pk=upload.pk, lock=key)
    if not mine.update(lock=None, locked_until=None, **changes):
        raise Busy(TAKEN_OVER)


def check_open(upload: Upload, *, by, at) -> None:
    """Raise a Problem unless `by` may send more of this upload now."""
    if upload.finished_at:
        raise Conflict("This file has already arrived; there is nothing more to send.")
    if upload.expires_at <= at:
        raise Expired("This upload was left alone for too long and has expired. Begin it again.")
    last_heard = upload.expires_at - age()
    in_full_swing = upload.offset_bytes > 0 and at < last_heard + timedelta(minutes=1)
    if in_full_swing and upload.film.status in access.EDITABLE:
        return  # piece upon piece, the calendar is asked no more often than within one long piece
    if why := access.why_not_edit(by, upload.film, at=at):
        raise Refused(why)


def hold(upload: Upload, *, by, offset: int, length: int | None = None, checksum=None, at=None) -> "Delivery":
    """Open the upload for `length` bytes from `offset` on; the delivery must land, well or badly.

    Args:
        length: None where the sender does not say.
        checksum: (algorithm, digest) of the bytes to come; without a match they do not count.

    Raises:
        Busy, Expired, Refused, Full: not now, and the message says why.
        Conflict: `offset` is not where the upload stands, or it is finished.
        TooLarge: more bytes than were announced when the upload began.
    """
    at = at or timezone.now()
    check_open(upload, by=by, at=at)
    key = lock(upload, at=at)
    try:
        if offset != arrived(upload):
            raise Conflict(f"The upload stands at byte {arrived(upload)}, not {offset}. Go on from there.")
        if offset + (length or 0) > upload.size_bytes:
            raise TooLarge("These are more bytes than the file was said to have. Begin the upload again.")
        check_headroom()
    except Problem:
        unlock(upload, key)
        raise
    return Delivery(upload, key, checksum=checksum)


class Delivery:
    """The bytes of one request on their way into one upload's file. Not for two threads at once."""

    def __init__(self, upload: Upload, key: uuid.UUID, *, checksum=None):
        self.upload = upload
        self.key = key
        self.begun = self.offset = arrived(upload)
        self.wanted = checksum and checksum[1]
        self.digest = checksum and hashlib.new(checksum[0])
        self.renewed = time.monotonic()
        upload.path.parent.mkdir(parents=True, exist_ok=True)
        self.file = io.FileIO(os.open(upload.path, os.O_WRONLY | os.O_CREAT, 0o600), "w")
        if os.fstat(self.file.fileno()).st_size > self.begun:  # ext4 flushes an emptied file on its close
            self.file.truncate(self.begun)
        self.file.seek(self.begun)

    def write(self, pieces: list[bytes]) -> None:
        """Add `pieces` to the file; every RENEW_S first say that we live, and count what is there.

        Raises:
            Busy: another writer took over after a silence.
            TooLarge, Full: as in `add`; a disk is full before the last of its room is used.
        """
        if self.due:
            # a piece with a checksum counts as a whole, or not at all
            self.renew(offset=self.begun if self.digest else self.offset)
            check_headroom()
        self.add(pieces)

    @property
    def due(self) -> bool:
        """Whether it is time to say that we live, for which the next `write` asks the database."""
        return time.monotonic() - self.renewed > RENEW_S

    def add(self, pieces: list[bytes]) -> None:
        """Add `pieces` to the file, and ask nobody.

        Raises:
            TooLarge: the pieces run over the announced size; nothing of them is written.
            Full: the disk ran out; what fitted counts.
        """
        if self.offset + sum(map(len, pieces)) > self.upload.size_bytes:
            raise TooLarge("These are more bytes than the file was said to have. Begin the upload again.")
        try:
            self._add(pieces)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise Full("The disk filled up. What has arrived is kept; try again in an hour.") from error

    def _add(self, pieces: list[bytes]) -> None:
        """Write all pieces by as few calls as can be: after each, this thread queues for the interpreter."""
        rest = [memoryview(piece) for piece in pieces if piece]
        while rest:
            written = os.writev(self.file.fileno(), rest[:MOST_PIECES])
            self.offset += written
            while rest and written >= len(rest[0]):
                written -= len(self._counted(rest.pop(0)))
            if written:
                rest[0] = self._counted(rest[0], written)

    def _counted(self, piece: memoryview, end: int | None = None) -> memoryview:
        """Take what was written of `piece` into the checksum; returns the piece, or what is left of it."""
        if self.digest:
            self.digest.update(piece[:end])
        return piece if end is None else piece[end:]

    def renew(self, *, offset: int, last: bool = False, at=None) -> None:
        """Count the bytes up to `offset`; prolong the upload's life and the lease, or let go if `last`."""
        at = at or timezone.now()
        lease = {"lock": None, "locked_until": None} if last else {"locked_until": at + LEASE}
        expires_at = at + age()
        mine = Upload.objects.filter(pk=self.upload.pk, lock=self.key)
        if not mine.update(offset_bytes=offset, expires_at=expires_at, **lease):
            raise Busy(TAKEN_OVER)
        self.upload.offset_bytes = offset
        self.renewed = time.monotonic()

    def land(self, *, complete: bool, at=None) -> int:
        """Count what arrived, let the upload go, and finish it when it is whole. Returns the new offset.

        Args:
            complete: whether the request's body came to its end. If not, what came counts all the
                same, unless a checksum was promised for the whole of it.

        Raises:
            ChecksumMismatch: nothing of this delivery counts.
            Busy: another writer took over after a silence, and counts for itself.
        """
        at = at or timezone.now()
        matches = not self.digest or (complete and self.digest.digest() == self.wanted)
        end = self.offset if matches else self.begun
        self.file.close()
        self.renew(at=at, offset=end, last=end < self.upload.size_bytes)
        if end == self.upload.size_bytes:
            hand_over(self.upload, self.key, at=at)
        if complete and not matches:
            raise ChecksumMismatch("These bytes were damaged on the way. Send this piece again.")
        return end

    def pour(self, pieces: Iterable[bytes]) -> int:
        """Write all `pieces` and land; for servers that hand a body over piece by piece."""
        try:
            for piece in pieces:
                self.write([piece])
        except (Problem, OSError):
            self.land(complete=False)
            raise
        return self.land(complete=True)


def finish(upload: Upload, *, at=None) -> None:
    """Hand a file that is whole to the intake, if nobody has yet. Called by two at once, it happens once."""
    if upload.finished_at or arrived(upload) < upload.size_bytes:
        return
    with suppress(Busy):  # somebody else is at it
        hand_over(upload, lock(upload, at=at), at=at)


def hand_over(upload: Upload, key: uuid.UUID, *, at=None) -> None:
    """Give the file to the intake, then write that it is done.

    In this order, and not in one transaction, because moving the file may take long where the archive is a
    bucket: killed in between, `finish` asks the intake again, to which twice is as good as once.
    """
    upload.finished_at = at or timezone.now()
    intake.receive(upload)
    unlock(upload, key, finished_at=upload.finished_at)


def cancel(upload: Upload, *, at=None) -> None:
    """Forget an unfinished upload and its bytes.

    Raises:
        Busy: it is being written to.
        Conflict: it has arrived; a film's file is taken away by sending another.
    """
    if upload.finished_at:
        raise Conflict("This file has already arrived, so its upload cannot be cancelled.")
    lock(upload, at=at)
    path = upload.path
    upload.delete()
    path.unlink(missing_ok=True)


def clear_expired(at=None) -> None:
    """Forget what expired unfinished, finish what is whole, and remove files that no row knows."""
    at = at or timezone.now()
    for upload in Upload.objects.filter(finished_at=None, offset_bytes=F("size_bytes")):
        finish(upload, at=at)
    for upload in Upload.objects.expired(at):
        with suppress(Busy):
            cancel(upload, at=at)
    settings.UPLOAD_ROOT.mkdir(parents=True, exist_ok=True)
    files = list(settings.UPLOAD_ROOT.iterdir())  # before the rows: a newer file has a row we would miss
    known = {pk.hex for pk in Upload.objects.values_list("pk", flat=True)}
    for file in files:
        if file.name not in known:
            file.unlink(missing_ok=True)
