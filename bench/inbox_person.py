"""A person before the inbox in a real browser: sees which case is shown, presses keys, waits for what comes next."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import settings as site
from storage import people, sessions
from storage.database import open_writer, writing
from ui.credentials import cookie_name

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SHOWN = (
    "const shown = () => { const all = [...document.querySelectorAll('[data-testid=\"stChatMessage\"]')];"
    " const one = all.find(said => said.innerText.includes('待办诉求')); return one ? one.innerText : ''; };"
)
WATCH = (
    f"() => {{ {SHOWN} const old = shown(); window.__next = new Promise(resolve => {{ const start = performance.now();"
    " const look = () => { const now = shown(); if (now && now !== old) resolve(performance.now() - start);"
    " else if (performance.now() - start > 15000) resolve(-1); else requestAnimationFrame(look); };"
    " requestAnimationFrame(look); }); }"
)
NUMBER = re.compile(r"\(第(\d+)件\)")
SEEING_MS = 80
"""No eye sees and no hand answers sooner; a key that comes before the new buttons listen is refused, which is right."""

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def console(path: Path) -> Generator[str]:
    """The real console on this database, as its own process; gives its address."""
    with console_process(path) as (link, _):
        yield link


@contextmanager
def console_process(path: Path, **knobs: str) -> Generator[tuple[str, int]]:
    """The same with settings of the environment; gives its address and the number of its process."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "MATRIX_DATABASE_PATH": str(path)}
    environ |= {"MATRIX_DATABASE_KEY_FILE": str(path.with_name("key.json")), **knobs}
    command = [sys.executable, "-P", "-m", "commands", "console", "--port", "0"]
    process = subprocess.Popen(
        command, env=environ, cwd=path.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    try:
        for line in process.stdout or ():
            if "控制台已启动" in line:
                yield line.strip().split("：", 1)[1].replace("localhost", "127.0.0.1"), process.pid
                return
        raise RuntimeError("控制台没有启动。")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def find_browser() -> str:
    """The path of a Chromium; empty where none is installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "") or ""


@dataclass
class Clerk:
    """One signed-in person with a page of his own; `page` is playwright's."""

    page: Any
    login: str
    waits: list[float] = field(default_factory=list)
    """Milliseconds from a key to the next case on the screen."""

    @property
    def shown(self) -> str:
        """The words of the case on the screen, with who wrote it and when; empty when none is."""
        return str(self.page.evaluate(f"() => {{ {SHOWN} return shown(); }}"))

    @property
    def number(self) -> int:
        """The number that the make-believe citizen wrote into his words; 0 when no case is shown within a second."""
        for _ in range(20):
            found = NUMBER.search(self.shown)
            if found:
                return int(found[1])
            self.page.wait_for_timeout(50)  # between two drawings there may be nothing for a moment
        return 0

    def open(self, address: str = "/inbox") -> None:
        self.page.goto(address)
        self.page.wait_for_selector("text=办理过程")
        self.settle()

    def settle(self) -> None:
        """Wait until the page is drawn."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def wait_for_keys(self) -> None:
        """After a dialog the page's keys come back with its next drawing; a person sees their marks on the buttons."""
        self.page.wait_for_selector('[role="dialog"]', state="detached")
        self.page.wait_for_selector('[data-testid="stMain"] [data-has-shortcut="true"] >> nth=3', state="attached")
        self.settle()

    def go_on(self, key: str) -> float:
        """Press a key that leads to another case; gives the milliseconds until it is on the screen, -1 when it never came."""
        self.page.evaluate(WATCH)
        self.page.keyboard.press(key)
        waited = float(self.page.evaluate("() => window.__next"))
        self.waits.append(waited)
        self.page.wait_for_timeout(SEEING_MS)
        return waited

    @property
    def head(self) -> str:
        """The first lines of the page, where it says what the last key did."""
        return " ".join(self.page.inner_text('[data-testid="stMain"]').split())[:900]

    def says(self, words: str) -> bool:
        return self.page.locator(f"text={words}").first.is_visible()

    def hand_over(self, unit: str) -> float:
        """2, then the unit: by its key when one has handed to it before, else out of the list."""
        self.page.evaluate(WATCH)
        self.page.keyboard.press("2")
        try:
            self.page.wait_for_selector('[role="dialog"]', timeout=5000)
        except Exception as error:
            raise AssertionError(f"转办窗口没有打开：{self.head}") from error
        recent = self.page.locator(f'[role="dialog"] button:has-text("{unit}")')
        if recent.count():
            self.page.wait_for_timeout(150)  # the keys of the dialog belong to it once it has been drawn
            self.page.keyboard.press("1")
        else:
            self.page.fill('[role="dialog"] input[role="combobox"]', unit)
            self.page.keyboard.press("Enter")
            self.page.click('[role="dialog"] button:has-text("转办")')
        waited = float(self.page.evaluate("() => window.__next"))
        self.wait_for_keys()
        self.page.wait_for_timeout(SEEING_MS)
        return waited


def sign_in(browser: Any, path: Path, link: str, login: str) -> Clerk:
    """A new browser profile with a session as the sign-in would give it."""
    with closing(open_writer(path)) as db, writing(db):
        person = people.find(db, login)
        if person is None:
            raise LookupError(login)
        token = sessions.begin(db, person.id, datetime.now(UTC), "127.0.0.1")
    context = browser.new_context(locale="zh-CN", base_url=link, viewport={"width": 1360, "height": 900})
    context.set_default_timeout(15_000)
    name = cookie_name(site.load({"MATRIX_DATABASE_PATH": str(path)}))
    context.add_cookies([{"name": name, "value": token, "url": link}])
    return Clerk(context.new_page(), login)
