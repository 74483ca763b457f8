"""The cases behind one number of the daily book."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from storage import cases_daily, organizations
from storage.cases_daily import PARTS, WORDS
from ui import exports, signin, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.case_words import mark_of
from ui.clock import day_of, stamp
from ui.exports import Writers
from ui.inbox_desk import CASE
from ui.masks import mask_name, mask_text
from ui.menu import ROOT
from ui.words import plain, platform_name, short

DAY, PICK = "day", "pick"
PART_OF = {words: part for part, words in WORDS.items()}
LIMIT = 500


def picked() -> tuple[int, str, int] | None:
    """(day, part, unit) that was clicked, as the address has it; None for nothing and for what makes no sense."""
    pieces = st.query_params.get(PICK, "").split(":")
    if len(pieces) != 3 or pieces[1] not in PARTS or not all(one.isdecimal() and len(one) < 10 for one in pieces[::2]):
        return None
    return int(pieces[0]), pieces[1], int(pieces[2])


def pick_cell(day: int, heading: str, unit: int) -> None:
    """A number opens its cases; a date shows the units of that day."""
    st.query_params[DAY] = str(day)
    if heading in PART_OF:
        st.query_params[PICK] = f"{day}:{PART_OF[heading]}:{unit}"
    else:
        st.query_params.pop(PICK, None)


def show(now: int, organization_id: int, writers: Writers) -> None:
    """The list below the tables; a chosen row leads to its case."""
    chosen = picked()
    if chosen is None:
        return
    day, part, unit = chosen
    unit = unit or organization_id
    names = ask(organizations.tree).set_index("id")["name"].to_dict()
    where = f"{names[unit]} " if unit in names else ""
    st.subheader(plain(f"{where}{day_of(day)} {WORDS[part]}"), anchor=False)
    frame: pd.DataFrame = ask(cases_daily.daily_rows, day=day, part=part, now=now, organization_id=unit, limit=LIMIT)
    if frame.empty:
        show_nothing_yet("没有符合的诉求。", "数字可能在此期间有了变化，请刷新页面。")
        return
    if len(frame) == LIMIT:
        st.caption(f"先列最早收到的{LIMIT}件。")
    records = frame.to_dict("records")
    place = tables.pick([row_of(row) for row in records], key=f"daily_{day}_{part}_{unit}", alt="诉求")
    if place is None:
        st.caption("点选一行，可打开这一件办理或查看经过。")
    else:
        comment_id = str(records[place]["comment_id"])
        st.page_link(
            ROOT / "pages/duty/inbox.py",
            label=plain(f"打开这一件：{short(mask_text(records[place]['text']), 30)}"),
            icon=":material/arrow_forward:",
            query_params={CASE: comment_id, "state": str(records[place]["state"])},
        )
    about: Mapping[str, str] = {"日期": day_of(day), "部分": WORDS[part], "单位": where.strip() or "权限范围内全部单位"}
    exports.offer(f"{WORDS[part]}明细", pd.DataFrame([row_of(row) for row in records]), about, writers, key="daily_rows")


def row_of(row: dict[str, Any]) -> dict[str, Any]:
    """One case, masked, as the list and the file have it."""
    return {
        "收到": stamp(row["asked_at"]),
        "类别": row["kind"],
        "诉求": mask_text(row["text"]),
        "网民": mask_name(row["author_name"]),
        "账号": row["account"],
        "单位": row["organization"],
        "平台": platform_name(int(row["platform"])),
        "状态": row["state"],
        "承办": row["unit"],
        "时限": mark_of(row, signin.now()),
        "编号": str(row["comment_id"]),
    }
