"""Who watches from when to when: taking over and handing over at one desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class ShiftAct(StrEnum):
    """The two acts of a change of shift."""

    TAKE = "接班"
    HAND = "交班"


@dataclass(frozen=True, slots=True)
class Change:
    """One act at one desk; `at` is Unix seconds, `posts_upto` and `comments_upto` the newest rows that were held then."""

    act: ShiftAct
    login: str
    name: str
    at: int
    note: str = ""
    posts_upto: int = 0
    comments_upto: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """How a desk stands: who is on duty since when, and the hand-over since when things count as new.

    `on_duty` is empty between two shifts. `last` is the newest hand-over by somebody else than who is on duty now, or the taking
    over without one; None at a desk where nobody ever handed over.
    """

    on_duty: str = ""
    name: str = ""
    since: int | None = None
    last: Change | None = None


def standing(changes: Sequence[Change]) -> Watch:
    """The state of a desk after all its changes, oldest first.

    Whoever takes over while another is still on duty ends that watch: the gap between a forgotten hand-over and the taking
    over belongs to the one who left.
    """
    on_duty: Change | None = None
    last: Change | None = None
    for change in changes:
        if change.act is ShiftAct.HAND:
            on_duty, last = None, change
            continue
        if on_duty is not None and on_duty.login != change.login:
            last = change
        on_duty = change
    if on_duty is None:
        return Watch(last=last)
    return Watch(on_duty.login, on_duty.name, on_duty.at, last)


def refuse(watch: Watch, act: ShiftAct, login: str) -> str:
    """Why somebody cannot do this now, as a Chinese sentence; empty when he can."""
    if act is ShiftAct.TAKE and watch.on_duty == login:
        return "您已在班，无需重复接班。"
    if act is ShiftAct.HAND and not watch.on_duty:
        return "目前无人在班，请先接班。"
    if act is ShiftAct.HAND and watch.on_duty != login:
        return f"目前在班的是{watch.name}，不能替他交班；如他已离岗，请直接接班。"
    return ""
