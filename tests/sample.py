"""A small make-believe city for tests of pages: every verdict occurs, and citizens write what must be masked."""

import sqlite3
from datetime import datetime, timedelta

from matrix.account import Filing, Nature, Platform, Route, Status
from matrix.comment import Comment, Coverage
from matrix.people import Role
from matrix.post import Post, PostKind, Reach
from matrix.run import Batch, Budget, CollectError, ErrorKind, Outcome
from storage import accounts, batches, budgets, heartbeats, organizations, outages, people, runs
from storage.batches import Saved
from storage.database import writing
from storage.keyring import Keyring
from storage.runs import Ending
from storage.understanding import understand
from worker import READERS

RING = Keyring(("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",), ("pepper",))
PASSWORD = "Linjiang-2026"
PHONE = "13812345678"
CITIZEN = "王小明爱钓鱼"

UNITS = (
    ("临江市", None, "市级"),
    ("临江市水务局", "临江市", "部门"),
    ("青山县", "临江市", "县级"),
    ("青山县卫生健康局", "青山县", "部门"),
    ("青山县城关镇", "青山县", "乡镇街道"),
)
# name, unit, platform, route, days since the last post (None: nothing seen)
ACCOUNTS = (
    ("临江发布", "临江市", Platform.WEIBO, Route.WEIBO_COMMERCIAL, 0.05),
    ("临江发布", "临江市", Platform.WECHAT, Route.WECHAT, 0.2),
    ("临江水务", "临江市水务局", Platform.WEIBO, Route.WEIBO_FREE, 12.6),
    ("临江市水务局", "临江市水务局", Platform.WECHAT, Route.FEED, 2.0),
    ("青山发布", "青山县", Platform.WEIBO, Route.WEIBO_COMMERCIAL, 0.4),
    ("青山县人民政府", "青山县", Platform.WECHAT, Route.WECHAT, 1.1),
    ("健康青山", "青山县卫生健康局", Platform.WEIBO, Route.WEIBO_COMMERCIAL, 20.0),
    ("城关镇之声", "青山县城关镇", Platform.WECHAT, Route.FEED, None),
    ("城关镇微讯", "青山县城关镇", Platform.WEIBO, Route.WEIBO_FREE, None),
    ("青山政务抖音", "青山县", Platform.DOUYIN, Route.NONE, None),
)
BLIND = "青山县人民政府"
NEVER = "城关镇微讯"


def fill(db: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Fill an empty database as a worker would have; answers with ids of units and, as `platform:name`, of accounts."""
    then = int((now - timedelta(days=60)).timestamp())
    ids: dict[str, int] = {}
    with writing(db):
        for number, (name, parent, level) in enumerate(UNITS):
            above = ids[parent] if parent else None
            ids[name] = organizations.add(db, code=f"{number}", name=name, parent_id=above, level=level, seen_at=then)
        for number, (name, unit, platform, route, _) in enumerate(ACCOUNTS):
            ids[f"{platform.value}:{name}"] = accounts.add(
                db,
                platform=platform,
                ext_id=f"90{number}",
                name=name,
                organization_id=ids[unit],
                route=route,
                nature=Nature.INSTITUTION,
                filing=Filing.FILED,
                status=Status.ACTIVE,
                person="李建国",
                phone="13900001111",
                seen_at=then,
            )
        organizations.rebuild_tree(db)
    for name, _, platform, route, days in ACCOUNTS:
        if route is not Route.NONE and name != NEVER:
            collect(db, ids[f"{platform.value}:{name}"], platform, route, name, days, now)
    lose_sight(db, ids[f"{Platform.WECHAT.value}:{BLIND}"], now)
    talk(db, ids, now)
    budgets.charge(db, [Budget("ip", "weibo_commercial", "hour", 50_000)], now)
    heartbeats.beat(db, now, "采集", is_start=True)
    return ids


def collect(
    db: sqlite3.Connection, account: int, platform: Platform, route: Route, name: str, days: float | None, now: datetime
) -> None:
    """One complete look at an account, with what it brought."""
    posts, comments, coverages = [], [], []
    for number in range(3 if days is not None else 0):
        at = now - timedelta(days=(days or 0) + number * 1.5)
        ext = f"{account}_{number}"
        reach = Reach(now, reads=1200 + number, likes=35, shares=4, comments=3)
        text = "【停水通知】因管网检修,3月5日8时至18时城东片区停水,请提前储水。" if number == 0 else "我市召开防汛工作会议。"
        kind = PostKind.ARTICLE if platform is Platform.WECHAT else PostKind.ORIGINAL
        posts.append(Post(ext, at, text, title=f"{name}通报{number}", url="https://weibo.com/1/a", kind=kind, reach=reach))
        if number == 0 and platform is Platform.WEIBO:
            asked = Comment(f"{ext}c", ext, at, f"家里停水两天了,电话{PHONE},[点我](http://x.cn) :red[急]", "u1", CITIZEN)
            mine = db.execute("SELECT ext_id FROM accounts WHERE id = :id", {"id": account}).fetchone()[0]
            answer = Comment(
                f"{ext}r", ext, at, "您好,已转供水公司处理。", mine, name, author_is_official=True, parent_ext=f"{ext}c"
            )
            comments += [asked, answer]
            coverages.append(Coverage(ext, 3, "filtered"))
    batch = Batch(now, posts=tuple(posts), comments=tuple(comments), coverages=tuple(coverages))
    with writing(db):
        run = runs.start(db, account, route, now)
    saved = batches.save(db, account, int(platform), batch, RING, now)
    with writing(db):
        runs.finish(db, run, now, Ending(Outcome.OK, saved, 2))
        accounts.record_look(
            db, account, now, now + timedelta(minutes=30), 1800, saw_posts=(now - timedelta(days=30 if posts else 1), now)
        )


# account, post, hours since it was asked, words, hours until the reply (None: none), the reply
TALKS = (
    ("临江发布", 1, 30.0, "请问城东片区什么时候恢复供水？", 0.4, "城东片区预计今晚8时前恢复供水，北门设有送水车。"),
    ("临江发布", 1, 29.0, "停水通知能不能提前一天发？每次都措手不及", 5.0, "您好，您的建议已收悉，感谢关注。"),
    ("临江发布", 1, 28.0, "路灯坏了半个月没人修，晚上根本看不见，谁来管管？", None, ""),
    (
        "临江发布",
        2,
        60.0,
        "举报临江路工地夜里两点还在施工，请尽快查处",
        26.0,
        "已派执法人员到场，责令该工地停止夜间施工并立案调查。",
    ),
    ("临江发布", 2, 59.0, "今天天气真好", None, ""),
    ("青山发布", 1, 40.0, "城关镇的公交为什么停运了？老人看病怎么办", None, ""),
    (
        "青山发布",
        1,
        39.0,
        "垃圾堆了三天没人清运，臭得开不了窗，求处理",
        3.0,
        "已安排环卫站今天下午清运完毕，今后每日两次，电话联系环卫所。",
    ),
    ("青山发布", 2, 70.0, "社保卡怎么补办？需要带什么材料", None, ""),
)


def talk(db: sqlite3.Connection, ids: dict[str, int], now: datetime) -> None:
    """What citizens ask below older posts and what the accounts answer, read as the worker would have read it."""
    for name in ("临江发布", "青山发布"):
        account = ids[f"{Platform.WEIBO.value}:{name}"]
        mine = db.execute("SELECT ext_id FROM accounts WHERE id = :id", {"id": account}).fetchone()[0]
        said = []
        for number, (owner, place, hours, words, wait, reply) in enumerate(TALKS):
            if owner != name:
                continue
            post, ext, at = f"{account}_{place}", f"{account}t{number}", now - timedelta(hours=hours)
            said.append(Comment(ext, post, at, words, f"u9{number}", f"市民{number}", region="临江"))
            if wait is not None:
                moment = at + timedelta(hours=wait)
                said.append(Comment(f"{ext}r", post, moment, reply, mine, name, True, ext, ext))
        looked = tuple(Coverage(f"{account}_{place}", None) for place in (1, 2))
        batches.save(db, account, int(Platform.WEIBO), Batch(now, comments=tuple(said), coverages=looked), RING, now)
    while understand(db, READERS, now):
        pass


def lose_sight(db: sqlite3.Connection, account: int, now: datetime) -> None:
    """The account's credential has expired two hours ago."""
    error = CollectError(ErrorKind.CREDENTIALS, "微信凭据失效(40001)", cause=f"account:{account}:credentials", code="40001")
    with writing(db):
        run = runs.start(db, account, Route.WECHAT, now)
        runs.finish(db, run, now, Ending(Outcome.FAILED, Saved(), 1, error.kind, error.cause, error.code, error.sentence))
        outages.open_for(db, account, error, now - timedelta(hours=2), now)
        accounts.record_look(db, account, now, now + timedelta(hours=1), 1800, error.sentence, str(error.kind))
        batches.bump_version(db)


def add_people(db: sqlite3.Connection, now: datetime, ids: dict[str, int]) -> None:
    """One person of each role; on a filled database the lead sees the city, the watch only the county."""
    city, county = ids.get("临江市"), ids.get("青山县")
    with writing(db):
        for login, role, root in (
            ("xitong", Role.SYSTEM, None),
            ("anquan", Role.SECURITY, None),
            ("shenji", Role.AUDIT, None),
            ("zhuguan", Role.LEAD, city),
            ("zhiban", Role.WATCH, county),
            ("fenxi", Role.ANALYST, city),
            ("zhidu", Role.READER, None),
        ):
            scope = (root,) if root else ()
            people.add(
                db,
                login=login,
                name=f"{role}小李",
                role=role,
                password=PASSWORD,
                by="测试",
                now=now,
                must_change=False,
                scope=scope,
            )
