"""Set-up of time limits: which rule and which office hours hold for whom, since when and by whom, and which years are loaded."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.rule import Rule, terms_to_text
from matrix.worktime import DEFAULT_HOURS
from storage import office, organizations, rules, workdays
from ui import dialogs, exports, filters, notices, signin, tables, timeliness_rule_dialogs
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, stamp
from ui.exports import Writers
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

NOBODY = "尚未选定"
PRESET = "程序预设"


def show(viewer: Viewer, writers: Writers) -> None:
    """What holds where; whoever may set rules changes it here."""
    dialogs.show_answer()
    now = signin.now()
    held = ask(office.in_force, at=now)
    if held.empty:
        show_nothing_yet("还没有单位。", "导入台账后，在这里为各单位选定时限规则。")
        return
    without = int((held["rule"] == "").sum())
    if without:
        words = f"{len(held)}个单位中有{without}个尚未选定时限规则" if without < len(held) else "尚未选定时限规则"
        notices.show(f"**{words}**。在选定之前，这些单位的任何诉求都不算超时。", "rule")
    if viewer.may(Right.RULES):
        with st.container(horizontal=True):
            timeliness_rule_dialogs.offer_rule()
            timeliness_rule_dialogs.offer_hours()
    else:
        st.caption("选定规则和办公时间由主管办理，您可以查看。")
    about = {"截至": f"{beijing(now):%Y-%m-%d %H:%M}", "说明": "各单位适用最近一级上级(含本级)最近一次设定的规则和办公时间。"}
    show_held(held, writers, about)
    show_words(writers, about)
    show_years(now)
    show_presets()


def show_held(held: pd.DataFrame, writers: Writers, about: Mapping[str, str]) -> None:
    """One row for each unit, in the order of the tree; a unit without a word of its own keeps that of the unit above."""
    st.subheader("现行规定", anchor=False)
    st.caption("单位自己没有设定的，适用最近一级上级的设定。")
    known = held.set_index("organization_id")
    rows = [held_row(label, known.loc[unit].to_dict()) for label, unit in filters.tree_labels(ask(organizations.tree)).items()]
    tables.show(rows, "rules_held", alt="各单位现行的时限规则和办公时间")
    exports.offer("时限规则和办公时间", pd.DataFrame(rows, dtype=object), about, writers)


def held_row(label: str, row: Mapping[str, Any]) -> dict[str, Any]:
    start = row["valid_from"]
    is_chosen = bool(row["rule"])
    return {
        "单位": label,
        "时限规则": row["rule"] or NOBODY,
        "计到": row["clock"] if row["terms"] else "—",
        "期限": row["terms"] or ("不设时限" if is_chosen else "不判定超时"),
        "规则设定单位": row["rule_from"] or "—",
        "自何日起": f"{beijing(int(start)):%Y-%m-%d}" if is_chosen and not pd.isna(start) else "—",
        "办公时间": row["hours"],
        "办公时间设定单位": row["hours_from"] or f"{PRESET}({DEFAULT_HOURS})",
    }


def show_words(writers: Writers, about: Mapping[str, str]) -> None:
    """Every choice as it was made: what, from when, by whom; nothing is ever overwritten."""
    lines = [
        (row["seen_at"], row["organization"], "时限规则", f"{row['name']}({row['clock']})：{row['terms'] or '不设时限'}", row)
        for row in ask(rules.adopted).to_dict("records")
    ]
    lines += [
        (row["seen_at"], row["organization"], "办公时间", row["hours"], row) for row in ask(office.hours).to_dict("records")
    ]
    st.subheader("设定记录", anchor=False)
    if not lines:
        show_nothing_yet("还没有设定过。")
        return
    lines.sort(key=lambda line: -line[0])
    rows = [
        {
            "设定时间": stamp(at),
            "单位": unit,
            "事项": matter,
            "内容": words,
            "自何日起": f"{beijing(row['valid_from']):%Y-%m-%d}",
            "由": row["author"],
            "依据": row.get("source", ""),
        }
        for at, unit, matter, words, row in lines
    ]
    tables.show(rows, "rules_said", alt="时限规则和办公时间的设定记录")
    exports.offer("时限规则设定记录", pd.DataFrame(rows, dtype=object), about, writers)


def show_years(now: datetime) -> None:
    """For which years working time can be told at all; a year that is not loaded is never guessed."""
    st.subheader("工作日历", anchor=False)
    years = ask(workdays.calendar_years)
    loaded = {int(year) for year in years["year"]}
    this = beijing(now).year
    if this not in loaded:
        notices.show(f"**{this}年的放假安排尚未载入**。涉及这一年的工作时间和按工作日计的时限都不计算，也不估算。", "event_busy")
    elif this + 1 not in loaded and beijing(now).month >= 11:
        notices.show(f"{this + 1}年的放假安排尚未载入，年底前收到的诉求若时限跨年，到时不作判定。", "event_upcoming")
    st.caption(
        f"已载入{min(loaded)}至{max(loaded)}年，含法定节假日和调休。新一年的安排公布后，由系统管理员在服务器上运行"
        " `python3 run.py import 文件 --calendar` 导入。"
        if loaded
        else "还没有载入任何一年。"
    )
    brought = years[years["days"] > 0]
    if len(brought):
        rows = [
            {
                "年份": int(row["year"]),
                "来源": row["source"],
                "天数": int(row["days"]),
                "导入时间": stamp(row["seen_at"]),
                "由": row["author"],
            }
            for row in records(brought)
        ]
        tables.show(rows, "years", alt="导入的工作日历")


def show_presets() -> None:
    """What may be chosen, with the source of each and how far that was checked."""
    try:
        known = rules.presets()
    except ValueError as error:
        notices.refuse(plain(str(error)))
        return
    with st.expander(f"可选的规则({len(known)})"):
        st.caption("各地规定会修订，选定前请与现行文件核对；期限可以在选定时改成本地的数字。")
        tables.show([preset_row(rule) for rule in known], "presets", alt="可选的时限规则")


def preset_row(rule: Rule) -> dict[str, Any]:
    return {
        "规则": rule.name,
        "计到": str(rule.clock),
        "期限": terms_to_text(rule.terms),
        "核对情况": rule.verified,
        "须知": rule.note,
        "依据": rule.source,
    }
