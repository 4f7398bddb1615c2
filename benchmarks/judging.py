"""How well a jury's marks find the best films, and how fast: each figure beside what it has to reach.

    python -m benchmarks.judging [base reliability sections allotted speed] [--seeds N]

Festivals are drawn at random, 600 films, 40 jurors, 1,800 marks from 1 to 10; so the true order is known.
Precision: how many of the 20 films chosen are among the 20 truly best. Tau: Kendall's, over all films.
"""

import argparse
import time

import numpy as np
from scipy.stats import kendalltau

from benchmarks import judging_festivals as festivals
from benchmarks import machine
from benchmarks.judging_festivals import HIGHEST, LOWEST, Festival
from judging.tally import calibration
from judging.tally.allocation import next_reviews
from judging.tally.calibration import additive, hierarchical, marks
from judging.tally.calibration.equations import one_thread

TOP, CAP, STAGES = 20, 46, 4
SCALE = LOWEST, HIGHEST
TAG = 2026  # seeds of the festivals are (TAG, 0), (TAG, 1), …


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("parts", nargs="*", choices=[[], *PARTS], help="all of them where none is named")
    asked.add_argument("--seeds", type=int, default=60, help="festivals drawn for each figure")
    options = asked.parse_args()
    print(machine.describe(), flush=True)
    for name in options.parts or PARTS:
        started = time.perf_counter()
        PARTS[name](options.seeds)
        print(f"  ({time.perf_counter() - started:.0f} s)", flush=True)


def base(seeds: int) -> None:
    print(f"\n600 films, 40 jurors, 3 marks a film; {seeds} festivals")
    table = measured(seeds, lambda rng: with_pairs(rng, festivals.draw(rng)))
    for way in ("auto", "hierarchical"):
        line(f"precision at 20, {way}", table[way, "precision"], at_least=0.505)
        line(f"tau, {way}", table[way, "tau"], at_least=0.655)
        line(f"90 % intervals cover, {way}", table[way, "cover"], at_least=0.88, at_most=0.92)
    beside(table)


def reliability(seeds: int) -> None:
    print(f"\nThe same with jurors of differing reliability, lognormal .5; {seeds} festivals")
    table = measured(seeds, lambda rng: with_pairs(rng, festivals.draw(rng, spread=0.5)))
    for way in ("auto", "hierarchical"):
        line(f"precision at 20, {way}", table[way, "precision"], at_least=0.53)
        line(f"90 % intervals cover, {way}", table[way, "cover"], at_least=0.88, at_most=0.92)
    beside(table)


def sections(seeds: int) -> None:
    print(f"\n13 sections (sd .7) with 3 jurors each, one mark in three from another; {seeds} festivals")

    def drawn(rng):
        festival = festivals.draw(rng, jurors=39, sections=13, section_sd=0.7)
        return festival, festivals.by_section(rng, festival)

    table = measured(seeds, drawn, use_sections=True)
    for way in ("auto", "hierarchical"):
        line(f"precision at 20, {way}", table[way, "precision"], at_least=0.52)
        gain = table[way, "precision"] - table["raw", "precision"]
        line(f"gain over plain means, {way}", gain, at_least=0.0)
        line(f"90 % intervals cover, {way}", table[way, "cover"], at_least=0.88, at_most=0.92)
    beside(table)


def allotted(seeds: int) -> None:
    print(f"\n1,800 marks, two a film as the floor, the rest allotted; {seeds} festivals")
    line(f"precision at 20, in {STAGES} stages", in_stages(seeds, STAGES), at_least=0.72)
    line(f"  beside: precision at 20, in {5 * STAGES} stages", in_stages(seeds, 5 * STAGES))


def in_stages(seeds: int, stages: int) -> np.ndarray:
    """(seeds,) precision; each stage sees the marks of those before it, through the model of every page."""
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng((TAG, seed))
        festival = festivals.draw(rng)
        pairs = festivals.at_random(rng, 600, 40, 2)
        score = festival.marks(*pairs.T, rng)
        for stage in range(stages):
            fit = calibration.fit(*pairs.T, score, model="additive", scale=SCALE)
            new = next_reviews(fit, pairs, budget=600 // stages, cut=TOP, cap=CAP, conflicts=(), seed=stage)
            pairs, score = np.concatenate([pairs, new]), np.append(score, festival.marks(*new.T, rng))
        assert len(pairs) == 1800
        found.append(precision(festival, calibration.fit(*pairs.T, score, scale=SCALE, seed=seed).quality))
    return np.array(found)


def speed(seeds: int) -> None:
    """Least of a few runs, in seconds of this process; the wall's seconds stand beside."""
    print("\n20,000 films, 500 jurors, 100,000 marks; linear algebra on one thread")
    rng = np.random.default_rng(TAG)
    festival = festivals.draw(rng, films=20_000, jurors=500)
    film = np.repeat(np.arange(20_000), 5)
    juror = np.argsort(rng.random((20_000, 500)), axis=1)[:, :5].ravel()
    checked = marks.check(film, juror, festival.marks(film, juror, rng), scale=SCALE)
    with one_thread():
        start = additive.fit(checked)
        clock("quality and sd, variances known", lambda: known(checked, start), at_most=0.15, times=5)
        clock("quality, sd and variances", lambda: known(checked, None), at_most=1.0, times=3)
        clock("Gibbs, four chains", lambda: hierarchical.fit(checked, start, seed=0), at_most=15.0, times=1)


def known(checked, start) -> None:
    fitted = additive.fit(checked, variances=start and start.variances)
    assert fitted.quality.shape == fitted.sd.shape


PARTS = {part.__name__: part for part in (base, reliability, sections, allotted, speed)}


def with_pairs(rng, festival: Festival) -> tuple[Festival, np.ndarray]:
    return festival, festivals.at_random(rng, 600, 40, 3)


def measured(seeds: int, drawn, *, use_sections: bool = False) -> dict[tuple[str, str], np.ndarray]:
    """(seeds,) figures of each way of ranking the films."""
    rows: dict[tuple[str, str], list[float]] = {}
    for seed in range(seeds):
        rng = np.random.default_rng((TAG, seed))
        festival, pairs = drawn(rng)
        score = festival.marks(*pairs.T, rng)
        section = festival.section[pairs[:, 0]] if use_sections else None
        fits = {"auto": calibration.fit(*pairs.T, score, section=section, scale=SCALE, seed=seed)}
        for model in ("raw", "additive", "hierarchical"):
            same = fits["auto"].model == model  # the same seed gives the same bits
            fits[model] = (
                fits["auto"]
                if same
                else calibration.fit(*pairs.T, score, section=section, model=model, scale=SCALE, seed=seed)
            )
        qualities = {way: fit.quality for way, fit in fits.items()}
        qualities["all-knowing"] = festival.all_knowing(*pairs.T, score)
        for way, quality in qualities.items():
            rows.setdefault((way, "precision"), []).append(precision(festival, quality))
            rows.setdefault((way, "tau"), []).append(kendalltau(festival.quality, quality)[0])
        for way, fit in fits.items():
            rows.setdefault((way, "cover"), []).append(cover(festival, fit.interval))
        rows.setdefault(("gate", "hierarchical"), []).append(fits["auto"].model == "hierarchical")
        rows.setdefault(("chains", "R-hat"), []).append(fits["hierarchical"].r_hat)
    return {name: np.array(values) for name, values in rows.items()}


def precision(festival: Festival, quality: np.ndarray) -> float:
    best = np.argsort(-festival.quality)[:TOP]
    return len(np.intersect1d(best, np.argsort(-quality, kind="stable")[:TOP])) / TOP


def cover(festival: Festival, interval: np.ndarray) -> float:
    """Share of films inside their interval; the level of the jury is taken as known, as in the intervals."""
    middle = interval.mean() - festival.quality.mean()
    return float(
        ((interval[:, 0] <= middle + festival.quality) & (middle + festival.quality <= interval[:, 1])).mean()
    )


def beside(table) -> None:
    """What other ways do on the same festivals."""
    for way in ("raw", "additive", "all-knowing"):
        line(f"  beside: {way}, precision at 20", table[way, "precision"])
        line(f"  beside: {way}, tau", table[way, "tau"])
    line("  beside: gate chose the hierarchical model", table["gate", "hierarchical"].astype(float))
    line("  beside: R-hat", table["chains", "R-hat"])


def line(
    name: str, values: np.ndarray, *, at_least: float | None = None, at_most: float | None = None
) -> None:
    mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    said = verdict(mean, at_least, at_most) + doubt(mean, error, at_least, at_most)
    print(f"{name:46} {mean:7.4f} ± {error:.4f}{said}", flush=True)


def clock(name: str, work, *, at_most: float, times: int) -> None:
    cpu, wall = [], []
    for _ in range(times):
        started, used = time.perf_counter(), time.process_time()
        work()
        cpu.append(time.process_time() - used)
        wall.append(time.perf_counter() - started)
    print(
        f"{name:46} {min(cpu):7.3f} s, wall {min(wall):.3f} s{verdict(min(cpu), None, at_most)}", flush=True
    )


def verdict(value: float, at_least: float | None, at_most: float | None) -> str:
    if at_least is None and at_most is None:
        return ""
    reached = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    asked = [f"at least {at_least}"] * (at_least is not None) + [f"at most {at_most}"] * (at_most is not None)
    return f"   asked: {', '.join(asked)}: {'reached' if reached else 'MISSED'}"


def doubt(mean: float, error: float, at_least: float | None, at_most: float | None) -> str:
    """Of a figure that was missed, whether so many festivals can tell it from what was asked."""
    short = max((at_least or mean) - mean, mean - (at_most or mean))
    if short <= 0:
        return ""
    told = "within one" if short <= error else "within two" if short <= 2 * error else "more than two"
    how_far = f"{told} standard error{'s' * (told != 'within one')} of what was asked"
    return f" by {short:.4f}, {how_far}"


if __name__ == "__main__":
    main()
