"""The rows behind a number of the matrix: posts, comments, appeals, official words, page by page, and the same as a file."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from storage import behind, publishing
from storage.publishing import ORDERS
from storage.silence import RECENT_DAYS
from ui import drill, exports, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.drill import TITLES, Step
from ui.exports import Writers
from ui.masks import mask_name, mask_text
from ui.matrix_filters import DAY, OFFSET, Window
from ui.records import records
from ui.words import platform_name, short

PAGE_ROWS = 100
GONE = {"deleted": "已删除", "hidden": "不再公开"}
READ_AS = {"comments": "识别", "appeals": "类别", "replies": "性质"}
LINK = st.column_config.LinkColumn("链接", display_text="查看原文", width=80)


def show(view: str, window: Window, step: Step, whose: str, writers: Writers) -> None:
    """One list with its count; a click on a row opens it."""
    if step.name in ("followers", "covered"):
        show_course(view, window, step, whose, writers)
        return
    wanted = filters_of(window, step)
    is_posts = step.name == "posts"
    count = ask(publishing.count, **wanted) if is_posts else ask(behind.count, name=step.name, **wanted)
    part = step.words()
    about = " · ".join(filter(None, (whose, part, "" if step.part.startswith("d") else window.period.words)))
    if not count:
        show_nothing_yet(f"{about}：没有{TITLES[step.name]}。")
        return
    page = st.pagination(-(-count // PAGE_ROWS), key=f"page_{step.name}_{step.whose}") if count > PAGE_ROWS else 1
    start = (page - 1) * PAGE_ROWS
    if is_posts:
        found = ask(publishing.posts, order=step.order, limit=PAGE_ROWS, offset=start, **wanted)
    else:
        found = ask(behind.rows, name=step.name, limit=PAGE_ROWS, offset=start, **wanted)
    rows = (post_rows if is_posts else word_rows)(found, step.name)
    if step.account_id:
        rows = [{name: value for name, value in row.items() if name not in ("账号", "平台", "单位")} for row in rows]
    shown = f"，本页第{start + 1:,}至{start + len(found):,}条" if count > PAGE_ROWS else ""
    st.caption(f"{about}：共{count:,}条{shown}。点一行查看全文。")

    def opened(place: int, _heading: str) -> None:
        key = "post_id" if is_posts else "comment_id"
        drill.enter(view, "post" if is_posts else "comment", str(int(found.iloc[place][key])))

    columns = tables.counts(rows) | {"链接": LINK}
    tables.press(rows, f"rows_{step.name}_{step.whose}", "single-row", opened, columns, alt=TITLES[step.name])
    told = window.about() | {"只看": "，".join(filter(None, (whose, part)))}
    exports.offer(f"{whose}{TITLES[step.name]}", later(step, wanted), told, writers, key="behind")


def filters_of(window: Window, step: Step) -> dict[str, Any]:
    """What the questions behind this step take: posts by seconds, all else by Beijing days.

    What is opened of one account is all of it in the period, as the page of the account counts it.
    """
    own = step.filters()
    day = own.pop("day", 0)
    passed = window.narrow if step.account_id else {}
    if step.name == "posts":
        found = window.seconds | ({"since": day * DAY - OFFSET, "until": (day + 1) * DAY - OFFSET} if day else {})
    else:
        found = window.days | ({"first_day": day, "last_day": day} if day else {})
        own = {name: own[name] for name in ("account_id", "organization_id") if name in own}
    return {name: value for name, value in found.items() if name not in passed} | own


def later(step: Step, wanted: Mapping[str, Any]) -> Callable[[Any, tuple[int, ...]], pd.DataFrame]:
    """All rows of the list, asked for when somebody clicks."""

    def rows(db: Any, scope: tuple[int, ...]) -> pd.DataFrame:
        if step.name == "posts":
            return pd.DataFrame(post_rows(publishing.posts(db, scope, order=step.order, limit=0, **wanted), step.name, 0))
        return pd.DataFrame(word_rows(behind.rows(db, scope, name=step.name, limit=0, **wanted), step.name, 0))

    return rows


def post_rows(found: pd.DataFrame, _name: str = "posts", length: int = 30) -> list[dict[str, Any]]:
    """Posts as they stand on the screen; `length` 0 leaves texts whole, for files."""
    return [
        {
            "发布时间": stamp(row["published_at"]),
            "内容": cut(row["title"] or row["text"], length) or "(没有采到标题和正文)",
            **{words: whole_or_none(row[name]) for name, words in ORDERS.items()},
            "状态": GONE.get(row["gone_kind"] or "", ""),
            "账号": row["account"],
            "平台": platform_name(int(row["platform"])),
            "单位": row["organization"],
            "链接": row["url"],
        }
        for row in records(found)
    ]


def word_rows(found: pd.DataFrame, name: str, length: int = 30) -> list[dict[str, Any]]:
    """Comments, appeals or official words; names and texts masked."""
    return [
        {
            "时间": stamp(row["at"]),
            "作者": author_of(row),
            READ_AS[name]: row["kind"],
            TITLES[name]: cut(row["text"], length),
            "所在内容": cut(row["post_title"], min(length, 18)),
            "账号": row["account"],
            "平台": platform_name(int(row["platform"])),
            "链接": row["url"],
        }
        for row in records(found)
    ]


def author_of(row: Mapping[str, Any]) -> str:
    return f"{row['author_name']}(官方)" if row["is_official"] else mask_name(row["author_name"])


def cut(text: str, length: int) -> str:
    masked = mask_text(text or "")
    return short(masked, length) if length else masked


def whole_or_none(number: Any) -> int | None:
    return None if number is None or number != number else int(number)


def show_course(view: str, window: Window, step: Step, whose: str, writers: Writers) -> None:
    """What an account's followers or its 采集完整度 rest on."""
    if step.name == "followers":
        found = ask(behind.followers, account_id=step.account_id)
        rows = [{"采集时间": stamp(row["observed_at"]), "粉丝": int(row["followers"])} for row in records(found)]
        note = f"{whose}：平台历次给出的粉丝数。"
    else:
        since = window.now // 60 * 60 - RECENT_DAYS * DAY
        found = ask(behind.covered, account_id=step.account_id, since=since)
        rows = [
            {
                "发布时间": stamp(row["published_at"]),
                "内容": cut(row["title"] or row["text"], 30),
                "平台称有评论": int(row["stated"]),
                "已采到": int(row["held"]),
                "链接": row["url"],
            }
            for row in records(found)
        ]
        note = f"{whose}：近{RECENT_DAYS}天发布的内容，平台给出的评论总数和已采到的评论数。多出的按全部采到计。"
    if not rows:
        show_nothing_yet(f"{whose}：平台没有给出{TITLES[step.name]}数据。")
        return
    st.caption(note)
    if step.name == "followers":
        tables.show(rows, "followers", tables.counts(rows), alt=TITLES[step.name])
    else:

        def opened(place: int, _heading: str) -> None:
            drill.enter(view, "post", str(int(found.iloc[place]["post_id"])))

        tables.press(rows, "covered", "single-row", opened, tables.counts(rows) | {"链接": LINK}, alt=TITLES[step.name])
    exports.offer(f"{whose}{TITLES[step.name]}", pd.DataFrame(rows), window.about() | {"只看": whose}, writers, key="behind")
