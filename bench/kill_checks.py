"""What must hold in the files that a killed worker leaves behind, and how two databases of one city are compared."""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from storage import rollups
from storage.database import check_integrity, open_database, open_writer, writing

KEYS = {
    "posts": "platform, ext_id, seen_at",
    "comments": "platform, ext_id, seen_at",
    "post_versions": "post_id, observed_at, seen_at",
    "comment_versions": "comment_id, observed_at, seen_at",
    "reach": "post_id, stat_day, observed_at",
    "followers": "account_id, stat_day, observed_at",
    "withdrawals": "post_id, confirmed_at, kind",
    "coverage": "post_id, checked_at",
    "runs": "id, account_id, started_at",
    "budgets": "scope, name, period, starts_at",
}
"""Tables whose rows stay for good once they are committed, with what names a row and never changes."""

SUMS = {
    "bucket5": "SELECT b5, account_id, n FROM bucket5 WHERE n <> 0",
    "account_day": "SELECT day, account_id, posts, originals, reads, likes, shares, comments FROM account_day "
    "WHERE posts <> 0 OR comments <> 0",
    "node_hour": "SELECT organization_id, h, comments FROM node_hour WHERE comments <> 0",
}
# The plus signs keep the engine from answering out of the unique index that is to be checked.
SAME_KEY = "SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY +platform, +ext_id HAVING count(*) > 1)"
SAME_CONTENT = {
    "posts": "SELECT p.platform, p.ext_id FROM posts p JOIN (SELECT account_id, published_at, title, text FROM posts "
    "GROUP BY 1, 2, 3, 4 HAVING count(*) > 1) d ON d.account_id = p.account_id AND d.published_at = p.published_at "
    "AND d.title = p.title AND d.text = p.text",
    "comments": "SELECT c.platform, c.ext_id FROM comments c JOIN (SELECT author_key, post_id, published_at, text FROM comments "
    "GROUP BY 1, 2, 3, 4 HAVING count(*) > 1) d ON d.author_key = c.author_key AND d.post_id IS NOT DISTINCT FROM c.post_id "
    "AND d.published_at = c.published_at AND d.text = c.text",
}
FACTS = {
    "posts": "SELECT platform, ext_id, account_id, kind, published_at, title, text, url, gone_kind, reads, likes, shares, "
    "comments, stated, cause FROM posts",
    "comments": "SELECT c.platform, c.ext_id, c.account_id, p.ext_id, c.channel, c.parent_ext, c.root_ext, c.author_key, "
    "c.author_is_official, c.published_at, c.text FROM comments c LEFT JOIN posts p ON p.id = c.post_id",
    "followers": "SELECT account_id, stat_day, followers FROM followers",
    "coverage": "SELECT p.ext_id, p.stated, (SELECT count(*) FROM comments c WHERE c.post_id = p.id) FROM posts p",
}

Held = dict[str, set[tuple[object, ...]]]


@dataclass(slots=True)
class Found:
    """What the files of a killed worker showed; every number but `interrupted` and `rows` has to be 0."""

    damaged: int = 0
    sums_apart: int = 0
    lost: int = 0
    doubled: int = 0
    interrupted: int = 0
    rows: int = 0
    sentences: list[str] = field(default_factory=list)


def committed(path: Path) -> Held:
    """The names of all rows that are committed at this moment, in one reading."""
    with closing(open_database(path)) as db:
        db.execute("BEGIN")
        return {table: set(db.execute(f"SELECT {key} FROM {table}").fetchall()) for table, key in KEYS.items()}


def is_being_written(path: Path) -> bool:
    """Whether somebody has the writer's lock."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        db.execute("ROLLBACK")
    return False


def examine(path: Path, scratch: Path, before: Held, truth: set[str]) -> Found:
    """Look at a copy of the files as they lie there, so that the next worker mends its database by itself."""
    for tail in ("", "-wal", "-shm"):
        Path(f"{scratch}{tail}").unlink(missing_ok=True)
        if tail != "-shm" and Path(f"{path}{tail}").exists():
            shutil.copyfile(f"{path}{tail}", f"{scratch}{tail}")
    found = Found()
    with closing(open_writer(scratch)) as db:
        found.sentences += (broken := check_integrity(db))
        found.damaged = len(broken)
        found.sentences += (apart := sums_apart(db))
        found.sums_apart = len(apart)
        for table, key in KEYS.items():
            lost = before.get(table, set()) - set(db.execute(f"SELECT {key} FROM {table}").fetchall())
            found.lost += len(lost)
            found.sentences += [f"{table} 丢失已提交的行 {row}" for row in sorted(lost, key=repr)[:3]]
        twins = doubled(db, truth)
        found.doubled = len(twins)
        found.sentences += twins[:5]
        count = "SELECT (SELECT count(*) FROM posts) + (SELECT count(*) FROM comments), "
        count += "(SELECT count(*) FROM runs WHERE finished_at IS NULL)"
        found.rows, found.interrupted = db.execute(count).fetchone()
    return found


def sums_apart(db: sqlite3.Connection) -> list[str]:
    """Where sums and facts disagree: totals by the product's own test, then row by row against sums made anew from the facts."""
    found = [f"{name} 的合计与明细相差 {number}" for name, number in rollups.differences(db).items() if number]
    kept = {name: set(db.execute(sql).fetchall()) for name, sql in SUMS.items()}
    with writing(db):
        rollups.rebuild(db)
    for name, sql in SUMS.items():
        if wrong := kept[name] ^ set(db.execute(sql).fetchall()):
            found.append(f"{name} 有 {len(wrong)} 行与重新汇总的结果不同，例如 {min(wrong, key=repr)}")
    return found


def doubled(db: sqlite3.Connection, truth: set[str]) -> list[str]:
    """Rows that are there twice: by key, or by content under two ids of which the city knows only one."""
    found = []
    for table in ("posts", "comments"):
        if number := db.execute(SAME_KEY.format(table)).fetchone()[0]:
            found.append(f"{table} 有 {number} 个编号重复")
        rows = db.execute(SAME_CONTENT[table]).fetchall()
        found += [f"{table} 内容重复而城市中没有：{ext_id}" for _, ext_id in rows if city_key(ext_id) not in truth]
    return found


def city_key(ext_id: str) -> str:
    """The city's own key of a post or comment: WeChat's ids are kept behind the account's."""
    return ext_id.partition(":")[2] if ext_id.startswith(("wx", "MP_WXS")) else ext_id


def facts(path: Path) -> Held:
    """What a database says of its city, without when and how it learned it."""
    with closing(open_database(path)) as db:
        return {name: set(db.execute(sql).fetchall()) for name, sql in FACTS.items()}


def unlike(path: Path, clean: Path) -> list[str]:
    """How the facts of a database that was killed again and again differ from those of a clean pass."""
    found, kept = [], facts(path)
    for name, wanted in facts(clean).items():
        found += [f"{name} 缺少 {row}" for row in some(wanted - kept[name])]
        found += [f"{name} 多出 {row}" for row in some(kept[name] - wanted)]
    with closing(open_database(path)) as db:
        if left := db.execute("SELECT count(*) FROM runs WHERE finished_at IS NULL").fetchone()[0]:
            found.append(f"还有 {left} 条采集记录没有结束")
        faults = db.execute(
            "SELECT DISTINCT cause, sentence FROM runs WHERE outcome = 'failed' AND cause <> 'worker:killed'"
        ).fetchall()
        found += [f"采集失败：{cause} {sentence}" for cause, sentence in faults]
    return found


def invented(path: Path, truth: set[str]) -> list[str]:
    """Posts and comments that the city never had."""
    with closing(open_database(path)) as db:
        ids = db.execute("SELECT ext_id FROM posts UNION ALL SELECT ext_id FROM comments").fetchall()
    return [f"城市中没有 {ext_id}" for (ext_id,) in ids if city_key(ext_id) not in truth]


def some(rows: Iterable[tuple[object, ...]], most: int = 4) -> list[tuple[object, ...]]:
    return sorted(rows, key=repr)[:most]
