"""Questions of a report on one incident: what it is, its clocks, its course, how much was said and how it felt."""

from datetime import UTC, datetime
from typing import Any

import pandas as pd

from matrix.masking import mask_text, pseudonym
from matrix.report_words import OFFSET, cells_of, duration_words, moment_words, part_words, short_moment
from reports.report_facts_publishing import quote, title
from reports.report_question import Answer, Desk, Params, Question, chart_answer, records, table_answer
from storage import incident_facts, incident_figures, incident_timeline
from storage.incident_rows import Standing, standings

EVENTS, VOICES, HOURS = 40, 8, 72
WORDS = 46


class NoIncidentError(ValueError):
    """There is no such incident in the scope; a Chinese sentence."""


def standing(desk: Desk, params: Params) -> Standing:
    number = int(params["incident_id"])
    found: list[Standing] = desk.once("standing", standings, now=desk.cutoff, incident_id=number)
    if not found:
        raise NoIncidentError("找不到这起舆情事件，或它不在报告的单位范围内，或统计截止时还没有开启。")
    return found[0]


def about(desk: Desk, params: Params) -> Answer:
    """One field of the incident."""
    one = standing(desk, params)
    matter, name = one.matter, params["field"]
    words = {
        "title": mask_text(matter.title),
        "unit": one.organization,
        "occurred": moment_words(matter.occurred_at) if matter.occurred_at else "发生时间不详",
        "detected": moment_words(matter.detected_at),
        "opened": moment_words(one.opened_at),
        "kind": matter.kind or "性质未定",
        "event_level": matter.event_level or "未定",
        "response_level": matter.response_level or "未启动",
        "state": str(matter.state),
        "summary": mask_text(one.summary) or "—",
    }[name]
    return Answer(words, words, 1)


def clocks(desk: Desk, params: Params) -> Answer:
    """How each clock stands: 5, 24 and 48 hours, continuous."""
    one = standing(desk, params)
    rows = [
        [
            f"{clock.rule.hours}小时{clock.rule.name}",
            short_moment(clock.due_at),
            short_moment(clock.stopped_at) if clock.stopped_at else "—",
            duration_words(clock.used),
            str(clock.state),
            clock.rule.basis,
        ]
        for clock in one.clocks
    ]
    heads = ["时限", "到期", "首次发声", "用时", "结果", "依据"]
    return table_answer(heads, cells_of(rows), pd.DataFrame(rows, columns=heads))


def timeline(desk: Desk, params: Params) -> Answer:
    """The newest EVENTS things that happened, in their order; what citizens wrote is masked."""
    standing(desk, params)
    frame = incident_timeline.timeline(desk.db, desk.scope, int(params["incident_id"]), desk.cutoff)
    mine = frame.tail(EVENTS)
    rows = [
        [
            short_moment(int(one.at)),
            one.kind,
            title(one.who, 12),
            quote(one.words, WORDS) if one.kind == "线索" else title(one.words, WORDS),
        ]
        for one in records(mine)
    ]
    return table_answer(["时间", "类别", "来源", "内容"], cells_of(rows), frame)


def told(desk: Desk, params: Params) -> Answer:
    """Comments, citizens and leads, or the feeling of the certain ones."""
    standing(desk, params)
    found: Any = desk.once("told", incident_facts.told, incident_id=int(params["incident_id"]), as_of=desk.cutoff)
    measure = params["measure"]
    if measure == "feeling":
        words = part_words("负面占比", found.negative, found.certain)
        unsure = found.comments + found.leads - found.certain
        return Answer(f"{words}；把握不足{unsure}条，不计入", [found.negative, found.certain, unsure], found.certain)
    number = {"comments": found.comments, "citizens": found.citizens, "leads": found.leads}[measure]
    return Answer(f"{number}{'人' if measure == 'citizens' else '条'}", number, number)


def volume(desk: Desk, params: Params) -> Answer:
    """Comments and leads by the hour, the last HOURS hours of them."""
    standing(desk, params)
    frame = incident_facts.volume(desk.db, desk.scope, int(params["incident_id"]), desk.cutoff)
    mine = frame.tail(HOURS)
    labels = [f"{datetime.fromtimestamp(int(one.at), UTC) + OFFSET:%m-%d %H时}" for one in records(mine)]
    series = {"评论": [int(one.comments) for one in records(mine)], "线索": [int(one.leads) for one in records(mine)]}
    return chart_answer(labels, series, frame)


def voices(desk: Desk, params: Params) -> Answer:
    """What citizens say, masked and without names."""
    standing(desk, params)
    number = int(params["incident_id"])
    frame = incident_facts.voices(desk.db, desk.scope, number, desk.cutoff, limit=VOICES)
    rows = [[short_moment(int(one.published_at)), pseudonym(one.author_key), quote(one.text, WORDS)] for one in records(frame)]
    return table_answer(["时间", "网民", "原话（已脱敏）"], cells_of(rows), frame)


def topics(desk: Desk, params: Params) -> Answer:
    standing(desk, params)
    frame = incident_facts.topics(desk.db, desk.scope, int(params["incident_id"]), desk.cutoff).head(6)
    rows = [[place, one.topic, one.part or "—", int(one.comments)] for place, one in enumerate(records(frame), 1)]
    return table_answer(["序号", "主题", "细类", "评论（条）"], cells_of(rows), frame)


def numbers(desk: Desk, params: Params) -> Answer:
    """Every value of the incident's own figures, revised and conflicting ones with their sources."""
    standing(desk, params)
    frame = incident_figures.figures(desk.db, desk.scope, int(params["incident_id"]), desk.cutoff)
    mine = frame[frame["void_at"].isna()] if len(frame) else frame
    rows = [
        [one.name, f"{one.bound}{one.value}{one.unit}", one.source, short_moment(int(one.stated_at))] for one in records(mine)
    ]
    return table_answer(["项目", "数值", "来源", "发布时间"], cells_of(rows), mine)


QUESTIONS = {
    "incident.about": Question("事件信息", about),
    "incident.clocks": Question("回应时限", clocks),
    "incident.timeline": Question("事件经过", timeline),
    "incident.told": Question("网民声量", told),
    "incident.volume": Question("每小时声量", volume),
    "incident.voices": Question("网民原话", voices),
    "incident.topics": Question("事件话题", topics),
    "incident.numbers": Question("事件数字", numbers),
}
