"""An official account of an organization on a platform, and what each route can see of it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Platform(IntEnum):
    """The platforms, as the small numbers that the fact tables keep. Never renumber."""

    WEIBO = 1
    WECHAT = 2
    DOUYIN = 3
    TOUTIAO = 4
    CHANNELS = 5
    APP = 6
    KUAISHOU = 7
    OTHER = 9


PLATFORM_NAMES = {
    Platform.WEIBO: "微博",
    Platform.WECHAT: "微信公众号",
    Platform.DOUYIN: "抖音",
    Platform.TOUTIAO: "头条号",
    Platform.CHANNELS: "视频号",
    Platform.APP: "移动客户端",
    Platform.KUAISHOU: "快手",
    Platform.OTHER: "其他平台",
}

LEVELS = ("省级", "市级", "县级", "乡镇街道", "部门", "站所")
"""Administrative levels from the top; the tree itself may be of any depth."""


class Nature(StrEnum):
    """账号性质: accounts of persons are shown and never ranked."""

    INSTITUTION = "机构"
    OFFICIAL_PERSON = "公职人员"


class Filing(StrEnum):
    """备案状态."""

    FILED = "已备案"
    PENDING = "备案中"
    UNFILED = "未备案"


class Status(StrEnum):
    """运行状态: only active accounts are collected and judged."""

    ACTIVE = "正常运行"
    SUSPENDED = "暂停"
    CLOSED = "已关停"


class Route(StrEnum):
    """How an account is collected; NONE means 仅登记, which is never judged."""

    WEIBO_FREE = "weibo_free"
    WEIBO_COMMERCIAL = "weibo_commercial"
    WECHAT = "wechat"
    FEED = "feed"
    FILES = "files"
    NONE = "none"


ROUTE_NAMES = {
    Route.WEIBO_FREE: "微博开放平台(免费)",
    Route.WEIBO_COMMERCIAL: "微博开放平台(商业)",
    Route.WECHAT: "微信公众号接口",
    Route.FEED: "订阅源",
    Route.FILES: "文件导入",
    Route.NONE: "仅登记",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a route can see of an account; limits are Chinese sentences for the people who read figures."""

    posts: bool
    comments: bool
    replies: bool
    reads: bool
    limits: tuple[str, ...] = ()


SIGHTS = {
    Route.WEIBO_FREE: Sight(
        True,
        True,
        True,
        False,
        (
            "免费接口每次只返回最新5条微博，间隔过长会漏采",
            "免费接口只返回授权过本应用的用户的评论，评论总数与可见数不一致",
            "看不到阅读数",
        ),
    ),
    Route.WEIBO_COMMERCIAL: Sight(True, True, True, False, ("看不到阅读数",)),
    Route.WECHAT: Sight(
        True,
        True,
        True,
        True,
        (
            "群发图文次日8:00后才能看到，没有标题和具体时刻",
            "留言没有昵称，每条留言只有一条作者回复",
        ),
    ),
    Route.FEED: Sight(True, False, False, False, ("订阅源只有标题、链接和发布时间，看不到留言和阅读数",)),
    Route.FILES: Sight(True, True, True, False, ("只能看到文件里有的内容，更新取决于何时导入",)),
    Route.NONE: Sight(False, False, False, False, ("没有可用的采集方式，仅登记，不作更新判定",)),
}


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the collectors need it. `feed_url` holds the address or folder for feed and file routes."""

    id: int
    platform: Platform
    ext_id: str
    name: str
    organization_id: int
    route: Route
    status: Status = Status.ACTIVE
    nature: Nature = Nature.INSTITUTION
    feed_url: str = ""
    error_count: int = 0
