"""What is open on a page of the matrix: its path with names, then the list, account, post or comment itself."""

from dataclasses import replace
from typing import Any, Protocol

import pandas as pd

from storage import glance
from ui import drill, drill_account, drill_lists, drill_post, overview
from ui.ask import ask
from ui.drill import TITLES, Step
from ui.exports import Writers
from ui.matrix_filters import Window
from ui.words import platform_name


class Charts(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def course(self, frame: pd.DataFrame) -> Any: ...

    def growth(self, frame: pd.DataFrame) -> Any: ...


def show(view: str, window: Window, charts: Charts, writers: Writers) -> None:
    """The last step of the path in the address."""
    steps = drill.path(view)
    step = steps[-1]
    whose = {one: owner(window, one) for one in steps}
    drill.show_path(view, steps, {one: title(one, whose[one]) for one in steps})
    if step.name in ("unit", "peers", "active"):
        overview.show_accounts(view, narrowed(window, step), writers, step.verdict or step.name.replace("unit", ""))
    elif step.name == "account":
        drill_account.show(view, window, step.account_id, charts, writers)
    elif step.name == "post":
        drill_post.show_post(view, step.number, charts)
    elif step.name == "comment":
        drill_post.show_comment(view, step.number)
    else:
        drill_lists.show(view, window, step, whose[step] or window.unit or "全部单位", writers)


def narrowed(window: Window, step: Step) -> Window:
    """The page's own filters, and the unit of this step, or the level and platform of its account."""
    if step.unit_id:
        return replace(window, root=step.unit_id, unit=drill.unit_name(step.unit_id))
    account = account_of(window, step.account_id)
    if account is not None and step.name == "peers":
        return replace(window, level=str(account["level"]), platform=int(account["platform"]))
    return window


def account_of(window: Window, account_id: int) -> pd.Series | None:
    """One account of the viewer's scope as the board knows it."""
    if not account_id:
        return None
    period = {name: window.days[name] for name in ("first_day", "last_day")}
    found = ask(glance.board, account_id=account_id, **period).accounts
    return None if found.empty else found.iloc[0]


def owner(window: Window, step: Step) -> str:
    """Whose rows they are, in words; only names of the viewer's own scope are told."""
    if step.unit_id:
        return drill.unit_name(step.unit_id)
    if step.account_id:
        account = account_of(window, step.account_id)
        return "(不在您的权限范围内)" if account is None else f"{account['account']}({platform_name(int(account['platform']))})"
    return ""


def title(step: Step, whose: str) -> str:
    if step.name in ("account", "unit"):
        return whose + (f"({step.words()})" if step.words() else "")
    part = step.words()
    return TITLES[step.name] + (f"({part})" if part else "")
