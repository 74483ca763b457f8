"""Texts as rows of weighed pairs of neighbouring letters, for likeness and for grouping."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from reading.appeal_model import SLOTS, hashed
from reading.appeal_text import Sheet, lay_out
from reading.heads import damped

WEIGHTS = Path(__file__).with_name("issue_model.npz")
COMMON = 0.03
"""A pair of letters that stands in more of all texts says nothing about the matter."""
_GAPS = re.compile(r"[^\w\n]+|_")


@dataclass(frozen=True)
class Rarity:
    """What a pair weighs: `of[slot]` in sixteenths, 1 + ln(N / n) over a large store of texts; unknown ones weigh most."""

    of: np.ndarray
    common: int
    mark: int


@dataclass(frozen=True)
class Rows:
    """Rows of length one: row `n` holds the columns and values from `ends[n-1]` to `ends[n]`; columns rise within a row."""

    columns: np.ndarray
    values: np.ndarray
    ends: np.ndarray
    width: int

    def row(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one row."""
        begin = int(self.ends[number - 1]) if number else 0
        return self.columns[begin : self.ends[number]], self.values[begin : self.ends[number]]

    def numbers(self) -> np.ndarray:
        """The row of every cell."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.ends, prepend=0))


@cache
def shipped(path: Path = WEIGHTS) -> Rarity:
    """The rarities that lie beside this file."""
    with np.load(path, allow_pickle=False) as held:
        of = np.full(SLOTS, int(held["unknown"]), dtype=np.uint8)
        of[np.cumsum(held["steps"], dtype=np.int64)] = held["rarity"]
        mark = zlib.crc32(b"".join(held[name].tobytes() for name in ("steps", "rarity", "unknown", "common")))
        return Rarity(of, int(held["common"]), mark)


def save(path: Path, slots: np.ndarray, texts_with: np.ndarray, texts: int, fewest: int) -> None:
    """Write the rarity of pairs found in at least so many texts."""
    kept = np.flatnonzero(texts_with >= fewest)
    np.savez_compressed(
        path,
        steps=np.diff(slots[kept].astype(np.int64), prepend=0).astype(np.uint32),
        rarity=in_sixteenths(texts_with[kept], texts).astype(np.uint8),
        unknown=in_sixteenths(np.array(fewest), texts).astype(np.uint8),
        common=in_sixteenths(np.array(COMMON * texts), texts).astype(np.uint8),
    )


def in_sixteenths(texts_with: np.ndarray, texts: int) -> np.ndarray:
    """1 + ln(N / n), whole sixteenths."""
    return np.rint(16 * (1 + np.log(texts / np.maximum(texts_with, 1))))


def keys(texts: Sequence[str]) -> list[str]:
    """The letters and digits alone of each text: of equal ones one is a copy of the other."""
    return [line.replace(" ", "") for line in _spaced(texts).blob.split("\n")] if texts else []


def rows(texts: Sequence[str], rarity: Rarity, is_matter: bool) -> Rows:
    """Each text as a row of length one; for the matter of a text common pairs are left out. Texts without a pair are empty."""
    lines, slots, times = pairs(texts)
    if is_matter:
        kept = rarity.of[slots] > rarity.common
        lines, slots, times = lines[kept], slots[kept], times[kept]
    values = (damped(times) * rarity.of[slots]).astype(float)
    seen, columns = np.unique(slots, return_inverse=True)
    length = np.sqrt(np.bincount(lines, weights=values**2, minlength=len(texts)))
    ends = np.cumsum(np.bincount(lines, minlength=len(texts)))
    return Rows(columns, values / length[lines], ends, len(seen))


def pairs(texts: Sequence[str], step: int = 5000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(text, slot, how often) of every two neighbouring letters inside a word, in order of texts and slots."""
    found = []
    for begin in range(0, len(texts), step):
        sheet = _spaced(texts[begin : begin + step])
        slots, lines = hashed(sheet, 2)
        codes = sheet.codes
        inside = codes != 10
        single = int(inside.sum())
        first = np.flatnonzero(inside[:-1] & inside[1:])
        written = (codes[first] != 32) & (codes[first + 1] != 32)
        cells, times = np.unique(
            (lines[single:][written].astype(np.int64) + begin) * SLOTS + slots[single:][written], return_counts=True
        )
        found.append((cells // SLOTS, cells % SLOTS, times))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    lines, slots, times = (np.concatenate(column) for column in zip(*found, strict=True))
    return lines, slots, times


def _spaced(texts: Sequence[str]) -> Sheet:
    blob = _GAPS.sub(" ", lay_out(texts).blob)
    codes = np.frombuffer((blob + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return Sheet(blob, codes, np.flatnonzero(codes == 10), {})
