"""Calls the Weibo platform for one look at one account: addresses, budgets, errors told apart, local failures kept apart."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from collectors.faults import TOO_LARGE
from collectors.task import Task
from collectors.web import Web
from collectors.weibo_errors import Asked, is_busy, parse_error
from collectors.weibo_text import BEIJING
from matrix.account import Route
from matrix.interface import WEIBO_INTERFACES
from matrix.run import Batch, Budget, CollectError, ErrorKind
from settings import Settings

T = TypeVar("T")
FEWEST = 5
ENDPOINT_CALLS_PER_HOUR = 1000
"""The ceiling of one interface for one account; the platform publishes none and says 10024 when it has a lower one."""


class Calls:
    """What one look may ask. `made` counts the requests that were sent, retries included."""

    def __init__(self, task: Task, web: Web, settings: Settings) -> None:
        account, knobs = task.account, settings.weibo
        is_free = account.route is Route.WEIBO_FREE
        self.task, self.route, self.made = task, account.route, 0
        self._web, self._token = web, task.credential or ""
        self._url = knobs.free_url if is_free else knobs.commercial_url
        self._scope, name = f"account:{account.id}", account.route.value
        by_ip = knobs.ip_calls_per_hour_free if is_free else knobs.ip_calls_per_hour_commercial
        self._ip = Budget("ip", name, "hour", by_ip)
        day = Budget(self._scope, name, "day", knobs.free_calls_per_day)
        self.user = day if is_free else Budget(self._scope, name, "hour", by_ip)

    def now(self) -> datetime:
        return self._web.now()

    def ask(self, endpoint: str, **params: Any) -> Any:
        """The answer of an interface; raises CollectError for whatever it says instead."""
        if not self._token:
            sentence = "没有录入该账号的授权凭据（access_token），请在“账号台账”中录入。"
            raise CollectError(ErrorKind.CREDENTIALS, sentence, cause=f"{self._scope}:credentials")
        own = Budget(self._scope, endpoint, "hour", ENDPOINT_CALLS_PER_HOUR)
        asked = Asked(self.route, self.task.account.id, endpoint, self._ip, self.user, own)
        given = {name: value for name, value in params.items() if value not in (None, "", 0)}
        with self._web.counting() as count:
            try:
                body = self._web.get_json(
                    f"{self._url}/2/{endpoint}.json",
                    {"access_token": self._token, **given},
                    budgets=asked.budgets,
                    cause_host=self.route.value,
                    retry_body=is_busy,
                )
            finally:
                self.made += count.calls
        error = parse_error(body, asked, self.now())
        if error is not None:
            raise error
        return body

    def read(self, endpoint: str, parse: Callable[[Any, datetime], T | None], **params: Any) -> T:
        """What `parse` makes of an answer; None from it means that the answer is not what the interface promises."""
        body = self.ask(endpoint, **params)
        found = parse(body, self.now())
        if found is None:
            raise self.strange(endpoint, "应答的结构与约定不符，可能是接口已变更")
        return found

    def read_page(self, endpoint: str, parse: Callable[[Any, datetime], T | None], count: int, **params: Any) -> tuple[T, int]:
        """A page of at most `count`, or of fewer when so many are more than one answer may weigh; and how many it was."""
        while True:
            try:
                return self.read(endpoint, parse, count=count, **params), count
            except CollectError as error:
                if error.code != TOO_LARGE or count <= FEWEST:
                    raise
                count = max(FEWEST, count // 5)

    def strange(self, endpoint: str, what: str) -> CollectError:
        """An answer that cannot be what it should be."""
        sentence = f"“{WEIBO_INTERFACES.get(endpoint, '微博接口')}”{what}；将自动重试，若持续出现请告知维护人员。"
        return CollectError(ErrorKind.MALFORMED, sentence, cause=f"{self._scope}:{endpoint}:malformed")


def in_turn(steps: Iterable[Callable[[], Iterator[Batch]]]) -> Iterator[Batch]:
    """What comes after the list of posts, step by step; a failure of a single interface waits until the others had their turn."""
    waiting: CollectError | None = None
    for step in steps:
        try:
            yield from step()
        except CollectError as error:
            if not is_local(error):
                raise
            waiting = waiting or error
    if waiting is not None:
        waiting.is_partial = True
        raise waiting


def is_local(error: CollectError) -> bool:
    """Whether a failure is that of one interface of one account: only such causes name an interface."""
    return error.cause.startswith("account:") and "/" in error.cause


def is_due(cursors: Mapping[str, str], name: str, every: timedelta, now: datetime) -> bool:
    """Whether what is done only now and then is due; the cursor `name` holds the second of the last time."""
    last = cursors.get(name, "")
    return not last.isdigit() or now.timestamp() - int(last) >= every.total_seconds()


def stamp(name: str, now: datetime) -> dict[str, str]:
    """The cursor that `is_due` reads."""
    return {name: str(int(now.timestamp()))}


def allowance(spent: int, limit: int, now: datetime) -> int:
    """Calls that extras may cost now so that a day's budget lasts until midnight in Beijing.

    An eighth of the budget is there to begin with, most of the rest is earned evenly over the day, less what was spent; a
    sixteenth is never given to extras.
    """
    here = now.astimezone(BEIJING)
    elapsed = (here.hour * 3600 + here.minute * 60 + here.second) / 86400
    return max(0, int(limit / 8 + limit * 13 / 16 * elapsed) - spent)
