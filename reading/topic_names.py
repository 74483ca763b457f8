"""Names and keywords of the topics: which of them stand in which line of a batch."""

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from matrix.topic import Topic, parse_topics
from reading.appeal_model import SLOTS, hashed
from reading.appeal_text import Sheet, lay_out

FILE = Path(__file__).resolve().parents[1] / "topics.toml"
_PROBE = 2
"""A keyword is looked for by the hash of its first letters, then letter by letter."""


@dataclass(frozen=True)
class Named:
    """One keyword: its letters as they stand on a sheet, and the (topic number, part) it belongs to."""

    letters: str
    homes: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Hit:
    """A keyword found in a line, with what it weighs: one less than its letters."""

    named: Named
    points: int


@dataclass(frozen=True)
class Names:
    """The topics in the order of their file, and the keywords by the slot of their first letters."""

    topics: tuple[Topic, ...]
    by_slot: dict[int, tuple[Named, ...]]
    is_probe: np.ndarray

    def number(self, name: str) -> int:
        """The number of a topic by its own name or by a name it has elsewhere; -1 for neither."""
        for number, topic in enumerate(self.topics):
            if name == topic.name or name in topic.labels:
                return number
        return -1

    def found(self, sheet: Sheet, lines: np.ndarray, slots: np.ndarray) -> dict[int, list[Hit]]:
        """The keywords of each line that has one, longest first; one inside a longer one is not counted."""
        at = np.flatnonzero(self.is_probe[slots])
        if not len(at):
            return {}
        texts = sheet.blob.split("\n")
        hits: dict[int, dict[str, Named]] = defaultdict(dict)
        for line, slot in zip(lines[at].tolist(), slots[at].tolist(), strict=True):
            for named in self.by_slot[slot]:
                if named.letters in texts[line]:
                    hits[line][named.letters] = named
        return {line: _longest(some) for line, some in hits.items()}


def _longest(hits: dict[str, Named]) -> list[Hit]:
    words = sorted(hits, key=lambda word: (-len(word), word))
    kept = [word for place, word in enumerate(words) if not any(word in longer for longer in words[:place])]
    return [Hit(hits[word], len(word) - 1) for word in kept]


def parts_of(hits: Sequence[Hit], topic: int) -> dict[str, int]:
    """The points of each part of one topic."""
    points: dict[str, int] = defaultdict(int)
    for hit in hits:
        for home, part in hit.named.homes:
            if home == topic:
                points[part] += hit.points
    return points


@cache
def shipped(path: Path = FILE) -> Names:
    """The topics of the file; a ValueError says in Chinese what is wrong with it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"主题分类文件 {path.name} 读不出来：{error}。请检查引号和方括号是否成对，并存为 UTF-8。") from error
    return names_of(parse_topics(document))


def names_of(topics: Sequence[Topic]) -> Names:
    """Keywords, and the names of parts, made ready to be looked for."""
    homes: dict[str, dict[tuple[int, str], None]] = defaultdict(dict)
    for number, topic in enumerate(topics):
        for part, words in topic.parts.items():
            for word in (part, *words):
                homes[lay_out([word]).blob][number, part] = None
    by_slot: dict[int, list[Named]] = defaultdict(list)
    for letters, some in homes.items():
        if len(letters) > 1:
            by_slot[_slot(letters[:_PROBE])].append(Named(letters, tuple(some)))
    is_probe = np.zeros(SLOTS, dtype=bool)
    is_probe[list(by_slot)] = True
    return Names(tuple(topics), {slot: tuple(some) for slot, some in by_slot.items()}, is_probe)


def _slot(letters: str) -> int:
    codes = np.frombuffer((letters + "\n").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    slots, _ = hashed(Sheet(letters, codes, np.flatnonzero(codes == 10), {}), len(letters))
    return int(slots[-1])
