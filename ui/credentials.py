"""What a browser brings along: the session cookie, its address, and where it may be sent next."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from settings import Settings
from storage import sessions
from storage.idle import reading
from storage.signin import Strictness, must_change


def is_encrypted(settings: Settings) -> bool:
    """Whether people reach the console over TLS, as its public address says."""
    return settings.console.base_url.startswith("https://")


def cookie_name(settings: Settings) -> str:
    """One name per database: cookies know no ports, and two consoles on one machine must not sign each other out."""
    mark = hashlib.sha256(str(settings.database.path).encode()).hexdigest()[:8]
    return f"{'__Host-' if is_encrypted(settings) else ''}matrix_{mark}"


def form_cookie_name(settings: Settings) -> str:
    return f"{cookie_name(settings)}_form"


def strictness(settings: Settings) -> Strictness:
    return Strictness(settings.console.lock_after, settings.console.lock_minutes, settings.console.password_days)


def find_session(settings: Settings, cookies: Mapping[str, str], now: datetime) -> sessions.Session | None:
    """The open session that the cookies prove, None for a stranger."""
    token = cookies.get(cookie_name(settings), "")
    if not token or len(token) > 128 or not settings.database.path.exists():
        return None
    with reading(settings.database.path) as db:
        return sessions.find(db, token, now, settings.console.idle_minutes, settings.console.session_hours)


def may_look(settings: Settings, session: sessions.Session | None, now: datetime) -> bool:
    """Whether more than the sign-in and the password page may be shown."""
    return session is not None and not must_change(session.person, now, settings.console.password_days)


def where_to(wanted: str) -> str:
    """A path of this console to go on to; anything that could lead elsewhere becomes the first page."""
    parts = urlsplit(wanted)
    elsewhere = parts.scheme or parts.netloc or not wanted.startswith("/") or wanted.startswith(("//", "/\\"))
    if elsewhere or any(ord(letter) < 33 or letter == "\\" for letter in wanted) or len(wanted) > 1500:
        return "/"
    return "/" if parts.path.startswith(("/signin", "/signout", "/password", "/_stcore", "/static", "/media")) else wanted


def address_of(settings: Settings, peer: str, headers: Mapping[str, str]) -> str:
    """Where a browser is; the word of a proxy counts only when it runs on this machine and the console is behind TLS."""
    forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    if is_encrypted(settings) and peer in ("127.0.0.1", "::1") and forwarded:
        return forwarded[:64]
    return peer


def is_from_here(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a form was sent from one of our own pages, as far as the browser says."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    ours = urlsplit(settings.console.base_url)
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc in (headers.get("host", ""), ours.netloc)
