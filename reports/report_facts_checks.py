"""Questions of a report about updates and blind spots: which accounts were updated in time, and which could not be seen."""

from typing import Any

import pandas as pd

from matrix.account import PLATFORM_NAMES, Platform
from matrix.inspection import Verdict
from matrix.inspection_rule import UpdateRule
from matrix.inspection_tally import Tally, tally
from matrix.report_words import cells_of, day_words
from reports.report_question import Answer, Desk, Params, Question, records, table_answer
from storage.inspections import frame_of
from storage.judging_then import Asked, find
from storage.scope import accounts_in

LIMIT_DAYS = 14
"""国办秘函〔2019〕19号: no update for two weeks; a unit's own limit goes before it."""

REASON = 30


def findings(db: Any, scope: Any, *, at: int, known: int, days: int, root: int) -> pd.DataFrame:
    """Every account of the report judged as of a moment, by what was known at the cut-off."""
    if not scope:
        return frame_of([])
    mine, values = accounts_in(scope, "a.id")
    rule = UpdateRule("report", "按各单位现行期限", days)
    return frame_of(find(db, Asked((root,) if root else scope, at, rule, known), mine, values))


def judged(desk: Desk, params: Params) -> pd.DataFrame:
    at = min(int(params["until"]), desk.cutoff)
    days, root = int(params.get("days", LIMIT_DAYS)), int(params["organization_id"])
    return desk.once("findings", findings, at=at, known=desk.cutoff, days=days, root=root)


def counted(desk: Desk, params: Params) -> Tally:
    return tally(judged(desk, params)["verdict"].tolist())


def rate(desk: Desk, params: Params) -> Answer:
    """合格率 95.77%（566/591）; 100% only where nobody failed."""
    found = counted(desk, params)
    if found.rate is None:
        return Answer("无可检查账号", [0, 0], 0)
    words = f"{found.rate * 100:.2f}".rstrip("0").rstrip(".")
    words = "99.99" if words == "100" and found.failed else words
    return Answer(f"{words}%（{found.passed}/{found.checked}）", [found.passed, found.checked], found.checked)


def amount(desk: Desk, params: Params) -> Answer:
    """How many accounts have one verdict: checked, failed, blind, limited, exempt."""
    measure = params["measure"]
    if measure not in ("checked", "failed", "blind", "limited", "exempt"):
        raise KeyError(measure)
    number = int(getattr(counted(desk, params), measure))
    return Answer(f"{number}个", number, number)


def failed(desk: Desk, params: Params) -> Answer:
    frame = judged(desk, params)
    mine = frame[frame["verdict"] == Verdict.OVERDUE]
    rows = [
        [
            place,
            one.account,
            PLATFORM_NAMES.get(Platform(one.platform), ""),
            one.organization,
            "未采到发布" if pd.isna(one.published_at) else day_words(int(one.published_at)),
            "—" if pd.isna(one.days) else f"{int(one.days)}天",
            f"{int(one.limit_days)}天",
        ]
        for place, one in enumerate(records(mine), 1)
    ]
    return table_answer(["序号", "账号", "平台", "主办单位", "最近一次更新", "未更新", "期限"], cells_of(rows), mine)


def blind(desk: Desk, params: Params) -> Answer:
    """Accounts of which nothing can be said: they are in no rate."""
    frame = judged(desk, params)
    mine = frame[frame["verdict"].isin([Verdict.BLIND, Verdict.LIMITED])]
    rows = [
        [place, one.account, PLATFORM_NAMES.get(Platform(one.platform), ""), one.organization, one.verdict, one.reason]
        for place, one in enumerate(records(mine), 1)
    ]
    return table_answer(["序号", "账号", "平台", "主办单位", "情况", "原因"], cells_of(rows), mine)


QUESTIONS = {
    "check.rate": Question("更新检查合格率", rate),
    "check.count": Question("更新检查账号数", amount),
    "check.failed": Question("超期未更新的账号", failed),
    "check.blind": Question("看不见的账号", blind),
}
