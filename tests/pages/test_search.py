"""The search as its users meet it: hits with marks, nothing of a stranger's text as markup, masked, and within the scope."""

from contextlib import closing
from pathlib import Path

from storage import organizations
from storage.database import open_database
from tests.pages.conftest import Open, words_of
from tests.sample import CITIZEN, PHONE
from ui.search import later
from ui.words import JOINER

PAGE = "pages/matrix/publishing.py"


def mark(word: str) -> str:
    return f":primary-background[{JOINER}{word}{JOINER}]"


def test_a_word_is_found_and_marked_and_what_identifies_a_citizen_is_not_shown(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, what="搜索", q="停水 电话", period="近90天")
    assert not tester.exception
    words = words_of(tester)
    assert "找到4条" in words
    assert f"家里{JOINER}{mark('停水')}" in words
    assert mark("电话") in words
    assert PHONE not in words
    assert "138\\*\\*\\*\\*5678" in words
    assert CITIZEN not in words
    assert "[点我](http" not in words
    assert ":red[" not in words


def test_posts_and_comments_can_be_told_apart_and_a_link_leads_to_the_original(look: Open) -> None:
    words = words_of(look("sample", "zhuguan", PAGE, what="搜索", q="停水通知", kind="发布", period="近90天"))
    assert "[查看原文](https://weibo.com/1/a)" in words
    assert mark("停水通知") in words
    assert "王**" not in words
    assert "没有找到" in words_of(look("sample", "zhuguan", PAGE, what="搜索", q="家里停水", kind="发布", period="近90天"))


def test_two_people_with_one_link_each_find_only_what_is_theirs(look: Open) -> None:
    city = words_of(look("sample", "zhuguan", PAGE, what="搜索", q="水", period="近90天"))
    county = words_of(look("sample", "fenxi", PAGE, what="搜索", q="临江市水务局", period="近90天"))
    watch = words_of(look("sample", "zhiban", PAGE, what="搜索", q="水", period="近90天"))
    reader = words_of(look("sample", "zhidu", PAGE, what="搜索", q="水", period="近90天"))
    assert "临江水务" in city
    assert "青山发布" in watch
    assert "临江水务" not in watch
    assert "找到" not in reader
    assert "临江" in county


def test_the_pages_of_a_result_lie_behind_one_another(look: Open) -> None:
    tester = look("sample", "zhuguan", PAGE, what="搜索", q="水", period="近90天")
    first = words_of(tester)
    tester.button[[button.label for button in tester.button].index("下一页")].click().run()
    assert not tester.exception
    assert words_of(tester) != first
    assert "从最新的开始" in [button.label for button in tester.button]
    tester.text_input(key="q_box").set_value("防汛").run()
    assert "place" not in tester.query_params
    assert mark("防汛") in words_of(tester)


def test_without_words_it_says_how_to_search_and_a_spoiled_link_is_answered_in_a_sentence(look: Open) -> None:
    assert "一个字也可以查" in words_of(look("sample", "zhuguan", PAGE, what="搜索"))
    tester = look("sample", "zhuguan", PAGE, what="搜索", q="水", place="坏了")
    assert not tester.exception
    assert "从第一页重新查找" in words_of(tester)


def test_the_file_holds_every_hit_of_the_scope_masked(worlds: dict[str, Path]) -> None:
    with closing(open_database(worlds["sample"])) as db:
        roots = organizations.roots(db)
        rows = later({"words": "停水"})(db, roots)
        nobody = later({"words": "停水"})(db, ())
    text = rows.to_csv()
    assert len(rows) > 10
    assert set(rows["类别"]) == {"发布", "评论"}
    assert PHONE not in text
    assert CITIZEN not in text
    assert "138****5678" in text
    assert nobody.empty
