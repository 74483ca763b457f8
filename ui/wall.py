"""The wall of the duty room: one dark sheet that renews itself; a part that cannot be read says so and the others go on."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import streamlit as st

from matrix.people import Right
from storage import drills, wall
from ui import arrived, frame, signin, wall_paper, wall_parts
from ui.ask import ask, consult
from ui.clock import beijing, clock
from ui.signin import Viewer

EVERY = timedelta(seconds=10)
BACK = "/home"
WEEKDAYS = "一二三四五六日"
FAILED = "读取失败"
log = logging.getLogger(__name__)
Draw = Callable[[datetime, datetime], str]
PARTS: tuple[tuple[str, str, Right | None, Draw], ...] = (
    ("今日矩阵", "day", None, wall_parts.day),
    ("未结束预警", "", Right.ALERTS_VIEW, wall_parts.alerts),
    ("处置中事件", "", Right.INCIDENTS_VIEW, wall_parts.incidents),
    ("等待答复的群众", "", Right.CASES_VIEW, wall_parts.citizens),
    ("采集盲区", "blind", None, wall_parts.blind),
)
"""In the order of the sheet: title, look, the right without which it stays closed, and what draws it."""


def show() -> None:
    """Put the wall over the page; while it is open, only the wall outlives the idle minutes of its session."""
    signin.stay_for_the_wall()
    show_sheet()


@st.fragment(run_every=EVERY)
def show_sheet() -> None:
    viewer = signin.require()
    now, exact = signin.now(), signin.exact_now()
    sections = [part(viewer, title, kind, right, draw, now, exact) for title, kind, right, draw in PARTS]
    drill = frame.DRILL_WORDS if consult(drills.scenario) else ""
    st.html(wall_paper.sheet(first_line(viewer, now, exact), sections, drill))


def part(viewer: Viewer, title: str, kind: str, right: Right | None, draw: Draw, now: datetime, exact: datetime) -> str:
    """One part; whatever goes wrong in it stays in it."""
    if right is not None and not viewer.may(right):
        return wall_paper.section(title, wall_paper.note("您的角色不能查看这一项"), kind=kind)
    try:
        return draw(now, exact)
    except Exception:
        log.exception("a part of the wall failed")
        return wall_paper.section(title, wall_paper.zero(FAILED), kind=kind)


def first_line(viewer: Viewer, now: datetime, exact: datetime) -> str:
    local = beijing(exact)
    try:
        desk, watch = ask(wall.desk), arrived.watch_of(viewer)
        duty = f"值班：{watch.name}(自{clock(watch.since, now)})" if watch.on_duty else "目前无人在班"
    except Exception:
        log.exception("the first line of the wall failed")
        desk, duty = "", f"值班情况{FAILED}"
    date = f"{local.month}月{local.day}日 星期{WEEKDAYS[local.weekday()]}"
    return wall_paper.head(f"{desk} 值班大屏".strip(), duty, date, f"{local:%H:%M}", BACK, f"{local:%H:%M:%S}")
