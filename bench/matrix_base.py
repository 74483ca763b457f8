"""What a year of a province holds beside its comments: reach, changes of posts, looks at accounts, replies as read, cases."""

import random
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from bench.show import progress
from matrix.reply import Reason, ReplyNature
from storage import inspections, rollups, update_rules
from storage.database import writing

DAY = 86400
REASONS = {
    ReplyNature.SUBSTANTIVE: ("", "", "", str(Reason.NO_TIME), f"{Reason.CITED},{Reason.NO_TIME}", str(Reason.ASIDE)),
    ReplyNature.RECEIPT: (str(Reason.RECEIVED), str(Reason.HANDED_OVER), str(Reason.CALL), f"{Reason.PROMISE},{Reason.CURT}"),
    ReplyNature.AUTOMATIC: ("",),
}
NATURES = [ReplyNature.SUBSTANTIVE] * 12 + [ReplyNature.RECEIPT] * 7 + [ReplyNature.AUTOMATIC]

ACCOUNTS = """
UPDATE accounts SET watched_from = CASE WHEN id % 25 = 7 THEN :now - 20 * 86400 ELSE :now - 400 * 86400 END,
  last_check_at = :now - id % 60 * 30, next_check_at = :now + 1800 - id % 60 * 30, interval_seconds = 1800,
  last_ok_at = CASE WHEN id % 40 = 3 THEN :now - 3 * 86400 ELSE :now - id % 60 * 30 END, followers = id % 977 * 137,
  last_post_at = (SELECT max(p.published_at) FROM posts p WHERE p.account_id = accounts.id),
  person = '联络人' || id % 90, phone = '0591-8' || (1000000 + id), filing = '已备案',
  exemption = CASE WHEN id % 80 = 5 THEN '年度停更已报备' ELSE '' END,
  status = CASE WHEN id % 60 = 9 THEN '暂停' ELSE '正常运行' END,
  route = CASE WHEN id % 20 = 11 THEN 'none' WHEN id % 20 = 17 THEN 'files' WHEN id % 20 = 2 THEN 'feed' WHEN platform = 2 THEN
  'wechat' ELSE route END
"""
RUNS = """
WITH RECURSIVE looks(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM looks WHERE n < :last)
INSERT INTO runs(account_id, route, started_at, finished_at, outcome, sentence, posts_seen, seen_from, seen_until, blind_since,
  blind_reason)
SELECT a.id, a.route, :from_at + n * :each + a.id % 60, :from_at + n * :each + a.id % 60 + 4,
  CASE WHEN (a.id + n) % 53 = 0 THEN 'failed' ELSE 'ok' END, '', 1,
  CASE WHEN (a.id + n) % 53 > 0 THEN :from_at + n * :each + a.id % 60 END,
  CASE WHEN (a.id + n) % 53 > 0 THEN :from_at + n * :each + a.id % 60 + 4 END,
  CASE WHEN (a.id + n) % 53 = 0 THEN :from_at + (n - 1) * :each + a.id % 60 END,
  CASE WHEN (a.id + n) % 53 = 0 THEN '授权已过期' END
FROM looks CROSS JOIN accounts a WHERE a.route <> 'none' AND (a.route <> 'files' OR n % 14 = 0)
"""
PARTS = {
    "looks": [
        ACCOUNTS,
        "UPDATE organizations SET line = CASE id % 6 WHEN 0 THEN '教育' WHEN 1 THEN '卫健' WHEN 2 THEN '公安' ELSE '' END, "
        "region = CASE WHEN level = '省级' THEN '' ELSE '地区' || id % 14 END",
        "INSERT INTO outages(cause, kind, sentence, since, until, seen_at) VALUES('token:1', 'token', '授权已过期', "
        ":now - 259200, NULL, :now), ('token:2', 'token', '授权已过期', :now - 2592000, :now - 2160000, :now)",
        "INSERT INTO outage_accounts(outage_id, account_id, since, until) SELECT 1, id, :now - 259200, NULL FROM accounts "
        "WHERE id % 40 = 3 UNION ALL SELECT 2, id, :now - 2592000, :now - 2160000 FROM accounts WHERE id % 30 = 4",
        "INSERT INTO update_limits(organization_id, days, basis, valid_from, seen_at, author) SELECT id, 7, '本市规定', 0, 0, "
        "'测量' FROM organizations WHERE level = '市级' AND id % 3 = 0",
        "WITH RECURSIVE weeks(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM weeks WHERE n < 51) INSERT INTO followers(account_id, "
        "observed_at, followers, seen_at) SELECT a.id, :now - n * 604800, a.id % 977 * 137 - n, :now FROM weeks CROSS JOIN "
        "accounts a",
        "INSERT INTO shifts(organization_id, act, login, name, at, note, posts_upto, comments_upto) SELECT 1, '交班', 'a', '甲', "
        ":now - 28800, '', (SELECT max(id) FROM posts WHERE published_at < :now - 28800), "
        "(SELECT max(id) FROM comments WHERE published_at < :now - 28800)",
    ],
    "posts": [
        "INSERT INTO reach(post_id, observed_at, reads, likes, shares, comments, seen_at) SELECT p.id, "
        "p.published_at + n.k * 7200, p.reads * n.k / 3, p.likes * n.k / 3, p.shares * n.k / 3, p.comments * n.k / 3, :now "
        "FROM posts p CROSS JOIN (SELECT 1 AS k UNION ALL SELECT 2 UNION ALL SELECT 3) n "
        "WHERE p.published_at > :now - 90 * 86400",
        "INSERT INTO post_versions(post_id, observed_at, title, text, seen_at) SELECT id, published_at + 300, '', "
        "'通知(更正前)', published_at + 300 FROM posts WHERE id % 97 = 0",
        "INSERT INTO post_states(post_id, seen_at, published_at, observed_at, title, text, url) SELECT id, published_at + 9000, "
        "published_at, published_at + 300, '', '通知(更正前)', '' FROM posts WHERE id % 97 = 0",
        "INSERT INTO withdrawals(post_id, kind, confirmed_at, seen_at) SELECT id, 'deleted', published_at + 7000, "
        "published_at + 7000 FROM posts WHERE id % 211 = 0",
        "UPDATE posts SET gone_kind = 'deleted', gone_at = published_at + 7000 WHERE id % 211 = 0",
        "INSERT INTO coverage(post_id, checked_at, stated, held, cause, seen_at) SELECT id, published_at + 86400, stated, held, "
        "'', published_at + 86400 FROM posts WHERE published_at > :now - 90 * 86400",
    ],
    "cases": [
        "INSERT INTO appeals(comment_id, kind, score, markers, read_by, read_at) SELECT comment_id, kind, 0.9, '请求处理', "
        "'诉求判读 1', seen_at FROM responses",
        "INSERT INTO case_steps(id, comment_id, act, before, state, at, author, why) SELECT comment_id * 2, comment_id, "
        "'确认诉求', '待办', '办理中', asked_at + 3600, 'a', '' FROM responses "
        "WHERE comment_id % 23 = 0 AND asked_at > :now - 90 * 86400",
        "INSERT INTO case_steps(id, comment_id, act, before, state, at, author, why) SELECT comment_id * 2 + 1, comment_id, "
        "CASE WHEN comment_id % 2 = 0 THEN '核实办结' ELSE '无需回复' END, '办理中', CASE WHEN comment_id % 2 = 0 THEN '办结' "
        "ELSE '无需回复' END, asked_at + 9000, 'a', '' FROM responses WHERE comment_id % 46 < 24 AND comment_id % 23 = 0 "
        "AND asked_at > :now - 90 * 86400 AND comment_id % 5 > 0",
        "INSERT INTO cases(comment_id, state, since, step_id) SELECT s.comment_id, s.state, s.at, s.id FROM case_steps s WHERE "
        "s.id = (SELECT max(t.id) FROM case_steps t WHERE t.comment_id = s.comment_id)",
    ],
}
"""Plain statements in their order; `:now` is the cut-off of the measurements."""


def furnish(db: sqlite3.Connection, now: int) -> None:
    """Fill what the pages of the matrix and of the duty room ask for, in a database whose comments and responses are there."""
    steps: list[Callable[[], None]] = [
        lambda: run(db, "looks", now),
        lambda: looks(db, now),
        lambda: run(db, "posts", now),
        lambda: run(db, "cases", now),
        lambda: replies(db),
        lambda: keep(db, now),
        lambda: rollups.rebuild(db),
    ]
    for step in progress(steps, len(steps), "装入其余"):
        with writing(db):
            step()


def run(db: sqlite3.Connection, part: str, now: int) -> None:
    for statement in PARTS[part]:
        db.execute(statement, {"now": now} if ":now" in statement else {})


def looks(db: sqlite3.Connection, now: int) -> None:
    """Two looks a day at every account for a year, and each hour in the last two days."""
    db.execute(RUNS, {"last": 725, "from_at": now - 365 * DAY, "each": DAY // 2})
    db.execute(RUNS, {"last": 47, "from_at": now - 2 * DAY, "each": 3600})


def replies(db: sqlite3.Connection) -> None:
    """Every official word as read: three in four substantive, one in ten the wording of another one of that account."""
    dice = random.Random(9)
    said = db.execute("SELECT id, account_id, published_at, parent_ext FROM comments WHERE kind = 2 ORDER BY id").fetchall()

    def rows() -> list[tuple[object, ...]]:
        made = []
        for number, account, at, parent in said:
            nature = dice.choice(NATURES)
            key = f"c{dice.randrange(20)}" if dice.random() < 0.1 else f"k{number:x}"
            reasons = dice.choice(REASONS[nature])
            answers = int(parent[2:]) if parent else None
            made.append((number, account, (at + 28800) // DAY, key, nature, nature, reasons, 0.9, "回复判读 1", at, answers))
        return made

    db.executemany(
        "INSERT INTO replies(comment_id, account_id, day, text_key, nature, read_nature, reasons, score, read_by, read_at, "
        "answers) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )


def keep(db: sqlite3.Connection, now: int) -> None:
    """Two kept inspections, as of a month ago and of today."""
    rule = update_rules.presets()[0].settled(14)
    for days in (30, 1):
        at = datetime.fromtimestamp((now + 28800) // DAY * DAY - 28800 - days * DAY, UTC)
        told = datetime.fromtimestamp(now, UTC)
        inspections.keep(db, (1,), rule=rule, at=at, root=0, author="测量", now=told)


def counts(dice: np.random.Generator, size: int, platform: np.ndarray) -> dict[str, np.ndarray]:
    """Reads, likes, shares of posts; Weibo does not tell reads, which -1 stands for."""
    reach = dice.lognormal(6, 1.5, size)
    return {
        "reads": np.where(platform == 2, reach, -1).astype(np.int64),
        "likes": (reach * dice.random(size) / 20).astype(np.int64),
        "shares": (reach * dice.random(size) / 50).astype(np.int64),
    }
