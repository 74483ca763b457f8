"""An installation with a channel of every kind, its platforms on loopback, and a hand that kills whoever delivers."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from matrix.channel_address import read_address
from matrix.notice import GRADES, LEVELS, ChannelKind, Notice, Rules
from simulator.mail_host import MailHost
from simulator.robots import RobotHost
from storage import channels, credentials, organizations, outbox
from storage.channels import Wish
from storage.database import check_integrity, create_database, open_database, open_writer, writing
from storage.moments import to_seconds

ADDRESSES: dict[ChannelKind, dict[str, str]] = {
    ChannelKind.WECOM: {"url": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=good-key"},
    ChannelKind.DINGTALK: {"url": "https://oapi.dingtalk.com/robot/send?access_token=goodtoken", "secret": "SECdelivery"},
    ChannelKind.FEISHU: {"url": "https://feishu.example.gov.cn/open-apis/bot/v2/hook/good-hook", "secret": "SECdelivery"},
    ChannelKind.WEBHOOK: {"url": "https://oa.example.gov.cn/hook/in", "secret": "SECdeliverySECdelivery"},
    ChannelKind.MAIL: {
        "host": "smtp.example.gov.cn",
        "port": "465",
        "security": "SSL/TLS",
        "user": "",
        "password": "",
        "sender": "matrix@example.gov.cn",
        "to": "duty@example.gov.cn",
    },
}


class Life(Protocol):
    """One run of whoever delivers."""

    @property
    def pid(self) -> int: ...

    def wait(self, timeout: float | None = None) -> int: ...


@dataclass
class Sinks:
    """The platforms of one installation; `shoot` arms them: the next message that arrives costs its sender his life."""

    dice: random.Random
    robots: dict[ChannelKind, RobotHost] = field(default_factory=dict)
    mail: MailHost = field(default_factory=MailHost)
    victim: int = 0
    between: int = 0
    _armed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, stack: ExitStack) -> "Sinks":
        """Start every host; each kind of robot has one of its own."""
        for kind in (ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU, ChannelKind.WEBHOOK):
            host = self.robots[kind] = RobotHost(ADDRESSES[kind].get("secret", ""))
            host.before_answer, host.after_answer = self.before, self.after
            stack.enter_context(host)
        self.mail.before_answer, self.mail.after_answer = self.before, self.after
        stack.enter_context(self.mail)
        return self

    def reroute(self) -> str:
        """The knob that leads every channel here."""
        hosts = {kind: address["url"].split("/")[2] for kind, address in ADDRESSES.items() if "url" in address}
        entries = [f"{hosts[kind]}=http://127.0.0.1:{host.port}" for kind, host in self.robots.items()]
        return ",".join([*entries, f"smtp.example.gov.cn=smtp://127.0.0.1:{self.mail.port}"])

    def aim(self, victim: int, is_armed: bool) -> None:
        with self._lock:
            self.victim, self._armed = victim, is_armed

    def before(self, _: Any) -> None:
        """Freeze the sender, so that it cannot hear the answer that it is about to get."""
        with self._lock:
            if self._armed:
                with suppress(ProcessLookupError):
                    os.kill(self.victim, signal.SIGSTOP)

    def after(self, _: Any) -> None:
        """The answer is on its way: now the sender dies, between the answer and its own commit."""
        with self._lock:
            if self._armed:
                self._armed = False
                self.between += 1
                with suppress(ProcessLookupError):
                    os.kill(self.victim, signal.SIGKILL)

    def counts(self) -> Counter[str]:
        """How often each key arrived, all platforms together."""
        found: Counter[str] = Counter()
        for host in self.robots.values():
            found += host.counts()
        return found + self.mail.counts()


def found_city(path: Path, key_file: Path, now: datetime) -> int:
    """Make a database with one unit and one channel of each kind; gives the unit."""
    with closing(create_database(path)) as db:
        with writing(db):
            ring = credentials.claim_key(db, key_file)
            unit = organizations.add(db, code="1", name="临江市", parent_id=None, level="市级", seen_at=0)
            organizations.rebuild_tree(db)
        with writing(db):
            for kind, given in ADDRESSES.items():
                host, secrets = read_address(kind, given)
                wish = Wish(unit, str(kind), Rules(frozenset(GRADES)), False)
                channels.add(db, (unit,), kind, wish, host, secrets, ring, "bench", now)
    return unit


def tell(path: Path, unit: int, first: int, number: int, now: datetime, dice: random.Random) -> None:
    """Leave so many notices in one transaction, as whoever raises alerts does."""
    with closing(open_writer(path)) as db, writing(db):
        for place in range(first, first + number):
            level = dice.choice(LEVELS)
            notice = Notice(f"alert:{place}", level, "预警", f"第{place}件", "5 分钟 48 条", unit, to_seconds(now))
            outbox.put(db, notice, now)


@dataclass(slots=True)
class Judged:
    """What sinks and database say after the siege; `lost`, `too_often`, `unexplained` and `damaged` have to be 0."""

    deliveries: int = 0
    messages: int = 0
    arrived: int = 0
    repeated: int = 0
    lost: int = 0
    too_often: int = 0
    unexplained: int = 0
    left_unknown: int = 0
    damaged: int = 0
    faults: list[str] = field(default_factory=list)


def judge(path: Path, counts: Counter[str], told: int) -> Judged:
    """Hold what arrived at the sinks against what the database says was delivered."""
    with closing(open_database(path)) as db:
        rows = db.execute(
            "SELECT p.key, p.state, (SELECT count(*) FROM attempts a WHERE a.dispatch_id = p.id AND a.outcome = '送达不明') "
            "FROM dispatches p"
        ).fetchall()
        deliveries, alone = db.execute(
            "SELECT count(*), sum(CASE WHEN dispatch_id IS NULL THEN 1 ELSE 0 END) FROM deliveries"
        ).fetchone()
        damaged = check_integrity(db)
    found = Judged(deliveries=deliveries, messages=len(rows), arrived=len(counts), damaged=len(damaged), faults=list(damaged))
    if deliveries != told * len(ADDRESSES) or alone:
        found.lost += alone or 0
        found.faults.append(f"{told}条通知应有{told * len(ADDRESSES)}条投递，实有{deliveries}条，其中{alone}条没有组成消息")
    for key in set(counts) - {row[0] for row in rows}:
        found.unexplained += 1
        found.faults.append(f"到达了数据库中没有的编号“{key}”")
    for key, state, unknown in rows:
        number = counts.get(key, 0)
        found.repeated += number == 2
        found.left_unknown += state == "送达不明"
        if not number:
            found.lost += 1
            found.faults.append(f"编号{key}没有到达，记为{state}")
        if number > 2:
            found.too_often += 1
            found.faults.append(f"编号{key}到达{number}次")
        if number == 2 and not unknown:
            found.unexplained += 1
            found.faults.append(f"编号{key}到达2次而没有记为送达不明")
    return found


Start = Callable[[], Life]
