"""What is weak in each account and present in many is told once, of the unit above them."""

from matrix.surge_group import WARM_DAYS
from tests.storage.watched_city import SIZE, a_watched_city


def test_many_accounts_that_stand_somewhat_higher_are_one_alert_of_their_unit_with_its_accounts_as_members() -> None:
    here = a_watched_city()
    here.live(1)
    assert here.watch.state is not None
    here.watch.state.groups.buckets[:] = WARM_DAYS * 288  # it lacks the three hours in which nothing was learnt
    here.live(8, dict.fromkeys(range(8, SIZE), 1))
    found = here.alerts()
    assert len(found) == 1 and found[0][1].startswith("江州市") and found[0][1].endswith("个账号评论同时增多")
    members = here.rows(
        "SELECT s.name, m.sentence FROM alert_members m JOIN series s ON s.id = m.series_id WHERE s.kind = '账号' "
        "ORDER BY m.most_excess DESC"
    )
    assert len(members) >= 5 and len({name for name, _ in members} & {f"账号{place}" for place in range(8, SIZE)}) >= 5
    assert "24 个账号中有" in here.rows("SELECT sentence FROM alerts")[0][0]
    here.live(2, {13: 8})
    assert len(here.alerts()) == 1, "an account that grows somewhat louder belongs to it"
    here.live(2, {5: 60})
    assert [row[1] for row in here.alerts()][1:] == ["账号5评论突增"], "one that is loud by itself is not hidden by it"
    here.live(2, {13: 60})
    assert [row[1] for row in here.alerts()][2:] == ["账号13评论突增"], "nor one of its members"
