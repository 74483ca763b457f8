"""What a report on one incident says: what happened, what was said officially and when, what citizens say."""

from matrix.report import Figure
from matrix.report_words import moment_words
from reports.report_draft import Draft


def about(draft: Draft, field: str, words: str) -> Figure:
    return draft.figure("incident.about", words, incident_id=draft.brief.incident_id, field=field)


def told(draft: Draft, measure: str, words: str) -> Figure:
    return draft.figure("incident.told", words, incident_id=draft.brief.incident_id, measure=measure)


def overview(draft: Draft) -> None:
    """What it is, since when, how grave, where it stands."""
    occurred, detected = about(draft, "occurred", "发生时间"), about(draft, "detected", "发现时间")
    draft.say("事件：", about(draft, "title", "标题"), "。牵头单位：", about(draft, "unit", "单位"), "。")
    draft.say("发生时间：", occurred, "；发现时间：", detected, "。统计截止", f"{moment_words(draft.brief.cutoff)}。")
    level, started = about(draft, "event_level", "事件等级"), about(draft, "response_level", "响应级别")
    draft.say(
        "性质：",
        about(draft, "kind", "性质"),
        "；事件等级：",
        level,
        "；响应级别：",
        started,
        "；状态：",
        about(draft, "state", "状态"),
        "。",
    )
    draft.table("事件数字（各来源并存）", draft.figure("incident.numbers", incident_id=draft.brief.incident_id), (5, 5, 8, 5))
    draft.close("事件概述")


def course(draft: Draft) -> None:
    """The clocks and everything that happened, in its order."""
    draft.table("回应时限", draft.figure("incident.clocks", incident_id=draft.brief.incident_id), (5, 5, 5, 4, 4, 11))
    draft.table("事件经过", draft.figure("incident.timeline", incident_id=draft.brief.incident_id), (4, 4, 5, 16))
    draft.close("事件经过与回应时限")


def spread(draft: Draft) -> None:
    """How much was said over time."""
    comments, citizens, leads = told(draft, "comments", "评论"), told(draft, "citizens", "网民"), told(draft, "leads", "线索")
    draft.say("计入本事件的网民评论", comments, "，涉及网民", citizens, "；矩阵以外的线索", leads, "。")
    draft.picture("每小时声量", draft.figure("incident.volume", incident_id=draft.brief.incident_id), "柱", "条")
    draft.close("传播态势")


def voices(draft: Draft) -> None:
    """How it felt and what was said, only where something was."""
    if told(draft, "comments", "评论").value or told(draft, "leads", "线索").value:
        draft.say(told(draft, "feeling", "网民情绪"), "。")
        draft.table("话题分布", draft.figure("incident.topics", incident_id=draft.brief.incident_id), (3, 8, 8, 5))
        draft.table("网民原话", draft.figure("incident.voices", incident_id=draft.brief.incident_id), (4, 5, 16))
    draft.close("情绪与网民观点")


SECTIONS = (overview, course, spread, voices)
