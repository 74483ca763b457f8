"""For each question its plain twin, and how the answers of both are laid side by side."""

from collections import Counter
from typing import Any, NamedTuple

import pandas as pd

from bench import queries_naive as plain
from bench.queries_naive import DAY, OFFSET, Plain, View, below, rows, within
from bench.queries_pages import Chosen

REPLY = "(SELECT min(k.published_at) FROM comments k WHERE k.platform = c.platform AND k.parent_ext = c.ext_id)"


class Twin(NamedTuple):
    """The plain question, and what of the fast answer must equal its own; None where it only tells the time."""

    ask: Plain
    view: View | None = None


def pairs(*names: str) -> View:
    """Columns of a frame, the first one as the key of the others."""
    return lambda frame: {
        key: values[0] if len(values) == 1 else tuple(values)
        for key, *values in frame[list(names)].astype(object).itertuples(index=False, name=None)
    }


def account_sums(found: Any) -> dict[int, tuple[int, ...]]:
    frame = found.accounts
    numbers = frame[["account_id", "posts", "reads", "comments", "appeals", "replies"]].itertuples(index=False, name=None)
    return {int(key): tuple(map(int, values)) for key, *values in numbers if any(values)}


def told(frame: pd.DataFrame, key: str, value: str) -> dict[int, int]:
    """Rows that tell the value."""
    kept = frame[frame[value].notna()]
    return dict(zip(kept[key].astype(int), kept[value].astype(int), strict=True))


def listed(name: str) -> View:
    return lambda frame: frame[name].astype(int).tolist()


def figure_rows(found: Any) -> list[Any]:
    daily = found.daily[found.daily["posts"] > 0]
    names = ["platform", "kind", "posts"]
    return [
        [(int(day), 0, int(posts), int(own)) for day, posts, own in daily.itertuples(index=False, name=None)],
        [tuple(map(int, row)) for row in found.heat.itertuples(index=False, name=None)],
        sorted((int(one), kind, int(n)) for one, kind, n in found.kinds[names].itertuples(index=False, name=None)),
    ]


def index_rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return [
        (int(account), int(posts), None if value is None or value != value else round(value, 6))
        for account, posts, value in frame[["account_id", "posts", "value"]].astype(object).itertuples(index=False, name=None)
    ]


def carried(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return sorted((int(account), int(n)) for account, n in zip(frame["account_id"], frame["n"], strict=True))


def book_rows(frame: pd.DataFrame) -> list[tuple[int, int, int]]:
    sums = frame.groupby("day")[["received", "carried"]].sum().reset_index()
    held = (sums[name].astype(int).tolist() for name in ("day", "received", "carried"))
    return [(day, received, left) for day, received, left in zip(*held, strict=True) if received or left]


def natures(frame: pd.DataFrame) -> dict[int, tuple[int, ...]]:
    names = ["account_id", "n", "substantive", "receipt", "automatic", "复制粘贴", "groups"]
    return {int(key): tuple(map(int, values)) for key, *values in frame[names].itertuples(index=False, name=None)}


def plain_natures(db: Any, chosen: Chosen) -> dict[int, tuple[int, ...]]:
    found: dict[int, Counter[str]] = {}
    sql = "SELECT r.account_id, r.nature FROM replies r JOIN comments c ON c.id = r.comment_id WHERE r.answers IS NOT NULL AND "
    for account, nature in rows(db, sql + plain.in_days(chosen)):
        found.setdefault(account, Counter()).update([nature, "n"])
    for (account, _), number in plain.copied(db, chosen).items():
        found[account].update({"copied": number, "groups": 1})
    names = ("n", "实质答复", "程式化回复", "自动回复", "copied", "groups")
    return {account: tuple(counts[name] for name in names) for account, counts in found.items()}


def answered(db: Any, chosen: Chosen) -> dict[int, tuple[int, int]]:
    found: dict[int, list[int]] = {}
    where = f"c.kind = 1 AND c.published_at < {chosen.now} AND " + within(chosen, "c.published_at", "c.account_id")
    for account, reply in rows(db, f"SELECT c.account_id, {REPLY} FROM comments c WHERE {where}"):
        numbers = found.setdefault(account, [0, 0])
        numbers[0] += 1
        numbers[1] += reply is not None and reply <= chosen.now
    return {account: (n, done) for account, (n, done) in found.items()}


def waiting(db: Any, chosen: Chosen) -> list[int]:
    """Open matters, nearest due time first; in this base it is three days after the question."""
    sql = (
        f"SELECT c.id FROM comments c WHERE c.kind = 1 AND +c.published_at >= {chosen.now - 90 * DAY} AND c.account_id IN "
        f"{below(chosen)} AND {REPLY} IS NULL AND c.id NOT IN (SELECT comment_id FROM cases) "
        "ORDER BY c.published_at, c.id LIMIT 500"
    )
    return [row[0] for row in rows(db, sql)]


def changed(db: Any, chosen: Chosen) -> Counter[tuple[int, str]]:
    found: Counter[tuple[int, str]] = Counter()
    for table, kind in (("post_versions", "'edited'"), ("withdrawals", "t.kind")):
        sql = f"SELECT p.id, {kind} FROM {table} t JOIN posts p ON p.id = +t.post_id WHERE "
        found.update(rows(db, sql + within(chosen, "p.published_at", "p.account_id")))
    return found


def counted(table: str, column: str = "published_at", more: str = "") -> Plain:
    return lambda db, chosen: rows(
        db, f"SELECT count(*) FROM {table} x WHERE {within(chosen, f'x.{column}', 'x.account_id')}{more}"
    )[0][0]


def newest(table: str, limit: int, more: str = "", since: int = 0) -> Plain:
    """The newest rows by sorting all that there are."""

    def ask(db: Any, chosen: Chosen) -> list[int]:
        where = (
            within(chosen, "x.published_at", "x.account_id")
            if not since
            else (f"+x.published_at >= {chosen.now - since} AND x.account_id IN {plain.everybody(chosen)}")
        )
        return [
            row[0]
            for row in rows(
                db,
                f"SELECT x.id, x.text FROM {table} x WHERE {where}{more} ORDER BY +x.published_at DESC, x.id DESC LIMIT {limit}",
            )
        ]

    return ask


MOST = (
    "SELECT account_id, post_id, count(*) FROM {} WHERE account_id IN ({{names}}) AND +{} >= {{since}} AND +{} < {{until}} "
    "GROUP BY 1, 2"
)
READS = (
    "SELECT account_id, id, reads FROM posts WHERE account_id IN ({names}) AND +published_at >= {since} "
    "AND +published_at < {until}"
)
TOP = "SELECT x.id, x.text FROM posts x WHERE {} ORDER BY coalesce(x.reads, -1) DESC, x.published_at DESC, x.id DESC LIMIT 200"
"""Plain SQL with the places of names and period."""

TWINS: dict[str, Twin] = {
    "账号汇总": Twin(plain.sums, account_sums),
    "单位汇总": Twin(plain.unit_sums, pairs("organization_id", "accounts", "posts", "reads", "comments", "appeals", "replies")),
    "更新判定": Twin(plain.last_posts, lambda frame: told(frame, "account_id", "last_post_at")),
    "采集完整度": Twin(
        lambda db, chosen: plain.covered(db, chosen.now - 7 * DAY, 2**53, plain.everybody(chosen)),
        pairs("account_id", "stated", "held"),
    ),
    "评论最多的发布": Twin(
        lambda db, chosen: plain.carriers(db, chosen, MOST.format("comments", *["published_at"] * 2)), carried
    ),
    "阅读最多的发布": Twin(lambda db, chosen: plain.carriers(db, chosen, READS), carried),
    "诉求最多的发布": Twin(lambda db, chosen: plain.carriers(db, chosen, MOST.format("responses", *["asked_at"] * 2)), carried),
    "传播指数": Twin(plain.indices, index_rows),
    "评论条数": Twin(counted("comments"), int),
    "评论明细": Twin(newest("comments", 100), listed("comment_id")),
    "诉求条数": Twin(counted("responses", "asked_at"), int),
    "诉求明细": Twin(newest("comments", 100, " AND x.kind = 1"), listed("comment_id")),
    "官方回复条数": Twin(counted("comments", more=" AND x.kind = 2"), int),
    "官方回复明细": Twin(newest("comments", 100, " AND x.kind = 2"), listed("comment_id")),
    "发布图": Twin(plain.figures, figure_rows),
    "传播最广": Twin(
        lambda db, chosen: [row[0] for row in rows(db, TOP.format(within(chosen, "x.published_at", "x.account_id")))],
        listed("post_id"),
    ),
    "修改和撤下": Twin(changed, lambda frame: Counter(zip(frame["post_id"].astype(int), frame["what"], strict=True))),
    "发布间隔": Twin(plain.gaps, lambda frame: told(frame[frame["route"] != "files"], "account_id", "seconds")),
    "发布条数": Twin(counted("posts"), int),
    "发布明细": Twin(newest("posts", 100), listed("post_id")),
    "今日检查": Twin(
        lambda db, chosen: plain.inspected(db, chosen, chosen.now + 1), lambda frame: told(frame, "account_id", "published_at")
    ),
    "往日检查": Twin(
        lambda db, chosen: plain.inspected(db, chosen, (chosen.today - 30) * DAY - OFFSET),
        lambda frame: told(frame, "account_id", "published_at"),
    ),
    "时效总表": Twin(answered, lambda found: pairs("account_id", "n", "answered")(found.by_account)),
    "时效明细条数": Twin(counted("comments", more=" AND x.kind = 1"), int),
    "待办队列": Twin(waiting, listed("comment_id")),
    "台账": Twin(plain.book, book_rows),
    "最新发布": Twin(newest("posts", 12, since=7 * DAY), listed("post_id")),
    "最新评论": Twin(newest("comments", 12, since=7 * DAY), listed("comment_id")),
    "答复汇总": Twin(plain_natures, natures),
    "答复完整度": Twin(
        lambda db, chosen: plain.covered(db, chosen.since, chosen.now, below(chosen)), pairs("account_id", "stated", "held")
    ),
    "答复汇总和复制粘贴": Twin(
        plain.copied,
        lambda found: {
            pair[:2]: pair[2] for pair in found.copies[["account_id", "text_key", "n"]].itertuples(index=False, name=None)
        },
    ),
    "答复条数": Twin(counted("comments", more=" AND x.kind = 2"), int),
}
"""By the name of the question. Those that are not here look up a few rows by their keys, and nothing plainer can be asked."""
