"""A county whose accounts stand in every way an inspection may find, and the verbs by which facts about them come in later."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matrix.account import Nature, Platform, Route, Status
from matrix.inspection import BEIJING
from matrix.inspection_rule import UpdateRule
from matrix.post import Gone, GoneKind, Post, PostKind
from matrix.run import Batch, CollectError, ErrorKind, Outcome
from storage import accounts, batches, imports, listing, organizations, outages, runs
from storage.batches import Saved
from storage.database import create_database, writing
from storage.keyring import Keyring
from storage.moments import to_seconds
from storage.runs import Ending

RING = Keyring(("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",), ("pepper",))
END = datetime(2026, 4, 1, tzinfo=BEIJING)
"""24:00 of 31 March 2026, the moment of the inspections here."""
CUT_OFF = END + timedelta(days=3, hours=9)
OWN = UpdateRule("own", "现行期限", 14, source="文件")
TEN = UpdateRule("ten", "现行期限", 10, source="文件")
ORIGINALS = UpdateRule("originals", "只算原创", 14, reposts_count=False, source="文件")

# name, unit, route, days from the last post to 31 March 24:00 (None: no post), status, exemption, nature
ACCOUNTS = (
    ("青山发布", "青山县", Route.WEIBO_COMMERCIAL, 0.5, Status.ACTIVE, "", Nature.INSTITUTION),
    ("健康青山", "青山县卫生健康局", Route.WEIBO_COMMERCIAL, 20.3, Status.ACTIVE, "", Nature.INSTITUTION),
    ("青山交通", "青山县", Route.WEIBO_FREE, 12.4, Status.ACTIVE, "", Nature.INSTITUTION),
    ("青山政务", "青山县", Route.WECHAT, 11.0, Status.ACTIVE, "", Nature.INSTITUTION),
    ("城关微讯", "城关镇", Route.FEED, 11.5, Status.ACTIVE, "", Nature.INSTITUTION),
    ("青山教育", "青山县", Route.WEIBO_COMMERCIAL, 30.0, Status.SUSPENDED, "", Nature.INSTITUTION),
    ("青山文旅", "青山县", Route.WEIBO_COMMERCIAL, 30.0, Status.ACTIVE, "机构改革中", Nature.INSTITUTION),
    ("李县长", "青山县", Route.WEIBO_COMMERCIAL, 30.0, Status.ACTIVE, "", Nature.OFFICIAL_PERSON),
    ("青山抖音", "青山县", Route.NONE, None, Status.ACTIVE, "", Nature.INSTITUTION),
    ("青山档案", "青山县", Route.FILES, 18.0, Status.ACTIVE, "", Nature.INSTITUTION),
    ("新开微博", "城关镇", Route.WEIBO_COMMERCIAL, None, Status.ACTIVE, "", Nature.INSTITUTION),
)


@dataclass
class City:
    """The database with its numbers by name."""

    db: sqlite3.Connection
    units: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)

    @property
    def scope(self) -> tuple[int, ...]:
        return (self.units["青山县"],)

    def copy(self) -> "City":
        """The same in a database of its own."""
        db = create_database(":memory:")
        self.db.backup(db)
        return City(db, self.units, self.accounts)

    def platform(self, name: str) -> int:
        return self.db.execute("SELECT platform FROM accounts WHERE id = :id", {"id": self.accounts[name]}).fetchone()[0]

    def save(self, name: str, batch: Batch, seen_at: datetime) -> None:
        batches.save(self.db, self.accounts[name], self.platform(name), batch, RING, seen_at)

    def post(self, name: str, at: datetime, seen_at: datetime, text: str = "召开会议", **others: object) -> str:
        """One post; gives its platform id."""
        ext_id = str(others.pop("ext_id", f"{self.accounts[name]}-{int(at.timestamp())}"))
        observed_at = others.pop("observed_at", seen_at)
        assert isinstance(observed_at, datetime)
        values = {"title": "", "url": "https://weibo.com/1/a", "kind": PostKind.ORIGINAL} | others
        self.save(name, Batch(observed_at, posts=(Post(ext_id, at, text, **values),)), seen_at)  # ty: ignore[invalid-argument-type]
        return ext_id

    def withdraw(self, name: str, ext_id: str, at: datetime, seen_at: datetime, kind: GoneKind = GoneKind.DELETED) -> None:
        self.save(name, Batch(seen_at, gones=(Gone(ext_id, kind, at),)), seen_at)

    def look(self, name: str, at: datetime, back: timedelta = timedelta(days=30)) -> None:
        """A complete look that went back so far."""
        account = self.accounts[name]
        with writing(self.db):
            run = runs.start(self.db, account, "look", at)
            runs.finish(self.db, run, at, Ending(Outcome.OK, Saved(), 1))
            outages.close_for(self.db, account, at)
            accounts.record_look(self.db, account, at, at, 1800, saw_posts=(at - back, at), run_id=run)

    def fail(self, name: str, at: datetime, since: datetime) -> None:
        """A look in vain that leaves the account blind since then."""
        account = self.accounts[name]
        error = CollectError(ErrorKind.CREDENTIALS, f"凭据失效({at:%d})", cause=f"account:{account}:credentials")
        with writing(self.db):
            run = runs.start(self.db, account, "look", at)
            outcome = Ending(Outcome.FAILED, Saved(), 1, error.kind, error.cause, "", error.sentence)
            runs.finish(self.db, run, at, outcome)
            outages.open_for(self.db, account, error, since, at)
            accounts.record_look(self.db, account, at, at, 1800, error.sentence, str(error.kind), run_id=run)

    def file(self, name: str, since: datetime, until: datetime, seen_at: datetime) -> None:
        """An imported file that shows the account from then until then."""
        account = self.accounts[name]
        with writing(self.db):
            run = runs.start(self.db, account, "files", seen_at)
            runs.finish(self.db, run, seen_at, Ending(Outcome.OK, Saved(), 0))
            imports.record_look(self.db, account, until)
            runs.note_sight(self.db, account, run, (to_seconds(since), to_seconds(until)))

    def edit(self, account: str, at: datetime, **wanted: object) -> None:
        with writing(self.db):
            listing.edit(self.db, (self.units["临江市"],), self.accounts[account], dict(wanted), "li", at)

    def ago(self, days: float) -> datetime:
        return END - timedelta(days=days)


def build() -> City:
    """Everything known by the cut-off: the last posts, regular looks over the end of March, one account blind on the day."""
    city = City(create_database(":memory:"))
    then = to_seconds(END) - 90 * 86400
    with writing(city.db):
        for number, (name, parent) in enumerate(
            (("临江市", ""), ("青山县", "临江市"), ("青山县卫生健康局", "青山县"), ("城关镇", "青山县"), ("白水县", "临江市"))
        ):
            level = ("市级", "县级", "部门", "乡镇街道", "县级")[number]
            above = city.units.get(parent)
            unit = organizations.add(city.db, code=str(number), name=name, parent_id=above, level=level, seen_at=then)
            city.units[name] = unit
        for number, (name, unit, route, _, status, exemption, nature) in enumerate(ACCOUNTS):
            platform = {Route.WECHAT: Platform.WECHAT, Route.FEED: Platform.WECHAT, Route.NONE: Platform.DOUYIN}
            city.accounts[name] = accounts.add(
                city.db,
                platform=platform.get(route, Platform.WEIBO),
                ext_id=f"80{number}",
                name=name,
                organization_id=city.units[unit],
                route=route,
                status=status,
                exemption=exemption,
                nature=nature,
                seen_at=to_seconds(END + timedelta(days=2)) if name == "新开微博" else then,
            )
        organizations.rebuild_tree(city.db)
    for name, _, route, days, *_ in ACCOUNTS:
        if days is not None:
            for older in (0.0, 3.0):
                at = city.ago(days + older)
                if route == Route.WECHAT:  # its list knows days only
                    at = at.astimezone(BEIJING).replace(hour=0, minute=0)
                city.post(name, at, at + timedelta(hours=1), f"{name}：通知{older:.0f}")
        if route in (Route.NONE, Route.FILES):
            continue
        back = timedelta(0) if route == Route.FEED else timedelta(days=30)
        first = CUT_OFF - timedelta(hours=1) if name == "新开微博" else END - timedelta(days=40)
        while first < CUT_OFF:
            if name == "青山交通" and END - timedelta(days=2) < first < END + timedelta(days=1):
                city.fail(name, first, END - timedelta(days=2))
            else:
                city.look(name, first, back)
            first += timedelta(hours=9)
    city.file("青山档案", city.ago(21), END + timedelta(days=1), END + timedelta(days=1, hours=2))
    return city
