"""网民热点: what most citizens speak of, what it is about, how it feels, the words of the days; every number opens its rows."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.feeling import BY_CODE, UNCERTAIN
from matrix.waiting import FLOOR
from storage import heads
from ui import exports, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.exports import Writers
from ui.live import original
from ui.masks import mask_name, mask_text
from ui.matrix_filters import Window
from ui.records import records
from ui.words import plain, platform_name, share_words, short

VIEW = "网民热点"
OPENED = "said"
"""What of this view is open, in the address: `i7` an issue, `t交通运输` a topic, `n` all negative ones, `a` all."""
SEARCH, QUERY, PART = "搜索", "q", "what"
MOST, ON_SCREEN = 5000, 200
ARROW = ":material/chevron_right:"
HOW = (
    "采集程序逐条判断评论的主题和情绪，拿不准的情绪不计入任何比例；热点把说同一件事的评论归在一起，按不同网民人数排列，"
    "约十分钟更新一次；热词与此前两周相比，约一小时更新一次。判断由程序作出，可在“诉求待办”更正，只供了解情况。"
)


def show(window: Window, writers: Writers) -> None:
    """The four parts, or the comments behind a number of one."""
    opened = st.query_params.get(OPENED, "")
    if opened:
        show_said(window, opened, writers)
        return
    found = ask(heads.feelings, **window.seconds)
    if found.empty or not int(found.iloc[0]["comments"]):
        show_nothing_yet("这一时段没有读过的网民评论。", "评论采到后由采集程序阅读，通常在几分钟内；可以放宽时段或单位。")
        return
    show_feelings(found.iloc[0].to_dict())
    show_issues(window, writers)
    left, right = st.columns(2, gap="medium")
    with left:
        show_topics(window, writers)
    with right:
        show_words(window, writers)
    st.caption(HOW)


def show_feelings(row: Mapping[str, Any]) -> None:
    counts = {name: int(row[name] or 0) for name in ("comments", "certain", "positive", "neutral", "negative")}
    unsure = counts["comments"] - counts["certain"]
    st.markdown(
        f"网民评论 **{counts['comments']:,}** 条：正面 **{counts['positive']:,}**，中性 **{counts['neutral']:,}**，"
        f"负面 **{counts['negative']:,}**，{UNCERTAIN} **{unsure:,}**；"
        f"负面占比 **{share_words(counts['negative'], counts['certain'], FLOOR)}**。"
    )
    with st.container(horizontal=True, gap="small"):
        for words, mark, number in (("查看全部评论", "a", counts["comments"]), ("查看负面评论", "n", counts["negative"])):
            if number:
                st.button(
                    words, key=f"said_{mark}", type="tertiary", icon=":material/chevron_right:", on_click=enter, args=(mark,)
                )


def show_issues(window: Window, writers: Writers) -> None:
    """Hot issues; a chosen one opens its comments."""
    st.subheader("热点", anchor=False)
    found = ask(heads.hot_issues, **window.seconds, limit=30)
    if found.empty:
        st.caption("没有两位以上网民说到同一件事。")
        return
    st.caption("按不同网民人数排列，同一人说多次只算一人。选一行查看这些评论。")
    rows = [
        {
            "网民": int(row["citizens"]),
            "热点": short(mask_text(row["title"]), 46),
            "评论": int(row["comments"]),
            "账号": int(row["accounts"]),
            "主题": row["topic"],
            "负面占比": share_words(int(row["negative"] or 0), int(row["certain"] or 0), FLOOR),
            "最早": stamp(row["first_at"]),
            "最近": stamp(row["last_at"]),
        }
        for row in records(found)
    ]
    marks = [f"i{int(number)}" for number in found["issue_id"]]
    tables.press(rows, "hot_issues", "single-row", lambda place, _: enter(marks[place]), tables.counts(rows), alt="热点")
    exports.offer("热点", pd.DataFrame(rows), window.about(), writers)


def show_topics(window: Window, writers: Writers) -> None:
    st.subheader("主题", anchor=False)
    st.caption("选一行查看这些评论；“其他”是没有具体事情的话。")
    found = ask(heads.topics, **window.seconds)
    rows = [
        {
            "主题": row["topic"],
            "评论": int(row["comments"]),
            "网民": int(row["citizens"]),
            "负面占比": share_words(int(row["negative"] or 0), int(row["certain"] or 0), FLOOR),
        }
        for row in records(found)
    ]
    marks = [f"t{topic}" for topic in found["topic"]]
    tables.press(rows, "hot_topics", "single-row", lambda place, _: enter(marks[place]), tables.counts(rows), alt="主题")
    exports.offer("主题", pd.DataFrame(rows), window.about(), writers)


def show_words(window: Window, writers: Writers) -> None:
    st.subheader("热词", anchor=False)
    found = ask(heads.hot_words, since=window.period.since, until=window.period.until, organization_id=window.root)
    if found.empty:
        st.caption("没有比平时多的词；一个单位一天不足20条评论的不算热词。")
        return
    st.caption("按单位和自然日统计，不受平台、层级等筛选影响。选一行搜索这个词。")
    rows = [{"热词": row["word"], "说过的网民": int(row["said"]), "天数": int(row["days"])} for row in records(found)]
    words = [str(word) for word in found["word"]]
    tables.press(rows, "hot_words", "single-row", lambda place, _: search(words[place]), tables.counts(rows), alt="热词")
    exports.offer("热词", pd.DataFrame(rows), window.about(), writers)


def enter(mark: str) -> None:
    st.query_params[OPENED] = mark


def leave() -> None:
    st.query_params.pop(OPENED, None)


def search(word: str) -> None:
    st.session_state[PART] = SEARCH
    st.query_params[PART], st.query_params[QUERY] = SEARCH, word


def question_of(window: Window, mark: str) -> tuple[Callable[..., pd.DataFrame], dict[str, Any], str]:
    """What is asked for a mark of the address, and its words; a mark that makes no sense opens nothing."""
    kind, rest = mark[:1], mark[1:]
    if kind == "i":
        number = int(rest) if rest.isdecimal() and len(rest) < 16 else 0
        return heads.issue_comments, window.seconds | {"issue_id": number}, "一个热点"
    if kind == "t":
        return heads.said, window.seconds | {"topic": rest[:40]}, f"主题“{rest[:40]}”"
    return heads.said, window.seconds | {"negative": kind == "n"}, "负面评论" if kind == "n" else "全部评论"


def show_said(window: Window, mark: str, writers: Writers) -> None:
    """The comments behind a number, newest first, masked."""
    question, given, words = question_of(window, mark)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("返回", icon=":material/arrow_back:", key="said_back", on_click=leave)
        st.markdown(f"**{plain(words)}**", width="content")
    found = ask(question, **given, limit=MOST)
    if found.empty:
        show_nothing_yet("没有这样的评论。", "可以放宽时段或单位。")
        return
    more = f"，最多列{MOST:,}条" if len(found) == MOST else ""
    seen = f"，下面是最近的{ON_SCREEN}条" if len(found) > ON_SCREEN else ""
    st.caption(f"共{len(found):,}条{more}{seen}。选一行看全文。")
    shown = records(found.head(ON_SCREEN))
    place = tables.pick([row_of(row, 60) for row in shown], "said_rows", alt=words)
    if place is not None:
        row = shown[place]
        with st.container(border=True):
            st.markdown(plain(mask_text(row["text"])))
            st.caption(f"{plain(row['account'])} · {stamp(row['published_at'])} {original(row['url'])}".strip())
    about = window.about() | {"内容": words}
    exports.offer(
        f"评论_{words}", lambda _db, _scope: pd.DataFrame([row_of(row) for row in records(found)]), about, writers, "said"
    )


def row_of(row: Mapping[str, Any], length: int = 0) -> dict[str, Any]:
    text = mask_text(row["text"] or "")
    return {
        "时间": stamp(row["published_at"]),
        "网民": mask_name(row["author_name"]),
        "评论": short(text, length) if length else text,
        "主题": f"{row['topic']}/{row['part']}" if row["part"] else row["topic"],
        "情绪": str(BY_CODE[int(row["feeling"])]) if row["is_sure"] else UNCERTAIN,
        "账号": row["account"],
        "平台": platform_name(int(row["platform"])),
    }
