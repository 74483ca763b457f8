"""Figures of agreement between labels and readings: F1 per answer, calibration, and intervals by resampling."""

from collections.abc import Callable

import numpy as np

RESAMPLES = 1000
SEED = 7


def f1_per_answer(truth: np.ndarray, taken: np.ndarray, answers: int) -> np.ndarray:
    """F1 of each answer by its number; NaN for an answer that is neither true nor taken anywhere."""
    right = np.bincount(truth[truth == taken], minlength=answers).astype(float)
    both = np.bincount(truth, minlength=answers) + np.bincount(taken, minlength=answers)
    return np.divide(2 * right, both, out=np.full(answers, np.nan), where=both > 0)


def macro_f1(truth: np.ndarray, taken: np.ndarray, answers: int) -> float:
    """The mean F1 over the answers that occur among the labels."""
    found = f1_per_answer(truth, taken, answers)
    return float(np.mean(found[np.unique(truth)])) if len(truth) else float("nan")


def interval(measure: Callable[[np.ndarray], float], many: int) -> str:
    """The middle 95 % of a figure over resampled rows, in words."""
    rng = np.random.default_rng(SEED)
    low, high = np.percentile([measure(rng.integers(0, many, many)) for _ in range(RESAMPLES)], [2.5, 97.5])
    return f"95%区间 {low:.3f} 至 {high:.3f}"


def calibration_error(right: np.ndarray, share: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over equal steps of the share (Naeini et al. 2015)."""
    step = np.minimum((share * bins).astype(int), bins - 1)
    off = [abs(float(right[step == one].sum() - share[step == one].sum())) for one in range(bins)]
    return sum(off) / max(1, len(share))


def coverage_at(right: np.ndarray, share: np.ndarray, precision: float) -> tuple[float, float]:
    """The largest part of rows, taken from the surest on, that is right so often; and the share where it ends."""
    order = np.argsort(-share, kind="stable")
    hit = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(hit >= precision)
    return (float(good[-1] + 1) / len(order), float(share[order[good[-1]]])) if len(good) else (0.0, 1.0)
