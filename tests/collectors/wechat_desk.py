"""A WeChat platform on loopback whose answers a test writes down; and the runs that a test makes against it."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from collectors.task import Task, Thread
from collectors.web import Web
from collectors.wechat import WeChat
from matrix.account import Account, Platform, Route
from matrix.comment import Comment
from matrix.run import Batch, Budget, CollectError
from settings import Settings, Wechat
from settings import Web as Knobs

RECORDINGS = Path(__file__).resolve().parent.parent / "recordings" / "wechat"
APPID, SECRET = "wxTESTinvented01", "TESTinventedSECRETinventedSECRET"
NOW = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
"""10:00 in Beijing on a Tuesday: the statistics of Monday are there."""
LIST, DETAIL = "/cgi-bin/freepublish/batchget", "/cgi-bin/freepublish/getarticle"
TOTALS, READS = "/datacube/getarticletotaldetail", "/datacube/getarticleread"
COMMENTS, TOKEN = "/cgi-bin/comment/list", "/cgi-bin/stable_token"
SUMMARY, CUMULATE = "/datacube/getusersummary", "/datacube/getusercumulate"
Answer = Any


def recording(name: str) -> dict[str, Any]:
    return json.loads((RECORDINGS / name).read_text(encoding="utf-8"))


def error(code: int, words: str = "invented") -> dict[str, Any]:
    return {"errcode": code, "errmsg": f"{words} rid: 68f0517e-4e11c0a6-16f1604b"}


@dataclass
class Desk:
    """`answers` maps a path to a body or to a function of the request; `calls` are (path, body, token) in order."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    tokens: int = 0

    def reply(self, path: str, body: dict[str, Any], token: str) -> Answer:
        self.calls.append((path, body, token))
        said = self.answers.get(path, {"list": [], "is_delay": False, "item": [], "total_count": 0, "comment": [], "total": 0})
        if path == TOKEN and TOKEN not in self.answers:
            self.tokens += body["force_refresh"] or not self.tokens
            return {"access_token": f"TOKENinvented{self.tokens:04d}", "expires_in": 7200}
        return said(body, token) if callable(said) else said

    def asked(self, path: str) -> list[dict[str, Any]]:
        return [body for api, body, _ in self.calls if api == path]

    def counts(self) -> Counter[str]:
        return Counter(path for path, _, _ in self.calls)


@contextmanager
def desk_open() -> Generator[Desk]:
    desk = Desk()

    class Talk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = desk.reply(parts.path, body, parse_qs(parts.query).get("access_token", [""])[0])
            data = said if isinstance(said, bytes) else json.dumps(said).replace("/", "\\/").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    desk.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Runs:
    """Runs of one collector against a platform: what they brought, the cursors as they were saved, the clock between them."""

    url: str
    now: datetime = NOW
    account: Account = field(default_factory=lambda: account_of("wxTESTinvented01"))
    credential: str | None = f"{APPID}:{SECRET}"
    source: WeChat = field(default_factory=WeChat)
    knobs: dict[str, int] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    threads: Sequence[Thread] = ()
    history: timedelta = timedelta(days=3)
    charged: list[Budget] = field(default_factory=list)
    charge: Callable[[Sequence[Budget]], None] = lambda _: None

    def batches(self, stop_after: int | None = None) -> list[Batch]:
        """One run; every batch is saved with its cursors before the next is asked for. Raises CollectError."""
        settings = replace(Settings(), wechat=Wechat(url=self.url, **self.knobs), web=Knobs(pace_seconds=0, read_seconds=2))
        web = Web(settings, lambda: self.now, lambda _: None, self._charge)
        task = Task(self.account, self.credential, dict(self.cursors), self.threads, self.now - self.history)
        brought: list[Batch] = []
        run = self.source.collect(task, web, settings, self.now)
        for batch in run:
            brought.append(batch)
            self.cursors |= batch.cursors
            self.cursors = {name: value for name, value in self.cursors.items() if value}
            if stop_after is not None and len(brought) >= stop_after:
                break
        return brought

    def failure(self) -> CollectError:
        try:
            self.batches()
        except CollectError as error:
            return error
        raise AssertionError("nothing was raised")

    def later(self, **time: float) -> "Runs":
        self.now += timedelta(**time)
        return self

    def _charge(self, lines: Sequence[Budget]) -> None:
        self.charged += lines
        self.charge(lines)


def account_of(ext_id: str, number: int = 12) -> Account:
    return Account(number, Platform.WECHAT, ext_id, "青石发布", 1, Route.WECHAT)


def comments_in(batches: Sequence[Batch]) -> dict[str, Comment]:
    return {comment.ext_id: comment for batch in batches for comment in batch.comments}


def notes_in(batches: Sequence[Batch]) -> str:
    return "".join(note for batch in batches for note in batch.notes)


def message(mid: int, at: datetime, *titles: str, touched: int = 0, deleted: Sequence[int] = ()) -> dict[str, Any]:
    """An item of the published list: one article for each title."""
    news = [
        {
            "title": title,
            "content": f"<p>{title}的正文</p>",
            "url": f"http://mp.weixin.qq.com/s?__biz=TEST==&mid={mid}&idx={idx}&sn=x#rd",
            "is_deleted": idx in deleted,
        }
        for idx, title in enumerate(titles, 1)
    ]
    second = int(at.timestamp())
    return {"article_id": f"TESTid{mid}", "content": {"news_item": news, "create_time": second, "update_time": second + touched}}


def listed(*items: dict[str, Any]) -> Callable[[dict[str, Any], str], Answer]:
    """The published list over these items, in windows as they are asked for."""

    def answer(body: dict[str, Any], _: str) -> Answer:
        window = items[body["offset"] : body["offset"] + body["count"]]
        return {"item": list(window), "total_count": len(items), "item_count": len(window)}

    return answer


def posts_in(batches: Sequence[Batch]) -> list[tuple[str, str]]:
    return [(post.ext_id, post.title) for batch in batches for post in batch.posts]


def row(number: int, text: str = "", reply: str = "", at: datetime = NOW - timedelta(hours=3)) -> dict[str, Any]:
    told: dict[str, Any] = {
        "user_comment_id": number,
        "create_time": int(at.timestamp()) + number,
        "content": text or f"第{number}条",
    }
    return told | ({"reply": {"content": reply, "create_time": int(at.timestamp()) + 900}} if reply else {})


def windows(rows: list[dict[str, Any]], total: int | None = None, shuffle: random.Random | None = None) -> Callable[..., Any]:
    """The list in windows, in another order at every call when `shuffle` is given."""

    def answer(body: dict[str, Any], _: str) -> dict[str, Any]:
        ordered = shuffle.sample(rows, len(rows)) if shuffle else rows
        part = ordered[body["begin"] : body["begin"] + body["count"]]
        return {"errcode": 0, "errmsg": "ok", "total": len(rows) if total is None else total, "comment": part}

    return answer
