"""How much of what one text says stands in others, by pairs of neighbouring signs; rare pairs weigh more."""

import math
import re
from collections import Counter
from collections.abc import Sequence

NOISE = re.compile(r"\[[^\]]{1,8}\]|@[^\s:：]{1,30}|https?://\S+|[^\w]+|_")
"""Pictures, names that are called, addresses and punctuation say nothing about the matter."""


def pairs(text: str) -> frozenset[str]:
    """Every two neighbouring signs of the words; a single sign stands for itself."""
    return frozenset(word[place : place + 2] for word in NOISE.split(text) if word for place in range(max(1, len(word) - 1)))


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """For each other text the share (0 to 1) of this text's pairs that stand in it, each weighed by its rarity.

    A pair in n of N texts weighs ln(1 + N / n), the inverse document frequency of Spärck Jones (1972), smoothed. The sums are
    exact, because the order of the pairs differs from run to run.
    """
    own, sets = pairs(text), [pairs(other) for other in others]
    if not own:
        return [0.0] * len(sets)
    seen = Counter(pair for one in (own, *sets) for pair in one)
    weights = {pair: math.log(1 + (len(sets) + 1) / seen[pair]) for pair in own}
    whole = math.fsum(weights.values())
    return [math.fsum(weights[pair] for pair in own & one) / whole for one in sets]
