"""The overview of 回复时效: figures whose every bar and point opens its cases, each with its rows to take away."""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.waiting import FLOOR
from storage import timeliness
from ui import exports, timeliness_frames, timeliness_groups, timeliness_head, timeliness_words
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.exports import Writers
from ui.timeliness_picks import Pick, clicked, on_kind, on_part, open_cases
from ui.timeliness_window import NATURAL, WORKING, Window, versions

STEPS = {"按日": "日", "按周": "周"}
LONG = 45
"""Days; a longer period is drawn by weeks at first."""

STILL = {"displayModeBar": False}

FEW = 10
"""Cases that must still wait for a point of the curve to be drawn."""


class Charts(Protocol):
    """What the page hands in: `charts.response`, which this room may not import."""

    def distribution(self, frame: pd.DataFrame) -> Any: ...

    def curve(self, curves: Mapping[str, pd.DataFrame], sizes: Mapping[str, int]) -> Any: ...

    def trend(self, frame: pd.DataFrame, step: str, hours: int = 24, floor: int = 10) -> Any: ...


def show(window: Window, charts: Charts, groups: timeliness_groups.Charts, writers: Writers) -> None:
    """The whole overview; an empty period says so and what to look at."""
    board = ask(timeliness.board, **window.filters)
    used = versions(window)
    if board.summary.empty or not int(board.summary.iloc[0]["n"]):
        show_nothing_yet(
            f"{window.period.words}没有收到诉求。",
            "评论采到后由采集程序识别，通常在几分钟内。可以放宽时段或单位，或在“采集状态”查看评论是否采到。",
        )
        show_definitions(used)
        return
    about = window.about(used)
    timeliness_head.show(window, used, board.summary.iloc[0].to_dict())
    left, right = st.columns(2, gap="medium")
    with left:
        show_distribution(window, board.distribution, charts, writers, about)
    with right:
        show_curve(window, board, charts, writers, about)
    show_trend(window, board, charts, writers, about)
    timeliness_groups.show(window, board, groups, writers, about)
    show_definitions(used)


def show_distribution(window: Window, frame: pd.DataFrame, charts: Charts, writers: Writers, about: Mapping[str, str]) -> None:
    st.subheader("回复用时分布", anchor=False)
    st.caption("点一根柱查看其中的诉求。")
    st.plotly_chart(
        charts.distribution(frame),
        key="distribution",
        on_select=lambda: on_part("distribution"),
        selection_mode="points",
        config=STILL,
        alt="；".join(f"{bucket}{n}条" for bucket, n in zip(frame["bucket"], frame["n"], strict=True)),
    )
    more = {"明细": timeliness_frames.later(window)}
    exports.offer("回复用时分布", lambda _db, _scope: timeliness_frames.distribution(frame), about, writers, more=more)


def show_curve(window: Window, board: timeliness.Board, charts: Charts, writers: Writers, about: Mapping[str, str]) -> None:
    st.subheader("回复进度", anchor=False)
    st.caption(
        f"收到后某段时间内已回复的比例，尚未回复的计入；细线为95%区间，在等的不足{FEW}件以后不画。点一点查看那时已回复的诉求。"
    )
    mine = {window.time: board.curve}
    theirs = {WORKING if window.time == NATURAL else NATURAL: board.other_curve}
    curves = mine | theirs if window.time == NATURAL else theirs | mine
    sizes = {name: int(frame["at_risk"].max()) if len(frame) else 0 for name, frame in curves.items()}
    if all(frame.empty for frame in curves.values()):
        show_nothing_yet("还没有情况明确的诉求，画不出曲线。")
        return
    st.plotly_chart(
        charts.curve({name: trusted(frame) for name, frame in curves.items()}, sizes),
        key="curve",
        on_select=on_curve,
        selection_mode="points",
        config=STILL,
        alt="；".join(f"{name}{sizes[name]}件" for name in curves),
    )
    more = {"明细": timeliness_frames.later(window)}
    exports.offer("回复进度", lambda _db, _scope: timeliness_frames.curve(curves), about, writers, more=more)


def trusted(frame: pd.DataFrame) -> pd.DataFrame:
    """A curve as far as it rests on FEW cases: behind that, one answer throws it up to the top."""
    kept = frame[frame["at_risk"] >= FEW]
    return kept if len(kept) else frame


def on_curve() -> None:
    """The clicked curve also says by which time the cases are counted."""
    mark = clicked("curve")
    if isinstance(mark, list | tuple) and len(mark) == 2:
        st.session_state["time"] = str(mark[0])
        open_cases(pick=Pick("用时", str(int(mark[1]))))


def show_trend(window: Window, board: timeliness.Board, charts: Charts, writers: Writers, about: Mapping[str, str]) -> None:
    st.subheader("变化趋势", anchor=False)
    first = "按周" if window.period.days > LONG else "按日"
    chosen = st.segmented_control(
        "步长", list(STEPS), default=first, required=True, key="step", bind="query-params", label_visibility="collapsed"
    )
    step = STEPS[chosen or first]
    frame = board.by_day if step == "日" else board.by_week
    st.caption(f"上：24小时回复率，到期诉求不足{FLOOR}件的不画点；下：收到的诉求。点一点查看其中的诉求。")
    st.plotly_chart(
        charts.trend(frame, step),
        key="trend",
        on_select=lambda: on_kind("trend", step),
        selection_mode="points",
        config=STILL,
        alt=f"{chosen}的24小时回复率和收到的诉求，共{int(frame['n'].sum())}件",
    )
    exports.offer(
        f"回复时效{chosen}",
        lambda _db, _scope: timeliness_frames.trend(frame, step, window.is_working),
        about,
        writers,
        key="trend",
    )


def show_definitions(used: str) -> None:
    with st.expander("口径说明"):
        for name, words in timeliness_words.DEFINITIONS.items():
            st.markdown(f"**{name}** {words}")
        st.caption(f"识别版本：{used}。改动规则后重新识别，数字可能变化；人工更正始终保留。")
