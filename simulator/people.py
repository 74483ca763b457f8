"""Who speaks in the city: the official accounts of its units and the citizens who answer them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from simulator.events import SimAccount, Unit
from simulator.texts import citizen_name
from simulator.units import GENERAL, short_name

MIX = (
    "weibo_commercial", "wechat", "weibo_commercial", "weibo_free", "feed", "weibo_commercial", "wechat", "weibo_commercial",
    "none", "weibo_commercial", "wechat", "weibo_commercial", "weibo_commercial", "wechat", "weibo_commercial",
)  # fmt: skip
PLATFORMS = {"weibo": "微博", "wechat": "微信公众号", "douyin": "抖音", "toutiao": "头条号", "channels": "视频号"}
_REGISTERED = ("douyin", "toutiao", "channels")
_PLACE = {"省级": 9.0, "市级": 7.0, "县级": 4.0, "乡镇街道": 1.6, "部门": 3.2, "站所": 1.2}
_TITLES = {"公安": "平安{}", "卫健": "健康{}", "文旅": "{}文旅", GENERAL: "{}发布"}
_ELSEWHERE = ("北京", "上海", "广东", "浙江", "江苏", "四川", "湖北", "湖南", "山东", "河南")
_HEX, _WORD = "0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who comments; `app_user` when the person authorised the app through which the free interface is read."""

    uid: str
    name: str
    region: str
    app_user: bool


class Citizens:
    """All the people of the city, each made when first heard."""

    def __init__(self, seed: int, size: int) -> None:
        self._seed, self._size = seed, size
        self._known: dict[int, Citizen] = {}

    def pick(self, rng: Random) -> Citizen:
        """Somebody; a few speak up much more often than most."""
        number = int(self._size * rng.random() ** 1.6)
        if number not in self._known:
            own = Random(f"{self._seed}/citizen/{number}")
            region = "云江" if own.random() < 0.85 else own.choice(_ELSEWHERE)
            app_user = own.random() < 0.4
            self._known[number] = Citizen(str(9_600_000_000 + number * 7), citizen_name(own), region, app_user)
        return self._known[number]


def openid(account: SimAccount, citizen: Citizen) -> str:
    """The id under which one WeChat account knows one citizen: 28 characters that begin with o."""
    own = Random(f"{account.ext_id}/{citizen.uid}")
    return "o" + "".join(own.choices(_WORD + "_-", k=27))


def feed_form(feed: str) -> str:
    """Whether the ledger names a feed in its `atom` or its `json` form."""
    return "json" if int(feed[-1]) % 2 else "atom"


def make_account(seed: int, index: int, unit: Unit, route: str, turn: int) -> SimAccount:
    """The `index`-th account of the city; `turn` counts the accounts of its route."""
    rng = Random(f"{seed}/account/{index}")
    platform = "weibo" if route.startswith("weibo") else "wechat" if route in ("wechat", "feed") else _REGISTERED[turn % 3]
    place = _PLACE[unit.level] * (1.4 if unit.line == GENERAL else 1.0)
    ext_id = token = secret = feed = ""
    if platform == "weibo":
        ext_id = str(9_100_000_000 + index * 137 + seed % 97)
        token = "2.00" + "".join(rng.choices(_WORD, k=28))
    elif route == "wechat":
        ext_id = "wx" + "".join(rng.choices(_HEX, k=16))
        secret = "".join(rng.choices(_HEX, k=32))
    elif route == "feed":
        ext_id = feed = f"MP_WXS_{39_000_000 + index * 100 + turn}"
    else:
        ext_id = f"{platform[:2]}{7_300_000_000 + index * 31}"
    wechat = platform == "wechat"
    return SimAccount(
        ext_id=ext_id,
        name=account_name(unit),
        unit=unit.code,
        platform=platform,
        route=route,
        token=token,
        secret=secret,
        feed=feed,
        posts_a_day=round(min(6.0, rng.lognormvariate(0.25, 0.45) * (0.5 + place / 6)) * (0.45 if wechat else 1.0), 2),
        popularity=round(min(40.0, place * rng.lognormvariate(0.0, 0.5)), 2),
        followers=int(rng.lognormvariate(8.2, 0.8) * place),
        verified_type=1,
    )


def account_name(unit: Unit) -> str:
    """What an office calls itself: 霁浦发布, 平安霁浦; a station keeps its own name."""
    if unit.level == "站所":
        return unit.name
    return _TITLES.get(unit.line, "{}" + unit.line).format(short_name(unit))


def spread_accounts(
    seed: int, units: Iterable[Unit], wanted: int, mix: tuple[str, ...], busy: float = 1.0
) -> tuple[list[Unit], list[SimAccount]]:
    """Units from the endless list and their `wanted` accounts: places and bureaus may have two, a few stations none."""
    taken: list[Unit] = []
    accounts: list[SimAccount] = []
    turns: dict[str, int] = {}
    for at, unit in enumerate(units):
        if len(accounts) >= wanted:
            break
        taken.append(unit)
        rng = Random(f"{seed}/unit/{at}")
        few = unit.level == "站所"
        times = (0 if rng.random() < 0.12 else 1) if few else (2 if rng.random() < 0.45 else 1)
        for _ in range(min(times, wanted - len(accounts))):
            route = mix[len(accounts) % len(mix)]
            account = make_account(seed, len(accounts), unit, route, turns.get(route, 0))
            if accounts and (accounts[-1].name, accounts[-1].platform) == (account.name, account.platform):
                account = replace(account, name=account.name + "在线")
            accounts.append(replace(account, popularity=account.popularity * busy))
            turns[route] = turns.get(route, 0) + 1
    return taken, accounts
