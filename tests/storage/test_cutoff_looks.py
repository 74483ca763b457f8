"""What a figure said at its cut-off it says for ever, however much later looks make known."""

from datetime import UTC, datetime, timedelta
from typing import Any

from matrix.account import Platform
from matrix.comment import Comment, Coverage
from matrix.run import Batch
from storage import batches, cutoffs, timeliness
from storage.database import create_database, writing
from storage.understanding import understand
from tests.sample import RING, fill
from worker import READERS

FRIDAY = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
WEIBO = int(Platform.WEIBO)


def figures(db, scope, cut: int) -> dict[str, Any]:
    return timeliness.summary(db, scope, since=cut - 7 * 86400, until=cut, now=cut, as_of=cut).iloc[0].astype(str).to_dict()


def look(db, account: int, at: datetime, comments: tuple[Comment, ...] = ()) -> None:
    looked = tuple(Coverage(f"{account}_{place}", None) for place in (1, 2))
    batches.save(db, account, WEIBO, Batch(at, comments=comments, coverages=looked), RING, at)
    while understand(db, READERS, at):
        pass


def test_later_looks_and_later_answers_do_not_change_what_was_known_at_a_cut_off() -> None:
    db = create_database(":memory:")
    ids = fill(db, FRIDAY)
    scope, account = (ids["临江市"],), ids[f"{WEIBO}:临江发布"]
    words = "路灯又不亮了，请问什么时候能修好？谁来管管？"
    fresh = Comment(f"{account}f", f"{account}_1", FRIDAY - timedelta(hours=2), words, "u77", "市民甲")
    look(db, account, FRIDAY, (fresh,))
    with writing(db):
        cut = cutoffs.close(db, int((FRIDAY + timedelta(hours=6)).timestamp()))
    before = figures(db, scope, cut)
    mine = db.execute("SELECT ext_id FROM accounts WHERE id = ?", (account,)).fetchone()[0]
    asked = f"{account}t2"
    look(db, account, FRIDAY + timedelta(hours=20))
    late = Comment(
        f"{asked}r",
        f"{account}_1",
        FRIDAY + timedelta(hours=22),
        "路灯已更换，共12盏，今晚起恢复照明。",
        mine,
        "临江发布",
        True,
        asked,
        asked,
    )
    look(db, account, FRIDAY + timedelta(hours=30), (late,))
    assert figures(db, scope, cut) == before
    now = figures(db, scope, int((FRIDAY + timedelta(hours=31)).timestamp()))
    assert now["answered"] != before["answered"]
    assert now["out_4"] != before["out_4"]
    db.close()


def test_nothing_is_kept_where_no_cut_off_was_drawn() -> None:
    db = create_database(":memory:")
    ids = fill(db, FRIDAY)
    look(db, ids[f"{WEIBO}:临江发布"], FRIDAY + timedelta(hours=20))
    assert db.execute("SELECT count(*) FROM sights_then").fetchone()[0] == 0
    db.close()
