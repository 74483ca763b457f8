"""A small make-believe city whose citizens wait for answers: for measurements and tests of the inbox."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from matrix.account import Platform, Route
from matrix.people import Role
from matrix.rule import OTHER, Rule, RuleClock, Term, Unit
from storage import accounts, organizations, people, rules
from storage.database import writing
from storage.moments import beijing_day, from_seconds
from storage.responses import derive_for

UNITS = (
    ("临江市", None, "市级"),
    ("临江市水务局", "临江市", "部门"),
    ("临江市交通运输局", "临江市", "部门"),
    ("青山县", "临江市", "县级"),
    ("青山县城关镇", "青山县", "乡镇街道"),
)
ACCOUNTS = (("临江发布", "临江市"), ("临江水务", "临江市水务局"), ("临江交通", "临江市交通运输局"), ("青山发布", "青山县"))
PEOPLE = (
    ("wangfang", "王芳", Role.WATCH, "临江市"),
    ("liqiang", "李强", Role.WATCH, "临江市"),
    ("qingshan", "赵青", Role.WATCH, "青山县"),
    ("zongguan", "周主任", Role.LEAD, "临江市"),
    ("fenxiyuan", "陈析", Role.ANALYST, "临江市"),
)
RULE = Rule("三个工作日", RuleClock.ANSWER, {OTHER: Term(3, Unit.WORKING_DAYS)}, "本单位规定")

ASKED = (
    ("求助", "城东片区停水两天了，老人用水很不方便，什么时候恢复？电话13812345678"),
    ("投诉", "小区门口路灯坏了一个多星期，晚上漆黑一片，打了好几次电话都没人修。"),
    ("咨询", "请问办理居住证需要带哪些材料，周六可以办吗？"),
    ("建议", "建议在第二小学门口增加一名协管员，放学时车太乱了。"),
    ("投诉", "工地半夜两点还在施工，噪音太大，孩子明天要考试，请管管。"),
    ("举报", "河边有人偷偷倒建筑垃圾，车牌苏A12345，请查处。"),
    ("咨询", "公交12路是不是改线了？在人民医院等了四十分钟没有车。"),
    ("求助", "老旧小区水管爆了，楼道全是水，物业电话打不通。"),
)
NAMES = ("江边人", "小城故事", "早起的鸟", "老李头", "晴天", "半夏", "路人甲乙", "云上人家")


@dataclass
class Room:
    """The database with what was put into it; ids of units, accounts and posts by their names."""

    db: sqlite3.Connection
    now: int
    units: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    number: int = 0

    @property
    def scope(self) -> tuple[int, ...]:
        return (self.units["临江市"],)

    def say(
        self,
        text: str,
        ago: float,
        *,
        under: str = "临江发布",
        author: str = "u1",
        name: str = "王小明",
        below: int | None = None,
        official: str = "",
        kind: str = "",
        nature: str = "实质答复",
        channel: str = "comment",
    ) -> int:
        """One comment `ago` hours before now: an appeal where a kind is given, an official word where an account is named.

        `below` is the comment that it answers. Facts are derived by `settle`.
        """
        self.number += 1
        at, platform = self.now - round(ago * 3600), int(Platform.WEIBO)
        above = self.db.execute(
            "SELECT ext_id, coalesce(root_ext, ext_id) FROM comments WHERE id = :id", {"id": below}
        ).fetchone()
        row = self.db.execute(
            "INSERT INTO comments(platform, ext_id, account_id, post_id, channel, parent_ext, root_ext, author_key, author_name, "
            "author_account_id, author_is_official, published_at, seen_at, observed_at, likes, region, text, kind) "
            "VALUES(:platform, :ext, :account, :post, :channel, :parent, :root, :author, :name, :by, :official, :at, :at, :at, "
            "3, '临江', :text, :kind) RETURNING id",
            {
                "platform": platform,
                "ext": f"47{self.now % 1000:04d}{self.number:010d}",
                "account": self.accounts[under],
                "post": self.posts[under] if channel == "comment" else None,
                "channel": channel,
                "parent": above[0] if above else None,
                "root": above[1] if above else None,
                "author": f"k-{official or author}",
                "name": official or name,
                "by": self.accounts[official] if official else None,
                "official": int(bool(official)),
                "at": at,
                "text": text,
                "kind": 2 if official else 1 if kind else 0,
            },
        ).fetchone()
        if kind:
            self.db.execute(
                "INSERT INTO appeals(comment_id, kind, score, markers, read_by, read_at) "
                "VALUES(:id, :kind, 0.91, '疑问语气,具体地点,请求处理', '诉求判读 1', :at)",
                {"id": row[0], "kind": kind, "at": at},
            )
        if official:
            self.db.execute(
                "INSERT INTO replies(comment_id, account_id, day, text_key, nature, read_nature, reasons, score, read_by, "
                "read_at) VALUES(:id, :account, :day, :key, :nature, :nature, '', 0.9, '回复判读 1', :at)",
                {
                    "id": row[0],
                    "account": self.accounts[official],
                    "day": beijing_day(at),
                    "key": str(row[0]),
                    "nature": nature,
                    "at": at,
                },
            )
        return int(row[0])

    def ask(self, text: str, ago: float, kind: str = "求助", **rest: Any) -> int:
        return self.say(text, ago, kind=kind, **rest)

    def answer(self, below: int, ago: float, text: str = "您好，抢修已完成，今日18时恢复供水。", **rest: Any) -> int:
        official = str(rest.pop("official", "临江发布"))
        return self.say(text, ago, below=below, official=official, under=str(rest.pop("under", official)), **rest)

    def settle(self, comment_ids: Sequence[int], now: int | None = None) -> None:
        """Make the facts of these comments' threads, as the pass that reads does, and look at all threads once more."""
        moment = self.now if now is None else now
        self.db.execute("UPDATE posts SET thread_at = :now, whole_at = :now, cause = ''", {"now": moment})
        derive_for(self.db, comment_ids, moment)

    def ask_many(self, size: int, start: int = 0) -> list[int]:
        """Citizens' questions over the last three days, of all kinds and under all accounts, the oldest first."""
        made = []
        for place in range(start, start + size):
            kind, text = ASKED[place % len(ASKED)]
            under = ACCOUNTS[place % len(ACCOUNTS)][0]
            ago = 72 * (size - (place - start)) / (size + 1) if not start else 0.01
            words = f"{text}(第{place + 1}件)"
            made.append(self.ask(words, ago, kind, under=under, author=f"a{place}", name=NAMES[place % len(NAMES)]))
        return made


def furnish(db: sqlite3.Connection, now: int, password: str = "", *, is_ruled: bool = True) -> Room:
    """Units, accounts with a post each, people (where a password is given), and a rule of time limits; inside `writing()`."""
    room, then = Room(db, now), now - 90 * 86400
    for number, (name, parent, level) in enumerate(UNITS):
        above = room.units[parent] if parent else None
        room.units[name] = organizations.add(db, code=f"{number}", name=name, parent_id=above, level=level, seen_at=then)
    for number, (name, unit) in enumerate(ACCOUNTS):
        room.accounts[name] = accounts.add(
            db,
            platform=Platform.WEIBO,
            ext_id=f"88{number}",
            name=name,
            organization_id=room.units[unit],
            route=Route.WEIBO_COMMERCIAL,
            seen_at=then,
        )
    organizations.rebuild_tree(db)
    for number, (name, account) in enumerate(room.accounts.items()):
        room.posts[name] = db.execute(
            "INSERT INTO posts(platform, ext_id, account_id, kind, published_at, seen_at, observed_at, title, text, url, cause, "
            "thread_at, whole_at) VALUES(1, :ext, :account, 'original', :at, :at, :now, :title, :text, :url, '', :now, :now) "
            "RETURNING id",
            {
                "ext": f"p{number}",
                "account": account,
                "at": now - 80 * 3600,
                "now": now,
                "title": f"{name}：城市运行服务提示",
                "text": "【服务提示】近期管网检修，部分片区短时停水，公交线路临时调整，请提前安排出行和用水。",
                "url": f"https://weibo.com/88{number}/p{number}",
            },
        ).fetchone()[0]
    if is_ruled:
        moment = from_seconds(then)
        rules.adopt(db, room.scope, room.units["临江市"], RULE, moment, "测试", moment)
    if password:
        for login, name, role, unit in PEOPLE:
            people.add(
                db,
                login=login,
                name=name,
                role=role,
                password=password,
                by="测试",
                now=from_seconds(now),
                must_change=False,
                scope=(room.units[unit],),
            )
    return room


def open_room(db: sqlite3.Connection, now: int, size: int = 0, password: str = "", *, is_ruled: bool = True) -> Room:
    """A furnished city in which so many citizens wait."""
    with writing(db):
        room = furnish(db, now, password, is_ruled=is_ruled)
        made = room.ask_many(size)
        room.settle(made)
    return room
