"""What people are told and when: levels, quiet hours, digests, pace and back-off, and what a platform's answer means for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

RED = "红"
LEVELS = (RED, "橙", "黄", "蓝")
"""Levels of a warning, the gravest first (突发事件应对法 2024, 第六十三条)."""
UNGRADED = "不分级"
"""What is told without being a warning: a collection that stands still, a test."""
GRADES = (*LEVELS, UNGRADED)

OFFSET, DAY = 28800, 86400
REFUSALS = 5
"""So many refusals of the same message by an answering platform, then it is given up in sight of everybody."""
UNKNOWNS = 2
"""A message whose arrival is unknown is sent once more under the same key; unknown again, it is left to a person."""
FEW = 3
"""More than so many due at once go out together, digest or not: after an outage a robot would need hours for them one by one."""


class ChannelKind(StrEnum):
    """The ways to people."""

    WECOM = "企业微信"
    DINGTALK = "钉钉"
    FEISHU = "飞书"
    MAIL = "邮件"
    WEBHOOK = "接口推送"


PER_MINUTE = {
    ChannelKind.WECOM: 20,
    ChannelKind.DINGTALK: 20,
    ChannelKind.FEISHU: 100,
    ChannelKind.MAIL: 30,
    ChannelKind.WEBHOOK: 60,
}
"""Messages a minute: what each platform allows one robot; mail and interfaces by our own restraint. DingTalk mutes a robot for
ten minutes when it goes beyond."""

TOGETHER = {ChannelKind.WECOM: 8}
"""Notices in one message: a text of 企业微信 holds 2,048 bytes."""
MOST_TOGETHER = 20


class DeliveryState(StrEnum):
    """How one notice stands on its way to one channel."""

    WAITING = "待发送"
    DELIVERED = "已送达"
    UNKNOWN = "送达不明"
    GIVEN_UP = "已放弃"
    WITHDRAWN = "未发送"


class Result(StrEnum):
    """What one attempt came to. `BUSY`: nothing was taken, any message would fare alike; `REFUSED`: it lies with this message."""

    DELIVERED = "已送达"
    BUSY = "渠道故障"
    REFUSED = "被拒绝"
    UNKNOWN = "送达不明"
    INTERRUPTED = "中断"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell; `key` names it for good, `created_at` is Unix seconds, `link` an address within the console or empty.

    Words of citizens in title or body must be masked by whoever writes it: it leaves the building.
    """

    key: str
    level: str
    kind: str
    title: str
    body: str
    organization_id: int
    created_at: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended; the sentence says what is wrong and what to do, `wait` how many seconds the platform asks for."""

    result: Result
    sentence: str = ""
    code: str = ""
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a channel wants to hear and when; minutes of the Beijing day, also over midnight; equal ends are no quiet hours."""

    levels: frozenset[str]
    quiet_from: int | None = None
    quiet_until: int | None = None
    digest_minutes: int = 0


def read_minute(text: str) -> int | None:
    """Minute of the day from 22:00 or 22：00; None for nothing. Raises ValueError, a Chinese sentence."""
    words = text.strip().replace("：", ":")
    if not words:
        return None
    hour, _, minute = words.partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
        raise ValueError(f"“{text.strip()}”不是时刻，应形如 22:00，范围从 00:00 到 23:59。")
    return int(hour) * 60 + int(minute)


def minute_words(minute: float | None) -> str:
    """22:00 from a minute of the day; empty for none (NaN of a frame too)."""
    return "" if minute is None or minute != minute else f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def quiet_end(rules: Rules, at: int) -> int | None:
    """Unix seconds when the quiet hours around `at` end; None when it is not quiet then."""
    begin, end = rules.quiet_from, rules.quiet_until
    if begin is None or end is None or begin == end:
        return None
    midnight = (at + OFFSET) // DAY * DAY - OFFSET
    minute = (at - midnight) // 60
    if begin < end:
        return midnight + end * 60 if begin <= minute < end else None
    if minute >= begin:
        return midnight + DAY + end * 60
    return midnight + end * 60 if minute < end else None


def due(rules: Rules, level: str, at: int, opened: int | None = None) -> int:
    """When a notice of this level is sent: red at once; others with the digest that is open (`opened`: when it is due), after
    `digest_minutes`, never in quiet hours. Unix seconds."""
    if level == RED:
        return at
    moment = at
    if rules.digest_minutes:
        window = rules.digest_minutes * 60
        moment = opened if opened is not None and at <= opened <= at + window else at + window
    return quiet_end(rules, moment) or moment


def backoff(key: str, failures: int, first: float = 5.0, longest: float = 600.0) -> float:
    """Seconds to wait after so many failures: doubled each time up to `longest`, then spread over 0.75 to 1.25 of it by the key,
    so that a hundred channels to one fallen host do not come back together, and a test sees the same each time."""
    spread = int.from_bytes(hashlib.blake2b(f"{key}:{failures}".encode(), digest_size=4).digest()) / 2**32
    return min(longest, first * 2 ** min(max(failures, 1) - 1, 20)) * (0.75 + spread / 2)


def key_of(channel_id: int, notice_keys: Sequence[str]) -> str:
    """The key of one message: the same for the same notices to the same channel, in any order (BLAKE2b, 60 bits, ten letters)."""
    signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O and U: it is read out over the telephone
    text = "\n".join((str(channel_id), *sorted(notice_keys)))
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
    return "".join(signs[number >> (5 * place) & 31] for place in range(10))


def gravest(levels: Sequence[str]) -> str:
    """The gravest of some levels."""
    return min(levels, key=rank)


def rank(level: str) -> int:
    """0 for red and so on; what is no level comes last."""
    return GRADES.index(level) if level in GRADES else len(GRADES)


def bundles(levels: Sequence[str], alone: Sequence[bool], is_digest: bool, most: int) -> list[list[int]]:
    """Which of the deliveries that are due together make one message; positions, gravest first.

    What is red goes by itself while there are few of it, so that nobody reads past it.
    """
    order = sorted(range(len(levels)), key=lambda place: (rank(levels[place]), place))
    made = [[place] for place in order if alone[place]]
    for is_red in (True, False):
        mine = [place for place in order if not alone[place] and (levels[place] == RED) is is_red]
        size = most if len(mine) > FEW or (is_digest and not is_red) else 1
        made += [mine[start : start + size] for start in range(0, len(mine), size)]
    return made
