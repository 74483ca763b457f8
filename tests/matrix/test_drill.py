"""The score card of a drill: cycles from material to told, and what the system is judged by."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matrix.drill import Card, ClockCard, Deliveries, lines, span_words

CARD = Card(
    scenario="yongwen", title="重演", first_word=4, material=35, alert=36, grave_alert=36, told=40, confirmed=45, official=560,
    clocks=(ClockCard("新闻发布会", 24, "超时", 1572),), carried=3, silent=("甲局", "乙局"), unseen=(), alerts=1, spurious=0,
    deliveries=Deliveries(2, 2, 2, 0, 0),
)  # fmt: skip


def test_a_matter_told_one_cycle_after_it_became_material_has_passed() -> None:
    assert CARD.cycles == 1
    assert CARD.is_passed


def test_late_never_or_lost_has_not_passed_whatever_people_did() -> None:
    for changed in ({"told": 46}, {"told": None}, {"material": None}, {"deliveries": Deliveries(2, 1, 1, 0, 1)}):
        card = replace(CARD, **changed)
        assert not card.is_passed
        assert "未通过" in "\n".join(lines(card))


def test_the_card_says_in_words_what_it_holds() -> None:
    told = "\n".join(lines(CARD))
    for words in ("达到实质后1.0个采集周期", "24小时新闻发布会", "超时(用时26小时12分)", "甲局、乙局，共2个", "丢失0条"):
        assert words in told
    assert "首条网民信息" not in "\n".join(lines(replace(CARD, first_word=None)))


@given(st.floats(-10_000, 10_000, allow_nan=False))
def test_a_span_has_no_sixty_minutes(minutes: float) -> None:
    words = span_words(minutes)
    assert "60分" not in words
    assert words.startswith("提前") is (minutes < 0)
