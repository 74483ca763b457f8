"""The same questions asked the plain way, of raw rows and each unit's parent: what figures mean and would cost."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from bench.queries_pages import DAY, Chosen, moved
from matrix.influence import Articles, Counts, Spread, bci, wci
from storage import update_rules
from storage.moments import OFFSET

Plain = Callable[[sqlite3.Connection, Chosen], Any]
View = Callable[[Any], Any]


def below(chosen: Chosen, platform: bool = True) -> str:
    """The accounts below the unit by following the parents, as a subquery."""
    where = f" AND a.platform = {chosen.platform}" if platform and chosen.platform else ""
    return (
        f"(WITH RECURSIVE d(id) AS (SELECT {chosen.root or chosen.scope[0]} UNION SELECT o.id FROM organizations o JOIN d ON "
        f"o.parent_id = d.id) SELECT a.id FROM accounts a WHERE a.organization_id IN (SELECT id FROM d){where})"
    )


def rows(db: sqlite3.Connection, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return db.execute(sql, values).fetchall()


def within(chosen: Chosen, column: str = "published_at", account: str = "account_id") -> str:
    period = chosen.in_seconds
    return f"+{column} >= {period['since']} AND +{column} < {period['until']} AND {account} IN {below(chosen)}"


def sums(db: sqlite3.Connection, chosen: Chosen) -> dict[int, tuple[int, ...]]:
    """(posts, reads, comments, appeals, replies) by account."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * 5)
    replies = "SELECT r.account_id, count(*) FROM replies r JOIN comments c ON c.id = r.comment_id WHERE " + within(
        chosen, "c.published_at", "r.account_id"
    )
    for place, sql in (
        (0, f"SELECT account_id, count(*), coalesce(sum(reads), 0) FROM posts WHERE {within(chosen)}"),
        (2, f"SELECT account_id, count(*) FROM comments WHERE {within(chosen)}"),
        (3, f"SELECT account_id, count(*) FROM responses WHERE {within(chosen, 'asked_at')}"),
        (4, replies),
    ):
        for account, *numbers in rows(db, f"{sql} GROUP BY 1"):
            found[account][place : place + len(numbers)] = numbers
    return {account: tuple(numbers) for account, numbers in found.items() if any(numbers)}


def unit_sums(db: sqlite3.Connection, chosen: Chosen) -> dict[int, tuple[int, ...]]:
    parents = dict(rows(db, "SELECT id, parent_id FROM organizations"))
    owners = dict(rows(db, "SELECT id, organization_id FROM accounts"))
    inside = {row[0] for row in rows(db, "SELECT id FROM accounts WHERE id IN " + below(chosen))}
    found: dict[int, list[int]] = defaultdict(lambda: [0] * 6)
    held, top = sums(db, chosen), chosen.root or chosen.scope[0]
    for account in inside:
        unit = owners[account]
        while unit is not None:
            for place, number in enumerate((1, *held.get(account, (0,) * 5))):
                found[unit][place] += number
            unit = None if unit == top else parents[unit]
    return {unit: tuple(numbers) for unit, numbers in found.items()}


def last_posts(db: sqlite3.Connection, chosen: Chosen) -> dict[int, int]:
    return dict(rows(db, f"SELECT account_id, max(+published_at) FROM posts WHERE account_id IN {everybody(chosen)} GROUP BY 1"))


def everybody(chosen: Chosen) -> str:
    return below(Chosen(chosen.now, chosen.days, scope=chosen.scope))


def inspected(db: sqlite3.Connection, chosen: Chosen, until: int) -> dict[int, int]:
    """The last post of each account of the units that was public just before `until`."""
    reposts = "" if update_rules.presets()[0].reposts_count else "AND kind <> 'repost' "
    seen = 2**53 if until > chosen.now else until  # whoever asks as of now counts everything that is known
    gone = {row[0] for row in rows(db, f"SELECT post_id FROM withdrawals WHERE confirmed_at < {seen}")}
    found: dict[int, int] = {}
    sql = f"SELECT id, account_id, published_at FROM posts WHERE account_id IN {below(chosen, False)} {reposts}"
    for post, account, at in rows(db, sql):
        if at < until and post not in gone:
            found[account] = max(at, found.get(account, 0))
    return found


def covered(db: sqlite3.Connection, since: int, until: int, whose: str) -> dict[int, tuple[int, int]]:
    sql = (
        "SELECT p.account_id, p.stated, (SELECT count(*) FROM comments c WHERE c.post_id = p.id) FROM posts p WHERE "
        f"p.stated IS NOT NULL AND +p.published_at >= {since} AND +p.published_at < {until} AND p.account_id IN {whose}"
    )
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for account, stated, held in rows(db, sql):
        found[account][0] += stated
        found[account][1] += min(stated, held)
    return {account: (stated, held) for account, (stated, held) in found.items()}


def carriers(db: sqlite3.Connection, chosen: Chosen, of: str) -> list[tuple[int, int]]:
    """(account, largest part of one post) of the accounts that moved; `of` gives account, post, number of posts of the period."""
    names = ", ".join(map(str, moved(db, chosen)))
    found: dict[int, int] = {}
    for account, _, number in rows(db, of.format(names=names or "0", **chosen.in_seconds)):
        found[account] = max(number or 0, found.get(account, 0))
    return sorted((account, number) for account, number in found.items() if number)


def indices(db: sqlite3.Connection, chosen: Chosen) -> list[tuple[Any, ...]]:
    """The formulas over lists of posts, account by account."""
    held: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    sql = f"SELECT account_id, ext_id, kind, reads, likes, shares, comments, platform FROM posts WHERE {within(chosen)}"
    for account, *post in rows(db, sql):
        held[account].append(tuple(post))

    def total(posts: list[tuple[Any, ...]], place: int) -> int | None:
        every = [post[place] for post in posts]
        return None if None in every else sum(every)

    found = []
    for account, posts in sorted(held.items()):
        told = [any(post[place] is None for post in posts) for place in range(6)]
        if posts[0][6] == 2:
            heads, days = [post for post in posts if post[0].endswith("_1")], chosen.days
            most = [None if told[place] else max(post[place] for post in posts) for place in (2, 3, 4)]
            some = [None if told[place] else total(heads, place) for place in (2, 3, 4)]
            parts = [[total(posts, place) for place in (2, 3, 4)], some, most]
            one = wci(Articles(days, len(posts), *(Counts(reads, None, likes, shares) for reads, likes, shares in parts)))
        else:
            own = [post for post in posts if post[1] != "repost"]
            first = (total(posts, 4), total(posts, 5), None if told[4] else total(own, 4), None if told[5] else total(own, 5))
            one = bci(Spread(len(posts), len(own), *first, total(posts, 3)))
        found.append((account, len(posts), None if one.value is None else round(one.value, 6)))
    return found


def figures(db: sqlite3.Connection, chosen: Chosen) -> list[Any]:
    local = f"(p.published_at + {OFFSET})"
    where = f"FROM posts p WHERE {within(chosen, 'p.published_at', 'p.account_id')} GROUP BY 1, 2 ORDER BY 1, 2"
    timed = where.replace(" GROUP BY", f" AND {local} % 86400 <> 0 GROUP BY")
    return [
        rows(db, f"SELECT {local} / 86400, 0, count(*), sum(CASE WHEN p.kind = 'repost' THEN 0 ELSE 1 END) {where}"),
        rows(db, f"SELECT ({local} / 86400 + 3) % 7, {local} / 3600 % 24, count(*) {timed}"),
        sorted(rows(db, f"SELECT p.platform, p.kind, count(*) {where}")),
    ]


def gaps(db: sqlite3.Connection, chosen: Chosen) -> dict[int, int]:
    """The longest silence, by walking each account's posts."""
    at: dict[int, list[int]] = defaultdict(list)
    for account, moment in rows(
        db, f"SELECT account_id, published_at FROM posts WHERE gone_kind IS NULL AND account_id IN {below(chosen)}"
    ):
        at[account].append(moment)
    found = {}
    sql = f"SELECT id, watched_from, last_ok_at, route FROM accounts WHERE id IN {below(chosen)}"
    for account, watched, seen, route in rows(db, sql):
        if route != "files" and watched is not None and seen is not None:
            posts = sorted(moment for moment in at[account] if chosen.since <= moment < chosen.now)
            begin, end = max(chosen.since, watched), min(chosen.now, seen)
            walk = sorted([min([begin, *posts]), *posts, max([end, *posts])])
            if begin < end or posts:
                found[account] = max(after - before for before, after in pairwise(walk))
    return found


def book(db: sqlite3.Connection, chosen: Chosen) -> list[tuple[int, int, int]]:
    """(day, received, carried) of the daily book: every matter looked at for every day."""
    steps: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for number, at, state in rows(db, "SELECT comment_id, at, state FROM case_steps ORDER BY id"):
        steps[number].append((at, state))
    first = chosen.today - chosen.days + 1
    sql = (
        f"SELECT comment_id, asked_at, answer_at FROM responses WHERE asked_at >= {(first - 31) * DAY - OFFSET} "
        f"AND account_id IN {below(chosen, False)}"
    )
    matters = [(number, at, (at + OFFSET) // DAY, answer) for number, at, answer in rows(db, sql)]
    found = []
    for day in range(first, chosen.today + 1):
        end, received, carried = min((day + 1) * DAY - OFFSET, chosen.now), 0, 0
        for number, at, asked, answer in matters:
            if at >= end or day - asked >= 30:
                continue
            received += asked == day
            done = [state for moment, state in steps.get(number, ()) if moment < end]
            settled = done[-1] in ("办结", "无需回复", "已另行回应") if done else answer is not None and answer < end
            carried += not settled
        if received or carried:
            found.append((day, received, carried))
    return found


def copied(db: sqlite3.Connection, chosen: Chosen) -> dict[tuple[int, str], int]:
    """How often each wording was used that an account used below more than one post."""
    groups: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    sql = (
        "SELECT r.account_id, r.text_key, c.id, c.post_id, c.text FROM replies r JOIN comments c ON c.id = r.comment_id "
        f"WHERE r.nature <> '自动回复' AND r.answers IS NOT NULL AND {in_days(chosen)} ORDER BY c.id"
    )
    for account, key, *said in rows(db, sql):
        groups[account, key].append(tuple(said))
    return {
        pair: len(said)
        for pair, said in groups.items()
        if pair[1] and len(said) > 1 and said[0][1] != said[-1][1] and len(said[-1][2]) >= 10
    }


def in_days(chosen: Chosen) -> str:
    return within(chosen, "c.published_at", "r.account_id")
