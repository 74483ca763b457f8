"""Rows of exports as they stand in file and on screen: chosen columns, Beijing times, words for numbers, citizens masked."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from matrix.account import PLATFORM_NAMES, Platform
from matrix.alert import AlertLevel
from matrix.export import kept_columns
from matrix.feeling import BY_CODE, UNCERTAIN
from matrix.masking import mask_name, mask_text, pseudonym
from reports.cells import clean
from storage.moments import BEIJING, EPOCH


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


CHANNELS = {"comment": "评论", "mention": "@提及", "message": "私信"}
POSTS = {"original": "原创", "repost": "转发", "article": "图文"}
START = EPOCH.astimezone(BEIJING).replace(tzinfo=None)
"""Beijing is UTC+8 without summer time for every date that the product handles."""

YES_NO = {0: "否", 1: "是"}
MATTER = re.compile(r"#\d+(?=、|$)")
"""What tells two matters of one name apart, as an alert keeps it; nobody needs to read it."""

TIMES = words_of(
    "时间 发布时间 提出时间 回复时间 首次响应时间 实质答复时间 时限 采集时间 数据时间 撤下 所答时间 最近发布 最近采集 发生时间 "
    "最近高位 结束时间 发现时间 立案时间 办结时间"
)
TEXTS = words_of("内容 所答内容 回复内容 标题 正文 所评内容 说明 小结 采集异常")
"""Columns in which people are hidden when the export is masked; what accounts published is masked like all else."""


def table(raw: pd.DataFrame, kind: str, columns: Sequence[str], is_masked: bool) -> pd.DataFrame:
    """The chosen columns of raw rows of `storage.export_rows`, in the kind's order; every value as it is shown and written.

    Times become Beijing times without a zone, which sheets sort and filter. The pseudonym of a citizen is the same masked or
    not, so that rows of both kinds belong together.
    """
    given = {name: raw[name].tolist() for name in raw.columns}
    made = {name: column_of(name, given, is_masked) for name in kept_columns(kind, columns)}
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in made.items()}, dtype=object)


def column_of(name: str, given: dict[str, list[Any]], is_masked: bool) -> list[Any]:
    values = given[name]
    if name in TIMES:
        return [None if value is None else moment(value) for value in values]
    if name == "主题":
        return [MATTER.sub("", value) if isinstance(value, str) else None for value in values]
    if name in TEXTS:
        return [clean(mask_text(value) if is_masked else value) for value in values]
    if name == "网民" and "official" in given:
        return ["" if official else pseudonym(key) for key, official in zip(values, given["official"], strict=True)]
    if name == "所答网民":
        return [pseudonym(key) if key else "" for key in values]
    if name == "网民名称":
        return [
            clean(author if official or not is_masked else mask_name(author))
            for author, official in zip(values, given["official"], strict=True)
        ]
    if name == "情绪":
        return [
            str(BY_CODE[value]) if value is not None else (UNCERTAIN if is_read else "")
            for value, is_read in zip(values, given["is_read"], strict=True)
        ]
    made = WORDS.get(name)
    return [made(value) for value in values] if made else values


def moment(seconds: int) -> Any:
    """Beijing time without a zone."""
    return START + timedelta(seconds=seconds)


def platform_words(number: int) -> str:
    return PLATFORM_NAMES.get(Platform(number), str(number)) if number in list(Platform) else str(number)


def level_words(level: int) -> str:
    return AlertLevel(level).label if level in list(AlertLevel) else str(level)


WORDS: dict[str, Callable[[Any], Any]] = {
    "平台": platform_words,
    "渠道": lambda value: CHANNELS.get(value, value),
    "体裁": lambda value: POSTS.get(value, value),
    "级别": level_words,
    "身份": lambda value: "官方账号" if value else "网民",
    "是否诉求": lambda value: YES_NO.get(value, ""),
    "是否超时": lambda value: YES_NO.get(value, ""),
    "是否演练": lambda value: YES_NO.get(value, ""),
}
