"""Who rises and who falls, each with what explains it and is counted; and the influence indices under their red line."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.account import Status
from matrix.influence import RED_LINE
from matrix.mover import Move, is_compared, move, outstanding
from storage import glance, movers, spread
from ui import drill, exports, notices, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import span
from ui.drill_account import marks
from ui.exports import Writers
from ui.masks import mask_text
from ui.matrix_filters import Window
from ui.records import records
from ui.words import plain, platform_name, short

VIEW = "升降"
MEASURES = {"发布": "posts", "评论": "comments", "诉求": "appeals", "阅读": "reads"}
LIMIT = 6
WORTH = 0.1
"""Part of a number that one post must carry to explain it."""

BLIND = 12 * 3600
"""Seconds that an account could not be collected before that is worth a word."""


def show_moves(window: Window, writers: Writers) -> None:
    """Risers and fallers of one measure against the period before, side by side, each with its reasons."""
    chosen = drill.pick_one("比较", tuple(MEASURES), "评论", "measure")
    name = MEASURES[chosen]
    frame = ask(glance.board, **window.days).accounts
    is_kept = [is_compared(row["nature"], row["route"]) and bool(row["has_before"]) for row in records(frame)]
    frame = frame[is_kept].reset_index(drop=True)
    moves = [move(name, int(now), int(before)) for now, before in zip(frame[name], frame[f"before_{name}"], strict=True)]
    rising, falling = outstanding(moves, LIMIT)
    if not rising and not falling:
        hint = "两个时段都采全、且数量不太小的账号才比较。采集还不够久时可以改选较短的时段，也可以放宽筛选。"
        show_nothing_yet("没有可以比较的升降。", hint)
        return
    st.caption(f"{window.compared_words()}数量太小的、公职人员和仅登记的账号也不比较。")
    reasons = reasons_of(window, frame, moves, [*rising, *falling], name)
    for column, words, places in zip(st.columns(2, gap="medium"), ("上升", "下降"), (rising, falling), strict=True):
        with column:
            st.subheader(f"{chosen}{words}", anchor=False)
            if not places:
                show_nothing_yet(f"没有账号的{chosen}明显{words}。")
            for place in places:
                show_mover(frame.iloc[place], moves[place], reasons[place], name)
    rows = [
        {"方向": words, **row_of(frame.iloc[place], moves[place]), "原因": "；".join(reasons[place])}
        for words, places in (("上升", rising), ("下降", falling))
        for place in places
    ]
    exports.offer(f"{chosen}升降", pd.DataFrame(rows), window.about() | {"比较": chosen}, writers)


def show_mover(account: pd.Series, moved: Move, reasons: list[str], name: str) -> None:
    """One account: how its number moved, why, and the way to the rows."""
    with st.container(border=True, gap="xsmall"):
        head = f"**{plain(account['account'])}** · {platform_name(int(account['platform']))} · {plain(account['organization'])}"
        st.markdown(head)
        told = moved.change if moved.ratio is None else moved.words  # the number before stands there already
        st.markdown(plain(f"{moved.before:,} → {moved.now:,}，{told}"))
        st.caption(plain("；".join(reasons)) + "。")
        whose, part = f"a{int(account['account_id'])}", "o-reads" if name == "reads" else ""
        st.button("查看明细", key=f"mover_{whose}", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                  on_click=drill.enter, args=(VIEW, "posts" if name == "reads" else name, whose, part))  # fmt: skip


def row_of(account: pd.Series, moved: Move) -> dict[str, Any]:
    return {
        "账号": account["account"],
        "平台": platform_name(int(account["platform"])),
        "单位": account["organization"],
        "本期": moved.now,
        "前期": moved.before,
        "变化": moved.words,
    }


def reasons_of(window: Window, frame: pd.DataFrame, moves: list[Move], places: list[int], name: str) -> dict[int, list[str]]:
    """What goes with each move, all of it counted: not seen, not running, how much was published, which post carried it."""
    ids = tuple(int(frame.iloc[place]["account_id"]) for place in places)
    period = {key: window.days[key] for key in ("first_day", "last_day")}
    unseen = ask(movers.blind, accounts=ids, **period).set_index("account_id").to_dict("index")
    carried = ask(movers.carriers, accounts=ids, measure=name, **period).set_index("account_id").to_dict("index")
    made = {}
    for place, key in zip(places, ids, strict=True):
        row = frame.iloc[place].to_dict()
        found = [*blind_words(unseen.get(key)), *post_words(row, moves[place], name)]
        carrier = carried.get(key)
        if carrier and moves[place].now:
            found.append(carrier_words(carrier, moves[place], name))
        made[place] = found
    return made


def blind_words(seconds: Mapping[str, int] | None) -> list[str]:
    """Whether a number is small because we could not look: the first thing to know."""
    told = {"本期": int(seconds["now"]), "前期": int(seconds["before"])} if seconds else {}
    return [f"{words}采集中断{span(lasted)}，数字可能偏少" for words, lasted in told.items() if lasted >= BLIND]


def post_words(row: Mapping[str, Any], moved: Move, name: str) -> list[str]:
    """How much was published, and what came to each post."""
    stopped = [f"账号{row['status']}"] if row["status"] != Status.ACTIVE else []
    now, before = int(row["posts"]), int(row["before_posts"])
    told = f"发布{before:,}→{now:,}条" if now != before else f"发布都是{now:,}条"
    if name == "posts":
        heard, earlier = int(row["comments"]), int(row["before_comments"])
        return [*stopped, f"同期评论{earlier:,}→{heard:,}条"]
    if now and before:
        told += f"，平均每条{moved.before / before:,.1f}→{moved.now / now:,.1f}"
    return [*stopped, told]


def carrier_words(carrier: Mapping[str, Any], moved: Move, name: str) -> str:
    """The post that carried most of it; where none carried much, that."""
    number, words = int(carrier["n"]), {"comments": "条评论", "appeals": "件诉求", "reads": "次阅读"}[name]
    if number < WORTH * moved.now:
        return f"分散在多条内容，最多的一条{number:,}{words}"
    title = short(mask_text(carrier["title"] or carrier["text"]), 24)
    return f"《{title}》{number:,}{words}，占本期{number / moved.now:.0%}"


def show_indices(window: Window, writers: Writers) -> None:
    """WCI and BCI with the set of their coefficients; what a platform does not tell is named and makes a lower bound."""
    notices.show(f"**{RED_LINE}**", "info")
    found = ask(spread.indices, **window.seconds)
    if found.empty:
        show_nothing_yet("时段内没有可以计算的微信公众号或微博账号。", "指数只有这两个平台有公开的公式。")
        return
    rows = [
        {
            "账号": row["account"] + marks(row | {"route": ""}),
            "平台": platform_name(row["platform"]),
            "发布": int(row["posts"]),
            "指数": row["index"],
            "数值": None if row["value"] is None or row["value"] != row["value"] else round(row["value"], 2),
            "说明": bound_words(row["value"], row["missing"]),
            "系数": row["set_name"],
            "单位": row["organization"],
        }
        for row in records(found)
    ]
    st.caption("按单位和账号编号排列，不排名。平台没有提供的数据写在“说明”里，不按零充数，数值为下限。")

    def opened(place: int, _heading: str) -> None:
        drill.enter("传播分析", "posts", f"a{int(found.iloc[place]['account_id'])}")

    columns = tables.counts(rows) | {"数值": st.column_config.NumberColumn(width=90, format="%.2f")}
    tables.press(rows, "indices", "single-row", opened, columns, alt="传播指数")
    exports.offer("传播分析", pd.DataFrame(rows), window.about() | {"说明": RED_LINE}, writers)


def bound_words(value: float | None, missing: str) -> str:
    if value is None or value != value:
        return f"缺少{missing}，无法计算"
    return f"下限，缺少{missing}" if missing else ""
