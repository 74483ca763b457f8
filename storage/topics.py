"""Topics as the file of topics names them: what a comment may be corrected to, and in which order topics are listed."""

import tomllib
from functools import cache
from pathlib import Path

from matrix.topic import Topic, parse_topics

FILE = Path(__file__).resolve().parents[1] / "topics.toml"


@cache
def shipped(path: Path = FILE) -> tuple[Topic, ...]:
    """The topics in the order of the file, 其他 among them. Raises ValueError, a Chinese sentence, when it cannot be read."""
    try:
        return parse_topics(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ValueError(f"主题分类文件 {path.name} 读不出来：{error}。请检查引号和方括号是否成对，并存为 UTF-8。") from error


@cache
def choices() -> tuple[str, ...]:
    """Every topic, and every part as `topic/part`."""
    return tuple(choice for topic in shipped() for choice in (topic.name, *(f"{topic.name}/{part}" for part in topic.parts)))
