"""WeChat's follower statistics: who came and went on each day, and how many there were in the evening."""

from simulator.exchange import Response
from simulator.mids import day_start
from simulator.wechat_days import day_text, is_ready, span
from simulator.wechat_wire import Call, refused, said, share

_WAYS = (0, 1, 17, 30, 43, 51)  # other, search, name card, QR code, article menu, after payment
MOST_DAYS = 7


def getusersummary(call: Call) -> Response:
    """New and lost followers of up to seven days, one row for each way by which they came."""
    days = span(call, MOST_DAYS)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    rows = []
    for day in days:
        new, lost = call.request.world.city.follower_moves(call.account, day)
        for way in _WAYS[1:]:
            part = int(new * 0.3 * share("way", call.account.ext_id, day, way))
            new -= part
            if part:
                rows.append({"ref_date": day_text(day), "user_source": way, "new_user": part, "cancel_user": 0})
        rows.append({"ref_date": day_text(day), "user_source": 0, "new_user": new, "cancel_user": lost})
    return said({"list": rows})


def getusercumulate(call: Call) -> Response:
    """How many followed at the end of each of up to seven days."""
    days = span(call, MOST_DAYS)
    if isinstance(days, Response):
        return days
    if not is_ready(call, days[-1]):
        return refused(call.request, 61503)
    city = call.request.world.city
    rows = [{"ref_date": day_text(d), "cumulate_user": city.followers_at(call.account, day_start(d + 1))} for d in days]
    return said({"list": rows})
