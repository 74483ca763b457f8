"""Statistics of a day are there at 08:00 of the next, cover thirty days of an article and may be revised."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from simulator.mids import day_of, day_start

TOTALS = "/datacube/getarticletotaldetail"
BEIJING = timezone(timedelta(hours=8))


def at(hour: int, minute: int = 0) -> float:
    return datetime(2026, 3, 4, hour, minute, tzinfo=BEIJING).timestamp()


def test_before_eight_yesterday_is_late_and_from_eight_it_is_there(serve: Callable[..., Any]) -> None:
    bench = serve(at=at(7, 59))
    assert bench.ask(TOTALS, bench.day(1)) == {"list": [], "is_delay": True}
    for name in ("getarticleread", "getbizsummary", "getusersummary", "getusercumulate"):
        assert bench.ask(f"/datacube/{name}", bench.day(1))["errcode"] == 61503
    assert bench.ask("/datacube/getusercumulate", bench.day(2))["list"]
    bench.clock.advance(60)
    assert bench.ask(TOTALS, bench.day(1))["is_delay"] is False
    assert bench.ask("/datacube/getusercumulate", bench.day(1))["list"]


def test_today_and_spans_that_are_too_long_are_refused(bench: Any) -> None:
    assert bench.ask(TOTALS, bench.day(0))["errcode"] == 61501
    week, eight = (
        {**bench.day(1), "begin_date": bench.day(7)["begin_date"]},
        {**bench.day(1), "begin_date": bench.day(8)["begin_date"]},
    )
    assert len(bench.ask("/datacube/getusercumulate", week)["list"]) == 7
    assert bench.ask("/datacube/getusercumulate", eight)["errcode"] == 61501
    assert bench.ask("/datacube/getarticleread", week)["errcode"] == 61501
    assert bench.ask(TOTALS, {"begin_date": "2026-3-1", "end_date": "2026-3-1"})["errcode"] == 61500
    assert bench.ask(TOTALS, {"begin_date": "2014-11-30", "end_date": "2014-11-30"})["errcode"] == 61501


def test_each_row_is_the_total_since_publication_and_there_are_thirty_at_most(bench: Any) -> None:
    rows = bench.ask(TOTALS, bench.day(9))["list"]
    assert rows
    for row in rows:
        dates = [detail["stat_date"] for detail in row["detail_list"]]
        reads = [detail["read_user"] for detail in row["detail_list"]]
        assert dates == sorted(set(dates)) and dates[0] == row["ref_date"] and len(dates) == 9
        assert reads == sorted(reads)
    bench.clock.advance(40 * 86_400)
    bench.tokens.clear()
    old = bench.ask(TOTALS, bench.day(49))["list"]
    assert old and all(len(row["detail_list"]) == 30 for row in old)


def test_the_daily_figures_add_up_to_the_total(bench: Any) -> None:
    posted = next(row for ago in (6, 7, 8) for row in bench.ask(TOTALS, bench.day(ago))["list"])
    ago = day_of(bench.clock.now()) - day_of(datetime.fromisoformat(posted["ref_date"] + "T12:00+08:00").timestamp())
    daily = [
        row["detail"]["read_user"]
        for back in range(ago, 0, -1)
        for row in bench.ask("/datacube/getarticleread", bench.day(back))["list"]
        if row["msgid"] == posted["msgid"]
    ]
    assert sum(daily) == posted["detail_list"][-1]["read_user"]


def test_late_statistics_stay_away_for_longer(bench: Any) -> None:
    bench.world.faults.set("late_statistics", account=bench.account.ext_id)
    assert bench.ask(TOTALS, bench.day(1)) == {"list": [], "is_delay": True}
    assert bench.ask(TOTALS, bench.day(3))["is_delay"] is True
    assert bench.ask("/datacube/getusersummary", bench.day(1))["errcode"] == 61503


def test_revised_statistics_move_for_a_week_and_then_hold(serve: Callable[..., Any]) -> None:
    bench = serve(rates={"revised_statistics": 1.0})

    def first_day(ago: int) -> list[int]:
        bench.tokens.clear()
        return [row["detail_list"][0]["read_user"] for row in bench.ask(TOTALS, bench.day(ago))["list"]]

    ago = next(n for n in (1, 2, 3) if first_day(n))
    told = []
    for later in range(12):
        told.append(first_day(ago + later))
        bench.clock.advance(86_400)
    assert len({str(one) for one in told[:6]}) > 2 and told[8] == told[9] == told[10]
    assert bench.world.faults.seen["revised_statistics"]


def test_without_the_fault_figures_hold(bench: Any) -> None:
    before = bench.ask("/datacube/getarticleread", bench.day(3))
    ago = bench.day(3)
    bench.clock.advance(3 * 86_400)
    bench.tokens.clear()
    assert bench.ask("/datacube/getarticleread", ago) == before


def test_gains_and_losses_lead_from_one_evening_to_the_next(bench: Any) -> None:
    week = {**bench.day(1), "begin_date": bench.day(7)["begin_date"]}
    moves = bench.ask("/datacube/getusersummary", week)["list"]
    levels = [row["cumulate_user"] for row in bench.ask("/datacube/getusercumulate", week)["list"]]
    days = [row["ref_date"] for row in bench.ask("/datacube/getusercumulate", week)["list"]]
    for before, after, day in zip(levels, levels[1:], days[1:], strict=False):
        rows = [row for row in moves if row["ref_date"] == day]
        assert before + sum(r["new_user"] - r["cancel_user"] for r in rows) == after
        assert len({r["user_source"] for r in rows}) == len(rows) > 1
    city = bench.world.city
    assert levels[-1] == city.followers_at(bench.account, day_start(day_of(bench.clock.now())))
