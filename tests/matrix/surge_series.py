"""Small worlds for the tests of the surge detector: quiet and busy series whose every week is alike."""

import numpy as np
from numpy.typing import NDArray

from matrix.surge import Detector
from matrix.surge_rules import Parameters

MONDAY = next(bucket for bucket in range(5_900_000, 5_902_016) if (bucket * 5 + 480 + 3 * 1440) % 10080 == 0)
DAY = 288


def calm(rates: list[float], buckets: int, seed: int = 1) -> NDArray[np.float64]:
    """Counts (buckets, series) that scatter a little more than Poisson around an even rate."""
    random = np.random.default_rng(seed)
    shape = (buckets, len(rates))
    return random.poisson(np.array(rates) * random.standard_gamma(20, shape) / 20).astype(float)


def taught(rates: list[float], days: float = 4, keys: list[int] | None = None, rules: Parameters | None = None) -> Detector:
    """A detector that has seen some calm days."""
    detector = Detector(keys or list(range(len(rates))), rules)
    for place, counts in enumerate(calm(rates, int(days * DAY))):
        detector.step(MONDAY + place, counts)
    return detector


def following(detector: Detector) -> int:
    """The bucket that comes next."""
    assert detector.bucket is not None
    return detector.bucket + 1
