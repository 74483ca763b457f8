"""The tree of units with the sums of every subtree; a name narrows the page to it, a number opens its rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from matrix.inspection import Verdict
from storage import glance, organizations, silence
from ui import drill, exports, filters, signin, tables
from ui.ask import ask, shaped
from ui.cards import show_nothing_yet
from ui.exports import Writers
from ui.matrix_filters import Window
from ui.overview import COUNTS, HELPS, ORDERED
from ui.records import records

VIEW = "单位"
BREACHES = {"超期": Verdict.OVERDUE, "将超期": Verdict.SOON}
HELP = HELPS | {
    "超期": "超期未更新的账号数，含下级单位",
    "将超期": "3日内将超期的账号数，含下级单位",
    "增减": "发布条数与前一个同样长的时段之差，只计两个时段都采全的账号",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The units of a window, as they are sent to the browser."""

    ordered: pd.DataFrame
    file: pd.DataFrame
    """With the period before, to be taken away."""
    sheet: tables.Sheet


def listed_of(window: Window, now: datetime, limit_days: int) -> Listed | None:
    """One row for each unit with an account below it; None when there is none."""
    frame = ask(glance.units, **window.days)
    if frame.empty:
        return None
    tree = ask(organizations.tree)
    labels = {identity: label for label, identity in filters.tree_labels(tree).items()}
    order = {identity: place for place, identity in enumerate(labels)}
    ordered = frame.assign(place=frame["organization_id"].map(order)).sort_values("place", ignore_index=True)
    found = breaches(window, tree, now, limit_days)
    top = min(len(labels[key]) - len(labels[key].lstrip("\u3000")) for key in ordered["organization_id"])
    rows = pd.DataFrame([unit_row(row, labels[row["organization_id"]][top:], found) for row in records(ordered)])
    columns = tables.counts(rows, HELP) | {
        "增减": st.column_config.NumberColumn(width=62, format="%+d", help=HELP["增减"]),
    }
    before = {f"前期{words}": ordered[f"before_{name}"].where(ordered["has_before"] > 0) for words, name in COUNTS.items()}
    return Listed(ordered, rows.assign(**before), tables.sheet(rows, columns))


def show_units(window: Window, writers: Writers) -> None:
    """The tree; an empty one says why."""
    listed = shaped(listed_of, window=window, now=signin.figures_now(), limit_days=signin.limit_days())
    if listed is None:
        show_nothing_yet("没有单位符合筛选条件。", "可以放宽单位、条线、地区、层级或平台。")
        return
    ordered = listed.ordered
    st.caption("各项包含全部下级单位。点单位名查看它和下级的账号，点数字查看构成它的内容。")

    def opened(place: int, heading: str) -> None:
        open_cell(int(ordered.iloc[place]["organization_id"]), heading)

    tables.press(listed.sheet, "matrix_units", "single-cell", opened, alt="单位一览", pinned="单位")
    exports.offer("矩阵单位", listed.file, window.about(), writers)


def unit_row(row: dict[str, Any], label: str, found: Counter[tuple[str, int]]) -> dict[str, Any]:
    number = row["organization_id"]
    return {
        "单位": label,
        "账号": int(row["accounts"]),
        **{words: found[words, number] for words in BREACHES},
        "发布": int(row["posts"]),
        "增减": int(row["now_posts"] - row["before_posts"]) if row["has_before"] else None,
        **{words: int(row[name]) for words, name in COUNTS.items() if name != "posts"},
        "阅读": int(row["reads"]) or None,
        "点赞": int(row["likes"]) or None,
        "转发": int(row["shares"]) or None,
        "层级": row["level"],
    }


def breaches(window: Window, tree: pd.DataFrame, now: datetime, limit_days: int) -> Counter[tuple[str, int]]:
    """How many accounts that the filters leave break the limit, or will within three days, below every unit."""
    judged = ask(silence.verdicts, now=now, limit_days=limit_days)
    mine = set(ask(glance.members, **window.narrow)["account_id"])
    parents = dict(zip(tree["id"], tree["parent_id"], strict=True))
    found: Counter[tuple[str, int]] = Counter()
    for words, verdict in BREACHES.items():
        broken = judged[(judged["verdict"] == verdict) & judged["account_id"].isin(mine)]
        for unit in broken["organization_id"]:
            seen: set[int] = set()
            while unit in parents and unit not in seen:
                seen.add(unit)
                found[words, int(unit)] += 1
                unit = parents[unit]
    return found


def open_cell(organization_id: int, heading: str) -> None:
    """What one cell of the table opens; runs before the page is drawn anew."""
    name = COUNTS.get("发布" if heading == "增减" else heading)
    if name or heading in ORDERED:
        drill.enter(VIEW, name or "posts", f"u{organization_id}", ORDERED.get(heading, ""))
        return
    drill.enter(VIEW, "unit", f"u{organization_id}", f"v{BREACHES[heading].value}" if heading in BREACHES else "")
