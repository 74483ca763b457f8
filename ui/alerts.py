"""舆情预警: what surges now, by itself kept up to date, and the same as a strip on the first page."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from storage import alert_rows, alert_watch
from storage.alert_watch import Watched
from ui import notices, signin
from ui.alert_words import age_words, badges, desk_words, enter, link, member_words, opened
from ui.ask import fresh
from ui.clock import ago, beijing, clock
from ui.menu import ROOT
from ui.records import records
from ui.words import plain, told

VIEWS = ("未结束", "历史", "活动报备", "阈值")
VIEW = "alerts_view"
EVERY, ON_HOME = timedelta(seconds=4), timedelta(seconds=10)
ON_STRIP = 3


@st.fragment(run_every=EVERY)
def show_open() -> None:
    """Every alert that has not ended, asked anew every few seconds."""
    viewer, now = signin.require(), signin.exact_now()
    if opened():  # a button of this part was pressed: the whole page shows that alert
        st.rerun()
    found = fresh(alert_rows.open_alerts, viewer)
    watch = fresh(alert_watch.watched, viewer, now=int(now.timestamp()))
    warn_when_blind(watch, now)
    if found.empty:
        if not watch.is_blind(int(now.timestamp())):
            notices.show(f"**当前没有未结束的预警 · {beijing(now):%H:%M}已核对**", "check_circle")
    else:
        st.markdown(f"**{head_words(found)}**")
        for row in records(found):
            with st.container(border=True, gap="xsmall"):
                st.markdown(f"{badges(row)} **{told(row['title'])}**")
                st.markdown(told(row["sentence"]))
                facts = (age_words(row, now), row["organization"], member_words(row), desk_words(row, now))
                with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                    st.caption(plain(" · ".join(facts)), width="content")
                    number = int(row["alert_id"])
                    st.button("查看和处置", key=f"see_{number}", icon=":material/arrow_forward:", on_click=enter, args=(number,))
    st.caption(f"{watch_words(watch, now)}每{EVERY.seconds}秒自动更新，最近一次 {beijing(now):%H:%M:%S}。")


def head_words(found: pd.DataFrame) -> str:
    """未结束3条，其中红色1条，待确认2条."""
    red = int((found["level"] == 3).sum())
    waiting = int((found["judgement"] == "待确认").sum())
    return f"未结束{len(found)}条" + (f"，红色{red}条" if red else "") + (f"，待确认{waiting}条" if waiting else "，均已有人处置")


def watch_words(watch: Watched, now: datetime) -> str:
    """When the detector last ran, over how many series, and how many of them cannot be judged yet."""
    if watch.at is None:
        return ""
    learning = f"，其中{watch.learning}个基线积累中，尚不能判断" if watch.learning else ""
    return f"监测程序最近一次运行于{clock(watch.at, now)}，监测{watch.series}个对象{learning}。"


def warn_when_blind(watch: Watched, now: datetime) -> None:
    """A detector that does not run is not calm: nothing is known then."""
    if not watch.is_blind(int(now.timestamp())):
        return
    if watch.at is None:
        words = "监测程序还没有运行过"
    else:
        words = f"监测程序已{ago(watch.at, now)}没有运行(最近一次{clock(watch.at, now)})"
    notices.show(f"**{words}，此间是否有声量异动无从得知，不能当作没有预警**。请检查采集程序是否在运行。", "visibility_off")


@st.fragment(run_every=ON_HOME)
def show_strip() -> None:
    """On the first page: how many alerts are open, and the gravest of them in a line each."""
    viewer, now = signin.require(), signin.exact_now()
    found = fresh(alert_rows.open_alerts, viewer)
    watch = fresh(alert_watch.watched, viewer, now=int(now.timestamp()))
    warn_when_blind(watch, now)
    if found.empty:
        if not watch.is_blind(int(now.timestamp())):
            st.caption(f"未结束的预警 0 · {beijing(now):%H:%M}已核对")
        return
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**预警：{head_words(found)}**", width="content")
            st.page_link(ROOT / "pages/duty/alerts.py", label="全部预警", icon=":material/notifications_active:")
        for row in records(found.head(ON_STRIP)):
            st.markdown(f"{badges(row)} **{told(row['title'])}** {told(row['sentence'])}")
            link(f"查看 · {age_words(row, now)}", int(row["alert_id"]))
        if len(found) > ON_STRIP:
            st.caption(f"另有{len(found) - ON_STRIP}条，见“全部预警”。")
