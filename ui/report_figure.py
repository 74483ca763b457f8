"""数字出处: where one number of a report comes from, opened by its key within the reader's scope."""

import re

import pandas as pd
import streamlit as st

from matrix.report import Said
from storage import report_rows
from storage.idle import reading
from storage.report_rows import Printed
from ui import exports, notices, signin, tables
from ui.ask import ask
from ui.clock import stamp
from ui.reports_words import FIGURE, REPORT, Tools, only_issued, period
from ui.words import plain

KEY = re.compile(r"[A-Za-z]{1,4}\d{1,6}-([0-9a-f]{16})")
UNSEEN = (
    "打不开这个数字：它不在您的权限范围内，或者系统中没有印出它的报告。请核对链接，或向发来链接的人确认；"
    "报告若是在服务器上用命令生成的，系统不留存，请系统管理员用“run.py report verify 文件名”核对。"
)
"""One sentence for both, so that nobody learns what lies outside his scope."""
SHOWN = 2000
REPORTS = "pages/report/reports.py"


def show(tools: Tools) -> None:
    """The figure that the address names."""
    key = st.query_params.get(FIGURE, "").strip()
    if not key:
        notices.show("请从报告的脚注或“舆情报告”中点数字打开。", "info")
        return
    viewer = signin.require()
    found = KEY.fullmatch(key)
    held: Printed | None = found and ask(report_rows.printed, mark=found[1], only_issued=only_issued(viewer))
    if held is None:
        notices.show(UNSEEN, "lock")
        return
    show_figure(held, tools)


def show_figure(held: Printed, tools: Tools) -> None:
    figure = held.figure
    with st.container(border=True, gap="xsmall"):
        st.caption(plain(f"{held.organization} · {held.title} · {figure.key}"))
        st.subheader(figure.meaning or figure.question, anchor=False)
        st.markdown(f"报告中为：**{plain(figure.text)}**")
        st.page_link(REPORTS, label="打开这份报告", icon=":material/description:", query_params={REPORT: str(held.report_id)})
    asked(held)
    scope = (held.organization_id,)
    try:
        with reading(signin.settings().database.path) as db:
            stands, rows = tools.maker.holds(db, scope, figure), tools.maker.behind(db, scope, figure)
    except ValueError as error:
        notices.refuse(plain(str(error)))
        return
    if stands == Said.HOLDS:
        notices.show("按原查询、原截止时刻重新计算，结果与报告一致。", "task_alt")
    else:
        notices.refuse(plain(f"按原查询、原截止时刻重新计算，结果与报告不同：{stands}"))
    show_rows(held, rows, tools)


def asked(held: Printed) -> None:
    """The question and its parameters in words."""
    figure = held.figure
    params = dict(figure.params)
    lines = [("查询", figure.meaning or figure.question), ("单位", f"{held.organization}(含全部下级)")]
    if {"since", "until"} <= params.keys():
        lines.append(("时段", period(params["since"], params["until"])))
    lines += [(PARAMS[name], str(value)) for name, value in params.items() if name in PARAMS and value not in (None, "", 0)]
    lines += [("获知截止", stamp(figure.cutoff)), ("依据行数", f"{figure.rows}行")]
    st.markdown("  \n".join(f"**{label}** {plain(words)}" for label, words in lines))


PARAMS = {
    "platform": "平台",
    "account_id": "账号编号",
    "kind": "类别",
    "topic": "主题",
    "incident_id": "事件编号",
    "limit": "至多",
}


def show_rows(held: Printed, rows: pd.DataFrame, tools: Tools) -> None:
    """The rows behind it, masked, as they were known at the cut-off."""
    st.subheader("依据", anchor=False)
    if rows.empty:
        st.markdown("截至获知截止时刻，没有符合条件的记录。")
        return
    shown = rows.head(SHOWN)
    tables.show(shown.to_dict("records"), "figure_rows", alt="这个数字所依据的记录")
    if len(rows) > SHOWN:
        st.caption(f"只列出前{SHOWN}行，共{len(rows)}行；全部请下载。")
    st.caption("姓名、电话、证件号等已遮蔽。")
    figure = held.figure
    about = {
        "数字": f"{figure.key} {figure.meaning}：{figure.text}",
        "报告": f"{held.organization}{held.title}",
        "获知截止": stamp(figure.cutoff),
    }
    exports.offer("数字依据", rows, about, tools.writers, "figure_rows")
