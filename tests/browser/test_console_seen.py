"""The console as people see it: light and dark, wide and narrow, empty and full, in a real browser."""

import re

import pytest
from playwright.sync_api import Page

from tests import sample
from tests.browser.conftest import Open
from ui.menu import ENTRIES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
WHO = {"people": "xitong"}
BRIGHTNESS = (
    "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/[0-9.]+/g).slice(0, 3)"
    ".reduce((sum, part) => sum + Number(part), 0) / 3"
)


def visit(page: Page, address: str, title: str) -> None:
    page.goto(address)
    page.wait_for_selector(f'h2:has-text("{title}")')
    page.wait_for_selector(DONE)


def walk(page: Page, address: str, title: str) -> None:
    """Go on to another page as the browser's own buttons do, without loading everything anew."""
    go = "where => { history.pushState({}, '', where); dispatchEvent(new PopStateEvent('popstate')) }"
    page.evaluate(go, address)
    page.wait_for_selector(f'h2:has-text("{title}")')
    page.wait_for_selector(DONE)


def wait_for_theme(page: Page, is_dark: bool) -> None:
    """The theme follows the machine's; asked step by step, because the policy of the page forbids waiting by script."""
    for _ in range(60):
        if (page.evaluate(BRIGHTNESS) < 128) is is_dark:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the page is not {'dark' if is_dark else 'light'}")


@pytest.mark.parametrize(("world", "widths"), [("empty", (390, 1360)), ("sample", (1360, 390))])
def test_every_page_is_whole_in_light_and_dark_wide_and_narrow(tab: Open, world: str, widths: tuple[int, int]) -> None:
    for login in ("zhuguan", "xitong"):
        page = tab(world, login, widths[0])
        faults: list[str] = []
        page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
        page.on("console", lambda said, faults=faults: faults.append(said.text) if "Content Security" in said.text else None)
        mine = [entry for entry in ENTRIES if WHO.get(entry.address, "zhuguan") == login]
        for number, entry in enumerate(mine):
            (walk if number else visit)(page, f"/{entry.address}", entry.title)
            words = page.inner_text("body")
            assert CHINESE.search(words)
            assert "Traceback" not in words
            assert "出错" not in words
            assert not page.query_selector_all('[role="dialog"]'), "an address of the menu is not known"
            looks = ((widths[0], False), (widths[0], True), (widths[1], True), (widths[1], False))
            for width, is_dark in looks[number % 2 :: 2]:  # light and wide with dark and narrow, then the other way round
                page.set_viewport_size({"width": width, "height": 900 if width > 500 else 844})
                page.emulate_media(color_scheme="dark" if is_dark else "light")
                wait_for_theme(page, is_dark)
                fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                assert fits, f"{entry.title} is wider than a screen of {width}"
            page.set_viewport_size({"width": widths[0], "height": 900 if widths[0] > 500 else 844})
        assert not faults


def test_signing_in_and_out_with_a_reload_and_a_second_tab_between(tab: Open) -> None:
    page = tab("sample")
    page.goto("/collection?sight=账号判定")
    assert page.inner_text("h2") == "登录"
    page.fill("#login", "zhuguan")
    page.fill("#password", "wrong")
    page.click("button")
    assert "不正确" in page.inner_text(".fault")
    page.fill("#password", sample.PASSWORD)
    page.click("button")
    page.wait_for_selector('h2:has-text("采集状态")')
    page.wait_for_selector('[data-testid="stDataFrame"]')
    page.reload()
    page.wait_for_selector('h2:has-text("采集状态")')
    second = page.context.new_page()
    visit(second, "/ledger", "账号台账")
    second.click("text=退出登录")
    second.wait_for_selector("#login")
    assert second.url.endswith("/signin")
    page.reload()
    page.wait_for_selector("#login")


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_sign_in_fits_a_telephone(tab: Open, is_dark: bool) -> None:
    page = tab("empty", "", 390, is_dark)
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(number) for number in re.findall(r"\d+", back)[:3]) < 384) is is_dark


def test_a_card_opens_its_list_and_a_row_opens_the_account(tab: Open) -> None:
    page = tab("sample", "zhuguan")
    visit(page, "/", "值班首页")
    page.click("text=另有1个已超期")
    page.wait_for_selector('h3:has-text("健康青山")')
    assert "verdict=" in page.url
    assert page.get_attribute('a:has-text("查看原文")', "href") == "https://weibo.com/1/a"
    page.go_back()
    page.wait_for_selector('h2:has-text("值班首页")')
    page.click("text=查看账号")
    page.wait_for_selector('h2:has-text("更新检查")')
    page.wait_for_selector('[data-testid="stMainBlockContainer"] >> text=临江水务', state="attached")
    visit(page, "/ledger", "账号台账")
    grid = page.wait_for_selector('[data-testid="stDataFrame"] canvas')
    assert grid
    page.wait_for_timeout(400)
    place = grid.bounding_box()
    assert place
    page.mouse.click(place["x"] + 16, place["y"] + 54)
    page.wait_for_selector('h3:has-text("临江发布")')
    page.wait_for_selector(DONE)
    page.click('button:has-text("立即检查")')
    dialog = page.wait_for_selector('[role="dialog"]')
    assert dialog
    assert "不等下一个时间点" in dialog.inner_text()


def test_a_person_is_added_in_the_dialog_and_the_password_is_shown_there(tab: Open) -> None:
    page = tab("empty", "xitong")
    visit(page, "/people", "用户与权限")
    page.click('button:has-text("新增用户")')
    page.wait_for_selector('[role="dialog"]')
    page.fill('[role="dialog"] input[aria-label="登录名"]', "wangwu")
    page.fill('[role="dialog"] input[aria-label="姓名"]', "王五")
    page.click('[role="dialog"] button:has-text("建立")')
    code = page.wait_for_selector('[role="dialog"] code')
    assert code
    assert re.fullmatch(r"(\w{3}-){3}\w{3}", code.inner_text())


def test_nothing_on_the_page_offers_to_export_what_is_masked(tab: Open) -> None:
    page = tab("sample", "zhuguan")
    visit(page, "/ledger", "账号台账")
    frame = page.wait_for_selector('[data-testid="stDataFrame"]')
    assert frame
    frame.hover()
    page.wait_for_timeout(300)
    labels = page.eval_on_selector_all("[data-testid=stElementToolbar] button", "all => all.map(one => one.ariaLabel)")
    assert not [label for label in labels if label and "ownload" in label]
    assert not page.query_selector_all('[data-testid="stMainMenu"], [data-testid="stAppDeployButton"]')


def test_the_newest_comments_arrive_while_one_watches(tab: Open) -> None:
    page = tab("sample", "zhuguan")
    visit(page, "/", "值班首页")
    page.wait_for_selector("text=最新评论")
    words = page.inner_text("body")
    assert "王**" in words
    assert sample.PHONE not in words
    assert sample.CITIZEN not in page.content()
