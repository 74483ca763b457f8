"""3日内将超期: whom to call today, with the text to send, so that nobody breaks a limit for want of a word."""

import pandas as pd
import streamlit as st

from matrix.inspection import Verdict
from matrix.people import Right
from storage import listing
from ui import exports, signin, tables
from ui import inspection_frames as frames
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, clock
from ui.exports import Writers
from ui.inspection_findings import judged, narrow
from ui.inspection_window import pick_window
from ui.records import records
from ui.words import plain


def show(writers: Writers) -> None:
    """Every account that breaks its limit within three days if it publishes nothing, and no other."""
    window = pick_window(has_day=False)
    found = narrow(judged(window).read(), window.platform, window.level)
    soon = found[found["verdict"] == Verdict.SOON].sort_values(["due_at", "account_id"]).reset_index(drop=True)
    if soon.empty:
        show_nothing_yet(f"没有3日内将超期的账号，{clock(window.now, window.now)}已核对。")
        return
    viewer = signin.require()
    is_whole = bool(viewer.rights & {Right.INSPECT, Right.LEDGER_EDIT})
    ledger = ask(listing.ledger)
    contacts = {
        int(account): (str(person), str(phone))
        for account, person, phone in zip(ledger["account_id"], ledger["person"], ledger["phone"], strict=True)
    }
    st.markdown(f"**{len(soon)}** 个账号3日内将超期，最早的在最上面。选一行看提醒文本，复制后发给责任人。")
    rows = frames.calls(soon, contacts, window.now, is_whole=is_whole)
    place = tables.pick(rows, "call_rows", alt="3日内将超期的账号和责任人")
    about = {
        "截至": f"{beijing(window.now):%Y-%m-%d %H:%M}",
        "范围": window.where + (f"，只含{window.narrowed}" if window.narrowed else ""),
        "检查规则": f"{window.rule.name}：{window.rule.words}",
    }
    masked = pd.DataFrame(frames.calls(soon, contacts, window.now, is_whole=False), dtype=object)
    masked["提醒文本"] = [frames.reminder(row, "", window.now) for row in records(soon)]
    exports.offer("3日内将超期", masked, about, writers)
    if place is None and len(soon) == 1:
        place = 0
    if place is not None:
        row = soon.iloc[place]
        person, _ = contacts.get(int(row["account_id"]), ("", ""))
        st.subheader(plain(f"发给{person or str(row['organization'])}"), anchor=False)
        st.code(frames.reminder(row.to_dict(), person, window.now), language=None, wrap_lines=True)
    with st.expander(f"全部提醒文本({len(soon)}条)"):
        texts = [frames.reminder(row, contacts.get(row["account_id"], ("", ""))[0], window.now) for row in records(soon)]
        st.code("\n\n".join(texts), language=None, wrap_lines=True)
