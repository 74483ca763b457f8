"""A city of which two people may see different parts, every view of every page, and what the pages ask and offer there."""

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from matrix.account import Platform
from matrix.comment import Comment
from matrix.inspection_rule import UpdateRule
from matrix.post import Gone, GoneKind, Post, Reach
from matrix.run import Batch
from matrix.shift import ShiftAct
from matrix.watch import Typed
from reading import issue
from storage import batches, inspections, issues, organizations, rules, shifts, update_rules, watch_hits, watches
from storage.database import open_writer, writing
from storage.understanding import understand
from storage.watches import Wish
from tests import sample, serving
from tests.pages.reported_city import report_on
from tests.sources import ROOT
from tests.storage import alert_city, incident_city
from worker import READERS

NAMES = ("临江发布", "青山发布")


def make_city(folder: Path) -> Path:
    """The sample city and its county, each with a busy account, an edit, a withdrawal, shifts, a rule and an inspection."""
    path, now = serving.make_world(folder, True), datetime.now(UTC)
    with closing(open_writer(path)) as db:
        roots = organizations.roots(db)
        (county,) = db.execute("SELECT id FROM organizations WHERE name = '青山县'").fetchone()
        with writing(db):
            rules.adopt(db, roots, roots[0], rules.presets()[0], now - timedelta(days=60), "zhuguan", now)
            rules.adopt(db, roots, county, rules.presets()[1], now - timedelta(days=60), "zhuguan", now)
            (bureau,) = db.execute("SELECT id FROM organizations WHERE name = '青山县卫生健康局'").fetchone()
            for unit in (roots[0], bureau):  # the desk of the county itself has never been handed over
                shifts.change(db, roots, unit, ShiftAct.TAKE, "", "lisi", "李某", now - timedelta(hours=2))
                shifts.change(db, roots, unit, ShiftAct.HAND, f"单位{unit}的事", "lisi", "李某", now - timedelta(hours=1))
            keep(db, roots, now)
        watch(db, roots, county, now)
        later = now + timedelta(minutes=1)
        for place, name in enumerate(NAMES):
            account = account_of(db, name)
            busy = tuple(
                Post(f"b{account}_{number}", now - timedelta(hours=7 * number), f"{name}快讯{number}") for number in range(12)
            )
            batches.save(db, account, int(Platform.WEIBO), Batch(now, posts=busy), sample.RING, later)
            for minutes in (61, 90):
                seen = now - timedelta(minutes=120 - minutes)
                post = Post(f"e{place}", now - timedelta(hours=2), f"{name}第{minutes}稿", reach=Reach(seen, reads=minutes))
                batches.save(db, account, int(Platform.WEIBO), Batch(seen, posts=(post,)), sample.RING, later)
            gone = Gone(f"b{account}_3", GoneKind.DELETED, now)
            batches.save(db, account, int(Platform.WEIBO), Batch(now, gones=(gone,)), sample.RING, later)
        speak_of_one_thing(db, roots, now)
        alert_city.fill(db, now, ids_of(db))
        incident_city.fill(db, now, ids_of(db), are_others_loud=False)
        report_on(db, roots[0], county, later)
        silent = account_of(db, "健康青山")
        local = now + timedelta(hours=8)
        noon = local.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=15, hours=8)
        found = Post("found", noon, "健康青山补采到的一条")
        batches.save(db, silent, int(Platform.WEIBO), Batch(now, posts=(found,)), sample.RING, later)
    return path


def speak_of_one_thing(db: Any, roots: tuple[int, ...], now: datetime) -> None:
    """Three citizens say the same below a post of each account; it is read and grouped, and a word of it is a hot one."""
    for name in NAMES:
        account = account_of(db, name)
        text = "北门小区三号楼停水两天了没有人管"
        said = tuple(
            Comment(f"h{account}_{place}", f"{account}_1", now - timedelta(hours=3), text + end, f"h{place}", sample.CITIZEN)
            for place, end in enumerate(("", "，谁来修", "，气死人了"))
        )
        batches.save(db, account, int(Platform.WEIBO), Batch(now, comments=said), sample.RING, now)
    while understand(db, READERS, now):
        pass
    issues.regroup(db, issue.group, now)
    with writing(db):
        db.executemany(
            "INSERT INTO hot_words(organization_id, day, word, said, usual, strength, read_at) VALUES(?, ?, '停水', 6, 1, 9, 0)",
            [(unit, (int(now.timestamp()) + 28800) // 86400) for unit in (roots[0], ids_of(db)["青山县"])],
        )


def account_of(db: Any, name: str) -> int:
    sql = "SELECT id FROM accounts WHERE name = ? AND platform = ?"
    return int(db.execute(sql, (name, int(Platform.WEIBO))).fetchone()[0])


def ids_of(db: Any) -> dict[str, int]:
    """Ids of units by name and of accounts by `platform:name`, as `sample.fill` gives them."""
    units = dict(db.execute("SELECT name, id FROM organizations").fetchall())
    return units | {f"{row[0]}:{row[1]}": row[2] for row in db.execute("SELECT platform, name, id FROM accounts").fetchall()}


def keep(db: Any, roots: tuple[int, ...], now: datetime) -> None:
    """The inspection of the day before yesterday, kept now."""
    rule: UpdateRule = update_rules.presets()[0].settled(14)
    inspections.keep(db, roots, rule=rule, at=inspected(now), root=0, author="zhuguan", now=now)


def watch(db: Any, roots: tuple[int, ...], county: int, now: datetime) -> None:
    """Two watches with all their hits, one of the city and one of the county."""
    with writing(db):
        for unit, name in ((roots[0], "全市停水"), (county, "县里停水")):
            watches.add(db, roots, Wish(unit, name, Typed("停水、电话、通知")), "zhuguan", now)
    watch_hits.fill(db, bool)


def inspected(now: datetime) -> datetime:
    """24:00 of the day before yesterday in Beijing."""
    local = now + timedelta(hours=8)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1, hours=8)


def storage_modules() -> Iterator[tuple[str, ModuleType]]:
    for path in sorted((ROOT / "storage").glob("*.py")):
        if path.stem != "__init__":
            yield path.stem, import_module(f"storage.{path.stem}")


def scoped() -> dict[str, Callable[..., Any]]:
    """Every public function of storage that takes a scope first, by its full name."""
    found = {}
    for stem, module in storage_modules():
        for name, one in inspect.getmembers(module, inspect.isfunction):
            is_own = one.__module__ == module.__name__ and not name.startswith("_")
            if is_own and list(inspect.signature(one).parameters)[:2] == ["db", "scope"]:
                found[f"{stem}.{name}"] = one
    return found


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in (*sorted((ROOT / "ui").glob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def asked_by_pages() -> set[str]:
    """What `ask` and `fresh` are given anywhere, and what is called with `(db, scope, …)` for a file."""
    found = set()
    for _, tree in trees():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            is_door = isinstance(call.func, ast.Name) and call.func.id in ("ask", "fresh")
            asked = call.args[0] if is_door and call.args else call.func
            is_direct = [one.id for one in call.args[:2] if isinstance(one, ast.Name)] == ["db", "scope"]
            if (is_door or is_direct) and isinstance(asked, ast.Attribute) and isinstance(asked.value, ast.Name):
                found.add(f"{asked.value.id}.{asked.attr}")
    return found


def offers() -> set[tuple[str, int]]:
    """File and first line of every place where something can be taken away."""
    found = set()
    for path, tree in trees():
        for call in ast.walk(tree):
            is_named = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            if is_named and call.func.attr in ("offer", "offer_paper") and ast.unparse(call.func.value) == "exports":  # type: ignore[union-attr]
                found.add((path.name, call.lineno))
    return found


class Notes:
    """What was asked, with its arguments, and what was offered, with the place in the code, while pages were drawn."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked: dict[str, list[tuple[tuple[Any, ...], dict[str, Any]]]] = {}
        self.offered: list[tuple[tuple[str, int], str, dict[str, Any]]] = []
        for name, one in scoped().items():
            patch.setattr(import_module(one.__module__), name.partition(".")[2], self.noted(name, one))
        exports = import_module("ui.exports")
        for name, one in (("offer", exports.offer), ("offer_paper", exports.offer_paper)):
            patch.setattr(exports, name, self.seen(one))

    def noted(self, name: str, question: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(question)
        def asked(db: Any, scope: Any, *args: Any, **named: Any) -> Any:
            self.asked.setdefault(name, []).append((args, named))
            return question(db, scope, *args, **named)

        return asked

    def seen(self, offer: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(offer)

        @wraps(offer)
        def offered(*args: Any, **named: Any) -> Any:
            frame = sys._getframe(1)
            given = signature.bind(*args, **named).arguments
            sheets = {**given.get("lists", {}), **(given.get("more") or {})}
            sheets |= {"rows": given["frame"]} if "frame" in given else {}
            place = (Path(frame.f_code.co_filename).name, frame.f_lineno)
            self.offered.append((place, given["name"], sheets))
            return offer(*args, **named)

        return offered
