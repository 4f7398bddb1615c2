"""The calibration anybody asks for, and the gate: the simplest model that predicts as well as the best."""

import numpy as np
from scipy.special import ndtri

from judging.tally.calibration import additive, hierarchical, raw
from judging.tally.calibration.additive import Additive
from judging.tally.calibration.equations import one_thread
from judging.tally.calibration.hierarchical import Hierarchical
from judging.tally.calibration.marks import Marks, check
from judging.tally.calibration.raw import Raw
from judging.tally.calibration.report import Fit
from judging.tally.calibration.words import words

MODELS = "raw", "additive", "hierarchical"  # the simplest first
SHARE = 0.9  # of the posterior inside every interval
TAIL = ndtri((1 + SHARE) / 2)


def fit(
    film, juror, score, *, section=None, position=None, model="auto", scale=None, seed=0, variances=None
) -> Fit:
    """Calibrate marks: what each film is worth, and how each juror marks.

    Args:
        film: (r,) number of the film each mark is for, from 0.
        juror: (r,) number of the juror who gave it, from 0.
        score: (r,) marks in points; whole marks are taken for intervals by the hierarchical model.
        section: (r,) number of the section of each mark's film, from 0; or (n,), of each film.
        position: (r,) place of the film in its juror's order, in any unit.
        model: "raw" for plain means; "additive" for level + section + film + juror + position + noise;
            "hierarchical" for jurors' scale and reliability too; "auto" for the simplest of these within one
            standard error of the best in predicting marks left out.
        scale: lowest and highest mark that could be given; where None, those that were, if all are whole.
        seed: of the sampling; the same seed gives the same bits on the same stack.
        variances: of "film", "juror", "section" and "noise" for the additive model, in points squared, where
            they are known already; else they are estimated.

    Returns:
        a Fit of n = max(film) + 1 films and m = max(juror) + 1 jurors.

    Raises:
        ValueError: there are no marks, the lengths differ, something is missing, negative or out of scale,
            or the model has no such name; the message says so in one sentence.

    Source:
        N. D. Lawrence, NIPS reviewer calibration (2014): the additive model. H. Ge, M. Welling,
        Z. Ghahramani, A Bayesian model for calibrating reviewer scores: the family of the hierarchical one.
        L. Breiman et al., Classification and Regression Trees (1984), section 3.4: one standard error.
    """
    if model not in ("auto", *MODELS):
        raise ValueError(f"model must be auto, raw, additive or hierarchical, not {model}.")
    marks = check(film, juror, score, section=section, position=position, scale=scale)
    with one_thread():
        fitted = _fitted(marks, _why_plain(marks), model, seed, variances)
        losses = {name: loss(one) for name, one in fitted.items()} if len(fitted) > 1 else {}
        marked = {name: values for name, (values, _) in losses.items()}
        chosen = simplest(marked, marks.juror) if marked else [*fitted][-1]
        return _report(marks, chosen, fitted, losses, asked=model, seed=seed)


def _why_plain(marks: Marks) -> str:
    """Why nothing but plain means can be had, if so."""
    if not np.ptp(marks.score):
        return "All marks are equal, so there is nothing to tell films or jurors apart by."
    if not np.ptp(marks.film):
        return "There is only one film, so there is nothing to compare it with."
    if not np.ptp(marks.juror):
        return "There is only one juror, so nobody's habits can be told from the films."
    if not np.ptp(marks.centred):
        return (
            "Within each group of films that share jurors all marks are equal, so there is nothing to learn."
        )
    return ""


def _fitted(
    marks: Marks, plain: str, model: str, seed: int, variances
) -> dict[str, Raw | Additive | Hierarchical]:
    """The model asked for, or under "auto" all of them."""
    if plain or model == "raw":
        return {"raw": raw.fit(marks)}
    start = additive.fit(marks, variances=variances)
    if model == "additive":
        return {"additive": start}
    best = hierarchical.fit(marks, start, seed=seed)
    if model == "hierarchical":
        return {"hierarchical": best}
    return {"raw": raw.fit(marks), "additive": start, "hierarchical": best}


def loss(fitted: Raw | Additive | Hierarchical) -> tuple[np.ndarray, float]:
    """What a model says of each mark when that mark is left out, in closed form.

    Returns:
        (r,) minus the log density of each mark, in nats, and the root mean square error in points.
    """
    error, variance = fitted.left_out()
    return (np.log(2 * np.pi * variance) + error**2 / variance) / 2, float(np.sqrt((error**2).mean()))


def simplest(losses: dict[str, np.ndarray], juror: np.ndarray) -> str:
    """The first model whose loss exceeds the least by no more than one standard error of the difference.

    Args:
        losses: (r,) loss of each mark, by model, the simplest model first.
        juror: (r,) who gave the mark; a model suits all marks of a juror or none, so that jurors and not
            marks are what the standard error counts.
    """
    least = min(losses.values(), key=np.mean)
    for name, values in losses.items():
        more = values - least
        by_juror = np.bincount(juror, more - more.mean())
        if more.sum() <= np.sqrt((by_juror**2).sum()):
            return name
    raise AssertionError("the least exceeds itself by nothing")


def _report(marks, chosen, fitted, losses, *, asked, seed) -> Fit:
    model = fitted[chosen]
    films = _films(model)
    return Fit(
        model=chosen,
        **films,
        **_jurors(model),
        raw=marks.raw,
        reviews=marks.per_film,
        components=marks.components,
        load=marks.per_juror,
        variances={name: float(value) for name, value in model.variances.items()},
        section=np.empty(0) if isinstance(model, Raw) else model.section(),
        slope=0.0 if isinstance(model, Raw) else model.slope(),
        errors={name: float(values.mean()) for name, (values, _) in losses.items()},
        misses={name: miss for name, (_, miss) in losses.items()},
        r_hat=getattr(model, "r_hat", np.nan),
        sweeps=getattr(model, "sweeps", 0),
        words=words(marks, chosen, model, losses, asked, _why_plain(marks)),
        marks=marks,
        posterior=model,
        seed=seed,
    )


def _films(model) -> dict[str, np.ndarray]:
    if isinstance(model, Hierarchical):
        interval = model.marks.level[:, None] + model.interval("film", SHARE)
        return {"quality": model.quality, "sd": model.sd, "interval": interval}
    return {"quality": model.quality, "sd": model.sd, "interval": _around(model.quality, model.sd)}


def _jurors(model) -> dict[str, np.ndarray]:
    m = model.marks.jurors
    if isinstance(model, Hierarchical):
        found = {"severity": model.mean["severity"], "scale": model.mean["scale"]}
        found["noise"] = np.sqrt(model.mean["noise"])
        found |= {f"{name}_interval": model.interval(name, SHARE) for name in ("severity", "scale")}
        return found | {"noise_interval": np.sqrt(model.interval("noise", SHARE))}
    severity, sd = model.severity() if isinstance(model, Additive) else (np.zeros(m), np.zeros(m))
    noise = np.full(m, np.sqrt(model.variances["noise"]))
    return {
        "severity": severity,
        "severity_interval": _around(severity, sd),
        "scale": np.ones(m),
        "scale_interval": np.ones((m, 2)),
        "noise": noise,
        "noise_interval": np.stack([noise, noise], axis=1),
    }


def _around(middle: np.ndarray, sd: np.ndarray) -> np.ndarray:
    return np.stack([middle - TAIL * sd, middle + TAIL * sd], axis=1)
