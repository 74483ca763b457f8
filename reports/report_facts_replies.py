"""Questions of a report about appeals and answers: how many, how fast, how well, silence included."""

import math
from typing import Any

import pandas as pd

from matrix.account import PLATFORM_NAMES, Platform
from matrix.reply import ReplyNature
from matrix.report_words import (
    TOO_FEW,
    cells_of,
    count_words,
    coverage_words,
    duration_words,
    part_cell,
    share_words,
    short_moment,
)
from matrix.waiting import ANSWER, FLOOR, HOURS, STATES
from reports.report_facts_publishing import is_compared, quote, span
from reports.report_question import Answer, Desk, Params, Question, chart_answer, records, table_answer
from storage import report_counts, timeliness, timeliness_cases

LONGEST = 10
WORDS = 34
"""Characters of a citizen's words in a table."""

HEADS = ["诉求（件）", "已响应", "尚未回复", "情况不明", "24小时回复率", "48小时回复率", "中位时间", "采集完整度"]


def filters(desk: Desk, params: Params, which: str = "") -> dict[str, Any]:
    """The filters of `storage.timeliness`, as of the cut-off."""
    return span(params, which) | {"now": desk.cutoff, "as_of": desk.cutoff}


def board(desk: Desk, params: Params, which: str = "", **more: Any) -> timeliness.Board:
    return desk.once("timeliness.board", timeliness.board, **filters(desk, params, which), **more)


def row(desk: Desk, params: Params, which: str = "", **more: Any) -> dict[str, Any]:
    """The one row over everything; nothing where there is no account."""
    frame = board(desk, params, which, **more).summary
    return {} if frame.empty else {str(name): value for name, value in frame.iloc[0].items()}


def whole(number: Any) -> int | None:
    return None if number is None or (isinstance(number, float) and math.isnan(number)) else int(number)


def count(desk: Desk, params: Params) -> Answer:
    """One count of FIGURES, `n` with the period before."""
    measure = params["measure"]
    if measure not in ("n", "answered", "open", "unknown", "late", "overdue", "ruled"):
        raise KeyError(measure)
    number = int(row(desk, params).get(measure, 0))
    if measure != "n":
        return Answer(f"{number}件", number, number)
    earlier = int(row(desk, params, "before_").get("n", 0)) if is_compared(desk, params) else None
    return Answer(count_words(number, "件", earlier), [number, earlier], number)


def share(desk: Desk, params: Params) -> Answer:
    """The share answered within so many hours; with `which` = before_ that of the period before."""
    hours, which = int(params["hours"]), params.get("which", "")
    if hours not in HOURS or which not in ("", "before_"):
        raise KeyError(hours)
    clock = {"clock": ANSWER} if params.get("clock") == ANSWER else {}
    name = f"{hours}小时{'实质答复率' if clock else '回复率'}"
    if which and not is_compared(desk, params):
        return Answer("上期数据不全", None, 0)
    found = row(desk, params, which, **clock)
    met, of = int(found.get(f"met_{hours}", 0)), int(found.get(f"of_{hours}", 0))
    stated, held = whole(found.get("stated")), whole(found.get("held"))
    words = share_words(name, met, of, stated, held)
    return Answer(words.removeprefix(f"{name} ") if which else words, [met, of, stated, held], of)


def median(desk: Desk, params: Params) -> Answer:
    """Half were answered within this time, by both clocks; more than half unanswered is said so."""
    natural, working = row(desk, params), row(desk, params, working=True)
    known = int(natural.get("answered", 0)) + int(natural.get("open", 0))
    value = whole(natural.get("p50"))
    if known < FLOOR:
        return Answer(f"{TOO_FEW}（{known}件）", [None, None, known], known)
    if value is None:
        return Answer("过半尚未回复，无中位数", [None, None, known], known)
    office = whole(working.get("p50"))
    return Answer(duration_words(value, office), [value, office, known], known)


def coverage(desk: Desk, params: Params) -> Answer:
    found = row(desk, params)
    stated, held = whole(found.get("stated")), whole(found.get("held"))
    numbers = "" if stated is None or held is None else f"（{min(held, stated)}/{stated}）"
    return Answer(coverage_words(stated, held) + numbers, [stated, held], stated or 0)


def cells(one: Any) -> list[Any]:
    """The printed figures of one row of FIGURES."""
    rates = []
    for hours in (24, 48):
        met, of = int(getattr(one, f"met_{hours}")), int(getattr(one, f"of_{hours}"))
        rates.append(part_cell(met, of))
    known = int(one.answered) + int(one.open)
    middle = duration_words(whole(one.p50)) if whole(one.p50) is not None else "过半未复"
    stated, held = whole(one.stated), whole(one.held)
    covered = "不详" if stated is None or held is None else coverage_words(stated, held).removeprefix("采集完整度")
    counts = [int(one.n), int(one.answered), int(one.open), int(one.unknown)]
    return [*counts, *rates, middle if known >= FLOOR else TOO_FEW, covered]


def by_platform(desk: Desk, params: Params) -> Answer:
    frame = board(desk, params).by_platform
    rows = [[PLATFORM_NAMES.get(Platform(one.platform), ""), *cells(one)] for one in records(frame)]
    return table_answer(["平台", *HEADS], cells_of(rows), frame)


def by_unit(desk: Desk, params: Params) -> Answer:
    """The units directly below the report's own, each with its subtree; no order of merit, only that of the ledger."""
    frame = board(desk, params).by_unit
    roots = {params["organization_id"]} if params["organization_id"] else set(desk.scope)
    mine = frame[frame["parent_id"].isin(roots)]
    rows = [[one.organization, *cells(one)] for one in records(mine)]
    return table_answer(["单位（含下级）", *HEADS], cells_of(rows), mine)


def waits(desk: Desk, params: Params) -> Answer:
    """How many matters ended in which bucket, for a chart."""
    frame = board(desk, params).distribution
    return chart_answer([str(one) for one in frame["bucket"]], {"诉求": [int(one) for one in frame["n"]]}, frame)


def longest(desk: Desk, params: Params) -> Answer:
    """The matters that have waited longest without an answer; the citizens' words are masked."""
    frame = desk.once("cases", timeliness_cases.cases, limit=LONGEST, states=(STATES[1],), **filters(desk, params))
    rows = [
        [place, short_moment(int(one.asked_at)), one.organization, one.account, quote(one.text, WORDS), waited(one.wait)]
        for place, one in enumerate(records(frame), 1)
    ]
    return table_answer(["序号", "收到时间", "单位", "账号", "诉求内容", "已等待"], cells_of(rows), frame)


def waited(seconds: float) -> str:
    return "—" if math.isnan(seconds) else duration_words(seconds)


def natures(desk: Desk, params: Params) -> Answer:
    """The official replies of the period by what they are."""
    frame = desk.once("report_counts.replies", report_counts.replies, cut=desk.cutoff, **span(params))
    counts = frame.groupby("nature")["n"].sum().to_dict() if len(frame) else {}
    total = int(sum(counts.values()))
    parts = [f"{nature}{int(counts.get(nature, 0))}条" for nature in ReplyNature if counts.get(nature, 0)]
    return Answer(f"{total}条" + (f"（{'，'.join(parts)}）" if parts else ""), {"n": total}, total, pd.DataFrame(frame))


QUESTIONS = {
    "response.count": Question("诉求件数", count),
    "response.share": Question("按时回复的比例", share),
    "response.median": Question("首次响应中位时间", median),
    "response.coverage": Question("采集完整度", coverage),
    "response.by_platform": Question("分平台回复情况", by_platform),
    "response.by_unit": Question("分单位回复情况", by_unit),
    "response.waits": Question("诉求等待时间分布", waits),
    "response.longest": Question("等待最久的诉求", longest),
    "response.natures": Question("官方回复性质", natures),
}
