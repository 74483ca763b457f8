"""The matrix in a real browser: from the root to one comment and back by clicks, links read by others, texts of strangers."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from matrix.account import Platform
from matrix.comment import Comment
from matrix.run import Batch
from storage import batches
from storage.database import open_writer
from tests import serving
from tests.browser.conftest import Open
from tests.browser.test_console_seen import DONE, visit, walk
from tests.sample import CITIZEN, PHONE, RING

ROW, HEAD = 36, 36
OUTSIDE = ("临江发布", "临江水务", "临江市水务局")


def click_cell(page: Page, row: int, across: float) -> None:
    """Press a cell of the list: its row, and how far from the left in pixels."""
    page.wait_for_selector(DONE)
    grid = page.wait_for_selector('[data-testid="stDataFrame"] canvas')
    assert grid
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(350)  # the list takes clicks once it has been drawn
    place = grid.bounding_box()
    assert place
    page.mouse.click(place["x"] + across, place["y"] + HEAD + ROW * (row + 0.5))


def opened(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("open", [""])[0]


def await_path(page: Page, last: str) -> None:
    """The path on the page ends with this step, and nothing runs any more."""
    page.wait_for_selector(f'[data-testid="stMarkdown"] strong:text-is("{last}")')
    page.wait_for_selector(DONE)


def test_from_the_root_to_a_comment_and_back_by_clicks(tab: Open) -> None:
    page = tab("sample", "zhuguan")
    visit(page, "/overview", "矩阵总览")
    page.click('button:has-text("单位"):not(:has-text("全部"))')
    page.wait_for_selector("text=各项包含全部下级单位")
    click_cell(page, 0, 60)
    await_path(page, "临江市")
    click_cell(page, 0, 60)
    await_path(page, "临江发布(微博)")
    page.click('[data-testid="stMetric"]:has-text("发布") >> xpath=following::button[1]')
    await_path(page, "发布")
    click_cell(page, 0, 16)
    await_path(page, "一条发布")
    page.wait_for_selector("text=停水通知")
    click_cell(page, 0, 16)
    await_path(page, "一条评论")
    page.wait_for_selector("text=正在查看")
    words = page.inner_text("body")
    assert PHONE not in words
    assert CITIZEN not in words
    deep = page.url
    assert opened(page).count("/") == 5
    for last in ("一条发布", "发布", "临江发布(微博)", "临江市"):
        page.click('button:has-text("返回")')
        await_path(page, last)
    page.click('button:has-text("返回")')
    page.wait_for_selector("text=各项包含全部下级单位")
    assert not opened(page)
    read_by_the_county(tab, deep)


def read_by_the_county(tab: Open, deep: str) -> None:
    """The link to the city's comment tells the county nothing; one with a filter shows it the same filter on its own part."""
    page = tab("sample", "zhiban")
    visit(page, deep, "矩阵总览")
    page.wait_for_selector("text=不在您的权限范围内")
    assert "停水" not in page.inner_text("body")
    visit(page, "/overview?period=近7天&platform=微博&unit=临江市", "矩阵总览")
    page.wait_for_selector("text=链接中的单位不在您的权限范围内")
    assert page.input_value('[data-testid="stSelectbox"]:has-text("平台") input') == "微博"
    words = page.inner_text("body")
    assert "有发布的账号" in words
    assert "/3" in words, "three accounts of the county are on this platform"
    assert not [name for name in OUTSIDE if name in words]


def test_a_link_to_another_page_carries_what_the_page_before_had_chosen_otherwise(tab: Open) -> None:
    page = tab("sample", "zhuguan")
    visit(page, "/overview?platform=微博&open=账号/account:a1", "矩阵总览")
    page.click('[data-testid="stMain"] a:has-text("账号台账")')
    page.wait_for_selector('h3:has-text("临江发布")')
    expect(page.locator('input[aria-label="查找"]')).to_have_value("临江发布 微博")
    visit(page, "/timeliness?times=时限规则", "回复时效")
    walk(page, "/home", "值班首页")
    page.click('text="查看账号"')
    page.wait_for_selector('h2:has-text("更新检查")')
    page.wait_for_selector("text=个账号3日内将超期")


HOSTILE = (
    "<script>window.hit=1</script>恶意标记<img src=x onerror=window.hit=1>",
    "**恶意标记** [点我](http://x.cn) :red[红] $x^2$ `码` ~~删~~",
    "\u202e反向恶意标记\x01尾",
    "长" * 3000 + "恶意标记",
)
MARKS = '[data-testid="stMarkdown"] span[style*="background"], span.stMarkdownColoredBackground'


def test_what_strangers_write_is_words_and_nothing_else(tab: Open, consoles: dict[str, serving.Served]) -> None:
    now = datetime.now(UTC) - timedelta(days=3)
    said = tuple(Comment(f"h{place}", "1_1", now, words, f"h{place}", "网友") for place, words in enumerate(HOSTILE))
    with closing(open_writer(consoles["sample"].path)) as db:
        batches.save(db, 1, int(Platform.WEIBO), Batch(now, comments=said), RING, now)
    page = tab("sample", "zhuguan", 390)
    visit(page, "/publishing?what=搜索&q=恶意标记", "发布监测")
    page.wait_for_selector("text=找到4条")
    marks = page.eval_on_selector_all(MARKS, "all => all.map(one => one.innerText)")
    assert [mark.strip("\u2060") for mark in marks] == ["恶意标记"] * 4
    words = page.inner_text('[data-testid="stMain"]').replace("\u2060", "")
    assert HOSTILE[0] in words
    assert HOSTILE[1] in words
    assert "反向恶意标记尾" in words
    assert not page.evaluate("window.hit")
    assert not page.query_selector_all('[data-testid="stMain"] :is(img, script, code, del, .katex)')
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
