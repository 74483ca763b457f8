"""Reads the small things in Weibo's JSON: moments, counts, ids and texts, in every dialect that was met."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FULL = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2}) (\d{4})")
AGO = re.compile(r"(\d+)\s*(秒|分钟|小时|天)前")
UNITS = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400}
CLOCKED = re.compile(r"(今天|昨天|前天)\s*(\d{1,2}):(\d{2})(?::(\d{2}))?")
DATED = re.compile(r"(?:(\d{4})[-年/])?(\d{1,2})[-月/](\d{1,2})日?(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
ERA = 515483463
FIRST_MID = 1 << 50
"""Ids below this were made before ids carried their second."""
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKUP = re.compile(r"</?(?:a|br|span|img|p|div)\b", re.IGNORECASE)
IMAGE = re.compile(r"""<img\b[^>]*?\balt=(?:"([^"]*)"|'([^']*)'|([^\s>]*))[^>]*>""", re.IGNORECASE)
BREAK = re.compile(r"<br\s*/?>|</p>|</div>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
COUNT = re.compile(r"([\d,]+(?:\.\d+)?)\s*([万亿]?)\s*(\+?)")
TENS = {"": 1, "万": 10_000, "亿": 100_000_000}


def read_id(value: Any) -> str:
    """An id as text, whether it came as number or string; empty when it is none."""
    if isinstance(value, bool) or value is None:
        return ""
    text = str(value).strip()
    return text if text.isdigit() and text != "0" else ""


def second_of(mid: str) -> datetime | None:
    """The moment inside a post's or comment's id; None for ids older than the scheme."""
    if not mid.isdigit() or not FIRST_MID <= int(mid) < 1 << 63:
        return None
    return datetime.fromtimestamp((int(mid) >> 22) + ERA, UTC)


def read_moment(value: Any, now: datetime, mid: str = "") -> datetime | None:
    """When something was written: the full form, else the second inside its id, else a relative form as of `now`."""
    text = value.strip() if isinstance(value, str) else ""
    return read_full(text) or second_of(mid) or read_relative(text, now)


def read_full(text: str) -> datetime | None:
    """`Mon Jul 06 09:30:12 +0800 2026`, with fixed English names whatever the locale."""
    found = FULL.fullmatch(text)
    if not found or found[1] not in MONTHS:
        return None
    try:
        local = datetime(
            int(found[9]), MONTHS.index(found[1]) + 1, int(found[2]), *(int(found[n]) for n in (3, 4, 5)), tzinfo=UTC
        )
    except ValueError:
        return None
    offset = timedelta(hours=int(found[7]), minutes=int(found[8]))
    return local - offset if found[6] == "+" else local + offset


def read_relative(text: str, now: datetime) -> datetime | None:
    """Forms without a year or a zone, read in Beijing time and never later than `now`."""
    here = now.astimezone(BEIJING)
    if text == "刚刚":
        return now
    try:
        if ago := AGO.fullmatch(text):
            return now - timedelta(seconds=int(ago[1]) * UNITS[ago[2]])
        if clocked := CLOCKED.fullmatch(text):
            day = here - timedelta(days=("今天", "昨天", "前天").index(clocked[1]))
            moment = day.replace(hour=int(clocked[2]), minute=int(clocked[3]), second=int(clocked[4] or 0), microsecond=0)
            return min(moment.astimezone(UTC), now)
        if dated := DATED.fullmatch(text):
            return read_dated([int(part) if part else None for part in dated.groups()], here, now)
    except (ValueError, OverflowError):
        return None
    return None


def read_dated(parts: list[int | None], here: datetime, now: datetime) -> datetime:
    """A date with or without its year: without, it is the newest such day that is not in the future."""
    year, month, day = parts[:3]
    clock = [part or 0 for part in parts[3:]]
    for guess in (year,) if year else (here.year, here.year - 1):
        moment = datetime(guess, month or 0, day or 0, *clock, tzinfo=BEIJING).astimezone(UTC)
        if moment <= now:
            return moment
    return now


def read_count(value: Any) -> tuple[int | None, bool]:
    """(number, is it only about right or a lower bound): 37, "37", "280,199", "32.6万", "100万+"."""
    if isinstance(value, bool) or value is None:
        return None, False
    if isinstance(value, int | float):
        return (int(value), False) if 0 <= value < 1 << 62 else (None, False)
    found = COUNT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or not found[1].strip(","):
        return None, False
    number = float(found[1].replace(",", "")) if "." in found[1] else int(found[1].replace(",", ""))
    return round(number * TENS[found[2]]), bool(found[2] or found[3])


def read_text(value: Any) -> str:
    """Plain text: markup of the web forms resolved, entities too, invisible marks at the ends gone."""
    text = value if isinstance(value, str) else ""
    if MARKUP.search(text):
        text = IMAGE.sub(lambda found: found[1] or found[2] or found[3] or "", text)
        text = TAG.sub("", BREAK.sub("\n", text))
    return unescape(text).replace("\x00", "").strip(" \t\r\n\u200b\u200c\ufeff")


def read_region(*values: Any) -> str:
    """The region in "发布于 四川" or "来自四川"; the names of programs and robots are none."""
    for value in values:
        found = re.fullmatch(r"(?:发布于|来自|IP属地[:\uff1a])\s*([\u4e00-\u9fff]{2,12})", read_text(value))
        if found and found[1] != "罗伯特" and not found[1].endswith(("客户端", "网页版", "微博")):
            return found[1]
    return ""


def short_id(mid: str) -> str:
    """The short form of an id in addresses: groups of 7 digits from the right, each in base 62 with 4 characters."""
    groups = []
    while mid:
        mid, group = mid[:-7], int(mid[-7:])
        word = ""
        while group:
            group, digit = divmod(group, 62)
            word = DIGITS[digit] + word
        groups.append(word.rjust(4, "0") if mid else word or "0")
    return "".join(reversed(groups))
