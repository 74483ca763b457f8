"""Is an account silent, or are we blind? The three verdicts, with the sentence that defends each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from matrix.account import ROUTE_NAMES, SIGHTS, Nature, Route, Status

BEIJING = ZoneInfo("Asia/Shanghai")
LOOK_LIFE = timedelta(hours=24)
"""A complete look older than this says nothing about today: without a newer one we are blind."""
SOON_DAYS = 3
SPANS = ("距今", "至检查时点")
STATISTICS_HOUR = 8
"""WeChat's statistics of a day, the only list that names every article, are there at 08:00 of the next day."""


class Verdict(StrEnum):
    """What may be said of an account's silence; NORMAL and SOON are no findings, EXEMPT is not judged."""

    NORMAL = "正常"
    SOON = "3日内将超期"
    OVERDUE = "超期未更新"
    BLIND = "采集中断"
    LIMITED = "平台限制"
    EXEMPT = "不纳入判定"


@dataclass(frozen=True, slots=True)
class Watch:
    """What is known of an account at the moment of judging.

    `watched_from` is the moment since when a post would have been seen (first complete look minus its look-back);
    `blind_since` and `blind_reason` come from the open outage; `exemption` is the ledger's reason for not judging.
    """

    route: Route
    status: Status
    exemption: str
    last_post_at: datetime | None
    last_ok_at: datetime | None
    watched_from: datetime | None
    blind_since: datetime | None = None
    blind_reason: str = ""
    nature: Nature = Nature.INSTITUTION


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its Chinese reason; `due_at` is when the limit ends for an account that we can see."""

    verdict: Verdict
    reason: str
    days: int | None = None
    due_at: datetime | None = None


def update_due(last_post_at: datetime, limit_days: int) -> datetime:
    """End of the limit: the day of the post is not counted (民法典第二百零一条), then `limit_days` whole natural days.

    The default of 14 days follows the two weeks of the inspection indicators (国办秘函〔2019〕19号, item 内容不更新).
    """
    day = last_post_at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=limit_days + 1)


def judge_silence(watch: Watch, limit_days: int, now: datetime, *, is_past: bool = False) -> Judgement:
    """Judge one account at `now`. Blindness always goes before silence: nobody is called stale while we cannot see him.

    With `is_past` the sentences speak of a moment that was inspected; midnight is then 24:00 of the day before.
    """
    if watch.status != Status.ACTIVE:
        return Judgement(Verdict.EXEMPT, f"账号{watch.status}，不作更新判定")
    if watch.exemption:
        return Judgement(Verdict.EXEMPT, f"已备案豁免：{watch.exemption}")
    if watch.nature == Nature.OFFICIAL_PERSON:
        return Judgement(Verdict.EXEMPT, "公职人员账号，只列示，不作更新判定")
    sight = SIGHTS[watch.route]
    if not sight.posts:
        return Judgement(Verdict.LIMITED, sight.limits[0])
    if watch.blind_since is not None:
        return Judgement(Verdict.BLIND, f"自{_clock(watch.blind_since)}起无法采集：{watch.blind_reason}")
    if watch.last_ok_at is None:
        return Judgement(Verdict.BLIND, "尚未完成首次采集，不能判定是否更新")
    if watch.route != Route.FILES and now - watch.last_ok_at > LOOK_LIFE:
        late = "；如在运行，则是平台的图文统计推迟公布，取到后自动恢复" if watch.route == Route.WECHAT else ""
        since = _clock(watch.last_ok_at)
        return Judgement(Verdict.BLIND, f"自{since}后没有完整采集过，请检查采集程序是否在运行{late}")
    if watch.last_post_at is None:
        return _judge_without_posts(watch, limit_days, now, is_past)
    known_until = min(known_to(watch.route, watch.last_ok_at), now)
    due = update_due(watch.last_post_at, limit_days)
    told_at = known_until if watch.route == Route.FILES else now
    days = _days(watch.last_post_at, told_at, is_past)
    seen = f"最近一次发布为{_clock(watch.last_post_at)}，{SPANS[is_past]}{days}天"
    if known_until >= due:
        return Judgement(Verdict.OVERDUE, f"{seen}，{'超过' if days > limit_days else '已满'}{limit_days}天未更新", days, due)
    if watch.route == Route.FILES and now - watch.last_ok_at > LOOK_LIFE:
        return Judgement(Verdict.BLIND, f"数据截至{_clock(watch.last_ok_at)}导入的文件，请导入新文件", days, due)
    if due <= now:
        awaited = "平台公布当日图文统计" if watch.route == Route.WECHAT else "下一次采集"
        seen_to = f"目前只能看到{_clock(known_until)}以前"
        return Judgement(Verdict.SOON, f"{seen}，更新期限{_end(due)}已到，{seen_to}，待{awaited}后判定", days, due)
    if due - now <= timedelta(days=SOON_DAYS):
        return Judgement(Verdict.SOON, f"{seen}，{_end(due)}前须更新", days, due)
    return Judgement(Verdict.NORMAL, seen, days, due)


def known_to(route: Route, last_ok_at: datetime) -> datetime:
    """Up to when silence can be judged: the last complete look; WeChat's list of articles comes a day later."""
    if route == Route.WECHAT:
        midnight = last_ok_at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if last_ok_at.astimezone(BEIJING).hour >= STATISTICS_HOUR else midnight - timedelta(days=1)
    return last_ok_at


def _judge_without_posts(watch: Watch, limit_days: int, now: datetime, is_past: bool) -> Judgement:
    if watch.route == Route.FILES:
        return Judgement(Verdict.BLIND, "没有导入过该账号的发布内容，不能判定是否更新")
    route = ROUTE_NAMES[watch.route]
    known_until = min(known_to(watch.route, watch.last_ok_at or now), now)
    due = update_due(watch.watched_from, limit_days) if watch.watched_from else None
    if watch.watched_from is None or due is None or known_until < due:
        since = f"{_clock(watch.watched_from)}以来" if watch.watched_from else ""
        if watch.watched_from and due and now < due <= now + timedelta(days=SOON_DAYS):  # whatever came before the watch began
            seen = _days(watch.watched_from, now, is_past)
            return Judgement(Verdict.SOON, f"{route}{since}未见发布，{_end(due)}前须更新", seen, due)
        return Judgement(Verdict.LIMITED, f"{route}{since}未见发布，可见时段不足{limit_days}天，暂不能判定")
    days = _days(watch.watched_from, now, is_past)
    return Judgement(Verdict.OVERDUE, f"{_clock(watch.watched_from)}以来未见任何发布，超过{limit_days}天未更新", days)


def _days(since: datetime, until: datetime, is_past: bool) -> int:
    """Natural days, the first one not counted."""
    last = until - timedelta(seconds=1) if is_past else until
    return (last.astimezone(BEIJING).date() - since.astimezone(BEIJING).date()).days


def _end(due: datetime) -> str:
    """A limit ends at midnight, which belongs to the day that it ends."""
    return f"{due.astimezone(BEIJING) - timedelta(seconds=1):%Y-%m-%d} 24:00"


def _clock(moment: datetime) -> str:
    return moment.astimezone(BEIJING).isoformat(" ", "minutes")[:16]  # a tenth of the cost of a format
