"""Screeners: what a juror is shown of a film, and in a blind round nothing that names its makers."""

from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.crypto import salted_hmac

from festival import captions as captions_
from festival import labels, names
from festival.models import Subtitle
from judging import rounds, sights, viewings
from judging.models import Assignment, Round


class Shape(NamedTuple):
    """Of the picture, for the player."""

    width: int | None
    height: int | None
    frame_rate: str


@dataclass(frozen=True)
class Screener:
    """All that a juror's page knows of a film; pages get this instead of the film itself."""

    title: str
    logline: str
    synopsis: str
    warnings: list[str]
    duration_s: float | None
    shape: Shape | None
    label: labels.Label
    playback: dict
    captions: list[dict]
    makers: list[tuple[str, str]]  # role and name; empty in a blind round
    covered: list[tuple[float, float]]  # seconds in which the picture is covered and the sound is off
    overlay: str  # whose copy this is, over the picture
    percent: int  # of the film, seen so far
    needed: int  # per cent of the film, before it may be marked


def screener(assignment: Assignment) -> Screener:
    """Lay out the film of an assignment for its juror, who has been found to be allowed to see it."""
    film, blind = assignment.film, assignment.round.blind
    footage = film.footage
    return Screener(
        title=film.title,
        logline=film.logline,
        synopsis=film.synopsis,
        warnings=film.content_warnings,
        duration_s=footage.duration_s if footage else None,
        shape=Shape(footage.width, footage.height, footage.frame_rate) if footage else None,
        label=labels.label(film, blind=blind),
        playback=viewings.play(assignment) if footage else {},
        captions=[_caption(assignment, subtitle) for subtitle in film.subtitles.all()],
        makers=[] if blind else [(credit.role, credit.name) for credit in film.credits.all()],
        covered=_covered_s(assignment),
        overlay=f"{assignment.juror} · {code(assignment)}",
        percent=viewings.of(assignment).percent,
        needed=assignment.round.watch_share,
    )


def code(assignment: Assignment) -> str:
    """Six letters that say whose copy of which film a picture was taken of; the office can work them out."""
    return salted_hmac("marquee.overlay", f"{assignment.pk} {assignment.juror_id}").hexdigest()[:6].upper()


def captions(assignment: Assignment, subtitle: Subtitle) -> str:
    """A film's captions as WebVTT for its juror, without those in what a blind round covers."""
    covered = _covered_s(assignment)
    return captions_.outside(subtitle.vtt, covered) if covered else subtitle.vtt


def _covered_s(assignment: Assignment) -> list[tuple[float, float]]:
    return [(start / 1000, end / 1000) for start, end in viewings.covered(assignment)]


def _caption(assignment: Assignment, subtitle: Subtitle) -> dict:
    """The entrant's own name for a track could give them away, so the language stands for it."""
    language = subtitle.language
    src = reverse("jury:captions", args=[assignment.pk, language])
    return {"src": src, "label": names.language(language), "language": language}


@dataclass(frozen=True)
class Hand:
    """A juror's films of one round, in the juror's own order."""

    round: Round
    assignments: list[Assignment]
    progress: rounds.Progress

    @property
    def next(self) -> Assignment | None:
        """The first film without a whole review."""
        return next((a for a in self.assignments if not a.reviewed), None)

    def after(self, assignment: Assignment) -> Assignment | None:
        """The film to go on with: the next one without a whole review, from the top after the last."""
        place = [a.pk for a in self.assignments].index(assignment.pk)
        others = self.assignments[place + 1 :] + self.assignments[:place]
        return next((a for a in others if not a.reviewed), None)


def hands(user) -> list[Hand]:
    """A juror's films by round, open rounds first; three queries however many films there are."""
    mine = Assignment.objects.visible_to(user).with_marked()
    mine = mine.select_related("film__footage").prefetch_related("film__title_ranges")
    of_footage = [f"film__footage__{name}" for name in ("duration_s", "folder", "colour")]
    mine = mine.only("round", "film__title", *of_footage)
    grouped: dict[int, list[Assignment]] = {}
    for assignment in mine.order_by("-round__status", "round", "position", "pk"):
        grouped.setdefault(assignment.round_id, []).append(assignment)
    held = Round.objects.select_related("edition").in_bulk(grouped)
    for key, films in grouped.items():
        for assignment in films:
            assignment.round = held[key]
        sights.veiled(held[key], (assignment.film for assignment in films))
    return [Hand(held[key], films, rounds.progress(films)) for key, films in grouped.items()]


def hand(user, round: Round) -> Hand:
    """A juror's films of one round, with no more of each than how long it is and how far it is marked."""
    mine = Assignment.objects.visible_to(user).with_marked().filter(round=round)
    mine = mine.select_related("film__footage").only("film__footage__duration_s").order_by("position", "pk")
    films = list(mine)
    return Hand(round, films, rounds.progress(films))
