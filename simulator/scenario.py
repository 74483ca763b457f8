"""Scenarios of drills: what citizens and offices say minute by minute, read from a TOML file and played into the city."""

import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

from simulator.city import City
from simulator.events import SimAccount
from simulator.mids import day_of
from simulator.script import add_comment, add_mention, add_post

FOLDER = Path(__file__).with_name("scenarios")
BEIJING = timezone(timedelta(hours=8))
UNDER, CALLED = "评论", "点名"
MATERIAL_EXCESS, MATERIAL_TIMES, WINDOW, STEP = 20, 3, 1800, 300
"""A matter is material when half an hour brought 20 comments more than usual, and three times as many."""


class ScenarioError(ValueError):
    """A scenario that cannot be read or played; the text is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Voice:
    """So many citizens' words between `at` and `at + over` minutes, under or to the accounts of these lines of offices."""

    at: float
    over: float
    people: int
    to: tuple[str, ...]
    texts: tuple[str, ...]
    how: str = UNDER


@dataclass(frozen=True, slots=True)
class Statement:
    """What the account of an office of this line publishes, so many minutes after the event."""

    at: float
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Outside:
    """What stood outside the matrix and reaches the duty desk as a lead (线索) `known_after` minutes later."""

    at: float
    platform: str
    text: str
    link: str = ""
    known_after: float = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that somebody states, with its source."""

    at: float
    name: str
    value: int
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class Conference:
    """A press conference, entered with its link by the officer on duty."""

    at: float
    speaker: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Officer:
    """What the scripted officer does, in minutes: confirm an alert so long after it was told, confirm an official word so long
    after it was found, set kind and level so long after opening the incident."""

    confirms_after: float = 5
    decides_after: float = 10
    grades_after: float = 30


@dataclass(frozen=True, slots=True)
class Scenario:
    """One drill. `occurred` is the virtual moment of the event, Unix seconds; everything else counts in minutes from it."""

    name: str
    title: str
    event: str
    about: str
    occurred: float
    lasts: float
    kind: str
    level: str
    is_afternoon: bool
    officer: Officer
    voices: tuple[Voice, ...] = ()
    statements: tuple[Statement, ...] = ()
    outside: tuple[Outside, ...] = ()
    figures: tuple[Figure, ...] = ()
    conferences: tuple[Conference, ...] = ()

    def moment(self, minutes: float) -> float:
        """Unix seconds so many minutes after the event."""
        return self.occurred + minutes * 60


def known() -> dict[str, Path]:
    """The scenarios that come along, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def read(path: Path) -> Scenario:
    """Raises ScenarioError for a file that is no scenario."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        event = told["event"]
        return Scenario(
            name=path.stem,
            title=told["title"],
            event=event["title"],
            about=told.get("about", ""),
            occurred=_moment(event["occurred"]),
            lasts=float(told["lasts"]),
            kind=event["kind"],
            level=event["level"],
            is_afternoon=bool(told.get("afternoon", False)),
            officer=Officer(**told.get("officer", {})),
            voices=tuple(Voice(**_tuples(one)) for one in told.get("voice", [])),
            statements=tuple(Statement(**one) for one in told.get("statement", [])),
            outside=tuple(Outside(**one) for one in told.get("outside", [])),
            figures=tuple(Figure(**one) for one in told.get("figure", [])),
            conferences=tuple(Conference(**one) for one in told.get("conference", [])),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as wrong:
        raise ScenarioError(f"演练方案读不懂：{path.name}：{wrong}。格式见 simulator/scenarios 中的样例。") from wrong


def _moment(written: datetime) -> float:
    return (written if written.tzinfo else written.replace(tzinfo=BEIJING)).timestamp()


def _tuples(table: dict) -> dict:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


def play(city: City, scenario: Scenario, seed: int = 7) -> int:
    """Put everything of the scenario into the city; gives how many citizens' words that are. The same seed says the same.

    Raises ScenarioError when the city has no account that could say or hear something.
    """
    rng, number = Random(f"{seed}/{scenario.name}"), 0
    for one in scenario.statements:
        add_post(city, account_of(city, one.by), scenario.moment(one.at), one.text)
    for voice in scenario.voices:
        heard = [account_of(city, line) for line in voice.to]
        for place in range(voice.people):
            at = scenario.moment(voice.at + voice.over * rng.random())
            text, citizen, account = rng.choice(voice.texts), citizen_of(city, rng), heard[place % len(heard)]
            if voice.how == CALLED:
                add_mention(city, account, at, f"@{account.name} {text}", citizen)
            else:
                newest = city.posts(account, at - 10 * 86_400, at - 60)
                if not newest:
                    raise ScenarioError(f"{account.name}在{scenario.title}之前没有发布过内容，网民无处评论。")
                add_comment(city, newest[-1], at, text, author=citizen)
            number += 1
    return number


def citizen_of(city: City, rng: Random) -> tuple[str, str]:
    """Id and name of somebody of the city."""
    who = city.life.citizens.pick(rng)
    return who.uid, who.name


def account_of(city: City, line: str) -> SimAccount:
    """The highest office of a line (交通, 应急, 综合 …) that has an account whose comments are read every few minutes."""
    for account in city.accounts:
        if account.route == "weibo_commercial" and city.unit(account).line == line and account.ext_id not in city.quiet:
            return account
    raise ScenarioError(f"演练城市中没有“{line}”条线的微博账号，请增加账号数或换一个种子。")


def material_at(city: City, since: float, until: float) -> float | None:
    """When the matter became material in the comments of any one account that is read every few minutes, in Unix seconds: the
    first five-minute moment at which the last half hour held 20 more than usual and three times as many. None: never.

    Usual is the mean of the same half hour of the day over the city's history.
    """
    moments = [
        _material(city, account, since, until)
        for account in city.accounts
        if account.route == "weibo_commercial" and account.ext_id not in city.quiet
    ]
    return min((at for at in moments if at is not None), default=None)


def _material(city: City, account: SimAccount, since: float, until: float) -> float | None:
    ats = [said.at for said in city.received(account, until)]
    days = max(1, day_of(since) - city.first_day)
    grid = range(int(since // STEP) * STEP + STEP, int(until) + 1, STEP)

    def held(first: float, last: float) -> int:
        return bisect_left(ats, last) - bisect_left(ats, first)

    for at in grid:
        usual = sum(held(at - WINDOW - day * 86_400, at - day * 86_400) for day in range(1, days + 1)) / days
        seen = held(at - WINDOW, at)
        if seen - usual >= MATERIAL_EXCESS and seen >= MATERIAL_TIMES * usual:
            return float(at)
    return None
