"""Two wordings beside each other: what is marked is what differs, and nothing in them plays tricks."""

import re

from hypothesis import given
from hypothesis import strategies as st

from ui.wording import marked
from ui.words import plain

MARKS = re.compile(r":gray-background\[(?:~~|\*\*)(.*?)(?:~~|\*\*)\]")


def test_what_changed_is_marked_on_its_own_side() -> None:
    before, after = marked("今晚8时停水", "明晚停水")
    assert before == ":gray-background[~~今~~]晚:gray-background[~~8时~~]停水"
    assert after == ":gray-background[**明**]晚停水"


def test_the_same_words_are_not_marked() -> None:
    assert marked("停水通知", "停水通知") == ("停水通知", "停水通知")


def test_signs_of_markdown_stay_signs() -> None:
    before, after = marked("[点我](http://x.cn)", "**急** :red[急]")
    assert "](http" not in before
    assert ":red[" not in after


@given(st.text("停水通知今晚明急 12", max_size=30), st.text("停水通知今晚明急 12", max_size=30))
def test_without_its_marks_each_side_is_its_own_wording(before: str, after: str) -> None:
    for told, text in zip(marked(before, after), (before, after), strict=True):
        assert MARKS.sub(r"\1", told).replace(" ", "") == plain(text).replace(" ", "")
