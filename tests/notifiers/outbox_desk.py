"""A city with channels, a clock that a test sets, and a sender whose messages go to hosts on loopback."""

import dataclasses
import json
import sqlite3
import tempfile
import threading
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from matrix.channel_address import read_address
from matrix.notice import GRADES, ChannelKind, Notice, Rules
from notifiers.deliver import Deliverer
from settings import Notify, Settings
from storage import channels, organizations, outbox
from storage.channels import Wish
from storage.database import create_database, open_database, open_writer, tidy, writing
from storage.keyring import Keyring
from storage.outbox import Put
from tests.storage.small_city import RING

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""12:00 in Beijing."""
WECOM = {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=good-key"}
DINGTALK = {"url": "https://oapi.dingtalk.com/robot/send?access_token=goodtoken", "secret": "SECabc123"}
FEISHU = {"url": "https://feishu.linjiang.gov.cn/open-apis/bot/v2/hook/good-hook", "secret": "feishu-secret"}
HOOK = {"url": "https://oa.linjiang.gov.cn/hook/1", "secret": "a-secret-of-sixteen"}
MAIL = {
    "host": "smtp.linjiang.gov.cn",
    "port": "465",
    "security": "SSL/TLS",
    "user": "matrix@linjiang.gov.cn",
    "password": "letter-box",
    "sender": "matrix@linjiang.gov.cn",
    "to": "zhiban@linjiang.gov.cn，zhuren@linjiang.gov.cn",
}
SECRETS = {
    ChannelKind.WECOM: WECOM,
    ChannelKind.DINGTALK: DINGTALK,
    ChannelKind.FEISHU: FEISHU,
    ChannelKind.WEBHOOK: HOOK,
    ChannelKind.MAIL: MAIL,
}
HOSTS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com", "feishu.linjiang.gov.cn", "oa.linjiang.gov.cn")


def routes(port: int, mail_port: int = 1, scheme: str = "http") -> str:
    """Every host of this file to one port of this machine."""
    entries = [f"{host}={scheme}://127.0.0.1:{port}" for host in HOSTS]
    return ",".join([*entries, f"smtp.linjiang.gov.cn=smtp://127.0.0.1:{mail_port}"])


@cache
def built() -> tuple[bytes, dict[str, int]]:
    """A database with three units, made once."""
    units: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.db"
        with closing(create_database(path)) as db:
            with writing(db):
                for code, (name, above) in enumerate((("临江市", ""), ("青山县", "临江市"), ("白水县", "临江市"))):
                    parent = units.get(above)
                    units[name] = organizations.add(db, code=str(code), name=name, parent_id=parent, level="", seen_at=0)
                organizations.rebuild_tree(db)
            tidy(db)
        return path.read_bytes(), units


@dataclass
class Desk:
    """One installation: `now` is what its clock shows."""

    folder: Path
    reroute: str = "无"
    now: datetime = NOON
    answer_seconds: float = 5.0
    ring: Keyring = RING
    units: dict[str, int] = field(default_factory=dict)
    held: sqlite3.Connection | None = None
    """Kept open: whoever closes the last connection writes the log back, which takes longer than what is tested."""

    @property
    def path(self) -> Path:
        return self.folder / "matrix.db"

    def found(self) -> "Desk":
        """Put the database and its units into the folder."""
        content, self.units = built()
        self.path.write_bytes(content)
        self.held = open_writer(self.path)
        self.held.execute("SELECT count(*) FROM notices").fetchone()
        return self

    @property
    def settings(self) -> Settings:
        notify = Notify(connect_seconds=5.0, answer_seconds=self.answer_seconds, tick_seconds=0.02, reroute=self.reroute)
        database = dataclasses.replace(Settings().database, path=self.path, key_file=self.folder / "matrix.key")
        return dataclasses.replace(Settings(), database=database, notify=notify)

    def be_patient(self) -> None:
        """Wait for answers as long as a busy machine may need from now on."""
        self.answer_seconds = 5.0
        self.__dict__.pop("sender", None)

    @cached_property
    def sender(self) -> Deliverer:
        return Deliverer(self.settings, self.ring, lambda: self.now, threading.Event())

    def channel(
        self, kind: ChannelKind, unit: str = "临江市", rules: Rules | None = None, duty: bool = False, given: Any = None
    ) -> int:
        """Set up a channel as the page does."""
        given = given or {}
        host, secrets = read_address(kind, {**SECRETS[kind], **given})
        wish = Wish(self.units[unit], f"{unit}{kind}{given.get('name', '')}", rules or Rules(frozenset(GRADES)), duty)
        with closing(open_writer(self.path)) as db, writing(db):
            return channels.add(db, tuple(self.units.values()), kind, wish, host, secrets, self.ring, "zhuguan", self.now)

    def put(self, key: str, level: str = "红", unit: str = "青山县", title: str = "", body: str = "") -> Put:
        """Leave a notice."""
        title = title or f"“青山发布”评论声量异动{key}"
        body = body or "5 分钟 48 条，平时同一时段约 3 条。"
        notice = Notice(key, level, "预警", title, body, self.units[unit], int(self.now.timestamp()), "alerts?id=1")
        with closing(open_writer(self.path)) as db, writing(db):
            return outbox.put(db, notice, self.now)

    def flush(self, seconds: float = 0) -> int:
        """Let time pass and deliver what is due."""
        self.now += timedelta(seconds=seconds)
        return self.sender.flush()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(open_database(self.path)) as db:
            return db.execute(sql).fetchall()

    def states(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT state FROM deliveries ORDER BY id")]

    def sentences(self) -> list[str]:
        return [row[0] for row in self.ask("SELECT sentence FROM attempts ORDER BY id")]


def content(body: bytes) -> dict[str, Any]:
    return json.loads(body)
