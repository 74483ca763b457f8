"""How fast the console feels on a year of a province: first drawings, clicks, and a hundred people at once."""

import argparse
import asyncio
import time
from pathlib import Path
from typing import Any

import numpy as np

import settings as site
from bench.console_people import gather, invite, renew
from bench.inbox_person import FLAGS, Clerk, console_process, find_browser
from bench.responses_base import NOW, base_of, take_base
from bench.show import show
from storage.moments import BEIJING, from_seconds
from ui.credentials import cookie_name

ABOUT = "控制台：真实浏览器里各页首次画出、点选到文字更新的用时，以及上百人同时使用"
GOAL_FIRST, GOAL_CLICK, GOAL_CROWD = 1200.0, 120.0, 150.0
"""Milliseconds: the heaviest page on a warm server; the median from a click to its text; p95 of the drawings of a crowd."""

PAGES = {
    "/home": "值班首页",
    "/inbox": "诉求待办",
    "/daily": "日清日结台账",
    "/overview": "矩阵总览",
    "/overview?see=单位": "矩阵总览",
    "/overview?see=升降": "矩阵总览",
    "/overview?see=传播分析": "矩阵总览",
    "/publishing": "发布监测",
    "/timeliness": "回复时效",
    "/answers": "回复质量",
    "/inspection": "更新检查",
}
DRAWN = """
title => new Promise(resolve => {
  const whole = () => {
    const all = name => [...document.querySelectorAll(name)], app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testScriptState === 'notRunning' && all('h2').some(head => head.innerText.includes(title))
      && !all('[data-testid="stSkeleton"]').length && all('[data-testid="stPlotlyChart"]').every(one => one.querySelector('svg'))
      && all('[data-testid="stDataFrame"]').every(one => one.querySelector('canvas'));
  };
  let since = 0;
  const look = () => {
    const now = performance.now();
    if (!whole()) since = 0;
    else if (!since) since = now;
    if (since && now - since > 120) resolve(since);
    else if (now > 30000) resolve(-1);
    else requestAnimationFrame(look);
  };
  look();
})
"""
"""Milliseconds since the address was opened until text, tables and charts stood; -1 when they never did."""

CLICKED = """
() => {
  const text = () => [...document.querySelectorAll('[data-testid="stMetricValue"]')].map(one => one.innerText).join();
  const before = text();
  window.__next = new Promise(resolve => {
    let start = 0;
    document.addEventListener('click', () => { start = performance.now(); }, { capture: true, once: true });
    const look = () => {
      const now = text();
      if (start && now && now !== before) resolve(performance.now() - start);
      else if (start && performance.now() - start > 15000) resolve(-1);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
"""
"""Notes the moment of the next click and waits until the figures at the head of the page are others."""


def main(argv: list[str]) -> int:
    """0 when every goal is met and nobody's drawing failed."""
    parser = argparse.ArgumentParser(prog="run.py bench console", description=ABOUT)
    take_base(parser)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--each", type=float, default=5.0, help="每人隔多少秒刷新一次整页")
    parser.add_argument("--seconds", type=float, default=40.0, help="上百人同时使用量多少秒")
    parser.add_argument("--writes", type=float, default=5.0, help="每隔多少秒有新数据写入(0 为不写入)")
    parser.add_argument("--clicks", type=int, default=12)
    options = parser.parse_args(argv)
    browser = find_browser()
    with base_of(options) as path:
        start = f"{from_seconds(NOW).astimezone(BEIJING):%Y-%m-%dT%H:%M}"
        with console_process(path, MATRIX_CLOCK_START=start, MATRIX_CLOCK_ANCHOR=str(time.time())) as (link, pid):
            tokens = invite(path, options.people)
            seen = look(browser, link, path, tokens[0], options.clicks) if browser else {}
            cookie = cookie_name(site.load({"MATRIX_DATABASE_PATH": str(path)}))
            crowd = asyncio.run(
                gather(
                    link, cookie, tokens, list(PAGES), path, pid, each=options.each, seconds=options.seconds,
                    writes=options.writes,
                )
            )  # fmt: skip
    return tell(seen, crowd, options)


def look(browser_path: str, link: str, path: Path, token: str, clicks: int) -> dict[str, Any]:
    """One person in a real browser: every page once to warm, once measured, once more on new data; then clicks."""
    from playwright.sync_api import sync_playwright  # a development package, needed only where a browser is installed

    cookie: Any = {"name": cookie_name(site.load({"MATRIX_DATABASE_PATH": str(path)})), "value": token, "url": link}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(FLAGS))
        context = browser.new_context(locale="zh-CN", base_url=link, viewport={"width": 1360, "height": 900})
        context.set_default_timeout(30_000)
        context.add_cookies([cookie])
        first: dict[str, float] = {}
        anew: dict[str, float] = {}
        for drawn, is_new in ((first, False), (first, False), (anew, True)):
            for address, title in PAGES.items():
                if is_new:
                    renew(path)
                page = context.new_page()
                page.goto(address, wait_until="commit")
                drawn[address] = float(page.evaluate(DRAWN, title))
                page.close()
        page = context.new_page()
        filtered, filtered_anew = (filter_clicks(page, path, clicks, is_new=is_new) for is_new in (False, True))
        clerk = Clerk(page, "bench0")
        clerk.open()
        for _ in range(clicks):
            renew(path)
            clerk.go_on("j")
        browser.close()
    waits = [wait for wait in clerk.waits if wait >= 0]
    return {"first": first, "first_anew": anew, "filter": filtered, "filter_anew": filtered_anew, "next": waits}


def filter_clicks(page: Any, path: Path, clicks: int, *, is_new: bool) -> list[float]:
    """The period of 矩阵总览 changed to and fro until its figures are others, each time on new data where `is_new`."""
    page.goto("/overview")
    page.wait_for_selector('[data-testid="stMetricValue"]')
    waits = []
    for number in range(clicks):
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        page.wait_for_timeout(300)
        if is_new:
            renew(path)
        page.evaluate(CLICKED)
        page.click(f'button:has-text("{("近7天", "近30天")[number % 2]}")')
        waits.append(float(page.evaluate("() => window.__next")))
    return [wait for wait in waits[0 if is_new else 2 :] if wait >= 0]  # the first two fill the memory


def tell(seen: dict[str, Any], crowd: Any, options: argparse.Namespace) -> int:
    """Print the figures; the exit code."""
    lines: list[tuple[Any, ...]] = []
    missed, figures = [], {"people": options.people}
    if seen:
        heaviest = max(seen["first"], key=lambda address: seen["first"][address])
        later = seen["first_anew"]
        lines += [(f"首次画出 {page}", took, f"毫秒，刚有新数据时 {later[page]:,.0f}") for page, took in seen["first"].items()]
        worst = seen["first"][heaviest]
        lines.append((f"最重的一页 {heaviest}", worst, f"毫秒，目标 ≤ {GOAL_FIRST:g}"))
        if worst > GOAL_FIRST or min(seen["first"].values()) < 0:
            missed.append("首次画出")
        for name, words in (
            ("filter", "矩阵总览改时段到数字更新"),
            ("filter_anew", "　同上，每次都有新数据"),
            ("next", "诉求待办按键到下一件，每次都有新数据"),
        ):
            middle, late = (float(np.quantile(seen[name], part)) for part in (0.5, 0.95))
            goal = f"；目标 ≤ {GOAL_CLICK:g}" if name == "filter" else ""
            lines.append((words, middle, f"毫秒，p95 {late:,.0f}，{len(seen[name])} 次{goal}"))
            if goal and middle > GOAL_CLICK:
                missed.append(words)
        figures |= {name: seen[name] for name in ("first", "first_anew", "filter", "filter_anew", "next")}
    else:
        lines.append(("浏览器", "没有安装", "Chromium(Debian：apt install chromium fonts-noto-cjk)，只量多人同时使用"))
        missed.append("浏览器")
    times = crowd.every
    middle, late = (float(np.quantile(times, part)) for part in (0.5, 0.95))
    about = f"{options.people} 人，每 {options.each:g} 秒一次，每 {options.writes:g} 秒有新数据"
    lines.append(("多人同时刷新", middle, f"毫秒，p95 {late:,.0f}，目标 ≤ {GOAL_CROWD:g}；{about}"))
    lines += [
        (f"　{address}", float(np.median(each)), f"毫秒，p95 {np.quantile(each, 0.95):,.0f}")
        for address, each in crowd.times.items()
    ]
    lines.append(("次数", len(times), f"失败 {crowd.failed}，每次 {crowd.received / max(1, len(times)) / 1000:,.0f} kB"))
    share = 100 * crowd.cpu_seconds / max(crowd.seconds, 1e-6)
    lines.append(("服务端", f"{share:.0f}%", f"一个核；内存 {crowd.megabytes:,.0f} MB"))
    if late > GOAL_CROWD or crowd.failed:
        missed.append("多人同时刷新")
    lines.append(("未达目标", len(missed), "、".join(missed)))
    figures |= {"crowd_median": round(middle, 1), "crowd_p95": round(late, 1), "failed": crowd.failed, "missed": missed}
    figures |= {"cpu_percent": round(share), "megabytes": round(crowd.megabytes), "drawings": len(times)}
    show(f"控制台：{options.accounts:,} 个账号、{options.comments:,} 条评论", lines, figures)
    return 1 if missed else 0
