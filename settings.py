"""Every knob of the product, typed, from settings.toml, the site's own file and the environment."""

import os
import time
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent
BEIJING = ZoneInfo("Asia/Shanghai")


class SettingsError(ValueError):
    """A knob has a value that cannot be used; the text is a Chinese sentence for the operator."""


def knob(default: Any, at_least: float | None = None, at_most: float | None = None) -> Any:
    """A knob's default and the range of its number."""
    return field(default=default, metadata={"at_least": at_least, "at_most": at_most})


@dataclass(frozen=True, slots=True)
class Database:
    """Where facts are kept; the key of the installation stays outside the database and its back-ups."""

    path: Path = Path("var/matrix.db")
    key_file: Path = Path("var/matrix.key")


@dataclass(frozen=True, slots=True)
class Console:
    """Where the console listens and how strict its sign-in is."""

    address: str = "127.0.0.1"
    port: int = knob(8501, 1, 65535)
    base_url: str = "http://localhost:8501"
    idle_minutes: int = knob(15, 1, 1440)
    session_hours: int = knob(12, 1, 168)
    lock_after: int = knob(5, 1, 100)
    lock_minutes: int = knob(30, 1, 10080)
    password_days: int = knob(90, 1, 3650)


@dataclass(frozen=True, slots=True)
class Worker:
    """How the worker turns: threads, ticks, heartbeats, and the folder it watches for files."""

    threads: int = knob(4, 1, 64)
    tick_seconds: float = knob(5.0, 0.05, 3600)
    heartbeat_seconds: float = knob(10.0, 0.05, 3600)
    history_days: int = knob(30, 1, 3650)
    watch_folder: Path = Path("var/inbox")


@dataclass(frozen=True, slots=True)
class Weibo:
    """Addresses and budgets of the Weibo Open Platform."""

    free_url: str = "https://api.weibo.com"
    commercial_url: str = "https://c.api.weibo.com"
    free_calls_per_day: int = knob(100, 1)
    ip_calls_per_hour_free: int = knob(15_000, 1)
    ip_calls_per_hour_commercial: int = knob(50_000, 1)


@dataclass(frozen=True, slots=True)
class Wechat:
    """Address of the WeChat interfaces and what one account may call in a day, by interface."""

    url: str = "https://api.weixin.qq.com"
    token_per_day: int = knob(2_000, 1)
    stable_token_per_day: int = knob(500_000, 1)
    batchget_per_day: int = knob(100, 1)
    getarticle_per_day: int = knob(100, 1)
    comment_list_per_day: int = knob(500, 1)
    statistics_per_day: int = knob(100, 1)

    def daily_quotas(self) -> dict[str, int]:
        """Calls a day by path of the interface; the platform publishes no number for comments and statistics."""
        statistics = ("getarticletotaldetail", "getarticleread", "getarticleshare", "getusersummary", "getusercumulate")
        return {
            "/cgi-bin/token": self.token_per_day,
            "/cgi-bin/stable_token": self.stable_token_per_day,
            "/cgi-bin/freepublish/batchget": self.batchget_per_day,
            "/cgi-bin/freepublish/getarticle": self.getarticle_per_day,
            "/cgi-bin/comment/list": self.comment_list_per_day,
            **{f"/datacube/{name}": self.statistics_per_day for name in statistics},
        }


@dataclass(frozen=True, slots=True)
class Web:
    """Manners towards every host: waiting, size, attempts and pace."""

    connect_seconds: float = knob(5.0, 0.05, 300)
    read_seconds: float = knob(20.0, 0.05, 600)
    max_bytes: int = knob(8 * 1024 * 1024, 1024)
    attempts: int = knob(3, 1, 10)
    pace_seconds: float = knob(0.2, 0, 60)


@dataclass(frozen=True, slots=True)
class Inspection:
    """Limits of the rules where a subtree has no limit of its own."""

    limit_days: int = knob(14, 1, 3650)


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock all programs share: real time, or `start` plus what passed since `anchor` (real unix seconds) times `speed`."""

    start: datetime | None = None
    anchor: float = knob(0.0, 0, 1e11)
    speed: float = knob(1.0, 0.001, 1_000_000)

    def now(self) -> datetime:
        """The moment this installation lives in, aware and in UTC."""
        if self.start is None:
            return datetime.now(UTC)
        return self.start.astimezone(UTC) + timedelta(seconds=(time.time() - self.anchor) * self.speed)


@dataclass(frozen=True, slots=True)
class Settings:
    """All sections; `root` is the folder that relative paths start from."""

    root: Path = ROOT
    database: Database = field(default_factory=Database)
    console: Console = field(default_factory=Console)
    worker: Worker = field(default_factory=Worker)
    weibo: Weibo = field(default_factory=Weibo)
    wechat: Wechat = field(default_factory=Wechat)
    web: Web = field(default_factory=Web)
    inspection: Inspection = field(default_factory=Inspection)
    timing: Clock = field(default_factory=Clock)

    def clock(self) -> Clock:
        """The one clock of this installation."""
        return self.timing


SECTIONS: dict[str, Any] = {
    "clock" if item.name == "timing" else item.name: item.default_factory for item in fields(Settings) if item.name != "root"
}


def load(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> Settings:
    """Defaults of the checkout, then the site's file (MATRIX_SETTINGS or var/settings.toml), then the environment.

    Raises SettingsError with a Chinese sentence that names key, value and what is expected.
    """
    values: dict[str, dict[str, tuple[Any, str]]] = {name: {} for name in SECTIONS}
    named = environ.get("MATRIX_SETTINGS", "").strip()
    if named and not (root / named).is_file():
        raise SettingsError(f"MATRIX_SETTINGS 指向的设置文件不存在：{named}，请检查路径。")
    for path in (root / "settings.toml", root / (named or "var/settings.toml")):
        if path.is_file():
            take_file(path, values)
    take_environment(environ, values)
    sections = {"timing" if name == "clock" else name: build(name, kind, values[name], root) for name, kind in SECTIONS.items()}
    settings = Settings(root=root, **sections)
    if settings.timing.start is not None and not settings.timing.anchor:
        raise SettingsError("设置了 clock.start 就必须同时设置 clock.anchor（真实时间的 Unix 秒数），否则各程序的时钟不一致。")
    return settings


def take_file(path: Path, values: dict[str, dict[str, tuple[Any, str]]]) -> None:
    """Lay the knobs of one TOML file over those already taken."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"设置文件 {path} 无法读取：{error}。应为 UTF-8 编码的 TOML 文件。") from error
    for section, table in document.items():
        if section not in values or not isinstance(table, dict):
            raise SettingsError(f"设置文件 {path} 中没有名为 [{section}] 的设置，可用的有：{'、'.join(SECTIONS)}。")
        for key, value in table.items():
            known(section, key, f"设置文件 {path}")
            values[section][key] = (value, f"设置文件 {path} 的 {section}.{key}")


def take_environment(environ: Mapping[str, str], values: dict[str, dict[str, tuple[Any, str]]]) -> None:
    """Lay MATRIX_<SECTION>_<KEY> over what the files say; other names that start with MATRIX_ are not ours to judge."""
    for name, value in environ.items():
        section, _, key = name.removeprefix("MATRIX_").lower().partition("_")
        if name.startswith("MATRIX_") and key and section in values:
            known(section, key, f"环境变量 {name}")
            values[section][key] = (value, f"环境变量 {name}")


def known(section: str, key: str, where: str) -> None:
    """Refuse a knob that does not exist, so that a slip of the pen is not ignored in silence."""
    names = [item.name for item in fields(SECTIONS[section])]
    if key not in names:
        raise SettingsError(f"{where}：没有名为 {section}.{key} 的设置，[{section}] 下可用的有：{'、'.join(names)}。")


def build(section: str, kind: Any, given: dict[str, tuple[Any, str]], root: Path) -> Any:
    """One section from the given values and its defaults; paths become absolute."""
    taken = {item.name: given.get(item.name, (item.default, f"{section}.{item.name}")) for item in fields(kind)}
    return kind(**{item.name: read_value(item, *taken[item.name], root) for item in fields(kind)})


def read_value(item: Field, value: Any, where: str, root: Path) -> Any:
    """One value in its type, or a sentence that says what is expected."""
    text = str(value).strip()
    if item.type == (datetime | None):
        return read_moment(value, where)
    if isinstance(item.default, Path):
        if not text:
            raise SettingsError(f"{where} 的值为空，应为文件或文件夹的路径。")
        return (root / text).resolve()
    if isinstance(item.default, str):
        is_url = item.name.endswith("url")
        wanted = "http:// 或 https:// 开头的地址" if is_url else "一段文字"
        if not isinstance(value, str) or not text or (is_url and not text.startswith(("http://", "https://"))):
            raise SettingsError(f"{where} 的值为“{value}”，应为 {wanted}。")
        return text.rstrip("/") if is_url else text
    return read_number(item, value, where)


def read_number(item: Field, value: Any, where: str) -> int | float:
    """A whole number or a number within the knob's range."""
    kind = int if isinstance(item.default, int) else float
    low, high = item.metadata.get("at_least"), item.metadata.get("at_most")
    limits = [f"{words} {limit}" for words, limit in (("不小于", low), ("不大于", high)) if limit is not None]
    try:
        if isinstance(value, bool) or (kind is int and isinstance(value, float)):
            raise ValueError("not a number of this kind")
        number = kind(value)
        if not ((low is None or number >= low) and (high is None or number <= high)):
            raise ValueError("out of range")
    except (TypeError, ValueError) as error:
        wanted = ("整数" if kind is int else "数字") + (f"（{'，'.join(limits)}）" if limits else "")
        raise SettingsError(f"{where} 的值为“{value}”，应为{wanted}。") from error
    return number


def read_moment(value: Any, where: str) -> datetime | None:
    """A moment; without a zone it is Beijing time, empty means real time."""
    if value is None or value == "":
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise SettingsError(f"{where} 的值为“{value}”，应为北京时间，例如 2026-03-02T08:00；留空为真实时间。") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
