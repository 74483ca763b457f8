"""No hour between two reports is lost: cut-offs of the timetable, and periods that begin where the last report ended."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.report import ReportKind
from matrix.report_time import (
    LENGTHS,
    TIMED,
    USUAL,
    Rhythm,
    default_span,
    is_covered,
    last_cutoff,
    one_before,
    read_rhythm,
)

BEIJING = ZoneInfo("Asia/Shanghai")
MOMENTS = st.integers(946_684_800, 4_102_444_800)
RHYTHMS = st.builds(Rhythm, st.integers(0, 1439), st.integers(1, 7), st.integers(1, 28))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=BEIJING).timestamp())


def words(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, BEIJING):%Y-%m-%d %H:%M}"


@given(st.sampled_from(TIMED), RHYTHMS, MOMENTS)
def test_the_newest_cutoff_is_the_newest_one(kind: ReportKind, rhythm: Rhythm, now: int) -> None:
    last = last_cutoff(kind, rhythm, now)
    assert last <= now < last + LENGTHS[kind]
    assert last_cutoff(kind, rhythm, last) == last
    local = datetime.fromtimestamp(last, BEIJING)
    assert local.hour * 60 + local.minute == rhythm.minute
    assert kind is not ReportKind.WEEKLY or local.isoweekday() == rhythm.weekday
    assert kind in (ReportKind.DAILY, ReportKind.WEEKLY) or local.day == rhythm.month_day
    assert 0 < last - one_before(kind, rhythm, last) <= LENGTHS[kind]


@given(st.sampled_from(tuple(ReportKind)), MOMENTS, st.integers(1, 10**7))
def test_a_report_begins_where_the_last_one_ended(kind: ReportKind, now: int, ago: int) -> None:
    span = default_span(kind, USUAL.get(kind, Rhythm(0)), now, now - ago)
    assert (span.since, span.until) == (now - ago, now)
    assert "接上一期" in span.why
    assert ("请核对" in span.why) == (ago > 2 * LENGTHS[kind])


@pytest.mark.parametrize(
    ("kind", "now", "since"),
    [
        (ReportKind.WEEKLY, "2026-03-06 15:20", "2026-02-27 15:00"),  # Friday, just after the cut-off
        (ReportKind.WEEKLY, "2026-03-05 10:00", "2026-02-27 15:00"),  # Thursday
        (ReportKind.DAILY, "2026-03-09 08:00", "2026-03-08 08:00"),
        (ReportKind.MONTHLY, "2026-04-01 09:00", "2026-03-01 08:00"),
        (ReportKind.MONTHLY, "2026-03-20 09:00", "2026-03-01 08:00"),
        (ReportKind.INCIDENT, "2026-03-20 09:00", "2026-03-13 09:00"),
    ],
)
def test_the_first_report_covers_the_usual_period(kind: ReportKind, now: str, since: str) -> None:
    span = default_span(kind, USUAL.get(kind, Rhythm(0)), at(now), None)
    assert words(span.since) == since
    assert "没有上一期" in span.why


@given(st.sampled_from(TIMED), RHYTHMS)
def test_a_rhythm_is_read_as_it_is_said(kind: ReportKind, rhythm: Rhythm) -> None:
    said = rhythm.words(kind)
    read = read_rhythm(kind, said)
    assert read.words(kind) == said
    assert read_rhythm(kind, said.removeprefix("每").replace(":", "：")).words(kind) == said


@pytest.mark.parametrize(
    "text", ["", "15:00", "周八15:00", "周五", "周五25:00", "周五15:60", "周五15", "31日08:00", "0日08:00", "日"]
)
def test_what_is_no_rhythm_is_refused_with_an_example(text: str) -> None:
    kind = ReportKind.MONTHLY if "日" in text[1:] or text == "日" else ReportKind.WEEKLY
    with pytest.raises(ValueError, match="应形如"):
        read_rhythm(kind, text)


def test_a_report_by_hand_in_the_afternoon_takes_the_place_of_the_one_at_three() -> None:
    friday = at("2026-03-06 15:00")
    assert is_covered(ReportKind.WEEKLY, friday, friday - 3600)
    assert is_covered(ReportKind.WEEKLY, friday, friday + 3600)
    assert not is_covered(ReportKind.WEEKLY, friday, at("2026-02-27 15:00"))
    assert not is_covered(ReportKind.WEEKLY, friday, None)
