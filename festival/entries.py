"""Where an entry stands: what is happening now, what comes next, what is still to do, what has been."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from festival import access, disclosures
from festival.models import Edition, Film, Footage

Status = Film.Status


def of(user) -> QuerySet[Film]:
    """A person's entries, newest first, with all that a list of them prints."""
    mine = Film.objects.entered_by(user).select_related("edition", "section", "footage")
    lists = ("edition__tiers", "footages", "stills", "countries", "notices")
    return mine.prefetch_related(*lists).order_by("-created_at")


# Now and next


class Standing(NamedTuple):
    """An entry's place on its way, in plain words."""

    now: str
    next: str


NEXT = {
    Status.SUBMITTED: "The festival office looks whether the entry is complete, then passes it to the jury.",
    Status.ELIGIBLE: "The jury watches and marks it. You hear from us by mail when the decision is made.",
    Status.SELECTED: "It is shown when the programme is published. We write to you about the screenings.",
    Status.WAITING: "It is shown if a place comes free. We write to you either way.",
    Status.DECLINED: "There is nothing left to do here. Thank you for letting us see it.",
    Status.WITHDRAWN: "Nothing more happens. Your files and texts are kept.",
}


def standing(film: Film, *, at: datetime | None = None) -> Standing:
    """What is happening to the entry at this moment, and what comes next.

    Reads `edition.tiers`, `footages` and `notices`, so that a list may have them prefetched.
    """
    if film.status == Status.DRAFT:
        return _draft(film, at=at or timezone.now())
    return Standing(_now(film), NEXT[film.known])


def _now(film: Film) -> str:
    newest = newest_footage(film)
    if film.status == Status.SUBMITTED and newest and newest.pk != film.footage_id:
        return f"Submitted. {_file(newest)}"
    since = access.local(film.submitted_at, film.edition) if film.submitted_at else ""
    return {
        Status.SUBMITTED: f"Submitted on {since}. It is with the festival office."
        if since
        else "Submitted. It is with the festival office.",
        Status.ELIGIBLE: "The office has accepted it. It is with the jury.",
        Status.SELECTED: "Selected. The film is part of the festival.",
        Status.WAITING: "On the waiting list.",
        Status.DECLINED: "The film was not selected this time.",
        Status.WITHDRAWN: "You withdrew this film.",
    }[film.known]


def _draft(film: Film, *, at: datetime) -> Standing:
    """A draft's standing turns on its file, and on whether the call is still open."""
    edition = film.edition
    newest = newest_footage(film)
    now = _file(newest) if newest else "A draft. The film has not been uploaded yet."
    if edition.status != Edition.Status.OPEN or (edition.deadline_at and at > edition.deadline_at):
        return Standing(now, "The call has closed. What may still be done stands on the entry’s page.")
    if newest is None:
        return Standing(now, "Fill in the details and upload the film, in any order.")
    if newest.status in (Footage.Status.REFUSED, Footage.Status.FAILED):
        return Standing(now, "Open the entry to try again or to send another file.")
    if newest.status != Footage.Status.READY:
        return Standing(now, "You may close this page; the work goes on. Meanwhile, state how AI was used.")
    return Standing(now, "Finish the steps that are open, then submit it.")


def newest_footage(film: Film) -> Footage | None:
    """The file sent last, whether or not it can be used."""
    return max(film.footages.all(), key=lambda footage: footage.created_at, default=None)


def _file(footage: Footage) -> str:
    return {
        Footage.Status.WAITING: "Your file has arrived and waits to be examined.",
        Footage.Status.EXAMINING: f"Your file is being examined: {footage.progress} %.",
        Footage.Status.READY: "A draft. The film plays.",
        Footage.Status.REFUSED: "Your file cannot be used. It is kept, and the entry says why.",
        Footage.Status.FAILED: "The examination of your file broke off. The file is kept.",
    }[footage.status]


# What is still to do


class Step(NamedTuple):
    """A step of the checklist: done when nothing is missing."""

    name: str  # the name of its page's address
    title: str
    words: str
    missing: list[str]
    done: bool


@dataclass(frozen=True)
class Checklist:
    """The steps from a title to a submitted film."""

    steps: list[Step]

    @property
    def missing(self) -> list[str]:
        return [sentence for step in self.steps for sentence in step.missing]


def checklist(film: Film) -> Checklist:
    """The steps of an entry, each with what is missing as sentences."""
    film_missing = [why for why in [access.why_not_shown(film) or access.why_not_fitting(film)] if why]
    details_missing = [why for why in access.missing(film) if why not in film_missing]
    ai_missing = disclosures.gaps(film)
    missing = [*details_missing, *film_missing, *ai_missing]
    submitted = film.status not in (Status.DRAFT, Status.WITHDRAWN)
    return Checklist(
        [
            Step("edit", "Details", "Titles, texts, credits, rights", details_missing, not details_missing),
            Step("film", "Film", "The file itself, examined here", film_missing, not film_missing),
            Step(
                "statement", "AI use", "What was made by people, what by machines", ai_missing, not ai_missing
            ),
            Step("preview", "Preview", "What juries and audiences will see", [], submitted or not missing),
            Step("submit", "Submit", "The festival gets to see it", [], submitted),
        ]
    )


# What has been


class Past(NamedTuple):
    """One thing that happened to an entry."""

    at: datetime
    words: str
    note: str


BECAME = {
    Status.SUBMITTED: "You submitted the film.",
    Status.ELIGIBLE: "The festival office accepted the entry and passed it to the jury.",
    Status.SELECTED: "The film was selected.",
    Status.WAITING: "The film was put on the waiting list.",
    Status.DECLINED: "The film was not selected.",
    Status.WITHDRAWN: "You withdrew the film.",
}


def history(film: Film) -> list[Past]:
    """What happened to the entry, newest first, in words for its entrant. Nobody in the office is named."""
    return sorted(_past(film), key=lambda past: past.at, reverse=True)


def _past(film: Film) -> Iterator[Past]:
    yield Past(film.created_at, "You began the entry.", "")
    for footage in film.footages.all():
        yield Past(footage.created_at, f"The file “{footage.name}” arrived.", "")
        if footage.examined_at and footage.status == Footage.Status.READY:
            yield Past(footage.examined_at, f"“{footage.name}” was examined and plays.", "")
        elif footage.examined_at and footage.status == Footage.Status.REFUSED:
            yield Past(footage.examined_at, f"“{footage.name}” could not be used.", footage.problem)
    letters = list(film.notices.all())
    for event in film.events.all():
        if not _told(event, film, letters):
            continue
        told = event.became in (Status.DRAFT, event.was)  # a reason for the entrant, or a file's digest
        yield Past(event.at, _event(event), event.note if told else "")


def _told(event, film: Film, letters: list) -> bool:
    """Whether the entrant may know of it: of a decision only by its letter, or from the programme."""
    if film.edition.status == Edition.Status.PUBLISHED:
        return True
    if event.became in Film.DECIDED:
        return any(one.kind == event.became and one.created_at >= event.at for one in letters)
    if event.was in Film.DECIDED and event.became == Status.ELIGIBLE:
        return any(one.kind == event.was and one.created_at <= event.at for one in letters)
    return True


def _event(event) -> str:
    if event.was == event.became:
        return "The submitted film has a new file."
    if event.became == Status.DRAFT:
        return "The festival office sent the entry back to you."
    if (event.was, event.became) in {
        (Status.SELECTED, Status.ELIGIBLE),
        (Status.WAITING, Status.ELIGIBLE),
        (Status.DECLINED, Status.ELIGIBLE),
    }:
        return "The festival office took its decision back; the film is with the jury again."
    return BECAME[event.became]
