"""The watch over comments: what is told, when, and that it is told once, whatever happens to the program in between."""

from tests.storage.watched_city import BUCKET, a_watched_city


def test_a_usual_day_raises_nothing() -> None:
    here = a_watched_city()
    here.live(24)
    assert here.alerts() == []
    assert here.rows("SELECT count(*) FROM notices") == [(0,)]


def test_a_surge_is_one_alert_with_its_evidence_and_a_notice_in_the_outbox() -> None:
    here = a_watched_city()
    here.live(4)
    here.live(2, {2: 14})
    ((key, title, level, state, _),) = here.alerts()
    series, bucket = key.split(":")
    assert (title, state) == ("账号2评论突增", "发生")
    assert int(bucket) == here.bucket - 2, "raised by the first bucket that shows it"
    row = here.rows(
        f"SELECT minutes, seen, citizens, sentence, usual_most FROM alert_members WHERE series_id = {series} ORDER BY joined_at"
    )[0]
    assert row[0] <= 30 and 14 <= row[1] <= 20 and row[2] <= row[1]
    assert "平时同一时段" in row[3] and f"通常不超过 {row[4]} 条" in row[3]
    notices = here.rows("SELECT key, level, link FROM notices ORDER BY id")
    assert notices[0] == (f"alert:{key}:1", "黄", "/alerts?alert=1")
    assert level > 1 and notices[-1][1] == {2: "橙", 3: "红"}[level], "told again as it grew graver"
    assert here.rows("SELECT count(*) FROM alert_counts WHERE series_id = " + series) == [(37,)]
    moves = [row[0] for row in here.rows("SELECT move FROM alert_moves ORDER BY id")]
    assert moves[0] == "发生" and "升级" in moves


def test_a_surge_that_is_over_falls_and_ends() -> None:
    here = a_watched_city()
    here.live(1, {2: 25})
    here.live(50)
    assert here.alerts()[0][3] == "回落"
    here.bucket += 90
    here.tick()
    assert here.alerts()[0][3] == "结束"
    assert here.rows("SELECT closed_at IS NULL FROM alerts") == [(0,)]


def test_what_is_looked_at_late_is_told_by_the_bucket_in_which_it_was_written() -> None:
    here = a_watched_city()
    here.live(1, {2: 25}, looked=False)
    here.live(4, looked=False)
    assert here.alerts() == [], "nothing is known until somebody has looked"
    here.city.look(here.end + 100)
    here.tick(120)
    ((key, *_),) = here.alerts()
    assert here.bucket - 6 < int(key.split(":")[1]) < here.bucket
    assert here.rows("SELECT raised_at FROM alerts") == [((int(key.split(":")[1]) + 1) * BUCKET,)]
