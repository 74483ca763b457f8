"""The demo: three programs over one make-believe city, and nothing left behind when it is told to stop."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from settings import ROOT


@pytest.fixture
def demo(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-m", "commands", "demo", "--headless", "--accounts", "6", "--port", "0", "--folder", str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True) as program:
        yield program
        if program.poll() is None:
            program.send_signal(signal.SIGTERM)
            program.wait(40)


def read_until(program: "subprocess.Popen[str]", pattern: str) -> str:
    assert program.stdout is not None
    for line in program.stdout:
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError(f"the demo never said {pattern}")


def children_of(pid: int) -> list[int]:
    told = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False).stdout
    return [int(word) for word in told.split()]


def test_the_demo_fills_the_console_and_leaves_no_program_behind(demo: "subprocess.Popen[str]", tmp_path: Path) -> None:
    link = read_until(demo, r"演示已启动：(http\S+)")
    assert read_until(demo, r"登录名 (yanshi)")
    assert requests.get(f"{link}/healthz", timeout=10).status_code == 200
    assert requests.get(link, timeout=10).status_code == 401
    deadline = time.monotonic() + 60
    posts = comments = 0
    while time.monotonic() < deadline and not (posts and comments):
        read_until(demo, r"(已采集)")
        db = sqlite3.connect(f"file:{tmp_path / 'demo.db'}?mode=ro", uri=True)
        posts, comments = db.execute("SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM comments)").fetchone()
        db.close()
    assert posts and comments
    programs = children_of(demo.pid)
    assert len(programs) == 3
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(40) == 0
    assert not [pid for pid in programs if Path(f"/proc/{pid}").exists()]
