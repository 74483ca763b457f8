"""Robots of 企业微信, 钉钉 and 飞书 and a signed interface, as their platforms answer them, and a ledger of what arrived."""

import base64
import hashlib
import hmac
import json
import re
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = re.compile(r"编号 ([0-9A-Z]{10})")
WECOM, DINGTALK, FEISHU, HOOK = "/cgi-bin/webhook/send", "/robot/send", "/open-apis/bot/v2/hook/", "/hook"


@dataclass(frozen=True, slots=True)
class Reply:
    """A scripted answer: a status, a body, headers; `hang` seconds of silence first, `drop` to hang up instead of answering.

    `keeps` says whether the platform took the message all the same.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0
    drop: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that a platform took."""

    path: str
    key: str
    text: str
    headers: Mapping[str, str]
    body: bytes


class Server(ThreadingHTTPServer):
    """Senders are killed here on purpose: a connection that breaks off is no news."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class RobotHost:
    """A host on loopback with one robot of each platform; scripted answers come before the platform's own."""

    def __init__(self, secret: str = "", keyword: str = "", per_minute: int = 0) -> None:
        self.secret, self.keyword, self.per_minute = secret, keyword, per_minute
        self.arrivals: list[Arrival] = []
        self.asked: list[tuple[str, str]] = []
        self.script: deque[Reply] = deque()
        self.before_answer: Callable[[Arrival], None] = lambda _: None
        self.after_answer: Callable[[Arrival], None] = lambda _: None
        self._lock = threading.Lock()
        self._moments: deque[float] = deque()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """A test's output is its own."""

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length)
                if len(body) < length:  # whoever sent it is gone: half a message is none
                    self.close_connection = True
                    return
                with suppress(OSError):
                    host.receive(self, body)

            def do_HEAD(self) -> None:
                with host._lock:
                    host.asked.append(("HEAD", self.path))
                    reply = host.script[0] if host.script and host.script[0].hang else None
                if reply:
                    time.sleep(reply.hang)
                with suppress(OSError):
                    self.send_response(405)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "RobotHost":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def counts(self) -> Counter[str]:
        """How often each key arrived."""
        with self._lock:
            return Counter(one.key for one in self.arrivals)

    def receive(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Take a message or refuse it, as the platform of its path would."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        arrival = Arrival(handler.path, key_of(headers, body), text_of(body), headers, body)
        with self._lock:
            self.asked.append(("POST", handler.path))
            reply = self.script.popleft() if self.script else None
            if reply is None:
                reply = self.judge(arrival)
            if reply.keeps:
                self.arrivals.append(arrival)
        self.before_answer(arrival)
        if reply.hang:
            time.sleep(reply.hang)
        if reply.drop:
            handler.close_connection = True
            handler.connection.close()
            return
        data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body or {}, ensure_ascii=False).encode()
        handler.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)
        handler.wfile.flush()
        self.after_answer(arrival)

    def judge(self, arrival: Arrival) -> Reply:
        """The platform's own answer: signature, keyword, pace, then a receipt. Refusals are HTTP 200 on all three."""
        parts = urlsplit(arrival.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.endswith(WECOM):
            return self._wecom(arrival, query)
        if parts.path.endswith(DINGTALK):
            return self._dingtalk(arrival, query)
        if FEISHU in parts.path:
            return self._feishu(arrival)
        if parts.path.startswith(HOOK):
            return self._hook(arrival)
        return Reply(404, {"error": "not found"})

    def _is_too_fast(self) -> bool:
        now = time.monotonic()
        while self._moments and self._moments[0] < now - 60:
            self._moments.popleft()
        if self.per_minute and len(self._moments) >= self.per_minute:
            return True
        self._moments.append(now)
        return False

    def _wecom(self, arrival: Arrival, query: Mapping[str, str]) -> Reply:
        if query.get("key") != "good-key":
            return Reply(body={"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"})
        if len(arrival.text.encode()) > 2048:
            return Reply(body={"errcode": 45002, "errmsg": "content size out of limit"})
        if self._is_too_fast():
            return Reply(body={"errcode": 45009, "errmsg": "api freq out of limit"})
        return Reply(body={"errcode": 0, "errmsg": "ok"}, keeps=True)

    def _dingtalk(self, arrival: Arrival, query: Mapping[str, str]) -> Reply:
        if query.get("access_token") != "goodtoken":
            return Reply(body={"errcode": 300005, "errmsg": "token is not exist"})
        if self.secret:
            stamp = query.get("timestamp", "")
            digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
            if not stamp or abs(time.time() * 1000 - int(stamp)) > 3_600_000:
                return Reply(body={"errcode": 310000, "errmsg": "invalid timestamp"})
            if query.get("sign") != base64.b64encode(digest).decode():
                return Reply(body={"errcode": 310000, "errmsg": "sign not match"})
        if self.keyword and self.keyword not in arrival.text:
            return Reply(body={"errcode": 310000, "errmsg": "keywords not in content"})
        if self._is_too_fast():
            return Reply(body={"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})
        return Reply(body={"errcode": 0, "errmsg": "ok"}, keeps=True)

    def _feishu(self, arrival: Arrival) -> Reply:
        content = json.loads(arrival.body)
        if not urlsplit(arrival.path).path.endswith("/good-hook"):
            return Reply(body={"code": 19001, "msg": "param invalid: incoming webhook access token invalid", "data": {}})
        if self.secret:
            key = f"{content.get('timestamp', '')}\n{self.secret}".encode()
            if content.get("sign") != base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode():
                return Reply(body={"code": 19021, "msg": "sign match fail or timestamp is not within one hour", "data": {}})
        if self.keyword and self.keyword not in arrival.text:
            return Reply(body={"code": 19024, "msg": "Key Words Not Found", "data": {}})
        if self._is_too_fast():
            return Reply(body={"code": 11232, "msg": "frequency limited psm", "data": {}})
        return Reply(body={"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}, keeps=True)

    def _hook(self, arrival: Arrival) -> Reply:
        stamp, given = arrival.headers.get("x-matrix-timestamp", ""), arrival.headers.get("x-matrix-signature", "")
        wanted = hmac.new(self.secret.encode(), stamp.encode() + b"." + arrival.body, hashlib.sha256).hexdigest()
        if given != f"sha256={wanted}":
            return Reply(401, {"error": "bad signature"})
        return Reply(202, {"ok": True}, keeps=True)


def text_of(body: bytes) -> str:
    """The words of a message of any of these platforms."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    return str(
        (found.get("text") if isinstance(found.get("text"), str) else found.get("text", {}).get("content"))
        or found.get("content", {}).get("text")
        or ""
    )


def key_of(headers: Mapping[str, str], body: bytes) -> str:
    """The key under which a message came."""
    found = KEY.search(text_of(body))
    return headers.get("idempotency-key") or (found[1] if found else "")
