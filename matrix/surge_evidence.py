"""The facts from which one surge is explained in a sentence."""

from dataclasses import dataclass

import numpy as np

from matrix.surge import Detector
from matrix.surge_posts import LONG_AGO
from matrix.surge_score import BEFORE, Scores
from matrix.surge_tail import usual_bound


@dataclass(frozen=True, slots=True)
class Evidence:
    """One window of one series. Buckets are Unix time / length, counts are comments."""

    key: int
    bucket: int
    """The last bucket of the window."""
    minutes: int
    """Length of the window."""
    seen: int
    citizens: int
    """Fresh citizens among the authors; as many as `seen` where nobody counted them."""
    expected: float
    """At this hour, with the bumps of known posts."""
    usual: float
    """At this hour, without them."""
    usual_most: int
    """In 39 of 40 such windows there are not more."""
    ratio: float | None
    """seen / expected; None where less than one comment is expected, as a multiple of next to nothing says nothing."""
    highest_days: int
    """In so many days, at most 30, no window of this length held as many; 0: today did."""
    minutes_since_post: int | None
    """From the account's last own post to the end of the window; None when it is not known to have published."""
    score: float
    novelty: float
    dispersion: float
    """Relative variance beyond Poisson by which the window was judged."""

    @property
    def excess(self) -> float:
        return self.seen - self.expected


def evidence(detector: Detector, scores: Scores, place: int, window: int | None = None) -> Evidence | None:
    """Explain column `place` of scores that this detector has just given; None where nothing is material.

    To be asked before the next `step`: the parts of the window are read from the guard band. `window` asks for one of
    `Parameters.windows` by its place, whether material or not.
    """
    kind = int(scores.window[place]) if window is None else window
    if kind == BEFORE or detector.bucket is None:
        return None
    rules, windows = detector.rules, detector.windows
    key, end, length = int(scores.keys[place]), int(scores.bucket[place]), rules.windows[kind]
    column = int(np.flatnonzero(detector.keys == key)[0])
    rows = np.arange(end - length + 1, end + 1) % windows.length
    seen, expected = float(scores.seen[kind, place]), float(scores.expected[kind, place])
    age = int(detector.bump.age[column])
    since = age - (detector.bucket - end)
    return Evidence(
        key=key,
        bucket=end,
        minutes=length * rules.minutes,
        seen=round(seen),
        citizens=round(float(windows.citizens[rows, column].sum())),
        expected=expected,
        usual=float((windows.usual[rows, column] * windows.is_seen[rows, column]).sum()),
        usual_most=int(usual_bound(expected, scores.dispersion[kind, place])),
        ratio=seen / expected if expected >= 1 else None,
        highest_days=detector.peaks.highest_days(kind, column, seen),
        minutes_since_post=since * rules.minutes if age < LONG_AGO and since >= 0 else None,
        score=float(scores.score[place]),
        novelty=float(scores.novelty[place]),
        dispersion=float(scores.dispersion[kind, place]),
    )
