"""How fast comments are read: every head alone and all together, on one core."""

import time
from collections.abc import Callable, Sequence

from matrix.appeal import Words
from reading import appeal, feeling, topic

LEAST = 6000


def per_second(words: Sequence[Words]) -> dict[str, float]:
    """Comments in a second for 诉求, 主题, 情绪 and 合计, best of three; 单独一条: milliseconds for one alone by all."""
    many = [words[place % len(words)] for place in range(max(LEAST, len(words)))][:LEAST]
    texts = [one.text for one in many]
    heads: dict[str, Callable[[], object]] = {
        "诉求": lambda: appeal.judge(many),
        "主题": lambda: topic.judge(many),
        "情绪": lambda: feeling.judge(texts),
    }
    spent = {name: min(_seconds(read) for _ in range(3)) for name, read in heads.items()}
    rates = {name: len(many) / seconds for name, seconds in spent.items()}
    rates["合计"] = len(many) / sum(spent.values())
    some = many[:100]
    alone = _seconds(lambda: [(appeal.judge([one]), topic.judge([one]), feeling.judge([one.text])) for one in some])
    return rates | {"单独一条": alone / len(some) * 1000}


def _seconds(read: Callable[[], object]) -> float:
    started = time.process_time()
    read()
    return max(1e-9, time.process_time() - started)
