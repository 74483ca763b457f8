"""Labelled texts for feelings: files of folders that the operator names, and sentences that we wrote."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.appeals_rows import table

SEEDS = Path(__file__).with_name("sentiment_seeds.txt")
THREE, BINARY, EMOTICONS = "smp2020_ewect", "weibo2018_binary", "weibo_senti_100k_part"
COLUMNS = {THREE: ("polarity", "text", "domain"), BINARY: ("label", "text"), EMOTICONS: ("label", "text")}
POLARITIES = ("pos", "neu", "neg")
"""In the order of reading.feeling.ORDER; surprise (sur) is none of the three and left out."""
SEED_NAMES = ("正", "中", "负")


@dataclass(frozen=True, slots=True)
class Row:
    """A text with the number of its feeling (0 positive, 1 neutral, 2 negative); `part` as the file names it, or empty."""

    text: str
    answer: int
    source: str
    part: str = ""


def three(folders: Sequence[Path]) -> list[Row]:
    """Posts labelled with one of three feelings; `source` is the domain."""
    return [
        Row(row["text"], POLARITIES.index(row["polarity"]), row.get("domain") or "posts", row.get("part") or "")
        for row in table(folders, THREE)
        if row["polarity"] in POLARITIES
    ]


def binary(folders: Sequence[Path], name: str) -> list[Row]:
    """Posts labelled as positive (1) or negative (0)."""
    return [Row(row["text"], 0 if row["label"] == "1" else 2, name) for row in table(folders, name)]


def helpers_of(folders: Sequence[Path], rng: Random, many: int = 20_000) -> dict[str, list[Row]]:
    """The two-sided files, from each at most so many rows."""
    found = {}
    for name in (BINARY, EMOTICONS):
        rows = binary(folders, name)
        if rows:
            found[name] = rng.sample(rows, min(many, len(rows)))
    return found


def seeds() -> list[Row]:
    """Sentences that we wrote ourselves."""
    answer, rows = 0, []
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            answer = SEED_NAMES.index(line[3:].strip())
        elif line.strip():
            rows.append(Row(line, answer, "seed"))
    return rows
