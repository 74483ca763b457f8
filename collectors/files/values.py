"""Cells into values: counts with 万 and 亿, truth words, texts; the zone-less time of an office is Beijing time."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from html import unescape
from zoneinfo import ZoneInfo

from collectors.files.rows import Cell, RowError

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_TEXT = 100_000
UNITS = {"": 1, "千": 1000, "k": 1000, "K": 1000, "万": 10**4, "萬": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8, "億": 10**8}
COUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([千kK万萬wW亿億]?)\s*(\+?)(?:次|人|条|个)?")
SAYS_NOTHING = frozenset(
    ("", "-", "--", "—", "/", "nan", "none", "null", "n/a", "无", "赞", "点赞", "评论", "转发", "阅读", "播放")
)
YES = frozenset(("1", "1.0", "true", "t", "yes", "y", "是", "√", "✓", "原创", "官方"))
NO = frozenset(("0", "0.0", "false", "f", "no", "n", "否", "×", "转发", "转载", "", "nan", "none", "非原创"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEIBO_TIME = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{1,2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2}) (\d{4})")
PLAIN_TIME = re.compile(
    r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT]*(上午|下午|AM|PM|am|pm)?\s*(\d{1,2})\s*[:\uff1a时]\s*(\d{1,2})"
    r"(?:\s*[:\uff1a分]\s*(\d{1,2}))?(?:[.,]\d+)?\s*[秒分]?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
AGO = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400}
FOLDED = re.compile("\u200b+(?=\\.{3}(?:展开)?全文$)")
SURROGATES = re.compile("[\ud800-\udfff]")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def read_count(value: Cell, what: str) -> tuple[int | None, bool]:
    """(count, whether it is only a lower bound). "1.2万" and "100万+" are lower bounds; a label without a number says nothing."""
    if value is None or isinstance(value, bool):
        return None, False
    if isinstance(value, int | float):
        if value != value:
            return None, False
        if not 0 <= value <= 10**15 or value != int(value):
            raise RowError(f"{what}“{value}”不是有效的数量")
        return int(value), False
    text = str(value).strip().replace(",", "").replace(",", "").replace("\u200b", "")
    if text.lower() in SAYS_NOTHING:
        return None, False
    match = COUNT.fullmatch(text)
    if not match:
        raise RowError(f"{what}“{text[:30]}”不是数量")
    try:
        number = Decimal(match[1]) * UNITS[match[2]]
    except InvalidOperation as error:
        raise RowError(f"{what}“{text[:30]}”不是数量") from error
    if number > 10**15 or number != number.to_integral_value():
        raise RowError(f"{what}“{text[:30]}”不是有效的数量")
    return int(number), bool(match[2] or match[3])


def read_truth(value: Cell, what: str) -> bool | None:
    """是 and its relatives; None when the cell says nothing."""
    if isinstance(value, bool) or value is None:
        return value
    text = str(value).strip().lower()
    if text in YES:
        return True
    if text in NO:
        return False if text else None
    raise RowError(f"{what}“{text[:30]}”应为“是”或“否”")


def read_text(value: Cell) -> str:
    """Text that a database can hold: lone surrogates made visible, zero-width tails off, whitespace at the ends off."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    text = value if isinstance(value, str) else str(value)
    if SURROGATES.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\0", "").replace("\r\n", "\n").strip("\u200b\ufeff \t\r\n\xa0\u3000")
    return FOLDED.sub("", text)[:LONGEST_TEXT]


def without_html(text: str) -> str:
    """Plain text of what a crawler kept as HTML; a text without tags stays as it is."""
    if not re.search(r"</?(?:a|br|span|img|p|div|i|em|b)\b[^<>]*>", text, re.I):
        return text
    text = re.sub(r"<br\s*/?>|</p>", "\n", text, flags=re.I)
    text = re.sub(r"<img[^<>]*\balt=[\"']?([^\"'<> ]+)[^<>]*>", r"\1", text, flags=re.I)
    return unescape(re.sub(r"<[^<>]*>", "", text)).strip()


def read_time(value: Cell, what: str, seen: datetime, now: datetime) -> datetime:
    """A moment in any of the usual forms; without a zone it is Beijing time.

    `seen` is when the file's maker looked: "昨天 18:02" and dates without a year count from there. Raises RowError for what
    is no time, lies before 2000 or in the future of `now`.
    """
    moment = _any_time(value, seen)
    if moment is None:
        raise RowError(f"{what}“{str(value)[:40]}”不是时间" if value not in (None, "") else f"缺少{what}")
    if moment > now + timedelta(hours=1):
        raise RowError(f"{what}“{str(value)[:40]}”晚于现在")
    if moment < EARLIEST:
        raise RowError(f"{what}“{str(value)[:40]}”早于2000年")
    return min(moment, now)


def _any_time(value: Cell, seen: datetime) -> datetime | None:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=BEIJING)).astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=BEIJING).astimezone(UTC)
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip().strip("\u200b\ufeff'")
    try:
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return _number_time(float(text), text)
        if match := WEIBO_TIME.fullmatch(text):
            return _weibo_time(match)
        if match := PLAIN_TIME.fullmatch(text):
            return _plain_time(match, seen)
        return _relative_time(text, seen)
    except (ValueError, OverflowError, KeyError, OSError):
        return None


def _number_time(number: float, text: str) -> datetime | None:
    """Unix seconds or milliseconds, a date written as 20240305, or the day count of a spreadsheet."""
    if re.fullmatch(r"(19|20)\d{6}(\.0)?", text):
        return datetime.strptime(text[:8], "%Y%m%d").replace(tzinfo=BEIJING).astimezone(UTC)
    if re.fullmatch(r"20\d{12}", text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING).astimezone(UTC)
    if 36526 <= number < 73051:
        moment = datetime(1899, 12, 30, tzinfo=BEIJING) + timedelta(seconds=round(number * 86400))
        return moment.astimezone(UTC)
    if 9.4e8 <= number < 1e11:
        return datetime.fromtimestamp(int(number), UTC)
    if 9.4e11 <= number < 1e14:
        return datetime.fromtimestamp(int(number / 1000), UTC)
    return None


def _weibo_time(match: re.Match[str]) -> datetime:
    month, day, hour, minute, second, sign, zone_hours, zone_minutes, year = match.groups()
    moment = datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes))
    return moment - offset if sign == "+" else moment + offset


def _plain_time(match: re.Match[str], seen: datetime) -> datetime:
    year, month, day, half, hour, minute, second, zone = match.groups()
    hours = int(hour or 0)
    if half and half.lower() in ("下午", "pm") and hours < 12:
        hours += 12
    elif half and half.lower() in ("上午", "am") and hours == 12:
        hours = 0
    local = seen.astimezone(BEIJING)
    moment = datetime(int(year or local.year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=BEIJING)
    if zone:
        digits = zone.replace(":", "")
        offset = timedelta() if digits in ("Z", "UTC", "GMT") else timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
        moment = moment.replace(tzinfo=UTC) - (-offset if digits[0] == "-" else offset)
    elif year is None and moment > seen + timedelta(days=1):
        moment = moment.replace(year=moment.year - 1)  # seen in January, written in December
    return moment.astimezone(UTC)


def _relative_time(text: str, seen: datetime) -> datetime | None:
    if text == "刚刚":
        return seen
    if match := re.fullmatch(r"(\d{1,4})\s*(秒|分钟|小时|天)前", text):
        return seen - timedelta(seconds=int(match[1]) * AGO[match[2]])
    if match := re.fullmatch(r"(今天|昨天|前天)\s*(?:(\d{1,2}):(\d{2}))?(?::\d{2})?", text):
        day = seen.astimezone(BEIJING) - timedelta(days=("今天", "昨天", "前天").index(match[1]))
        return day.replace(hour=int(match[2] or 0), minute=int(match[3] or 0), second=0, microsecond=0).astimezone(UTC)
    return None
