"""The rows behind each figure as they stand on the screen and in the files: one value for each cell, in words and numbers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from matrix.percent import whole_percent
from matrix.waiting import HOURS
from storage import timeliness_answers
from ui.clock import beijing
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.timeliness_window import Window
from ui.timeliness_words import NO_CASE, both, quantile, rate, rate_figure, standing, wait
from ui.words import CHANNEL_WORDS, platform_name, ratio

YES_NO = {0: "否", 1: "是"}


def measured(row: Mapping[str, Any], is_working: bool) -> dict[str, Any]:
    """The columns of figures that every table in a file has: rates with both their numbers, spans in words and in seconds."""
    cells: dict[str, Any] = {name: int(row[key]) for name, key in COUNTS.items()}
    for hours in HOURS:
        cells[f"{hours}小时内已回复"] = int(row[f"met_{hours}"])
        cells[f"{hours}小时应回复"] = int(row[f"of_{hours}"])
        cells[f"{hours}小时情况不明"] = int(row[f"out_{hours}"])
        cells[f"{hours}小时回复率"] = rate_figure(row, hours)
    for name, key in (("半数用时", "p50"), ("九成用时", "p90")):
        words = quantile(row, key, is_working)
        is_told = any(letter.isdecimal() for letter in words)
        cells[name] = words
        cells[f"{name}(秒)"] = int(row[key]) if is_told else None
    cells |= {"有时限": int(row["ruled"]), "超时未复": int(row["overdue"]), "超时已复": int(row["late"])}
    return cells


COUNTS = {"收到": "n", "已回复": "answered", "尚未回复": "open", "情况不明": "unknown"}


def covered(row: Mapping[str, Any]) -> dict[str, Any]:
    """采集完整度 with both its numbers."""
    held, stated = row["held"], row["stated"]
    is_told = stated == stated and held == held and stated
    return {
        "已采评论": int(held) if held == held else None,
        "平台所称评论": int(stated) if stated == stated else None,
        "采集完整度": whole_percent(min(int(held), int(stated)), int(stated)) / 100 if is_told else None,
    }


def seen(row: Mapping[str, Any], is_working: bool, *, has_coverage: bool = True) -> dict[str, Any]:
    """The same on the screen: fewer columns, each rate with its numbers in brackets."""
    cells: dict[str, Any] = {"收到": int(row["n"])}
    cells |= {f"{hours}小时回复率": rate(row, hours) for hours in (24, 1, 4, 48)}
    cells |= {
        "半数用时": quantile(row, "p50", is_working),
        "九成用时": quantile(row, "p90", is_working),
        "尚未回复": int(row["open"]),
        "情况不明": int(row["unknown"]),
        "超时未复": int(row["overdue"]) if row["ruled"] else NO_CASE,
    }
    return cells | ({"采集完整度": ratio(row["held"], row["stated"])} if has_coverage else {})


def table(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Rows as a frame of objects: nothing is turned into another kind of value on the way into a file."""
    return pd.DataFrame(list(rows), dtype=object)


def distribution(frame: pd.DataFrame) -> pd.DataFrame:
    total = int(frame["n"].sum())
    return table(
        {"回复用时": bucket, "件数": int(n), "占比": whole_percent(int(n), total) / 100 if total else None}
        for bucket, n in zip(frame["bucket"], frame["n"], strict=True)
    )


def curve(curves: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return table(
        {
            "时间": name,
            "用时": wait(row["seconds"], name != next(iter(curves))),
            "用时(秒)": int(row["seconds"]),
            "已回复占比": float(row["share"]),
            "区间下限占比": float(row["low"]),
            "区间上限占比": float(row["high"]),
            "在等件数": int(row["at_risk"]),
            "累计已回复": int(row["answered"]),
        }
        for name, frame in curves.items()
        for row in records(frame)
    )


def trend(frame: pd.DataFrame, step: str, is_working: bool) -> pd.DataFrame:
    label = "日期" if step == "日" else "周起始日"
    return table({label: beijing(row["start"]).date(), **measured(row, is_working)} for row in records(frame))


def by_hour(frame: pd.DataFrame, is_working: bool) -> pd.DataFrame:
    return table({"收到时段": f"{int(row['hour'])}时", **measured(row, is_working)} for row in records(frame))


def owners(row: Mapping[str, Any]) -> dict[str, Any]:
    """Whose row it is, as far as the frame says."""
    words: dict[str, Callable[[Any], Any]] = {"platform": lambda number: platform_name(int(number))}
    return {label: words.get(key, str)(row[key]) for key, label in OWNERS.items() if key in row}


OWNERS = {"account": "账号", "platform": "平台", "organization": "单位", "level": "层级", "nature": "性质"}


def groups(frame: pd.DataFrame, is_working: bool) -> pd.DataFrame:
    """By account, unit, level or platform."""
    return table(
        {
            **owners(row),
            **({"同级名次": standing(row)} if "rank" in row else {}),
            **measured(row, is_working),
            **covered(row),
        }
        for row in records(frame)
    )


def later(window: Window, **narrowed: Any) -> Callable[[Any, Any], pd.DataFrame]:
    """The cases behind a figure, one row for each, asked for when somebody clicks; texts and names are masked."""
    filters = window.filters | narrowed

    def ask(db: Any, scope: Any) -> pd.DataFrame:
        return cases(timeliness_answers.cases_with_answers(db, scope, **filters, order="最早收到", limit=0))

    return ask


def cases(frame: pd.DataFrame) -> pd.DataFrame:
    """One row for each matter, both answers by both clocks."""
    return table(case(row) for row in records(frame))


def case(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "诉求编号": int(row["comment_id"]),
        "收到时间": moment(row["asked_at"]),
        "账号": row["account"],
        "平台": platform_name(int(row["platform"])),
        "单位": row["organization"],
        "渠道": CHANNEL_WORDS.get(row.get("channel", ""), ""),
        "类别": row["kind"],
        **answered(row, "首次响应", "first"),
        **answered(row, "实质答复", "answer"),
        "时限": moment(row["due_at"]),
        "是否超时": YES_NO.get(int(row["is_late"])) if row["is_late"] == row["is_late"] and row["is_late"] is not None else "",
        "同单位其他账号回复": YES_NO[int(row["is_sister"])],
        "他处回应时间": moment(row["elsewhere_at"]),
        "公众评价": row["mood"],
        "公众": mask_name(row["author_name"]),
        "诉求内容": mask_text(row["text"]),
        "所在发布": mask_text(row["post_title"]),
        "首次响应内容": mask_text(row["first_reply"] or ""),
        "实质答复内容": mask_text(row["answer_reply"] or ""),
        "原文链接": row["url"],
    }


def whole(value: Any) -> int | None:
    return None if value is None or value != value else int(value)


def moment(value: Any) -> Any:
    return None if value is None or value != value else beijing(float(value))


def answered(row: Mapping[str, Any], name: str, field: str) -> dict[str, Any]:
    """One answer: how it stands, when, and after how long by both clocks; while open, how long it has been waited for."""
    return {
        name: row[f"{field}_state"],
        f"{name}时间": moment(row[f"{field}_at"]),
        f"{name}等待": both(row[f"{field}_wait"], row[f"{field}_working"]),
        f"{name}等待(自然秒)": whole(row[f"{field}_wait"]),
        f"{name}等待(工作秒)": whole(row[f"{field}_working"]),
    }
