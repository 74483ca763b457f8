"""Is what a citizen wrote an appeal, of which kind, and by what was it recognised?"""

from collections.abc import Sequence

import numpy as np

from matrix.appeal import AppealKind, Judgement, Words
from reading.appeal_kind import kinds
from reading.appeal_model import UNIT, Weighed, shipped, weigh
from reading.appeal_signs import NAMES, Signs, read_signs

VERSION = shipped().version
"""Changes with the rules and the weights: what another version has read must be read again."""

WORDING = "用语特征"
"""The marker when the letters themselves decided, not a rule with a name."""

_BATCH = 2000
_MOST_MARKERS = 6
_SPEAKS = 0.25
"""In log-odds: what weighs less did not decide anything and is not shown."""
_THANKS = ("致谢", "称赞", "情况好转")


def judge(words: Sequence[Words]) -> list[Judgement]:
    """One judgement for each of the words, in their order; what else stands in the batch changes nothing.

    `score` is the probability at which 0.5 is the line between talk and appeal. `markers` of an appeal are the rules that speak
    for it, of other words those that speak against it. Any text is read, also an empty or a broken one.
    """
    judged: list[Judgement] = []
    for begin in range(0, len(words), _BATCH):
        judged += _judge(words[begin : begin + _BATCH])
    return judged


def _judge(words: Sequence[Words]) -> list[Judgement]:
    signs = read_signs(words)
    weighed = weigh(signs, shipped())
    scores = 1 / (1 + np.exp(-np.clip(weighed.total, -30, 30)))
    appeals = weighed.total >= 0
    kind_of: list[AppealKind | None] = [None] * len(words)
    for line, kind in zip(np.flatnonzero(appeals).tolist(), kinds(signs, appeals), strict=True):
        kind_of[line] = kind
    for line in np.flatnonzero(~appeals & _is_thanks(signs)).tolist():
        kind_of[line] = AppealKind.THANKS
    markers = _markers(weighed, appeals)
    told = zip(appeals.tolist(), np.round(scores, 4).tolist(), kind_of, markers, strict=True)
    return [Judgement(is_appeal, score, kind, tuple(named)) for is_appeal, score, kind, named in told]


def _is_thanks(signs: Signs) -> np.ndarray:
    """Words of thanks, without anything that goes wrong or is wanted."""
    thanks, praise, better = (signs.fired[:, NAMES.index(name)] for name in _THANKS)
    chats = np.logical_or.reduce([signs.fired[:, NAMES.index(name)] for name in ("追星闲聊", "抽奖", "招揽广告", "媒体通稿")])
    return (thanks | (praise & better)) & ~chats


def _markers(weighed: Weighed, appeals: np.ndarray) -> list[list[str]]:
    """The names of what spoke for the outcome of each line, strongest first."""
    side = np.where(appeals, 1, -1)
    strength = weighed.per_rule * side[:, None]
    named: list[list[str]] = [[] for _ in range(len(side))]
    lines, rules = np.nonzero(strength >= _SPEAKS * UNIT)
    order = np.lexsort((rules, -strength[lines, rules], lines))
    for line, number in zip(lines[order].tolist(), rules[order].tolist(), strict=True):
        if len(named[line]) < _MOST_MARKERS:
            named[line].append(NAMES[number])
    best = np.maximum(strength.max(axis=1, initial=0), 0) / UNIT
    wording = weighed.wording * side
    decided = (wording > best) | ((weighed.total * side - wording < 0) & (wording > 0))
    for line in np.flatnonzero(decided | (best < _SPEAKS)).tolist():
        named[line].insert(0 if wording[line] > best[line] or not named[line] else 1, WORDING)
    return named
