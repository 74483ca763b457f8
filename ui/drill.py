"""Where one is in the matrix: what was opened, and from where, as a path in the address that the browser can go back along."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from matrix.account import Platform
from matrix.inspection import Verdict
from storage import organizations
from storage.publishing import ORDERS
from ui.ask import ask
from ui.clock import day_of
from ui.words import platform_name

OPEN = "open"
TITLES = {
    "unit": "单位",
    "peers": "同级同平台的账号",
    "active": "有发布的账号",
    "account": "账号",
    "posts": "发布",
    "comments": "评论",
    "appeals": "诉求",
    "replies": "官方回复",
    "followers": "粉丝",
    "covered": "采集完整度",
    "post": "一条发布",
    "comment": "一条评论",
}
DEEPEST, LONGEST = 6, 40
WEEKDAYS = "一二三四五六日"
KINDS = {"original": "原创", "repost": "转发", "article": "图文", "own": "原创和图文"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the path: what is shown (a key of TITLES), of which account (`a12`), unit (`u3`), post or comment (`12`), or of
    everything (empty), and which part of it: a day `d20500`, a cell `c0-9`, what has no time of day `w`, a kind `k1-repost`, an
    order `o-reads`, or of a unit's accounts those of one verdict `v超期未更新`."""

    name: str
    whose: str = ""
    part: str = ""

    @property
    def number(self) -> int:
        return whole(self.whose.lstrip("au"))

    @property
    def account_id(self) -> int:
        return self.number if self.whose.startswith("a") else 0

    @property
    def unit_id(self) -> int:
        return self.number if self.whose.startswith("u") else 0

    @property
    def order(self) -> str:
        name = self.part.removeprefix("o-")
        return name if name in ORDERS else ""

    @property
    def verdict(self) -> str:
        name = self.part.removeprefix("v")
        return name if name in set(Verdict) else ""

    def filters(self) -> dict[str, Any]:
        """What narrows the questions of the page to this step."""
        found: dict[str, Any] = {}
        if self.account_id:
            found["account_id"] = self.account_id
        if self.unit_id:
            found["organization_id"] = self.unit_id
        mark, first, second = self.split()
        if mark == "d":
            found["day"] = whole(first)
        elif mark == "c":
            found |= {"weekday": whole(first), "hour": whole(second)}
        elif mark == "w":
            found["is_timeless"] = True
        elif mark == "k" and second in KINDS:
            found |= {"kind": second} | ({"platform": whole(first)} if whole(first) else {})
        return found

    def split(self) -> tuple[str, str, str]:
        first, _, second = self.part[1:].partition("-")
        return self.part[:1], first, second

    def words(self) -> str:
        """What the part is called: 周一9时, 3月2日, 微博转发."""
        mark, first, second = self.split()
        if mark == "d":
            return day_of(whole(first))
        if mark == "c" and whole(first) < 7:
            return f"周{WEEKDAYS[whole(first)]}{whole(second)}时"
        if mark == "w":
            return "只有日期"
        if mark == "k" and second in KINDS:
            return (platform_name(whole(first)) if whole(first) in set(Platform) else "") + KINDS[second]
        return f"按{ORDERS[self.order]}排列" if self.order else self.verdict


def whole(digits: str) -> int:
    """A number out of the address; 0 for what is none, or too long to be one of ours."""
    return int(digits) if digits.isdecimal() and len(digits) < 16 else 0


def path(view: str) -> list[Step]:
    """What is open in this view; a path that was opened in another one, or makes no sense, is none."""
    first, *rest = st.query_params.get(OPEN, "").split("/")
    steps = [Step(*[*one.split(":"), "", ""][:3]) for one in rest[:DEEPEST] if one]
    is_known = all(step.name in TITLES and len(step.whose) < 20 and len(step.part) < LONGEST for step in steps)
    return steps if first == view and is_known else []


def go(view: str, steps: list[Step]) -> None:
    """Show the last of these steps; runs before the page is drawn anew. One entry in the browser's history."""
    if steps:
        said = [f"{step.name}:{step.whose}:{step.part}".rstrip(":") for step in steps[-DEEPEST:]]
        st.query_params[OPEN] = "/".join([view, *said])
    elif OPEN in st.query_params:
        del st.query_params[OPEN]


def enter(view: str, name: str, whose: str = "", part: str = "") -> None:
    """One step further than what is open now."""
    go(view, [*path(view), Step(name, whose, part)])


def show_path(view: str, steps: list[Step], names: Mapping[Step, str]) -> None:
    """The way here, each step to be clicked; the last one is where one is."""
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button("返回", icon=":material/arrow_back:", key="path_back", on_click=go, args=(view, steps[:-1]))
        st.button(view, key="path_0", type="tertiary", on_click=go, args=(view, []))
        for number, step in enumerate(steps, 1):
            st.markdown("›", width="content")
            words = names.get(step, TITLES[step.name])
            if number < len(steps):
                st.button(words, key=f"path_{number}", type="tertiary", on_click=go, args=(view, steps[:number]))
            else:
                st.markdown(f"**{words}**", width="content")


def pick_one(label: str, options: tuple[str, ...], default: str, key: str, forget: str = "") -> str:
    """One of a few, kept in the address as `key` also while something is open; another choice drops `forget` from it.

    A widget that is bound to the address takes its value out of it as soon as it is not drawn, and the browser's way back would
    then end at the open page for ever; so this one is not bound.
    """
    wanted = st.query_params.get(key, default)
    box = f"{key}_box"
    st.session_state[box] = wanted if wanted in options else default
    st.segmented_control(label, options, required=True, key=box, on_change=keep, args=(key, box, default, forget), wrap=True)
    return str(st.session_state[box] or default)


def keep(key: str, box: str, default: str, forget: str = "") -> None:
    """Put what was chosen in a widget into the address; the default needs no words there."""
    st.query_params.pop(forget, None)
    chosen = str(st.session_state.get(box) or default)
    if chosen == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = chosen


def unit_name(unit_id: int) -> str:
    """The name of a unit of the viewer's tree; nothing is told of others."""
    tree = ask(organizations.tree)
    found = tree[tree["id"] == unit_id]
    return str(found.iloc[0]["name"]) if len(found) else "(不在您的权限范围内)"
