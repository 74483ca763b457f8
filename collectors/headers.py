"""What an address and the headers of an answer say: hosts, redirects, dates and how long to wait."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit


def host_of(url: str) -> str:
    """Host and port of an address, without the name and password that it may carry."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def near(url: str, location: str) -> str | None:
    """Where a redirect leads if it stays on the same host (or moves up to https there), else None."""
    if not location:
        return None
    try:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
    except ValueError:
        return None
    same = host_of(url) == host_of(target) and (old.scheme, new.scheme) != ("https", "http")
    up = (old.scheme, new.scheme) == ("http", "https") and old.hostname == new.hostname
    return target if new.scheme in ("http", "https") and (same or up) else None


def read_date(text: str) -> datetime | None:
    """A date of HTTP, aware; None when it cannot be read."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def seconds_after(text: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks to wait: a number, or a date."""
    if text.strip().isdigit():
        return float(text)
    moment = read_date(text) if text else None
    return None if moment is None else max(0.0, (moment - now).total_seconds())
