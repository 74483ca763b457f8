"""Who rises and who falls, with the posts that carried it; and the influence indices under their red line."""

import pandas as pd
import streamlit as st

from matrix.influence import RED_LINE
from matrix.mover import Move, move, outstanding
from storage import glance, publishing, spread
from ui import exports, notices, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.exports import Writers
from ui.masks import mask_text
from ui.matrix_filters import Window
from ui.overview import is_compared
from ui.words import platform_name, short

MEASURES = {"发布": "posts", "评论": "comments", "诉求": "appeals", "阅读": "reads"}
LIMIT = 8
ORDER_OF = {"posts": "", "comments": "comments", "appeals": "comments", "reads": "reads"}


def show_moves(window: Window, writers: Writers) -> None:
    """Risers and fallers of one measure against the period before, each with what it published most widely."""
    chosen = st.segmented_control("比较", list(MEASURES), default="评论", required=True, key="measure", bind="query-params")
    name = MEASURES[chosen or "评论"]
    frame = ask(glance.accounts, **window.days)
    frame = frame[[is_compared(row) for row in frame.to_dict("records")]].reset_index(drop=True)
    moves = [move(name, int(now), int(before)) for now, before in zip(frame[name], frame[f"before_{name}"], strict=True)]
    rising, falling = outstanding(moves, LIMIT)
    if not rising and not falling:
        show_nothing_yet("两个时段都没有足够的数据可以比较。", "数量太小的变化多半是偶然，不列出；可以放宽时段。")
        return
    st.caption("与前一个同样长的时段相比；数量太小的不列出。公职人员和仅登记的账号不比较。")
    rows = [{"方向": "上升", **row_of(window, frame.iloc[place], moves[place], name)} for place in rising]
    rows += [{"方向": "下降", **row_of(window, frame.iloc[place], moves[place], name)} for place in falling]
    tables.show(rows, key="moves", alt="上升和下降的账号")
    exports.offer(f"{chosen}升降", pd.DataFrame(rows), window.about(), writers)


def row_of(window: Window, account: pd.Series, moved: Move, name: str) -> dict[str, object]:
    return {
        "账号": account["account"],
        "平台": platform_name(account["platform"]),
        "单位": account["organization"],
        "本期": moved.now,
        "前期": moved.before,
        "变化": moved.words,
        "主要内容": reason(window, int(account["account_id"]), name, moved),
    }


def reason(window: Window, account_id: int, name: str, moved: Move) -> str:
    """What carried the number of this period, in words that are counted and nothing more."""
    if name == "posts" or not moved.now:
        return f"本期发布{moved.now}条" if name == "posts" else "本期没有"
    top = ask(publishing.posts, order=ORDER_OF[name], limit=1, account_id=account_id, **window.seconds)
    if top.empty:
        return "不在本期发布的内容之下"
    post = top.iloc[0]
    count = post[ORDER_OF[name]]
    words = "阅读" if name == "reads" else "评论"
    told = f"，{words}{int(count)}" if count is not None and count == count else ""
    return f"《{short(mask_text(post['title'] or post['text']), 24)}》{told}"


def show_indices(window: Window, writers: Writers) -> None:
    """WCI and BCI with the set of their coefficients; what a platform does not tell is named and makes a lower bound."""
    notices.show(RED_LINE, "info")
    found = ask(spread.indices, **window.seconds)
    if found.empty:
        show_nothing_yet("本期没有可以计算的微信公众号或微博账号。")
        return
    rows = [
        {
            "账号": row["account"],
            "平台": platform_name(row["platform"]),
            "单位": row["organization"],
            "发布": row["posts"],
            "指数": row["index"],
            "数值": number_words(row["value"], row["missing"]),
            "缺少": row["missing"],
            "系数": row["set_name"],
        }
        for row in found.to_dict("records")
    ]
    st.caption("按账号编号排列，不排名。“≥”表示平台没有提供部分数据，所示为下限；缺少的数据不按零充数。")
    tables.show(rows, key="indices", alt="传播指数")
    exports.offer("传播分析", pd.DataFrame(rows), window.about() | {"说明": RED_LINE}, writers)


def number_words(value: float | None, missing: str) -> str:
    if value is None or value != value:
        return "无法计算"
    return f"≥{value:.2f}" if missing else f"{value:.2f}"
