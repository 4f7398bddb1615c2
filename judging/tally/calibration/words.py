"""What a page says about a calibration."""

import numpy as np
from scipy.sparse import diags_array

from judging.tally.calibration.hierarchical import AGREED, Hierarchical
from judging.tally.calibration.marks import Marks

METHOD = {
    "raw": "Films stand at the plain mean of their marks.",
    "additive": "Films stand at their marks less each juror's severity.",
    "hierarchical": "Films stand at their marks, allowing for each juror's severity, scale and reliability.",
}
NAMES = {"raw": "plain means", "additive": "severity alone", "hierarchical": "scale and reliability too"}
THREAD = 0.05  # connectivity below which a jury hangs by a thread; all with all is 1


def words(marks: Marks, chosen: str, model, losses, asked: str, plain: str) -> tuple[str, ...]:
    """Sentences: what was used and why, how far the chains agree, what cannot be compared."""
    said = [METHOD[chosen]]
    if plain:
        said.append(plain)
    elif asked != "auto":
        said.append("This method was asked for.")
    else:
        said.append(_why(chosen, {name: values.mean() for name, (values, _) in losses.items()}))
    if isinstance(model, Hierarchical):
        agree = "agree" if model.r_hat <= AGREED else "do not quite agree"
        said.append(f"Four chains {agree}: R-hat {model.r_hat:.3f} after {model.sweeps} sweeps of each.")
    return (*said, *_compared(marks))


def _why(chosen: str, errors: dict[str, float]) -> str:
    surprise = ", ".join(f"{NAMES[name]} {error:.3f}" for name, error in errors.items())
    best = min(errors, key=errors.__getitem__)
    why = "predicts it best" if best == chosen else "is the simplest within one standard error of the best"
    return f"Of the ways to predict a mark left out, this one {why} (surprise in nats: {surprise})."


def _compared(marks: Marks) -> list[str]:
    said, groups = [], marks.components.max() + 1
    if groups > 1:
        said.append(
            f"The films fall into {groups} groups that share no juror. Films of different groups cannot be "
            "compared: each group keeps its plain mean, and ranks and chances hold within it."
        )
    elif connectivity(marks) < THREAD:
        said.append("Few jurors link one part of the jury to the rest, so compare films across with care.")
    if unseen := int((marks.per_film == 0).sum()):
        films = "1 film has" if unseen == 1 else f"{unseen} films have"
        said.append(f"{films} no mark yet and stand where nothing is known.")
    return said


def connectivity(marks: Marks) -> float:
    """Second eigenvalue of the normalised Laplacian of jurors joined by the films they share.

    Zero where the jury falls in two, one where everybody sees everything, or where there is one juror only.

    Source:
        M. Fiedler, Algebraic connectivity of graphs, Czechoslovak Mathematical Journal 23 (1973) 298-305.
    """
    judged = marks.per_juror > 0
    links = diags_array(1 / np.maximum(marks.per_film, 1)) @ marks.by_film @ marks.by_juror.T
    walk = (marks.by_juror @ marks.by_film.T @ links).toarray()[np.ix_(judged, judged)]
    root = np.sqrt(marks.per_juror[judged])
    return float(1 - np.linalg.eigvalsh(walk / np.outer(root, root))[-2]) if len(root) > 1 else 1.0
