"""Logistic regression on sparse rows with a Gaussian prior around given weights, fitted by L-BFGS; numpy only."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

MEMORY = 12
"""How many past steps L-BFGS remembers."""


@dataclass(frozen=True)
class Sparse:
    """Rows of few filled columns: the filled cells of all rows one after another, in order of rows."""

    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    shape: tuple[int, int]

    def times(self, weights: np.ndarray) -> np.ndarray:
        """One sum per row."""
        return np.bincount(self.rows, weights=self.values * weights[self.columns], minlength=self.shape[0])

    def gathered(self, errors: np.ndarray) -> np.ndarray:
        """One sum per column."""
        return np.bincount(self.columns, weights=self.values * errors[self.rows], minlength=self.shape[1])


def fit(
    sparse: Sparse,
    dense: np.ndarray,
    labels: np.ndarray,
    importance: np.ndarray,
    prior: np.ndarray,
    stiffness: np.ndarray,
    steps: int = 200,
) -> np.ndarray:
    """Weights of the dense columns, then of the sparse ones, then the bias: the most probable under the prior.

    Minimises sum(importance * log-loss) + sum(stiffness * (weight - prior)^2) / 2; the bias has no prior. The same input
    gives the same weights.
    """
    wide = dense.shape[1]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = dense @ weights[:wide] + sparse.times(weights[wide:-1]) + weights[-1]
        off = weights[:-1] - prior
        value = float(importance @ (np.logaddexp(0.0, odds) - labels * odds) + 0.5 * stiffness @ off**2)
        error = importance * (1 / (1 + np.exp(-np.clip(odds, -500, 500))) - labels)
        slope = np.concatenate([dense.T @ error, sparse.gathered(error), [error.sum()]])
        slope[:-1] += stiffness * off
        return value, slope

    return descend(loss, np.append(prior, 0.0), steps)


def descend(loss: Callable[[np.ndarray], tuple[float, np.ndarray]], start: np.ndarray, steps: int) -> np.ndarray:
    """The lowest point of a smooth convex function; Nocedal & Wright, Numerical Optimization, algorithm 7.4."""
    here = start.copy()
    value, slope = loss(here)
    moves: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(steps):
        way = -_turned(slope, moves)
        reach = 1.0 if moves else 1.0 / max(1.0, float(np.abs(slope).sum()))
        fall = float(slope @ way)
        for _ in range(40):
            there = here + reach * way
            next_value, next_slope = loss(there)
            if next_value <= value + 1e-4 * reach * fall:
                break
            reach /= 2
        else:
            return here
        moved, turned = there - here, next_slope - slope
        if float(moved @ turned) > 1e-12:
            moves = [*moves[1 - MEMORY :], (moved, turned)]
        done = value - next_value < 1e-7 * max(1.0, abs(value))
        here, value, slope = there, next_value, next_slope
        if done:
            return here
    return here


def _turned(slope: np.ndarray, moves: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """The slope times the remembered estimate of the inverse curvature."""
    way, shares = slope.copy(), []
    for moved, turned in reversed(moves):
        share = float(moved @ way) / float(moved @ turned)
        way -= share * turned
        shares.append(share)
    if moves:
        moved, turned = moves[-1]
        way *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned), share in zip(moves, reversed(shares), strict=True):
        way += (share - float(turned @ way) / float(moved @ turned)) * moved
    return way
