"""The rows behind a figure as people may see them: Chinese headings, Beijing times, names of platforms, citizens masked."""

import sqlite3
from typing import Any

import pandas as pd

from matrix.account import PLATFORM_NAMES, Platform
from matrix.alert import AlertLevel
from matrix.masking import mask_name, mask_text, pseudonym
from matrix.report import Figure, Said
from matrix.report_words import span_words
from reports.report_facts import answer, rows_behind
from reports.report_question import Desk
from reports.verify import difference
from storage import report_counts
from storage.moments import BEIJING, from_seconds
from storage.scope import Scope

HEADS = {
    "account": "账号",
    "platform": "平台",
    "organization": "单位",
    "path": "单位层级",
    "level": "层级",
    "day": "日期",
    "at": "时间",
    "bucket": "等待时间",
    "title": "标题",
    "text": "内容",
    "excerpt": "内容",
    "post_title": "原文标题",
    "reply_text": "官方回复",
    "author_key": "网民",
    "author_name": "网民",
    "kind": "类别",
    "who": "来源",
    "words": "内容",
    "name": "项目",
    "bound": "范围",
    "value": "数值",
    "unit": "单位",
    "source": "来源",
    "leads": "线索",
    "state": "状态",
    "nature": "回复性质",
    "verdict": "判定",
    "reason": "说明",
    "judgement": "处置",
    "highest": "最高级别",
    "topic": "主题",
    "part": "细类",
    "word": "词",
    "said": "提及次数",
    "days": "天数",
    "limit_days": "期限(天)",
    "limit_basis": "期限依据",
    "wait": "等待",
    "working_wait": "等待(工作时间)",
    "mood": "答复后反馈",
    "posts": "发布",
    "originals": "原创",
    "citizens": "网民",
    "official": "官方发言",
    "certain": "判读确定",
    "positive": "正面",
    "neutral": "中性",
    "negative": "负面",
    "reads": "阅读",
    "likes": "点赞",
    "shares": "转发",
    "comments": "评论",
    "accounts": "账号数",
    "n": "数量",
    "answered": "已回复",
    "open": "未回复",
    "unknown": "不详",
    "late": "超时",
    "overdue": "逾期未复",
    "stated": "平台所示条数",
    "held": "已采条数",
    "rank": "名次",
    "published_at": "发布时间",
    "raised_at": "发生时间",
    "asked_at": "提出时间",
    "stated_at": "发布时间",
    "stopped_at": "回复时间",
    "opened_at": "立项时间",
    "due_at": "期限",
    "seen_at": "获知时间",
    "url": "原文地址",
    "sha256": "内容SHA-256",
}
"""Columns that tell something; what is only an identity inside the database, or is made of the others, is left out."""

OURS = frozenset(
    {"account", "organization", "path", "level", "kind", "state", "nature", "verdict", "topic", "part", "url", "sha256"}
)
"""Words of the ledger and of our own, which nobody needs to mask."""

DURATIONS = frozenset({"wait", "working_wait"})


def behind(db: sqlite3.Connection, scope: Scope, figure: Figure) -> pd.DataFrame:
    """What a figure rests on, as of its cut-off, ready to be shown or handed out. Raises ValueError, a Chinese sentence, for a
    figure of another version."""
    frame = rows_behind(db, scope, figure)
    if "account_id" in frame and "account" not in frame:
        held = report_counts.accounts(db, scope, cut=figure.cutoff)
        names = dict(zip(held["account_id"].tolist(), held["account"].tolist(), strict=True))
        frame = frame.assign(account=[names.get(number, "") for number in frame["account_id"].tolist()])
        frame = frame[["account", *(name for name in frame.columns if name != "account")]]
    return readable(frame)


def readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns that tell something, each cell in words; a frame that is Chinese already is only masked."""
    made: dict[str, list[Any]] = {}
    for name in map(str, frame.columns):
        head = HEADS.get(name, "" if name.isascii() else name)
        if name == "citizens" and "official" in frame:
            head = "网民评论"
        if head and head not in made:
            made[head] = [cell(name, value) for value in frame[name].tolist()]
    return pd.DataFrame(made, index=range(len(frame)), dtype=object)


def cell(name: str, value: Any) -> Any:
    """One cell; what strangers wrote is masked wherever it stands."""
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA:
        return ""
    if name == "author_name":
        return mask_name(str(value))
    if name == "author_key":
        return pseudonym(str(value))
    if name == "highest":
        return AlertLevel(int(value)).label
    if name == "platform" and not isinstance(value, str):
        return PLATFORM_NAMES[Platform(int(value))]
    if name == "day":
        return f"{from_seconds(int(value) * 86400):%Y-%m-%d}"
    if name == "at" or name.endswith("_at"):
        return f"{from_seconds(int(value)).astimezone(BEIJING):%Y-%m-%d %H:%M}" if isinstance(value, int | float) else str(value)
    if name in DURATIONS:
        return span_words(float(value))
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 4)
    return mask_text(value) if isinstance(value, str) and name not in OURS else value


def holds(db: sqlite3.Connection, scope: Scope, figure: Figure) -> str:
    """`Said.HOLDS` where a figure, asked again as of its cut-off, is what it was; else a sentence on what differs."""
    try:
        again = answer(Desk(db, scope, figure.cutoff), figure)
    except ValueError as error:
        return str(error)
    if (again.text, again.value) == (figure.text, figure.value):
        return str(Said.HOLDS)
    return difference(figure.value, again.value, figure.text, again.text)
