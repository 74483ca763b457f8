"""Linear heads over hashed character n-grams: whole numbers added up exactly, shared by what reads topics and feelings."""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reading.appeal_model import SLOTS, hashed
from reading.appeal_text import Sheet

_TIMES = 16
_RARITY = 16
"""Counts and rarities are whole sixteenths, so that sums are the same in any order and in any batch."""
MOST_TIMES = 64


@dataclass(frozen=True)
class Head:
    """One line of weights per known n-gram and one column per answer.

    `place[slot]` is the line of an n-gram, 0 for unknown ones, whose weights and rarity are nothing; `rarity` in sixteenths;
    `weights` times `grain` are scores of a text of length one; `bias` per answer; `cooling` turns scores into log-odds.
    `longest` is the number of letters of its longest n-grams; `known` holds the marks of the texts it was fitted on.
    """

    answers: tuple[str, ...]
    place: np.ndarray
    rarity: np.ndarray
    weights: np.ndarray
    grain: float
    bias: np.ndarray
    cooling: float
    longest: int
    known: np.ndarray
    mark: int


@dataclass(frozen=True)
class Cells:
    """The known n-grams of a batch, each once per line, in order of lines: its line, its place, its value in 1/256."""

    lines: np.ndarray
    places: np.ndarray
    values: np.ndarray
    many: int


def load(path: Path) -> Head:
    """The weights as they were saved."""
    with np.load(path, allow_pickle=False) as held:
        slots = np.cumsum(held["steps"], dtype=np.int64)
        place = np.zeros(SLOTS, dtype=np.int32)
        place[slots] = np.arange(1, len(slots) + 1)
        mark = zlib.crc32(
            b"".join(held[name].tobytes() for name in ("answers", "steps", "rarity", "weights", "bias", "cooling", "longest"))
        )
        weights = held["weights"]
        return Head(
            tuple(held["answers"].tolist()),
            place,
            np.append(0, held["rarity"]).astype(np.int64),
            np.concatenate([np.zeros((1, weights.shape[1]), dtype=weights.dtype), weights]),
            float(held["grain"]),
            held["bias"].astype(float),
            float(held["cooling"]),
            int(held["longest"]),
            np.cumsum(held["known"], dtype=np.int64),
            mark,
        )


def save(
    path: Path,
    answers: Iterable[str],
    slots: np.ndarray,
    rarity: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray,
    cooling: float,
    longest: int,
    known: np.ndarray,
) -> None:
    """Write weights in 8 bits and rarities in sixteenths; `slots` rising. `known` are the marks of the texts fitted on."""
    grain = float(np.abs(weights).max(initial=1e-6)) / 127
    np.savez_compressed(
        path,
        answers=np.array(tuple(answers)),
        steps=np.diff(slots.astype(np.int64), prepend=0).astype(np.uint32),
        rarity=np.rint(rarity * _RARITY).astype(np.uint8),
        weights=np.rint(weights / grain).astype(np.int8),
        grain=np.float64(grain),
        bias=bias.astype(np.float64),
        cooling=np.float64(cooling),
        longest=np.int64(longest),
        known=np.diff(np.unique(known).astype(np.int64), prepend=0).astype(np.uint32),
    )


def counted(sheet: Sheet, longest: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(line, slot, how often) of every n-gram of a batch, each once per line, in order of lines and slots."""
    slots, lines = hashed(sheet, longest)
    cells, times = np.unique(lines.astype(np.int64) * SLOTS + slots, return_counts=True)
    return cells // SLOTS, cells % SLOTS, times


def damped(times: np.ndarray) -> np.ndarray:
    """What a count weighs, in whole sixteenths: 1 + ln(count)."""
    return _DAMPED[np.minimum(times, MOST_TIMES)]


_DAMPED = np.append(0, np.rint(_TIMES * (1 + np.log(np.arange(1, MOST_TIMES + 1))))).astype(np.int64)


def cells(counts: tuple[np.ndarray, np.ndarray, np.ndarray], many: int, head: Head) -> Cells:
    """What a head knows of the counted n-grams of `many` lines."""
    lines, slots, times = counts
    places = head.place[slots]
    kept = places > 0
    lines, places, times = lines[kept], places[kept], times[kept]
    return Cells(lines, places, damped(times) * head.rarity[places], many)


def scores(found: Cells, head: Head) -> np.ndarray:
    """One line per text and one column per answer; a text without a known n-gram scores the bias alone."""
    summed = np.zeros((found.many, len(head.answers)), dtype=np.int64)
    length = np.zeros(found.many)
    if len(found.lines):
        begins = np.flatnonzero(np.diff(found.lines, prepend=-1))
        at = found.lines[begins]
        summed[at] = np.add.reduceat(head.weights[found.places] * found.values[:, None], begins, axis=0)
        length[at] = np.sqrt(np.add.reduceat(found.values**2, begins))
    return summed * head.grain / np.maximum(length, 1)[:, None] + head.bias


def shares(scored: np.ndarray, cooling: float) -> np.ndarray:
    """Scores as shares that sum to 1 per line."""
    odds = cooling * (scored - scored.max(axis=1, keepdims=True))
    power = np.exp(odds)
    return power / power.sum(axis=1, keepdims=True)


def mark_of(text: str) -> int:
    """By which a text is known again as one that was fitted on: its first 30 letters and digits."""
    return zlib.crc32("".join(letter for letter in text if letter.isalnum())[:30].encode("utf-8", "surrogatepass"))


def version(name: str, head: Head, sources: Iterable[Path]) -> str:
    """A name that changes with every weight and with every line of the sources."""
    mark = head.mark
    for source in sorted(sources):
        mark = zlib.crc32(source.read_bytes().replace(b"\r", b""), mark)
    return f"{name}-{mark:08x}"


def spoken(sheet: Sheet, head: Head, answers: np.ndarray, most: int = 3) -> list[tuple[str, ...]]:
    """Of every line the pieces that speak most for its answer (a column number), strongest first.

    Pieces of two or three letters; those that overlap are told as one. Only what is written in letters is told, never digits.
    """
    slots, lines = hashed(sheet, head.longest)
    begins, sizes = _places(sheet, head.longest)
    places = head.place[slots]
    kept = (places > 0) & (sizes > 1)
    lines, begins, sizes, places = lines[kept], begins[kept], sizes[kept], places[kept]
    strength = head.weights[places, answers[lines]].astype(np.int64) * head.rarity[places]
    kept = strength > 0
    lines, begins, sizes, strength = lines[kept], begins[kept], sizes[kept], strength[kept]
    order = np.lexsort((begins, -strength, lines))
    lines, begins, sizes = lines[order], begins[order], sizes[order]
    rank = np.arange(len(lines)) - np.searchsorted(lines, lines)
    kept = rank < 4 * most
    spans: list[list[list[int]]] = [[] for _ in range(len(sheet.ends))]
    for line, begin, size in zip(lines[kept].tolist(), begins[kept].tolist(), sizes[kept].tolist(), strict=True):
        if _WRITTEN.fullmatch(sheet.blob, begin, begin + size):
            _take(spans[line], begin, begin + size, most)
    return [tuple(sheet.blob[begin:end] for begin, end in some) for some in spans]


def _take(spans: list[list[int]], begin: int, end: int, most: int) -> None:
    """Add a piece to those of a line: it makes one longer that it overlaps, or stands alone while there is room."""
    for span in spans:
        if begin < span[1] and end > span[0]:
            wide = [min(begin, span[0]), max(end, span[1])]
            if wide[1] - wide[0] <= _LONGEST_PIECE and all(
                wide[1] <= other[0] or wide[0] >= other[1] for other in spans if other is not span
            ):
                span[:] = wide
            return
    if len(spans) < most:
        spans.append([begin, end])


_LONGEST_PIECE = 5
_WRITTEN = re.compile(r"[^\W\d_]+")


def _places(sheet: Sheet, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each n-gram of `hashed` begins in the blob, and its length, in the same order."""
    inside = sheet.codes != 10
    whole = np.ones(len(inside), dtype=bool)
    begins = []
    for size in range(min(longest, len(inside))):
        whole = whole[: len(inside) - size] & inside[size:]
        begins.append(np.flatnonzero(whole))
    sizes = np.repeat(np.arange(1, len(begins) + 1), [len(some) for some in begins])
    return np.concatenate(begins), sizes
