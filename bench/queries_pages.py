"""Which questions the pages of the matrix and of the duty room ask for one choice of filters, as their code asks them."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from matrix.shift import Change, ShiftAct
from storage import (
    answer_rows,
    answers,
    behind,
    cases_daily,
    cases_queue,
    cases_soon,
    cases_thread,
    cases_view,
    glance,
    inspections,
    inspections_kept,
    listing,
    movers,
    organizations,
    overview,
    publishing,
    publishing_changes,
    shifts,
    silence,
    spread,
    timeliness,
    timeliness_cases,
    timeliness_versions,
    update_rules,
)
from storage.moments import OFFSET, from_seconds

DAY = 86400
Question = Callable[[sqlite3.Connection], Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One choice of filters: the last `days` Beijing days up to `now` (Unix seconds), a subtree and a platform (0: all)."""

    now: int
    days: int
    root: int = 0
    platform: int = 0
    scope: tuple[int, ...] = (1,)

    @property
    def today(self) -> int:
        return (self.now + OFFSET) // DAY

    @property
    def since(self) -> int:
        return (self.today - self.days + 1) * DAY - OFFSET

    @property
    def narrow(self) -> dict[str, Any]:
        return {"organization_id": self.root, "line": "", "region": "", "level": "", "platform": self.platform}

    @property
    def in_days(self) -> dict[str, Any]:
        return self.narrow | {"first_day": self.today - self.days + 1, "last_day": self.today}

    @property
    def in_seconds(self) -> dict[str, Any]:
        return self.narrow | {"since": self.since, "until": (self.today + 1) * DAY - OFFSET}

    @property
    def replies(self) -> dict[str, Any]:
        return {"since": self.since, "until": self.now, "organization_id": self.root, "platform": self.platform, "level": ""}

    @property
    def clocked(self) -> dict[str, Any]:
        return self.replies | {"now": self.now, "clock": "首次响应", "working": False}


def pages(chosen: Chosen, db: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Question]]]:
    """Each view of each page with its questions by name; a question that a page asks twice is answered once, as `ui.ask` does."""

    def of(question: Callable[..., Any], **given: Any) -> Question:
        return partial(asked, question, chosen.scope, given)

    frame = {"账号数": of(overview.size), "单位树": of(organizations.tree)}
    verdicts = of(silence.verdicts, now=from_seconds(chosen.now), limit_days=14)
    covered = of(silence.coverage, now=from_seconds(chosen.now))
    board = of(glance.board, **chosen.in_days)
    yield "矩阵总览·账号", frame | {"账号汇总": board, "更新判定": verdicts, "采集完整度": covered}
    units = {"单位汇总": of(glance.units, **chosen.in_days), "所含账号": of(glance.members, **chosen.narrow)}
    yield "矩阵总览·单位", frame | units | {"更新判定": verdicts}
    known = moved(db, chosen)
    period = {name: chosen.in_days[name] for name in ("first_day", "last_day")}
    yield (
        "矩阵总览·升降",
        frame
        | {
            "账号汇总": board,
            "采集中断时长": of(movers.blind, accounts=known, **period),
            "评论最多的发布": of(movers.carriers, accounts=known, measure="comments", **period),
        },
    )
    for measure, words in (("reads", "阅读最多的发布"), ("appeals", "诉求最多的发布")):
        yield f"矩阵总览·升降({words[:2]})", {words: of(movers.carriers, accounts=known, measure=measure, **period)}
    yield "矩阵总览·传播分析", frame | {"传播指数": of(spread.indices, **chosen.in_seconds)}
    for name, words in (("comments", "评论"), ("appeals", "诉求"), ("replies", "官方回复")):
        given = {"name": name, **chosen.in_days}
        yield f"矩阵总览·{words}明细", {f"{words}条数": of(behind.count, **given), f"{words}明细": of(behind.rows, **given)}
    yield "发布监测·概览", frame | {"发布图": of(publishing.figures, **chosen.in_seconds)}
    yield "发布监测·传播", frame | {"传播最广": of(publishing.posts, order="reads", limit=200, **chosen.in_seconds)}
    yield "发布监测·修改和撤下", frame | {"修改和撤下": of(publishing_changes.changes, **chosen.in_seconds)}
    gaps = chosen.in_seconds | {"until": chosen.now}
    yield "发布监测·发布间隔", frame | {"发布间隔": of(publishing_changes.gaps, **gaps)}
    listed = {"发布条数": of(publishing.count, **chosen.in_seconds)}
    yield "发布监测·明细", listed | {"发布明细": of(publishing.posts, order="", limit=100, **chosen.in_seconds)}
    rule, month_ago = update_rules.presets()[0].settled(14), (chosen.today - 30) * DAY - OFFSET
    judged = {"rule": rule, "root": chosen.root}
    today = of(inspections.judged, at=from_seconds(chosen.now), is_live=True, **judged)
    yield "更新检查·今日", frame | {"今日检查": today}
    yield "更新检查·30天前", frame | {"往日检查": of(inspections.judged, at=from_seconds(month_ago), **judged)}
    yield "更新检查·3日内将超期", frame | {"今日检查": today, "责任人": of(listing.ledger)}
    opened = of(inspections_kept.opened, inspection_id=1)
    yield "更新检查·历史检查", frame | {"保存的检查": of(inspections_kept.kept), "打开一次检查": opened}
    used = of(timeliness_versions.versions, since=chosen.since, until=chosen.now, organization_id=chosen.root)
    yield "回复时效·总览", frame | {"时效总表": of(timeliness.board, **chosen.clocked), "识别版本": used}
    cases = {"时效明细条数": of(timeliness_cases.count_cases, **chosen.clocked)}
    yield "回复时效·明细", frame | cases | {"时效明细": of(timeliness_cases.cases, limit=50, **chosen.clocked)}
    yield from work(chosen, db, frame, of)
    summary = of(answers.summary, **chosen.replies)
    both = {"答复汇总和复制粘贴": of(answers.overview, **chosen.replies)}
    beside = {"答复完整度": of(answers.coverage, **chosen.replies), "答复识别版本": of(answers.version)}
    yield "回复质量·总览", frame | both | beside
    rows = {"答复条数": of(answer_rows.count, **chosen.replies), "答复明细": of(answer_rows.rows, **chosen.replies, limit=50)}
    yield "回复质量·明细", frame | {"答复汇总": summary} | rows


def work(
    chosen: Chosen, db: sqlite3.Connection, frame: dict[str, Question], of: Callable[..., Question]
) -> Iterator[tuple[str, dict[str, Question]]]:
    """The duty room: the inbox, the daily book, the first page."""
    since = chosen.now - 90 * DAY
    wanted: dict[str, Any] = {"since": since, "organization_id": chosen.root, "platform": chosen.platform}
    ids = cases_queue.queue(db, chosen.scope, **wanted)["comment_id"].tolist()
    newest = cases_queue.newest_id(db, chosen.scope)
    queue = {"待办队列": of(cases_queue.queue, **wanted), "各状态件数": of(cases_queue.counts, **wanted)}
    yield "诉求待办·队列", frame | queue | {"最新一件": of(cases_queue.newest_id)}
    one = ids[0] if ids else 0
    yield (
        "诉求待办·下一件",
        {
            "一件诉求": of(cases_view.case, comment_id=one, now=chosen.now),
            "所在讨论": of(cases_thread.thread, comment_id=one),
            "办理过程": of(cases_view.steps, comment_id=one),
            "前后各件": of(cases_queue.listing, ids=tuple(ids[:9])),
            "新到件数": of(cases_queue.newer, than=newest, organization_id=chosen.root, platform=chosen.platform),
            "今日进度": of(cases_queue.progress, since=chosen.now - DAY, author="a"),
        },
    )
    # The book holds 96 days at most and opens with a week; its unit is its only filter.
    book = {"since": chosen.since, "until": chosen.now, "now": chosen.now, "organization_id": chosen.root}
    yield "日清日结台账", frame | {"台账": of(cases_daily.daily, **book)}
    part = {"day": chosen.today - 1, "part": "carried", "now": chosen.now, "organization_id": chosen.root}
    yield "日清日结台账·明细", {"台账明细": of(cases_daily.daily_rows, **part, limit=200)}
    upto = [
        int(db.execute(f"SELECT coalesce(max({key}), 0) FROM shifts").fetchone()[0]) for key in ("posts_upto", "comments_upto")
    ]
    last = Change(ShiftAct.HAND, "a", "甲", chosen.now - 8 * 3600, "", *upto)
    here = {"desk": 1, "after": last, "until": None, "now": chosen.now}
    week = from_seconds(chosen.now - 7 * DAY)
    yield (
        "值班首页",
        frame
        | {
            "在班": of(shifts.watch, organization_id=1),
            "交班以来": of(shifts.came, **here),
            "更新判定": of(silence.verdicts, now=from_seconds(chosen.now), limit_days=14),
            "临近时限": of(cases_soon.waiting_soon, now=from_seconds(chosen.now)),
            "最新发布": of(overview.newest_posts, since=week, limit=12),
            "最新评论": of(overview.newest_comments, since=week, limit=12),
        },
    )


def asked(question: Callable[..., Any], scope: tuple[int, ...], given: dict[str, Any], db: sqlite3.Connection) -> Any:
    return question(db, scope, **given)


def moved(db: sqlite3.Connection, chosen: Chosen) -> tuple[int, ...]:
    """Twelve accounts whose comments rose or fell most, as the page finds them."""
    held = glance.board(db, chosen.scope, **chosen.in_days).accounts
    if held.empty:
        return ()
    change = (held["comments"] - held["before_comments"]).abs()
    return tuple(int(key) for key in held.loc[change.nlargest(12).index, "account_id"])
