"""经过和版本: every step with its person, every version with its digest, and which figures differ between two of them."""

from typing import Any

import pandas as pd
import streamlit as st

from matrix.report_change import Change, changes
from storage import report_rows
from storage.report_rows import Opened
from ui import exports, notices, tables
from ui.ask import ask
from ui.clock import stamp
from ui.records import records
from ui.reports_words import Tools, link
from ui.words import plain, short

DIGITS = 12
VERSION = "version"


def show(opened: Opened, tools: Tools, is_reader: bool) -> None:
    """A reader sees what went out; the steps and the drafts are the office's own."""
    if not is_reader:
        st.subheader("经过", anchor=False)
        rows = [step_row(row) for row in records(opened.steps)]
        tables.show(rows, "report_steps", alt="这份报告的经过")
    st.subheader("版本", anchor=False)
    rows = [version_row(row) for row in records(opened.versions)]
    tables.show(rows, "report_versions", alt="这份报告的各个版本")
    numbers = [int(number) for number in opened.versions["number"]]
    if len(numbers) > 1:
        compare(opened, numbers, tools)


def step_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "时间": stamp(row["at"]),
        "经过": row["act"],
        "办理人": f"{row['by_name']}({row['by_login']})" if row["by_login"] else row["by_name"],
        "版本": f"第{row['version']}稿",
        "说明": row["note"],
    }


def version_row(row: dict[str, Any]) -> dict[str, Any]:
    issued = None if pd.isna(row["issued_at"]) else int(row["issued_at"])
    return {
        "版本": f"第{row['number']}稿",
        "由来": row["why"],
        "生成时间": stamp(row["made_at"]),
        "生成人": row["made_name"],
        "数字": int(row["figures"]),
        "签发": f"{stamp(issued)} {row['issued_name']}" if issued else "",
        "指纹(SHA-256)": f"{(row['issued_sha256'] or row['sha256'])[:DIGITS]}…",
    }


def compare(opened: Opened, numbers: list[int], tools: Tools) -> None:
    """Two versions beside each other: only what differs."""
    st.subheader("两稿对照", anchor=False)
    left, right = st.columns(2)
    form = "第{}稿".format
    earlier = left.selectbox("从", numbers, index=len(numbers) - 2, format_func=form, key="compare_from")
    later = right.selectbox("到", numbers, index=len(numbers) - 1, format_func=form, key="compare_to")
    sides = [ask(report_rows.opened, report_id=opened.id, version=int(number or 1)) for number in (earlier, later)]
    if any(side is None or side.composed is None for side in sides):
        notices.refuse("有一稿的内容记录无法读取，不能对照。")
        return
    before, after = (side.composed for side in sides)
    found = changes(before.figures, after.figures)
    words = [note.heading for note in after.brief.notes if note not in before.brief.notes]
    words += [note.heading for note in before.brief.notes if note.heading not in {one.heading for one in after.brief.notes}]
    if words:
        st.caption(plain(f"人工撰写的{'、'.join(dict.fromkeys(words))}有改动。"))
    if not found:
        st.markdown("两稿的数字完全相同。")
        return
    rows = [change_row(change) for change in found]
    st.markdown(f"有**{len(found)}**个数字不同：")
    tables.show(rows, "report_changes", alt="两稿之间不同的数字")
    changed = " · ".join(link(change.after, change.after.key) for change in found if change.after is not None)
    st.caption(f"现稿来源：{changed}" if changed else "现稿中已没有这些数字。")
    about = {"报告": f"{opened.organization}{opened.title}", "对照": f"第{earlier}稿到第{later}稿"}
    exports.offer("报告两稿对照", pd.DataFrame(rows, dtype=object), about, tools.writers, "report_changes")


def change_row(change: Change) -> dict[str, Any]:
    return {
        "数字": change.meaning,
        "前稿": short(change.before.text, 60) if change.before else "（无）",
        "后稿": short(change.after.text, 60) if change.after else "（无）",
        "前稿依据": f"{change.before.rows}行" if change.before else "",
        "后稿依据": f"{change.after.rows}行" if change.after else "",
    }
