"""What each kind of report says: sentences around figures, in the plain style of official reports."""

from collections.abc import Callable

from matrix.report import QUIET, ReportKind
from matrix.report_words import moment_words, period_words
from reports.report_draft import Draft

Section = Callable[[Draft], None]
SPREAD_ONLY = "以下数据仅作传播分析，不作为考核评价、评比评选的依据。"


def overall(draft: Draft) -> None:
    """Who is watched, what was published and said."""
    accounts, active = draft.figure("accounts"), draft.figure("active")
    posts, originals = (draft.figure("volume", words, measure=name) for name, words in (("posts", "发布"), ("originals", "原创")))
    draft.say(f"统计时段为{period_words(draft.brief.since, draft.brief.until)}，统计截止{moment_words(draft.brief.cutoff)}。")
    draft.say("监测范围内在册", accounts, "，本期有发布的", active, "。共发布", posts, "，其中原创", originals, "。")
    said = [draft.figure("volume", words, measure=name) for name, words in (("citizens", "网民评论"), ("official", "官方回复"))]
    draft.say("收到网民评论、私信和提及", said[0], "，官方账号回复", said[1], "。")
    if posts.value[0] or said[0].value[0]:
        draft.table("分平台发布和互动情况", draft.figure("by_platform"), (4, 3, 4, 4, 5, 5, 5))
        draft.picture("每日发布数量", draft.figure("daily"), "柱", "条")
    draft.close("总体情况")


def spread(draft: Draft) -> None:
    """How far it went: never a measure of anybody's work."""
    if draft.figure("volume", "发布", measure="posts").value[0]:
        sums = [draft.figure("spread", words, measure=name) for name, words in (("reads", "阅读"), ("shares", "转发"))]
        draft.say(SPREAD_ONLY)
        draft.say("本期发布内容累计阅读", sums[0], "，转发", sums[1], "。")
        draft.table("阅读较多的内容", draft.figure("furthest"), (2, 5, 3, 10, 3, 3, 3))
    draft.close("传播分析")


def quiet(draft: Draft) -> None:
    """The whole of a report of which there is nothing else to say."""
    draft.say(f"统计时段为{period_words(draft.brief.since, draft.brief.until)}，统计截止{moment_words(draft.brief.cutoff)}。")
    posts, said = draft.figure("volume", "发布", measure="posts"), draft.figure("volume", "网民评论", measure="citizens")
    draft.say("监测范围内在册", draft.figure("accounts"), "，本期发布", posts, "，收到网民评论", said, "。")
    draft.say(f"{QUIET[draft.brief.kind]}。")
    draft.close("总体情况")


SECTIONS: dict[ReportKind, tuple[Section, ...]] = {
    ReportKind.DAILY: (overall,),
    ReportKind.WEEKLY: (overall, spread),
    ReportKind.MONTHLY: (overall, spread),
    ReportKind.INCIDENT: (overall,),
    ReportKind.TIMELINESS: (overall,),
}


def is_quiet(draft: Draft) -> bool:
    """Whether nothing at all was published, said or found."""
    return not any(draft.figure("volume", words, measure=name).value[0] for name, words in NOTHING)


NOTHING = (("posts", "发布"), ("citizens", "网民评论"), ("official", "官方回复"))
