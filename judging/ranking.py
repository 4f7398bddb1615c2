"""Rankings: calibrate a round's marks, put its films in tiers, and fix what they came to after the close."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.utils import timezone

from festival.models import Edition
from judging import ledger
from judging.models import Ledger, Mark, Record, Round, Score, StoredFit, Viewing
from judging.tally import agreement, disagreement, fixed
from judging.tally.calibration import Fit
from judging.tally.sheet import Sheet, sheet

MODEL = "auto"  # at the close the gate chooses
LIVE = "additive"  # on every page before
NEAR = 0.02  # chance of a place from which a film is worth a tier
TIERED = 300  # films that are put in tiers, at the most

# Marks


def sheet_of(round: Round) -> Sheet:
    """The round's whole reviews that count, in the canonical order; three queries."""
    weights = dict(round.criteria.order_by("pk").values_list("pk", "weight"))
    counted = Mark.objects.counted().filter(assignment__round=round).order_by("pk")
    columns = (
        "pk",
        "assignment__film",
        "assignment__juror",
        "assignment__position",
        "assignment__film__section",
    )
    rows = list(counted.values_list(*columns))
    row = {mark: i for i, (mark, *_) in enumerate(rows)}
    column = {criterion: j for j, criterion in enumerate(weights)}
    marks = np.full((len(rows), len(weights)), np.nan)
    scores = Score.objects.filter(mark__assignment__round=round, mark__assignment__recused_at=None)
    for mark, criterion, value in scores.order_by().values_list("mark", "criterion", "value"):
        marks[row[mark], column[criterion]] = value
    return sheet(
        [str(film) for _, film, *_ in rows],
        [juror for _, _, juror, *_ in rows],
        [position for *_, position, _ in rows],
        marks,
        weights=weights,
        sections={str(film): section or 0 for _, film, _, _, section in rows},
    )


# What a page shows


class Calibrated(NamedTuple):
    """What a round's marks come to."""

    sheet: Sheet
    fit: Fit | None  # None where no film has a whole review
    habits: dict[str, np.ndarray]  # (m,) drift, infit, outfit, reliability
    fixed_at: datetime | None  # when it was fixed, after the close; None for a quick one that may yet change
    alpha: float  # Krippendorff's, of weighted marks; NaN unknown
    w: float  # Kendall's, where every juror reviewed every film; else NaN
    camps: np.ndarray  # (n,) see disagreement.camps


@dataclass(frozen=True, eq=False)
class Ranking:
    """A round's films as far as they were reviewed, in the order of the sheet; arrays of n films."""

    marks: Calibrated
    place: dict[str, int]  # index of a film, by its id in hexadecimal
    k: int  # films there is room for
    p_top: np.ndarray  # (n,) chance of being among the best k of those that can be compared with it
    tier: np.ndarray  # (n,) from 1, the best; 0 below the cut, and where there is no one order
    as_of: datetime | None = None  # when it stood so, where something may have changed since

    def __len__(self) -> int:
        return len(self.place)

    @property
    def words(self) -> tuple[str, ...]:
        """What was done with the marks and why, in sentences."""
        fit = self.marks.fit
        if fit is None:
            return ("No film has a whole review yet, so there is nothing to compare.",)
        quick = self.marks.fixed_at is None and fit.model == LIVE
        return fit.words[:1] + fit.words[2:] if quick else fit.words  # nobody chose the quick one

    @property
    def order(self) -> np.ndarray:
        """(n,) films, best first."""
        fit = self.marks.fit
        return np.argsort(-fit.quality, kind="stable") if fit else np.empty(0, int)

    @property
    def straddled(self) -> int:
        """Films of the tier through which the cut runs; 0 where it runs between two tiers."""
        tiered = int((self.tier > 0).sum())
        return int((self.tier == self.tier.max()).sum()) if tiered > self.k else 0


def of(round: Round, *, k: int | None = None) -> Ranking:
    """The round's ranking: as it was fixed after the close, or as its marks stand now.

    It is remembered until the ledger has a further row, since without one no mark has changed.

    Args:
        k: films there is room for; a quarter of those reviewed where not said.
    """
    head, fit = _stand(round)
    return (_ranking if head else _ranking.__wrapped__)(round.pk, head, fit, k)


def calibrated(round: Round) -> Calibrated:
    """What the round's marks come to, with the draws behind every chance."""
    head, fit = _stand(round)
    return (_calibrated if head else _calibrated.__wrapped__)(round.pk, head, fit)


def _stand(round: Round) -> tuple[str | None, int | None]:
    """The ledger's head, None before its first row, and after the close the newest that was fixed."""
    closed = round.status == Round.Status.CLOSED
    fit = round.fits.values_list("pk", flat=True).first() if closed else None
    return ledger.head(round.edition_id), fit


@lru_cache(maxsize=32)
def _ranking(round: int, head: str | None, fit: int | None, k: int | None) -> Ranking:
    return lay_out((_calibrated if head else _calibrated.__wrapped__)(round, head, fit), k)


def lay_out(marks: Calibrated, k: int | None = None) -> Ranking:
    """Put calibrated films in tiers about the cut; `k` as in `of`."""
    n = len(marks.sheet.films)
    k = min(max(k or ceil(n / 4), 1), max(n, 1))
    p_top = marks.fit.p_top(k) if marks.fit else np.empty(0)
    return placed(marks, k, p_top, _tiers(marks.fit, p_top, k))


def placed(marks: Calibrated, k: int, p_top: np.ndarray, tier: np.ndarray) -> Ranking:
    """A ranking whose chances and tiers are known; it holds no draws, so that many can be remembered."""
    place = {film.replace("-", ""): i for i, film in enumerate(marks.sheet.films)}
    light = replace(marks.fit, marks=None, posterior=None) if marks.fit else None
    return Ranking(marks._replace(fit=light), place, k, p_top, tier)


@lru_cache(maxsize=2)
def _calibrated(round: int, head: str | None, fit: int | None) -> Calibrated:
    """What the marks came to by the ledger's row `head`; `fit` is the newest that was fixed."""
    sheet = sheet_of(Round.objects.get(pk=round))
    stored = StoredFit.objects.filter(pk=fit).first()
    if stored and stored.inputs != sheet.digest:
        stored = None  # a mark was struck since; the next one is under way
    if not len(sheet):
        return Calibrated(sheet, None, {}, None, np.nan, np.nan, np.empty(0))
    shown = fixed.thaw(stored.figures, stored.draws) if stored else fixed.compute(sheet, model=LIVE)
    habits = fixed.habits(stored.figures) if stored else fixed.habits_of(shown)
    table = sheet.table
    several = sheet.complete and min(table.shape) > 1
    return Calibrated(
        sheet,
        shown,
        habits,
        stored.made_at if stored else None,
        alpha=agreement.krippendorff_alpha(table),
        w=agreement.kendall_w(table) if several else np.nan,
        camps=disagreement.camps(sheet.film, sheet.score, films=len(sheet.films)),
    )


def _tiers(fit: Fit | None, p_top: np.ndarray, k: int) -> np.ndarray:
    """(n,) the tier of each film down to the one the cut runs through; none across unconnected groups."""
    tier = np.zeros(len(p_top), int)
    if fit is None or not fit.connected:
        return tier
    near = np.flatnonzero(p_top >= NEAR)
    near = near[np.argsort(-fit.quality[near], kind="stable")][:TIERED]
    placed = 0
    for number, films in enumerate(fit.tiers(near), 1):
        if placed >= k:
            break
        tier[films] = number
        placed += len(films)
    return tier


def watched(round: Round) -> dict[int, float]:
    """Share of the film on their list that each juror has seen, from 0 to 1, by the juror's number."""
    rows = Viewing.objects.filter(assignment__in=round.assignments.standing()).order_by()
    sums = rows.values("assignment__juror").annotate(seen=Sum("seen_ms"), asked=Sum("to_see_ms"))
    return {row["assignment__juror"]: row["seen"] / row["asked"] for row in sums if row["asked"]}


# Fixed after the close


def fix(round: Round, *, model: str = MODEL, at=None) -> StoredFit | None:
    """Calibrate a closed round in full, once for the marks it has, and write down what they came to.

    Returns:
        what was fixed; None where that stands already, where there is nothing to fix, or where a mark was
        struck meanwhile, so that it must begin anew.
    """
    with transaction.atomic():
        head = ledger.hold(round.edition_id)
        sheet = sheet_of(round)
        if not _owed(round, sheet, head):
            return None
    fit = fixed.compute(sheet, model=model, seed=round.seed or 0)
    figures, draws = fixed.freeze(fit)
    with transaction.atomic():
        head = ledger.hold(round.edition_id)
        if sheet_of(round).digest != sheet.digest or not _owed(round, sheet, head):
            return None
        digest = fixed.digest(figures, draws)
        stored = StoredFit.objects.create(
            round=round,
            made_at=at or timezone.now(),
            model=fit.model,
            seed=round.seed or 0,
            version=fixed.VERSION,
            inputs=sheet.digest,
            head=head,
            seen=head,
            digest=digest,
            films=list(sheet.films),
            jurors=list(sheet.jurors),
            figures=figures,
            draws=draws,
        )
        row = {
            "round": round.pk,
            "head": head,
            "model": model,
            "seed": stored.seed,
            "version": fixed.VERSION,
            "result": digest,
            "parameters": {"inputs": sheet.digest, "used": fit.model, "sections": sheet.named_sections},
        }
        ledger.append(round.edition_id, "fit.done", row, at=stored.made_at)
    return stored


def unfixed(edition: Edition) -> Round | None:
    """A closed round of review whose marks, as they stand, have not been calibrated in full yet."""
    for round in edition.rounds.filter(kind=Round.Kind.REVIEW, status=Round.Status.CLOSED):
        sheet, last = sheet_of(round), round.fits.defer("figures", "draws").first()
        if len(sheet) and (last is None or last.inputs != sheet.digest):
            return round
    return None


def _owed(round: Round, sheet: Sheet, head: str) -> bool:
    """Whether the round is closed and its marks have not been fixed; what stands is noted as still true."""
    last = round.fits.defer("figures", "draws").first()
    if last and last.inputs == sheet.digest:
        round.fits.filter(pk=last.pk).update(seen=head)
        return False
    return bool(len(sheet)) and Round.objects.filter(pk=round.pk, status=Round.Status.CLOSED).exists()


def fix_what_is_owed() -> list[StoredFit]:
    """Fix every closed round whose marks are not known to be fixed already."""
    seen = StoredFit.objects.filter(round=OuterRef("pk")).values("seen")[:1]
    head = Ledger.objects.filter(edition=OuterRef("edition")).values("head")
    closed = Round.objects.filter(kind=Round.Kind.REVIEW, status=Round.Status.CLOSED)
    rounds = closed.alias(seen=Subquery(seen), head=Subquery(head)).exclude(seen=F("head"))
    rounds = rounds | closed.filter(fits=None)
    return [stored for round in rounds.distinct() if (stored := fix(round))]


def altered(edition) -> list[str]:
    """What stands in the table of fixed results otherwise than the ledger has it."""
    rows = Record.objects.filter(edition=edition, kind="fit.done")
    told = {(facts["round"], facts["result"]) for facts in (row.facts for row in rows)}
    found = []
    for stored in StoredFit.objects.filter(round__edition=edition):
        if (stored.round_id, fixed.digest(stored.figures, bytes(stored.draws))) not in told:
            found.append(
                f"The calibration of round {stored.round_id} in the table is not the one that was fixed."
            )
    return found
