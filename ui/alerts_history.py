"""Past alerts: how often they were worth it, by what was watched, and each of them to open."""

from typing import Any

import pandas as pd
import streamlit as st

from matrix.alert import AlertLevel
from matrix.alert_step import Judgement
from matrix.waiting import FLOOR
from storage import alert_rows, alert_watch
from ui import drill, exports, filters, signin, tables
from ui.alert_words import enter, level_name
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import span, stamp
from ui.exports import Writers
from ui.masks import mask_text
from ui.periods import Period
from ui.records import records
from ui.words import share_words

EVERY_LEVEL = {"全部级别": 0, **{AlertLevel(number).label: number for number in (3, 2, 1)}}
EVERY_KIND = "全部对象"
EVERY_JUDGEMENT = ("全部判断", *(str(one) for one in Judgement))
MEANING = "准确率＝已确认、已指派、已转事件的，占已有人判断的；只计已结束的预警，不计演练。"


def show(writers: Writers) -> None:
    """Filters, precision, the list."""
    period = filters.pick_period()
    kind = drill.pick_one("监测对象", (EVERY_KIND, *alert_rows.KINDS), EVERY_KIND, "alert_kind")
    left, right = st.columns(2)
    with left:
        level = drill.pick_one("级别", tuple(EVERY_LEVEL), "全部级别", "alert_level")
    with right:
        judgement = drill.pick_one("判断", EVERY_JUDGEMENT, "全部判断", "alert_judged")
    wanted: dict[str, Any] = {"since": period.since, "until": period.until}
    show_precision(wanted, period, writers)
    chosen = wanted | {"level": EVERY_LEVEL[level], "judgement": "" if judgement == "全部判断" else judgement}
    chosen |= {"kind": "" if kind == EVERY_KIND else kind}
    show_list(chosen, period, writers)


def show_precision(wanted: dict[str, Any], period: Period, writers: Writers) -> None:
    found = ask(alert_watch.precision, **wanted)
    if found.empty:
        return
    st.subheader("各类监测对象的准确率", anchor=False)
    rows = precision_rows(found)
    tables.show(rows, "alert_precision", alt="各类监测对象的准确率")
    st.caption(f"{MEANING}判断不足{FLOOR}条的写“样本不足”。")
    about = {"时段": period.words, "口径：准确率": MEANING, "截至": stamp(signin.now())}
    exports.offer("预警准确率", pd.DataFrame(rows), about, writers, key="alert_precision")


def precision_rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "监测对象": row["kind"],
            "准确率": share_words(int(row["real"]), int(row["judged"]), FLOOR),
            "95%区间": "—" if row["share"] is None or row["share"] != row["share"] else f"{row['low']:.0%}至{row['high']:.0%}",
            "已结束": int(row["closed"]),
            "已判断": int(row["judged"]),
            "属实": int(row["real"]),
            "已排除": int(row["dismissed"]),
            "已报备活动": int(row["campaign"]),
            "无人判断": int(row["closed"]) - int(row["judged"]),
        }
        for row in records(found)
    ]


def show_list(wanted: dict[str, Any], period: Period, writers: Writers) -> None:
    st.subheader("预警记录", anchor=False)
    found = ask(alert_rows.history, **wanted)
    if found.empty:
        show_nothing_yet(f"{period.words}没有符合条件的预警。", "可以放宽时段、监测对象、级别或判断。")
        return
    rows = alert_list_rows(found)
    st.caption(f"共{len(found)}条，新的在前。点一行查看经过、评论和处置。")

    def opened(place: int, _heading: str) -> None:
        enter(int(found.iloc[place]["alert_id"]))

    tables.press(rows, "alert_history", "single-row", opened, tables.counts(rows), alt="预警记录", pinned="预警")
    about = {"时段": period.words, "监测对象": wanted["kind"] or EVERY_KIND, "截至": stamp(signin.now())}
    exports.offer("预警记录", pd.DataFrame(rows), about, writers, key="alert_history")


def alert_list_rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "预警": mask_text(row["title"]),
            "级别": level_name(row["level"]),
            "状态": row["state"],
            "判断": row["judgement"] + (f"：{row['unit']}" if row["unit"] else ""),
            "发生时间": stamp(row["raised_at"]),
            "历时": "未结束" if pd.isna(row["closed_at"]) else span(row["closed_at"] - row["raised_at"]),
            "对象": int(row["members"]),
            "种类": row["kind"],
            "单位": row["organization"],
            "最高得分": round(float(row["peak"]), 1),
            "演练": "是" if row["is_drill"] else "",
            "说明": mask_text(row["sentence"]),
        }
        for row in records(found)
    ]
