"""A calibration fixed: computed from a sheet, written down with a digest, and read again without computing.

The same sheet, model and seed give the same bits on the same stack; `VERSION` names what of the stack the
figures depend on.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import scipy

from judging.tally import calibration, chain
from judging.tally.calibration import Fit
from judging.tally.replay import Replay
from judging.tally.sheet import Sheet, sheet

SCALE = (1, 10)
MODELS = 2  # one more whenever a model comes to give other figures
VERSION = f"models {MODELS}, numpy {np.__version__}, scipy {scipy.__version__}"
UNIT = 100  # draws are kept in hundredths of a mark
MOST = 2_000_000  # draws of films that are kept: some four megabytes
LEAST = 200  # draws a film
OF_JURORS = ("drift", "infit", "outfit", "reliability")  # computed from the marks, which are not kept


def compute(marks: Sheet, *, model: str = "auto", seed: int = 0) -> Fit:
    """Calibrate a sheet.

    Raises:
        ValueError: there is nothing to calibrate; the message says so in one sentence.
    """
    section = np.unique(marks.section, return_inverse=True)[1]
    return calibration.fit(
        marks.film,
        marks.juror,
        marks.score,
        section=section[marks.film],
        position=marks.position,
        model=model,
        scale=SCALE,
        seed=seed,
    )


@dataclass(frozen=True)
class Kept:
    """Draws that were kept, in place of a model that could draw more."""

    drawn: np.ndarray  # (d, n) points

    def draws(self, count: int, rng) -> np.ndarray:
        return self.drawn


def freeze(fit: Fit) -> tuple[dict[str, Any], bytes]:
    """The figures of a fit as JSON, and its joint draws as (d, n) little-endian 16-bit hundredths."""
    names = [one.name for one in fields(Fit) if one.name not in ("marks", "posterior")]
    figures = {name: _plain(getattr(fit, name)) for name in names}
    figures["habits"] = _plain(habits_of(fit))
    return figures, thinned(fit).tobytes()


def thinned(fit: Fit) -> np.ndarray:
    """(d, n) joint draws in hundredths of a mark, fewer the more films there are."""
    draws = fit.draws
    keep = int(np.clip(MOST // draws.shape[1], LEAST, len(draws))) if draws.size else len(draws)
    few = draws[np.linspace(0, len(draws) - 1, min(keep, len(draws))).astype(int)]
    return np.rint(few * UNIT).astype("<i2")


def kept(draws: bytes, n: int) -> Kept:
    """Draws of n films as `thinned` gave them, for a fit that has no model any more."""
    return Kept(np.frombuffer(bytes(draws), "<i2").reshape(-1, n) / UNIT)


def thaw(figures: Mapping[str, Any], draws: bytes) -> Fit:
    """The fit again: all but what needs the marks themselves, which is under `habits`."""
    known = {one.name for one in fields(Fit)}
    said = {name: _array(value) for name, value in figures.items() if name in known}
    n = len(said["quality"])
    said["words"] = tuple(figures["words"])
    return Fit(**said, marks=None, posterior=kept(draws, n))


def habits_of(fit: Fit) -> dict[str, np.ndarray]:
    """(m,) each, what a calibration says of jurors beyond severity and scale."""
    return {name: getattr(fit, name) for name in OF_JURORS}


def habits(figures: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The same, of a calibration that was kept."""
    return {name: _array(values) for name, values in figures["habits"].items()}


def digest(figures: Mapping[str, Any], draws: bytes) -> str:
    """SHA-256 over all figures, each written as the shortest text that reads back to the same bits."""
    return chain.digest([_text(figures), hashlib.sha256(draws).hexdigest()])


def differences(facts: Mapping[str, Any], replay: Replay) -> Iterator[str]:
    """What a ledger's row on a calibration says otherwise than the rows before it give."""
    marks = from_replay(facts["round"], replay, facts["parameters"]["sections"])
    if marks.digest != facts["parameters"]["inputs"]:
        yield "the marks it was computed from are not those in the ledger."
        return
    if digest(*freeze(compute(marks, model=facts["model"], seed=facts["seed"]))) != facts["result"]:
        stack = (
            "" if facts["version"] == VERSION else f" It was computed with {facts['version']}, now {VERSION}."
        )
        yield f"the calibration of its marks gives other figures.{stack}"


def from_replay(round: int, replay: Replay, sections: Mapping[str, int]) -> Sheet:
    """The sheet of a round as the ledger has it."""
    weights = dict(sorted(replay.weights(round).items()))
    said = [
        (replay.assignments[key].facts, mark.facts)
        for key, mark in replay.marks.items()
        if mark.facts["round"] == round and key in replay.assignments and key not in replay.recused
    ]
    scores = [[mark["scores"].get(str(one), np.nan) for one in weights] for _, mark in said]
    return sheet(
        [mark["film"] for _, mark in said],
        [mark["juror"] for _, mark in said],
        [made["position"] for made, _ in said],
        scores,
        weights=weights,
        sections=sections,
    )


def _plain(value: Any) -> Any:
    """As JSON has it; what is not known is null."""
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value + 0.0 if np.isfinite(value) else None  # databases know no negative zero
    return value


def _array(value: Any) -> Any:
    """Lists as arrays, null as NaN."""
    if isinstance(value, list):
        return np.array([np.nan if one is None else one for one in value])
    return np.nan if value is None else value


def _text(value: Any) -> Any:
    if isinstance(value, float):
        return chain.figure(value)
    if isinstance(value, list):
        return [_text(one) for one in value]
    if isinstance(value, dict):
        return {key: _text(one) for key, one in value.items()}
    return value
