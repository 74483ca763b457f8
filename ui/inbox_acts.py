"""What a key or a button does to the case that the person sees, and to no other."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from matrix.case import UNDO_SECONDS, Act
from matrix.people import Right
from storage import cases, cases_judged
from storage.cases_judged import IS_NONE
from ui import signin
from ui.ask import act, touch
from ui.inbox_desk import HELD_KEY_SECONDS, SLOW_TIMES, Desk, Last, mine
from ui.inbox_landing import look_back, speed

NEXT, BACK, UNDO = "inbox_next", "inbox_back", "inbox_undo"
DONE_WORDS = {
    Act.CONFIRM: "已确认诉求",
    Act.FORWARD: "已转办",
    Act.RECEIVE: "已签收",
    Act.REPLY: "已记为在平台回复，待核实",
    Act.VERIFY: "已核实办结",
    Act.RETURN: "已退回重办",
    Act.DISMISS: "已记为无需回复",
    Act.POINT_ELSEWHERE: "已记为另行回应",
    Act.URGE: "已催办",
    Act.SUPERVISE: "已督办",
    Act.NOTE: "已备注",
    Act.MARK_TYPICAL: "已标为典型",
    Act.UNMARK_TYPICAL: "已取消典型",
    Act.REOPEN: "已重新打开",
}
STAYS = frozenset({Act.URGE, Act.SUPERVISE, Act.NOTE, Act.MARK_TYPICAL, Act.UNMARK_TYPICAL, Act.REOPEN})
"""Acts after which one stays with the case."""

TOO_QUICK = "按键太快，没有执行：请看清当前这一条再按。"


def is_meant(desk: Desk, key: str, comment_id: int) -> bool:
    """Whether a key was pressed on purpose and for the case that is on the screen now.

    A button knows the case that it was drawn for. What arrives when the desk has moved on was meant for another one; what
    arrives again at once is a key held down.
    """
    moment = signin.wall_now().timestamp()
    before, at = desk.pressed
    desk.pressed = (key, moment)
    if before == key and moment - max(at, desk.drawn_at) < max(HELD_KEY_SECONDS, SLOW_TIMES * desk.took):
        return False
    if comment_id != desk.at or st.session_state.get(NEXT) or st.session_state.get(BACK):
        desk.say(TOO_QUICK, is_refusal=True)
        return False
    return True


def press(wanted: Act, key: str, comment_id: int, step: int, is_none: bool = False) -> None:
    """One act without further words, then on to the next case."""
    desk = mine()
    if signin.find_viewer() is None or not is_meant(desk, key, comment_id):
        return
    do(desk, wanted, comment_id, step, is_none=is_none)


def do(desk: Desk, wanted: Act, comment_id: int, step: int | None, **words: Any) -> bool:
    """Do one act and show what comes next; a refusal is a sentence, and the case stays. Says whether it was done."""
    name = IS_NONE if words.get("is_none") else str(wanted)
    return perform(desk, name, cases_judged.act, comment_id, wanted, step, **words)


def perform(
    desk: Desk, name: str, verb: Callable[..., int], comment_id: int, wanted: Act, step: int | None, **words: Any
) -> bool:
    """Carry out an act with its line in the journal."""
    viewer = signin.require(Right.CASES)
    try:
        made = act(
            Right.CASES,
            name,
            verb,
            viewer.scope,
            comment_id,
            wanted,
            viewer.person.login,
            signin.exact_now(),
            step,
            subject=f"诉求{comment_id}",
            detail=str(words.get("why") or ""),
            **words,
        )
    except (ValueError, PermissionError) as error:
        desk.say(str(error), is_refusal=True)
        return False
    remember(desk, made, comment_id, "已记为不是诉求" if words.get("is_none") else DONE_WORDS[wanted], wanted in STAYS)
    return True


def remember(desk: Desk, step: int, comment_id: int, words: str, stays: bool) -> None:
    """What can be taken back for ten seconds, and the next case on the desk."""
    desk.last = Last(step, comment_id, words, signin.wall_now().timestamp())
    desk.say(words)
    if stays:
        desk.dialog = None
        return
    desk.done[comment_id] = words
    desk.dialog = None
    if not desk.carry_on():
        look_back(desk)


def take_back() -> None:
    """Z: the last act of this desk is undone, and its case lies on it again."""
    desk = mine()
    viewer = signin.find_viewer()
    if viewer is None or desk.last is None:
        return
    last, desk.last = desk.last, None
    try:
        act(
            Right.CASES,
            "撤销办理",
            cases_judged.undo,
            viewer.scope,
            last.step_id,
            viewer.person.login,
            signin.exact_now(),
            within=(UNDO_SECONDS + cases.GRACE_SECONDS) * speed(),
            subject=f"诉求{last.comment_id}",
            detail=last.words,
        )
    except (ValueError, PermissionError) as error:
        desk.say(str(error), is_refusal=True)
        return
    desk.done.pop(last.comment_id, None)
    desk.go(last.comment_id)
    desk.say("已撤销，这一条恢复原状。")


def take_over(comment_id: int) -> None:
    """Work on a case that somebody else has open, knowingly."""
    desk = mine()
    viewer = signin.require(Right.CASES)
    desk.claim = touch(
        Right.CASES,
        cases.claim,
        viewer.scope,
        comment_id,
        viewer.person.login,
        signin.exact_now(),
        takes_over=True,
        seconds=cases.CLAIM_SECONDS * speed(),
    )
    desk.say("已接手，对方再办理时会得到提示。")


def open_dialog(name: str, key: str, comment_id: int, step: int) -> None:
    """Ask for more words before an act; the keys of the page are off meanwhile."""
    desk = mine()
    if is_meant(desk, key, comment_id):
        desk.say("")
        desk.dialog = (name, comment_id, step)


def close_dialog() -> None:
    mine().dialog = None
