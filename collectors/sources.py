"""Which source collects which route: a new source is one file and one line here."""

from collections.abc import Mapping

from collectors.feeds import Feed
from collectors.task import Source
from collectors.wechat import WeChat
from collectors.weibo import Weibo
from matrix.account import Route


def make_sources() -> Mapping[Route, Source]:
    """The sources of every route that can be collected over the network."""
    weibo = Weibo()
    return {
        Route.WEIBO_FREE: weibo,
        Route.WEIBO_COMMERCIAL: weibo,
        Route.WECHAT: WeChat(),
        Route.FEED: Feed(),
    }
