"""Looks and imports leave behind what could be seen, so that a past moment is judged as it was judged then."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.town import make_town
from matrix.inspection import Verdict
from matrix.inspection_rule import UpdateRule
from storage import inspections, organizations, silence
from storage.database import open_database
from storage.judging_then import Asked, find
from storage.moments import to_seconds
from tests.collectors.files_desk import MID, NOW, WEIBO_UID, bring, make_database, one, write_csv

START = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
OWN = UpdateRule("own", "现行期限", 14, source="文件")


def test_what_the_verdicts_said_at_each_moment_can_be_asked_of_that_moment_later(tmp_path: Path) -> None:
    town = make_town(tmp_path / "town", seed=5, size=1, start=START, history_days=2, mix=("weibo_commercial",))
    said: list[tuple[int, dict[int, str]]] = []
    try:
        for fault in ("", "ip_quota", "ip_quota", ""):
            town.clock.advance(1)  # no look falls into the very second of the question before it
            town.world.faults.clear("ip_quota")
            if fault:
                town.world.faults.set(fault)
            town.look_at_everybody()
            town.clock.advance(3 * 3600)
            with closing(open_database(town.path)) as db:
                scope = organizations.roots(db)
                judged = silence.verdicts(db, scope, town.now(), 14)
                live = inspections.judged(db, scope, rule=OWN, at=town.now(), is_live=True)
            verdicts = dict(zip(judged["account_id"], judged["verdict"], strict=True))
            assert dict(zip(live["account_id"], live["verdict"], strict=True)) == verdicts
            said.append((to_seconds(town.now()), verdicts))
        with closing(open_database(town.path)) as db:
            for at, verdicts in said:
                then = find(db, Asked(scope, at, OWN, known=at))
                assert {found["account_id"]: found["verdict"] for found in then} == verdicts
            # The looks that followed go back behind the hours in which nobody could see anything.
            blind = find(db, Asked(scope, said[2][0], OWN))
            assert Verdict.BLIND not in {found["verdict"] for found in blind}
    finally:
        town.close()
    assert Verdict.BLIND in said[2][1].values()
    assert Verdict.BLIND not in said[3][1].values()


def judged_at(db: sqlite3.Connection, at: datetime) -> str:
    frame = inspections.judged(db, organizations.roots(db), rule=OWN, at=at).set_index("account")
    return str(frame.loc["临江发布", "verdict"])


def test_a_file_shows_an_account_from_its_first_post_to_its_last_and_no_longer(tmp_path: Path) -> None:
    db = make_database()
    header = ["平台账号ID", "内容ID", "发布时间", "正文"]
    days = ("2025-12-01", "2025-12-04", "2026-01-10", "2026-01-12")
    rows = [[WEIBO_UID, str(MID + number), f"{day} 08:00", "通知"] for number, day in enumerate(days)]
    assert bring(db, write_csv(tmp_path / "a.csv", [header, *rows]), constants={"平台": "微博"}, observed_at=None).outcome == "ok"
    seen = one(db, "SELECT seen_from, seen_until FROM runs WHERE route = 'files'")
    assert [datetime.fromtimestamp(second, UTC).isoformat() for second in seen] == [
        "2025-12-01T00:00:00+00:00",
        "2026-01-12T00:00:00+00:00",
    ]
    db.execute("UPDATE accounts SET route = 'files'")
    assert judged_at(db, datetime(2025, 12, 9, 16, tzinfo=UTC)) == Verdict.NORMAL
    assert judged_at(db, datetime(2025, 12, 25, 16, tzinfo=UTC)) == Verdict.OVERDUE
    assert judged_at(db, datetime(2026, 1, 11, 16, tzinfo=UTC)) == Verdict.NORMAL
    # Nothing is known of the days behind the last row: no newer file is no silence.
    assert judged_at(db, datetime(2026, 1, 30, 16, tzinfo=UTC)) == Verdict.BLIND
    assert judged_at(db, NOW + timedelta(days=30)) == Verdict.BLIND
