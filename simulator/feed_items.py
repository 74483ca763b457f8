"""What a feed tool holds of an account at a moment: it looks twice a day, keeps what was deleted, and sometimes stops looking."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from simulator.events import SimAccount, SimPost
from simulator.mids import day_of, day_start
from simulator.seeing import is_post_shown, text_at
from simulator.wechat_publish import short_id
from simulator.wechat_wire import hashed, share

if TYPE_CHECKING:
    from simulator.world import World

LOOKS = (5 * 3600 + 35 * 60, 17 * 3600 + 35 * 60)  # 05:35 and 17:35 in Beijing
STALLED_BY_HAND = 3 * 86_400


@dataclass(frozen=True, slots=True)
class Item:
    """One article as the tool stored it when it first saw it."""

    post: SimPost
    title: str
    html: str
    short: str
    link: str
    image: str
    fails: bool  # whether its full text cannot be had


def synced_at(world: "World", account: SimAccount, now: float) -> int:
    """The moment of the tool's last look."""
    until = now
    if (begun := _stalled_since(world, account, now)) is not None:
        until = begun
    day = day_of(until)
    return max(at for d in (day - 1, day) for second in LOOKS if (at := day_start(d) + second) <= until)


def held_items(world: "World", account: SimAccount, now: float) -> list[Item]:
    """Newest first. What was published and taken away again between two looks never came in."""
    last, held = synced_at(world, account, now), []
    for post in world.city.posts(account, 0, last):
        if (seen := came_in(post)) is not None and seen <= last:
            held.append(_item(post, seen))
    return sorted(held, key=lambda item: (-item.post.at, item.post.idx))


def came_in(post: SimPost) -> int | None:
    """The tool's first look after the article was published; None when it was gone again by then."""
    day = day_of(post.at)
    look = min(look for d in (day, day + 1) for second in LOOKS if (look := day_start(d) + second) > post.at)
    return look if is_post_shown(post, look) else None


def _item(post: SimPost, seen: int) -> Item:
    title = post.title if share("&", post.key) > 0.2 else f"{post.title} & 提示"
    short, picture = short_id(post), hashed("cover", post.key)[:40]
    image = f"https://mmbiz.qpic.cn/mmbiz_jpg/{picture}/0?wx_fmt=jpeg&x={post.idx}"
    return Item(
        post, title, text_at(post, seen), short, f"https://mp.weixin.qq.com/s/{short}", image, share("full", post.key) < 0.05
    )


def _stalled_since(world: "World", account: SimAccount, now: float) -> float | None:
    faults = world.faults
    if not faults.is_on("feed_stalled", now, account.ext_id, "/feeds"):
        return None
    faults.told("feed_stalled", account.ext_id, "/feeds")
    begins = [rule.since for rule in faults.rules if rule.covers("feed_stalled", account.ext_id, "/feeds")]
    window = faults.window("feed_stalled", now, account.ext_id, "/feeds")
    if window and window[0] <= now < window[1]:
        begins.append(window[0])
    begun = min(begins, default=now)
    return now - STALLED_BY_HAND if begun == -inf else begun
