"""The few addresses that are answered before Streamlit: sign-in, sign-out, password, and whether the console lives."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from settings import Settings
from storage import signin
from storage.database import open_writer
from storage.idle import reading
from storage.sessions import Session
from ui import papers
from ui.credentials import (
    address_of,
    cookie_name,
    find_session,
    form_cookie_name,
    is_encrypted,
    is_from_here,
    strictness,
    where_to,
)

REFUSED = "用户名或密码不正确，或该用户暂时不能登录。"
STALE = "页面已过期，请重新填写。"
LARGEST_FORM = 16 * 1024


class Doors:
    """Answers for the addresses outside the console; `now` is the wall clock, because sign-ins last in real time."""

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.now = now
        # A password check takes 64 MB and a processor: four at a time, so that strangers cannot exhaust the machine.
        self.checks = CapacityLimiter(4)

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.health, methods=["GET"]),
            Route("/signin", self.sign_in, methods=["GET", "POST"]),
            Route("/signout", self.sign_out, methods=["GET", "POST"]),
            Route("/password", self.password, methods=["GET", "POST"]),
        ]

    async def health(self, _request: Request) -> Response:
        try:
            with reading(self.settings.database.path) as db:
                signin.people.count(db)
        except Exception:
            return PlainTextResponse("数据库无法打开\n", 503)
        return PlainTextResponse("ok\n")

    def session(self, request: Request) -> Session | None:
        return find_session(self.settings, request.cookies, self.now())

    def address(self, request: Request) -> str:
        return address_of(self.settings, request.client.host if request.client else "", request.headers)

    async def write(self, verb: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Run one storage verb on a writer of its own, off the event loop."""

        def run() -> Any:
            with closing(open_writer(self.settings.database.path)) as db:
                return verb(db, *args, **named)

        return await to_thread.run_sync(run, limiter=self.checks)

    def ask_to_sign_in(self, request: Request, where: str, fault: str = "", login: str = "", status: int = 401) -> Response:
        """The sign-in in place of whatever was asked for: a link from a document leads on after it."""
        return self.with_form(request, partial(papers.sign_in, where=where, fault=fault, login=login), status)

    def with_form(self, request: Request, paper: Callable[[str], str], status: int = 200) -> Response:
        """A paper with a form, whose token the browser must bring back beside the cookie that it was made from."""
        seed = request.cookies.get(form_cookie_name(self.settings), "")
        fresh = seed if 20 <= len(seed) <= 64 else secrets.token_urlsafe(24)
        response = HTMLResponse(paper(form_token(fresh)), status)
        if fresh != seed:
            self.set_cookie(response, form_cookie_name(self.settings), fresh, None)
        return response

    def set_cookie(self, response: Response, name: str, value: str, life: timedelta | None) -> None:
        seconds = int(life.total_seconds()) if life else None
        response.set_cookie(
            name, value, max_age=seconds, path="/", secure=is_encrypted(self.settings), httponly=True, samesite="lax"
        )

    async def read_form(self, request: Request) -> dict[str, str] | None:
        """The fields of a form that was sent from our own page; None when that cannot be proved."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_FORM:
                return None
        fields = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}
        seed = request.cookies.get(form_cookie_name(self.settings), "")
        genuine = bool(seed) and hmac.compare_digest(form_token(seed).encode(), fields.get("form", "").encode())
        return fields if genuine and is_from_here(self.settings, request.headers) else None

    async def sign_in(self, request: Request) -> Response:
        if request.method == "GET":
            return RedirectResponse("/", 303) if self.session(request) else self.ask_to_sign_in(request, "/", status=200)
        fields = await self.read_form(request)
        if fields is None:
            return self.ask_to_sign_in(request, "/", STALE, status=403)
        where, login = where_to(fields.get("where", "/")), fields.get("login", "")
        token = await self.write(
            signin.sign_in,
            login,
            fields.get("password", ""),
            now=self.now(),
            address=self.address(request),
            strictness=strictness(self.settings),
        )
        if token is None:
            return self.ask_to_sign_in(request, where, REFUSED, login[:64])
        return self.go_on(where, token)

    def go_on(self, where: str, token: str) -> Response:
        response = RedirectResponse(where, 303)
        self.set_cookie(response, cookie_name(self.settings), token, timedelta(hours=self.settings.console.session_hours))
        return response

    async def sign_out(self, request: Request) -> Response:
        session = self.session(request)
        if session is not None:
            if request.method == "GET" and request.headers.get("sec-fetch-site", "cross-site") not in ("same-origin", "none"):
                return self.with_form(request, papers.sign_out)
            if request.method == "POST" and await self.read_form(request) is None:
                return self.with_form(request, papers.sign_out, 403)
            await self.write(signin.sign_out, session, self.now(), self.address(request))
        response = RedirectResponse("/signin", 303)
        for name in (cookie_name(self.settings), form_cookie_name(self.settings)):
            response.delete_cookie(name, path="/", secure=is_encrypted(self.settings), httponly=True, samesite="lax")
        return response

    async def password(self, request: Request) -> Response:
        session = self.session(request)
        if session is None:
            return self.ask_to_sign_in(request, "/")
        paper = partial(papers.password, login=session.person.login, why=self.why_change(session))
        if request.method == "GET":
            return self.with_form(request, paper)
        fields = await self.read_form(request)
        if fields is None:
            return self.with_form(request, partial(paper, fault=STALE), 403)
        if fields.get("after") != fields.get("again"):
            return self.with_form(request, partial(paper, fault="两次输入的新密码不一致。"), 400)
        token, fault = await self.write(
            signin.change_password,
            session,
            fields.get("before", ""),
            fields.get("after", ""),
            now=self.now(),
            address=self.address(request),
            strictness=strictness(self.settings),
        )
        return self.with_form(request, partial(paper, fault=fault), 400) if fault else self.go_on("/", token)

    def why_change(self, session: Session) -> str:
        if session.person.must_change:
            return "您用的是一次性密码，请先设一个只有自己知道的密码。"
        if signin.must_change(session.person, self.now(), self.settings.console.password_days):
            return f"密码已使用超过{self.settings.console.password_days}天，请更换。"
        return "请设一个新密码。"


def form_token(seed: str) -> str:
    return hashlib.sha256(f"form:{seed}".encode()).hexdigest()
