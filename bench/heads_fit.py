"""Fits the linear heads that read topics and feelings: texts as sparse rows, ridge regression, folds, cooling; numpy only."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from bench.logistic import Sparse
from reading.appeal_model import SLOTS
from reading.appeal_text import Sheet
from reading.heads import counted, damped, mark_of

FOLDS = 5
SEED = 20
FEWEST_TEXTS = 3
"""An n-gram of fewer texts is not kept: it would tell of one text."""


@dataclass(frozen=True)
class Grid:
    """Texts as rows of length one over the kept n-grams; `slots` and `rarity` of each column."""

    sparse: Sparse
    slots: np.ndarray
    rarity: np.ndarray


def lay_grid(
    texts: Sequence[str], lay: Callable[[Sequence[str]], Sheet], longest: int, fewest: int = FEWEST_TEXTS, step: int = 2000
) -> Grid:
    """Values are damped counts times rarity, 1 + ln((1 + N) / (1 + n)), as the head computes them."""
    parts = []
    for begin in range(0, len(texts), step):
        line, slot, times = counted(lay(texts[begin : begin + step]), longest)
        parts.append((line + begin, slot, times))
    line, slot, times = (np.concatenate(column) for column in zip(*parts, strict=True))
    texts_with = np.bincount(slot, minlength=SLOTS)
    slots = np.flatnonzero(texts_with >= fewest)
    rarity = np.rint(16 * (1 + np.log((1 + len(texts)) / (1 + texts_with[slots])))) / 16
    place = np.full(SLOTS, -1)
    place[slots] = np.arange(len(slots))
    column = place[slot]
    kept = column >= 0
    line, column = line[kept], column[kept]
    values = damped(times[kept]) * rarity[column]
    length = np.sqrt(np.bincount(line, weights=values**2, minlength=len(texts)))
    return Grid(Sparse(line, column, values / length[line], (len(texts), len(slots))), slots, rarity)


def some_rows(sparse: Sparse, used: np.ndarray) -> Sparse:
    """The rows of a mask, renumbered."""
    number = np.cumsum(used) - 1
    cell = used[sparse.rows]
    return Sparse(number[sparse.rows[cell]], sparse.columns[cell], sparse.values[cell], (int(used.sum()), sparse.shape[1]))


def ridge(sparse: Sparse, targets: np.ndarray, importance: np.ndarray, stiffness: float, steps: int = 40) -> np.ndarray:
    """Weights and, last, the bias: least sum(importance * error^2) + stiffness * sum(weight^2), by conjugate gradients.

    Hestenes & Stiefel (1952) on the normal equations; the bias is free.
    """

    def pressed(weights: np.ndarray) -> np.ndarray:
        return drawn(sparse.times(weights[:-1]) + weights[-1]) + stiffness * np.append(weights[:-1], 0.0)

    def drawn(values: np.ndarray) -> np.ndarray:
        weighed = importance * values
        return np.append(sparse.gathered(weighed), weighed.sum())

    here = np.zeros(sparse.shape[1] + 1)
    left = drawn(targets)
    way, size = left.copy(), float(left @ left)
    goal = 1e-6 * size
    for _ in range(steps):
        if size <= goal:
            break
        turned = pressed(way)
        reach = size / float(way @ turned)
        here += reach * way
        left -= reach * turned
        size, before = float(left @ left), size
        way = left + size / before * way
    return here


def fold_numbers(texts: Sequence[str], folds: int = FOLDS) -> np.ndarray:
    """The fold of each text; texts with the same beginning are never on both sides."""
    rng, fold_of = Random(SEED), {}
    return np.array([fold_of.setdefault(mark_of(text), rng.randrange(folds)) for text in texts])


def out_of_fold(fit: Callable[[np.ndarray], np.ndarray], folds: np.ndarray, answers: int) -> np.ndarray:
    """Scores of every row by a fit that never saw it; `fit` takes the mask of rows it may see and gives scores of all rows."""
    scored = np.zeros((len(folds), answers))
    for fold in range(folds.max() + 1):
        out = folds == fold
        scored[out] = fit(~out)[out]
        print(f"折外拟合 {fold + 1}/{folds.max() + 1}", file=sys.stderr, flush=True)
    return scored


def best_cooling(scored: np.ndarray, truth: np.ndarray) -> float:
    """The factor that makes shares out of scores most probable for the true answers (one temperature)."""
    tried = np.geomspace(0.3, 30, 60)
    lines = np.arange(len(truth))
    losses = []
    for cooling in tried:
        odds = cooling * (scored - scored.max(axis=1, keepdims=True))
        losses.append(float(np.mean(np.log(np.exp(odds).sum(axis=1)) - odds[lines, truth])))
    return float(tried[int(np.argmin(losses))])


def known_rows(texts: Sequence[str], known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which rows can be judged honestly, and which of them the shipped weights were fitted on and fresh fits must read.

    When most rows were seen in fitting, the folder is the one of the fit and can be fitted again without some; when few were
    seen, it is another one, and those few are left out.
    """
    seen = np.isin([mark_of(text) for text in texts], known)
    return (np.ones(len(seen), dtype=bool), seen) if seen.mean() > 0.5 else (~seen, np.zeros(len(seen), dtype=bool))
