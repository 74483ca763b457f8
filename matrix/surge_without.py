"""What a window would score with fewer comments: whether a part of them, taken away, leaves no surge."""

from matrix.surge_evidence import Evidence
from matrix.surge_rules import Parameters
from matrix.surge_tail import tail


def factor_of(found: Evidence) -> float:
    """What a raw score of this window was worth: trust in the window, burstiness and novelty of the series, together."""
    raw = float(tail(found.seen, found.expected, found.dispersion))
    return found.score / raw if raw > 0 else 0.0


def score_without(rules: Parameters, minutes: int, count: float, expected: float, dispersion: float, factor: float) -> float:
    """The score of a window of so many minutes if it had held `count` comments, all else as it was; 0 where that is not material.

    `factor` is that of the whole window. Fewer comments would be less of a record too, so the true score is lower still.
    """
    least = {
        window * rules.minutes: excess for window, excess in zip(rules.windows, rules.of_window(rules.least_excess), strict=True)
    }
    if count - expected < least.get(minutes, 0) or count < rules.least_ratio * expected:
        return 0.0
    return factor * float(tail(count, expected, dispersion))
