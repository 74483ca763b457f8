"""Puts a message into words: what happened, how grave, who is on duty, where to look, and the key by which it is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from matrix.notice import GRADES, UNGRADED, ChannelKind, Notice, gravest
from storage.moments import BEIJING, from_seconds

SIGNATURE = "政务新媒体矩阵管理台"
BYTES = {ChannelKind.WECOM: 2048, ChannelKind.DINGTALK: 18_000, ChannelKind.FEISHU: 18_000}
"""What a platform takes in one text: 企业微信 2,048 bytes; 钉钉 and 飞书 some 20,000 for the whole request."""
OTHERWISE = 60_000
MORE = "……(内容过长，全文见管理台)"


@dataclass(frozen=True, slots=True)
class Message:
    """One message as people read it; `key` is the same for every repeat of it."""

    key: str
    level: str
    title: str
    body: str
    is_repeat: bool
    notices: tuple[Notice, ...]


def compose(
    kind: ChannelKind, key: str, notices: Sequence[Notice], duty: str, keyword: str, base_url: str, is_repeat: bool
) -> Message:
    """The message of one notice, or of several as a list; what does not fit is cut before the foot, which always stays."""
    level = gravest([one.level for one in notices])
    title = heading(notices[0]) if len(notices) == 1 else counted(notices)
    text = notices[0].body.strip() if len(notices) == 1 else "\n".join(line(number, one) for number, one in enumerate(notices, 1))
    link = next((one.link for one in notices if one.link), "") if len(notices) == 1 else ""
    foot = [duty] if duty else []
    foot.append(f"时间：{clock(notices[-1].created_at)}")
    foot.append(f"查看：{base_url.rstrip('/')}/{link.lstrip('/')}")
    again = "(补发：前一次是否送达不明，如已收到请忽略)" if is_repeat else ""
    foot.append(f"编号 {key}{again} · {SIGNATURE}" + (f" · {keyword}" if keyword else ""))
    end = "\n".join(foot)
    room = BYTES.get(kind, OTHERWISE) - size(title) - size(end) - 8
    return Message(key, level, title, f"{fit(text, room)}\n{end}".strip(), is_repeat, tuple(notices))


def heading(notice: Notice) -> str:
    """【红色预警】 for what has a level, 【通知】-like brackets of its kind for what has none."""
    return f"{badge(notice)}{' '.join(notice.title.split())}"


def badge(notice: Notice) -> str:
    return f"【{notice.kind}】" if notice.level == UNGRADED else f"【{notice.level}色{notice.kind}】"


def counted(notices: Sequence[Notice]) -> str:
    """【合并通知】 with how many there are of each level."""
    numbers = Counter(one.level for one in notices)
    parts = [
        f"{level}色{numbers[level]}条" if level != UNGRADED else f"其他{numbers[level]}条" for level in GRADES if numbers[level]
    ]
    return f"【合并通知】共{len(notices)}条：{'，'.join(parts)}"


def line(number: int, notice: Notice) -> str:
    words = " ".join(notice.title.split())
    words = words if len(words) <= 60 else f"{words[:59]}…"
    return f"{number}. {badge(notice)}{words}({clock(notice.created_at)})"


def clock(seconds: int) -> str:
    return f"{from_seconds(seconds).astimezone(BEIJING):%Y-%m-%d %H:%M}"


def size(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "replace"))


def fit(text: str, room: int) -> str:
    """As much of a text as fits into so many bytes, whole letters only, with a word that there is more."""
    clean = text.encode("utf-8", "replace")
    if len(clean) <= room:
        return clean.decode()
    return clean[: max(0, room - size(MORE))].decode("utf-8", "ignore") + MORE
