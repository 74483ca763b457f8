"""Stands before Streamlit: without an open session every address, file and socket gives only the sign-in."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from anyio import to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from streamlit.proto.BackMsg_pb2 import BackMsg

from settings import Settings
from storage import sessions
from storage.database import open_writer
from ui import papers
from ui.credentials import find_session, is_encrypted, is_from_here, may_look, where_to
from ui.doors import Doors
from ui.headers import Dress
from ui.menu import ADDRESSES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

OPEN = frozenset({"/healthz", "/signin", "/signout", "/password"})
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/auth", "/oauth2callback")
"""Streamlit's own addresses that nobody needs from outside."""

FILES = ("/static/", "/_stcore/", "/media/", "/component/", "/app/static/")
REST = timedelta(seconds=20)
"""An act is written down as the latest one at most this often."""


class Gate:
    """ASGI middleware: asks for the session of every request, and of every message on a socket that counts as an act."""

    def __init__(self, app: Any, *, settings: Settings, doors: Doors, now: Callable[[], datetime]) -> None:
        self.app = app
        self.settings = settings
        self.doors = doors
        self.now = now
        self.dress = Dress(is_encrypted(settings))
        self.errands: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        try:
            session = find_session(self.settings, HTTPConnection(scope).cookies, self.now())
        except Exception:
            await self.refuse_for_now(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self.socket(scope, receive, send, session)
        else:
            await self.request(scope, receive, self.dress.wrap(scope, send), session)

    async def request(self, scope: Scope, receive: Receive, send: Send, session: sessions.Session | None) -> None:
        path, request = scope["path"], Request(scope)
        if path in OPEN:
            await self.app(scope, receive, send)
            return
        is_page = request.method in ("GET", "HEAD") and not path.startswith(FILES)
        if session is None:
            where = f"{path}?{request.url.query}" if request.url.query else path
            answer = self.doors.ask_to_sign_in(request, where_to(where) if is_page else "/")
            await answer(scope, receive, send)
        elif not may_look(self.settings, session, self.now()):
            answer = RedirectResponse("/password", 303) if is_page else PlainTextResponse("请先修改密码。\n", 403)
            await answer(scope, receive, send)
        elif path.startswith(CLOSED) or (is_page and "." not in path and path not in ADDRESSES):
            words = papers.sentence("没有这一页", "这个地址没有对应的页面，请从菜单进入。", "回到首页")
            await HTMLResponse(words, 404)(scope, receive, send)
        else:
            if is_page and session.used_at + REST <= self.now():
                self.touch(session)
            await self.app(without_packing(scope) if is_page else scope, receive, send)

    async def socket(self, scope: Scope, receive: Receive, send: Send, session: sessions.Session | None) -> None:
        here = is_from_here(self.settings, HTTPConnection(scope).headers)
        may = session is not None and here and may_look(self.settings, session, self.now())
        if session is None or not may or not scope["path"].endswith("/stream"):
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        latest = session.used_at
        runs = 0

        async def watched() -> MutableMapping[str, Any]:
            nonlocal latest, runs
            message = await receive()
            if message["type"] == "websocket.receive" and is_act(message.get("bytes")):
                runs += 1
                # The first run only follows the page that was opened, or a line that broke: nobody has done anything yet.
                if runs > 1 and latest + REST <= self.now():
                    latest = self.now()
                    if find_session(self.settings, HTTPConnection(scope).cookies, latest) is not None:
                        self.touch(session)
            return message

        await self.app(scope, watched, send)

    def touch(self, session: sessions.Session) -> None:
        """Start the idle clock anew, without letting the person wait for the writer's lock."""

        def write() -> None:
            with closing(open_writer(self.settings.database.path)) as db:
                sessions.touch(db, session.digest, self.now())

        errand = asyncio.create_task(to_thread.run_sync(write))
        self.errands.add(errand)
        errand.add_done_callback(self.errands.discard)

    async def refuse_for_now(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The database cannot be read: nobody is let in, and nothing is said but that."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1011, "reason": ""})
            return
        words = papers.sentence("暂时无法使用", "数据库暂时无法打开，请稍后重试；持续如此请联系系统管理员。", "重试")
        await HTMLResponse(words, 503)(scope, receive, self.dress.wrap(scope, send))


def is_act(data: bytes | None) -> bool:
    """Whether a message of the browser is a person's act: a run of the page that no timer asked for."""
    message = BackMsg()
    try:
        message.ParseFromString(data or b"")
    except Exception:
        return False
    return message.WhichOneof("type") == "rerun_script" and not message.rerun_script.is_auto_rerun


def without_packing(scope: Scope) -> Scope:
    """The request as if the browser could not unpack: the first document is changed on its way out."""
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
