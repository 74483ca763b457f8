"""Who in the matrix carries the bulletin of an incident, who says something else, who is silent, who cannot be seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matrix.incident_talk import SPEAKS, denials_in, differences, is_same, speaks_of


class Voice(StrEnum):
    """What may be said of one account; whoever must be called comes first."""

    SILENT = "尚未发声"
    DIFFERENT = "表述不一致"
    BLIND = "采集中断"
    LIMITED = "平台限制"
    OWN = "自行发声"
    CARRIED = "已转载"
    ISSUER = "发布通报"


ORDER = {voice: place for place, voice in enumerate(Voice)}
VOICE_MARKS = {Voice.BLIND: "▨", Voice.LIMITED: "▢"}
"""Colour never carries meaning alone; these two have a pattern."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One post of an account since the incident began; `is_repost` of the bulletin itself. Times are Unix seconds."""

    post_id: int
    said_at: int
    text: str
    is_repost: bool = False


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The official word whose carrying is watched."""

    post_id: int
    account_id: int
    said_at: int
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What one account did: since when, in which post, and for what reason in words."""

    voice: Voice
    at: int | None = None
    post_id: int | None = None
    reason: str = ""


def judge_voice(
    posts: Sequence[Heard],
    bulletin: Bulletin,
    title: str,
    *,
    is_issuer: bool = False,
    is_limited: bool = False,
    is_blind: bool = False,
    known: Mapping[str, set[int]] | None = None,
) -> Judged:
    """The voice of one account from its posts since the incident began.

    Something else: a post of the same matter after the bulletin that names another count for the same thing, or any that denies
    what the bulletin does not deny; it is a hint to look, never a verdict. Whoever carried the bulletin and then says something
    else says something else. What is seen counts even of an account that we cannot see wholly; silence only of one that we can.
    """
    if is_issuer:
        return Judged(Voice.ISSUER, bulletin.said_at, bulletin.post_id)
    spoken = [one for one in sorted(posts, key=lambda one: one.said_at) if one.is_repost or _speaks(one, bulletin, title)]
    for one in reversed(spoken):
        if one.is_repost or is_same(one.text, bulletin.text):
            reasons = differences(one.text, bulletin.text, known) if not one.is_repost else []
        else:
            reasons = differences(one.text, bulletin.text, known) if one.said_at >= bulletin.said_at else _denials(one, bulletin)
        if reasons:
            return Judged(Voice.DIFFERENT, one.said_at, one.post_id, "；".join(reasons))
    carried = next((one for one in spoken if one.is_repost or is_same(one.text, bulletin.text)), None)
    if carried is not None:
        how = "转发" if carried.is_repost else "文字相同"
        return Judged(Voice.CARRIED, carried.said_at, carried.post_id, how)
    if spoken:
        return Judged(Voice.OWN, spoken[0].said_at, spoken[0].post_id, "以自己的文字发布，未见数字或表述不一致")
    if is_limited:
        return Judged(Voice.LIMITED, reason="这个平台的内容无法采集")
    if is_blind:
        return Judged(Voice.BLIND, reason="通报发布后还没有完整采集到这个账号")
    return Judged(Voice.SILENT)


def _speaks(one: Heard, bulletin: Bulletin, title: str) -> bool:
    return speaks_of(one.text, title, (bulletin.text,)) >= SPEAKS or is_same(one.text, bulletin.text)


def _denials(one: Heard, bulletin: Bulletin) -> list[str]:
    denied = [] if denials_in(bulletin.text) else denials_in(one.text)
    return [f"含否认性表述“{'、'.join(denied[:3])}”，通报中没有"] if denied else []
