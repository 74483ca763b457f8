"""矩阵总览: how accounts stand in a period, beside the one before and beside their peers; every number opens its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
import streamlit as st

from matrix.account import Route
from matrix.inspection import Verdict
from matrix.mover import is_compared, move, peer_medians
from storage import glance, organizations, silence
from ui import drill, exports, filters, signin, tables
from ui.ask import ask, shaped
from ui.cards import show_nothing_yet
from ui.drill_account import marks
from ui.exports import Writers
from ui.matrix_filters import DAY, OFFSET, Window
from ui.words import VERDICT_ORDER, VERDICT_WORDS, platform_name, ratio, verdict_words

COUNTS = {"发布": "posts", "评论": "comments", "诉求": "appeals", "官方回复": "replies"}
VERDICT, BOX = "verdict", "verdict_box"
LISTS = {**COUNTS, "增减": "posts", "粉丝": "followers", "采集完整度": "covered"}
REACH = {"阅读": "reads", "点赞": "likes", "转发": "shares"}
ORDERED = {words: f"o-{name}" for words, name in REACH.items()}
COVERED = ("account_id", "stated", "held")
MEDIAN, PEERS, ACTIVE = "同类中位", "peers", "active"
HELPS = {
    "增减": "发布条数与前一个同样长的时段之差；前期没有采全的为空",
    MEDIAN: "同一层级、同一平台的账号发布条数的中位数，不足3个账号的为空；点一格查看这些账号",
    "距更新": "距最近一次发布的天数",
    "阅读": "时段内发布的内容的阅读数之和；平台没有提供的为空",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The accounts of a window, or one part of them, as they are sent to the browser."""

    shown: pd.DataFrame
    rows: pd.DataFrame
    sheet: tables.Sheet


def judged_of(window: Window, now: datetime, limit_days: int) -> pd.DataFrame:
    """Every account of the window under its unit, with its verdict and whether it is compared."""
    board: glance.Board = ask(glance.board, **window.days)
    judged = ask(silence.verdicts, now=now, limit_days=limit_days)
    verdicts = dict(zip(judged["account_id"], judged["verdict"], strict=True))
    frame = in_tree_order(board.accounts)
    return frame.assign(verdict=frame["account_id"].map(verdicts).fillna(""), is_peer=peer_mask(frame))


def listed_of(window: Window, wanted: str, now: datetime, limit_days: int) -> Listed:
    """The list itself."""
    frame = shaped(judged_of, window=window, now=now, limit_days=limit_days)
    shown = frame[is_wanted(frame, wanted)].reset_index(drop=True)
    rows = account_rows(window, shown, medians(frame), now)
    columns = tables.counts(rows, HELPS) | {
        "增减": st.column_config.NumberColumn(width=62, format="%+d", help=HELPS["增减"]),
        "近14天": st.column_config.BarChartColumn("近14天发布", width=110, y_min=0, help="截至时段末的14天，每天一根柱"),
    }
    return Listed(shown, rows, tables.sheet(rows, columns))


def verdicts_of(window: Window, now: datetime, limit_days: int) -> dict[str, int]:
    """How many accounts of the window have each verdict."""
    frame = shaped(judged_of, window=window, now=now, limit_days=limit_days)
    return {str(name): int(n) for name, n in frame["verdict"].value_counts().items()}


def show_accounts(view: str, window: Window, writers: Writers, only: str = "") -> None:
    """The sums, how many accounts break the limit, and a row for each account.

    `only` leaves some of them and nothing above the list: a verdict, ACTIVE (who published) or PEERS (who is compared).
    """
    board: glance.Board = ask(glance.board, **window.days)
    if board.accounts.empty:
        show_nothing_yet("没有账号符合筛选条件。", "可以放宽单位、条线、地区、层级或平台。")
        return
    if not only:
        show_head(view, window, board)
    known = {"window": window, "now": signin.figures_now(), "limit_days": signin.limit_days()}
    wanted = only or pick_verdict(shaped(verdicts_of, **known))
    listed = shaped(listed_of, wanted=wanted, **known)
    count = f"共{len(listed.shown):,}个账号。" if only else ""
    st.caption(f"{count}点一格查看构成它的内容，点账号名查看账号。公职人员和仅登记的账号只列出，不作比较。")
    if listed.shown.empty:
        show_nothing_yet("没有这样的账号。")
        return

    def opened(place: int, heading: str) -> None:
        open_cell(view, listed.shown.iloc[place], heading)

    tables.press(listed.sheet, f"accounts_{wanted}", "single-cell", opened, alt="账号一览", pinned="账号")
    about = window.about() | ({"只看": only_words(wanted)} if wanted else {})
    exports.offer("矩阵账号", lambda _db, _scope: file_rows(listed.rows, listed.shown), about, writers)


def peer_mask(frame: pd.DataFrame) -> list[bool]:
    """Who is compared at all."""
    return [is_compared(nature, route) for nature, route in zip(frame["nature"], frame["route"], strict=True)]


def is_wanted(frame: pd.DataFrame, only: str) -> pd.Series:
    if only == ACTIVE:
        return frame["posts"] > 0
    return frame["is_peer"] if only == PEERS else (frame["verdict"] == only) | (not only)


def only_words(only: str) -> str:
    return verdict_words(only) if only in set(Verdict) else {ACTIVE: "有发布的账号", PEERS: "同级同平台"}.get(only, "")


def show_head(view: str, window: Window, board: glance.Board) -> None:
    """The sums of the period with their course; each opens its rows."""
    frame, daily, whose = board.accounts, board.daily, f"u{window.root}" if window.root else ""
    seen = frame[frame["has_before"].astype(bool)]
    with st.container(horizontal=True, gap="small"):
        for words, name in COUNTS.items():
            told = move(name, int(seen[name].sum()), int(seen[f"before_{name}"].sum())).words if len(seen) else "前期没有采全"
            series = list(daily[name]) if len(daily) > 2 else None
            with st.container(border=True, gap="xsmall", width="stretch"):
                st.metric(
                    words, f"{int(frame[name].sum()):,}", told, delta_color="off", delta_arrow="off", chart_data=series,
                    chart_type="bar",
                )  # fmt: skip
                st.button("查看明细", key=f"head_{name}", type="tertiary", icon=":material/chevron_right:",
                          icon_position="right", on_click=drill.enter, args=(view, name, whose))  # fmt: skip
        active = int((frame["posts"] > 0).sum())
        with st.container(border=True, gap="xsmall", width="stretch"):
            st.metric(
                "有发布的账号", f"{active:,}/{len(frame):,}", f"可采集{int((frame['route'] != Route.NONE).sum()):,}个",
                delta_color="off", delta_arrow="off", chart_data=list(daily["active"]) if len(daily) > 2 else None,
                chart_type="bar",
            )  # fmt: skip
            st.button("查看账号", key="head_active", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                      on_click=drill.enter, args=(view, ACTIVE, whose))  # fmt: skip
    part = f"变化只比较两个时段都采全的{len(seen):,}个账号" if len(seen) < len(frame) else ""
    st.caption(window.compared_words(part) if len(seen) else "前期没有采全，不作比较；可以改选较短的时段。")


def pick_verdict(counts: Mapping[str, int]) -> str:
    """One verdict or all (empty), each with how many of the accounts on the page have it."""
    options = [filters.EVERYTHING, *(verdict.value for verdict in VERDICT_ORDER if counts.get(verdict.value))]
    wanted = st.query_params.get(VERDICT, filters.EVERYTHING)
    if wanted not in options and wanted in set(Verdict):
        options.append(wanted)

    def told(option: str) -> str:
        number = sum(counts.values()) if option == filters.EVERYTHING else counts.get(option, 0)
        return f"{VERDICT_WORDS[Verdict(option)] if option in set(Verdict) else option} {number:,}"

    # Not bound to the address by the widget itself: that would put the label there, with a count that changes.
    st.session_state[BOX] = wanted if wanted in options else filters.EVERYTHING
    args = (VERDICT, BOX, filters.EVERYTHING)
    st.pills("更新判定(目前)", options, required=True, key=BOX, on_change=drill.keep, args=args, format_func=told, wrap=True)
    return "" if st.session_state[BOX] == filters.EVERYTHING else str(st.session_state[BOX])


def medians(frame: pd.DataFrame) -> dict[object, float]:
    """What the peers of an account published: the same level and platform, those that are compared at all."""
    columns = (frame["level"], frame["platform"], frame["posts"], frame["is_peer"])
    return peer_medians(((level, platform), posts) for level, platform, posts, is_peer in zip(*columns, strict=True) if is_peer)


def account_rows(window: Window, frame: pd.DataFrame, peers: Mapping[object, float], now: datetime) -> pd.DataFrame:
    """One row for each account as it stands on the screen."""
    today = (window.now + OFFSET) // DAY
    found = ask(silence.coverage, now=now)
    covered = {key: ratio(held, stated) for key, stated, held in zip(*(found[name] for name in COVERED), strict=True)}
    kinds = zip(frame["level"], frame["platform"], frame["is_peer"], strict=True)
    is_told = frame["is_peer"] & frame["has_before"].astype(bool)
    names = zip(frame["account"], frame["nature"], frame["route"], strict=True)
    return pd.DataFrame(
        {
            "账号": [name + marks({"nature": nature, "route": route}) for name, nature, route in names],
            "平台": frame["platform"].map(platform_name),
            "发布": frame["posts"],
            "增减": (frame["posts"] - frame["before_posts"]).where(is_told),
            MEDIAN: [peers.get((level, platform)) if is_peer else None for level, platform, is_peer in kinds],
            "评论": frame["comments"],
            "诉求": frame["appeals"],
            "官方回复": frame["replies"],
            "距更新": today - (frame["last_post_at"].astype(float) + OFFSET) // DAY,
            "判定": [verdict_words(verdict) if verdict else "" for verdict in frame["verdict"]],
            "近14天": frame["trend"],
            "采集完整度": frame["account_id"].map(covered).fillna("平台未提供总数"),
            **{words: frame[name].where(frame[name] > 0) for words, name in REACH.items()},
            "粉丝": frame["followers"].astype(float),
            "单位": frame["organization"],
            "层级": frame["level"],
        }
    )


def file_rows(rows: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The same with the period before, without what only draws."""
    is_told = frame["has_before"].astype(bool)
    before = {f"前期{words}": frame[f"before_{name}"].where(is_told) for words, name in COUNTS.items()}
    return rows.drop(columns="近14天").assign(**before)


def open_cell(view: str, row: pd.Series, heading: str) -> None:
    """What one cell of the table opens; runs before the page is drawn anew."""
    whose = f"a{int(row['account_id'])}"
    if heading == MEDIAN and is_compared(row["nature"], row["route"]):
        drill.enter(view, PEERS, whose)
    elif heading in ORDERED:
        drill.enter(view, "posts", whose, ORDERED[heading])
    else:
        drill.enter(view, LISTS.get(heading, "account"), whose)


def in_tree_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Accounts under their units, parents before their children, children under their parents."""
    order = {identity: place for place, identity in enumerate(filters.tree_labels(ask(organizations.tree)).values())}
    place = frame["organization_id"].map(order).fillna(len(order)).to_numpy()
    return frame.iloc[np.lexsort((frame["account_id"].to_numpy(), frame["platform"].to_numpy(), place))].reset_index(drop=True)
