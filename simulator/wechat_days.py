"""When WeChat's statistics of a day may be asked for, when they are ready, and by how much they are revised later."""

from datetime import date, timedelta
from struct import pack, unpack
from typing import Any

from simulator.exchange import Response
from simulator.mids import day_of, day_start
from simulator.wechat_wire import Call, refused, share

EPOCH = date(1970, 1, 1)
FIRST_DAY = (date(2014, 12, 1) - EPOCH).days
READY = 8 * 3600
SETTLED = 7  # days after which a figure is not revised any more


def day_text(day: int) -> str:
    """`2026-03-09` of a day since 1970."""
    return (EPOCH + timedelta(days=day)).isoformat()


def span(call: Call, most: int) -> range | Response:
    """The days that are asked for, or the refusal: at most so many, none of today or later."""
    days = []
    for name in ("begin_date", "end_date"):
        text = call.body.get(name)
        try:
            days.append((date.fromisoformat(text) - EPOCH).days if isinstance(text, str) and len(text) == 10 else None)
        except ValueError:
            days.append(None)
    begin, end = days
    if begin is None or end is None:
        return refused(call.request, 61500)
    if begin > end or end - begin >= most or end >= day_of(call.now) or begin < FIRST_DAY:
        return refused(call.request, 61501)
    return range(begin, end + 1)


def is_ready(call: Call, day: int) -> bool:
    """Whether a day's figures are there: the next day from 08:00 on, unless they are late."""
    if day != day_of(call.now) - 1:
        return day < day_of(call.now)
    faults = call.request.world.faults
    if faults.is_on("late_statistics", call.now, call.account.ext_id, call.request.path):
        faults.told("late_statistics", call.account.ext_id, call.request.path)
        return False
    return call.now - day_start(day + 1) >= READY


def revised(call: Call, value: int, day: int, *what: object) -> int:
    """The figure of a day as stated now: with the fault on it moves by some percent every day until it is settled."""
    age = day_of(call.now) - day
    faults = call.request.world.faults
    if age >= SETTLED or not faults.is_on("revised_statistics", call.now, call.account.ext_id, call.request.path):
        return value
    stated = max(0, round(value * (1 + (share(day, age, *what) - 0.65) * 0.2 * (SETTLED - age) / SETTLED)))
    if stated != value:
        faults.told("revised_statistics", call.account.ext_id, call.request.path)
    return stated


def noisy(value: float) -> float:
    """A rate as a 32-bit float that was printed with twelve digits."""
    return float(f"{unpack('f', pack('f', value))[0]:.12g}")


def sources(reads: int, *what: object) -> list[dict[str, Any]]:
    """How people came, in an order that varies; people may be counted under several sources, never more than all."""
    names = ("公众号消息", "公众号主页", "聊天会话", "朋友圈", "其他", "推荐", "搜一搜")
    parts = (0.42, 0.08, 0.16, 0.2, 0.05, 0.07, 0.04)
    rows = [
        {"user_count": round(reads * part * (0.6 + 0.8 * share(name, *what))), "scene_desc": name}
        for name, part in zip(names, parts, strict=True)
    ]
    rows.append({"user_count": reads, "scene_desc": "全部"})
    return sorted(rows, key=lambda row: share("order", row["scene_desc"], *what))
