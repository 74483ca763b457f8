"""The units and their accounts: who is responsible, how each is collected, and the import of the whole ledger."""

import streamlit as st

from matrix.people import Right
from reports import ledger_template
from storage import overview
from ui import cards, dialogs, filters, importing, ledger, signin, worker
from ui.ask import ask

viewer = signin.require()
st.header("账号台账", anchor=False)
size = ask(overview.size)
dialogs.show_answer()
if viewer.may(Right.LEDGER_EDIT):
    view = filters.pick_view(("账号", "单位树", "导入台账"), key="book")
else:
    view = filters.pick_view(("账号", "单位树"), key="book")
if view == "导入台账":
    worker.warn_when_dead()
    importing.show(ledger_template.write)
elif not size.accounts and (view == "账号" or not size.organizations):
    cards.show_first_steps(viewer)
elif view == "单位树":
    ledger.show_tree()
else:
    ledger.show_accounts(viewer, signin.now())
