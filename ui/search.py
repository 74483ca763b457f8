"""The search on the screen: one line to type in, hits with their words marked, page by page, and the same as a file."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from storage import search
from storage.search_page import Found, Tally
from storage.search_rows import COMMENTS, POSTS
from storage.search_words import parse
from ui import drill, exports, notices, signin
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import clock, stamp
from ui.excerpts import excerpt
from ui.exports import Writers
from ui.live import original
from ui.masks import mask_name, mask_text
from ui.matrix_filters import Window
from ui.records import records
from ui.words import CHANNEL_WORDS, plain, platform_name, short

VIEW = "搜索"
QUERY, KIND, PLACE, BOX = "q", "kind", "place", "q_box"
EVERYTHING = "全部"
ON_A_PAGE = 20
LONGEST_LINE = 200
MOST_EXPORTED, EXPORT_PAGE = 5000, 200
HOW = "多个词用空格隔开，须同时出现；要求连在一起的加引号；不要的词前加减号。一个字也可以查。"
GONE_WORDS = {"deleted": "已删除", "hidden": "不再公开"}


def show(window: Window, writers: Writers) -> None:
    """Everything about one search within the filters of the page; the line, the kind and the page stand in the address."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        # Not bound to the address by the widgets themselves: it must stay there while a hit is open (`ui.drill`).
        st.session_state[BOX] = st.query_params.get(QUERY, "")[:LONGEST_LINE]
        typed = st.text_input(
            "查找",
            key=BOX,
            max_chars=LONGEST_LINE,
            placeholder="输入要查找的词，按回车",
            help=HOW,
            icon=":material/search:",
            on_change=drill.keep,
            args=(QUERY, BOX, "", PLACE),
        )
        kind = drill.pick_one("类别", (EVERYTHING, POSTS, COMMENTS), EVERYTHING, KIND, forget=PLACE)
    if not parse(typed or "").words:
        st.caption(f"查找发布的标题、正文和公众评论。{HOW}")
        return
    wanted = window.seconds | {"words": typed, "kind": "" if kind == EVERYTHING else kind}
    try:
        page: Found = ask(search.find, **wanted, limit=ON_A_PAGE, before=st.query_params.get(PLACE, ""))
    except ValueError as error:
        notices.refuse(plain(str(error)))
        st.button("从最新的开始", icon=":material/first_page:", on_click=to_the_newest)
        return
    show_state(page, ask(search.count, **wanted))
    for row in records(page.rows):
        show_hit(row, typed)
    show_ways(page)
    if len(page.rows):
        about = window.about() | {"查找": typed, "类别": kind, "条数": f"最多导出{MOST_EXPORTED}条，新的在前"}
        exports.offer("搜索结果", later(wanted), about, writers)


def show_state(page: Found, tally: Tally) -> None:
    """How many there are, and whether that is all."""
    number = f"找到{tally.number}条" if tally.is_exact else f"找到{tally.number}条以上"
    st.caption(f"{number}，新的在前。姓名、电话、证件号已遮蔽。")
    if page.unread:
        notices.show(f"搜索索引正在建立，还有约{page.waiting}条没有编入，结果可能不全，请稍后再查。", "hourglass_top")
    if page.rows.empty and page.reached is None:
        show_nothing_yet(
            "没有找到更多内容。" if PLACE in st.query_params else "没有找到。", "可以放宽时段、单位或类别，或换一个词。"
        )


def show_hit(row: Mapping[str, Any], typed: str) -> None:
    """One hit: when, whose and where in small letters, then its words with those that were looked for marked."""
    with st.container(border=True, gap="xsmall"):
        facts = [clock(row["published_at"], signin.now()), platform_name(int(row["platform"])), row["account"]]
        gone = GONE_WORDS.get(row["gone_kind"] or "", "")
        if row["kind"] == COMMENTS:
            facts.append(f"{author_of(row)}的{CHANNEL_WORDS.get(row['channel'], COMMENTS)}")
        else:
            facts.append(f"{POSTS}({gone})" if gone else POSTS)
        st.caption(plain(" · ".join(str(fact) for fact in facts)))
        if row["title"]:
            st.markdown(f"**{excerpt(mask_text(row['title']), typed)}**")
        words = excerpt(mask_text(row["text"]), typed)
        if words or not row["title"]:
            st.markdown(words or "(无文字)")
        name = "comment" if row["kind"] == COMMENTS else "post"
        under = f"所在发布：《{short(mask_text(row['post_title']), 40)}》{gone}" if row["post_title"] else ""
        link = original(row["url"])
        if under:
            st.caption(f"{plain(under)}")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.button("查看上下文", key=f"hit_{name}_{row['row_id']}", type="tertiary", icon=":material/chevron_right:",
                      icon_position="right", on_click=drill.enter, args=(VIEW, name, str(row["row_id"])))  # fmt: skip
            if link:
                st.caption(link, width="content")


def author_of(row: Mapping[str, Any]) -> str:
    return f"{row['author_name']}(官方)" if row["is_official"] else mask_name(row["author_name"])


def show_ways(page: Found) -> None:
    """On to older hits, and back to the newest."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if PLACE in st.query_params:
            st.button("从最新的开始", icon=":material/first_page:", on_click=to_the_newest)
        if page.more:
            words = "继续查找更早的" if page.reached is not None else "下一页"
            st.button(words, icon=":material/chevron_right:", on_click=go_to, args=(page.more,))
        if page.reached is not None:
            st.caption(f"已查到{clock(page.reached, signin.now())}，更早的尚未查。")


def to_the_newest() -> None:
    st.query_params.pop(PLACE, None)


def go_to(place: str) -> None:
    st.query_params[PLACE] = place


def later(wanted: Mapping[str, Any]) -> Callable[[Any, tuple[int, ...]], pd.DataFrame]:
    """The hits as rows of a file, asked for when somebody clicks; masked."""

    def rows(db: Any, scope: tuple[int, ...]) -> pd.DataFrame:
        made: list[dict[str, Any]] = []
        before = ""
        while len(made) < MOST_EXPORTED:
            page = search.find(db, scope, **wanted, limit=EXPORT_PAGE, before=before)
            made += [file_row(row) for row in records(page.rows)]
            before = page.more
            if not before:
                break
        return pd.DataFrame(made[:MOST_EXPORTED])

    return rows


def file_row(row: Mapping[str, Any]) -> dict[str, Any]:
    is_comment = row["kind"] == COMMENTS
    return {
        "发布时间": stamp(row["published_at"]),
        "类别": CHANNEL_WORDS.get(row["channel"], COMMENTS) if is_comment else POSTS,
        "平台": platform_name(int(row["platform"])),
        "单位": row["organization"],
        "账号": row["account"],
        "作者": author_of(row) if is_comment else row["account"],
        "标题": mask_text(row["title"]),
        "内容": mask_text(row["text"]),
        "所在发布": mask_text(row["post_title"]),
        "状态": GONE_WORDS.get(row["gone_kind"] or "", ""),
        "链接": row["url"],
    }
