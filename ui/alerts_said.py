"""The rows behind a number of an alert: comments, distinct citizens or leads, page by page, and the same as a file."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.masking import pseudonym
from storage import alert_people, alert_said
from ui import drill, drill_post, exports, signin, tables
from ui.alert_words import OF, WORD, hide_rows
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, stamp
from ui.drill_lists import LINK, PAGE_ROWS, cut, word_rows
from ui.exports import Writers
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.words import plain

VIEW = "预警"
KINDS = {"said": "评论", "people": "网民", "leads": "线索"}
LONGEST_WORD = 30


class Growth(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def growth(self, frame: pd.DataFrame) -> Any: ...


def is_open() -> bool:
    return st.query_params.get(OF, "").partition("-")[0] in KINDS


def wanted(alert_id: int) -> tuple[str, dict[str, Any]]:
    """The list that the address asks for, and what narrows it."""
    kind, *numbers = st.query_params.get(OF, "").split("-")
    series, b5, post = [drill.whole(one) for one in (*numbers, "", "", "")[:3]]
    filters: dict[str, Any] = {"alert_id": alert_id, "series_id": series, "b5": b5}
    if kind == "said":
        filters |= {"post_id": post, "word": st.query_params.get(WORD, "")[:LONGEST_WORD]}
    return kind, filters


def show(alert_id: int, title: str, growth: Growth, writers: Writers) -> None:
    """One list, or one of its comments opened."""
    steps = drill.path(VIEW)
    if steps:
        drill.show_path(VIEW, steps, {})
        last = steps[-1]
        if last.name == "comment":
            drill_post.show_comment(VIEW, last.number)
        else:
            drill_post.show_post(VIEW, last.number, growth)
        return
    kind, filters = wanted(alert_id)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button("返回这条预警", icon=":material/arrow_back:", key="rows_back", on_click=hide_rows)
        st.markdown(f"{title} › **{KINDS[kind]}{plain(part_words(filters))}**", width="content")
    if kind == "said":
        show_comments(filters, writers)
    elif kind == "people":
        show_people(filters, writers)
    else:
        show_leads(filters, writers)


def part_words(filters: Mapping[str, Any]) -> str:
    """Which part of the alert's comments: one object, five minutes of it, one post, one word."""
    parts = []
    if filters["b5"]:
        begin = beijing(filters["b5"] * 300)
        parts.append(f"{begin:%m-%d %H:%M}起5分钟")
    elif filters["series_id"]:
        parts.append("一个对象的窗口内")
    if filters.get("post_id"):
        parts.append("一条发布之下")
    if filters.get("word"):
        parts.append(f"含“{mask_text(filters['word'])}”")
    return f"({'，'.join(parts)})" if parts else ""


def show_comments(filters: dict[str, Any], writers: Writers) -> None:
    count, citizens = ask(alert_said.count, **filters)
    if not count:
        show_nothing_yet("没有符合的评论。", "可能已被平台删除，或计入的是线索。")
        return
    page = st.pagination(-(-count // PAGE_ROWS), key="alert_said_page") if count > PAGE_ROWS else 1
    start = (page - 1) * PAGE_ROWS
    found = ask(alert_said.comments, limit=PAGE_ROWS, offset=start, **filters)
    part = f"，本页第{start + 1:,}至{start + len(found):,}条" if count > PAGE_ROWS else ""
    st.caption(f"共{count:,}条，来自{citizens:,}位网民{part}，新的在前；含预警发出之后才采到的。点一行查看上下文。")
    rows = word_rows(found, "comments")

    def opened(place: int, _heading: str) -> None:
        drill.enter(VIEW, "comment", str(int(found.iloc[place]["comment_id"])))

    tables.press(rows, "alert_said", "single-row", opened, {"链接": LINK}, alt="评论")
    exports.offer("预警评论", later("said", filters), about_of(filters), writers, key="alert_said")


def show_people(filters: dict[str, Any], writers: Writers) -> None:
    found = ask(alert_people.citizens, **filters)
    if found.empty:
        show_nothing_yet("没有符合的评论和线索。")
        return
    most = f"，此处为其中{len(found)}位" if len(found) == 200 else ""
    st.caption(f"按网民去重，写得多的在前{most}。代号由系统生成，同一网民始终相同，不能还原。")
    tables.show(people_rows(found, 40), "alert_people", alt="网民")
    exports.offer("预警网民", later("people", filters), about_of(filters), writers, key="alert_people")


def show_leads(filters: dict[str, Any], writers: Writers) -> None:
    found = ask(alert_people.leads, **filters)
    if found.empty:
        show_nothing_yet("没有符合的线索。")
        return
    rows = lead_rows(found, 60)
    tables.show(rows, "alert_leads", {"链接": LINK}, alt="线索")
    exports.offer("预警线索", later("leads", filters), about_of(filters), writers, key="alert_leads")


def people_rows(found: pd.DataFrame, length: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "网民": pseudonym(row["author_key"]),
            "昵称": mask_name(row["author_name"]),
            "评论": int(row["comments"]),
            "线索": int(row["leads"]),
            "首条": stamp(row["first_at"]),
            "末条": stamp(row["last_at"]),
            "首条内容": cut(row["text"], length),
        }
        for row in records(found)
    ]


def lead_rows(found: pd.DataFrame, length: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "时间": stamp(row["at"]),
            "来源": row["platform"],
            "作者": mask_name(row["author_name"]),
            "内容": cut(row["text"], length),
            "单位": row["organization"],
            "链接": row["url"],
        }
        for row in records(found)
    ]


def about_of(filters: Mapping[str, Any]) -> dict[str, str]:
    about = {"预警编号": str(filters["alert_id"]), "截至": stamp(signin.exact_now())}
    part = part_words(filters).strip("()")
    return about | ({"只看": part} if part else {})


def later(kind: str, filters: Mapping[str, Any]) -> Callable[[Any, tuple[int, ...]], pd.DataFrame]:
    """All rows of the list, asked for when somebody clicks."""

    def rows(db: Any, scope: tuple[int, ...]) -> pd.DataFrame:
        if kind == "said":
            return pd.DataFrame(word_rows(alert_said.comments(db, scope, limit=0, **filters), "comments", 0))
        if kind == "people":
            return pd.DataFrame(people_rows(alert_people.citizens(db, scope, limit=0, **filters)))
        return pd.DataFrame(lead_rows(alert_people.leads(db, scope, limit=0, **filters)))

    return rows
