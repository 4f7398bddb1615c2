"""From marks to quality: allow for who judged what, and say how sure one may be."""

from judging.tally.calibration.gate import fit
from judging.tally.calibration.report import Fit

__all__ = ["Fit", "fit"]
