"""Rankings kept ready: what a large round came to when the clock last looked, so that no page computes it."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from django.db.models import Count
from django.utils import timezone

from judging import ledger, ranking
from judging.models import KeptRanking, Mark, Round
from judging.ranking import Calibrated, Ranking
from judging.tally import fixed, packing

LARGE = 1_000  # reviews; as many are calibrated in some fifty milliseconds, within the page
PATIENCE = timedelta(minutes=10)  # after which a page computes what the clock has not


def of(round: Round, *, k: int | None = None, at: datetime | None = None) -> Ranking:
    """The round's ranking for a page: of a large round, as it was kept, with the moment it is of.

    Args:
        k: as in `ranking.of`.
    """
    with suppress(KeptRanking.DoesNotExist):  # the clock has just laid it ready anew
        if kept := _kept(round, at):
            return replace(_ranking(round.pk, kept["made_at"], k), as_of=kept["as_of"])
    return ranking.of(round, k=k)


def whole(round: Round, *, at: datetime | None = None) -> tuple[Ranking, Calibrated]:
    """What `of` gives, and what that was laid out from, with the draws behind every chance."""
    with suppress(KeptRanking.DoesNotExist):
        if kept := _kept(round, at):
            found = replace(_ranking(round.pk, kept["made_at"], None), as_of=kept["as_of"])
            return found, _drawn(round.pk, kept["made_at"])
    return ranking.of(round), ranking.calibrated(round)


def _kept(round: Round, at: datetime | None) -> dict | None:
    """When the round was kept, and whether it has to be said; None where the page computes."""
    kept = KeptRanking.objects.filter(round=round).values("made_at", "head").first()
    if kept is None:
        return None
    current = ledger.head(round.edition_id) == kept["head"]
    if not current and (at or timezone.now()) - kept["made_at"] > PATIENCE:
        return None
    return {"made_at": kept["made_at"], "as_of": None if current else kept["made_at"]}


@lru_cache(maxsize=32)
def _ranking(round: int, made_at: datetime, k: int | None) -> Ranking:
    usual = _unpacked(round, made_at)
    return usual if k in (None, usual.k) else ranking.lay_out(_drawn(round, made_at), k)


@lru_cache(maxsize=2)
def _drawn(round: int, made_at: datetime) -> Calibrated:
    marks = _unpacked(round, made_at).marks
    draws = KeptRanking.objects.values_list("draws", flat=True).get(round=round, made_at=made_at)
    posterior = fixed.kept(draws, len(marks.fit.quality))
    return marks._replace(fit=replace(marks.fit, posterior=posterior))


@lru_cache(maxsize=2)
def _unpacked(round: int, made_at: datetime) -> Ranking:
    """What is kept of a round, laid out about the usual cut."""
    body = KeptRanking.objects.values_list("body", flat=True).get(round=round, made_at=made_at)
    sheet, fit, more = packing.unpack(bytes(body))
    alone = {name: more.pop(name) for name in ("k", "alpha", "w", "fixed_at", "camps", "p_top", "tier")}
    fixed_at = datetime.fromisoformat(alone["fixed_at"]) if alone["fixed_at"] else None
    marks = Calibrated(sheet, fit, more, fixed_at, alone["alpha"], alone["w"], alone["camps"])
    return ranking.placed(marks, alone["k"], alone["p_top"], alone["tier"])


# Every minute


def keep() -> list[Round]:
    """Lay large rounds ready anew in whose ledger something was written since; forget those that shrank."""
    large = _large()
    KeptRanking.objects.exclude(round__in=large).delete()
    return [round for round in large if _keep(round)]


def _large() -> list[Round]:
    """Rounds of review with so many marks that a page should not wait for them."""
    counted = Mark.objects.counted().order_by().values("assignment__round").annotate(n=Count("pk"))
    large = counted.filter(n__gt=LARGE).values("assignment__round")
    return list(Round.objects.filter(kind=Round.Kind.REVIEW, pk__in=large))


def _keep(round: Round) -> bool:
    """Whether there was something to do."""
    head = ledger.head(round.edition_id)  # read first: whatever comes in meanwhile is for the next time
    if head is None or KeptRanking.objects.filter(round=round, head=head).exists():
        return False
    marks = ranking.calibrated(round)
    if marks.fit is None:
        return False
    found = ranking.lay_out(marks)
    body = packing.pack(
        marks.sheet,
        marks.fit,
        k=found.k,
        alpha=marks.alpha,
        w=marks.w,
        fixed_at=marks.fixed_at and marks.fixed_at.isoformat(),
        camps=marks.camps,
        p_top=found.p_top,
        tier=found.tier,
        **{name: np.asarray(values, float) for name, values in marks.habits.items()},
    )
    facts = {"made_at": timezone.now(), "head": head, "body": body}
    facts["draws"] = fixed.thinned(marks.fit).tobytes()
    KeptRanking.objects.update_or_create(round=round, defaults=facts)
    return True
