"""快报: facts and nothing else, both values where sources differ, about 200 characters."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from matrix.flash_report import MOST, Facts, FlashKind, Stated, compose, figure_words, newest, next_kind

CONFERENCE, AGENCY = "新闻发布会", "省安监局"
RAIL = [
    Stated("死亡", 35, "人", CONFERENCE, 1, "7月24日22:42"),
    Stated("受伤", 192, "人", CONFERENCE, 1, "7月24日22:42"),
    Stated("死亡", 39, "人", AGENCY, 2, "7月26日10:00"),
    Stated("死亡", 40, "人", AGENCY, 3, "7月29日09:00"),
    Stated("受伤", 172, "人", "调查报告", 4, "12月28日18:00"),
]
FACTS = Facts("甬温线动车追尾", "突发事件", "特别重大", "临江市", "7月23日20:30", "7月23日20:34", "7月29日09:30", RAIL)


def test_revised_counts_stand_with_their_sources_and_an_older_value_of_the_same_source_gives_way() -> None:
    told = newest(RAIL)
    assert [one.value for one in told["死亡"]] == [40, 35]
    assert figure_words("死亡", told["死亡"]) == "死亡说法不一：40人(省安监局，7月29日09:00)、35人(新闻发布会，7月24日22:42)"
    assert figure_words("受伤", told["受伤"]) == "受伤说法不一：172人(调查报告，12月28日18:00)、192人(新闻发布会，7月24日22:42)"


def test_sources_that_agree_are_one_value_by_the_newest_of_them() -> None:
    agreed = [Stated("死亡", 3, "人", "市应急局", 1, "8时"), Stated("死亡", 3, "人", "临江发布", 2, "9时")]
    assert figure_words("死亡", newest(agreed)["死亡"]) == "死亡3人(临江发布，9时)"


def test_the_first_report_says_what_is_known_and_what_is_not() -> None:
    text = compose(replace(FACTS, figures=(), comments=1204, citizens=830), FlashKind.FIRST, 1)
    assert text.startswith("【舆情快报·首报】临江市“甬温线动车追尾”(突发事件，特别重大)，7月23日20:30发生，7月23日20:34发现。")
    assert "尚无确认的官方发声。" in text
    assert "评论1,204条，涉及网民830人" in text


def test_without_a_level_the_report_says_that_it_is_not_set() -> None:
    assert "(待定级)" in compose(Facts("桥面塌陷", "", "", "临江市", "", "3日8:00", "3日9:00"), FlashKind.FIRST, 1)


def test_reports_follow_one_another() -> None:
    assert [next_kind(number, is_closed=False) for number in (0, 1, 7)] == [FlashKind.FIRST, FlashKind.NEXT, FlashKind.NEXT]
    assert next_kind(0, is_closed=True) is FlashKind.LAST
    assert "续报第3报" in compose(FACTS, FlashKind.NEXT, 3)
    assert compose(replace(FACTS, summary="险情已排除"), FlashKind.LAST, 4).count("险情已排除。") == 1


NUMBERS = st.integers(0, 10**6)


@given(
    NUMBERS, NUMBERS, NUMBERS, st.lists(st.sampled_from(["24小时新闻发布会：进行中，剩3小时", "48小时回应：已按时"]), max_size=3)
)
def test_less_needed_lines_are_left_out_whole_and_every_digit_is_a_fact(
    comments: int, citizens: int, leads: int, clocks: list[str]
) -> None:
    facts = replace(FACTS, figures=RAIL[:1], comments=comments, citizens=citizens, leads=leads, clocks=clocks)
    text = compose(facts, FlashKind.FIRST, 1)
    assert len(text) <= MOST
    assert text.endswith("。")
    if f"{comments:,}条" in text and comments:
        assert f"评论{comments:,}条" in text
