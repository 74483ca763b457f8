"""Collects an account of the Weibo open platform; the free and the commercial interfaces stand behind one collector."""

from collections.abc import Iterator
from datetime import datetime

from collectors import weibo_commercial, weibo_free
from collectors.task import Task
from collectors.web import Web
from collectors.weibo_call import Calls
from collectors.weibo_errors import parse_error
from collectors.weibo_parse import parse_comments, parse_posts
from matrix.account import PLATFORM_NAMES, Platform, Route
from matrix.run import Batch
from settings import Settings

PLATFORM = Platform.WEIBO
LOOKS = {Route.WEIBO_FREE: weibo_free.collect, Route.WEIBO_COMMERCIAL: weibo_commercial.collect}

__all__ = ["PLATFORM", "Weibo", "parse_comments", "parse_error", "parse_posts"]


class Weibo:
    """The source for both routes; an account's credential is its access token."""

    def collect(self, task: Task, web: Web, settings: Settings, now: datetime) -> Iterator[Batch]:  # noqa: ARG002
        """Yields batches each of which may be the last; raises CollectError when nothing more can be read now."""
        look = LOOKS.get(task.account.route)
        if look is None:
            raise ValueError(f"{task.account.route} is no route of {PLATFORM_NAMES[PLATFORM]}")
        yield from look(Calls(task, web, settings))
