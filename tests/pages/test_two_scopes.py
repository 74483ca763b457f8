"""Everything that pages ask and offer, drawn once for the city and once for its county: nothing leaks, nothing is forgotten."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from matrix.export import KINDS
from matrix.report import ReportKind
from storage.database import open_database
from tests.pages.conftest import Open
from tests.pages.reported_city import keys_of
from tests.pages.test_dialogs import pick, press
from tests.pages.two_scopes import Notes, asked_by_pages, inspected, make_city, offers, scoped
from tests.sample import CITIZEN, PHONE

OVERVIEW, PUBLISHING = "pages/matrix/overview.py", "pages/matrix/publishing.py"
TIMELINESS, ANSWERS, INSPECTION = "pages/matrix/timeliness.py", "pages/matrix/answers.py", "pages/matrix/inspection.py"
HOME, DAILY, INBOX = "pages/duty/home.py", "pages/duty/daily.py", "pages/duty/inbox.py"
LEDGER, COLLECTION, CHANNELS = "pages/admin/ledger.py", "pages/admin/collection.py", "pages/admin/channels.py"
WEEK = {"period": "近7天"}
TODAY = (int(datetime.now(UTC).timestamp()) + 28800) // 86400
KEPT = f"第1号 {inspected(datetime.now(UTC)) - timedelta(hours=16):%Y-%m-%d} 24:00 临江市"
ALERTS, REPORTS, FIGURE = "pages/duty/alerts.py", "pages/report/reports.py", "pages/report/figure.py"
WATCHES, INCIDENTS, EXPORT = "pages/duty/watches.py", "pages/duty/incidents.py", "pages/report/export.py"
ROWS = ("said-0-0-0", "people-0-0-0", "leads-0-0-0")
LISTS = ("posts", "comments", "covered", "followers", "account")
Call = tuple[tuple[Any, ...], dict[str, Any]]
Visit = tuple[str, dict[str, str]]
VISITS: tuple[Visit, ...] = (
    *((OVERVIEW, WEEK | {"see": see, "measure": "发布"}) for see in ("账号", "单位", "升降", "传播分析")),
    *((OVERVIEW, WEEK | {"open": f"账号/{name}:a5"}) for name in LISTS),
    *((OVERVIEW, WEEK | {"open": f"账号/{name}:1"}) for name in ("post", "comment")),
    *(
        (PUBLISHING, WEEK | {"what": what, "q": "停水"})
        for what in ("概览", "网民热点", "传播", "修改和撤下", "发布间隔", "搜索")
    ),
    *((PUBLISHING, WEEK | {"what": "网民热点", "said": said}) for said in ("a", "n", "i1", "t城乡建设")),
    *((TIMELINESS, WEEK | {"times": times}) for times in ("总览", "明细", "时限规则")),
    *((TIMELINESS, WEEK | {"by": by}) for by in ("账号", "层级", "平台", "收到时段")),
    *((ANSWERS, WEEK | {"quality": quality}) for quality in ("总览", "明细")),
    *((INSPECTION, {"check": check}) for check in ("今日检查", "3日内将超期")),
    *((HOME, {"duty": duty}) for duty in ("值班", "值班日志")),
    *((HOME, {"duty": "新到", "arrived": name}) for name in ("posts", "comments")),
    (DAILY, WEEK | {"day": f"{TODAY - 1}", "pick": f"{TODAY - 1}:carried:0"}),
    (INBOX, {}),
    ("pages/duty/wall.py", {}),
    *((WATCHES, query) for query in ({}, {"plan": "1"}, {"plan": "2-edit"})),
    *((ALERTS, {"alerts_view": view}) for view in ("未结束", "历史", "活动报备", "阈值")),
    *((ALERTS, {"alert": alert}) for alert in ("1", "2")),
    *((ALERTS, {"alert": alert, "of": rows}) for alert, rows in zip(("1", "1", "2"), ROWS, strict=True)),
    *((INCIDENTS, {"incidents_view": view}) for view in ("处置中", "已办结", "线索")),
    *((INCIDENTS, {"event": "1", "incident_part": part}) for part in ("转载和发声", "声量和评论", "时间线", "登记")),
    *((REPORTS, {"reports_part": part}) for part in ("报告", "定时和报头")),
    *((REPORTS, {"report": one, "see_report": see}) for one in "21" for see in ("正文", "研判和建议", "核对结果", "经过和版本")),
    *((EXPORT, WEEK | {"take": kind}) for kind in KINDS),
    *((LEDGER, {"book": book, "find": "青山发布"}) for book in ("账号", "单位树")),
    *((CHANNELS, {"channels_part": part}) for part in ("渠道", "发送记录", "等待发送")),
    *((COLLECTION, {"sight": sight, "unit": "\u3000青山县"}) for sight in ("中断原因", "账号判定", "采集记录", "调用额度")),
)
DIALOGS: dict[str, dict[str, Any]] = {
    "alert_steps.units_concerned": {"alert_id": 1},
    "cases_binding.bound": {"comment_id": 1},
    "cases_binding.likely_same": {"comment_id": 1},
    "cases_queue.recent_units": {"author": "zhuguan"},
    "export_rows.ids": {"kind": "评论"},
    "cases_thread.elsewhere_candidates": {"comment_id": 1},
    "cases_view.words_of": {"ids": tuple(range(1, 40))},
    "incident_rows.open_now": {"now": 1_770_000_000},
    "incident_find.found": {"kind": "评论", "words": "停水", "since": 0},
    "incident_flashes.draft": {"incident_id": 1, "as_of": 2_000_000_000},
    "outbox_rows.attempts": {"channel_id": 1, "dispatch_id": 0, "limit": 10},
    "watch_hits.comments": {"ids": tuple(range(1, 60))},
    "inspections.deadline": {"day": date(2026, 3, 20), "working_days": 10},
    "report_matters.matters": {},
    "report_rows.last_end": {"kind": "日报", "organization_id": 1},
    "report_steps.next_place": {"report_id": 1},
    "report_steps.others_to_check": {"login": "zhuguan", "report_id": 1},
    "report_timetable.plan_of": {"organization_id": 1, "kind": ReportKind.WEEKLY},
    "report_timetable.usual_span": {"kind": "周报", "organization_id": 1, "now": 1_770_000_000},
}
"""Questions that wait for a press inside a dialog, a handled case or a day of need, with what they are asked."""

UNSCOPED = {"inspections.deadline"}
"""The calendar of the installation: the same for everybody who may see anything."""


@dataclass
class Seen:
    """What both people's pages asked and offered, and the names and ids that only the city may see."""

    path: Path
    county: tuple[int, ...]
    city: Notes
    mine: Notes
    outside: dict[str, set[int]]
    names: frozenset[str]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_city(tmp_path_factory.mktemp("scopes"))


@pytest.fixture
def worlds(path: Path) -> dict[str, Path]:
    return {"city": path}


def walk(look: Open, login: str, notes: Notes, visits: Iterable[Visit]) -> list[Visit]:
    """Draw the pages; gives those on which something new was offered."""
    useful = []
    for page, query in visits:
        before = len({place for place, _, _ in notes.offered})
        assert not look("city", login, page, **query).exception, (page, query)
        if len({place for place, _, _ in notes.offered}) > before:
            useful.append((page, query))
    kept: AppTest = look("city", login, INSPECTION, check="历史检查", no=KEPT)
    if any(button.label.startswith("重新运行") for button in kept.button):
        kept = press(kept, "重新运行并核对")
    today = pick(look("city", login, INSPECTION, check="今日检查"), "today_rows", 0)
    assert not kept.exception
    assert not today.exception
    return useful


@pytest.fixture
def seen(look: Open, path: Path, drawn: dict[str, Seen]) -> Seen:
    """Both walks, taken once."""
    if "seen" not in drawn:
        drawn["seen"] = see(look, path)
    return drawn["seen"]


@pytest.fixture(scope="module")
def drawn() -> dict[str, Seen]:
    return {}


def see(look: Open, path: Path) -> Seen:
    notes, visits = [], [*VISITS, *((FIGURE, {"key": key}) for key in keys_of(path))]
    for login in ("zhuguan", "zhiban"):
        with pytest.MonkeyPatch.context() as patch:
            notes.append(Notes(patch))
            visits = [*walk(look, login, notes[-1], visits), (HOME, {})]
    with closing(open_database(path)) as db:
        county = tuple(row[0] for row in db.execute("SELECT id FROM organizations WHERE name = '青山县'"))
        inside = "SELECT account_id FROM account_up WHERE ancestor_id = ?"
        outside = {
            "account_id": {row[0] for row in db.execute(f"SELECT id FROM accounts WHERE id NOT IN ({inside})", county)},
            "post_id": {row[0] for row in db.execute(f"SELECT id FROM posts WHERE account_id NOT IN ({inside})", county)},
            "comment_id": {row[0] for row in db.execute(f"SELECT id FROM comments WHERE account_id NOT IN ({inside})", county)},
        }
    return Seen(path, county, *notes, outside, frozenset({"临江发布", "临江水务", "临江市水务局"}))


def parts(answer: Any) -> Iterator[pd.DataFrame | str | int | float]:
    """The frames, words and numbers of an answer, however they are packed."""
    if answer is None or isinstance(answer, bool | date):
        return
    if isinstance(answer, pd.DataFrame | str | int | float):
        yield answer
    elif is_dataclass(answer):
        yield from (part for field in fields(answer) for part in parts(getattr(answer, field.name)))
    elif isinstance(answer, Mapping):
        yield from (part for pair in answer.items() for one in pair for part in parts(one))
    elif isinstance(answer, list | tuple | set | frozenset):
        yield from (part for one in answer for part in parts(one))


def is_nothing(answer: Any) -> bool:
    return all(len(part) == 0 if isinstance(part, pd.DataFrame | str) else not part for part in parts(answer))


def check(seen: Seen, name: str, answer: Any) -> None:
    """No id and no name of what lies outside the county."""
    for part in parts(answer):
        if isinstance(part, pd.DataFrame):
            for column, ids in seen.outside.items():
                assert column not in part or not set(part[column].dropna().astype(int)) & ids, (name, column)
            told = "\n".join(str(value) for column in part for value in part[column] if isinstance(value, str))
        else:
            told = str(part)
        assert not [one for one in seen.names if one in told], name


def distinct(calls: list[Call]) -> list[Call]:
    return list({repr(call): call for call in calls}.values())


def test_no_question_of_any_page_tells_what_lies_outside_the_scope(seen: Seen) -> None:
    """Whatever the city's pages ask is asked again for the county and for nobody, with the same arguments."""
    answering = 0
    with closing(open_database(seen.path)) as db:
        for name in sorted(asked_by_pages()):
            question, is_answered = scoped()[name], False
            calls = seen.city.asked.get(name, []) + ([((), DIALOGS[name])] if name in DIALOGS else [])
            assert calls or name in seen.mine.asked, f"no page of this test asks {name}: visit one that does"
            for args, named in distinct(calls + seen.mine.asked.get(name, [])):
                if name not in UNSCOPED:
                    check(seen, name, question(db, seen.county, *args, **named))
                assert is_nothing(question(db, (), *args, **named)), (name, named)
                is_answered = is_answered or not is_nothing(question(db, (1,), *args, **named))
            answering += is_answered
    assert answering > 60, "most of them have something to tell the city"


def test_no_download_of_any_page_holds_what_lies_outside_the_scope(seen: Seen) -> None:
    forgotten = offers() - {place for place, _, _ in seen.city.offered}
    assert not forgotten, "no page of this test offers them: visit one that does"
    missing = offers() - {place for place, _, _ in seen.mine.offered}
    untaken = {"call_list.py", "watches.py"}
    assert {place for place, _ in missing} <= untaken, "nobody of the county is about to break his limit or may keep watches"
    with closing(open_database(seen.path)) as db:
        for place, title, sheets in seen.mine.offered:
            for rows in sheets.values():
                is_drawn = isinstance(rows, pd.DataFrame)
                frame = rows if is_drawn else rows(db, seen.county)
                check(seen, f"{place} {title}", frame)
                told = frame.to_csv()
                assert PHONE not in told, place
                assert CITIZEN not in told, place
                if not is_drawn and not rows.__code__.co_varnames[0].startswith("_"):
                    assert is_nothing(rows(db, ())), place
