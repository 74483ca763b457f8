"""Whether the worker lives: without it nothing new comes, and every page says so."""

import streamlit as st

from storage import heartbeats
from storage.heartbeats import Heartbeat
from ui import notices, signin
from ui.ask import consult
from ui.clock import ago, clock

START = "请在服务器上运行 `python3 run.py worker`(已设为开机自启的，请重启该服务)；启动后刷新本页即可。"


def look() -> tuple[Heartbeat | None, bool]:
    """The last sign of life, and whether it is young enough; it is told in the installation's clock, which may run fast."""
    knobs = signin.settings()
    beat = consult(heartbeats.find)
    every = knobs.worker.heartbeat_seconds * max(1.0, knobs.clock().speed)
    return beat, heartbeats.is_alive(beat, signin.exact_now(), every)


def warn_when_dead() -> None:
    """One sentence on the pages that show what the worker brings."""
    beat, lives = look()
    if lives:
        return
    if beat is None:
        notices.show(f"采集程序还没有运行过，页面上不会有新内容。{START}", "power_off")
        return
    since = clock(beat.beat_at, signin.exact_now())
    how = "已停止" if beat.is_stopped else "没有应答"
    notices.show(f"采集程序{how}，最后一次报平安是{since}，此后的内容没有采集。{START}", "power_off")


def show() -> None:
    """The worker's state in full."""
    beat, lives = look()
    if beat is None or not lives:
        warn_when_dead()
        return
    doing = f"，正在{beat.doing}" if beat.doing else ""
    age = ago(beat.beat_at, signin.exact_now())
    st.caption(f"采集程序运行正常：{age}前报过平安{doing}。自{clock(beat.started_at, signin.exact_now())}起运行于 {beat.host}。")
