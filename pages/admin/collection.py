"""What is collected, what is not, since when, why, and what to do about it."""

import streamlit as st

from storage import outages, silence
from ui import cards, collecting, dialogs, filters, signin, worker
from ui import outages as blindness
from ui.ask import ask

viewer = signin.require()
st.header("采集状态", anchor=False)
worker.show()
if not cards.has_something(viewer):
    st.stop()
now = signin.now()
judged = ask(silence.verdicts, now=now, limit_days=signin.limit_days())
collecting.show_summary(judged)
dialogs.show_answer()
view = filters.pick_view(("中断原因", "账号判定", "采集记录", "调用额度"), key="sight")
if view == "中断原因":
    blindness.show(ask(outages.current), judged, now)
elif view == "账号判定":
    collecting.show_verdicts(judged, now)
elif view == "采集记录":
    collecting.show_runs(now)
else:
    collecting.show_budgets(now)
