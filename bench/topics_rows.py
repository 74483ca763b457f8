"""Labelled texts for topics: files of folders that the operator names, our own sentences, names and keywords, the sample city."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from bench.appeals_rows import table
from matrix.topic import OTHER
from reading.topic_names import Names
from simulator.texts import TOPICS, comment_text

SEEDS = Path(__file__).with_name("topics_seeds.txt")
LABELLED, WEAK, TALK = "topic7_labelled", "topic7_unlabelled_weak", "weibo_comments_general"
COLUMNS = {LABELLED: ("title", "text", "label"), WEAK: ("title", "text", "weak_label"), TALK: ("text",)}
CITY = {
    "生态环境": ("噪声",),
    "交通运输": ("公交",),
    "教育文体": ("教育",),
    "卫生健康": ("医疗",),
    "劳动社保": ("社保", "工资"),
    "公安司法": ("户籍",),
    "科技通信": ("网络",),
    "城乡建设": ("供水", "供电", "供暖", "燃气", "停车", "物业", "环卫", "违建", "拆迁", "绿化", "路灯", "排水", "道路"),
}
"""The topics of the make-believe city under ours; its markets stand between two of ours and are left out."""
SEED_WEIGHT, KEYWORD_WEIGHT, ALONE = 2.0, 0.2, 8.0
"""Our own texts weigh so much more in topics for which there are no others."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its topic; `weight` is what an error on it costs in fitting, `source` the kind of text it is.

    Rows of one `origin` (a letter and its title) are never on both sides of a fold.
    """

    text: str
    topic: str
    weight: float
    source: str
    origin: str = ""


def labelled(folders: Sequence[Path], names: Names) -> list[Row]:
    """Letters labelled by people; the title stands twice, because it says what the matter is."""
    return [Row(_letter(row), _ours(row["label"], names), 2.0, "gold", row["title"]) for row in table(folders, LABELLED)]


def titles(folders: Sequence[Path], names: Names) -> list[Row]:
    """The titles alone, as short as a comment."""
    return [Row(row["title"], _ours(row["label"], names), 1.0, "title", row["title"]) for row in table(folders, LABELLED)]


def weak(folders: Sequence[Path], names: Names) -> list[Row]:
    """Letters labelled by somebody's program."""
    return [Row(_letter(row), _ours(row["weak_label"], names), 1.0, "weak", row["title"]) for row in table(folders, WEAK)]


def talk(folders: Sequence[Path], rng: Random, many: int = 2500) -> list[Row]:
    """Comments below popular posts: about nothing that an office does."""
    rows = [row["text"] for row in table(folders, TALK)]
    return [Row(text, OTHER, 0.5, "talk") for text in rng.sample(rows, min(many, len(rows)))]


def seeds() -> list[Row]:
    """Sentences that we wrote ourselves."""
    topic, rows = "", []
    for line in SEEDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            topic = line[3:].strip()
        elif line.strip():
            rows.append(Row(line, topic, SEED_WEIGHT, "seed"))
    return rows


def keywords(names: Names) -> list[Row]:
    """Names and keywords of the shipped topics, each a text of its own."""
    return [
        Row(word, topic.name, KEYWORD_WEIGHT, "keyword")
        for topic in names.topics
        for part, words in topic.parts.items()
        for word in (part, *words)
    ]


def city(rng: Random, many: int = 1500) -> list[Row]:
    """Appeals of the make-believe city."""
    home = {topic: ours for ours, some in CITY.items() for topic in some}
    known = [topic for topic in TOPICS if topic in home]
    rows = []
    for number in range(many):
        topic = known[number % len(known)]
        rows.append(Row(comment_text(rng, topic, True, "江城发布"), home[topic], 0.15, "city"))
    return rows


def everything(folders: Sequence[Path], names: Names, rng: Random) -> list[Row]:
    """All that the folders hold, and all that we wrote."""
    found = [*labelled(folders, names), *titles(folders, names), *weak(folders, names), *talk(folders, rng)]
    labelled_topics = {row.topic for row in found}
    ours = [
        row if row.topic in labelled_topics else replace(row, weight=ALONE * row.weight) for row in (*seeds(), *keywords(names))
    ]
    return [*found, *ours, *city(rng)]


def missing(folders: Sequence[Path], columns: dict[str, tuple[str, ...]]) -> list[str]:
    """A Chinese sentence for every file of the folders that lacks a column, naming file and columns."""
    said = []
    for name, wanted in columns.items():
        rows = table(folders, name)
        lacking = [column for column in wanted if rows and column not in rows[0]]
        if lacking:
            said.append(f"{name}.csv 缺少列：{'、'.join(lacking)}（应有：{'、'.join(wanted)}）。")
    return said


def _letter(row: dict[str, str]) -> str:
    return f"{row['title']}。{row['title']}。{row['text']}"


def _ours(label: str, names: Names) -> str:
    number = names.number(label)
    return names.topics[number].name if number >= 0 else OTHER
