"""Posts, comments and users as the Weibo open platform writes them in JSON."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from simulator.events import SimAccount, SimComment, SimMention, SimPost
from simulator.seeing import counts_at, is_post_shown, root_of, said_at, text_at
from simulator.world import World

Json = dict[str, Any]
DELETED_ITEM = "此微博已被原作者删除。"
DELETED_ORIGINAL = "抱歉，此微博已被作者删除。查看帮助：http://t.cn/Rfd3rQV"
LONG = 140
_BEIJING = timezone(timedelta(hours=8))
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_APPS = (
    '<a href="http://weibo.com/" rel="nofollow">微博网页版</a>',
    '<a href="http://app.weibo.com/t/feed/6vtZb0" rel="nofollow">微博 weibo.com</a>',
    '<a href="http://app.weibo.com/t/feed/3o33sO" rel="nofollow">iPhone客户端</a>',
    '<a href="http://app.weibo.com/t/feed/4fjTzq" rel="nofollow">Android客户端</a>',
    "",
)
_AVATAR = "https://tvax1.sinaimg.cn/crop.0.0.{0}.{0}.{1}/{2}.jpg"
_NOBODY = "https://tvax1.sinaimg.cn/default/images/default_avatar_male_50.gif"


@dataclass(frozen=True, slots=True)
class View:
    """How one answer is to be written: at which moment, with bare uids, with whole texts, with counts as display strings."""

    world: World
    now: float
    trim_user: bool = False
    whole: bool = False
    strings: bool = False
    users: dict[str, Json] = field(default_factory=dict)


def created_at(at: float) -> str:
    """`Tue May 31 17:46:55 +0800 2011`, whatever the locale."""
    t = datetime.fromtimestamp(int(at), _BEIJING)
    return f"{_DAYS[t.weekday()]} {_MONTHS[t.month - 1]} {t.day:02d} {t.hour:02d}:{t.minute:02d}:{t.second:02d} +0800 {t.year}"


def count(number: int, strings: bool) -> int | str:
    """A count, or the string that a page would display."""
    if not strings:
        return number
    if number >= 1_000_000:
        return "100万+"
    return f"{number / 10_000:.1f}万" if number >= 10_000 else str(number)


def posts_ever(view: View, account: SimAccount) -> int:
    """What the platform states as the number of an account's posts: those of the city's history and earlier ones."""
    return account.followers % 3900 + 412 + len(view.world.city.posts(account, 0, view.now))


def account_user(view: View, account: SimAccount) -> Json:
    """The user object of an official account; the same one throughout an answer."""
    if account.ext_id not in view.users:
        view.users[account.ext_id] = _office(view, account)
    return view.users[account.ext_id]


def _office(view: View, account: SimAccount) -> Json:
    number, unit = int(account.ext_id), view.world.city.unit(account)
    page = f"yj{number % 1_000_000}"
    return {
        **_names(number, account.name),
        "province": "98",
        "city": str(number % 9 + 1),
        "location": unit.region.replace("/", " "),
        "description": f"{unit.name}官方微博",
        "url": "",
        "profile_image_url": _AVATAR.format(180, 50, page),
        "profile_url": page,
        "domain": page,
        "weihao": "",
        "gender": "m",
        "followers_count": count(view.world.city.followers_at(account, view.now), view.strings),
        "friends_count": number % 290 + 21,
        "statuses_count": posts_ever(view, account),
        "favourites_count": number % 7,
        "created_at": created_at(1_300_000_000 + number % 200_000_000),
        "following": False,
        "allow_all_act_msg": True,
        "geo_enabled": True,
        "verified": True,
        "verified_type": account.verified_type,
        "remark": "",
        "allow_all_comment": True,
        "avatar_large": _AVATAR.format(180, 180, page),
        "avatar_hd": _AVATAR.format(180, 1024, page),
        "verified_reason": f"{unit.name}官方微博",
        "follow_me": False,
        "online_status": 0,
        "bi_followers_count": number % 180,
        "lang": "zh-cn",
    }


def _names(number: int, name: str) -> Json:
    return {"id": number, "idstr": str(number), "screen_name": name, "name": name}


def citizen_user(uid: str, name: str, region: str) -> Json:
    """The user object of somebody who has never opened the settings."""
    number = int(uid)
    return {
        **_names(number, name),
        "province": "98",
        "city": "1",
        "location": region or "其他",
        "description": "",
        "url": "",
        "profile_image_url": _NOBODY,
        "domain": "",
        "gender": "mfn"[number % 3],
        "followers_count": number % 400,
        "friends_count": number % 611,
        "statuses_count": number % 2300,
        "favourites_count": number % 5,
        "created_at": created_at(1_350_000_000 + number % 300_000_000),
        "following": False,
        "verified": False,
        "verified_type": -1,
        "verified_reason": "",
        "follow_me": False,
    }


def _user(view: View, uid: str, name: str, region: str) -> Json:
    account = view.world.city.account(uid)
    return account_user(view, account) if account else citizen_user(uid, name, region)


def _bare(number: int, at: float, text: str, source: str) -> Json:
    return {
        "created_at": created_at(at),
        "id": number,
        "mid": str(number),
        "idstr": str(number),
        "text": text,
        "source": source,
        "favorited": False,
        "truncated": False,
        "in_reply_to_status_id": "",
        "in_reply_to_user_id": "",
        "in_reply_to_screen_name": "",
        "pic_urls": [],
        "geo": None,
    }


def status(view: View, post: SimPost, inner: bool = False) -> Json:
    """A post; one that is longer than 140 characters is cut and says isLongText, with the whole in longText when asked for."""
    text, counts = text_at(post, view.now), counts_at(post, view.now)
    long = len(text) > LONG
    cut = f"{text[: LONG - 10]}...全文： http://m.weibo.cn/{post.account.ext_id}/{post.key}" if long else text
    made = _bare(post.number, post.at, cut, _APPS[post.number % 2])
    made["isLongText"] = long
    if long and view.whole:
        made["longText"] = {"content": text}
    if not inner and view.trim_user:
        made["user"] = int(post.account.ext_id)
    else:
        made["user"] = account_user(view, post.account)
    made |= {
        "reposts_count": count(counts.shares, view.strings),
        "comments_count": count(counts.comments, view.strings),
        "attitudes_count": count(counts.likes, view.strings),
        "mlevel": 0,
        "visible": {"type": 0, "list_id": 0},
    }
    edits = [at for at, _ in post.edits if at <= view.now]
    if edits:
        made |= {"edit_count": len(edits), "edit_at": created_at(edits[-1])}
    if not post.original and not inner:
        made["retweeted_status"] = _original(view, post)
    return made


def _original(view: View, post: SimPost) -> Json:
    original = view.world.city.original_of(post)
    if original is not None and is_post_shown(original, view.now):
        return status(view, original, inner=True)
    number = original.number if original else post.number - (7200 << 22)
    at = original.at if original else post.at - 7200
    keys = {"created_at": created_at(at), "id": number, "mid": str(number), "idstr": str(number)}
    return {**keys, "text": DELETED_ORIGINAL, "deleted": "1"}


def deleted_status(number: int) -> Json:
    """What a batch shows of a deleted post: its id, one sentence and nothing else."""
    empty = _bare(number, 0, DELETED_ITEM, "")
    return {**empty, "created_at": "", "reposts_count": 0, "comments_count": 0, "attitudes_count": 0}


def mention_status(view: View, mention: SimMention) -> Json:
    """A citizen's own post that calls an account."""
    made = _bare(mention.number, mention.at, mention.text, _APPS[2 + mention.number % 3])
    user = citizen_user(mention.author_id, mention.author_name, mention.region)
    made |= {"isLongText": False, "user": user["id"] if view.trim_user else user}
    return made | {
        "reposts_count": 0,
        "comments_count": 0,
        "attitudes_count": 0,
        "mlevel": 0,
        "visible": {"type": 0, "list_id": 0},
    }


def comment(view: View, said: SimComment, with_status: bool = True, with_parent: bool = True) -> Json:
    """A comment; one that answers another carries that one as reply_comment."""
    root = root_of(said)
    user = _user(view, said.author_id, said.author_name, said.region)
    made: Json = {
        "created_at": created_at(said.at),
        "id": said.number,
        "rootid": root.number,
        "rootidstr": root.key,
        "floor_number": root.number % 97 + 1,
        "text": said_at(said, view.now),
        "source_allowclick": 0,
        "source_type": 1,
        "source": _APPS[said.number % 5],
        "user": user["id"] if view.trim_user else user,
        "mid": said.key,
        "idstr": said.key,
    }
    if with_parent and said.parent is not None:
        above = comment(view, said.parent, with_status=False, with_parent=False)
        made["reply_comment"] = {k: above[k] for k in above if k not in ("rootidstr", "source_allowclick", "source_type")}
    if with_status:
        post = said.post
        made["status"] = {
            "id": post.number,
            "idstr": post.key,
            "mid": post.key,
            "created_at": created_at(post.at),
            "text": text_at(post, view.now)[:LONG],
            "user": {"id": int(post.account.ext_id)},
        }
    return made
