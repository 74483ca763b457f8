"""One call of the Weibo open platform: who calls, whether it is allowed now, which page of a list it wants."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from simulator.events import SimAccount
from simulator.exchange import Handler, Request, Response, answer
from simulator.weibo_shapes import View
from simulator.world import World

LOCAL = "127.0.0.1"
_MESSAGES = {
    10004: "IP limit",
    10014: "Insufficient app permissions!",
    10016: "Miss required parameter ({}) , see doc for more info.",
    10017: "Parameter ({})'s value invalid, expect (long[]), see doc for more info.",
    10021: "HTTP method is not suported for this request!",
    10022: "IP requests out of rate limit",
    10023: "User requests out of rate limit!",
    10024: "User requests for ({}) out of rate limit",
    20003: "User does not exists!",
    20101: "Target weibo does not exist",
    20112: "Permission Denied!",
    21321: "Applications over the unaudited use restrictions!",
    21323: "invalid_request",
    21327: "expired_token",
    21332: "invalid_access_token",
}
_FORBIDDEN = (10004, 10014, 10022, 10023, 10024, 20112)


class RefusalError(Exception):
    """The platform's no, as its code and what is put into the sentence."""

    def __init__(self, code: int, word: str = "") -> None:
        super().__init__(code, word)
        self.code, self.word = code, word

    def response(self, path: str) -> Response:
        """The error body; integer code, error first."""
        body = {"error": _MESSAGES[self.code].format(self.word), "error_code": self.code, "request": path}
        return answer(body, 403 if self.code in _FORBIDDEN else 400)


class Numbered(Protocol):
    """Whatever has a mid."""

    @property
    def number(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Call:
    """An allowed call. `path` is the whole path, `owner` the account whose token it carries."""

    world: World
    now: float
    path: str
    host: str
    owner: SimAccount
    params: dict[str, str]

    def view(self) -> View:
        """How the answer is to be written."""
        strings = self.world.faults.strikes("count_strings", self.owner.ext_id, self.path)
        return View(self.world, self.now, self.params.get("trim_user") == "1", self.params.get("isGetLongText") == "1", strings)

    def number(self, name: str, default: int = 0, most: int | None = None) -> int:
        """A whole-number parameter, at most `most`; refuses what is none."""
        word = self.params.get(name, "")
        if not word:
            return default
        if not word.isdigit():
            raise RefusalError(10017, name)
        return int(word) if most is None else min(int(word), most)

    def ids(self, name: str, most: int) -> list[str]:
        """A comma list of numbers; refuses an empty or too long one, drops what is no number."""
        words = [word.strip() for word in self.params.get(name, "").split(",") if word.strip()]
        if not words:
            raise RefusalError(10016, name)
        if len(words) > most:
            raise RefusalError(10017, name)
        return [word for word in words if word.isdigit()]


Endpoint = Callable[[Call], Any]


def guarded(host: str, endpoint: Endpoint) -> Handler:
    """The handler for an endpoint of the `free` or `commercial` host: address, token, permission, budgets, then the answer."""

    def handle(request: Request) -> Response:
        world, now = request.world, request.world.now()
        short = "/" + request.path.split("/", 2)[2]
        try:
            _address(world, now, request.path, host)
            params = request.form()
            owner = _owner(world, now, request, params)
            if host != "oauth":
                _budgets(world, now, request.path, short, host, owner)
            return answer(endpoint(Call(world, now, request.path, host, owner, params)))
        except RefusalError as no:
            return no.response(short)

    return handle


def _hit(world: World, kind: str, now: float, account: str, path: str) -> bool:
    if world.faults.is_on(kind, now, account, path):
        world.faults.told(kind, account, path)
        return True
    return False


def _address(world: World, now: float, path: str, host: str) -> None:
    if _hit(world, "ip_not_whitelisted", now, "", path):
        raise RefusalError(10004)
    if _hit(world, "ip_quota", now, "", path) or not world.quotas.take(f"weibo_{host}_ip_hour", LOCAL, "hour", now):
        raise RefusalError(10022)


def _owner(world: World, now: float, request: Request, params: dict[str, str]) -> SimAccount:
    token = params.get("access_token") or request.headers.get("authorization", "").removeprefix("OAuth2").strip()
    owner = world.city.account_by_token(token)
    if owner is None:
        raise RefusalError(21332 if token else 21323)
    if _hit(world, "token_expired", now, owner.ext_id, request.path):
        raise RefusalError(21327)
    return owner


def _budgets(world: World, now: float, path: str, short: str, host: str, owner: SimAccount) -> None:
    who = owner.ext_id
    withdrawn = _hit(world, "permission_withdrawn", now, who, path)
    if withdrawn or (host == "commercial" and owner.route != "weibo_commercial"):
        raise RefusalError(10014)
    spent = host == "free" and not path.endswith("rate_limit_status.json")
    if _hit(world, "user_quota", now, who, path) or (spent and not world.quotas.take("weibo_free_user_day", who, "day", now)):
        raise RefusalError(10023)
    within = world.quotas.take(f"weibo_endpoint_hour:{short}", f"{host}/{who}", "hour", now)
    if _hit(world, "endpoint_quota", now, who, path) or not within:
        raise RefusalError(10024, short.removeprefix("/2").removesuffix(".json"))


T = TypeVar("T", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list: `next` is the id from which the following page begins (by max_id), 0 when nothing is behind."""

    items: list[T]
    next: int


def turn_page(
    call: Call, oldest_first: Sequence[T], shown: Callable[[T], bool], default: int, most: int, ascending: bool = False
) -> Page[T]:
    """since_id (newer than), max_id (not newer than), count and page, applied before what may not be shown is left out."""
    count, page = max(1, call.number("count", default, most)), max(1, call.number("page", 1))
    since, upto = call.number("since_id"), call.number("max_id")
    begin = bisect_right(oldest_first, since, key=lambda one: one.number) if since else 0
    end = bisect_right(oldest_first, upto, key=lambda one: one.number) if upto else len(oldest_first)
    items = list(oldest_first[begin:end])
    if not ascending:
        items.reverse()
    offset = (page - 1) * count
    faults, who = call.world.faults, call.owner.ext_id
    if page > 1 and faults.strikes("insert_between_pages", who, call.path):
        offset -= 1
    if page > 1 and faults.strikes("delete_between_pages", who, call.path):
        offset += 1
    cut = items[offset : offset + count]
    if len(cut) > 1 and faults.strikes("short_pages", who, call.path):
        least = 1 if upto else 0  # a continued page always moves on, or the list would have no end
        cut = cut[: least + int(faults.dice("short", who, faults.seen["short_pages"]) * (len(cut) - least))]
    behind = items[offset + len(cut) : offset + len(cut) + 1]
    return Page([one for one in cut if shown(one)], behind[0].number if behind else 0)
