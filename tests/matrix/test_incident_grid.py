"""Who carries a bulletin and who says something else, by rules that can be read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.incident_grid import Bulletin, Heard, Voice, judge_voice
from matrix.incident_talk import counts_in, denials_in, differences, is_same, number_of, speaks_of

TITLE = "滨河路桥面塌陷"
WORDS = "今天14时许，滨河路桥面发生塌陷，造成3人死亡、12人受伤。救援正在进行，原因正在调查，请市民不信谣、不传谣。"
BULLETIN = Bulletin(1, 10, 1000, WORDS)


def voice(*posts: Heard, **more: Any) -> tuple[Voice, str]:
    judged = judge_voice(posts, BULLETIN, TITLE, **more)
    return judged.voice, judged.reason


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("造成3人死亡、12人受伤，5人失联", {"死亡": {3}, "受伤": {12}, "失联": {5}}),
        ("死亡人数增至39人，受伤192名", {"死亡": {39}, "受伤": {192}}),
        ("二十二名乘客遇难，另有一百零三人轻伤", {"死亡": {22}, "轻伤": {103}}),
        ("转移群众，3月5日8时至18时停水", {}),
        ("已疏散１，２００人", {"疏散": {1200}}),
    ],
)
def test_counts_of_people_are_read_with_what_happened_to_them(words: str, counts: dict[str, set[int]]) -> None:
    assert counts_in(words) == counts


@given(st.integers(1, 999))
def test_numbers_in_chinese_are_the_numbers(value: int) -> None:
    signs = "零一二三四五六七八九"
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    words = (signs[hundreds] + "百" if hundreds else "") + (signs[tens] + "十" if tens else "") + (signs[ones] if ones else "")
    assert number_of(words) == number_of(str(value)) == value


def test_what_every_notice_asks_of_its_readers_is_no_denial() -> None:
    assert denials_in(WORDS) == []
    assert denials_in("请勿传播不实信息，造谣者将依法追究责任") == []
    assert denials_in("网传桥面塌陷系谣言，与事实不符") == ["谣言", "与事实不符"]


def test_a_repost_and_the_same_words_carry_the_bulletin_at_the_first_of_them() -> None:
    judged = judge_voice([Heard(3, 1300, WORDS + "(来源：滨河发布)"), Heard(2, 1060, "转发", is_repost=True)], BULLETIN, TITLE)
    assert (judged.voice, judged.at, judged.post_id, judged.reason) == (Voice.CARRIED, 1060, 2, "转发")


def test_other_counts_and_denials_are_named_for_a_person_to_check() -> None:
    other = WORDS.replace("3人死亡", "5人死亡")
    assert voice(Heard(2, 1100, other)) == (Voice.DIFFERENT, "死亡：写5人，通报写3人")
    assert voice(Heard(2, 1100, WORDS), Heard(3, 1200, "滨河路桥面塌陷系谣言")) == (
        Voice.DIFFERENT,
        "含否认性表述“谣言”，通报中没有",
    )
    assert voice(Heard(2, 1100, other), known={"死亡": {5}})[0] is Voice.CARRIED, "the number was revised with its source"


def test_an_earlier_count_is_no_difference_but_an_earlier_denial_is() -> None:
    assert voice(Heard(2, 900, "滨河路桥面塌陷，已有1人死亡"))[0] is Voice.OWN
    assert voice(Heard(2, 900, "滨河路桥面塌陷纯属谣言"))[0] is Voice.DIFFERENT


def test_silence_is_said_only_of_an_account_that_can_be_seen() -> None:
    elsewhere = Heard(2, 1100, "我市召开防汛工作会议，部署桥梁检查")
    assert voice(elsewhere)[0] is Voice.SILENT
    assert voice(elsewhere, is_blind=True)[0] is Voice.BLIND
    assert voice(elsewhere, is_blind=True, is_limited=True)[0] is Voice.LIMITED
    assert voice(Heard(2, 1100, WORDS), is_blind=True)[0] is Voice.CARRIED, "what is seen counts"


def test_a_short_title_must_stand_there_whole() -> None:
    assert speaks_of("城东停水到晚上八点", "停水") == 1
    assert speaks_of("停车场水位正常", "停水") == 0
    assert speaks_of("临江路封闭施工", TITLE) < 0.5


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_are_compared_without_failing_and_nothing_differs_from_itself(one: str, other: str) -> None:
    assert 0 <= speaks_of(one, other, (one,)) <= 1
    assert differences(one, one) == []
    assert is_same(one, other) == is_same(other, one)
