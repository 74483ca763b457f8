"""What is open on a page of the matrix: its path with names, then the list, account, post or comment itself."""

from typing import Any, Protocol

import pandas as pd

from storage import glance
from ui import drill, drill_account, drill_lists, drill_post
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
    if step.name == "account":
        drill_account.show(view, window, step.account_id, charts, writers)
    elif step.name == "post":
        drill_post.show_post(view, step.number, charts)
    elif step.name == "comment":
        drill_post.show_comment(view, step.number)
    else:
        drill_lists.show(view, window, step, whose[step] or window.unit or "全部单位", writers)


def owner(window: Window, step: Step) -> str:
    """Whose rows they are, in words; only names of the viewer's own scope are told."""
    if step.unit_id:
        return drill.unit_name(step.unit_id)
    if step.account_id:
        period = {name: window.days[name] for name in ("first_day", "last_day")}
        found = ask(glance.board, account_id=step.account_id, **period).accounts
        if found.empty:
            return "(不在您的权限范围内)"
        return f"{found.iloc[0]['account']}({platform_name(int(found.iloc[0]['platform']))})"
    return ""


def title(step: Step, whose: str) -> str:
    if step.name == "account":
        return whose
    part = step.words()
    return TITLES[step.name] + (f"({part})" if part else "")
