"""The words for watches: their state, what they look for, and examples to start from."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from matrix.watch import Typed
from ui.drill import whole

PLAN = "plan"
"""In the address: the number of the watch that is open, with `-edit` behind it while it is changed, or `new`."""
NEW, EDIT = "new", "-edit"
RULE = "命中条件：有任一关键词，或符合表达式；填了词组的，每一行还须至少有一个词；有任一排除词的不算。"

EXAMPLES: dict[str, Typed] = {
    "空白": Typed(),
    "安全事故": Typed(
        "爆炸、起火、着火、火灾、坍塌、塌方、塌陷、触电、溺水、坠落、燃气泄漏、煤气泄漏", "", "演练、宣传、培训、电视剧"
    ),
    "停水停电停气": Typed("停水、断水、没水、停电、断电、没电、停气、断气、停暖、暖气不热", "", "演练、已恢复"),
    "食品安全": Typed("食物中毒、吃坏肚子、变质、发霉、过期食品、有异物、有虫子、地沟油", "", "宣传、知识竞赛"),
    "校园": Typed("", "学校、幼儿园、校园、老师、学生、孩子\n欺凌、殴打、体罚、食堂、中毒、坠楼、乱收费、补课、校车", "招聘"),
    "环境污染": Typed("臭味、恶臭、刺鼻、黑烟、偷排、污水、死鱼、粉尘、扬尘、夜间施工、噪音扰民"),
    "拖欠工资": Typed("拖欠工资、欠薪、不发工资、讨薪、工程款、农民工工资"),
    "道路交通": Typed("", "道路、路口、高速、大桥、隧道、公交、地铁\n堵死、瘫痪、塌陷、积水、事故、停运、红绿灯坏", "演练"),
}
"""Neutral ones, to be changed by whoever knows the place; none of them is set up by itself."""


def asked() -> str:
    return str(st.query_params.get(PLAN, ""))


def number() -> int:
    """The watch that the address names; 0 for none."""
    return whole(asked().removesuffix(EDIT))


def go(plan: str) -> None:
    """Open a watch, its form, or (empty) the list."""
    if plan:
        st.query_params[PLAN] = plan
    else:
        st.query_params.pop(PLAN, None)


def state_words(row: Mapping[str, Any]) -> str:
    """启用, 暂停, or how far the past is looked up."""
    if not row["is_on"]:
        return "◌ 已暂停"
    filled = float(row["filled"])
    return "● 启用" if filled >= 1 else f"◔ 正在回查{int(filled * 100)}%"


def typed_of(row: Mapping[str, Any]) -> Typed:
    return Typed(str(row["words"]), str(row["groups"]), str(row["exclusions"]), str(row["pattern"]))


def terms(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, words) of every kind of term that is filled in."""
    groups = "；".join(f"({line.strip()})" for line in str(row["groups"]).splitlines() if line.strip())
    named = (("关键词", row["words"]), ("词组(并且)", groups), ("表达式", row["pattern"]), ("排除词", row["exclusions"]))
    return [(name, " ".join(str(words).split())) for name, words in named if str(words).strip()]


def summary(row: Mapping[str, Any]) -> str:
    return "；".join(f"{name}：{words}" for name, words in terms(row))
