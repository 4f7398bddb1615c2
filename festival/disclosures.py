"""Disclosure: clips adopted from the studio, the entrant's signed statement, and what is still unsaid."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from festival import access
from festival.errors import Refused, Unacceptable, UndisclosedFootage
from festival.labels import Label, label, label_json, length_s, listed, share, share_of
from festival.models import DepartmentUse, Disclosure, Film, Statement, Tool
from festival.provenance import timecodes, vocabulary

__all__ = ["ClipFacts", "Label", "adopt", "gaps", "label", "label_json", "share", "state", "unsign"]

Department, Extent = DepartmentUse.Department, DepartmentUse.Extent
Kind, Track, Standing = Disclosure.Kind, Disclosure.Track, Disclosure.Standing

LATEST_S = 24 * 3600.0  # that anything can begin in a film of which no length is known yet
ONE_FRAME_S = 0.05  # encoders round a film's end; a range may stand over it by this much

# Departments of which at least one must admit to AI when the cue sheet has such ranges.
ANSWERABLE = {
    (Track.PICTURE, Kind.GENERATED): (Department.PICTURE,),
    (Track.PICTURE, Kind.MODIFIED): (Department.PICTURE, Department.EFFECTS, Department.EDIT),
    (Track.SOUND, Kind.GENERATED): (Department.VOICE, Department.SOUND),
    (Track.SOUND, Kind.MODIFIED): (Department.VOICE, Department.SOUND, Department.EDIT),
    (Track.TEXT, Kind.GENERATED): (Department.SUBTITLES, Department.SCRIPT, Department.EFFECTS),
    (Track.TEXT, Kind.MODIFIED): (Department.SUBTITLES, Department.SCRIPT, Department.EFFECTS),
}
FOOTAGE = {Track.PICTURE: "footage", Track.SOUND: "sound", Track.TEXT: "text"}


# Clips made here


@dataclass(frozen=True)
class ClipFacts:
    """What the studio knows of a clip, copied into the film so that it outlives the clip."""

    clip_id: UUID
    engine: str
    revision: str
    licence: str
    seed: int
    prompt_sha256: str
    clip_sha256: str
    duration_s: float
    method: str = "text-to-video"
    title: str = ""  # of the engine, for people to read


@transaction.atomic
def adopt(film: Film, *, by, start_s: float, clip: ClipFacts, at=None) -> Disclosure:
    """Enter a clip made here into the film's cue sheet, where it begins at `start_s`.

    The platform vouches for engine, revision, seed and digests; what a person did is for the entrant
    to say, so a signature given before must be given again. The same clip at the same place is
    entered once.

    Raises:
        Refused: `by` may not change the entry.
        Unacceptable: the clip would not lie within the film.
    """
    at = at or timezone.now()
    _hold(film)
    if why := access.why_not_edit(by, film, at=at):
        raise Refused(why)
    if here := film.disclosures.filter(clip_id=clip.clip_id, start_s=start_s).first():
        return here
    end_s = _end_within(film, start_s, clip.duration_s)
    tool = _tool(film, clip)
    unsign(film)
    return film.disclosures.create(
        start_s=start_s,
        end_s=end_s,
        method=clip.method,
        tool=tool,
        standing=Standing.VERIFIED,
        clip_id=clip.clip_id,
        engine=clip.engine,
        revision=clip.revision,
        seed=clip.seed,
        prompt_sha256=clip.prompt_sha256,
        clip_sha256=clip.clip_sha256,
        clip_s=clip.duration_s,
        adopted_at=at,
    )


def _hold(film: Film) -> None:
    """Let nobody else change the film's disclosures meanwhile, and see how it stands by now."""
    film.refresh_from_db(fields=["status"], from_queryset=Film.objects.select_for_update())


def _tool(film: Film, clip: ClipFacts) -> Tool:
    """The engine as one of the film's tools: the one it has been before, whatever it was called then."""
    before = film.tools.filter(
        from_platform=True, version=clip.revision, disclosures__engine=clip.engine
    ).first()
    if before:
        return before
    tool, _ = Tool.objects.update_or_create(
        film=film,
        name=clip.title or clip.engine,
        version=clip.revision,
        defaults={"licence": clip.licence, "from_platform": True},
    )
    return tool


def _end_within(film: Film, start_s: float, clip_s: float) -> float:
    """Where a clip ends that begins at `start_s`; refuses one that does not lie within the film."""
    if start_s < 0:
        raise Unacceptable("A clip cannot begin before the film does. Give a time of 0:00 or later.")
    if start_s > LATEST_S:
        raise Unacceptable("No film is that long. Say in seconds where in it the clip begins.")
    duration_s = length_s(film)
    end_s = start_s + clip_s
    if duration_s is None or end_s <= duration_s:
        return end_s
    if end_s <= duration_s + ONE_FRAME_S and start_s < duration_s:
        return duration_s
    if clip_s > duration_s:
        raise Unacceptable(
            f"The clip lasts {timecodes.fine(clip_s)} and the film only {timecodes.fine(duration_s)}, "
            "so it cannot be part of it. Upload the longer cut of the film first."
        )
    raise Unacceptable(
        f"The clip would end at {timecodes.fine(end_s)}, but the film ends at "
        f"{timecodes.fine(duration_s)}. Place it at {timecodes.fine(duration_s - clip_s)} or earlier."
    )


# The entrant's statement


@transaction.atomic
def state(film: Film, *, by, parts: Iterable, sign_as: str = "", at=None) -> None:
    """Keep what the entrant states, and sign it where `sign_as` gives a name.

    A draft may be kept with gaps, and is signed once nothing else is left to say. An entry that has been
    submitted must stay complete, so there a change that would open a gap is refused and nothing is changed.
    A change without a signature takes an earlier one back.

    Args:
        parts: forms and formsets that have been found valid; each is saved.

    Raises:
        Refused: `by` may not change the entry.
        UndisclosedFootage: a submitted entry would no longer be complete.
    """
    at = at or timezone.now()
    _hold(film)
    if why := access.why_not_edit(by, film, at=at):
        raise Refused(why)
    for part in parts:
        part.save()
    film.tools.filter(from_platform=True, disclosures=None, departments=None).delete()
    if sign_as:
        Statement.objects.update_or_create(
            film=film, defaults={"attested_name": sign_as, "attested_by": by, "attested_at": at}
        )
    else:
        unsign(film)
    if open_points := gaps(Film.objects.get(pk=film.pk)):
        if film.status == Film.Status.DRAFT:
            unsign(film)  # nobody signs for what is not said
            return
        raise UndisclosedFootage(
            "This entry has been submitted, so its statement must stay complete and signed. "
            "What you typed is still here. " + " ".join(open_points)
        )


def unsign(film: Film) -> None:
    """Take the signature back: what it stood under has changed. The name stays for the next time."""
    Statement.objects.filter(film=film).update(attested_by=None, attested_at=None)


# What is still unsaid


def gaps(film: Film) -> list[str]:
    """What must still be said about AI before the film can be submitted: sentences, in reading order."""
    statement = Statement.objects.filter(film=film).first()
    uses = list(film.departments.prefetch_related("tools"))
    ranges = list(film.disclosures.select_related("tool"))
    return [
        *_departments_unsaid(uses),
        *_ranges_unsaid(ranges),
        *_ranges_outside(ranges, length_s(film)),
        *_contradictions(uses, ranges),
        *_tools_unsaid(uses, ranges),
        *_consents_unsaid(film, ranges),
        *_section_unmet(film, ranges),
        *_evidence_unanswered(film, ranges),
        *_statement_unsaid(statement),
    ]


def _departments_unsaid(uses: list[DepartmentUse]) -> list[str]:
    said = {use.department for use in uses}
    missing = [words for value, words in vocabulary.NAMED.items() if value not in said]
    return [f"Say how far AI went in {listed(missing)}."] if missing else []


def _ranges_unsaid(ranges: list[Disclosure]) -> list[str]:
    return [
        f"Say how the {FOOTAGE[line.track]} at {line.span} was made{_what_is_missing(line)}."
        for line in ranges
        if line.unstated
    ]


def _what_is_missing(line: Disclosure) -> str:
    """The fields a line still lacks, or nothing where it lacks them all."""
    parts = {"the method": line.method, "the tool": line.tool_id, "what a person did": line.human_part}
    missing = [words for words, value in parts.items() if not value]
    if len(missing) == len(parts):
        return ""
    return f": {listed(missing)} {'is' if len(missing) == 1 else 'are'} missing"


def _ranges_outside(ranges: list[Disclosure], duration_s: float | None) -> list[str]:
    if duration_s is None:
        return []
    return [
        f"The {line.get_kind_display().lower()} {FOOTAGE[line.track]} at {line.span} reaches beyond the "
        f"film’s end at {timecodes.fine(duration_s)}. Correct its times."
        for line in ranges
        if line.end_s > duration_s + ONE_FRAME_S
    ]


def _contradictions(uses: list[DepartmentUse], ranges: list[Disclosure]) -> list[str]:
    """Where the departments say one thing and the cue sheet another."""
    none = {use.department for use in uses if use.extent == Extent.NONE}
    sentences = []
    for (track, kind), departments in ANSWERABLE.items():
        marked = [line for line in ranges if (line.track, line.kind) == (track, kind)]
        if marked and none.issuperset(departments):
            names = listed([Department(d).label for d in departments])
            sentences.append(
                f"{names} {'says' if len(departments) == 1 else 'say'} no AI, but the cue sheet has "
                f"{kind} {FOOTAGE[track]} at {listed([line.span for line in marked])}. Change one of them."
            )
    generated = {use.department for use in uses if use.extent == Extent.GENERATED}
    if Department.PICTURE in generated and not any(line.machine_picture for line in ranges):
        sentences.append(
            "Picture says generated, but the cue sheet has no range of it. Mark where that footage stands."
        )
    return sentences


def _tools_unsaid(uses: list[DepartmentUse], ranges: list[Disclosure]) -> list[str]:
    """A tool named in the cue sheet's pictures, as an adopted clip's is, need not be named a second time."""
    cued = any(line.tool_id for line in ranges if (line.track, line.kind) == (Track.PICTURE, Kind.GENERATED))
    answered = {Department.PICTURE} if cued else set()
    missing = [
        vocabulary.NAMED[use.department]
        for use in uses
        if use.extent == Extent.GENERATED and use.department not in answered and not use.tools.all()
    ]
    return [f"Name the tools that generated {listed(missing)}."] if missing else []


def _consents_unsaid(film: Film, ranges: list[Disclosure]) -> list[str]:
    """Likenesses and voices of real people that were worked on without a consent on record."""
    given = set(film.consents.values_list("kind", flat=True))
    sentences = []
    for line in ranges:
        method = vocabulary.METHODS.get(line.method)
        if method and method.consent and method.consent not in given:
            sentences.append(
                f"{method.words} at {line.span} needs the consent of the person whose {method.consent} "
                "it is. Add it under consents."
            )
    return sentences


def _section_unmet(film: Film, ranges: list[Disclosure]) -> list[str]:
    section = film.section
    if section is None or not length_s(film):
        return []
    reached = share_of(ranges, length_s(film))
    words = f"“{section}” takes films with {{}} AI picture, and the cue sheet comes to {reached:.1f} %."
    advice = " Complete the cue sheet, or choose another section."
    if reached < section.min_ai_share:
        return [words.format(f"at least {section.min_ai_share} %") + advice]
    if reached > section.max_ai_share:
        return [words.format(f"at most {section.max_ai_share} %") + advice]
    return []


def _evidence_unanswered(film: Film, ranges: list[Disclosure]) -> list[str]:
    found = film.footage is not None and film.footage.credentials.get("generated") is True
    if found and not any(line.kind == Kind.GENERATED for line in ranges):
        return [
            "The file carries Content Credentials that say footage in it was generated, and the cue sheet "
            "has no generated range. Mark where it stands."
        ]
    return []


def _statement_unsaid(statement: Statement | None) -> list[str]:
    sentences = []
    if statement and statement.realistic and not statement.notice:
        sentences.append(
            "The film could be taken for real people or events, so say how the audience is told: the "
            "wording of the notice, and where it stands."
        )
    if statement is None or statement.attested_at is None:
        sentences.append("Sign the statement with your name.")
    return sentences
