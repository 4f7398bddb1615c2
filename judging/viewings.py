"""Viewings: let a juror's player in, know what was sent and what was played, and say how far a film was seen.

A page carries a pass, bound to its juror, its film and this one load of it. The player fetches the film
under that pass, so that the server knows which seconds it has sent; and reports under it what has played.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from festival import archive, screenings, viewership
from festival.errors import Refused
from festival.media.ladder import RUNG_FILE
from festival.media.places import keyframes
from festival.models import Film
from festival.viewership import Watched
from judging import access
from judging.models import FULL, Assignment, Round, Viewing
from judging.tally import masking, watching
from judging.tally.watching import Index, Range

SALT = "marquee.screening"
NOTICEABLE_MS = 250  # players round a film's end; less than this is not worth another report
SOUND = "audio"  # the ladder's folder for it

# What would show names that are covered: frames of the whole film, and the film in one piece.
TELLTALE = frozenset({"sprite.vtt", "sprite.jpg", "poster.jpg", "film.mp4"})


# The pass


class Pass(NamedTuple):
    """A juror's leave to play one film from one load of its page."""

    assignment: UUID
    juror: int
    given_at: datetime


def give_pass(assignment: Assignment, *, at: datetime | None = None) -> str:
    """A signed pass for the film's juror, who has been found to be allowed to see it."""
    given = (at or timezone.now()).timestamp()
    words = [str(assignment.pk), assignment.juror_id, given, secrets.token_urlsafe(6)]
    return signing.Signer(salt=SALT).sign_object(words)


def read_pass(token: str, *, by, at: datetime | None = None) -> Pass:
    """What a pass says.

    Raises:
        django.core.signing.BadSignature: it is forged, somebody else's, or older than MEDIA_TOKEN_AGE_S.
    """
    assignment, juror, given, _ = signing.Signer(salt=SALT).unsign_object(token)
    given_at = datetime.fromtimestamp(given, UTC)
    age = (at or timezone.now()) - given_at
    if juror != by.pk or age > timedelta(seconds=settings.MEDIA_TOKEN_AGE_S):
        raise signing.BadSignature("This pass is somebody else’s, or its time is over.")
    return Pass(UUID(assignment), juror, given_at)


def play(assignment: Assignment, *, at: datetime | None = None) -> dict[str, str]:
    """Addresses for the juror's player, all under one new pass, and the pass itself.

    Where a blind round covers a part of the film, the parts that would show it are left out.
    """
    token = give_pass(assignment, at=at)
    hidden = covered(assignment)
    parts = {
        part: "" if hidden and file in TELLTALE else reverse("jury:media", args=[token, file])
        for part, file in screenings.PARTS.items()
    }
    return parts | {"pass": token}


# What a blind round covers


def covered(assignment: Assignment) -> list[Range]:
    """The ranges of names in the film that this juror must not see, in milliseconds."""
    if not assignment.round.covers:
        return []
    ranges = assignment.film.title_ranges.all()
    return watching.union((round(r.start_s * 1000), round(r.end_s * 1000)) for r in ranges)


def to_see_ms(assignment: Assignment) -> int:
    """Milliseconds of the film that this juror can see; 0 while its length is not known."""
    footage = assignment.film.footage
    whole = round((footage.duration_s or 0) * 1000) if footage else 0
    return watching.length_ms(watching.without([(0, whole)], covered(assignment)))


# What was sent


class Playing(NamedTuple):
    """A file that a juror's player has asked for, and may have."""

    assignment: UUID
    footage: UUID
    name: str  # in the archive
    index: Index | None  # where its seconds lie; None for what is not played
    hidden: Sequence[Range] = ()  # milliseconds that a blind round covers

    @property
    def shows(self) -> bool:
        """Whether it holds the picture; hearing a film is not seeing it."""
        return self.index is not None and PurePosixPath(self.name).parent.name != SOUND

    @property
    def withheld(self) -> list[Range]:
        """Bytes of it that are not for this juror."""
        return masking.withheld(self.index, self.hidden) if self.index and self.hidden else []


def asked_for(token: str, rest: str, *, by, at: datetime | None = None) -> Playing:
    """The file that an address under a pass stands for, if its film is still on the juror's list.

    Raises:
        django.core.signing.BadSignature: it is not, or the pass or the address is not good.
    """
    permit = read_pass(token, by=by, at=at)
    mine = Assignment.objects.visible_to(by).select_related("round", "film__footage")
    assignment = mine.filter(pk=permit.assignment).first()
    footage = assignment and assignment.film.footage
    if not footage or not footage.folder:
        raise signing.BadSignature("The film is not on this juror’s list, or has no file.")
    hidden = covered(assignment)
    if rest in TELLTALE and hidden:
        raise signing.BadSignature("This file would show what is covered.")
    name = screenings.within(footage.folder, rest)
    return Playing(assignment.pk, footage.pk, name, index_of(name, top=footage.folder), hidden)


def masked_playlist(playing: Playing) -> str:
    """The playlist, with gaps where it would lead to what is covered; "" where it is to be sent as it is."""
    path = PurePosixPath(playing.name)
    if path.name != "index.m3u8" or not playing.hidden:
        return ""
    with archive.open_file(playing.name) as file:
        text = file.read().decode()
    return masking.with_gaps(text, watching.index_of_playlist(text), playing.hidden)


def index_of(name: str, *, top: str) -> Index | None:
    """Where the seconds of a played file lie; `top` is its film's folder."""
    path = PurePosixPath(name)
    if path.name != RUNG_FILE:
        return None
    try:
        return _of_file(name) if str(path.parent) == top else _of_rung(str(path.parent))
    except (FileNotFoundError, ValueError):
        return None


@lru_cache(maxsize=256)
def _of_rung(folder: str) -> Index:
    with archive.open_file(f"{folder}/index.m3u8") as playlist:
        return watching.index_of_playlist(playlist.read().decode())


@lru_cache(maxsize=64)
def _of_file(name: str) -> Index:
    """Of the one progressive file. In a bucket nothing is looked up: there the ladder is what counts."""
    if not archive.on_disk():
        raise FileNotFoundError(name)
    places = keyframes(archive.path(name))
    return Index(tuple(byte for byte, _ in places), tuple(round(1000 * second) for _, second in places))


def deliver(playing: Playing, first: int, end: int) -> None:
    """Remember that the bytes from `first` up to `end` of a file have been sent to its juror."""
    sent = watching.delivered(playing.index, first, end) if playing.index and playing.shows else []
    known = Viewing.objects.filter(assignment=playing.assignment, footage=playing.footage)
    if not watching.without(sent, known.values_list("delivered", flat=True).first() or []):
        return
    with transaction.atomic():
        viewing = _locked(playing.assignment, playing.footage)
        viewing.delivered = watching.union(viewing.delivered, sent)
        viewing.save(update_fields=["delivered"])


def _locked(assignment: UUID, footage: UUID) -> Viewing:
    """The viewing, held until the transaction ends; begun anew where the film has a new file."""
    rows = Viewing.objects.select_for_update()
    begun = {"footage_id": footage, "credit_ms": watching.SLACK_MS}
    viewing, _ = rows.get_or_create(assignment_id=assignment, defaults=begun)
    if viewing.footage_id != footage:
        viewing.footage_id, viewing.delivered, viewing.played, viewing.seen_ms = footage, [], [], 0
        viewing.save()
    return viewing


# What was played


class Heard(NamedTuple):
    """What a player is told after its report."""

    percent: int  # of what there is to see
    enough: bool  # to mark the film
    rest: bool  # the juror has been at it for long
    again: bool  # something reported does not count yet; it is to be reported once more


@transaction.atomic
def hear(
    assignment: Assignment, reported: Sequence[Range], *, by, token: str, at: datetime | None = None
) -> Heard:
    """Take a player's report of what it has played, as far as it can be true; see `watching.admit`.

    Reports may come late, twice, in any order and from two tabs: each second counts once. Time runs once
    for a juror, however many films are open.

    Args:
        reported: half-open ranges of the film in milliseconds; all since the page was opened will do.
        assignment: with its round, edition and film loaded.

    Raises:
        Refused: `by` may not judge this film now, or the pass is not for it.
    """
    at = at or timezone.now()
    if why := access.why_not_judge(by, assignment):
        raise Refused(why)
    opened_at = _opened_at(assignment, token, by=by, at=at)
    footage = assignment.film.footage
    if footage is None:
        return Heard(0, enough=not assignment.round.watch_share, rest=False, again=False)
    by.one_at_a_time()  # films open side by side share the juror's time
    viewing = _locked(assignment.pk, footage.pk)
    last = _last_heard_of(by)
    before, to_see = viewing.percent, to_see_ms(assignment)
    admitted = watching.admit(
        viewing.played,
        reported,
        delivered=viewing.delivered,
        credit_ms=viewing.credit_ms,
        elapsed_ms=_ms(at - max(opened_at, last.heard_at if last else opened_at)),
    )
    viewing.played, viewing.credit_ms = admitted.played, admitted.credit_ms
    viewing.to_see_ms = to_see
    viewing.seen_ms = watching.length_ms(watching.without(admitted.played, covered(assignment)))
    viewing.sitting_ms = watching.sitting_ms(last.sitting_ms, _ms(at - last.heard_at)) if last else 0
    viewing.heard_at = at
    viewing.save()
    if any(before < bar <= viewing.percent for bar in (FULL, 100)):
        tell(assignment.film, assignment.round, at=at)
    enough = not access.why_not_mark_yet(assignment.round, viewing.percent)
    left_ms = watching.length_ms(watching.without(reported, viewing.played))
    return Heard(
        viewing.percent,
        enough,
        rest=viewing.sitting_ms >= watching.REST_AFTER_MS,
        again=left_ms >= NOTICEABLE_MS,
    )


def _last_heard_of(juror) -> Viewing | None:
    """The viewing, of whichever film, that this juror's player reported last."""
    heard = Viewing.objects.filter(assignment__juror=juror).exclude(heard_at=None)
    return heard.only("heard_at", "sitting_ms").order_by("-heard_at").first()


def _opened_at(assignment: Assignment, token: str, *, by, at: datetime) -> datetime:
    """When the page was opened that reports."""
    try:
        permit = read_pass(token, by=by, at=at)
    except signing.BadSignature:
        permit = None
    if permit is None or permit.assignment != assignment.pk:
        raise Refused("This page is too old to count what you watch. Reload it; what has counted is kept.")
    return permit.given_at


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def of(assignment: Assignment) -> Viewing:
    """How far the juror has watched the file that the film has now; an empty, unsaved one if not at all."""
    viewing, footage = getattr(assignment, "viewing", None), assignment.film.footage_id
    if viewing and viewing.footage_id == footage:
        return viewing
    return Viewing(assignment=assignment, footage_id=footage)


# What the entrant is told


def tell(film: Film, round: Round, *, at: datetime | None = None) -> None:
    """Write down, for the film's entrant, how far it has been watched in this round; nobody is named."""
    _tell(round, round.assignments.filter(film=film), at=at or timezone.now())


def tell_all(round: Round, *, at: datetime | None = None) -> None:
    """Tell every entrant of the round, as it closes."""
    _tell(round, round.assignments.all(), at=at or timezone.now())


def _tell(round: Round, assignments, *, at: datetime) -> None:
    seen: dict[UUID, list[int]] = defaultdict(list)  # per cent of each juror who was given the film
    for assignment in assignments.standing().select_related("viewing").defer("viewing__delivered"):
        viewing = getattr(assignment, "viewing", None)
        seen[assignment.film_id].append(viewing.percent if viewing else 0)
    viewership.record(
        (
            Watched(
                film, jurors=len(each), viewings=sum(p >= FULL for p in each), share=sum(each) // len(each)
            )
            for film, each in seen.items()
        ),
        round=round.pk,
        round_name=round.name,
        at=at,
    )
