"""Alerts in a report stand as they stood at its cut-off."""

from matrix.alert_step import AlertAct
from storage import organizations, report_alerts
from storage.database import create_database, writing

HOUR = 3600


def test_a_later_rise_end_or_step_does_not_change_how_an_alert_stood() -> None:
    db = create_database(":memory:")
    with writing(db):
        city = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
        other = organizations.add(db, code="2", name="白水县", parent_id=city, level="县级", seen_at=0)
        organizations.rebuild_tree(db)
        db.execute(
            "INSERT INTO series(id, kind, key, name, organization_id, born_at) VALUES(1, '单位', 'k', '临江市', ?, 0)", (city,)
        )
        for number, is_drill in ((1, 0), (2, 1)):
            db.execute(
                "INSERT INTO alerts(id, key, series_id, organization_id, title, sentence, level, state, score, peak, raised_at, "
                "last_high_at, closed_at, seen_at, is_drill) VALUES(?, ?, 1, ?, '评论激增', '', 3, '结束', 9, 9, ?, ?, ?, ?, ?)",
                (number, f"a{number}", city, HOUR, 2 * HOUR, 9 * HOUR, HOUR, is_drill),
            )
        for move, level, at in (("发生", 1, 1), ("升级", 2, 2), ("升级", 3, 6), ("结束", 3, 9)):
            db.execute(
                "INSERT INTO alert_moves(alert_id, move, level, score, at, seen_at) VALUES(1, ?, ?, 9, ?, ?)",
                (move, level, at * HOUR, at * HOUR),
            )
        db.execute(
            "INSERT INTO alert_steps(alert_id, act, by_login, by_name, at) VALUES(1, ?, 'a', '甲', ?)",
            (AlertAct.CONFIRM, 7 * HOUR),
        )

    def stood(cut: int, scope: tuple[int, ...] = (city,)) -> list[tuple]:
        frame = report_alerts.raised(db, scope, since=0, until=5 * HOUR, cut=cut * HOUR)
        return [tuple(row) for row in frame[["highest", "state", "judgement"]].to_numpy().tolist()]

    assert stood(0) == []
    assert stood(4) == [(2, "持续", "待确认")]
    assert stood(8) == [(3, "持续", "已确认")]
    assert stood(10) == [(3, "结束", "已确认")]
    assert stood(10, (other,)) == []
    assert stood(10, ()) == []
    db.close()
