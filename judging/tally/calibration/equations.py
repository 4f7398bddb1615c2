"""Normal equations of films crossed with jurors, solved by eliminating the films."""

from functools import cached_property

import numpy as np
from scipy.linalg import cholesky, lapack, solve_triangular
from scipy.sparse import csr_array
from threadpoolctl import ThreadpoolController

from judging.tally.calibration.marks import incidence

ROWS = 8192  # taken at a time where each needs p numbers of memory
BLAS = ThreadpoolController()


def one_thread():
    """A context in which linear algebra keeps to one thread.

    The blocks are small, so that threads wait for each other more than they work; and a sum that is split
    by the number of cores has other last bits on another machine.
    """
    return BLAS.limit(limits=1, user_api="blas")


class Equations:
    """Posterior of d and φ in y = c · d[film] + z φ + e under normal priors around zero.

    The films' block is diagonal, so that what remains after their elimination (Schur complement) is as
    small as the jury: a Cholesky factor of it gives every estimate and every variance exactly.

    Args:
        film: (r,) from 0 to n - 1.
        z: (r, p) sparse columns of everything but the films.
        c: (r,) or a number, how strongly a mark follows its film.
        weight: (r,) or a number, one over the variance of e.
        film_precision: one over the variance of d.
        precision: (p,) one over the variance of φ; zero for what has no prior.

    Source:
        S. R. Searle, G. Casella, C. E. McCulloch, Variance Components, Wiley 1992, chapter 7.
    """

    def __init__(self, film, z, *, films, c=1.0, weight=1.0, film_precision, precision):
        self.film, self.z, self.films = film, z, films
        self.c, self.weight = np.broadcast_to(c, film.shape), np.broadcast_to(weight, film.shape)
        self.by_film = incidence(film, films).T.tocsr()
        self.a = self.by_film @ (self.weight * self.c**2) + film_precision
        self.cross = (self.by_film @ _rows(self.weight * self.c, z)).tocsr()
        self.eliminated = _rows(1 / self.a, self.cross)  # what the films answer to a change of φ
        self.schur = (z.T @ _rows(self.weight, z)).toarray() + np.diag(precision)
        self.schur -= (self.cross.T @ self.eliminated).toarray()

    @cached_property
    def inverse(self) -> np.ndarray:
        """(p, p) posterior covariance of φ."""
        return invert(self.schur)[0]

    def solve(self, y) -> tuple[np.ndarray, np.ndarray]:
        """Posterior means (n,) of d and (p,) of φ."""
        film = self.by_film @ (self.weight * self.c * y)
        phi = self.inverse @ (self.z.T @ (self.weight * y) - self.eliminated.T @ film)
        return (film - self.cross @ phi) / self.a, phi

    def variance(self, rows: csr_array, common: np.ndarray) -> np.ndarray:
        """(n,) posterior variance of d + (rows + common) φ, where rows are (n, p) and common is (p,)."""
        own = (rows - self.eliminated).tocsr()
        shared = self.inverse @ common
        return 1 / self.a + quadratic(own, self.inverse) + 2 * (own @ shared) + common @ shared

    def leverage(self) -> np.ndarray:
        """(r,) how far a mark pulls its own fitted value, from 0 to 1."""
        share = np.empty(len(self.film))
        for start in range(0, len(share), ROWS):
            part = slice(start, start + ROWS)
            film, c = self.film[part], self.c[part]
            own = (self.z[part] - _rows(c, self.eliminated[film])).tocsr()
            share[part] = c**2 / self.a[film] + quadratic(own, self.inverse)
        return share * self.weight

    def draws(self, count: int, rng) -> tuple[np.ndarray, np.ndarray]:
        """(n, count) and (p, count): how far joint draws of d and φ lie from their means."""
        factor = cholesky(self.schur, lower=True)
        phi = solve_triangular(factor, rng.standard_normal((len(factor), count)), lower=True, trans="T")
        d = rng.standard_normal((self.films, count)) / np.sqrt(self.a)[:, None]
        return d - self.eliminated @ phi, phi


def invert(matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """Inverse and log-determinant of a symmetric positive definite matrix."""
    factor = cholesky(matrix, lower=True)
    lower, _ = lapack.dpotri(factor, lower=1)
    lower = np.tril(lower)
    return lower + np.tril(lower, -1).T, 2 * np.log(factor.diagonal()).sum()


def quadratic(rows: csr_array, matrix: np.ndarray) -> np.ndarray:
    """x · matrix · x for each sparse row x."""
    out = np.empty(rows.shape[0])
    for start in range(0, len(out), ROWS):
        part = rows[start : start + ROWS]
        out[start : start + ROWS] = part.multiply(part @ matrix).sum(axis=1)
    return out


def _rows(factor: np.ndarray, sparse: csr_array) -> csr_array:
    """`sparse` with each row multiplied."""
    return csr_array(
        (sparse.data * np.repeat(factor, np.diff(sparse.indptr)), sparse.indices, sparse.indptr), sparse.shape
    )
