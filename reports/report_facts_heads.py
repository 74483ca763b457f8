"""Questions of a report about what citizens talk of and how they feel, always with how many that rests on."""

import math
from typing import Any

import pandas as pd

from matrix.report_words import cells_of, part_cell, part_words, short_moment
from reports.report_facts_publishing import quote, span, title
from reports.report_question import Answer, Desk, Params, Question, chart_answer, records, table_answer
from storage import heads, report_heads

TALK = "其他"
TOPICS, ISSUES, MEMBERS = 8, 5, 400
WORDS = 30


def seen(desk: Desk, params: Params) -> dict[str, Any]:
    return span(params) | {"seen_by": desk.cutoff}


def feelings(desk: Desk, params: Params) -> pd.DataFrame:
    return desk.once("heads.feelings", heads.feelings, **seen(desk, params))


def feeling(desk: Desk, params: Params) -> Answer:
    """负面占比 12%（6/50）, of the certain readings, and beside it how many were uncertain."""
    frame = feelings(desk, params)
    if frame.empty:
        return Answer("无可判读的评论", [0, 0, 0], 0)
    comments, certain, negative = (whole(frame.iloc[0][name]) for name in ("comments", "certain", "negative"))
    unsure = f"；已判读{comments}条，其中把握不足{comments - certain}条，不计入" if comments else ""
    return Answer(part_words("负面占比", negative, certain) + unsure, [negative, certain, comments], comments)


def whole(number: Any) -> int:
    return 0 if number is None or (isinstance(number, float) and math.isnan(number)) else int(number)


def feelings_chart(desk: Desk, params: Params) -> Answer:
    frame = feelings(desk, params)
    row = frame.iloc[0] if len(frame) else {}
    points = [whole(row.get(name)) for name in ("positive", "neutral", "negative")]
    return chart_answer(["正面", "中性", "负面"], {"评论": points}, frame)


def topics(desk: Desk, params: Params) -> Answer:
    frame = desk.once("heads.topics", heads.topics, **seen(desk, params))
    mine = frame[frame["topic"] != TALK].head(TOPICS)
    rows = [
        [place, one.topic, int(one.comments), int(one.citizens), part_cell(whole(one.negative), whole(one.certain))]
        for place, one in enumerate(records(mine), 1)
    ]
    return table_answer(["序号", "主题", "评论（条）", "网民（人）", "负面占比"], cells_of(rows), mine)


def words(desk: Desk, params: Params) -> Answer:
    """The hot words of the whole days of the period with how many citizens said them; names were left out when they were read."""
    frame = desk.once("hot_words", report_heads.hot_words, cut=desk.cutoff, **span(params))
    text = "、".join(f"{title(one.word)}（{int(one.said)}人次）" for one in records(frame)) or "无"
    return Answer(text, [[one.word, int(one.said)] for one in records(frame)], len(frame), frame)


def issues_now(desk: Desk, params: Params) -> list[dict[str, Any]]:
    """The hot issues as they are grouped now, for the parameters of `issues`: the central comment and all that belong to it."""
    given = seen(desk, params)
    found = heads.hot_issues(desk.db, desk.scope, limit=ISSUES, **given)
    kept = []
    for one in records(found):
        rows = heads.issue_comments(desk.db, desk.scope, issue_id=int(one.issue_id), limit=MEMBERS, **given)
        kept.append({"central": int(one.central_id), "ids": sorted(int(number) for number in rows["comment_id"])})
    return kept


def issues(desk: Desk, params: Params) -> Answer:
    """The issues that `params` names by their comments, in that order."""
    frames = [
        desk.once("issue", report_heads.issue, comment_ids=one["ids"][:MEMBERS], central_id=one["central"])
        for one in params["groups"][:ISSUES]
    ]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame([], columns=report_heads.ISSUE)
    rows = [
        [
            place,
            quote(one.text, WORDS),
            one.topic,
            int(one.citizens),
            int(one.comments),
            part_cell(whole(one.negative), whole(one.certain)),
            short_moment(int(one.first_at)),
        ]
        for place, one in enumerate(records(frame), 1)
    ]
    heads_ = ["序号", "热点（代表性原话，已脱敏）", "主题", "网民", "评论", "负面占比", "最早"]
    return table_answer(heads_, cells_of(rows), frame)


QUESTIONS = {
    "head.feeling": Question("网民情绪", feeling),
    "head.feelings": Question("情绪分布", feelings_chart),
    "head.topics": Question("评论主题", topics),
    "head.words": Question("热词", words),
    "head.issues": Question("热点问题", issues),
}
