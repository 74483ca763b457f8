"""Messages of a city and the events that a person found in them, from folders that the operator names."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from bench.appeals_rows import table
from matrix.issue import Told

MESSAGES, GOLD = "hot_messages", "gold_hot_events"
COLUMNS = {MESSAGES: ("id", "user", "time", "title", "text"), GOLD: ("id", "event")}
IGNORED = "IGNORE"
"""The event of doubtful messages, which count neither for nor against."""
BACKGROUND = {
    "topic7_labelled": ("title", "text"),
    "topic7_unlabelled_weak": ("title", "text"),
    "replies_tipdm": ("title", "text"),
    "fuzhou_hotline": ("title", "text"),
    "leader_board_fuzhou": ("title", "text"),
    "weibo_comments_general": ("text",),
}
"""Where the rarity of pairs of letters is counted; never in the messages that are judged."""
_BEIJING = timezone(timedelta(hours=8))


def with_neighbours(folders: Sequence[Path]) -> list[Path]:
    """The folders, and beside each one the folder `unlabelled`, where messages may lie that only the events label."""
    return [*folders, *(folder.resolve().parent / "unlabelled" for folder in folders)]


def messages(folders: Sequence[Path]) -> list[Told]:
    """All messages, each with its writer and Unix seconds."""
    return [
        Told(row["id"], row["text"], row["user"], _moment(row["time"]), row["title"], int(float(row.get("up") or 0)))
        for row in table(folders, MESSAGES)
    ]


def gold(folders: Sequence[Path]) -> dict[str, str]:
    """The event of each labelled message."""
    return {row["id"]: row["event"] for row in table(folders, GOLD)}


def background(folders: Sequence[Path], longest: int) -> list[str]:
    """Texts in which the rarity of pairs is counted, cut to what is read of a message."""
    return [
        "。".join((row.get(column) or "")[:longest] for column in columns)
        for name, columns in BACKGROUND.items()
        for row in table(folders, name)
    ]


def _moment(text: str) -> int:
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d"):
        try:
            return int(datetime.strptime(text.strip(), shape).replace(tzinfo=_BEIJING).astimezone(UTC).timestamp())
        except ValueError:
            continue
    raise ValueError(f"hot_messages.csv 的时间“{text}”读不懂，应写成 2019-01-31 08:00:00。")
