"""Does a comment speak for, against or neither? One linear model, with a band in which nothing is said."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np

from matrix.feeling import Feeling, FeelingJudgement
from reading import heads
from reading.feeling_text import lay_out

WEIGHTS = Path(__file__).with_name("feeling_model.npz")
ORDER = (Feeling.POSITIVE, Feeling.NEUTRAL, Feeling.NEGATIVE)
CERTAIN = 0.7
"""The share from which on a feeling is certain: about three quarters of comments, of which nine in ten are right."""
_BATCH = 2000


@cache
def model(path: Path = WEIGHTS) -> heads.Head:
    """The weights that lie beside this file."""
    return heads.load(path)


def _sources() -> list[Path]:
    here = Path(__file__).parent
    return [*here.glob("feeling*.py"), *(here / name for name in ("heads.py", "appeal_model.py", "appeal_text.py"))]


VERSION = heads.version("情绪判读", model(), _sources())
"""Changes with the weights and the rules: what another version has read must be read again."""


def judge(texts: Sequence[str], *, tells_words: bool = True) -> list[FeelingJudgement]:
    """One judgement for each text, in their order; what else stands in the batch changes nothing.

    Of two equal shares the one nearer to negative counts. Any text is read; one without a known letter is neutral and uncertain.
    Without `tells_words` the words that speak for a feeling are left out, which takes half the time.
    """
    judged: list[FeelingJudgement] = []
    for begin in range(0, len(texts), _BATCH):
        judged += _judge(texts[begin : begin + _BATCH], model(), tells_words)
    return judged


judge_bare = partial(judge, tells_words=False)
"""For whoever keeps no words."""


def shares(texts: Sequence[str], head: heads.Head) -> np.ndarray:
    """Positive, neutral and negative share of each text, by any weights."""
    parts = [_read(texts[begin : begin + _BATCH], head)[0] for begin in range(0, len(texts), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, len(ORDER)))


def _read(texts: Sequence[str], head: heads.Head):
    sheet = lay_out(texts)
    found = heads.cells(heads.counted(sheet, head.longest), len(texts), head)
    share = heads.shares(heads.scores(found, head), head.cooling)
    unread = np.ones(len(texts), dtype=bool)
    unread[found.lines] = False
    share[unread] = 0.3, 0.4, 0.3
    return share, sheet


def _judge(texts: Sequence[str], head: heads.Head, tells_words: bool) -> list[FeelingJudgement]:
    share, sheet = _read(texts, head)
    share = np.round(share, 4)
    best = len(ORDER) - 1 - share[:, ::-1].argmax(axis=1)
    told = heads.spoken(sheet, head, best) if tells_words else [()] * len(texts)
    sure = share.max(axis=1, initial=0) >= CERTAIN
    return [
        FeelingJudgement(ORDER[answer], *three, is_certain, words)
        for answer, three, is_certain, words in zip(best.tolist(), share.tolist(), sure.tolist(), told, strict=True)
    ]
