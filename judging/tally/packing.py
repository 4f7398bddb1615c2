"""A sheet and its calibration as one string of bytes, and back again: quick enough for every page.

Only numbers and text are in it, so that whoever reads it runs nothing of what it holds.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from judging.tally.calibration import Fit
from judging.tally.sheet import Sheet

HEAVY = {"marks": "<i1", "film": "<i4", "juror": "<i4", "position": "<i4"}  # whole numbers, a row a review
LEFT_OUT = ("marks", "posterior")  # of a fit: what it was computed from


def pack(sheet: Sheet, fit: Fit, **more: Any) -> bytes:
    """Everything a page shows of a calibration, but for its draws, which weigh more than all the rest.

    Args:
        more: further arrays, numbers and texts, by name.
    """
    said = {f"sheet.{one.name}": getattr(sheet, one.name) for one in fields(Sheet)}
    said |= {f"fit.{one.name}": getattr(fit, one.name) for one in fields(Fit) if one.name not in LEFT_OUT}
    said |= {f"sheet.{name}": said[f"sheet.{name}"].astype(kind) for name, kind in HEAVY.items()}
    said |= {f"more.{name}": values for name, values in more.items()}
    said["sheet.films"] = np.array(sheet.films, "S36")
    arrays = {name: value for name, value in said.items() if isinstance(value, np.ndarray)}
    plain = {name: value for name, value in said.items() if name not in arrays}
    arrays["plain"] = np.frombuffer(json.dumps(plain, default=_number).encode(), np.uint8)
    body = io.BytesIO()
    np.savez(body, allow_pickle=False, **arrays)
    return body.getvalue()


def unpack(body: bytes) -> tuple[Sheet, Fit, dict[str, Any]]:
    """What was packed; the fit says nothing of chances before it is given draws."""
    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        said: dict[str, Any] = {name: file[name] for name in file.files}
    said |= json.loads(said.pop("plain").tobytes())
    known = _of("sheet", said)
    known |= {name: known[name].astype(float if name == "marks" else int) for name in HEAVY}
    known["films"] = tuple(known["films"].astype(str).tolist())
    known |= {name: tuple(known[name]) for name in ("jurors", "criteria", "weights")}
    figures = _of("fit", said)
    figures["words"] = tuple(figures["words"])
    fit = Fit(**figures, marks=None, posterior=None)
    return Sheet(**known), fit, _of("more", said)


def _of(what: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {name.partition(".")[2]: value for name, value in said.items() if name.startswith(f"{what}.")}


def _number(value: Any) -> Any:
    """A single number of numpy's, as JSON has it."""
    return value.item()
