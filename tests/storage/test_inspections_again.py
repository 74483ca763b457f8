"""Whatever comes in later, in whatever order and under whatever time, a kept inspection asked again gives the same bytes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrix.account import Nature, Platform, Route, Status
from matrix.inspection import BEIJING
from matrix.ledger import Ledger, LedgerUnit
from matrix.post import GoneKind, PostKind
from storage import inspection_again, inspections, ledger_apply, limits
from storage.database import writing
from tests.storage.inspected_city import ACCOUNTS, CUT_OFF, END, ORIGINALS, OWN, RING, City, build

NAMES = [name for name, *_ in ACCOUNTS]
COUNTY = LedgerUnit(1, "1", "青山县", "0")


@pytest.fixture(scope="module")
def built() -> City:
    """Two posts were edited and one withdrawn before anybody inspected."""
    city = build()
    city.post("健康青山", city.ago(20.3), CUT_OFF - timedelta(hours=2), "健康青山：更正", ext_id=last_of(city, "健康青山"))
    city.post("青山发布", city.ago(0.5), CUT_OFF - timedelta(hours=1), "青山发布：更正", ext_id=last_of(city, "青山发布"))
    gone = city.post("青山交通", city.ago(4), CUT_OFF - timedelta(hours=3), "撤下的通知")
    city.withdraw("青山交通", gone, city.ago(1), CUT_OFF - timedelta(hours=2))
    return city


def last_of(city: City, name: str) -> str:
    sql = "SELECT ext_id FROM posts WHERE account_id = :id ORDER BY published_at DESC, id DESC LIMIT 1"
    row = city.db.execute(sql, {"id": city.accounts[name]}).fetchone()
    return row[0] if row else "none"


def back_fill(city: City, name: str, seen: datetime, number: int) -> None:
    kind = PostKind.REPOST if number % 3 == 0 else PostKind.ORIGINAL
    city.post(name, city.ago(number / 3), seen, f"补采{number}", kind=kind, observed_at=city.ago(number - 20))


def edit_text(city: City, name: str, seen: datetime, number: int) -> None:
    row = city.db.execute(
        "SELECT ext_id, published_at FROM posts WHERE account_id = :id ORDER BY published_at DESC, id DESC LIMIT 1 OFFSET :n",
        {"id": city.accounts[name], "n": number % 2},
    ).fetchone()
    if row:
        at = datetime.fromtimestamp(row[1], BEIJING)
        text = ("", f"改{number}", "健康青山：通知0")[number % 3]
        city.post(name, at, seen, text, title=f"标题{number}", ext_id=row[0], observed_at=city.ago(number - 25))


def put_right_time(city: City, name: str, seen: datetime, number: int) -> None:
    row = city.db.execute(
        "SELECT ext_id, published_at FROM posts WHERE account_id = :id ORDER BY published_at DESC LIMIT 1",
        {"id": city.accounts[name]},
    ).fetchone()
    if row:
        midnight = datetime.fromtimestamp(row[1], BEIJING).replace(hour=0, minute=0, second=0)
        city.post(name, midnight + timedelta(hours=number % 24, minutes=7), seen, ext_id=row[0], title="有了钟点")


def withdraw(city: City, name: str, seen: datetime, number: int) -> None:
    kind = GoneKind.BACK if number % 4 == 0 else GoneKind.DELETED
    city.withdraw(name, last_of(city, name), city.ago(number - 10), seen, kind)


def change_ledger(city: City, name: str, seen: datetime, number: int) -> None:
    changes = (
        {"status": str(Status.CLOSED)},
        {"exemption": f"事由{number}"},
        {"route": str(Route.WEIBO_FREE if number % 2 else Route.FILES)},
        {"nature": str(Nature.OFFICIAL_PERSON)},
        {"organization_id": city.units["白水县" if number % 2 else "城关镇"]},
        {"name": f"新名{number}"},
    )
    city.edit(name, seen, **changes[number % len(changes)])


def change_tree(city: City, _name: str, seen: datetime, number: int) -> None:
    unit = LedgerUnit(2, "2", f"卫健委{number}", ("0", "4", "1")[number % 3], {"level": "县级"})
    ledger_apply.apply(city.db, Ledger(units=(COUNTY, unit)), "li", RING, seen)


def set_limit(city: City, _name: str, seen: datetime, number: int) -> None:
    with writing(city.db):
        limits.set_limit(city.db, str(number % 5), 5 + number, "通知", "li", seen)


def look(city: City, name: str, seen: datetime, number: int) -> None:
    city.look(name, seen, timedelta(days=number))


def lose_sight(city: City, name: str, seen: datetime, number: int) -> None:
    city.fail(name, seen, city.ago(number / 10))


def bring_file(city: City, name: str, seen: datetime, number: int) -> None:
    city.file(name, city.ago(number), city.ago(number - 20), seen)


def register(city: City, _name: str, seen: datetime, number: int) -> None:
    ext_id = f"99{number}-{city.db.total_changes}"
    ledger_apply.register(city.db, "1", Platform.WEIBO, ext_id, f"新账号{number}", "li", RING, seen)


LATER: tuple[Callable[[City, str, datetime, int], None], ...] = (
    back_fill,
    edit_text,
    put_right_time,
    withdraw,
    change_ledger,
    change_tree,
    set_limit,
    look,
    lose_sight,
    bring_file,
    register,
)
facts = st.lists(
    st.tuples(
        st.sampled_from(LATER), st.sampled_from(NAMES), st.sampled_from([-59, -1, 0, 1, 3600, 5_000_000]), st.integers(0, 30)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30)
@given(later=facts, at=st.sampled_from([END, None, END - timedelta(hours=13)]), rule=st.sampled_from([OWN, ORIGINALS]))
def test_whatever_comes_in_later_the_same_question_gives_the_same_bytes(built: City, later: list, at: datetime, rule) -> None:
    city = built.copy()
    with writing(city.db):
        number = inspections.keep(city.db, city.scope, rule=rule, at=at, root=0, author="li", now=CUT_OFF)
    for bring, name, seconds, number_of_fact in later:
        # An edit carries the minute of its page and a file the moment at which it began: both may lie before the cut-off.
        bring(city, name, CUT_OFF + timedelta(seconds=seconds), number_of_fact)
    everything = (city.units["临江市"],)
    found = inspection_again.compare(city.db, everything, number)
    assert found is not None
    assert found.is_equal
    city.db.close()


def test_each_kind_of_later_fact_does_change_what_would_be_said_now(built: City) -> None:
    """Else the test above would prove nothing: one fact of each kind moves the answer of today."""
    for bring, name, number in (
        (back_fill, "健康青山", 4),
        (edit_text, "健康青山", 16),
        (put_right_time, "青山政务", 9),
        (withdraw, "青山发布", 11),
        (change_ledger, "青山交通", 0),
        (change_tree, "健康青山", 2),
        (set_limit, "", 1),
        (lose_sight, "青山发布", 1),
        (register, "", 7),
    ):
        city = built.copy()
        now = CUT_OFF + timedelta(hours=30)
        before = inspections.judged(city.db, city.scope, rule=OWN, at=now, is_live=True)
        bring(city, name, CUT_OFF + timedelta(hours=1), number)
        after = inspections.judged(city.db, city.scope, rule=OWN, at=now, is_live=True)
        assert not before.equals(after), bring.__name__
        city.db.close()


def test_an_hour_that_is_put_right_later_neither_hides_a_post_nor_puts_another_in_its_place(built: City) -> None:
    city = built.copy()
    day = END - timedelta(days=1)
    first = city.post("青山政务", day, day + timedelta(hours=9), "第一篇", ext_id="gh:1")
    city.post("青山政务", day, day + timedelta(hours=9), "第二篇", ext_id="gh:2")
    numbers = []
    for at in (END, END - timedelta(hours=13)):
        with writing(city.db):
            numbers.append(inspections.keep(city.db, city.scope, rule=OWN, at=at, root=0, author="li", now=CUT_OFF))
    city.post("青山政务", day + timedelta(hours=15), CUT_OFF + timedelta(hours=1), "第一篇", ext_id=first)
    city.post("青山政务", day + timedelta(hours=16), CUT_OFF + timedelta(hours=2), "第二篇", ext_id="gh:2")
    for number in numbers:
        found = inspection_again.compare(city.db, city.scope, number)
        assert found is not None
        assert found.is_equal
    now = inspections.judged(city.db, city.scope, rule=OWN, at=END - timedelta(hours=13)).set_index("account")
    assert now.loc["青山政务", "ext_id"] not in ("gh:1", "gh:2")
