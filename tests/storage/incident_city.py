"""A bridge gives way in the county of the sample city: posts, a lead, official words, figures, tasks, a report."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from matrix.account import Platform
from matrix.comment import Comment
from matrix.flash_report import FlashKind
from matrix.incident import EventLevel, Field, IncidentKind, WordKind
from matrix.post import Post, PostKind
from matrix.run import Batch
from storage import batches, incident_acts, incident_figures, incident_flashes, incident_words, incidents, leads
from storage.database import writing
from storage.incident_pass import attend
from storage.leads import Lead
from storage.moments import to_seconds
from storage.understanding import understand
from tests.sample import CITIZEN, PHONE, RING
from worker import READERS

TITLE = "滨河路桥面塌陷"
BULLETIN = "今天上午，滨河路桥面发生塌陷，造成3人死亡、12人受伤。现场已封闭，救援正在进行，原因正在调查，请市民不信谣、不传谣。"
WHO = ("zhuguan", "赵主管")


def account(ids: Mapping[str, int], name: str, platform: Platform = Platform.WEIBO) -> int:
    return ids[f"{platform.value}:{name}"]


def publish(
    db: sqlite3.Connection, ids: Mapping[str, int], name: str, ext: str, at: datetime, text: str, repost_of: str | None = None
) -> int:
    """One post of a Weibo account, seen at once; gives its id."""
    kind = PostKind.REPOST if repost_of else PostKind.ORIGINAL
    post = Post(ext, at, text, url=f"https://weibo.com/1/{ext}", kind=kind, repost_of=repost_of)
    batches.save(db, account(ids, name), int(Platform.WEIBO), Batch(at, posts=(post,)), RING, at)
    return int(db.execute("SELECT id FROM posts WHERE ext_id = :ext", {"ext": ext}).fetchone()[0])


def a_lead(at: datetime, text: str = "滨河路的桥塌了，车掉下去了", ext: str = "1") -> Lead:
    words = f"{text}，电话{PHONE}"
    return Lead("抖音", words, to_seconds(at), f"https://douyin.example/v/{ext}?share_from=a", author_name=CITIZEN)


def fill(db: sqlite3.Connection, now: datetime, ids: Mapping[str, int], *, are_others_loud: bool = True) -> dict[str, int]:
    """The incident four hours after the bridge gave way; gives ids by short names. `are_others_loud`: two more accounts post."""
    began, scope = now - timedelta(hours=4), (ids["临江市"],)
    made = {"bulletin": publish(db, ids, "青山发布", "qs_bridge", began + timedelta(hours=1), BULLETIN)}
    if are_others_loud:
        publish(db, ids, "健康青山", "jk_bridge", began + timedelta(hours=2), "转发微博", repost_of="qs_bridge")
        publish(db, ids, "临江水务", "sw_bridge", began + timedelta(hours=2), BULLETIN.replace("3人死亡", "5人死亡"))
    said = tuple(
        Comment(f"br{place}", "qs_bridge", began + timedelta(minutes=70 + place), words, f"bu{place}", f"网友{place}")
        for place, words in enumerate(
            ("太吓人了，桥怎么会塌", "希望尽快救人", f"请公布名单，家属电话{PHONE}", "滨河路桥面塌陷是谁的责任")
        )
    )
    batches.save(db, account(ids, "青山发布"), int(Platform.WEIBO), Batch(now, comments=said), RING, now)
    while understand(db, READERS, now):
        pass
    with writing(db):
        made["lead"], _ = leads.enter(db, scope, ids["青山县"], a_lead(began + timedelta(minutes=4)), RING, *WHO, now)
        made["city_lead"], _ = leads.enter(db, scope, ids["临江市"], a_lead(now, "临江发布楼下积水", "2"), RING, *WHO, now)
        made["county"] = incidents.open_incident(
            db, scope, TITLE, *WHO, now, ids["青山县"], lead_id=made["lead"], occurred_at=to_seconds(began)
        )
        made["city"] = incidents.open_incident(db, scope, "临江发布楼下积水引发关注", *WHO, now, ids["临江市"])
        levels: dict[str, str] = {Field.KIND: IncidentKind.EMERGENCY, Field.EVENT_LEVEL: EventLevel.GRAVE}
        incidents.set_fields(db, scope, made["county"], levels, "核实", *WHO, now)
        incidents.set_fields(db, scope, made["city"], {Field.KIND: IncidentKind.OTHER}, "", *WHO, now)
        said_at = to_seconds(began + timedelta(hours=1))
        made["word"] = incident_words.enter_word(
            db, scope, made["county"], WordKind.INFORMATION, "青山发布", "滨河路桥面塌陷情况通报", "", said_at, *WHO, now,
            post_id=made["bulletin"], is_bulletin=True,
        )  # fmt: skip
        for value, source in ((3, "青山发布"), (5, "县应急管理局")):
            incident_figures.enter_figure(db, scope, made["county"], "死亡", value, "人", source, said_at, *WHO, now)
        made["task"] = incident_acts.task(
            db, scope, made["county"], "核实伤亡人数", ids["青山县卫生健康局"], to_seconds(now) + 7200, *WHO, now
        )
        incident_acts.note(db, scope, made["county"], "已与县应急局通话", *WHO, now)
        drafted = incident_flashes.draft(db, scope, made["county"], to_seconds(now))
        assert drafted is not None
        kind, number, text = drafted
        assert kind is FlashKind.FIRST
        incident_flashes.issue(db, scope, made["county"], kind, number, text, to_seconds(now), *WHO, now)
        made["closed"] = incidents.open_incident(db, scope, "青山县夜市停电", *WHO, now, ids["青山县"])
        incident_acts.close(db, scope, made["closed"], "已恢复供电", *WHO, now)
    attend(db, READERS, now)
    return made
