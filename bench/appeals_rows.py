"""Labelled comments for fitting and measuring: files of folders that the operator names, and sentences that we wrote."""

import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from matrix.appeal import Addressee, Words
from reading.appeal_signs import PRIOR, read_signs
from simulator.texts import TOPICS, comment_text

SEEDS = Path(__file__).with_name("appeals_seeds.txt")
ANSWERED = {"回网友": Addressee.CITIZEN, "回官方": Addressee.OFFICIAL}
CHANNELS = {"私信": "message", "提及": "mention"}
_CALLS_FOR_HELP = re.compile("求救|求助|被困|急需|急缺|请求|寻人|失联|🆘")
_WHERE = re.compile("电话|地址|位置|联系|【手机】")


@dataclass(frozen=True, slots=True)
class Row:
    """A comment with its label; `weight` is what an error on it costs in fitting, `source` the kind of text it is."""

    words: Words
    is_appeal: bool
    weight: float
    source: str
    origin: str = ""
    is_borderline: bool = False
    kind: str = ""


def table(folders: Sequence[Path], name: str) -> list[dict[str, str]]:
    """The rows of `name`.csv or `name`.csv.gz in the first folder that has it; none when no folder does."""
    for path in (folder / f"{name}{ending}" for folder in folders for ending in (".csv", ".csv.gz")):
        if path.is_file():
            data = path.read_bytes()
            text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(text)))
    return []


def gold(folders: Sequence[Path], name: str = "gold_appeal") -> list[Row]:
    """Rows labelled by hand."""
    return [
        Row(Words(row["text"]), row["appeal"] == "1", 3.0, "gold", row.get("src") or "", row.get("borderline") == "1")
        for row in table(folders, name)
    ]


def general(folders: Sequence[Path]) -> list[Row]:
    """Comments below popular posts: talk, as good as all of them."""
    return [Row(Words(row["text"]), False, 1.0, "general") for row in table(folders, "weibo_comments_general")]


def hotline(folders: Sequence[Path]) -> list[Row]:
    """Messages to a hotline: appeals, all of them."""
    return [Row(Words(row["text"]), True, 1.4, "hotline", kind=row.get("kind", "")) for row in table(folders, "fuzhou_hotline")]


def letters(folders: Sequence[Path]) -> list[Row]:
    """Titles and last sentences of letters to message boards, and titles of hotline messages: short appeals in formal words."""
    rows = []
    for name in ("fuzhou_hotline", "leader_board_fuzhou", "topic7_labelled", "topic7_unlabelled_weak"):
        for row in table(folders, name):
            rows.append(Row(Words(row["title"]), True, 0.05, "letters"))
            if name != "fuzhou_hotline":
                rows.append(Row(Words(row["text"][-60:]), True, 0.05, "letters"))
    return rows


def press(folders: Sequence[Path], rng: Random, many: int = 1200) -> list[Row]:
    """Posts of media and offices: news about a matter is no appeal."""
    rows = []
    for name in ("weibo_cctv_posts_2020", "weibo_fuzhou_posts"):
        found = [row["text"] for row in table(folders, name) if row.get("official", "1") == "1"]
        rows += [Row(Words(text), False, 0.4, "press") for text in rng.sample(found, min(many, len(found)))]
    return rows


def disaster(folders: Sequence[Path]) -> list[Row]:
    """Posts of one flood, labelled by words: who calls for help and says where asks; who reports or gives does not."""
    rows = []
    for row in table(folders, "weibo_henan_flood_help"):
        text = row["text"]
        is_news = text.startswith("【")
        if not is_news and _CALLS_FOR_HELP.search(text) and _WHERE.search(text):
            rows.append(Row(Words(text), True, 0.3, "disaster"))
        elif is_news or "捐" in text:
            rows.append(Row(Words(text), False, 0.3, "disaster"))
    return rows


def opinions(folders: Sequence[Path]) -> list[Row]:
    """Posts of a time of epidemic without labels: those that no rule takes for an appeal count lightly as talk."""
    rows = [
        Row(Words(row["text"]), False, 0.15, "opinions") for row in table(folders, "smp2020_ewect") if row["domain"] == "virus"
    ]
    odds = read_signs([row.words for row in rows]).fired @ PRIOR if rows else ()
    return [row for row, odd in zip(rows, odds, strict=True) if odd < 0.5]


def seeds() -> list[Row]:
    """Sentences that we wrote ourselves, with the context they stand in."""
    return list(_seeds(SEEDS.read_text(encoding="utf-8")))


def rendered(rng: Random, many: int) -> list[Row]:
    """Comments of the make-believe city, half of them appeals."""
    rows = []
    for number in range(many):
        asks = number % 2 == 0
        rows.append(Row(Words(comment_text(rng, rng.choice(TOPICS), asks, "江城发布")), asks, 1.2, "city"))
    return rows


def everything(folders: Sequence[Path], rng: Random) -> list[Row]:
    """All that the folders hold, and all that we wrote."""
    found = [*gold(folders), *general(folders), *hotline(folders), *letters(folders), *press(folders, rng)]
    return [*found, *disaster(folders), *opinions(folders), *seeds(), *rendered(rng, 3000)]


def _seeds(text: str) -> Iterator[Row]:
    label, channel, addressee, post = False, "comment", Addressee.NOBODY, ""
    for line in text.splitlines():
        heading = re.fullmatch(r"== (诉求|闲聊)(?: ([^\s｜]+))?(?: ｜ (.+))?", line)
        if heading:
            label, where = heading.group(1) == "诉求", heading.group(2) or ""
            channel, addressee = CHANNELS.get(where, "comment"), ANSWERED.get(where, Addressee.NOBODY)
            post = heading.group(3) or ""
        elif line.strip():
            yield Row(Words(line, channel, post, addressee), label, 2.0, "seed")
