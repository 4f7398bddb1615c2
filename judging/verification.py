"""Verification: walk a chain, compute every result again from its rows alone, and say what differs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection

from festival.models import Edition
from judging import ballots, discrepancies, pairs, ranking, record
from judging.models import Ledger, Record, Round, Words, triggers
from judging.tally import chain, exact, fixed, kinds
from judging.tally.replay import Replay, Said

A_READ = 5000
SEALED = {kind: words for kind in kinds.KINDS if (words := kinds.words_of(kind))}


@dataclass(frozen=True)
class Finding:
    """Something that does not fit; row and kind are None where it is about no row."""

    row: int | None
    kind: str | None
    what: str


@dataclass
class Report:
    """What verification found of an edition."""

    edition: str
    rows: int = 0  # that hold
    head: str = chain.GENESIS
    results: int = 0  # that were computed again
    sought: int | None = None  # the row whose digest was asked for
    erased: int = 0  # words whose seal can no longer be opened
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings

    def found(self, what: str, *, row: int | None = None, kind: str | None = None) -> None:
        self.findings.append(Finding(row, kind, what))


def verify(edition: Edition, *, head: str = "") -> Report:
    """Walk the chain, and compare all that was computed and all that stands in the tables with its rows.

    After the first row that does not hold nothing is trusted, so nothing further is compared.

    Args:
        head: a digest from a letter or a receipt, to be found among the rows.
    """
    report, replay = Report(edition.slug), Replay()
    head = head.strip().lower()
    try:
        for row in chain.walk(edition.pk, rows(edition)):
            report.rows, report.head = row.sequence, row.hash
            if row.hash == head:
                report.sought = row.sequence
            said = replay.read(row)
            report.erased += sum(said.facts[name] is not None for name in SEALED.get(row.kind, ()))
            _recompute(row.kind, said, replay, report)
    except chain.Broken as broken:
        report.found(str(broken), row=broken.sequence, kind=broken.kind)
        return report
    _end(edition, report)
    if head and report.sought is None:
        report.found(
            f"No row of this ledger has the digest {head}: rows were rewritten, or it is of another."
        )
    _seals(edition, report)
    for what, row in discrepancies.differences(edition, replay):
        report.found(what, row=row)
    for what in ranking.altered(edition):
        report.found(what)
    return report


def rows(edition: Edition) -> Iterator[chain.Row]:
    """The edition's rows as they are hashed, streamed from the table."""
    columns = ("sequence", "at", "by", "kind", "body", "previous", "hash")
    stored = Record.objects.filter(edition=edition).order_by("sequence").values_list(*columns)
    return map(chain.Row._make, stored.iterator(chunk_size=A_READ))


def _end(edition: Edition, report: Report) -> None:
    """The end of the chain is where the ledger says it is, and the database still guards it."""
    end = Ledger.objects.filter(edition=edition).first() or Ledger()
    if end.rows > report.rows:
        report.found(f"The ledger had {end.rows} rows, and the last is row {report.rows}: rows are missing.")
    elif (end.rows, end.head) != (report.rows, report.head):
        report.found(f"The ledger says it ends at row {end.rows}, {end.head}, and it does not.")
    if lacking := triggers.missing(connection):
        names = ", ".join(lacking)
        report.found(f"The database no longer refuses to change the ledger: {names} is missing.")


def _seals(edition: Edition, report: Report) -> None:
    """Words that are still kept are those that were sealed; of the others only the seal is left."""
    columns = ("record__sequence", "record__kind", "record__body", "field", "text", "key")
    kept = Words.objects.filter(record__edition=edition).order_by("record__sequence", "field")
    for sequence, kind, body, name, text, key in kept.values_list(*columns).iterator(chunk_size=A_READ):
        report.erased -= 1
        if json.loads(body)[name] != chain.sealed(text, bytes.fromhex(key)):
            what = f"Row {sequence} ({kind}): the words kept beside it are not those it sealed."
            report.found(what, row=sequence, kind=kind)


# Results


def _recompute(kind: str, said: Said, replay: Replay, report: Report) -> None:
    """Compute again what this row says was computed, from the rows before it."""
    if again := AGAIN.get(kind):
        report.results += 1
        for what in again(said, replay):
            report.found(f"Row {said.sequence} ({kind}): {what}", row=said.sequence, kind=kind)


def _means(said: Said, replay: Replay) -> Iterator[str]:
    round = said.facts["round"]
    found = exact.means(replay.reviews(round), replay.weights(round))
    yield from _differ(
        {film: (mean, count) for film, mean, count in record.written(found)},
        {film: (mean, count) for film, mean, count in said.facts["means"]},
    )


def _published(said: Said, replay: Replay) -> Iterator[str]:
    yield from _means(said, replay)
    told = said.facts.get("others", {}).get("fit", "")
    fitted = replay.fits.get(said.facts["round"])
    if told and (fitted is None or fitted.facts["result"] != told):
        yield f"it names the calibration {told}, and no row before it has fixed that one."


def _differ(computed: Mapping[str, tuple], stated: Mapping[str, tuple]) -> Iterable[str]:
    for film in sorted(computed.keys() | stated.keys()):
        is_now, was = computed.get(film), stated.get(film)
        if is_now != was:
            yield f"film {film} has {_mean(was)} there, and its marks come to {_mean(is_now)}."


def _mean(value: tuple | None) -> str:
    return f"a mean of {value[0]} over {value[1]} reviews" if value else "no mean"


def _count(said: Said, replay: Replay) -> Iterator[str]:
    facts, result = said.facts, said.facts["result"]
    yield from _fixed_beforehand(facts, replay)
    if facts["method"] == pairs.METHOD:
        films = sorted(result["strengths"])
        votes = _votes(facts["round"], films, replay)
        counted = pairs.digest_of(votes)
        again = pairs.tallied(films, votes, seats=facts["seats"], seed=facts["seed"])
    else:
        box, standing = replay.box(facts["round"]), result["candidates"]
        counted = chain.digest(ballots.papers_of(box, standing))
        terms = {"method": facts["method"], "seats": facts["seats"], "seed": facts["seed"]}
        again = ballots.tallied(box, standing=standing, **terms)
    if counted != facts["ballots"]:
        yield "what was counted is not what the ledger has of it."
    for name in sorted(again.keys() | result.keys()):
        if again.get(name) != result.get(name):
            yield f"the count gives {name} {again.get(name)}, and there stands {result.get(name)}."


def _votes(round: int, films: list[str], replay: Replay) -> list[tuple]:
    """The comparisons that count, as `pairs.tallied` takes them."""
    index = {film: place for place, film in enumerate(films)}
    votes = []
    for (_, juror, first, second), said in sorted(replay.compared(round).items()):
        if first in index and second in index:
            better = said.facts["better"]
            votes.append(
                (juror, index[first], index[second], 0.5 if better is None else float(better == first))
            )
    return votes


def _fixed_beforehand(facts: dict, replay: Replay) -> Iterator[str]:
    """What the count went by is what was fixed when the round opened."""
    terms = replay.rounds.get(facts["round"])
    if terms is None:
        yield "no row fixed beforehand what the round is counted by."
        return
    rules = terms.facts["rules"]
    fixed = {"method": rules["method"], "seats": rules["places"], "seed": terms.facts["seed"]}
    if terms.facts["type"] == Round.Kind.PAIRWISE:
        fixed["method"] = pairs.METHOD
    for name, value in fixed.items():
        if facts.get(name) != value:
            yield f"the count went by {name} {facts.get(name)}, and row {terms.sequence} fixed {value}."


def _fit(said: Said, replay: Replay) -> Iterator[str]:
    yield from fixed.differences(said.facts, replay)


AGAIN = {"result.computed": _means, "result.published": _published, "count.done": _count, "fit.done": _fit}
