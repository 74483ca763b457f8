"""The way of a report to its issue: submitted, checked by another person, verified, issued with its number, corrected."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrix.people import RIGHTS, Right
from matrix.report import REFUSED, Brief, Said
from matrix.report_life import Act, is_checked, judge, writers
from storage.batches import bump_version
from storage.moments import BEIJING, from_seconds, to_seconds
from storage.report_content import Author, pack
from storage.reports import add_step, brief_of, hold, set_cover
from storage.scope import Scope

CHECK_HOLDS = timedelta(minutes=10)
"""So long before an issue its verification may lie."""
ISSUED = "SELECT i.version_id FROM report_signings i WHERE i.report_id = :id ORDER BY i.version_id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Place:
    """第×期(总第×期): the number of an issue within its year and of all."""

    year: int
    number: int
    total: int

    @property
    def words(self) -> str:
        return f"第{self.number}期(总第{self.total}期)"


@dataclass(frozen=True, slots=True)
class Found:
    """What a verification found of one figure, or of a number without one; `what` is a sentence, `kind` a word of `Said`."""

    key: str
    what: str
    said: str
    now: str
    kind: str

    @property
    def is_broken(self) -> bool:
        return self.kind in REFUSED


@dataclass(frozen=True, slots=True)
class Issued:
    """What an issue came to."""

    place: Place
    correction: int
    sha256: str


def other_checkers(db: sqlite3.Connection, login: str, mine: frozenset[str]) -> tuple[str, ...]:
    """Names of active people who may check, were given a unit that `login` was given too, and wrote nothing of it."""
    roles = [role for role, rights in RIGHTS.items() if Right.REPORTS_CHECK in rights]
    marks = ", ".join(f":role{place}" for place in range(len(roles)))
    rows = db.execute(
        "SELECT DISTINCT p.login, p.name FROM people p JOIN person_scopes s ON s.person_id = p.id "
        "JOIN person_scopes m ON m.organization_id = s.organization_id JOIN people me ON me.id = m.person_id "
        f"WHERE me.login = :login AND p.login <> :login AND p.disabled_at IS NULL AND p.role IN ({marks}) ORDER BY p.login",
        {"login": login} | {f"role{place}": str(role) for place, role in enumerate(roles)},
    ).fetchall()
    return tuple(name for other, name in rows if other not in mine)


def others_to_check(db: sqlite3.Connection, scope: Scope, *, login: str, report_id: int) -> tuple[str, ...]:
    """Who could check a report of the scope in the place of this person; while there is somebody, the check is not waived."""
    try:
        return other_checkers(db, login, writers(hold(db, scope, report_id).steps))
    except PermissionError:
        return ()


def take(
    db: sqlite3.Connection, scope: Scope, report_id: int, act: Act, author: Author, now: datetime, seen: int, reason: str = ""
) -> int:
    """One step that changes no content, every one but 签发; gives the step's id. Inside `writing()`.

    Raises ValueError or PermissionError with a Chinese sentence when the step may not be taken.
    """
    if act in (Act.DRAFT, Act.RENEW, Act.WRITE, Act.ISSUE):
        raise ValueError(f"“{act}”须连同内容一起保存。")
    held = hold(db, scope, report_id, seen)
    others = other_checkers(db, author.login, writers(held.steps)) if act is Act.WAIVE else ()
    state = judge(held.state, act, held.steps, author.login, reason, others)
    version = held.version_id
    if act is Act.SUBMIT and is_issued(db, version):
        raise ValueError("更正稿与已签发的内容相同，请先更新数据或修改文字；不需要更正的，请放弃更正。")
    if act is Act.DROP:
        version = int(db.execute(ISSUED, {"id": report_id}).fetchone()[0])
    set_cover(db, report_id, brief_of(db, version), state)
    return add_step(db, report_id, version, act, author, now, reason)


def is_issued(db: sqlite3.Connection, version_id: int) -> bool:
    return db.execute("SELECT 1 FROM report_signings WHERE version_id = :id", {"id": version_id}).fetchone() is not None


def note_check(
    db: sqlite3.Connection, scope: Scope, report_id: int, version_id: int, found: Sequence[Found], login: str, now: datetime
) -> int:
    """Keep what a verification found of the current version; gives how many figures do not hold. Inside `writing()`."""
    held = hold(db, scope, report_id)
    if held.version_id != version_id:
        raise ValueError("核对期间报告有了新的版本，请重新核对。")
    broken = sum(one.is_broken for one in found)
    agreed = sum(one.kind == Said.HOLDS for one in found)
    kept = [[one.key, one.what, one.said, one.now, one.kind] for one in found if one.kind != Said.HOLDS]
    db.execute(
        "INSERT INTO report_checks(version_id, at, by_login, agreed, later, broken, findings) "
        "VALUES(:version, :at, :login, :agreed, :later, :broken, :findings)",
        {
            "version": version_id,
            "at": to_seconds(now),
            "login": login,
            "agreed": agreed,
            "later": len(found) - agreed - broken,
            "broken": broken,
            "findings": json.dumps(kept, ensure_ascii=False),
        },
    )
    bump_version(db)
    return broken


def next_place(db: sqlite3.Connection, scope: Scope, report_id: int) -> Place | None:
    """The number that a report has or would be issued under now; None where it is not in the scope."""
    try:
        held = hold(db, scope, report_id)
    except PermissionError:
        return None
    given = db.execute("SELECT year, number, total FROM reports WHERE id = :id", {"id": report_id}).fetchone()
    return Place(*given) if given[1] is not None else place_of(db, held.brief)


def place_of(db: sqlite3.Connection, brief: Brief) -> Place:
    """The next free number of a unit and kind in the year of the cut-off, on from what was issued on paper before."""
    year = from_seconds(brief.cutoff).astimezone(BEIJING).year
    values = {"unit": brief.organization_id, "kind": brief.kind, "year": year}
    number, total = db.execute(
        "SELECT max(CASE WHEN year = :year THEN number END), max(total) FROM reports "
        "WHERE organization_id = :unit AND kind = :kind",
        values,
    ).fetchone()
    begun = db.execute(
        "SELECT number_before, total_before, set_at FROM report_timetable WHERE organization_id = :unit AND kind = :kind "
        "ORDER BY id DESC LIMIT 1",
        values,
    ).fetchone()
    if begun is not None:
        is_of_year = from_seconds(begun[2]).astimezone(BEIJING).year == year
        number, total = max(number or 0, begun[0] if is_of_year else 0), max(total or 0, begun[1])
    return Place(year, (number or 0) + 1, (total or 0) + 1)


def issue(
    db: sqlite3.Connection, scope: Scope, report_id: int, word: bytes, place: Place, author: Author, now: datetime, seen: int
) -> Issued:
    """Freeze the checked version as it goes out: `word` is the issued copy and bears `place`. Inside `writing()`.

    Raises ValueError or PermissionError with a Chinese sentence: unchecked, not verified within the last ten minutes, a figure
    that does not hold, or a number that somebody else took meanwhile.
    """
    held = hold(db, scope, report_id, seen)
    state = judge(held.state, Act.ISSUE, held.steps, author.login)
    if not is_checked(held.steps):
        raise ValueError("这一版没有经过审核，不能签发。")
    require_holding(db, held.version_id, now)
    if next_place(db, scope, report_id) != place:
        raise ValueError("期号刚被另一份报告使用，请重新签发。")
    before = db.execute("SELECT count(*) FROM report_signings WHERE report_id = :id", {"id": report_id}).fetchone()[0]
    sha256 = hashlib.sha256(word).hexdigest()
    db.execute(
        "INSERT INTO report_signings(version_id, report_id, content, sha256, correction, issued_at, issued_by, issued_name) "
        "VALUES(:version, :report, :content, :sha, :correction, :at, :login, :name)",
        {
            "version": held.version_id,
            "report": report_id,
            "content": pack(word),
            "sha": sha256,
            "correction": before,
            "at": to_seconds(now),
            "login": author.login,
            "name": author.name,
        },
    )
    db.execute(
        "UPDATE reports SET state = :state, year = :year, number = :number, total = :total WHERE id = :id",
        {"state": state, "year": place.year, "number": place.number, "total": place.total, "id": report_id},
    )
    add_step(db, report_id, held.version_id, Act.ISSUE, author, now, f"SHA-256 {sha256}")
    return Issued(place, before, sha256)


def require_holding(db: sqlite3.Connection, version_id: int, now: datetime) -> None:
    """Raises ValueError unless the newest verification of this version is fresh and found every figure holding."""
    row = db.execute(
        "SELECT at, broken, findings FROM report_checks WHERE version_id = :id ORDER BY id DESC LIMIT 1", {"id": version_id}
    ).fetchone()
    if row is None or from_seconds(row[0]) < now - CHECK_HOLDS:
        raise ValueError("签发前须核对全部数字，请先核对。")
    if row[1]:
        named = [what.rstrip("。") for _, what, _, _, kind in json.loads(row[2]) if kind in REFUSED]
        more = f"等{len(named)}处" if len(named) > 3 else ""
        raise ValueError(f"有数字核对不上，不能签发：{'；'.join(named[:3])}{more}。请撤回或退回，更新数据后重新审核。")
