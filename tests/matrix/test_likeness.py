"""Which texts speak of the same matter."""

from hypothesis import given
from hypothesis import strategies as st

from matrix.likeness import likeness


def test_the_same_matter_in_other_words_is_likelier_than_another_matter() -> None:
    asked = "城东片区停水两天了，什么时候恢复供水？"
    near, far, same = likeness(asked, ["关于城东片区恢复供水的通报", "今日天气晴好，适宜踏青", asked])
    assert far < 0.1 < near < same == 1


@given(st.text(), st.lists(st.text(), max_size=5))
def test_likeness_is_a_share(text: str, others: list[str]) -> None:
    found = likeness(text, others)
    assert len(found) == len(others)
    assert all(0 <= one <= 1 + 1e-9 for one in found)


def test_pictures_and_names_are_no_likeness() -> None:
    assert likeness("[赞]@临江发布 https://t.cn/a", ["[赞]@临江发布 https://t.cn/a"]) == [0]
