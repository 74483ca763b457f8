"""What a comment is about: topics on two levels, as an operator may write them down, and how a text was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OTHER = "其他"
"""The topic of words that are about nothing in particular; it is always there and counts in no alert."""
SHORTEST, LONGEST = 2, 20
"""How long a keyword may be, in characters."""
_MOST_TOPICS = 60
_KEYS = {"name", "labels", "parts"}


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its parts: the keywords of each part by its name. `labels` are names of the same topic elsewhere."""

    name: str
    parts: Mapping[str, tuple[str, ...]]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicShare:
    """One reading: the topic, how sure (0 to 1), and the part of it that names and keywords point to, empty when none does."""

    name: str
    share: float
    part: str = ""

    def __str__(self) -> str:
        return f"{self.name}/{self.part}" if self.part else self.name


@dataclass(frozen=True, slots=True)
class TopicJudgement:
    """What a text is about: the likeliest topic, the next one, and the words by which it was recognised, strongest first."""

    first: TopicShare
    second: TopicShare
    words: tuple[str, ...]

    @property
    def topic(self) -> str:
        """The name of the likeliest topic, as a correction would write it."""
        return self.first.name


def parse_topics(document: Mapping[str, Any]) -> tuple[Topic, ...]:
    """The topics of a read topics.toml, `其他` always among them; a ValueError says in Chinese what is wrong and where."""
    written = document.get("topics")
    if not isinstance(written, list) or not written:
        raise ValueError("主题分类文件里没有主题：至少要有一段 [[topics]]。")
    topics = [_topic(one, number) for number, one in enumerate(written, 1)]
    names = [one.name for one in topics]
    if len(topics) > _MOST_TOPICS:
        raise ValueError(f"主题有{len(topics)}个，最多{_MOST_TOPICS}个；再细的分类请写成细类。")
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"主题“{name}”写了两次，请合并成一段。")
    if OTHER not in names:
        topics.append(Topic(OTHER, {}))
    return tuple(topics)


def _topic(one: Any, number: int) -> Topic:
    name = one.get("name") if isinstance(one, Mapping) else None
    if not isinstance(name, str) or not name.strip() or "/" in name:
        raise ValueError(f'第{number}个主题没有名称，或名称里有“/”：请写 name = "名称"。')
    unknown = sorted(set(one) - _KEYS)
    if unknown:
        raise ValueError(f"主题“{name}”里有不认识的项“{unknown[0]}”，可以写的是：{'、'.join(sorted(_KEYS))}。")
    labels, parts = one.get("labels", []), one.get("parts", {})
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ValueError(f"主题“{name}”的 labels 应为方括号里的几个名称。")
    if not isinstance(parts, Mapping):
        raise ValueError(f"主题“{name}”的细类应写在 [topics.parts] 下面，一行一个。")
    return Topic(name.strip(), {part: _keywords(name, part, words) for part, words in parts.items()}, tuple(labels))


def _keywords(topic: str, part: str, words: Any) -> tuple[str, ...]:
    where = f"主题“{topic}”的细类“{part}”"
    if not isinstance(words, str) or not part.strip() or "/" in part:
        raise ValueError(f'{where}应写成 "细类名称" = "关键词、关键词"，名称里不能有“/”。')
    found = tuple(dict.fromkeys(word.strip().lower() for word in words.split("、") if word.strip()))
    for word in found:
        if not SHORTEST <= len(word) <= LONGEST:
            raise ValueError(f"{where}的关键词“{word}”应为{SHORTEST}至{LONGEST}个字。")
    return found
