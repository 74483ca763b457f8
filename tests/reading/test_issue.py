"""Near-duplicates and hot issues: alike both ways, ids that stay, ranked by distinct citizens."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.issue import Told
from reading import issue
from reading.issue import group, is_near_duplicate, near_duplicates

MIXER = (
    "金桂苑旁边的搅拌站夜里噪音扰民",
    "金桂苑小区搅拌站粉尘污染严重，噪音也大",
    "搅拌站离金桂苑太近，粉尘和噪音谁来管",
    "金桂苑业主反映搅拌站的粉尘",
)
PARKING = ("滨江府开发商捆绑销售车位", "滨江府买房要捆绑买车位，开发商太霸道", "滨江府车位捆绑销售没人管吗")
LONE = ("四十七路公交车经常甩站", "请问独生子女补贴怎么申领", "图书馆闭馆时间太早了")
PIECES = ("停水三天了", "搅拌站噪音", "吗？", "[怒]", "😀", "\n", "\ud83d", " ", "@路人 ", "转发：", "12", "啊" * 50, "\x85")
texts = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))


def told(*texts: str, start: int = 0, citizen: str = "") -> list[Told]:
    return [Told(f"m{start + n}", text, citizen or f"u{start + n}", 1000 + start + n) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("东街停水三天了，到底什么时候能来水", "东街停水三天了，到底什么时候能来水！！！"),
        ("东街停水三天了，到底什么时候能来水", "转：东街停水三天了，到底什么时候能来水[怒]"),
        ("东街停水三天了，到底什么时候能来水", "东街停水三天，到底什么时候能来水"),
        ("", " "),
        ("啊", "啊。"),
    ],
)
def test_the_same_words_with_a_small_change_are_near_duplicates(text: str, other: str) -> None:
    assert is_near_duplicate(text, other)
    assert near_duplicates([text, other]) == [0, 0]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("东街停水三天了，什么时候来水", "西街路灯坏了两天，没有人修"),
        ("停水", "停电"),
        ("啊", "哦"),
        ("", "停水"),
        ("😀", "[怒]"),
    ],
)
def test_other_words_are_no_near_duplicates(text: str, other: str) -> None:
    assert not is_near_duplicate(text, other)
    assert near_duplicates([text, other]) == [0, 1]


@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_near_duplicate_is_symmetric_and_everything_is_like_itself(text: str, other: str) -> None:
    assert is_near_duplicate(text, other) == is_near_duplicate(other, text)
    assert is_near_duplicate(text, text)
    alike = near_duplicates([text, other]) == [0, 0]
    assert alike == (near_duplicates([other, text]) == [0, 0]) == is_near_duplicate(text, other)


def test_one_matter_in_many_words_is_one_issue() -> None:
    found = group(told(*MIXER, *LONE[:2], *PARKING, LONE[2]))
    assert [one.members for one in found.issues] == [("m0", "m1", "m2", "m3"), ("m6", "m7", "m8")]
    assert found.issues[0].title in MIXER
    assert found.issue_of["m4"] != found.issue_of["m5"]


def test_many_citizens_rank_before_many_messages() -> None:
    shout = told(*[f"滨江府车位捆绑销售没人管吗{'！' * n}" for n in range(9)], start=50, citizen="u50")
    found = group([*told(*MIXER), *shout])
    assert [(one.citizens, len(one.members)) for one in found.issues] == [(4, 4), (1, 9)]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(texts, st.sampled_from([*MIXER, *PARKING, *LONE])), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_batch_changes_no_issue(some: list[str], rng) -> None:
    window = told(*some)
    found = group(window)
    rng.shuffle(window)
    assert group(window) == found
    assert {key for one in found.issues for key in one.members} <= set(found.issue_of) <= {one.key for one in window}


def test_the_id_of_an_issue_stays_while_new_words_join() -> None:
    before = group(told(*MIXER[:2], *LONE))
    held = [replace(one, issue=before.issue_of[one.key]) for one in told(*MIXER[:2], *LONE)]
    after = group([*held, *told(*MIXER[2:], *PARKING, start=20)])
    assert after.issues[0].key == before.issues[0].key
    assert after.issues[0].citizens == 4
    assert {key: after.issue_of[key] for key in before.issue_of} == before.issue_of
    assert not after.merged


def test_an_issue_outlives_its_first_message_leaving_the_window() -> None:
    before = group(told(*MIXER))
    left = [replace(one, issue=before.issue_of[one.key]) for one in told(*MIXER)][1:]
    assert [one.key for one in group(left).issues] == [before.issues[0].key]


def test_two_issues_that_have_become_one_keep_the_older_id_and_say_so() -> None:
    older, younger = (replace(one, issue=key) for one, key in zip(told(MIXER[0], MIXER[0]), ("i1", "i2"), strict=True))
    older = replace(older, text="金桂苑旁边的搅拌站夜里噪音扰民，没人管")
    found = group([older, younger])
    assert [one.key for one in found.issues] == ["i1"]
    assert found.merged == {"i2": "i1"}


def test_the_same_words_get_the_same_id_when_computed_anew() -> None:
    assert group(told(*MIXER)).issue_of == group(told(*MIXER)).issue_of


def test_words_that_say_nothing_are_in_no_issue() -> None:
    found = group(told("加油", "加油", "😀", "", "啊啊啊"))
    assert not found.issues
    assert not found.issue_of


def test_a_message_handed_in_twice_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="出现了两次"):
        group([*told(MIXER[0]), *told(MIXER[1])])


def test_a_very_long_text_is_read() -> None:
    found = group(told("搅拌站噪音扰民，" * 1300, *MIXER))
    assert found.issue_of["m0"]
    assert near_duplicates(["停水" * 5000, "停水" * 5000 + "！"]) == [0, 0]


def test_the_version_names_rules_and_rarities() -> None:
    assert re.fullmatch("热点归并-[0-9a-f]{8}", issue.VERSION)


def test_nothing_told_is_no_issue() -> None:
    assert group([]).issues == ()
    assert near_duplicates([]) == []
