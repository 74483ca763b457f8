"""Time-limit rules: the presets of the rule file, and which rule a subtree adopted from when; dated rows, never changed."""

import re
import sqlite3
import tomllib
from datetime import datetime
from pathlib import Path

import pandas as pd

from matrix.rule import NO_LIMIT, Rule, RuleClock, parse_rules, terms_from_text, terms_to_text
from storage.batches import bump_version
from storage.moments import to_seconds
from storage.scope import Scope, organizations_in

PRESETS = Path(__file__).resolve().parents[1] / "response_rules.toml"
ADOPTED = [
    "id",
    "organization_id",
    "code",
    "organization",
    "name",
    "clock",
    "terms",
    "source",
    "valid_from",
    "seen_at",
    "author",
]


def presets(path: Path = PRESETS) -> list[Rule]:
    """The rules that may be adopted, in the order of the file. Raises ValueError, a Chinese sentence that names the place."""
    try:
        return parse_rules(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = f"第{place[1]}行附近" if place else "末尾"
        raise ValueError(f"时限规则文件 {path.name} 的{line}写法有误：请检查引号、等号和方括号是否成对、半角。") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"时限规则文件 {path.name} 不是UTF-8编码：请用记事本另存为UTF-8。") from error
    except OSError as error:
        raise ValueError(f"时限规则文件 {path.name} 无法读取：请从安装包里放回程序目录。") from error


def adopt(
    db: sqlite3.Connection,
    scope: Scope,
    organization_id: int,
    rule: Rule | None,
    valid_from: datetime,
    author: str,
    now: datetime,
) -> int:
    """Let a unit and everything below it be judged by a rule from `valid_from` on; gives the row's id. Inside `writing()`.

    None adopts that there is no time limit. What was judged by an earlier rule keeps that rule. Raises PermissionError, a
    Chinese sentence, when the unit is outside the scope.
    """
    require_organization(db, scope, organization_id)
    chosen = rule or NO_LIMIT
    row = db.execute(
        "INSERT INTO reply_rules(organization_id, name, clock, terms, source, valid_from, seen_at, author) "
        "VALUES(:organization, :name, :clock, :terms, :source, :valid, :seen, :author) RETURNING id",
        {
            "organization": organization_id,
            "name": chosen.name,
            "clock": str(chosen.clock),
            "terms": terms_to_text(chosen.terms),
            "source": chosen.source,
            "valid": to_seconds(valid_from),
            "seen": to_seconds(now),
            "author": author,
        },
    ).fetchone()
    bump_version(db)
    return int(row[0])


def adopted(db: sqlite3.Connection, scope: Scope) -> pd.DataFrame:
    """Every rule that units of the scope adopted, newest first. Times are Unix seconds, `terms` a Chinese text."""
    condition, values = organizations_in(scope, "o.id")
    rows = db.execute(
        "SELECT r.id, o.id, o.code, o.name, r.name, r.clock, r.terms, r.source, r.valid_from, r.seen_at, r.author "
        f"FROM reply_rules r JOIN organizations o ON o.id = r.organization_id WHERE {condition} "
        "ORDER BY r.valid_from DESC, r.seen_at DESC, r.id DESC",
        values,
    ).fetchall()
    return pd.DataFrame(rows, columns=ADOPTED)


def every(db: sqlite3.Connection) -> list[tuple[int, int, Rule]]:
    """(organization, valid from, rule) of every adopted row, an older word on the same date before a newer one."""
    rows = db.execute(
        "SELECT organization_id, valid_from, name, clock, terms, source, id FROM reply_rules ORDER BY valid_from, seen_at, id"
    ).fetchall()
    return [(r[0], r[1], Rule(r[2], RuleClock(r[3]), terms_from_text(r[4]), r[5], r[6])) for r in rows]


def require_organization(db: sqlite3.Connection, scope: Scope, organization_id: int) -> None:
    """Raises PermissionError, a Chinese sentence, when the unit is outside the scope."""
    condition, values = organizations_in(scope, "o.id")
    sql = f"SELECT 1 FROM organizations o WHERE o.id = :id AND {condition}"
    if db.execute(sql, values | {"id": organization_id}).fetchone() is None:
        raise PermissionError("这个单位不在您的权限范围内。")
