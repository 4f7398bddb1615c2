"""y = level + section + film + juror + position + noise, with all variances estimated."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array, diags_array, hstack

from judging.tally.calibration.equations import Equations, invert
from judging.tally.calibration.marks import Marks, incidence

RANGE = 1e-6, 1e2  # of the marks' variance: where each component is looked for


@dataclass(frozen=True, eq=False)
class Design:
    """Columns of everything but the films, and which variance each block of them has."""

    z: csr_array  # (r, p)
    blocks: dict[str, slice]  # of columns that vary at random, with a variance to be found
    prior: np.ndarray  # (p,) precision that is known beforehand, per square point
    mean: csr_array  # (n, p) with `common`: what a film has in common with its section
    common: np.ndarray  # (p,) the average juror on the average day

    def precision(self, variances) -> np.ndarray:
        precision = self.prior.copy()
        for name, columns in self.blocks.items():
            precision[columns] = 1 / variances[name]
        return precision


def design(marks: Marks, *, jurors: bool = True) -> Design:
    """Jurors, sections where there are some, the level, and the slope of position, in this order."""
    r, n, m, s = len(marks.film), marks.films, marks.jurors * jurors, marks.sections
    s = s if s > 1 and jurors else 0
    columns, mean, blocks = [csr_array(np.ones((r, 1)))], [csr_array((n, 1))], {}
    if s:
        columns.insert(0, incidence(marks.section[marks.film], s))
        mean.insert(0, incidence(marks.section, s))
        blocks["section"] = slice(m, m + s)
    if m:
        columns.insert(0, incidence(marks.juror, m))
        mean.insert(0, csr_array((n, m)))
        blocks["juror"] = slice(0, m)
    if marks.position is not None and jurors:
        columns.append(csr_array(marks.position[:, None]))
        mean.append(csr_array((n, 1)))
    width = sum(block.shape[1] for block in columns)
    common, prior = np.zeros(width), np.zeros(width)
    common[m + s] = 1
    prior[m + s + 1 :] = marks.slope_precision
    if m:
        judged = marks.per_juror > 0
        common[:m] = judged / judged.sum()
    return Design(hstack(columns, format="csr"), blocks, prior, hstack(mean, format="csr"), common)


@dataclass(frozen=True, eq=False)
class Additive:
    """The fitted model; figures in points, deviations from each group's mean mark."""

    marks: Marks
    design: Design
    variances: dict[str, float]  # film, noise, and juror and section where they are in the model
    evaluations: int

    @cached_property
    def equations(self) -> Equations:
        return Equations(
            self.marks.film,
            self.design.z,
            films=self.marks.films,
            weight=1 / self.variances["noise"],
            film_precision=1 / self.variances["film"],
            precision=self.design.precision(self.variances),
        )

    @cached_property
    def solution(self) -> tuple[np.ndarray, np.ndarray]:
        return self.equations.solve(self.marks.centred)

    @cached_property
    def quality(self) -> np.ndarray:
        """(n,) mark of the average juror."""
        film, phi = self.solution
        return self.marks.level + film + self.design.mean @ phi + self.design.common @ phi

    @cached_property
    def sd(self) -> np.ndarray:
        return np.sqrt(self.equations.variance(self.design.mean, self.design.common))

    @cached_property
    def residual(self) -> np.ndarray:
        """(r,) marks less their fitted values."""
        film, phi = self.solution
        return self.marks.centred - film[self.marks.film] - self.design.z @ phi

    @cached_property
    def kept(self) -> np.ndarray:
        """(r,) share of a mark that is left unexplained when the mark itself is left out: one less leverage.

        Source:
            R. D. Cook, S. Weisberg, Residuals and Influence in Regression (1982), section 2.2.
        """
        return 1 - self.equations.leverage()

    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """(r,) each: the error of predicting a mark that is left out, and the variance of that error."""
        return self.residual / self.kept, self.usual()

    def usual(self) -> np.ndarray:
        """(r,) variance of the error of predicting a mark that is left out."""
        return self.variances["noise"] / self.kept

    def severity(self) -> tuple[np.ndarray, np.ndarray]:
        """(m,) each, what a juror adds to every mark compared with the average juror, and its sd."""
        m = self.marks.jurors
        phi, cover = self.solution[1][:m], self.equations.inverse[:m, :m]
        share = self.design.common[:m]
        against = cover @ share
        return phi - share @ phi, np.sqrt(cover.diagonal() - 2 * against + share @ against)

    def section(self) -> np.ndarray:
        """(s,) by how much sections lie apart, empty where there are none."""
        apart = self.solution[1][self.design.blocks.get("section", slice(0))]
        return apart - apart.mean() if len(apart) else apart

    def slope(self) -> float:
        """What one place later in a juror's order adds to a mark."""
        return float(self.solution[1][-1]) if self.marks.position is not None else 0.0

    def draws(self, count: int, rng) -> np.ndarray:
        """(count, n) joint draws of the quality."""
        film, phi = self.equations.draws(count, rng)
        return (self.quality[:, None] + film + self.design.mean @ phi + self.design.common @ phi).T


def fit(marks: Marks, *, jurors: bool = True, variances=None) -> Additive:
    """The model with the variances given, or those of restricted maximum likelihood."""
    columns = design(marks, jurors=jurors)
    found, evaluations = (variances, 0) if variances else reml(marks, columns)
    return Additive(marks, columns, dict(found), evaluations)


def reml(marks: Marks, columns: Design) -> tuple[dict[str, float], int]:
    """Variances of film, juror, section and noise by restricted maximum likelihood.

    Returns:
        the variances in points squared, and how often the likelihood was asked.

    Source:
        S. R. Searle, G. Casella, C. E. McCulloch, Variance Components, Wiley 1992, chapters 6 and 8: the
        likelihood from Henderson's mixed model equations; its gradient is the EM step's remainder.
    """
    from scipy.optimize import minimize  # a quarter of a second, which no start should wait for

    names = ["noise", "film", *columns.blocks]
    total = marks.centred.var()
    rounding = marks.step**2 / 12 / total  # variance of a whole mark about what it stands for
    bounds = [RANGE] * len(names)
    bounds[0] = min(max(RANGE[0], rounding), RANGE[1]), RANGE[1]
    likelihood = Likelihood(marks.centred / np.sqrt(total), marks, columns)
    found = minimize(
        likelihood,
        np.full(len(names), np.log(1 / len(names))),
        jac=True,
        method="L-BFGS-B",
        bounds=np.log(bounds),
        options={"gtol": 1e-5 * len(marks.score) ** 0.5, "ftol": 1e-13},
    )
    return dict(zip(names, np.exp(found.x) * total, strict=True)), found.nfev


class Likelihood:
    """Minus twice the restricted log-likelihood, and its gradient, in the logarithms of the variances.

    Films with as many marks as each other answer alike, so that their sums are taken once.
    """

    def __init__(self, y, marks: Marks, columns: Design):
        z, count = columns.z, marks.per_film
        cross = (marks.by_film @ z).tocsr()
        self.blocks = list(columns.blocks.values())
        self.sizes = np.array([marks.films, *(block.stop - block.start for block in self.blocks)])
        self.counts, group = np.unique(count, return_inverse=True)
        self.alike = np.bincount(group)
        self.gram = np.stack([_gram(cross[group == k]) for k in range(len(self.counts))])
        film = marks.by_film @ y
        pick = incidence(group, len(self.counts)).T
        self.film_z = (pick @ diags_array(film) @ cross).toarray()  # (counts, p)
        self.film_film = pick @ film**2
        self.zz, self.zy, self.yy, self.size = _gram(z), z.T @ y, y @ y, len(y)
        self.prior = columns.prior * marks.centred.var()  # y has variance one

    def __call__(self, logs) -> tuple[float, np.ndarray]:
        noise, film, *others = np.exp(logs)
        own = 1 / (self.counts / noise + 1 / film)  # posterior variance of a film, were the jury known
        matrix = self.zz / noise - np.tensordot(own / noise**2, self.gram, 1) + np.diag(self.prior)
        for variance, block in zip(others, self.blocks, strict=True):
            matrix[block, block] += np.eye(block.stop - block.start) / variance
        inverse, log_determinant = invert(matrix)
        right = self.zy / noise - own @ self.film_z / noise**2
        phi = inverse @ right
        quadratic = self.yy / noise - own @ self.film_film / noise**2 - right @ phi

        squares = self.film_film - 2 * (self.film_z @ phi) + (self.gram @ phi) @ phi
        films = own**2 @ (squares + np.tensordot(self.gram, inverse, 2)) / noise**2 + self.alike @ own
        parts = [phi[b] @ phi[b] + inverse.diagonal()[b].sum() for b in self.blocks]
        explained = np.array([films, *parts]) / [film, *others]
        known = self.prior @ (phi**2 + inverse.diagonal())
        left = self.size - self.alike.sum() - len(phi) - quadratic + explained.sum() + known
        value = self.size * logs[0] + self.sizes @ logs[1:] + quadratic
        value += log_determinant - self.alike @ np.log(own)
        return value, np.array([left, *(self.sizes - explained)])


def _gram(rows: csr_array) -> np.ndarray:
    return (rows.T @ rows).toarray()
