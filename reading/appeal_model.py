"""The small linear model beside the rules: weights of rules and of hashed character n-grams, added up exactly."""

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from reading.appeal_signs import NAMES, Signs
from reading.appeal_text import Sheet

WEIGHTS = Path(__file__).with_name("appeal_model.npz")
LONGEST = 4
"""Character n-grams of 1 to 4 letters."""
SLOTS = 1 << 22
"""An n-gram is known only by its place in so many slots: no text can be read back from the weights."""
UNIT = 1000
"""Weights of rules are whole thousandths of log-odds: sums of whole numbers are the same in any order, on any machine."""


@dataclass(frozen=True)
class Model:
    """`rules` and `bias` in thousandths of log-odds; `table[slot]` times `grain` is an n-gram's weight in log-odds.

    `version` changes with every weight and every line of the rules, whichever file they stand in.
    """

    rules: np.ndarray
    bias: int
    table: np.ndarray
    grain: float
    version: str


@dataclass(frozen=True)
class Weighed:
    """The log-odds of a batch of comments: in all, from the n-grams alone, and per rule that fired (thousandths)."""

    total: np.ndarray
    wording: np.ndarray
    per_rule: np.ndarray


@cache
def shipped(path: Path = WEIGHTS) -> Model:
    """The weights that lie beside the rules; a ValueError says when they belong to other rules than these."""
    with np.load(path, allow_pickle=False) as held:
        if tuple(held["names"].tolist()) != NAMES:
            raise ValueError("诉求识别的系数文件与现在的规则不一致，请重新拟合：python3 run.py bench appeals_fit --data 文件夹。")
        table = np.zeros(SLOTS, dtype=np.int8)
        table[np.cumsum(held["steps"], dtype=np.int64)] = held["weights"]
        mark = zlib.crc32(b"".join(held[name].tobytes() for name in ("rules", "bias", "steps", "weights", "grain")))
        for source in sorted(path.name for path in WEIGHTS.parent.glob("appeal*.py")):
            mark = zlib.crc32(WEIGHTS.with_name(source).read_bytes().replace(b"\r", b""), mark)
        return Model(held["rules"], int(held["bias"]), table, float(held["grain"]), f"诉求判读-{mark:08x}")


def save(path: Path, rules: np.ndarray, bias: float, slots: np.ndarray, weights: np.ndarray) -> None:
    """Write log-odds as whole numbers; n-grams whose weight rounds to nothing are left out."""
    grain = float(np.abs(weights).max(initial=1e-6)) / 127
    whole = np.rint(weights / grain).astype(np.int8)
    kept = np.flatnonzero(whole)
    kept = kept[np.argsort(slots[kept])]
    steps = np.diff(slots[kept].astype(np.int64), prepend=0).astype(np.uint32)
    np.savez_compressed(
        path,
        names=np.array(NAMES),
        rules=np.rint(rules * UNIT).astype(np.int32),
        bias=np.int64(round(bias * UNIT)),
        steps=steps,
        weights=whole[kept],
        grain=np.float64(grain),
    )


def hashed(sheet: Sheet, longest: int = LONGEST) -> tuple[np.ndarray, np.ndarray]:
    """The slots of all n-grams of a batch, and the line each stands in; n-grams never reach over the end of a line.

    They come shortest first, each length in the order of the text.

    The hash is FNV-1a over code points with a murmur finish, in 32-bit whole numbers: the same on every machine.
    """
    codes = sheet.codes
    line_of = np.repeat(np.arange(len(sheet.ends), dtype=np.int32), np.diff(sheet.ends, prepend=-1))
    inside = codes != 10
    slots, lines = [], []
    state = np.full(len(codes), 2166136261, dtype=np.uint32)
    whole = np.ones(len(codes), dtype=bool)
    for size in range(longest):
        here = len(codes) - size
        if here <= 0:
            break
        whole = whole[:here] & inside[size:]
        state = (state[:here] ^ codes[size:]) * np.uint32(16777619)
        mixed = state[whole]
        mixed ^= mixed >> np.uint32(15)
        mixed *= np.uint32(2246822507)
        mixed ^= mixed >> np.uint32(13)
        slots.append(mixed & np.uint32(SLOTS - 1))
        lines.append(line_of[:here][whole])
    return np.concatenate(slots), np.concatenate(lines)


def weigh(signs: Signs, model: Model) -> Weighed:
    """Log-odds by bias, rules and n-grams; the n-grams of a text count by the square root of their number."""
    slots, lines = hashed(signs.sheet)
    many = len(signs.fired)
    count = np.bincount(lines, minlength=many)
    summed = np.bincount(lines, weights=model.table[slots], minlength=many)
    wording = summed * model.grain / np.sqrt(np.maximum(count, 1))
    per_rule = signs.fired * model.rules
    return Weighed((per_rule.sum(axis=1) + model.bias) / UNIT + wording, wording, per_rule)
