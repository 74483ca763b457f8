"""矩阵总览: how the units and accounts stand in a period, beside the one before and beside their peers; every number opens."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.account import Nature, Route
from matrix.inspection import Verdict
from matrix.mover import move
from storage import glance, silence
from ui import exports, overview_rows, signin, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.exports import Writers
from ui.matrix_filters import Window
from ui.words import plain, platform_name, ratio, verdict_words

OPEN = "open"
COUNTS = {"发布": "posts", "评论": "comments", "诉求": "appeals", "官方回复": "replies"}
TREND_DAYS = 14


def show_head(frame: pd.DataFrame, judged: pd.DataFrame) -> None:
    """The sums of the period with their change, and how many accounts published at all."""
    active = int((frame["posts"] > 0).sum())
    collected = int((frame["route"] != Route.NONE).sum())
    with st.container(horizontal=True, gap="small"):
        for words, name in COUNTS.items():
            now, before = int(frame[name].sum()), int(frame[f"before_{name}"].sum())
            st.metric(words, f"{now:,}", move_words(now, before), delta_color="off", delta_arrow="off", border=True)
        st.metric(
            "有发布的账号", f"{active}/{len(frame)}", f"可采集{collected}个", delta_color="off", delta_arrow="off", border=True
        )
    found = judged[judged["account_id"].isin(frame["account_id"])]["verdict"].value_counts()
    marks = (Verdict.OVERDUE, Verdict.SOON, Verdict.BLIND, Verdict.LIMITED)
    words = "，".join(f"{verdict_words(mark)}{int(found.get(mark, 0))}个" for mark in marks)
    st.caption(plain(f"目前：{words}。变化为与前一个同样长的时段相比。"))


def move_words(now: int, before: int) -> str:
    return f"较前期{move('posts', now, before).words}"


def show_accounts(window: Window, writers: Writers) -> None:
    """One row for each account; a click on a number opens what it counts."""
    frame = ask(glance.accounts, **window.days)
    if frame.empty:
        show_nothing_yet("没有账号符合筛选条件。")
        return
    judged = ask(silence.verdicts, now=signin.now(), limit_days=signin.limit_days())
    show_head(frame, judged)
    rows = account_rows(window, frame, judged)
    st.caption("点数字查看构成它的内容。公职人员和仅登记的账号只列出，不作比较。")
    held = frame.reset_index(drop=True)

    def opened(place: int, heading: str) -> None:
        name = COUNTS.get(heading, "posts")
        st.query_params[OPEN] = f"{name}:{int(held.iloc[place]['account_id'])}"

    trend = st.column_config.LineChartColumn("近14天发布", width=120)
    tables.press(rows, "matrix_accounts", "single-cell", opened, {"近14天发布": trend}, alt="账号一览")
    exports.offer("矩阵账号", pd.DataFrame(rows).drop(columns="近14天发布"), window.about(), writers)
    overview_rows.show(window, held, st.query_params.get(OPEN, ""), writers)


def account_rows(window: Window, frame: pd.DataFrame, judged: pd.DataFrame) -> list[dict[str, Any]]:
    today = int(window.now + 28800) // 86400
    recent = ask(glance.series, **(window.narrow | {"first_day": today - TREND_DAYS + 1, "last_day": today}))
    lines = dict(zip(recent["account_id"], recent["posts"], strict=True))
    verdicts = dict(zip(judged["account_id"], judged["verdict"], strict=True))
    covered = ask(silence.coverage, now=signin.now()).set_index("account_id")
    peers = peer_medians(frame)
    rows = []
    for row in frame.to_dict("records"):
        number = row["account_id"]
        held = covered.loc[number] if number in covered.index else None
        last = row["last_post_at"]
        is_peer = is_compared(row)
        rows.append(
            {
                "账号": row["account"],
                "平台": platform_name(row["platform"]),
                "单位": row["organization"],
                "层级": row["level"],
                **{words: int(row[name]) for words, name in COUNTS.items()},
                "发布较前期": move("posts", int(row["posts"]), int(row["before_posts"])).words if is_peer else "—",
                "同级同平台发布中位": peers.get((row["level"], row["platform"])) if is_peer else None,
                "阅读": int(row["reads"]) or None,
                "粉丝": None if row["followers"] is None or row["followers"] != row["followers"] else int(row["followers"]),
                "距更新(天)": None if last is None or last != last else today - int(last + 28800) // 86400,
                "判定": verdict_words(verdicts[number]) if number in verdicts else "",
                "采集完整度": ratio(held["held"], held["stated"]) if held is not None else "平台未提供总数",
                "近14天发布": lines.get(number, []),
            }
        )
    return rows


def is_compared(row: Mapping[str, Any]) -> bool:
    """Accounts of persons and those that are only registered are shown and never ranked."""
    return row["nature"] != Nature.OFFICIAL_PERSON and row["route"] != Route.NONE


def peer_medians(frame: pd.DataFrame) -> dict[tuple[str, int], float]:
    """The median of posts among accounts of the same level and platform, where there are at least three of them."""
    chosen = frame[(frame["nature"] != Nature.OFFICIAL_PERSON) & (frame["route"] != Route.NONE)]
    found = chosen.groupby(["level", "platform"])["posts"].agg(["median", "size"])
    return {key: float(row["median"]) for key, row in found.iterrows() if row["size"] >= 3}  # type: ignore[misc]


def show_units(window: Window, writers: Writers) -> None:
    """The tree with the sums of every subtree; a click on a unit narrows the whole page to it."""
    frame = ask(glance.units, **window.days)
    if frame.empty:
        show_nothing_yet("没有单位符合筛选条件。")
        return
    top = int(frame["depth"].min())
    ordered = overview_rows.in_tree_order(frame)
    rows = [
        {
            "单位": "\u3000" * (int(row["depth"]) - top) + row["organization"],
            "层级": row["level"],
            "账号": int(row["accounts"]),
            **{words: int(row[name]) for words, name in COUNTS.items()},
            "发布较前期": move("posts", int(row["posts"]), int(row["before_posts"])).words,
            "评论较前期": move("comments", int(row["comments"]), int(row["before_comments"])).words,
            "阅读": int(row["reads"]) or None,
        }
        for row in ordered.to_dict("records")
    ]
    st.caption("各项包含全部下级单位。点一个单位，整页只看它和它的下级；在“单位”筛选中选“全部”返回。")

    def narrowed(place: int, _heading: str) -> None:
        overview_rows.choose_unit(int(ordered.iloc[place]["organization_id"]))

    tables.press(rows, "matrix_units", "single-row", narrowed, alt="单位一览")
    exports.offer("矩阵单位", pd.DataFrame(rows), window.about(), writers)
