"""Phrases of a set of texts: every run of letters inside a word, with who said it, counted by hash."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reading.appeal_text import lay_out

SHORTEST, LONGEST = 2, 8
"""How long a phrase may be, in letters; names that were handed in may be longer."""
READ = 200
"""What is read of a text, in characters."""
_TOKEN = 0xF0000
_NAMED = re.compile(
    r"(我[叫是]|姓名|联系人|本人|署名|姓)[::是为,，\x20]{0,2}([\u4e00-\u9fff])([\u4e00-\u9fff]{1,2})(?=[^\u4e00-\u9fff]|$)", re.M
)
_CALLED = re.compile(r"[\u4e00-\u9fff](?:某某?|先生|女士|小姐|大爷|大妈|阿姨)")
_DIGITS = re.compile(r"\d(?:[\d -]{3,}\d)|[a-z0-9]{9,}")
_GAPS = re.compile(r"[^\w\n\U000f0000-\U000fffff]+|_")


@dataclass(frozen=True)
class Pieces:
    """Hashes of phrases (rising), of how many speakers each was heard, and where it stands in `blob` the first time."""

    blob: str
    hashes: np.ndarray
    heard: np.ndarray
    begins: np.ndarray
    sizes: np.ndarray
    names: tuple[str, ...]
    speakers: int

    def text(self, number: int) -> str:
        """The phrase itself, names that were handed in written out."""
        begin = int(self.begins[number])
        piece = self.blob[begin : begin + int(self.sizes[number])]
        return self.names[ord(piece) - _TOKEN] if ord(piece[0]) >= _TOKEN else piece

    def is_name(self) -> np.ndarray:
        """Which phrases are names that were handed in."""
        return self.sizes == 1


def pieces(texts: Sequence[str], by: Sequence[str], names: Sequence[str]) -> Pieces:
    """Count phrases by speakers: `by` names the citizen of each text, or is empty when every text is a speaker of its own.

    Masked before anything is counted: @names, links, long numbers, who says what he is called, who is called 某, 先生 or 女士.
    """
    blob = _DIGITS.sub(" ", lay_out([text[:READ] for text in texts]).blob)
    blob = _CALLED.sub(" ", _NAMED.sub(r"\1 ", blob))
    blob, held = _whole(blob, names)
    blob = _GAPS.sub(" ", blob)
    codes = np.frombuffer((blob + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    ends = np.flatnonzero(codes == 10)
    number: dict[str, int] = {}
    speaker = np.array([number.setdefault(one, len(number)) for one in by] if by else range(len(texts)), dtype=np.int64)
    line_of = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=-1))
    who = speaker[line_of] if len(texts) else np.zeros(len(codes), dtype=np.int64)
    many = len(number) if by else len(texts)
    return _count(blob, codes, who, held, many)


def _count(blob: str, codes: np.ndarray, who: np.ndarray, names: tuple[str, ...], many: int) -> Pieces:
    is_token = codes >= _TOKEN
    inside = (codes != 10) & (codes != 32) & ~is_token
    state = np.zeros(len(codes), dtype=np.uint64)
    whole = np.ones(len(codes), dtype=bool)
    parts = [_heard(np.flatnonzero(is_token), codes.astype(np.uint64) * np.uint64(_ODD), who, 1)]
    for size in range(1, LONGEST + 1):
        here = len(codes) - size + 1
        if here <= 0:
            break
        whole = whole[:here] & inside[size - 1 :]
        state = (state[:here] ^ codes[size - 1 :]) * np.uint64(_ODD)
        state ^= state >> np.uint64(29)
        if size >= SHORTEST:
            parts.append(_heard(np.flatnonzero(whole), state, who, size))
    hashes, heard, begins, sizes = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(hashes, kind="stable")
    return Pieces(blob, hashes[order], heard[order], begins[order], sizes[order], names, many)


_ODD = 0x9E3779B97F4A7C15


def _heard(at: np.ndarray, state: np.ndarray, who: np.ndarray, size: int) -> tuple[np.ndarray, ...]:
    """(hash, by how many speakers, first place, size) of the phrases of one size that begin at `at`."""
    hashes = state[at] * np.uint64(2 * size + 1)
    order = np.lexsort((who[at], hashes))
    hashes, people, places = hashes[order], who[at][order], at[order]
    fresh = np.ones(len(at), dtype=bool)
    fresh[1:] = hashes[1:] != hashes[:-1]
    heard = fresh.copy()
    heard[1:] |= people[1:] != people[:-1]
    group = np.cumsum(fresh) - 1
    many = np.bincount(group, weights=heard).astype(np.int64) if len(at) else np.zeros(0, np.int64)
    begins = np.flatnonzero(fresh)
    return hashes[begins], many, places[begins], np.full(len(begins), size)


def _whole(blob: str, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The text with every name that was handed in as one sign, longest names first."""
    wanted = sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST}, key=lambda name: (-len(name), name))
    if not wanted:
        return blob, ()
    pairs = {a + b for a, b in pairwise(blob)}
    shown = []
    for name, low in zip(wanted, lay_out(wanted).blob.split("\n"), strict=True):
        if low[:2] in pairs and low[-2:] in pairs and low in blob:
            blob = blob.replace(low, chr(_TOKEN + len(shown)))
            shown.append(name)
    return blob, tuple(shown)
