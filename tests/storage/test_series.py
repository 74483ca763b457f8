"""Which series there are: by ledger, taxonomy and watches; they come and go with them."""

from storage import series
from storage.database import writing
from tests.storage.watched_city import a_watched_city


def kinds(here) -> dict[str, int]:
    return dict(here.rows("SELECT kind, count(*) FROM series WHERE is_on = 1 GROUP BY kind"))


def test_accounts_units_platforms_topics_negative_appeals_and_leads_are_watched() -> None:
    here = a_watched_city()
    regions, units = 3, 5
    assert kinds(here) == {"账号": 24, "单位": units, "平台": 3, "主题": 3 * regions, "负面诉求": regions, "线索": regions}
    assert here.rows("SELECT count(*) FROM series WHERE topic = '其他'") == [(0,)]


def test_an_account_that_is_suspended_is_watched_no_more_and_its_series_stays_for_its_alerts() -> None:
    here = a_watched_city()
    here.live(1, {2: 25})
    with writing(here.db):
        here.db.execute("UPDATE accounts SET status = '暂停' WHERE name = '账号2'")
    here.live(2)
    assert here.rows("SELECT is_on FROM series WHERE name = '账号2'") == [(0,)]
    assert len(here.alerts()) == 1


def test_a_watch_is_counted_once_its_past_has_been_looked_up_and_raises_its_own_alert() -> None:
    here = a_watched_city()
    with writing(here.db):
        here.db.execute(
            "INSERT INTO watches(id, organization_id, name, words, groups, exclusions, pattern, is_on, version, created_at, "
            "created_by, changed_at, changed_by, filled_to) VALUES(1, ?, '停水', '停水', '', '', '', 1, 1, 0, 'a', 0, 'a', 5)",
            (here.city.units[0],),
        )
    here.live(1)
    assert "方案" not in kinds(here)
    with writing(here.db):
        here.db.execute("UPDATE watches SET filled_to = NULL")
    here.live(1)
    assert kinds(here)["方案"] == 1
    for place in range(8, 20):  # one or two words in each of many accounts
        here.say(place, 2, bucket=here.bucket)
    with writing(here.db):
        here.db.execute(
            "INSERT INTO watch_hits(watch_id, comment_id, published_at) SELECT 1, id, published_at FROM comments "
            f"WHERE published_at >= {here.end}"
        )
    here.live(1)
    assert [row[1] for row in here.alerts()] == ["监测方案“停水”命中突增"]


def test_specs_of_an_empty_ledger_are_none() -> None:
    here = a_watched_city()
    with writing(here.db):
        here.db.execute("UPDATE accounts SET last_ok_at = NULL")
    assert {spec.kind for spec in series.specs(here.db, ("交通运输",), "1")} == {"线索"}
