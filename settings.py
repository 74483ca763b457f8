"""Every knob of the product, typed, from settings.toml, the site's own file and the environment."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from knobs import Given, SettingsError, build, knob, take_environment, take_file

ROOT = Path(__file__).resolve().parent


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
    fresh_seconds: int = knob(20, 0, 120)


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
class Notify:
    """Patience towards the platforms that carry notices, and `reroute`: hosts whose messages go to a port of this machine."""

    connect_seconds: float = knob(5.0, 0.05, 60)
    answer_seconds: float = knob(15.0, 0.05, 120)
    tick_seconds: float = knob(1.0, 0.02, 60)
    reroute: str = "无"


@dataclass(frozen=True, slots=True)
class Watch:
    """The watch over comments (1 on, 0 off): pause in seconds between two looks, and from how many days series learn at first."""

    is_on: int = knob(1, 0, 1)
    tick_seconds: float = knob(20.0, 0.05, 600)
    history_days: int = knob(28, 2, 60)


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
    notify: Notify = field(default_factory=Notify)
    watch: Watch = field(default_factory=Watch)
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
    values: Given = {name: {} for name in SECTIONS}
    named = environ.get("MATRIX_SETTINGS", "").strip()
    if named and not (root / named).is_file():
        raise SettingsError(f"MATRIX_SETTINGS 指向的设置文件不存在：{named}，请检查路径。")
    for path in (root / "settings.toml", root / (named or "var/settings.toml")):
        if path.is_file():
            take_file(path, values, SECTIONS)
    take_environment(environ, values, SECTIONS)
    sections = {"timing" if name == "clock" else name: build(name, kind, values[name], root) for name, kind in SECTIONS.items()}
    settings = Settings(root=root, **sections)
    if settings.timing.start is not None and not settings.timing.anchor:
        raise SettingsError("设置了 clock.start 就必须同时设置 clock.anchor（真实时间的 Unix 秒数），否则各程序的时钟不一致。")
    return settings
