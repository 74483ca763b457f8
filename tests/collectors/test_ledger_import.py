"""Importing the ledger: differences first, everything dated, nothing deleted, nothing doubled; a subtree's author stays in it."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.collect_ledger import LedgerReport, import_credentials, import_ledger, preview_ledger
from storage import credentials
from storage.database import create_database
from tests.collectors.files_desk import NOW, RING, bring, one, write_csv

HEADER = ["单位编码", "单位名称", "上级单位编码", "层级", "平台", "平台账号ID", "账号名称", "责任人", "运行状态", "采集方式"]
TOWN = [
    ["CG", "城关镇", "QS", "乡镇街道", "", "", "", "", "", ""],
    ["QS", "青山县", "LJ", "县级", "微博", "1700000003", "青山发布", "李四", "正常", "文件导入"],
    ["QS", "青山县", "", "", "抖音", "", "青山政务", "", "", ""],
    ["LJ", "临江市", "", "市级", "微博", "1700000001", "临江发布", "王五", "正常", "文件导入"],
    ["CG-S", "城关所", "CG", "站所", "微信公众号", "gh_0123456789ab", "城关微讯", "", "", "微信公众号接口"],
]


@pytest.fixture
def db() -> sqlite3.Connection:
    return create_database(":memory:")


def load(
    db: sqlite3.Connection, path: Path, rows: list[list[str]], days: int = 0, within: tuple[int, ...] | None = None
) -> LedgerReport:
    table = write_csv(path / "l.csv", [HEADER, *rows])
    return import_ledger(db, table, keyring=RING, now=NOW + timedelta(days=days), asked_by="张三", within=within)


def preview(db: sqlite3.Connection, path: Path, rows: list[list[str]]) -> list[tuple[str, str, str, str, str]]:
    table = write_csv(path / "l.csv", [HEADER, *rows])
    return [(d.kind, d.name, d.detail, d.before, d.after) for d in preview_ledger(db, table)]


def ids(db: sqlite3.Connection) -> dict[str, int]:
    return dict(db.execute("SELECT code, id FROM organizations").fetchall())


def test_a_tree_comes_in_whole_with_its_closures_and_dated_rows(tmp_path: Path, db: sqlite3.Connection) -> None:
    report = load(db, tmp_path, TOWN)
    assert (report.outcome, report.sentence) == ("ok", "新增8项，修改0项")
    below = one(db, "SELECT count(*) FROM organization_up u JOIN organizations o ON o.id = u.ancestor_id WHERE o.code = 'LJ'")
    assert below == (4,)
    assert one(db, "SELECT max(depth) FROM organization_up") == (3,)
    seen = one(db, "SELECT count(*) FROM account_up u JOIN organizations o ON o.id = u.ancestor_id WHERE o.code = 'LJ'")
    assert seen == (4,)
    assert one(db, "SELECT count(*), min(author) FROM ledger_changes WHERE field = 'created'") == (8, "张三")
    assert one(db, "SELECT route, ext_id FROM accounts WHERE platform = 3") == ("none", "名称：青山政务")
    assert any("微信公众号1个账号，微信公众号接口：可见发布、评论、官方回复、阅读数" in sentence for sentence in report.sights)


def test_importing_the_same_ledger_again_changes_nothing(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    before = list(db.iterdump())
    assert preview(db, tmp_path, TOWN) == []
    report = load(db, tmp_path, TOWN[::-1], days=1)
    assert report.sentence == "新增0项，修改0项"
    assert [line for line in db.iterdump() if '"imports"' not in line] == [line for line in before if '"imports"' not in line]


def test_changes_are_shown_before_and_kept_as_dated_rows(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    changed = [
        ["QS", "青山县", "LJ", "县级", "微博", "1700000003", "青山融媒", "无", "关停", ""],
        ["LJ", "临江市人民政府", "", "", "微博", "1700000001", "临江发布", "", "", ""],
        ["CG", "城关镇", "LJ", "", "抖音", "", "青山政务", "", "", ""],
    ]
    assert set(preview(db, tmp_path, changed)) == {
        ("修改", "临江市人民政府", "单位名称", "临江市", "临江市人民政府"),
        ("修改", "城关镇", "上级单位", "青山县", "临江市人民政府"),
        ("修改", "微博 青山融媒", "账号名称", "青山发布", "青山融媒"),
        ("修改", "微博 青山融媒", "责任人", "李四", ""),
        ("修改", "微博 青山融媒", "运行状态", "正常运行", "已关停"),
        ("修改", "抖音 青山政务", "所属单位", "青山县", "城关镇"),
        ("未出现在本表", "微信公众号 城关微讯", "保留不动；如已关停，请把运行状态改为“已关停”", "gh_0123456789ab", ""),
    }
    assert one(db, "SELECT name FROM organizations WHERE code = 'LJ'") == ("临江市",)  # a preview changes nothing
    assert load(db, tmp_path, changed, days=3).sentence == "新增0项，修改6项"
    assert preview(db, tmp_path, changed)[0][0] == "未出现在本表"
    assert one(db, "SELECT name, person, status, route FROM accounts WHERE ext_id = '1700000003'") == (
        "青山融媒",
        "",
        "已关停",
        "files",
    )
    moved = db.execute(
        "SELECT o.code FROM affiliations f JOIN organizations o ON o.id = f.organization_id JOIN accounts a "
        "ON a.id = f.account_id WHERE a.platform = 3 ORDER BY f.valid_from"
    ).fetchall()
    assert moved == [("QS",), ("CG",)]
    note = one(db, "SELECT before, after, valid_from FROM ledger_changes WHERE field = 'status'")
    assert note == ("正常运行", "已关停", int((NOW + timedelta(days=3)).timestamp()))
    assert one(db, "SELECT count(*) FROM accounts") == (4,)


def test_cycles_and_unknown_or_ambiguous_parents_are_named_by_line(tmp_path: Path, db: sqlite3.Connection) -> None:
    rows = [
        ["A", "甲", "B", "", "", "", "", "", "", ""],
        ["B", "乙", "A", "", "微博", "17000001", "乙发布", "", "", ""],
        ["C", "丙", "C", "", "", "", "", "", "", ""],
        ["D", "丁", "没有", "", "", "", "", "", "", ""],
        ["E", "戊", "D", "", "", "", "", "", "", ""],
        ["F", "办公室", "", "", "", "", "", "", "", ""],
        ["G", "办公室", "", "", "", "", "", "", "", ""],
        ["H", "己", "办公室", "", "", "", "", "", "", ""],
        ["I", "庚", "", "", "微博", "17000009", "庚发布", "", "", ""],
        ["I", "庚", "", "", "微博", "17000009", "庚发布二", "", "", ""],
    ]
    report = load(db, tmp_path, rows)
    assert report.outcome == "partial"
    assert [(fault.line, fault.reason[:8]) for fault in report.faults] == [
        (2, "上级关系成环或超"),
        (3, "上级关系成环或超"),
        (3, "账号“乙发布”的"),
        (4, "上级关系成环或超"),
        (5, "找不到上级单位“"),
        (6, "上级单位那一行有"),
        (9, "叫“办公室”的上"),
        (11, "与第10行是同一"),
    ]
    assert set(ids(db)) == {"F", "G", "I"}
    assert one(db, "SELECT name FROM accounts") == ("庚发布",)


def test_a_cycle_with_units_that_we_hold_is_seen(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    report = load(db, tmp_path, [["LJ", "临江市", "CG", "", "", "", "", "", "", ""]])
    assert "成环" in report.faults[0].reason
    assert one(db, "SELECT parent_id FROM organizations WHERE code = 'LJ'") == (None,)


def test_a_chain_of_thousands_of_units_is_refused_without_falling_over(tmp_path: Path, db: sqlite3.Connection) -> None:
    rows = [[f"U{i}", f"单位{i}", f"U{i - 1}" if i else "", "", "", "", "", "", "", ""] for i in range(2000)]
    report = load(db, tmp_path, rows)
    assert report.outcome == "partial"
    assert 50 <= one(db, "SELECT count(*) FROM organizations")[0] <= 64


UNCODED = [["单位名称", "上级单位名称", "条线"], ["城关镇", "青山县", "综合"], ["水务所", "临江市/青山县/城关镇", ""]]


def test_units_without_codes_are_found_again_by_their_path(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    table = write_csv(
        tmp_path / "n.csv",
        UNCODED,
    )
    assert [(d.kind, d.name, d.detail) for d in preview_ledger(db, table) if d.kind != "未出现在本表"] == [
        ("修改", "城关镇", "条线"),
        ("新增", "水务所", "上级：城关镇"),
    ]
    import_ledger(db, table, keyring=RING, now=NOW, asked_by="张三")
    import_ledger(db, table, keyring=RING, now=NOW, asked_by="张三")
    assert one(db, "SELECT count(*) FROM organizations WHERE name = '水务所'") == (1,)


def test_an_account_registered_by_its_name_gets_its_true_id_later(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    header = ["账号名称", "发布时间", "正文"]
    posts = write_csv(tmp_path / "p.csv", [header, ["城关发布", "2026-02-01 08:00", "停水"]])
    assert bring(db, posts, constants={"平台": "微博"}, register_under="CG").registered == ["城关发布"]
    rows = [["CG", "城关镇", "", "", "微博", "1700000008", "城关发布", "", "", "文件导入"]]
    assert ("修改", "微博 城关发布", "平台账号ID", "名称：城关发布", "1700000008") in preview(db, tmp_path, rows)
    load(db, tmp_path, rows, days=1)
    assert bring(db, posts, constants={"平台": "微博"}).rows_new == 0
    assert one(db, "SELECT count(*) FROM posts") == (1,)


def test_who_sees_a_subtree_changes_nothing_outside_it(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    mine = (ids(db)["QS"],)
    rows = [
        ["LJ", "改名", "", "", "", "", "", "", "", ""],
        ["CG", "城关街道", "", "", "", "", "", "", "", ""],
        ["QS-N", "新设科", "QS", "", "", "", "", "", "", ""],
        ["NEW", "外面", "", "", "", "", "", "", "", ""],
    ]
    report = load(db, tmp_path, rows, within=mine)
    assert [(fault.line, fault.reason) for fault in report.faults] == [
        (2, "该单位不在您的权限范围内"),
        (5, "该单位不在您的权限范围内"),
    ]
    assert {"QS-N"} < set(ids(db))
    assert "NEW" not in ids(db)
    stolen = load(db, tmp_path, [["CG", "城关街道", "", "", "微博", "1700000001", "临江发布", "", "", ""]], within=mine)
    assert stolen.faults[0].reason == "账号“临江发布”属于您权限范围以外的单位"
    away = load(db, tmp_path, [["CG", "城关街道", "LJ", "", "", "", "", "", "", ""]], within=mine)
    assert "不在您的权限范围内" in away.faults[0].reason


units = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 9)), max_size=9, unique_by=lambda pair: pair[0])


@settings(max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(units, st.randoms(use_true_random=False))
def test_any_table_in_any_order_makes_one_forest_without_cycles(tmp_path: Path, pairs: list[tuple[int, int]], dice) -> None:
    rows = [[f"U{unit}", f"单位{unit}", f"U{parent}" if parent < 8 else "", "", "", "", "", "", "", ""] for unit, parent in pairs]
    trees = []
    for _ in range(2):
        db = create_database(":memory:")
        load(db, tmp_path, rows)
        trees.append(
            sorted(
                db.execute(
                    "SELECT o.code, p.code FROM organizations o LEFT JOIN organizations p ON p.id = o.parent_id"
                ).fetchall(),
                key=repr,
            )
        )
        assert one(db, "SELECT count(*) FROM organization_up WHERE depth = 0") == (len(trees[-1]),)
        dice.shuffle(rows)
    assert trees[0] == trees[1]


def test_credentials_are_sealed_and_faults_are_named(tmp_path: Path, db: sqlite3.Connection) -> None:
    load(db, tmp_path, TOWN)
    rows = [["平台", "平台账号ID", "凭据"], ["微博", "1700000001", "2.00Secret"], ["微博", "99999", "2.00Secret"]]
    path = write_csv(tmp_path / "c.csv", rows)
    report = import_credentials(db, path, keyring=RING, now=NOW, asked_by="张三")
    assert (report.outcome, report.sentence) == ("partial", "保存了1个账号的凭据；1行没有导入")
    assert report.faults[0].reason == "台账里没有微博账号“99999”"
    account = one(db, "SELECT id FROM accounts WHERE ext_id = '1700000001'")[0]
    assert credentials.find(db, account, RING) == "2.00Secret"
    assert not [line for line in db.iterdump() if "2.00Secret" in line]
