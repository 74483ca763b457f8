"""What the questions of response times and of cases cost on a year of a province, and whether their figures are right."""

import argparse
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from typing import Any

from bench.responses_base import NOW, base_of, take_base
from bench.show import show
from matrix.waiting import HOURS
from storage import cases_daily, cases_queue, cases_thread, cases_view, timeliness, timeliness_cases
from storage.database import open_database

ABOUT = "回复时效：每个账号的中位与九成用时、各项查询、待办的下一件、日清日结，与直接查原始评论对照，并逐账号核对结果"
SCOPE = (1,)
DAY = 86400
GOALS = {"每个账号 p50/p90，30 天": 100, "每个账号 p50/p90，90 天": 100, "诉求待办的下一件": 100, "日清日结台账，两天": 50}
"""Milliseconds, warm median."""

NAIVE = """
WITH waits AS (
  SELECT c.account_id, (SELECT min(k.published_at) FROM comments k WHERE k.platform = c.platform AND k.parent_ext = c.ext_id
    AND k.author_account_id IS NOT NULL) - c.published_at AS wait
  FROM comments c WHERE c.kind = 1 AND c.published_at >= :since AND c.published_at < :until),
ranked AS (
  SELECT account_id, wait, row_number() OVER (PARTITION BY account_id ORDER BY wait IS NULL, wait) AS place,
    count(*) OVER (PARTITION BY account_id) AS n FROM waits)
SELECT account_id, max(CASE WHEN place = (n + 1) / 2 THEN wait END), max(CASE WHEN place = (9 * n + 9) / 10 THEN wait END)
FROM ranked GROUP BY account_id
"""
"""The same from raw comments in plain SQL; it even leaves out who is still within his time."""

Question = Callable[[], Any]


def main(argv: list[str]) -> int:
    """0 when every goal is met and every figure that is checked equals its second calculation."""
    parser = argparse.ArgumentParser(prog="run.py bench responses", description=ABOUT)
    take_base(parser)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args(argv)
    with base_of(options) as path, closing(open_database(path)) as db:
        return measure(db, options)


def measure(db: sqlite3.Connection, options: argparse.Namespace) -> int:
    figures: dict[str, Any] = {"accounts": options.accounts, "comments": options.comments}
    rows: list[tuple[Any, ...]] = []
    missed = 0
    for name, ask in questions(db).items():
        median, high, busy = timed(ask, options.rounds)
        goal = GOALS.get(name)
        missed += goal is not None and median > goal
        rows.append((name, median, f"毫秒，p95 {high:,.1f}，CPU {busy:,.1f}" + (f"，目标 ≤ {goal}" if goal else "")))
        figures[name] = {"median": round(median, 1), "p95": round(high, 1), "cpu": round(busy, 1)}
    for days in (30, 90):
        median, _, _ = timed(lambda since=NOW - days * DAY: db.execute(NAIVE, {"since": since, "until": NOW}).fetchall(), 3)
        rows.append((f"对照：直接查原始评论，{days} 天", median, "毫秒"))
        figures[f"对照 {days} 天"] = round(median, 1)
    checked, wrong = check(db)
    rows += [("与另写的逐条计算核对(账号数)", checked, f"不一致 {len(wrong)}")]
    rows += [("不一致", one) for one in wrong[:5]]
    figures |= {"checked": checked, "wrong": len(wrong)}
    show(f"回复时效：{options.accounts:,} 个账号、{options.comments:,} 条评论，热身后 {options.rounds} 次取中位数", rows, figures)
    return 1 if missed or wrong else 0


def questions(db: sqlite3.Connection) -> dict[str, Question]:
    """What is measured, by name."""
    found: dict[str, Question] = {}
    for days in (30, 90):
        period: dict[str, Any] = {"since": NOW - days * DAY, "until": NOW, "now": NOW}
        for name, question in (
            ("每个账号 p50/p90", timeliness.percentiles),
            ("账号表", timeliness.by_account),
            ("单位表", timeliness.by_unit),
            ("用时分布", timeliness.distribution),
            ("回复曲线", timeliness.curve),
            ("按日趋势", timeliness.trend),
            ("按时刻", timeliness.by_hour),
            ("整页", timeliness.board),
        ):
            found[f"{name}，{days} 天"] = lambda question=question, period=period: question(db, SCOPE, **period)
        found[f"账号表(工作时间)，{days} 天"] = lambda period=period: timeliness.by_account(db, SCOPE, **period, working=True)
        found[f"账号表(按当时所知)，{days} 天"] = lambda period=period: timeliness.by_account(
            db, SCOPE, **period, as_of=NOW - DAY
        )
        found[f"一个账号，{days} 天"] = lambda period=period: timeliness.board(db, SCOPE, **period, account_id=7)
        found[f"最久未回复的 50 条，{days} 天"] = lambda period=period: timeliness_cases.cases(
            db, SCOPE, limit=50, states=("尚未回复",), **period
        )
    return found | {
        "诉求待办的下一件": lambda: next_item(db),
        "日清日结台账，两天": lambda: cases_daily.daily(db, SCOPE, since=NOW - DAY, until=NOW, now=NOW),
    }


def next_item(db: sqlite3.Connection) -> Any:
    """What the inbox asks when one goes on to the next: who comes first, the case, its thread and its steps."""
    first = int(cases_queue.queue(db, SCOPE, since=NOW - 90 * DAY, limit=1)["comment_id"].iloc[0])
    about = cases_view.case(db, SCOPE, comment_id=first, now=NOW)
    return about, cases_thread.thread(db, SCOPE, comment_id=first), cases_view.steps(db, SCOPE, comment_id=first)


def timed(ask: Question, rounds: int) -> tuple[float, float, float]:
    """Median and 95th percentile of warm calls and their median of CPU, in milliseconds; the CPU tells a busy machine apart."""
    for _ in range(2):
        ask()
    found, busy = [], []
    for _ in range(rounds):
        begin, spent = time.perf_counter(), time.process_time()
        ask()
        found.append((time.perf_counter() - begin) * 1000)
        busy.append((time.process_time() - spent) * 1000)
    return sorted(found)[len(found) // 2], sorted(found)[min(rounds - 1, int(rounds * 0.95))], sorted(busy)[len(busy) // 2]


def check(db: sqlite3.Connection, every: int = 40) -> tuple[int, list[str]]:
    """Compare a sample of accounts with a calculation row by row; gives how many, and what differs."""
    wrong: list[str] = []
    checked = 0
    for days in (30, 90):
        period: dict[str, Any] = {"since": NOW - days * DAY, "until": NOW, "now": NOW}
        table = timeliness.by_account(db, SCOPE, **period).set_index("account_id")
        fast = timeliness.percentiles(db, SCOPE, **period).set_index("account_id")
        for account in table.index[::every]:
            expected = by_hand(db, int(account), period["since"])
            checked += 1
            for name, value in expected.items():
                for frame in (table, fast) if name in fast else (table,):
                    found = frame.loc[account, name]
                    if not (found == value or (value is None and found != found)):
                        wrong.append(f"账号{account} {days}天 {name}：{found}，应为 {value}")
    return checked, wrong


def by_hand(db: sqlite3.Connection, account: int, since: int) -> dict[str, int | None]:
    """The published definitions, one row after another and in whole numbers."""
    rows = db.execute(
        "SELECT asked_at, first_at, known_until FROM responses "
        "WHERE account_id = :account AND asked_at >= :since AND asked_at < :now",
        {"account": account, "since": since, "now": NOW},
    ).fetchall()
    answered = [(first - asked, asked) for asked, first, _ in rows if first is not None and first <= NOW]
    rest = [(asked, known) for asked, first, known in rows if first is None or first > NOW]
    still = [(min(known, NOW) - asked, asked) for asked, known in rest if known is not None and min(known, NOW) >= asked]
    found: dict[str, int | None] = {"n": len(rows), "answered": len(answered), "open": len(still)}
    for hours in HOURS:
        bound = hours * 3600
        found[f"met_{hours}"] = sum(wait <= bound <= NOW - asked for wait, asked in answered)
        missed = sum(wait > bound <= NOW - asked for wait, asked in answered) + sum(wait >= bound for wait, _ in still)
        found[f"of_{hours}"] = (found[f"met_{hours}"] or 0) + missed
    for name, part in (("p50", Fraction(1, 2)), ("p90", Fraction(9, 10))):
        found[name] = quantile([wait for wait, _ in answered], [wait for wait, _ in still], part)
    return found


def quantile(answered: list[int], still: list[int], part: Fraction) -> int | None:
    """Kaplan-Meier in exact fractions."""
    left = Fraction(1)
    for wait in sorted(set(answered)):
        at_risk = sum(other >= wait for other in answered) + sum(other >= wait for other in still)
        left *= 1 - Fraction(answered.count(wait), at_risk)
        if left <= 1 - part:
            return wait
    return None
