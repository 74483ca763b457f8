"""A whole import: replays change nothing, older never beats newer, unknown accounts are refused or registered."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import batches, imports, rollups
from tests.collectors.files_desk import (
    MADE,
    MID,
    NOW,
    WEIBO_UID,
    bring,
    facts,
    make_database,
    one,
    write_csv,
    write_lines,
    write_xlsx,
)

HEADER = ["平台账号ID", "内容ID", "发布时间", "正文", "阅读数", "采集时间"]
WEIBO = {"平台": "微博"}


@pytest.fixture
def db() -> sqlite3.Connection:
    return make_database()


def row(number: int, text: str = "通知", reads: object = 1, seen: object = "", uid: str = WEIBO_UID) -> list[object]:
    return [uid, str(MID + number), "2026-02-01 08:00", text, reads, seen]


def test_a_plain_mapping_brings_a_foreign_table_in_and_is_remembered(tmp_path: Path, db: sqlite3.Connection) -> None:
    columns = {"账号名称": "account", "发布时间": "time", "正文": "text", "点赞数": "like"}
    header = ["account", "time", "text", "like"]
    first = write_csv(tmp_path / "a.csv", [header, ["临江发布", "2026/2/1 8:00", "停水", "2903.0"]], "gb18030")
    assert bring(db, first, columns, WEIBO | {"账号名称": "临江发布"}).rows_new == 1
    again = write_csv(tmp_path / "b.csv", [header, ["临江水务", "2026-02-02 08:00", "来水", "1.2万"]], "utf-8", ";")
    report = bring(db, again)
    assert (report.outcome, report.recipe) == ("ok", "mapping")
    # The account that was named for the first file is not taken for the second one.
    assert one(
        db, "SELECT a.name, p.likes, p.floors FROM posts p JOIN accounts a ON a.id = p.account_id WHERE text = '来水'"
    ) == (
        "临江水务",
        12000,
        "likes",
    )


def test_bad_rows_are_reported_with_line_reason_and_beginning_and_the_rest_goes_in(
    tmp_path: Path, db: sqlite3.Connection
) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [
            HEADER,
            row(1),
            [WEIBO_UID, "5.1017E+15", "2026-02-01 08:00", "好", 1, ""],
            [WEIBO_UID, str(MID + 3), "昨儿个", "好", 1, ""],
            [WEIBO_UID, str(MID + 4), "2026-02-01", "好", "很多", ""],
            [WEIBO_UID, "17", "2026-02-01", "好", "1", ""],
            [WEIBO_UID, str(MID + 6), "2026-02-01", "", "1", ""],
            row(7),
        ],
    )
    report = bring(db, path, constants=WEIBO)
    assert (report.outcome, report.rows_good, report.rows_new, report.rows_bad) == ("partial", 2, 2, 5)
    assert [(fault.line, fault.reason[:12]) for fault in report.faults] == [
        (3, "内容ID“5.1017E"),
        (4, "发布时间“昨儿个”不是时间"[:12]),
        (5, "阅读数“很多”不是数量"[:12]),
        (6, "内容ID“17”像是行号"[:12]),
        (7, "标题、正文和链接都是空的"[:12]),
    ]
    kept = imports.faults_of(db, (1,), report.import_id or 0)
    assert list(kept["line"]) == [3, 4, 5, 6, 7]
    assert not kept["excerpt"].str.contains(WEIBO_UID).any(), "what is kept of a bad row shows no id"
    assert kept["excerpt"][3].endswith(",17,2026-02-01,好,1,")
    assert imports.faults_of(db, (), report.import_id or 0).empty
    assert list(imports.recent(db, (1,))["outcome"]) == ["partial"]
    assert imports.recent(db, ()).empty


def test_ids_that_excel_cut_in_a_sheet_are_refused_with_their_row(tmp_path: Path, db: sqlite3.Connection) -> None:
    ids = [5101717000000120 + 10 * step for step in range(3)]
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *[[WEIBO_UID, number, "2026-02-01", "好", 1, ""] for number in ids]])
    report = bring(db, path, constants=WEIBO)
    assert (report.outcome, [fault.line for fault in report.faults]) == ("failed", [2, 3, 4])
    assert "Excel" in report.faults[0].reason


def test_accounts_that_the_ledger_lacks_are_refused_once_each_or_registered_on_request(
    tmp_path: Path, db: sqlite3.Connection
) -> None:
    rows = [row(1), row(2, uid="1700000077"), row(3, uid="1700000077"), row(4, uid="1700000088")]
    path = write_csv(tmp_path / "a.csv", [HEADER, *rows])
    report = bring(db, path, constants=WEIBO)
    assert (report.rows_good, report.rows_bad, len(report.faults)) == (1, 3, 2)
    assert report.faults[0].reason == "台账里没有微博账号“1700000077”，共2行没有导入"
    assert bring(db, path, constants=WEIBO, register_under="没有").rows_good == 1
    rehearsed = bring(db, path, constants=WEIBO, register_under="LJ", is_rehearsal=True)
    assert (rehearsed.outcome, len(rehearsed.registered), one(db, "SELECT count(*) FROM accounts")) == ("ok", 2, (3,))
    report = bring(db, path, constants=WEIBO, register_under="LJ")
    assert (report.outcome, report.rows_new, report.registered) == ("ok", 3, ["1700000077", "1700000088"])
    assert one(db, "SELECT count(*) FROM account_up WHERE ancestor_id = 1") == (5,)
    assert one(db, "SELECT count(*) FROM affiliations") == (5,)
    assert bring(db, path, constants=WEIBO, register_under="LJ").registered == []


def test_an_older_file_adds_history_and_never_overwrites(tmp_path: Path, db: sqlite3.Connection) -> None:
    newer = write_csv(tmp_path / "b.csv", [HEADER, row(1, "改过的通知", 500, "2026-02-03 08:00")])
    older = write_csv(tmp_path / "a.csv", [HEADER, row(1, "通知", 90, "2026-02-02 08:00")])
    assert bring(db, newer, constants=WEIBO).outcome == "ok"
    assert bring(db, older, constants=WEIBO).outcome == "ok"
    assert one(db, "SELECT text, reads FROM posts") == ("改过的通知", 500)
    assert one(db, "SELECT text FROM post_versions") == ("通知",)
    assert one(db, "SELECT count(*) FROM reach") == (2,)


def test_the_time_of_the_file_decides_where_rows_have_none(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1, reads=500)])
    bring(db, path, constants=WEIBO, observed_at=MADE)
    older = write_csv(tmp_path / "b.csv", [HEADER, row(1, reads=90)])
    bring(db, older, constants=WEIBO, observed_at=MADE - timedelta(days=9))
    assert one(db, "SELECT reads, counts_at FROM posts") == (500, int(MADE.timestamp()))


def test_a_file_shows_an_account_only_up_to_its_newest_row_unless_it_says_more(tmp_path: Path, db: sqlite3.Connection) -> None:
    look = "SELECT last_ok_at FROM accounts WHERE ext_id = '1700000001'"
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1)])
    bring(db, path, constants=WEIBO, observed_at=None)
    assert one(db, look) == (int(datetime(2026, 2, 1, 0, 0, tzinfo=UTC).timestamp()),)
    bring(db, path, constants=WEIBO, observed_at=MADE)
    assert one(db, look) == (int(MADE.timestamp()),)
    assert one(db, "SELECT count(*), min(outcome) FROM runs WHERE route = 'files'") == (2, "ok")


posts = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["通知", "通知(更正)", "再通知"]),
        st.integers(0, 99),
        st.integers(0, 5),
        st.sampled_from([WEIBO_UID, "1700000002"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=20, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts, st.integers(0, 7), st.data())
def test_any_replay_of_imports_gives_the_same_facts(tmp_path: Path, rows: list[tuple], cut: int, data: st.DataObject) -> None:
    def table(part: list[tuple]) -> list[list[object]]:
        # A post belongs to one account, and one look at one post in one second sees one thing.
        seen = {(number, hour): (number, text, reads, hour) for number, text, reads, hour, _ in part}
        return [row(n, text, reads, f"2026-02-02 0{hour}:00", rows[0][4]) for n, text, reads, hour in seen.values()]

    whole = table(rows)
    parts = [part for part in (whole[: cut % (len(whole) + 1)], whole[cut % (len(whole) + 1) :]) if part]
    paths = [
        write_lines(tmp_path / f"{i}.jsonl", [dict(zip(HEADER, line, strict=True)) for line in p]) for i, p in enumerate(parts)
    ]
    once, again = make_database(), make_database()
    for path in paths:
        bring(once, path, constants=WEIBO)
    before = facts(once)
    for path in [*paths, *data.draw(st.permutations(paths)), *paths]:
        bring(again, path, constants=WEIBO)
    assert facts(again) == before
    assert set(rollups.differences(again).values()) == {0}


def test_a_second_import_of_the_same_file_writes_no_fact_and_says_so(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *[row(number) for number in range(50)]])
    assert bring(db, path, constants=WEIBO).before == ""
    before = facts(db)
    version = batches.data_version(db)
    report = bring(db, path, constants=WEIBO)
    assert (report.before, report.rows_new) == ("a.csv", 0)
    assert "已有或重复50条" in report.sentence
    assert (facts(db), batches.data_version(db)) == (before, version)


def test_rows_without_ids_get_a_stable_one_from_account_time_and_text(tmp_path: Path, db: sqlite3.Connection) -> None:
    header = ["账号名称", "发布时间", "正文"]
    rows = [
        ["临江发布", "2026-02-01 08:00", "停水"],
        ["临江发布", "2026-02-01 08:00", "来水"],
        ["临江水务", "2026-02-01 08:00", "停水"],
    ]
    bring(db, write_csv(tmp_path / "a.csv", [header, *rows, rows[0]]), constants=WEIBO)
    bring(db, write_csv(tmp_path / "b.csv", [header, *rows[::-1]], "gb18030"), constants=WEIBO)
    assert one(db, "SELECT count(*) FROM posts") == (3,)


def test_posts_of_others_in_a_search_export_are_left_out(tmp_path: Path, db: sqlite3.Connection) -> None:
    rows = [["account", "official", "time", "text"], ["临江发布", 1, "2026-02-01", "甲"], ["路人", 0, "2026-02-01", "乙"]]
    columns = {"账号名称": "account", "是否官方": "official", "发布时间": "time", "正文": "text"}
    report = bring(db, write_csv(tmp_path / "a.csv", rows), columns, WEIBO, register_under="LJ")
    assert (report.rows_new, report.registered, report.faults[0].reason) == (1, [], "不是官方账号发布的内容")


def test_a_file_that_breaks_off_keeps_what_was_whole_and_is_partial(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = tmp_path / "a.json"
    whole = f'{{"平台账号ID":"{WEIBO_UID}","发布时间":"2026-02-01","正文":"一"}}'
    path.write_text(f'[{whole},\n{{"平台账号ID":"17', encoding="utf-8")
    report = bring(db, path, constants=WEIBO)
    assert (report.outcome, report.rows_new, report.faults[0].line) == ("partial", 1, 2)


def test_a_ledger_or_a_foreign_file_is_no_import_and_leaves_a_row_that_says_why(tmp_path: Path, db: sqlite3.Connection) -> None:
    ledger = write_csv(tmp_path / "l.csv", [["单位编码", "单位名称", "层级"], ["A", "甲", "市级"]])
    report = bring(db, ledger)
    assert (report.outcome, "账号台账" in report.sentence) == ("failed", True)
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.4")
    assert bring(db, tmp_path / "x.pdf").outcome == "failed"
    assert bring(db, tmp_path / "missing.csv").outcome == "failed"
    assert one(db, "SELECT count(*) FROM imports WHERE outcome = 'failed' AND finished_at IS NOT NULL") == (3,)
    unmapped = write_csv(tmp_path / "u.csv", [["a", "b"], ["1", "2"]])
    assert "没有认出" in bring(db, unmapped).sentence
    assert "没有列" in bring(db, unmapped, {"正文": "c"}).sentence


def test_now_is_the_latest_that_a_file_can_tell_of(tmp_path: Path, db: sqlite3.Connection) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1, seen="2026-03-02 16:30")])
    bring(db, path, constants=WEIBO)
    assert one(db, "SELECT max(observed_at) FROM reach")[0] <= int(NOW.timestamp())
