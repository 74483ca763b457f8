"""Polite HTTP to every platform: pace, deadlines, size limit, bounded retries, budgets charged before each try."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from collectors.deadline import DeadlineAdapter
from collectors.faults import Fault, fault_of, read_json, status_fault, too_large
from collectors.headers import host_of, near, read_date, seconds_after
from matrix.run import Budget
from settings import Settings

LONGEST_WAIT = 60.0
"""Seconds for which a Retry-After is waited out here; longer ones become `retry_at`."""
LONGEST_BACKOFF = 8.0
HOPS = 3
AGENT = "government-media-matrix/0.1"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as a feed host gave it; `body` is None when it has not changed since `etag` or `modified`."""

    body: bytes | None
    content_type: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(slots=True)
class Count:
    """How many requests were sent, retries and redirects included."""

    calls: int = 0


class Web:
    """One session per host, shared by all threads. Never knows what a body means beyond being JSON or not."""

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime],
        wait: Callable[[float], None] = time.sleep,
        charge: Callable[[Sequence[Budget]], None] = lambda _: None,
    ) -> None:
        self.now = now
        self._knobs, self._wait, self._charge = settings.web, wait, charge
        self._lock = threading.Lock()
        self._sessions: dict[str, requests.Session] = {}
        self._free_at: dict[str, float] = {}
        self._skews: dict[str, float] = {}
        self._counts = threading.local()
        # The client's own log quotes whole addresses, and addresses carry access tokens.
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)

    @contextmanager
    def counting(self) -> Generator[Count]:
        """Counts what this thread sends."""
        count = Count()
        outer = getattr(self._counts, "open", ())
        self._counts.open = (*outer, count)
        try:
            yield count
        finally:
            self._counts.open = outer

    def skew(self, host: str) -> float | None:
        """By how many seconds our clock is ahead of a host's, as of its last answer; None before one."""
        return self._skews.get(host_of(host) if "//" in host else host)

    def get_json(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        *,
        budgets: Sequence[Budget] = (),
        cause_host: str = "",
        retry_body: Callable[[Any], bool] | None = None,
    ) -> Any:
        """The JSON object or list at an address; a body with the platform's own error code is returned, not raised.

        `retry_body` says of a readable body whether another try may help ("system busy").
        """
        return self._ask("GET", url, Want(cause_host, budgets, retry_body), params=params)

    def post_json(
        self,
        url: str,
        body: Any,
        *,
        params: Mapping[str, Any] | None = None,
        budgets: Sequence[Budget] = (),
        cause_host: str = "",
        retry_body: Callable[[Any], bool] | None = None,
        once: bool = False,
    ) -> Any:
        """Posts JSON as unescaped UTF-8. `once` for what must not happen twice: no retries then."""
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json; charset=utf-8"}
        want = Want(cause_host, budgets, retry_body, 1 if once else None)
        return self._ask("POST", url, want, params=params, data=data, headers=headers)

    def post_form(
        self,
        url: str,
        form: Mapping[str, Any],
        *,
        budgets: Sequence[Budget] = (),
        cause_host: str = "",
        retry_body: Callable[[Any], bool] | None = None,
        once: bool = False,
    ) -> Any:
        """Posts a form as UTF-8."""
        return self._ask("POST", url, Want(cause_host, budgets, retry_body, 1 if once else None), data=dict(form))

    def get_bytes(
        self,
        url: str,
        *,
        etag: str = "",
        modified: str = "",
        budgets: Sequence[Budget] = (),
        cause_host: str = "",
    ) -> Fetched:
        """A document as it is, or none when the host says that it has not changed."""
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        want = Want(cause_host, budgets, raw=True)
        return self._ask("GET", url, want, headers={name: value for name, value in headers.items() if value})

    def _ask(self, method: str, url: str, want: "Want", **request: Any) -> Any:
        host = host_of(url)
        tries = want.tries or self._knobs.attempts
        fault: Fault | None = None
        for turn in range(1, tries + 1):
            found = self._try(method, url, host, want, request)
            if not isinstance(found, Fault):
                if turn == tries or want.retry_body is None or not want.retry_body(found):
                    return found
                fault = None
            else:
                fault = found
                if not fault.retry or turn == tries or (fault.after or 0) > LONGEST_WAIT:
                    break
            backoff = min(LONGEST_BACKOFF, 0.5 * 2**turn) * random.uniform(0.5, 1.5)
            self._wait(max(backoff, (fault.after if fault else None) or 0.0))
        assert fault is not None
        raise fault.error(want.cause_host or host, self.now())

    def _try(self, method: str, url: str, host: str, want: "Want", request: dict[str, Any]) -> Any:
        for _ in range(HOPS):
            self._charge(want.budgets)
            self._keep_pace(host)
            for count in getattr(self._counts, "open", ()):
                count.calls += 1
            try:
                answer = self._send(method, url, host, request)
            except (requests.RequestException, OSError, ValueError) as error:
                return fault_of(error, host)
            if isinstance(answer, Fault):
                return answer
            status, headers, body = answer
            target = near(url, headers.get("Location", "")) if method == "GET" and status in (301, 302, 303, 307, 308) else None
            if target is None:
                return self._judge(status, headers, body, host, want)
            url, request = target, {**request, "params": None}
        return status_fault(302, host, None)

    def _judge(self, status: int, headers: Mapping[str, str], body: bytes, host: str, want: "Want") -> Any:
        after = seconds_after(headers.get("Retry-After", ""), self.now())
        if not want.raw:
            return read_json(status, body, host, after)
        if status == 304:
            return Fetched(None)
        fault = status_fault(status, host, after)
        kept = ("Content-Type", "ETag", "Last-Modified")
        return fault or Fetched(body, *(headers.get(name, "") for name in kept))

    def _send(self, method: str, url: str, host: str, request: dict[str, Any]) -> tuple[int, Mapping[str, str], bytes] | Fault:
        knobs, session = self._knobs, self._session(host)
        timeout = (knobs.connect_seconds, knobs.read_seconds)
        answer = session.request(method, url, timeout=timeout, stream=True, allow_redirects=False, **request)
        with answer:
            self._note_clock(host, answer.headers.get("Date", ""))
            body = bytearray()
            for piece in answer.iter_content(65536):
                body += piece
                if len(body) > knobs.max_bytes:
                    return too_large(host, knobs.max_bytes)
            return answer.status_code, answer.headers, bytes(body)

    def _session(self, host: str) -> requests.Session:
        with self._lock:
            session = self._sessions.get(host)
            if session is None:
                session = self._sessions[host] = requests.Session()
                session.trust_env = False  # no proxies, no .netrc, no certificates from whoever started us
                session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
                session.headers["User-Agent"] = AGENT
                adapter = DeadlineAdapter(self._knobs.connect_seconds + 2 * self._knobs.read_seconds)
                session.mount("https://", adapter)
                session.mount("http://", adapter)
            return session

    def _keep_pace(self, host: str) -> None:
        with self._lock:
            here = time.monotonic()
            slot = max(here, self._free_at.get(host, 0.0))
            self._free_at[host] = slot + self._knobs.pace_seconds
        if slot > here:
            self._wait(slot - here)

    def _note_clock(self, host: str, date: str) -> None:
        moment = read_date(date)
        if moment is not None:
            self._skews[host] = (self.now() - moment).total_seconds()


@dataclass(frozen=True, slots=True)
class Want:
    """How an answer is paid for, judged and asked for again."""

    cause_host: str
    budgets: Sequence[Budget]
    retry_body: Callable[[Any], bool] | None = None
    tries: int | None = None
    raw: bool = False
