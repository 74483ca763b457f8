"""What each kind of report says of the matrix: sentences around figures, in the plain style of official reports."""

from collections.abc import Callable

from matrix.report import QUIET, Figure, ReportKind
from matrix.report_words import moment_words, period_words
from matrix.waiting import ANSWER
from reports.report_draft import Draft
from reports.report_facts_heads import issues_now
from reports.report_incident import SECTIONS as OF_INCIDENT

Section = Callable[[Draft], None]
SPREAD_ONLY = "以下数据仅作传播分析，不作为考核评价、评比评选的依据。"
NOTHING = (("posts", "发布"), ("citizens", "网民评论"), ("official", "官方回复"))
RESPONSE = (8, 4, 4, 4, 4, 9, 9, 7, 6)


def volume(draft: Draft, measure: str, words: str) -> Figure:
    return draft.figure("volume", words, measure=measure)


def count(draft: Draft, measure: str, words: str) -> Figure:
    return draft.figure("response.count", words, measure=measure)


def when(draft: Draft) -> None:
    draft.say(f"统计时段为{period_words(draft.brief.since, draft.brief.until)}，统计截止{moment_words(draft.brief.cutoff)}。")


def overall(draft: Draft) -> None:
    """Who is watched, what was published and said."""
    when(draft)
    posts, said = volume(draft, "posts", "发布"), volume(draft, "citizens", "网民评论")
    originals, official = volume(draft, "originals", "原创"), volume(draft, "official", "官方回复")
    draft.say("监测范围内在册", draft.figure("accounts"), "，本期有发布的账号", draft.figure("active"), "。")
    draft.say("发布内容", posts, "，其中原创", originals, "。收到网民评论、提及和私信", said, "，官方账号回复", official, "。")
    able = draft.figure("comparable")
    if posts.value[1] is None and able.value:
        mine = [draft.figure("volume", f"可比账号{words}", measure=name, only="可比") for name, words in NOTHING[:2]]
        draft.say("上期数据不全。上期看得全的账号", able, "，其本期发布", mine[0], "，收到网民评论、提及和私信", mine[1], "。")
    if posts.value[0] or said.value[0]:
        draft.table("分平台发布和互动情况", draft.figure("by_platform"), (6, 4, 5, 5, 7, 7, 7))
        draft.picture("每日发布数量", draft.figure("daily"), "柱", "条")
    draft.close("总体情况")


def response(draft: Draft) -> None:
    """Appeals and answers: the unanswered ones are below the line, the unknown ones beside it."""
    asked = count(draft, "n", "收到诉求")
    if not asked.value[0]:
        draft.say("本期收到诉求", asked, "。")
        draft.close("诉求与回复")
        return
    states = [
        count(draft, measure, words) for measure, words in (("answered", "已响应"), ("open", "尚未回复"), ("unknown", "情况不明"))
    ]
    draft.say("本期收到诉求", asked, "，已响应", states[0], "，尚未回复", states[1], "，情况不明", states[2], "（不计入比例）。")
    day = draft.figure("response.share", "24小时回复率", hours=24)
    before = draft.figure("response.share", "上期24小时回复率", hours=24, which="before_")
    two = draft.figure("response.share", "48小时回复率", hours=48)
    real = draft.figure("response.share", "48小时实质答复率", hours=48, clock=ANSWER)
    if before.value is None:
        draft.say(day, "；", two, "；", real, "。")
    else:
        draft.say(day, "，上期为", before, "；", two, "；", real, "。")
    draft.say("首次响应中位时间：", draft.figure("response.median"), "。本期发布内容的", draft.figure("response.coverage"), "。")
    if count(draft, "ruled", "有时限的诉求").value:
        late, overdue = count(draft, "late", "超时已复"), count(draft, "overdue", "超时未复")
        draft.say(
            "按所采用的时限规则，有时限的诉求",
            count(draft, "ruled", "有时限的诉求"),
            "，超时已复",
            late,
            "，超时未复",
            overdue,
            "。",
        )
    draft.say("官方回复", draft.figure("response.natures"), "。")
    if draft.brief.kind is not ReportKind.DAILY:
        draft.table("分平台诉求回复情况", draft.figure("response.by_platform"), RESPONSE)
        draft.table("下级单位诉求回复情况（本级账号不在内）", draft.figure("response.by_unit"), RESPONSE)
        draft.picture("诉求等待时间", draft.figure("response.waits"), "条", "件")
    draft.table("等待最久的诉求", draft.figure("response.longest"), (3, 4, 5, 5, 11, 5))
    draft.close("诉求与回复")


def alerts(draft: Draft) -> None:
    """Alerts and incidents, and whether the clocks of 5, 24 and 48 hours were kept."""
    raised = draft.figure("alert.count", "预警")
    draft.say("本期发出舆情预警", raised, "。")
    if raised.value[0]:
        levels = [
            draft.figure("alert.count", words, level=level)
            for level, words in ((3, "红色预警"), (2, "橙色预警"), (1, "黄色预警"))
        ]
        draft.say(
            "按最高级别，红色",
            levels[0],
            "，橙色",
            levels[1],
            "，黄色",
            levels[2],
            "；尚待确认",
            draft.figure("alert.open"),
            "。",
        )
        draft.table("预警清单", draft.figure("alert.list"), (3, 4, 5, 9, 4, 3, 5))
    every = draft.figure("incident.count", "处置的舆情事件", measure="all")
    draft.say("处置舆情事件", every, "。")
    if every.value:
        opened, closed, running, late = (
            draft.figure("incident.count", words, measure=measure)
            for measure, words in (
                ("opened", "本期新增事件"),
                ("closed", "已办结的事件"),
                ("open", "仍在处置的事件"),
                ("late", "超时的事件"),
            )
        )
        draft.say("其中本期新增", opened, "，已办结", closed, "，截止时仍在处置", running, "，回应超过时限", late, "。")
        draft.table("舆情事件清单", draft.figure("incident.list"), (3, 4, 5, 8, 4, 4, 7))
    draft.close("预警与事件")


def checks(draft: Draft) -> None:
    """Who was updated in time, and of whom nothing can be said."""
    checked, failed, blind, limited = (
        draft.figure("check.count", words, measure=measure)
        for measure, words in (
            ("checked", "可检查账号"),
            ("failed", "超期未更新账号"),
            ("blind", "采集中断账号"),
            ("limited", "平台限制账号"),
        )
    )
    draft.say("截至统计截止时刻，可检查账号", checked, "，超期未更新", failed, "，合格率", draft.figure("check.rate"), "。")
    draft.say("采集中断", blind, "，平台限制", limited, "，均看不见更新情况，不计入合格率。")
    draft.table("超期未更新账号", draft.figure("check.failed"), (3, 6, 4, 7, 8, 4, 3))
    draft.table("看不见的账号", draft.figure("check.blind"), (3, 5, 5, 6, 4, 10))
    draft.close("更新检查与盲区")


def heads(draft: Draft) -> None:
    """What was talked of and how it felt; never a share without how many it rests on."""
    topics = draft.figure("head.topics")
    if len(topics.value) > 1:
        draft.say("网民评论中，", draft.figure("head.feeling"), "。")
        draft.table("评论较集中的主题", topics, (3, 9, 5, 5, 6))
        draft.picture("情绪分布（把握较大的评论）", draft.figure("head.feelings"), "条", "条")
        groups = issues_now(draft.desk, draft.params)
        if groups:
            draft.table("热点问题", draft.figure("head.issues", groups=groups), (3, 10, 6, 3, 3, 5, 4))
        words = draft.figure("head.words")
        if words.value:
            draft.say("热词：", words, "。")
    draft.close("热点与情绪")


def spread(draft: Draft) -> None:
    """How far it went: never a measure of anybody's work."""
    if volume(draft, "posts", "发布").value[0]:
        sums = [draft.figure("spread", words, measure=name) for name, words in (("reads", "阅读"), ("shares", "转发"))]
        draft.say(SPREAD_ONLY)
        draft.say("本期发布内容累计阅读", sums[0], "，转发", sums[1], "。")
        draft.table("阅读较多的内容", draft.figure("furthest"), (3, 6, 5, 10, 4, 3, 3))
    draft.close("传播分析")


def quiet(draft: Draft) -> None:
    """The whole of a report of which there is nothing else to say."""
    when(draft)
    posts, said = volume(draft, "posts", "发布"), volume(draft, "citizens", "网民评论")
    draft.say("监测范围内在册", draft.figure("accounts"), "，本期发布", posts, "，收到网民评论", said, "。")
    if draft.brief.kind is ReportKind.INCIDENT:
        draft.say(
            "统计截止前没有开启的舆情事件，处置舆情事件", draft.figure("incident.count", "处置的舆情事件", measure="all"), "。"
        )
    else:
        alerts_, failed = draft.figure("alert.count", "预警"), draft.figure("check.count", "超期未更新账号", measure="failed")
        draft.say("发出舆情预警", alerts_, "，超期未更新账号", failed, "。")
    draft.say(f"{QUIET[draft.brief.kind]}。")
    draft.close("总体情况")


SECTIONS: dict[ReportKind, tuple[Section, ...]] = {
    ReportKind.DAILY: (overall, response, alerts, checks),
    ReportKind.WEEKLY: (overall, response, alerts, checks, heads, spread),
    ReportKind.MONTHLY: (overall, response, alerts, checks, heads, spread),
    ReportKind.INCIDENT: OF_INCIDENT,
    ReportKind.TIMELINESS: (overall, response, checks),
}


def is_quiet(draft: Draft) -> bool:
    """Whether nothing at all was published, said, raised or found, and nobody was out of sight."""
    if any(volume(draft, measure, words).value[0] for measure, words in NOTHING):
        return False
    if draft.figure("alert.count").value[0] or draft.figure("incident.count", measure="all").value:
        return False
    return not any(draft.figure("check.count", measure=measure).value for measure in ("failed", "blind"))
