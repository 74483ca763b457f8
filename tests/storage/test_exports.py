"""Long exports: what is in them is fixed when they are made, they are made for their asker's rights, and no half file stays."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from matrix.export import CSV, KINDS, XLSX, ExportState
from reports import export_making, tables
from reports.export_making import make_waiting
from reports.export_table import table
from storage import export_rows, export_schemes, exports, journal, people
from storage.database import open_writer, writing
from storage.export_columns import SELECTS
from tests import sample, serving

ABOUT = {"类别": "评论", "时段": "全部"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return serving.make_world(tmp_path_factory.mktemp("exports"), True)


@pytest.fixture
def db(path: Path) -> Iterator[Any]:
    with closing(open_writer(path)) as found:
        yield found


def scope_of(db: Any, login: str) -> tuple[int, ...]:
    person = people.find(db, login)
    assert person is not None
    return people.scope_of(db, person)


def order(db: Any, login: str = "zhuguan", form: str = CSV, kind: str = "评论", why: str = "") -> int:
    scope = scope_of(db, login)
    now = int(datetime.now(UTC).timestamp())
    with writing(db):
        wanted = export_rows.count(db, scope, kind)
        return exports.order(db, scope, kind, form, {}, KINDS[kind].columns, ABOUT, wanted, login, "赵某", now, why)


def state_of(db: Any, login: str, number: int) -> dict[str, Any]:
    found = exports.mine(db, scope_of(db, login), login)
    return found[found["export_id"] == number].iloc[0].to_dict()


def now() -> datetime:
    return datetime.now(UTC)


def test_a_file_holds_what_its_asker_may_see_masked_and_says_whose_it_is(path: Path, db: Any) -> None:
    numbers = {(login, form): order(db, login, form) for login in ("zhuguan", "zhiban") for form in (CSV, XLSX)}
    assert make_waiting(path, now) == 4
    texts = {key: exports.file_of(path, number, key[1]) for key, number in numbers.items()}
    city, county = (texts[login, CSV].read_text(encoding="utf-8-sig") for login in ("zhuguan", "zhiban"))
    assert "临江发布" in city
    assert "临江发布" not in county
    for told in (city, county):
        assert sample.PHONE not in told
        assert sample.CITIZEN not in told
        assert "网民" in told
    about = {row[0].value: row[1].value for row in load_workbook(texts["zhuguan", XLSX])["说明"].iter_rows(min_row=2)}
    assert about["导出人"] == "赵某(zhuguan)"
    assert about["类别"] == "评论"
    rows = state_of(db, "zhuguan", numbers["zhuguan", CSV])
    assert (rows["state"], rows["written"]) == (ExportState.DONE, rows["wanted"])
    assert any(line.act == "导出数据" and f"{rows['wanted']}行" in line.detail for line in journal.lines(db))


def test_screen_and_both_files_agree(path: Path, db: Any) -> None:
    for kind in KINDS:
        scope = scope_of(db, "zhuguan")
        shown = table(export_rows.preview(db, scope, kind, limit=1000), kind, KINDS[kind].columns, True)
        numbers = {form: order(db, "zhuguan", form, kind) for form in (CSV, XLSX)}
        make_waiting(path, now)
        assert exports.file_of(path, numbers[CSV], CSV).read_bytes() == tables.to_csv(shown), kind
        sheet = load_workbook(exports.file_of(path, numbers[XLSX], XLSX)).worksheets[0]
        same = load_workbook(as_file(path, tables.to_xlsx({kind: shown}, {}))).worksheets[0]
        assert values(sheet) == values(same)


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def as_file(path: Path, content: bytes) -> Path:
    target = path.with_name("same.xlsx")
    target.write_bytes(content)
    return target


def test_rows_are_fixed_at_the_beginning_and_come_in_portions_of_any_size(db: Any) -> None:
    scope = scope_of(db, "zhuguan")
    wanted = export_rows.ids(db, scope, "评论")
    whole = pd.concat(export_rows.portions(db, "评论", wanted))
    for size in (1, 3, 7):
        parts = list(export_rows.portions(db, "评论", wanted, size))
        assert pd.concat(parts)["编号"].tolist() == whole["编号"].tolist() == wanted.tolist()
    assert len(wanted) == export_rows.count(db, scope, "评论") > 5
    assert export_rows.count(db, (), "评论") == len(export_rows.ids(db, (), "评论")) == 0
    assert len(next(iter(export_rows.portions(db, "评论", wanted[:0])))) == 0


def test_words_are_wanted_together_and_signs_of_patterns_mean_themselves(db: Any) -> None:
    scope = scope_of(db, "zhuguan")
    of = lambda words: export_rows.count(db, scope, "评论", words=words)  # noqa: E731
    everything = of("")
    assert 0 < of("停水") < everything
    assert of("停水") + of("-停水") == everything
    assert of("停水 没有这样的话") == of("%") == of("100%_") == 0


def test_unmasked_needs_the_right_a_reason_and_leaves_a_line(path: Path, db: Any) -> None:
    with pytest.raises(ValueError, match="事由"):
        order(db, why="看")
    allowed, refused = order(db, why="核实来电人反映的情况"), order(db, "fenxi", why="核实来电人反映的情况")
    make_waiting(path, now)
    told = exports.file_of(path, allowed, CSV).read_text(encoding="utf-8-sig")
    assert sample.PHONE in told
    assert not exports.file_of(path, refused, CSV).exists()
    assert "查看未脱敏内容" in state_of(db, "fenxi", refused)["sentence"]
    assert any("核实来电人" in line.detail for line in journal.lines(db))


def test_who_lost_his_scope_or_his_account_gets_nothing(path: Path, db: Any) -> None:
    number = order(db, "zhiban")
    person = people.find(db, "zhiban")
    assert person is not None
    before = people.scope_of(db, person)
    with writing(db):
        people.set_scope(db, person.id, scope_of(db, "zhuguan"))
    make_waiting(path, now)
    with writing(db):
        people.set_scope(db, person.id, before)
    assert "权限范围已经变更" in state_of(db, "zhiban", number)["sentence"]


def test_a_cancelled_export_and_a_stopped_worker_leave_no_half_file(path: Path, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    number, other = order(db), order(db)
    stopping = iter([False, True, True])
    make_waiting(path, now, lambda: next(stopping))
    assert state_of(db, "zhuguan", number)["state"] == ExportState.MAKING, "the next worker takes it up"
    original = export_making.table

    def cancelling(*args: Any) -> pd.DataFrame:
        with closing(open_writer(path)) as mine, writing(mine):
            exports.cancel(mine, scope_of(mine, "zhuguan"), number, "zhuguan", 0) if not done else None
        done.append(1)
        return original(*args)

    done: list[int] = []
    monkeypatch.setattr(export_making, "table", cancelling)
    make_waiting(path, now)
    assert state_of(db, "zhuguan", number)["state"] == ExportState.CANCELLED
    assert state_of(db, "zhuguan", other)["state"] == ExportState.DONE
    folder = exports.file_of(path, 0, CSV).parent
    assert not exports.file_of(path, number, CSV).exists()
    assert not list(folder.glob("*.part"))
    with pytest.raises(ValueError, match="已经结束"), writing(db):
        exports.cancel(db, scope_of(db, "zhuguan"), other, "zhuguan", 0)


def test_files_are_dropped_after_some_days_and_what_kills_workers_is_given_up(path: Path, db: Any) -> None:
    number, poison = order(db), order(db)
    make_waiting(path, now)
    with writing(db):
        db.execute("UPDATE exports SET state = '生成中', attempts = 3 WHERE id = ?", (poison,))
    make_waiting(path, lambda: now() + timedelta(days=8))
    assert state_of(db, "zhuguan", number)["state"] == ExportState.DROPPED
    assert not exports.file_of(path, number, CSV).exists()
    assert "不再重试" in state_of(db, "zhuguan", poison)["sentence"]


def test_a_scheme_is_ones_own_or_the_units_and_only_its_owner_drops_it(path: Path) -> None:
    with closing(open_writer(path)) as db:
        city, county = scope_of(db, "zhuguan"), scope_of(db, "zhiban")
        with writing(db):
            export_schemes.save(db, county, "评论", "情绪表", ["情绪", "主题", "时间"], True, "zhiban", "李某", 1)
            own = export_schemes.save(db, county, "评论", " 自用 ", ["编号", "没有的列"], False, "zhiban", "李某", 1)
        assert export_schemes.schemes(db, city, "zhuguan", "评论")["columns"].tolist() == [("时间", "主题", "情绪")]
        assert export_schemes.schemes(db, county, "zhiban", "评论")["name"].tolist() == ["情绪表", "自用"]
        assert export_schemes.schemes(db, (), "zhiban", "评论").empty
        for login, error in (("zhuguan", "不是您保存的"), ("zhiban", "")):
            if error:
                with pytest.raises(ValueError, match=error), writing(db):
                    export_schemes.drop(db, own, login)
            else:
                with writing(db):
                    export_schemes.drop(db, own, login)
        with pytest.raises(ValueError, match="名称"), writing(db):
            export_schemes.save(db, city, "评论", "", ["编号"], False, "zhuguan", "赵某", 1)


def test_every_kind_names_columns_that_are_read() -> None:
    for kind in KINDS.values():
        assert set(kind.columns) <= set(SELECTS[kind.name])
        assert kind.left_out <= set(kind.columns)
