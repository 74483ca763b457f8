"""Moments and spans as people in the office say them: Beijing time, 今日 and 昨日, 2天3小时."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing(moment: datetime | float) -> datetime:
    aware = moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)
    return aware.astimezone(BEIJING)


def clock(moment: datetime | float | None, now: datetime, nothing: str = "—") -> str:
    """今日08:05, 昨日17:30, 明日24:00, 3月2日09:00, 2025年12月31日09:00: one form everywhere."""
    if moment is None or moment != moment:  # NaN of a frame
        return nothing
    local, today = beijing(moment), beijing(now).date()
    days = (local.date() - today).days
    if days in (-1, 0, 1):
        return f"{('昨日', '今日', '明日')[days + 1]}{local:%H:%M}"
    year = "" if local.year == today.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日{local:%H:%M}"


def stamp(moment: datetime | float | None, nothing: str = "") -> str:
    """2026-03-02 08:05, for tables that are sorted by reading."""
    if moment is None or moment != moment:
        return nothing
    return f"{beijing(moment):%Y-%m-%d %H:%M}"


def day_of(number: int) -> str:
    """2026-03-02 from days since the epoch in Beijing, as the roll-ups count them."""
    return f"{datetime.fromtimestamp(number * 86400, UTC):%Y-%m-%d}"


def due(moment: datetime | float | None, now: datetime) -> str:
    """今日24:00前, 3月5日24:00前: midnight belongs to the day that it ends."""
    if moment is None or moment != moment:
        return "—"
    local = beijing(moment)
    if (local.hour, local.minute) != (0, 0):
        return clock(moment, now) + "前"
    return clock(local.timestamp() - 1, now).replace("23:59", "24:00前")


def span(seconds: float) -> str:
    """45秒, 12分钟, 3小时, 2天3小时."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}秒"
    if whole < 3600:
        return f"{whole // 60}分钟"
    if whole < 86400:
        minutes = whole % 3600 // 60
        return f"{whole // 3600}小时" + (f"{minutes}分钟" if minutes and whole < 6 * 3600 else "")
    hours = whole % 86400 // 3600
    return f"{whole // 86400}天" + (f"{hours}小时" if hours and whole < 30 * 86400 else "")


def ago(moment: datetime | float, now: datetime) -> str:
    """How long something has lasted at `now`."""
    return span((beijing(now) - beijing(moment)).total_seconds())
