"""Takes the pictures of the README from a demo of its own: real simulator, real worker, real console, real browser."""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from settings import ROOT

ABOUT = "重新拍摄说明文档中的界面图片(需要 Chromium)"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
)  # fmt: skip
SHOTS = (
    # file, path, width, height, look
    ("home", "/", 1360, 900, "light"),
    ("collection", "/collection", 1360, 900, "light"),
    ("ledger", "/ledger", 1360, 900, "light"),
    ("home-dark", "/", 1360, 900, "dark"),
    ("home-phone", "/", 390, 844, "light"),
)


def main(argv: list[str]) -> int:
    """Exit code 1 when the demo does not come up."""
    parser = argparse.ArgumentParser(prog="run.py shots", description=ABOUT)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--wait", type=float, default=75.0, help="让演示先采集多少秒")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    demo = subprocess.Popen(
        [sys.executable, "-m", "commands", "demo", "--headless", "--port", "8590"],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        link, login, password = _words_of(demo)
        if not link:
            return 1
        time.sleep(options.wait)
        take(link, login, password, options.out)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)
    return 0


def _words_of(demo: "subprocess.Popen[str]") -> tuple[str, str, str]:
    """The address and the sign-in that the demo prints."""
    link = ""
    for line in demo.stdout or ():
        if found := re.search(r"演示已启动：(\S+)", line):
            link = found[1]
        if found := re.search(r"登录名 (\S+)\s+密码 (\S+)", line):
            return link, found[1], found[2]
    return "", "", ""


def take(link: str, login: str, password: str, folder: Path) -> None:
    """Sign in once per look and photograph the pages."""
    from playwright.sync_api import sync_playwright  # a development package: only this word needs it

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        sign_in_page = browser.new_page(viewport={"width": 1360, "height": 900}, locale="zh-CN")
        sign_in_page.goto(link)
        sign_in_page.screenshot(path=folder / "sign-in.png")
        for name, path, width, height, look in SHOTS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=look, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            page = context.new_page()
            page.goto(link)
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", password)
            page.click("button[type=submit]")
            page.goto(link + path)
            settle(page)
            page.screenshot(path=folder / f"{name}.png")
            print(f"已保存 {folder / name}.png", flush=True)
            context.close()
        browser.close()


def settle(page: Any) -> None:
    """Wait until the page is drawn and nothing is running."""
    page.wait_for_selector("[data-testid=stAppViewContainer]")
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached", timeout=20_000)
    page.wait_for_timeout(2500)
