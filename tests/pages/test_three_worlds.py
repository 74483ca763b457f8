"""Every page in three worlds: an empty database, a sample city, and a stranger before the door."""

import re
from urllib.parse import unquote_plus

import pytest

from matrix.interface import WEIBO_INTERFACES
from matrix.people import RIGHTS, Role
from settings import Wechat
from tests.pages.conftest import Open, words_of
from tests.sample import ACCOUNTS, CITIZEN, PHONE, UNITS
from tests.sources import ROOT, page_files
from ui.menu import ENTRIES
from ui.words import INTERFACE_WORDS

PAGES = [entry.file for entry in ENTRIES]
WHO = {"pages/duty/home.py": "zhuguan", "pages/admin/people.py": "xitong"}
HEADERS = {entry.file: entry.title for entry in ENTRIES}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_page_file_is_in_the_menu() -> None:
    assert sorted(PAGES) == sorted(page_files())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("world", ["empty", "sample"])
def test_a_page_is_right_on_an_empty_and_on_a_filled_database(look: Open, page: str, world: str) -> None:
    tester = look(world, WHO.get(page, "zhuguan"), page)
    assert not tester.exception
    assert tester.header[0].value == HEADERS[page]
    assert CHINESE.search(words_of(tester))


@pytest.mark.parametrize("page", ["", *PAGES])
def test_a_stranger_sees_only_a_sentence(look: Open, page: str) -> None:
    words = words_of(look("sample", "", page))
    assert words.splitlines()[0] == "请先登录"
    assert not [name for name in (*(unit[0] for unit in UNITS), *(one[0] for one in ACCOUNTS), "小李") if name in words]


@pytest.mark.parametrize("page", PAGES)
def test_a_made_up_cookie_is_a_stranger(look: Open, page: str) -> None:
    assert words_of(look("sample", "", page, token="x" * 43)).startswith("请先登录")


@pytest.mark.parametrize("page", PAGES[:3])
def test_an_empty_database_says_what_to_do_next(look: Open, page: str) -> None:
    words = words_of(look("empty", "zhuguan", page))
    assert "还没有账号，从这里开始" in words
    assert "下载模板" in words


def test_the_watch_sees_cards_in_their_order(look: Open) -> None:
    tester = look("sample", "zhuguan", "pages/duty/home.py")
    titles = ("处置中事件", "临近时限诉求", "3日内将超期账号", "采集中断")
    assert [caption.value for caption in tester.caption if caption.value in titles] == list(titles)
    figures = [one.value for one in tester.subheader][:4]
    assert figures[2:] == ["1 个", "2 个"]
    assert re.fullmatch(r"0 · \d\d:\d\d已核对", figures[0])
    assert re.fullmatch(r"0 · (\d\d:\d\d已核对|尚未选定时限规则，不判定超时)", figures[1])


def test_zero_says_when_it_was_checked(look: Open) -> None:
    tester = look("sample", "zhiban", "pages/duty/home.py")
    assert re.fullmatch(r"0 · \d\d:\d\d已核对", tester.subheader[2].value)


def test_nobody_is_called_stale_while_we_are_blind(look: Open) -> None:
    tester = look("sample", "zhuguan", "pages/admin/collection.py", sight="账号判定")
    rows = tester.dataframe[0].value
    verdicts = dict(zip(rows["平台"] + rows["账号"], rows["判定"], strict=True))
    assert verdicts["微信公众号青山县人民政府"] == "▨ 采集中断(非账号原因)"
    assert verdicts["微博城关镇微讯"] == "▨ 采集中断(非账号原因)"
    assert verdicts["微博健康青山"] == "■ 超期未更新"
    assert verdicts["微博临江水务"] == "3日内将超期"
    assert verdicts["抖音青山政务抖音"] == "▢ 平台限制"


def test_one_cause_is_one_row_that_says_since_when_and_what_to_do(look: Open) -> None:
    words = words_of(look("sample", "zhuguan", "pages/admin/collection.py"))
    assert words.count("▨ 凭据失效 · 青山县人民政府(微信公众号，青山县)**".replace("(", "\\(").replace(")", "\\)")) == 1
    assert "重新录入采集凭据" in words
    assert "并不是它们没有更新" in words


@pytest.mark.parametrize("view", ["中断原因", "账号判定", "采集记录", "调用额度"])
def test_every_part_of_the_page_on_collecting_can_be_opened(look: Open, view: str) -> None:
    tester = look("sample", "zhuguan", "pages/admin/collection.py", sight=view)
    assert not tester.exception
    assert tester.dataframe or view == "中断原因"


def test_an_outage_of_one_account_leads_to_that_account_in_the_ledger(look: Open) -> None:
    links = look("sample", "zhuguan", "pages/admin/collection.py").get("page_link")
    wanted = [dict(pair.split("=") for pair in unquote_plus(link.proto.query_string).split("&")) for link in links]
    assert {"find": "青山县人民政府 微信公众号"} in wanted
    tester = look("sample", "zhuguan", "pages/admin/ledger.py", find="青山县人民政府 微信公众号")
    assert [one.value for one in tester.subheader] == ["青山县人民政府"]
    assert "录入凭据" in [button.label for button in tester.button]
    reader = look("sample", "zhidu", "pages/admin/collection.py")
    assert not reader.exception


def test_the_import_stands_at_the_top_on_an_empty_database(look: Open) -> None:
    tester = look("empty", "zhuguan", "pages/admin/ledger.py", book="导入台账")
    assert tester.file_uploader
    assert "采集程序还没有运行过" in words_of(tester), "the worker is the one that compares"
    assert "从这里开始" not in words_of(tester)


def test_every_interface_with_a_quota_has_a_chinese_name() -> None:
    paths = {*Wechat().daily_quotas(), *WEIBO_INTERFACES}
    assert not paths - set(INTERFACE_WORDS)


def test_an_overdue_account_names_its_last_post_whom_to_call_and_what_to_do(look: Open) -> None:
    asked = {"sight": "账号判定", "verdict": "超期未更新"}
    tester = look("sample", "zhuguan", "pages/admin/collection.py", **asked)
    assert [one.value for one in tester.subheader] == ["健康青山"], "the only account of a list is opened at once"
    words = words_of(tester)
    assert "[查看原文](https://weibo.com/1/a)" in words
    assert "请联系责任人更新" in words
    assert "李建国 13900001111" in words
    watch = words_of(look("sample", "zhiban", "pages/admin/collection.py", **asked))
    assert "李建国" in watch
    assert "13900001111" not in watch


def test_no_colour_of_a_warning_level_is_used_for_anything_else() -> None:
    for path in (*(ROOT / "ui").glob("*.py"), *(ROOT / "pages").rglob("*.py")):
        assert not re.search(r"st\.(error|warning|info|success)\(", path.read_text(encoding="utf-8")), path


def test_the_tree_counts_the_accounts_of_every_unit_and_of_those_below(look: Open) -> None:
    rows = look("sample", "zhuguan", "pages/admin/ledger.py", book="单位树").dataframe[0].value
    below = dict(zip(rows["单位"].str.strip("\u3000"), rows["含下级账号"], strict=True))
    assert below == {"临江市": 10, "临江市水务局": 2, "青山县": 6, "青山县卫生健康局": 1, "青山县城关镇": 2}


@pytest.mark.parametrize("view", ["账号", "单位树", "导入台账"])
def test_every_part_of_the_ledger_can_be_opened(look: Open, view: str) -> None:
    tester = look("sample", "zhuguan", "pages/admin/ledger.py", book=view)
    assert not tester.exception


def test_what_citizens_wrote_is_masked_and_cannot_play_tricks(look: Open) -> None:
    tester = look("sample", "zhuguan", "pages/duty/home.py")
    words = words_of(tester)
    assert PHONE not in words
    assert CITIZEN not in words
    assert "138\\*\\*\\*\\*5678" in words
    assert "[点我](http" not in words
    assert ":red[" not in words


def test_two_viewers_of_one_page_each_see_only_their_own_units(look: Open) -> None:
    city = look("sample", "zhuguan", "pages/admin/ledger.py").dataframe[0].value
    county = look("sample", "zhiban", "pages/admin/ledger.py").dataframe[0].value
    again = look("sample", "zhuguan", "pages/admin/ledger.py").dataframe[0].value
    assert set(county["单位"]) == {"青山县", "青山县卫生健康局", "青山县城关镇"}
    assert set(city["单位"]) == {unit[0] for unit in UNITS}
    assert len(again) == len(city) == len(ACCOUNTS)


def test_a_person_without_a_scope_is_told_so_and_sees_nothing(look: Open) -> None:
    words = words_of(look("sample", "zhidu", "pages/duty/home.py"))
    assert "您还没有权限范围" in words
    assert "临江" not in words


def test_telephone_numbers_are_whole_only_for_those_who_keep_the_ledger(look: Open) -> None:
    assert "13900001111" in look("sample", "zhuguan", "pages/admin/ledger.py").dataframe[0].value.to_csv()
    assert "13900001111" not in look("sample", "fenxi", "pages/admin/ledger.py").dataframe[0].value.to_csv()


LOGINS = {
    "xitong": Role.SYSTEM,
    "anquan": Role.SECURITY,
    "shenji": Role.AUDIT,
    "zhuguan": Role.LEAD,
    "zhiban": Role.WATCH,
    "fenxi": Role.ANALYST,
    "zhidu": Role.READER,
}


@pytest.mark.parametrize("login", LOGINS)
def test_the_menu_is_the_permission(look: Open, login: str) -> None:
    for entry in ENTRIES:
        header = look("sample", login, entry.file).header[0].value
        allowed = bool(entry.rights & RIGHTS[LOGINS[login]])
        assert (header == entry.title) is allowed, (login, entry.title, header)


def test_administrators_never_see_what_citizens_wrote(look: Open) -> None:
    for login in ("xitong", "anquan", "shenji"):
        for page in ("", *PAGES):
            assert "停水两天" not in words_of(look("sample", login, page))
