"""Plans: who would watch what, what it would cost each juror, and what cannot be done. Nothing is written."""

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np
from django.db.models import Prefetch
from django.utils.crypto import salted_hmac

from festival.models import Film, Person, Subtitle
from judging import backgrounds, ties
from judging.models import Round, Seat
from judging.tally import assignment as dealing

MINUTE = 60  # seconds


@dataclass
class Load:
    """What is on one juror's list, and what a plan would add."""

    juror: Person
    films: int = 0
    seconds: float = 0.0
    more_films: int = 0
    more_seconds: float = 0.0
    most_minutes: int | None = None  # a limit of their own

    @property
    def total_films(self) -> int:
        return self.films + self.more_films

    @property
    def total_seconds(self) -> float:
        return self.seconds + self.more_seconds


@dataclass(frozen=True)
class Plan:
    """Who would get what, what it would cost each juror, and what cannot be done."""

    pairs: list[tuple[Film, Person]]
    loads: list[Load]
    short: list[str]  # a sentence for each thing that cannot be done, with the remedy
    notes: list[str] = field(default_factory=list)  # what is not as it should be, and can be done

    @property
    def heaviest(self) -> float:
        """Seconds on the longest list."""
        return max((load.total_seconds for load in self.loads), default=0.0)


def jurors_of(round: Round) -> dict[Person, set[int] | None]:
    """Jurors of a round, in the order they were seated, and the sections they sit over (None: all)."""
    seats = Seat.objects.sitting().of(round).select_related("juror", "panel")
    seats = seats.prefetch_related("panel__sections")
    over: dict[Person, set[int] | None] = {}
    for seat in seats:
        sections = {section.pk for section in seat.panel.sections.all()}
        known = over.get(seat.juror, set())
        over[seat.juror] = None if known is None or not sections else known | sections
    return over


def plan(round: Round, *, only: Collection | None = None) -> Plan:
    """Work out who should watch what, without writing it down.

    While the round is in preparation the cards are dealt anew; once it is open, what has been dealt
    stays and only what is lacking is added. The same state gives the same plan.

    Args:
        only: films' ids, to fill up only these.
    """
    if round.plenary:
        return _everything(lay(round, anew=False))
    anew = only is None and round.status == Round.Status.DRAFT
    table = lay(round, anew=anew)
    kept = table.indices(table.kept)
    has = Counter(film for film, _ in kept)
    wanted = [
        max(has[i], min(table.wanted(film), table.possible(film)))
        if only is None or film.pk in only
        else has[i]
        for i, film in enumerate(table.films)
    ]
    try:
        dealt = _deal(round, table, kept, wanted, anew=anew)
    except dealing.Infeasible as no:
        return Plan([], _loads(table, []), _shortfalls(round, table) or [_in_names(table, no)])
    new = {(int(i), int(j)) for i, j in dealt} - set(kept)
    pairs = [(table.films[i], table.jurors[j]) for i, j in sorted(new)]
    plan = Plan(pairs, _loads(table, pairs), _shortfalls(round, table))
    if anew:
        plan.notes.extend(_uneven(table, plan))
    plan.notes.extend(_foreign(table, pairs))
    if round.kind == Round.Kind.REVIEW:
        plan.notes.extend(_apart(table, dealt))
    return plan


def _everything(table: "Table") -> Plan:
    """Every film on every juror's list, but for those a juror must not judge."""
    known = table.kept | table.barred.keys()
    pairs = [(f, j) for f in table.films for j in table.jurors if (f.pk, j.pk) not in known]
    return Plan(pairs, _loads(table, pairs), [])


def _deal(round: Round, table: "Table", kept: list, wanted: list[int], *, anew: bool):
    """All pairs of film and juror, by their numbers on the table.

    A round in preparation is dealt within a tenth of what is fair; where ties do not let it be, within what
    each juror will watch at most. In an open round nothing is moved for the sake of evenness. Films go to
    jurors who can follow them, unless that cannot be.
    """
    minutes = [seconds_of(film) / MINUTE for film in table.films]
    shut = table.indices(table.barred.keys() - table.kept)
    strange = shut + table.indices(table.foreign - table.kept)
    has = Counter()
    for film, juror in kept:
        has[juror] += minutes[film]
    most = [max(table.most.get(juror.pk, inf), has[j]) for j, juror in enumerate(table.jurors)]
    terms = {
        "reviews": wanted,
        "sections": [film.section_id or 0 for film in table.films],
        "kept": kept,
        "apt": table.apt,
        "seed": seed(round),
    }
    limits = [(0, limit) for limit in most]
    fair = [
        (dealing.fair_limits(minutes, closed, len(most), reviews=wanted, most=most), closed)
        for closed in ([strange, shut] if anew else [])
    ]
    for bounds, closed in [*fair, (limits, strange)]:
        with suppress(dealing.Infeasible):
            dealt = dealing.assign(minutes, bounds, closed, **terms)
            if not _given_up(kept, dealt):
                return dealt
    dealt = dealing.assign(minutes, limits, shut, **terms)
    if _given_up(kept, dealt):
        raise dealing.Infeasible(
            "The jurors’ own limits leave no room for what is lacking.",
            "Raise a limit, or seat one more juror.",
        )
    return dealt


def _given_up(kept: list, dealt) -> set:
    """Pairs that stood and no longer do."""
    return set(kept) - {(int(i), int(j)) for i, j in dealt}


def seed(round: Round, *more) -> int:
    """What chance begins from: the same each time, and nobody outside can know it."""
    return int(salted_hmac("who watches what", f"{round.pk} {more}", algorithm="sha256").hexdigest(), 16)


def _in_names(table: "Table", no: dealing.Infeasible) -> str:
    """A refusal for the limits jurors have set themselves."""
    most = ", ".join(f"{juror} {table.most[juror.pk]}" for juror in table.jurors if juror.pk in table.most)
    return f"{no.reason} {no.remedy} Own limits, in minutes: {most}."


def _uneven(table: "Table", plan: Plan) -> list[str]:
    """A sentence if somebody would watch for a good deal longer or shorter than others."""
    loads = [load.total_seconds for load in plan.loads]
    mean = sum(loads) / max(len(loads), 1)
    room = max(mean * float(dealing.SPREAD), *map(seconds_of, table.films), 0)
    if not loads or max(max(loads) - mean, mean - min(loads)) <= room:
        return []
    return [
        f"Ties and limits leave the lists uneven: from {min(loads) / MINUTE:.0f} to "
        f"{max(loads) / MINUTE:.0f} minutes. Seat somebody without ties to even them out."
    ]


def _foreign(table: "Table", pairs: list[tuple[Film, Person]]) -> list[str]:
    """A sentence if films go to jurors who can follow them neither by ear nor by their captions."""
    lost = [(film, juror) for film, juror in pairs if (film.pk, juror.pk) in table.lost]
    if not lost:
        return []
    told = ", ".join(f"{juror} “{film}”" for film, juror in lost[:3])
    return [
        f"Some would watch what they cannot follow, since nobody else is left for it: {told}"
        f"{' …' if len(lost) > 3 else ''}. Ask for captions, or seat somebody who knows the language."
    ]


def _apart(table: "Table", dealt) -> list[str]:
    """A sentence if the jury falls into groups whose marks nothing connects."""
    group = dealing.components(dealt, len(table.films), len(table.jurors))
    busy = sorted({int(j) for _, j in dealt})
    others = [j for j in busy if group[j] != group[busy[0]]]
    if not others:
        return []
    return [
        f"The jury falls into parts that share no film: nothing connects {table.jurors[busy[0]]} with "
        f"{table.jurors[others[0]]}, so their films cannot be compared. Seat somebody on both panels, or ask "
        "for more jurors a film."
    ]


@dataclass(frozen=True)
class Table:
    """What a plan is made from: films, jurors, and the pairs of their ids that stand or must not meet."""

    films: list[Film]
    jurors: list[Person]
    kept: set[tuple]
    barred: dict[tuple, str]  # with the reason
    reviews: int
    most: dict  # minutes of film, of the jurors who have a limit of their own
    backgrounds: dict = field(default_factory=dict)  # of the jurors who have stated one

    @cached_property
    def rows(self) -> dict:
        return {film.pk: i for i, film in enumerate(self.films)}

    @cached_property
    def columns(self) -> dict:
        return {juror.pk: j for j, juror in enumerate(self.jurors)}

    @cached_property
    def absent(self) -> Counter:
        """Of each film, standing reviews of jurors who have left."""
        return Counter(film for film, juror in self.kept if juror not in self.columns)

    @cached_property
    def closed(self) -> Counter:
        """Of each film, jurors who must not have it, and do not."""
        shut = self.barred.keys() - self.kept
        return Counter(film for film, juror in shut if juror in self.columns)

    @cached_property
    def lost(self) -> set[tuple]:
        """Pairs of which the juror has no language of the film's."""
        spoken = {juror: backgrounds.spoken(stated) for juror, stated in self.backgrounds.items()}
        pairs = set()
        for film in self.films:
            heard = backgrounds.heard(film)
            pairs |= {(film.pk, juror) for juror, own in spoken.items() if backgrounds.apart(own, heard)}
        return pairs

    @cached_property
    def foreign(self) -> set[tuple]:
        """Those of them to avoid: enough other jurors may have the film and can follow it."""
        shut = Counter(film for film, _ in self.lost | self.barred.keys())
        return {
            (film, juror)
            for film, juror in self.lost
            if len(self.jurors) - shut[film] >= self.wanted(self.films[self.rows[film]])
        }

    @property
    def apt(self) -> np.ndarray:
        """(films, jurors) who suits a film best: at home in its section, or one of few who follow it."""
        apt = np.zeros((len(self.films), len(self.jurors)), bool)
        for juror, stated in self.backgrounds.items():
            known = {section.pk for section in stated.sections.all()}
            apt[:, self.columns[juror]] = [film.section_id in known for film in self.films]
        for film, juror in self.indices(self.rare):
            apt[film, juror] = True
        return apt

    @cached_property
    def rare(self) -> set[tuple]:
        """Pairs of which the juror can follow the film and too few others can."""
        short = {film for film, _ in self.lost - self.foreign}
        pairs = ((film, juror.pk) for film in short for juror in self.jurors)
        return {pair for pair in pairs if pair not in self.lost}

    def indices(self, pairs: Iterable[tuple]) -> list[tuple[int, int]]:
        return [(self.rows[f], self.columns[j]) for f, j in pairs if f in self.rows and j in self.columns]

    def wanted(self, film: Film) -> int:
        """How many of the jurors who sit should have this film."""
        return max(self.reviews - self.absent[film.pk], 0)

    def possible(self, film: Film) -> int:
        """How many of the jurors who sit have this film, or may."""
        return len(self.jurors) - self.closed[film.pk]


def lay(round: Round, *, anew: bool) -> Table:
    captions = Prefetch("subtitles", Subtitle.objects.defer("vtt"))
    films = round.films().select_related("footage").prefetch_related("credits", "languages", captions)
    films, over = list(films.order_by("pk")), jurors_of(round)
    rows = list(round.assignments.values_list("film", "juror", "recused_at"))
    kept = {(film, juror) for film, juror, recused_at in rows if not recused_at and not anew}
    gone = {(film, juror) for film, juror, recused_at in rows if recused_at}
    most: dict = {}
    own = Seat.objects.sitting().of(round).exclude(most_minutes=None)
    for juror, limit in own.values_list("juror", "most_minutes"):
        most[juror] = min(limit, most.get(juror, limit))
    barred = {
        (film.pk, juror): f"watches no more than {limit} minute{'' if limit == 1 else 's'}"
        for juror, limit in most.items()
        for film in films
        if seconds_of(film) > limit * MINUTE
    }
    barred |= dict.fromkeys(gone, "was taken off it") | ties.barred(films, over)
    return Table(films, list(over), kept, barred, round.reviews, most, backgrounds.of(over))


def _shortfalls(round: Round, table: Table) -> list[str]:
    return [
        _shortfall(round, table, film) for film in table.films if table.possible(film) < table.wanted(film)
    ]


def _shortfall(round: Round, table: Table, film: Film) -> str:
    barred = table.barred
    ties = [f"{juror} {barred[film.pk, juror.pk]}" for juror in table.jurors if (film.pk, juror.pk) in barred]
    because = f" ({', '.join(ties[:3])}{' …' if len(ties) > 3 else ''})" if ties else ""
    lacking = table.wanted(film) - table.possible(film)
    return (
        f"“{film}” needs {_people(round.reviews)} and can have {round.reviews - lacking or 'none'}{because}. "
        f"Seat {_people(lacking, ' more')} without ties to it, or ask for fewer jurors a film."
    )


def _people(count: int, word: str = "") -> str:
    return f"{count}{word} juror{'' if count == 1 else 's'}"


def _loads(table: Table, pairs: list[tuple[Film, Person]]) -> list[Load]:
    loads = {juror.pk: Load(juror, most_minutes=table.most.get(juror.pk)) for juror in table.jurors}
    for i, j in table.indices(table.kept):
        load = loads[table.jurors[j].pk]
        load.films += 1
        load.seconds += seconds_of(table.films[i])
    for film, juror in pairs:
        loads[juror.pk].more_films += 1
        loads[juror.pk].more_seconds += seconds_of(film)
    return list(loads.values())


def seconds_of(film: Film) -> float:
    """Running time; needs `footage` loaded."""
    return film.footage.duration_s or 0.0 if film.footage else 0.0
