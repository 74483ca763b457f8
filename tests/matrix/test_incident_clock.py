"""The clocks of an incident, on any sequence of words and on timelines that really happened."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.incident import (
    Change,
    EventLevel,
    Field,
    IncidentKind,
    IncidentState,
    Matter,
    WarningLevel,
    Word,
    WordKind,
    matter_at,
    missing_of_warning,
)
from matrix.incident_clock import CONFERENCE, HOUR, INFORMATION, RESPONSE, ClockState, clocks, next_due, rules_for, start_words

GRAVEST = Matter("甲地桥梁垮塌", 1000, kind=IncidentKind.EMERGENCY, event_level=EventLevel.GRAVEST, occurred_at=0)
OTHER = Matter("乙地停水引发关注", 0, kind=IncidentKind.OTHER)


def at(words: str) -> int:
    return int(datetime.fromisoformat(words).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp())


def said(kind: WordKind, words: str) -> Word:
    return Word(kind, at(words), at(words))


def test_the_rail_accident_of_2011_held_its_press_conference_two_hours_and_twelve_minutes_too_late() -> None:
    matter = replace(GRAVEST, occurred_at=at("2011-07-23 20:30:05"), detected_at=at("2011-07-23 20:34:00"))
    words = [said(WordKind.CONFERENCE, "2011-07-24 22:42:00")]
    before = clocks(matter, words, at("2011-07-24 20:00:00"))
    assert [clock.state for clock in before] == [ClockState.LATE, ClockState.SOON]
    conference = clocks(matter, words, at("2011-07-25 08:00:00"))[1]
    assert conference.state is ClockState.LATE
    assert conference.used // 60 == 26 * 60 + 11
    assert round(conference.used / 60) == 26 * 60 + 12
    assert conference.stopped_at == at("2011-07-24 22:42:00")
    assert conference.left == -(2 * HOUR + 11 * 60 + 55)


def test_the_earthquake_of_lushan_had_its_first_official_word_in_six_minutes() -> None:
    matter = replace(GRAVEST, occurred_at=at("2013-04-20 08:02:46"), detected_at=at("2013-04-20 08:02:53"))
    information, conference = clocks(matter, [said(WordKind.INFORMATION, "2013-04-20 08:08:00")], at("2013-04-20 12:00:00"))
    assert information.state is ClockState.MET
    assert -(-information.used // 60) == 6
    assert conference.state is ClockState.RUNNING
    assert conference.stopped_at is None


def test_the_first_press_conference_of_tianjin_port_came_about_seventeen_hours_after_the_explosion() -> None:
    matter = replace(GRAVEST, occurred_at=at("2015-08-12 23:34:06"), detected_at=at("2015-08-12 23:40:00"))
    information, conference = clocks(matter, [said(WordKind.CONFERENCE, "2015-08-13 16:30:00")], at("2015-08-14 00:00:00"))
    assert conference.state is ClockState.MET
    assert round(conference.used / HOUR) == 17
    assert information.state is ClockState.LATE, "no authoritative word was entered before the conference"


def test_two_times_that_sources_give_for_one_first_word_are_two_words_and_the_earlier_one_counts() -> None:
    """Seven seconds by the clocks of two reports, 53 seconds in the words of a third."""
    matter = replace(GRAVEST, occurred_at=at("2013-04-20 08:02:46"), detected_at=at("2013-04-20 08:02:46"))
    words = [said(WordKind.INFORMATION, "2013-04-20 08:03:39"), said(WordKind.INFORMATION, "2013-04-20 08:02:53")]
    assert clocks(matter, words, at("2013-04-20 09:00:00"))[0].used == 7
    assert clocks(matter, words[:1], at("2013-04-20 09:00:00"))[0].used == 53


def test_only_a_press_conference_with_evidence_stops_the_clock_of_24_hours() -> None:
    kinds = (WordKind.INFORMATION, WordKind.RESPONSE, WordKind.CONFERENCE)
    stopped = {kind: clocks(GRAVEST, [Word(kind, HOUR, HOUR)], 2 * HOUR) for kind in kinds}
    assert [stopped[kind][1].stopped_at for kind in kinds] == [None, None, HOUR]
    assert [stopped[kind][0].stopped_at for kind in kinds] == [HOUR, None, HOUR]
    bare = clocks(GRAVEST, [Word(WordKind.CONFERENCE, HOUR, HOUR, has_evidence=False)], 2 * HOUR)
    assert bare[1].stopped_at is None


@pytest.mark.parametrize("kind", list(WordKind))
def test_any_official_word_answers_another_matter(kind: WordKind) -> None:
    [clock] = clocks(OTHER, [Word(kind, 47 * HOUR, 47 * HOUR)], 60 * HOUR)
    assert clock.rule is RESPONSE
    assert clock.state is ClockState.MET


def test_until_kind_and_level_are_set_every_candidate_is_pending_and_nothing_is_asked_for() -> None:
    for matter in (Matter("甲", 0), Matter("甲", 0, kind=IncidentKind.EMERGENCY), Matter("甲", 0, event_level=EventLevel.GRAVE)):
        found = clocks(matter, [], 100 * HOUR)
        assert [clock.rule for clock in found] == [INFORMATION, CONFERENCE, RESPONSE]
        assert {clock.state for clock in found} == {ClockState.PENDING}
        assert next_due(found) is None


def test_a_smaller_emergency_has_the_clock_of_every_other_matter() -> None:
    for level in (EventLevel.LARGER, EventLevel.ORDINARY):
        assert rules_for(replace(GRAVEST, event_level=level)) == ((RESPONSE,), True)


def test_the_clocks_say_by_which_time_they_run() -> None:
    assert start_words(GRAVEST) == "自事件发生时间起算"
    unknown = replace(GRAVEST, occurred_at=None)
    assert start_words(unknown) == "自发现时间起算(发生时间未知)"
    assert clocks(unknown, [], 1000)[0].starts_at == 1000


def test_the_exact_second_is_in_time_and_the_next_one_is_late() -> None:
    due = 5 * HOUR
    assert clocks(GRAVEST, [Word(WordKind.INFORMATION, due, due)], due + 9)[0].state is ClockState.MET
    assert clocks(GRAVEST, [Word(WordKind.INFORMATION, due + 1, due + 1)], due + 9)[0].state is ClockState.LATE
    assert clocks(GRAVEST, [], due)[0].state is ClockState.SOON
    assert clocks(GRAVEST, [], due + 1)[0].state is ClockState.LATE


def test_a_matter_that_was_closed_in_time_without_a_word_is_not_counted_on() -> None:
    closed = replace(OTHER, state=IncidentState.CLOSED, closed_at=10 * HOUR)
    [clock] = clocks(closed, [], 90 * HOUR)
    assert (clock.state, clock.used) == (ClockState.LEFT, 10 * HOUR)
    assert next_due([clock]) is None


HOURS = st.integers(0, 72 * HOUR)
WORDS = st.lists(st.builds(lambda kind, when, later: Word(kind, when, when + later), st.sampled_from(WordKind), HOURS, HOURS))
MATTERS = st.builds(
    Matter,
    title=st.just("甲"),
    detected_at=HOURS,
    kind=st.sampled_from(["", *IncidentKind]),
    event_level=st.sampled_from(["", *EventLevel]),
    occurred_at=st.none() | HOURS,
)


@given(MATTERS, WORDS, HOURS)
def test_what_was_learned_later_never_changes_how_a_clock_stood(matter: Matter, words: list[Word], as_of: int) -> None:
    known = [one for one in words if one.seen_at <= as_of]
    assert clocks(matter, words, as_of) == clocks(matter, known, as_of)


@given(MATTERS, WORDS, HOURS, HOURS)
def test_a_clock_never_goes_back_and_another_word_never_makes_it_later(
    matter: Matter, words: list[Word], early: int, late: int
) -> None:
    early, late = sorted((early, late))
    for one, other in zip(clocks(matter, words, early), clocks(matter, words, late), strict=True):
        assert one.used + one.left == other.used + other.left == one.rule.hours * HOUR
        assert one.used >= 0
        if one.stopped_at is None and other.stopped_at is None:
            assert one.used <= other.used
    more = clocks(matter, [*words, Word(WordKind.CONFERENCE, early, early)], late)
    assert all(a.used <= b.used for a, b in zip(more, clocks(matter, words, late), strict=True))


@given(MATTERS, WORDS, HOURS)
def test_states_say_what_the_seconds_say(matter: Matter, words: list[Word], as_of: int) -> None:
    for clock in clocks(matter, words, as_of):
        if clock.state is ClockState.PENDING:
            continue
        assert clock.is_late == (clock.left < 0)
        assert (clock.state is ClockState.MET) == (clock.stopped_at is not None and clock.left >= 0)


@given(st.lists(st.tuples(st.sampled_from(["", *EventLevel]), st.integers(0, 50)), max_size=6), st.integers(0, 60))
def test_changes_taken_back_give_the_level_that_stood_then(steps: list[tuple[str, int]], as_of: int) -> None:
    steps.sort(key=lambda step: step[1])
    changes, level, then = [], "", ""
    for after, when in steps:
        changes.append(Change(Field.EVENT_LEVEL, level, after, when))
        level = after
        then = level if when <= as_of else then
    assert matter_at(Matter("甲", 0, event_level=level), changes, as_of).event_level == then


def test_only_a_statutory_warning_asks_for_the_eight_fields() -> None:
    assert len(missing_of_warning({})) == 8
    full: dict[str, object] = {
        "category": "暴雨", "level": WarningLevel.ORANGE, "starts_at": 1, "area": "全市", "cautions": "勿涉水",
        "measures": "转移", "issuer": "市气象台", "issued_at": 1,
    }  # fmt: skip
    assert missing_of_warning(full) == []
    assert missing_of_warning(full | {"area": " "}) == ["可能影响范围"]
