"""A few people before the real console, without a browser: every drawing ends well and is timed."""

import asyncio
import time
from pathlib import Path

import settings as site
from bench.console_people import gather, invite
from bench.inbox_person import console_process
from bench.responses_base import NOW, build
from storage.moments import BEIJING, from_seconds
from ui.credentials import cookie_name


def test_a_few_people_have_their_pages_drawn_by_the_real_console(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    build(path, 12, 600)
    tokens = invite(path, 2)
    start = f"{from_seconds(NOW).astimezone(BEIJING):%Y-%m-%dT%H:%M}"
    with console_process(path, MATRIX_CLOCK_START=start, MATRIX_CLOCK_ANCHOR=str(time.time())) as (link, pid):
        cookie = cookie_name(site.load({"MATRIX_DATABASE_PATH": str(path)}))
        addresses = ["/daily", "/overview"]
        crowd = asyncio.run(gather(link, cookie, tokens, addresses, path, pid, each=0.2, seconds=0.3, writes=0.1))
    assert crowd.failed == 0
    assert set(crowd.times) <= set(addresses) and len(crowd.every) >= 2
    assert crowd.cpu_seconds > 0 and crowd.received > 1000
