"""A watch hits what its words, groups, exclusions and expression say, however the letters are written and in any batch."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matrix.watch import Matcher, Plan, Typed, excluded, fold, fold_all, read
from matrix.watch_pattern import PatternError, safe

LETTERS = st.text(alphabet="停水电气Ａa①Bé\u0301\u200b \n\rＢ。！火", max_size=12)


def hit(typed: Typed, text: str) -> bool:
    return bool(Matcher({1: read(typed)}).hits([text]))


def naive(plan: Plan, text: str) -> bool:
    folded = fold(text)
    named = any(word in folded for word in plan.words) or (plan.pattern is not None and plan.pattern.hits(folded))
    return (
        (named or (not plan.words and plan.pattern is None))
        and all(any(word in folded for word in group) for group in plan.groups)
        and not any(word in folded for word in plan.exclusions)
    )


@pytest.mark.parametrize(
    ("typed", "text", "wanted"),
    [
        (Typed("停水、断水"), "小区又停水了", True),
        (Typed("停水、断水"), "小区来水了", False),
        (Typed("停水", exclusions="演练"), "停水演练通知", False),
        (Typed(groups="学校、幼儿园\n食堂、饭菜"), "幼儿园的饭菜发霉", True),
        (Typed(groups="学校、幼儿园\n食堂、饭菜"), "幼儿园放假", False),
        (Typed("食物中毒", groups="学校、幼儿园"), "学校里有人食物中毒", True),
        (Typed("食物中毒", groups="学校、幼儿园"), "饭店里有人食物中毒", False),
        (Typed("ａｐｐ闪退"), "APP闪退怎么办", True),
        (Typed("app闪退"), "ＡＰＰ闪\u200b退", True),
        (Typed(pattern="停.{0,5}水"), "停了三天水", True),
        (Typed(pattern="停.{0,5}水"), "停了电，过了几天才又来水", False),
        (Typed("断水", pattern="停.{0,5}水"), "断水了", True),
        (Typed(pattern=r"第\d+天没电"), "第１２天没电了", True),
        (Typed(pattern="真的？"), "真的?", True),
        (Typed("后水"), "后\n水", False),
    ],
)
def test_words_groups_exclusions_and_expressions(typed: Typed, text: str, wanted: bool) -> None:
    assert hit(typed, text) is wanted


@given(
    st.lists(LETTERS, max_size=8),
    st.builds(
        Plan,
        st.lists(LETTERS.map(fold).filter(str.strip), max_size=2).map(tuple),
        st.lists(st.lists(LETTERS.map(fold).filter(str.strip), min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
        st.lists(LETTERS.map(fold).filter(str.strip), max_size=1).map(tuple),
        st.sampled_from([None, safe("停.水"), safe("[0-9a-b]+火?")]),
    ).filter(lambda plan: plan.words or plan.groups or plan.pattern),
)
def test_a_batch_finds_what_each_text_alone_would(texts: list[str], plan: Plan) -> None:
    found = Matcher({7: plan}).hits(texts).get(7, [])
    assert found == [place for place, text in enumerate(texts) if naive(plan, text)]


@given(st.lists(LETTERS, min_size=1, max_size=6))
def test_folding_all_at_once_or_twice_changes_nothing(texts: list[str]) -> None:
    folded = fold_all(texts)
    assert folded == [fold(text) for text in texts] == fold_all(folded)


def test_each_exclusion_says_what_it_keeps_away() -> None:
    plan = read(Typed("停水", exclusions="演练、培训"))
    assert excluded(plan, ["停水了", "停水演练", "停水培训演练", "演练"]) == {"演练": [1, 2], "培训": [2]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (Typed(), "至少填写"),
        (Typed("停水、火"), "关键词第2个“火”应为2至30个字"),
        (Typed(groups="学校\n" + "长" * 31), "词组第2行第1个"),
        (Typed("停水", exclusions="停水"), "既在关键词又在排除词"),
        (Typed("、".join(f"词{n:03}" for n in range(101))), "最多100个"),
        (Typed(groups="\n".join("学校" for _ in range(11))), "最多10行"),
        (Typed(pattern="停(水"), "第2个字处有误：这个“(”没有对应的“)”"),
        (Typed(pattern="停水)"), "第3个字处有误：多了一个“)”"),
        (Typed(pattern="*水"), "前面没有要重复的字"),
        (Typed(pattern="停[水"), "没有对应的“]”"),
        (Typed(pattern="停{a}"), "后面应写次数"),
        (Typed(pattern=r"(停)\1"), "不支持"),
        (Typed(pattern="(?=停)水"), "不支持"),
        (Typed(pattern="停*"), "什么都不写也会命中"),
        (Typed(pattern="停++"), "不能再写重复"),
        (Typed(pattern="(停+)+水"), "写法太宽"),
        (Typed(pattern="(停|停停)*水"), "写法太宽"),
        (Typed(pattern=".*停.*水.*电"), "写法太宽"),
        (Typed(pattern="水" * 201), "最长200个"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(typed: Typed, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read(typed)


def test_what_is_accepted_is_quick_on_texts_made_to_be_slow() -> None:
    slow = []
    for pattern in ("停.*水", "停{0,40}停{0,40}水", "(停|水){1,7}电", "[停水]{0,200}火", "停?停?停?停?停?停?停?停?停?停?水"):
        try:
            ready = safe(pattern)
        except PatternError:
            continue
        started = time.process_time()
        for text in ("停" * 3000, "停水" * 1500):
            assert not ready.hits(fold(text)) or pattern in ("停.*水", "停{0,40}停{0,40}水", "停?停?停?停?停?停?停?停?停?停?水")
        slow.append(time.process_time() - started)
    assert len(slow) >= 4
    assert max(slow) < 0.5


@given(st.text(alphabet=r"停水.[]()|?*+{}0,1-^$\dwsa(:", max_size=14))
def test_any_text_is_either_an_expression_or_refused_in_chinese(written: str) -> None:
    try:
        ready = safe(written)
    except PatternError as error:
        assert re.search("[\u4e00-\u9fff]", str(error))
    else:
        assert not ready.hits("")


def test_fifty_plans_read_thousands_of_comments_in_a_second() -> None:
    plans = {
        number: read(
            Typed(
                "、".join(f"关键{number}词{word}" for word in range(20)), exclusions="演练", pattern="停.{0,5}水" * (number < 5)
            )
        )
        for number in range(50)
    }
    texts = [f"这是第{place}条评论，说的是小区里的事情，关键{place % 90}词{place % 30}。" for place in range(4000)]
    started = time.process_time()
    found = Matcher(plans).hits(texts)
    assert len(texts) / (time.process_time() - started) > 5000
    assert len(found) == 50
