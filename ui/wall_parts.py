"""The parts of the wall: today's numbers, alerts, incidents with their clocks, citizens who wait, and what cannot be seen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from matrix.alert import AlertLevel
from matrix.alert_step import Judgement
from matrix.incident_clock import Clock, ClockState
from matrix.inspection import Verdict
from storage import alert_rows, alert_watch, cases_soon, outages, silence, wall
from storage import incidents as incident_rows
from ui import signin, wall_paper, worker
from ui.ask import ask
from ui.clock import ago, beijing, clock, due, span
from ui.masks import mask_text
from ui.records import records
from ui.words import kind_words, short

SHOWN = 3
"""As many of a list as can be read from afar; the rest is counted."""

SETTLED = (Judgement.DISMISSED, Judgement.CAMPAIGN)
"""What people have judged to be nothing is no longer shown on the wall."""

LONGEST_TITLE = 26


def checked(moment: float | datetime | None) -> str:
    """0 · 已核对 08:05: an empty part says when it was looked at."""
    if moment is None or moment != moment:
        return "尚未核对"
    return f"0 · 已核对 {beijing(moment):%H:%M}"


def day(now: datetime, _exact: datetime) -> str:
    """今日矩阵."""
    found: wall.Today = ask(wall.today, now=now)
    numbers = [
        (f"{found.posts:,}", "发布", False),
        (f"{found.comments:,}", "评论", False),
        (f"{found.replies:,}", "官方回复", False),
        (f"{found.asked:,}", "收到诉求", False),
        (f"{found.answered:,}", "答复诉求", False),
        (f"{found.collected:,}/{found.watched:,}", "今日已采集账号", False),
    ]
    return wall_paper.section("今日矩阵", wall_paper.figures(numbers), kind="day", beside=f"截至 {beijing(now):%H:%M}")


def alerts(now: datetime, exact: datetime) -> str:
    """未结束预警, the gravest first; without a running watch no zero is told."""
    found = ask(alert_rows.open_alerts)
    watched = ask(alert_watch.watched, now=int(now.timestamp()))
    open_ones = [row for row in records(found) if row["judgement"] not in SETTLED]
    is_blind = watched.is_blind(int(now.timestamp()))
    last = f"最近一次监测 {clock(watched.at, now)}" if watched.at is not None else "声量监测尚未运行"
    beside = f"声量监测已停，{last}" if is_blind and watched.at is not None else last if is_blind else ""
    if not open_ones:
        words = "声量监测未运行，无法判断" if is_blind else checked(watched.at)
        return wall_paper.section("未结束预警", wall_paper.zero(words), beside=beside)
    shown = "".join(one_alert(row, exact) for row in open_ones[:SHOWN])
    return wall_paper.section("未结束预警", shown, f"{len(open_ones)} 起", beside=beside or hidden(len(open_ones)))


def one_alert(row: Mapping[str, Any], exact: datetime) -> str:
    level = AlertLevel(int(row["level"]))
    tags = [(f"{level.label}预警", wall_paper.LEVELS[int(level)])]
    tags += [("演练", "")] if row["is_drill"] else []
    side = f"{row['judgement']} · 已{ago(row['raised_at'], exact)}"
    return wall_paper.item(
        tags, short(mask_text(row["title"]), LONGEST_TITLE), [wall_paper.line(mask_text(row["sentence"]))], side
    )


def incidents(now: datetime, exact: datetime) -> str:
    """处置中事件, the one whose clock asks for something first on top."""
    found = records(ask(incident_rows.open_now, now=int(now.timestamp()) + 59))  # what was opened within this minute too
    if not found:
        return wall_paper.section("处置中事件", wall_paper.zero(checked(now)))
    shown = "".join(one_incident(row, now, exact) for row in found[:SHOWN])
    return wall_paper.section("处置中事件", shown, f"{len(found)} 件", beside=hidden(len(found)))


def one_incident(row: Mapping[str, Any], now: datetime, exact: datetime) -> str:
    tags = [(str(row["event_level"] or row["kind"]) or "待定级", "")]
    tags += [("演练", "")] if row["is_drill"] else []
    moment = int(exact.timestamp())
    first, *rest = sorted(row["clocks"], key=by_urgency)
    lines = [clock_line(first, moment, now, "clock"), *(clock_line(one, moment, now, "") for one in rest[:1])]
    if all(one.state is ClockState.PENDING for one in row["clocks"]):
        lines = [wall_paper.line(f"定级后确定时限，最早{due(first.due_at, now)}", "clock")]
    return wall_paper.item(tags, short(mask_text(row["title"]), LONGEST_TITLE), lines, f"已{ago(row['starts_at'], exact)}")


def by_urgency(one: Clock) -> tuple[bool, int]:
    return not one.is_running, one.due_at


def clock_line(one: Clock, moment: int, now: datetime, kind: str) -> str:
    """新闻发布会 剩3小时12分钟(今日18:30前); what was missed is inverted, what is done says when."""
    if one.stopped_at is not None or not one.is_running:
        when = f" {clock(one.stopped_at, now)}" if one.stopped_at is not None else ""
        return wall_paper.line(f"{one.rule.name} {one.state.value}{when}", kind, is_late=one.is_late)
    left = one.due_at - moment
    if left < 0:
        return wall_paper.line(f"{one.rule.name} 超时{span(-left)}", kind, is_late=True)
    return wall_paper.line(f"{one.rule.name} 剩{span(left)}({due(one.due_at, now)})", kind)


def citizens(now: datetime, exact: datetime) -> str:
    """等待答复的群众: how many, since when, whose time runs out; nobody is named."""
    found: wall.Waiting = ask(wall.waiting, now=now)
    title, beside = "等待答复的群众", f"近{cases_soon.KEEP_DAYS}天"
    if not found.count:
        return wall_paper.section(title, wall_paper.zero(checked(now)), beside=beside)
    oldest = ago(found.oldest_at, exact) if found.oldest_at is not None else "—"
    days, is_long, _ = oldest.partition("天")  # from afar and in one line with the others: hours only within the first day
    numbers = [
        (f"{found.count:,}", "人次等待", False),
        (f"{days}天" if is_long else oldest, "等得最久", False),
        (f"{found.tonight:,}", "今日24:00前到期", False),
        (f"{found.overdue:,}", "已超时", found.overdue > 0),
    ]
    told = [f"{found.unknown:,}件过了时限但情况不明"] if found.unknown else []
    told += [f"{found.unruled:,}件没有时限规则，不判定超时"] if found.unruled else []
    body = wall_paper.figures(numbers) + (wall_paper.note("；".join(told)) if told else "")
    return wall_paper.section(title, body, beside=beside)


def blind(now: datetime, exact: datetime) -> str:
    """采集盲区: what we cannot see, and whether the collector lives."""
    current = ask(outages.current)
    judged = ask(silence.verdicts, now=now, limit_days=signin.limit_days())
    unseen = int((judged["verdict"] == Verdict.BLIND).sum())
    beat, lives = worker.look()
    alive = f"{ago(beat.beat_at, exact)}前" if beat is not None else "从未"
    numbers = [
        (f"{current['outage_id'].nunique():,}", "处采集中断", False),
        (f"{unseen:,}", "个账号看不到", False),
        (alive, "采集程序报平安" if lives else "采集程序没有应答", not lives),
    ]
    body = wall_paper.figures(numbers)
    if len(current):
        first = current.iloc[0]
        words = f"最久：{kind_words(first['kind'])} · {short(first['account'], 14)}，已{ago(first['since'], exact)}"
        body += wall_paper.note(words)
    elif not unseen:
        body += wall_paper.note(checked(judged["last_ok_at"].max()).removeprefix("0 · "))
    return wall_paper.section("采集盲区", body, kind="blind")


def hidden(count: int) -> str:
    return f"另有 {count - SHOWN} 起未显示" if count > SHOWN else ""
