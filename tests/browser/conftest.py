"""A real browser before real consoles; where none is installed the tests say so, and on the build machine they fail."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import serving

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        words = "没有安装 Chromium，浏览器测试没有运行(Debian:apt install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def consoles(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, serving.Served]]:
    """Two consoles: one on an empty database, one on the sample city."""
    made = {
        world: serving.serve(serving.make_world(tmp_path_factory.mktemp(world), world == "sample"))
        for world in ("empty", "sample")
    }
    yield made
    for console in made.values():
        console.stop()


@pytest.fixture(scope="session")
def contexts(browser: Browser, consoles: dict[str, serving.Served]) -> Iterator[dict[str, BrowserContext]]:
    """One browser profile for each console: what it has loaded once it need not load again."""
    made = {world: browser.new_context(locale="zh-CN", base_url=console.link) for world, console in consoles.items()}
    for context in made.values():
        context.set_default_timeout(15_000)
    yield made
    for context in made.values():
        context.close()


@pytest.fixture
def tab(consoles: dict[str, serving.Served], contexts: dict[str, BrowserContext]) -> Iterator[Open]:
    """`tab(world, login, width, is_dark)` gives a new page, signed in where a login is named, else a stranger's."""
    pages = []

    def make(world: str, login: str = "", width: int = 1360, is_dark: bool = False) -> Page:
        console, context = consoles[world], contexts[world]
        context.clear_cookies()
        if login:
            token = serving.open_session(console.path, login)
            context.add_cookies([{"name": console.cookie, "value": token, "url": console.link}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900 if width > 500 else 844})
        page.emulate_media(color_scheme="dark" if is_dark else "light")
        pages.append(page)
        return page

    yield make
    for page in pages:
        page.close()
