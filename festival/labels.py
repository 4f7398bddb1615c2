"""The public AI label: composed from the record, never typed, for people and for machines."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from festival.models import DepartmentUse, Disclosure, Film, Tool
from festival.provenance import timecodes, vocabulary

Kind, Standing = Disclosure.Kind, Disclosure.Standing

SCHEMA = "marquee.disclosure/1"


# The share


def share(film: Film) -> float:
    """AI share of the film's picture seconds, 0 to 100; 0 while the film's length is not known."""
    return share_of(film.disclosures.all(), length_s(film))


def share_of(ranges: Iterable[Disclosure], duration_s: float | None, **only) -> float:
    """Per cent of picture seconds made or changed by a machine; overlaps count once.

    Args:
        only: values a range must have to count, such as `kind="generated"`.
    """
    if not duration_s:
        return 0.0
    spans = [
        (line.start_s, line.end_s)
        for line in ranges
        if line.machine_picture and all(getattr(line, name) == value for name, value in only.items())
    ]
    return min(100.0, 100 * covered_s(spans, duration_s) / duration_s)


def covered_s(spans: Iterable[tuple[float, float]], duration_s: float) -> float:
    """Seconds between 0 and `duration_s` that lie in at least one of `spans`."""
    total = reached = 0.0
    for start, end in sorted(spans):
        start, end = max(start, reached), min(end, duration_s)
        if end > start:
            total += end - start
            reached = end
    return total


def length_s(film: Film) -> float | None:
    """Seconds of the film's examined file; None while there is none."""
    return film.footage.duration_s if film.footage else None


# The label


class Range(NamedTuple):
    """A stretch of the label's timeline."""

    start_s: float
    end_s: float
    track: str
    kind: str
    standing: str
    text: str


class Line(NamedTuple):
    """What the label says of one department."""

    department: str
    extent: str
    text: str
    human_part: str
    tools: str


@dataclass(frozen=True)
class Label:
    """What the public reads about AI in a film."""

    short: str  # “31 % of picture seconds”
    base: str  # what the per cents are of
    shares: dict[str, float]  # all, generated, modified, verified, declared: per cent of the base
    kinds: str  # “20 % generated, 11 % modified”
    standing: str  # “20 % credential verified, 11 % declared by the makers”
    sentences: tuple[Line, ...]
    tools: tuple[str, ...]
    ranges: tuple[Range, ...]
    duration_s: float | None
    notice: str
    process: str
    consents: str
    signed: str

    @property
    def stated(self) -> bool:
        """Whether the entrant has said anything yet."""
        return bool(self.sentences or self.ranges)


def label(film: Film, *, blind: bool = False) -> Label:
    """The film's label, from the record as it stands.

    Args:
        blind: leave out the entrant's own words and name, for a jury that must not know them.
    """
    duration_s = length_s(film)
    ranges = list(film.disclosures.all())
    shares = _shares(ranges, duration_s)
    statement = getattr(film, "statement", None)
    return Label(
        short=_short(shares["all"], duration_s),
        base=_base(duration_s),
        shares=shares,
        kinds=_parts(shares, {"generated": "generated", "modified": "modified"}),
        standing=_parts(shares, {"verified": "credential verified", "declared": "declared by the makers"}),
        sentences=tuple(_line(use, ranges, blind=blind) for use in _in_order(film)),
        tools=tuple(_tool_words(tool) for tool in film.tools.all()),
        ranges=tuple(_range(line) for line in ranges),
        duration_s=duration_s,
        notice=statement.notice if statement else "",
        process=statement.process if statement and not blind else "",
        consents=_consent_words(film),
        signed=_signature(statement) if statement and not blind else "",
    )


def _shares(ranges: list[Disclosure], duration_s: float | None) -> dict[str, float]:
    """Shares that add up: a second both generated and modified counts as generated, and so on."""
    everything = share_of(ranges, duration_s)
    generated = share_of(ranges, duration_s, kind=Kind.GENERATED)
    verified = share_of(ranges, duration_s, standing=Standing.VERIFIED)
    shares = {
        "all": everything,
        "generated": generated,
        "modified": everything - generated,
        "verified": verified,
        "declared": everything - verified,
    }
    return {name: round(value, 2) for name, value in shares.items()}


def _short(share: float, duration_s: float | None) -> str:
    if not duration_s:
        return "AI share not known yet"
    return f"{percent(share)} of picture seconds"


def _base(duration_s: float | None) -> str:
    if not duration_s:
        return "The film’s length has not been measured yet, so there are no seconds to count."
    return (
        f"Counted in picture seconds: the film’s {timecodes.short(duration_s)} of running time. "
        "Sound and text are listed, not counted."
    )


def _parts(shares: dict[str, float], words: dict[str, str]) -> str:
    """The parts of the whole that are not nothing: “20 % generated, 11 % modified”."""
    return ", ".join(f"{percent(shares[name])} {text}" for name, text in words.items() if shares[name] > 0)


def percent(value: float) -> str:
    """Whole per cents, except where rounding would make a little nothing, or nearly all all."""
    if 0 < value < 1:
        return "under 1 %"
    if 99 < value < 100:
        return "over 99 %"
    return f"{value:.0f} %"


def _in_order(film: Film) -> list[DepartmentUse]:
    order = list(vocabulary.DEPARTMENTS)
    return sorted(film.departments.all(), key=lambda use: order.index(use.department))


def _line(use: DepartmentUse, ranges: list[Disclosure], *, blind: bool) -> Line:
    return Line(
        department=use.get_department_display(),
        extent=use.get_extent_display(),
        text=vocabulary.department_sentence(use.department, use.extent),
        human_part="" if blind else use.human_part,
        tools=listed(_tool_names(use, ranges)),
    )


def _tool_names(use: DepartmentUse, ranges: list[Disclosure]) -> list[str]:
    """What the department worked with; of the picture also what the cue sheet names."""
    tools = list(use.tools.all())
    if use.department == DepartmentUse.Department.PICTURE and use.extent != DepartmentUse.Extent.NONE:
        tools += [line.tool for line in ranges if line.tool and line.machine_picture]
    return list(dict.fromkeys(map(tool_name, tools)))


def _range(line: Disclosure) -> Range:
    tool = tool_name(line.tool) if line.tool else ""
    words = [line.get_kind_display(), vocabulary.method_words(line.method).lower(), tool]
    return Range(
        start_s=line.start_s,
        end_s=line.end_s,
        track=line.track,
        kind=line.kind,
        standing=line.standing,
        text=f"{line.span} · " + ", ".join(word for word in words if word) + f" · {line.standing_words}",
    )


def tool_name(tool: Tool) -> str:
    """A tool's name and version; of a version that is a digest, eight characters are enough to read."""
    digest = len(tool.version) >= 16 and not set(tool.version.lower()) - set("0123456789abcdef")
    return f"{tool.name} {tool.version[:8] if digest else tool.version}".strip()


def _tool_words(tool: Tool) -> str:
    parts = [tool_name(tool)]
    if tool.vendor:
        parts.append(f"by {tool.vendor}")
    parts.append(f"licence: {tool.licence}" if tool.licence else "licence not stated")
    if tool.from_platform:
        parts.append("drawn here, on record")
    return f"{parts[0]} ({'; '.join(parts[1:])})"


def _consent_words(film: Film) -> str:
    """How many people agreed, without their names."""
    given = [consent.get_kind_display().lower() for consent in film.consents.all()]
    if not given:
        return ""
    counts = [f"{given.count(kind)} {kind}" for kind in sorted(set(given))]
    return f"Consent on record: {listed(counts)}."


def _signature(statement) -> str:
    if statement.attested_at is None:
        return ""
    day = statement.attested_at
    return f"Signed by {statement.attested_name} on {day.day} {day:%B %Y}."


def listed(words: list[str]) -> str:
    """Words as a sentence lists them: “a, b and c”."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# The label for machines


def label_json(film: Film) -> dict:
    """The label for machines. Under one `schema`, keys are only ever added."""
    made, ranges = label(film), list(film.disclosures.all())
    return {
        "schema": SCHEMA,
        "film": {
            "id": str(film.pk),
            "title": film.title,
            "duration_s": made.duration_s,
            "sha256": film.footage.sha256 if film.footage else "",
        },
        "label": made.short,
        "base": {"of": "picture seconds", "seconds": made.duration_s, "words": made.base},
        "shares": made.shares,
        "departments": [
            {
                "department": use.department,
                "extent": use.extent,
                "human_part": use.human_part,
                "tools": _tool_names(use, ranges),
            }
            for use in _in_order(film)
        ],
        "tools": [
            {
                "name": tool.name,
                "version": tool.version,
                "vendor": tool.vendor,
                "licence": tool.licence,
                "from_platform": tool.from_platform,
            }
            for tool in film.tools.all()
        ],
        "ranges": [_range_json(line) for line in ranges],
        "consents": [
            {"kind": given.kind, "given_on": given.given_on.isoformat(), "scope": given.scope}
            for given in film.consents.all()
        ],
        "references": [
            {"what": used.what, "source": used.source, "rights": used.rights}
            for used in film.references.all()
        ],
        "statement": _statement_json(getattr(film, "statement", None)),
    }


def _range_json(line: Disclosure) -> dict:
    return {
        "start_s": line.start_s,
        "end_s": line.end_s,
        "track": line.track,
        "kind": line.kind,
        "digital_source_type": vocabulary.source_type(line.kind, line.method),
        "method": line.method,
        "tool": tool_name(line.tool) if line.tool else "",
        "human_part": line.human_part,
        "standing": line.standing,
        "engine": line.engine,
        "revision": line.revision,
        "seed": line.seed,
        "prompt_sha256": line.prompt_sha256,
        "clip_sha256": line.clip_sha256,
    }


def _statement_json(statement) -> dict:
    """The statement as a whole; the same keys where there is none."""
    return {
        "process": statement.process if statement else "",
        "realistic": statement.realistic if statement else None,
        "notice": statement.notice if statement else "",
        "training_allowed": statement.training_allowed if statement else False,
        "signed_at": statement.attested_at.isoformat() if statement and statement.attested_at else None,
    }
