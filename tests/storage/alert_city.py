"""Alerts in the sample city, written row by row as the worker would leave them: red and live, orange, falling, and past ones."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from matrix.account import Platform
from matrix.alert import Thresholds
from matrix.comment import Comment
from matrix.run import Batch
from storage import alert_thresholds, batches, campaigns
from storage.batches import bump_version
from storage.database import writing
from tests.sample import RING

BUCKET = 300
WORDS = (
    "停水第三天了，什么时候恢复？",
    "小区水压一直上不来，电话打不通",
    "城东又停水，通知呢？",
    "孩子要上学，家里没水怎么办",
    "送水车在哪里，老人提不动",
)
GRIM = "水是黄的，能喝吗？请给个说法"


def insert(db: sqlite3.Connection, table: str, **row: Any) -> int:
    marks = ", ".join(f":{name}" for name in row)
    return int(db.execute(f"INSERT INTO {table}({', '.join(row)}) VALUES({marks}) RETURNING rowid", row).fetchone()[0])


def add_series(db: sqlite3.Connection, kind: str, name: str, unit: int, born: int, **rest: Any) -> int:
    key = f"{kind}:{name}:{unit}"
    return insert(db, "series", kind=kind, key=key, name=name, organization_id=unit, born_at=born, **rest)


def add_alert(db: sqlite3.Connection, series: int, unit: int, title: str, raised: int, now: int, **rest: Any) -> int:
    """One alert with its first member and its first move; `rest` changes the columns of `alerts`."""
    row: dict[str, Any] = {
        "key": f"a{series}-{raised // BUCKET}",
        "series_id": series,
        "organization_id": unit,
        "title": title,
        "sentence": f"5分钟48条，平时同一时段约3条(通常不超过8条)，约为平时的16倍：{title}",
        "level": 1,
        "state": "发生",
        "score": 8.5,
        "peak": 9.0,
        "raised_at": raised,
        "last_high_at": min(now, raised + 1800),
        "closed_at": None,
        "seen_at": raised + 20,
    }
    number = insert(db, "alerts", **(row | rest))
    join(db, number, series, raised, excess=45, sentence=row["sentence"])
    add_move(db, number, "发生", row["level"], raised, series, row["sentence"])
    return number


def join(db: sqlite3.Connection, alert: int, series: int, at: int, excess: float, sentence: str, **rest: Any) -> None:
    row: dict[str, Any] = {
        "minutes": 30,
        "b5": at // BUCKET - 1,
        "seen": round(excess) + 3,
        "citizens": round(excess),
        "expected": 3.0,
        "usual": 3.0,
        "usual_most": 8,
        "ratio": 16.0,
        "highest_days": 30,
        "minutes_since_post": 20,
        "score": 12.0,
        "novelty": 1.5,
        "negative": 12,
        "feelings": 20,
        "dispersion": 0.15,
        "factor": 1.0,
    }
    insert(
        db, "alert_members", alert_id=alert, series_id=series, joined_at=at, most_excess=excess, sentence=sentence, **(row | rest)
    )


def add_move(
    db: sqlite3.Connection, alert: int, move: str, level: int, at: int, series: int | None = None, sentence: str = ""
) -> None:
    row = {"move": move, "level": level, "score": 9.0, "series_id": series, "at": at, "seen_at": at + 20, "sentence": sentence}
    insert(db, "alert_moves", alert_id=alert, **row)


def add_counts(db: sqlite3.Connection, alert: int, series: int, since: int, until: int, peak: int, gap: range = range(0)) -> None:
    """A calm course that rises to `peak` at the end, with buckets in which nothing was collected."""
    first, last = since // BUCKET, until // BUCKET
    for place, b5 in enumerate(range(first, last)):
        left = last - b5
        seen = 2 + place % 3 if left > 9 else round(peak * (10 - left) / 9)
        value = None if place in gap else float(seen)
        insert(db, "alert_counts", alert_id=alert, series_id=series, b5=b5, seen=value, expected=3.0 + place % 2, most=8.0)


def say(db: sqlite3.Connection, account: int, since: datetime, until: datetime, number: int, ext: str) -> None:
    """So many citizens' comments below the account's newest post, evenly between two moments; every fourth writes twice."""
    step = (until - since) / number
    said = tuple(
        Comment(
            f"{ext}{place}",
            f"{account}_0",
            since + step * place,
            GRIM if place % 5 == 0 else WORDS[place % len(WORDS)],
            f"{ext}u{place - (place % 4 == 3)}",
            f"网友{place - (place % 4 == 3)}",
        )
        for place in range(number)
    )
    batches.save(db, account, int(Platform.WEIBO), Batch(until, comments=said), RING, until)


def fill(db: sqlite3.Connection, now: datetime, ids: Mapping[str, int]) -> dict[str, int]:
    """Open and past alerts in the city of `tests.sample`; gives the ids of the alerts and series by short names."""
    at = int(now.timestamp()) // BUCKET * BUCKET
    weibo = {name: ids[f"{Platform.WEIBO.value}:{name}"] for name in ("青山发布", "临江发布", "临江水务")}
    say(db, weibo["青山发布"], now - timedelta(minutes=48), now - timedelta(minutes=26), 48, "sv")
    say(db, weibo["临江发布"], now - timedelta(minutes=90), now - timedelta(minutes=60), 30, "sw")
    born = at - 40 * 86400
    with writing(db):
        made = {
            "county_account": add_series(db, "账号", "青山发布(微博)", ids["青山县"], born, account_id=weibo["青山发布"]),
            "county": add_series(db, "单位", "青山县(含下级)", ids["青山县"], born),
            "city_account": add_series(db, "账号", "临江发布(微博)", ids["临江市"], born, account_id=weibo["临江发布"]),
            "city_weibo": add_series(db, "平台", "微博", ids["临江市"], born, platform=int(Platform.WEIBO)),
            "leads": add_series(db, "线索", "青山县的线索", ids["青山县"], born),
            "water": add_series(db, "账号", "临江水务(微博)", ids["临江市水务局"], at - 3600, account_id=weibo["临江水务"]),
        }
        insert(db, "surge_steps", b5=at // BUCKET - 1, at=int(now.timestamp()) - 40, comments_upto=0)
        made |= open_ones(db, at, ids, made)
        past_ones(db, at, ids, made)
        insert(db, "surge_steps", b5=at // BUCKET - 20 * 288, at=at - 20 * 86400, comments_upto=0)
        for place in range(40):
            insert(
                db, "surge_scores", b5=at // BUCKET - 90 * place - 1, series_id=made["county"], score=2 + place / 4, excess=9.0
            )
        insert(db, "surge_steps", b5=at // BUCKET - 1, at=int(now.timestamp()) - 40, comments_upto=0)
        campaigns.report(db, (ids["临江市"],), ids["青山县"], "青山县马拉松", at + 3600, at + 90000, "体育局来函", "zhuguan", at)
        alert_thresholds.set_thresholds(db, (ids["临江市"],), Thresholds(heavy=3), "少升级", "zhuguan", at - 86400)
        bump_version(db)
    return made


def open_ones(db: sqlite3.Connection, at: int, ids: Mapping[str, int], made: Mapping[str, int]) -> dict[str, int]:
    raised = at - 1200
    red = add_alert(
        db, made["county_account"], ids["青山县"], "青山发布(微博)评论激增", raised, at,
        level=3, peak=22.4, topics="停水\n水质", last_high_at=at,
        sentence="30分钟48条，平时同一时段约3条(通常不超过8条)，约为平时的16倍；近30天最高；发布《青山发布通报0》后20分钟",
    )  # fmt: skip
    add_move(db, red, "升级", 3, raised + 600, made["county_account"], "得分由9升至22，负面占六成")
    join(db, red, made["county"], raised + 300, 40, "30分钟44条，平时约4条(通常不超过9条)，约为平时的11倍")
    join(db, red, made["city_weibo"], raised + 600, 21, "30分钟60条，平时约39条(通常不超过52条)")
    add_move(db, red, "并入", 3, raised + 300, made["county"], "青山县(含下级)并入")
    add_move(db, red, "并入", 3, raised + 600, made["city_weibo"], "微博并入")
    for series, peak in (("county_account", 14), ("county", 16), ("city_weibo", 20)):
        add_counts(db, red, made[series], raised - 6 * 3600, at, peak, range(30, 42))
    city = add_alert(
        db, made["city_account"], ids["临江市"], "临江发布(微博)评论激增", at - 5400, at, level=2, last_high_at=at - 3600
    )
    join(db, city, made["county"], at - 5000, 12, "30分钟15条，平时约3条(通常不超过8条)，约为平时的5倍")
    join(db, city, made["leads"], at - 4800, 5, "30分钟2条，平时没有", minutes=60)
    for place in range(2):
        told = {"platform": "论坛", "identity": f"lead{place}", "author_key": f"lead{place}", "author_name": "楼主"}
        told |= {"text": f"听说青山县停水了{place}", "link": "https://bbs.example/1", "by_login": "zhiban", "by_name": "值班小李"}
        insert(db, "leads", organization_id=ids["青山县"], published_at=at - 5000 - place, seen_at=at - 4900, **told)
    add_counts(db, city, made["city_account"], at - 6 * 3600, at - 3600, 12)
    fading = add_alert(
        db,
        made["water"],
        ids["临江市水务局"],
        "临江水务(微博)评论增多",
        at - 4 * 3600,
        at,
        state="回落",
        last_high_at=at - 2 * 3600,
    )
    add_move(db, fading, "回落", 1, at - 3600)
    step = {"by_login": "zhuguan", "by_name": "主管小李", "at": at - 3 * 3600, "unit_id": ids["临江市水务局"]}
    insert(db, "alert_steps", alert_id=fading, act="指派", note="请核实水压", **step)
    return {"red": red, "city": city, "fading": fading}


def past_ones(db: sqlite3.Connection, at: int, ids: Mapping[str, int], made: Mapping[str, int]) -> None:
    """Fourteen alerts of an account that have ended: nine confirmed, two dismissed, one campaign, two that nobody judged."""
    acts = ["确认"] * 9 + ["排除"] * 2 + ["已报备活动"] + [""] * 2
    for place, act in enumerate(acts, 1):
        raised = at - place * 86400
        number = add_alert(
            db, made["county_account"], ids["青山县"], f"青山发布(微博)第{place}次评论增多", raised, at,
            state="结束", closed_at=raised + 6 * 3600, level=1 + place % 2,
        )  # fmt: skip
        add_move(db, number, "结束", 1, raised + 6 * 3600)
        if act:
            step = {
                "by_login": "zhiban",
                "by_name": "值班小李",
                "at": raised + 900,
                "note": "与业务无关" if act == "排除" else "",
            }
            insert(db, "alert_steps", alert_id=number, act=act, **step)
