"""Before a watch is saved its past is looked through: hits, what exclusions keep away, and the alerts it would have raised."""

import sqlite3
from dataclasses import replace

import pytest

from matrix.watch import Typed
from storage import organizations, requests, watch_preview
from storage.database import writing
from tests.storage.reading_desk import ask, post, save
from tests.storage.small_city import a_city, after

DAY = 24 * 60
NOW = 3 * DAY


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> tuple[sqlite3.Connection, list[int]]:
    """Two days that warm up and one that is judged, in which thirty citizens lose their water within five minutes."""
    monkeypatch.setattr(watch_preview, "WARM_DAYS", 2)
    monkeypatch.setattr(watch_preview, "JUDGED_DAYS", 1)
    monkeypatch.setattr(watch_preview, "PORTION", 40)
    db, ids = a_city()
    usual = [ask(f"u{n}", n * 90, "今天停水吗", by=f"常{n}") for n in range(48)]
    flood = [ask(f"f{n}", 2 * DAY + 602 + n / 20, f"停水了{'，演练吗' if n == 7 else ''}", by=f"人{n}") for n in range(30)]
    calm = [ask(f"k{n}", n * 40 + 3, "天气真好", by=f"闲{n}") for n in range(100)]
    said = [replace(one, root_ext=None) for one in (*usual, *flood, *calm) if one.published_at <= after(NOW)]
    save(db, ids[0], NOW, *said, posts=(post(),))
    return db, ids


def test_the_past_is_looked_through_and_the_alerts_are_named(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    told: list[float] = []
    scope = organizations.roots(db)
    found = watch_preview.preview(db, scope, scope[0], Typed("停水", exclusions="演练"), after(NOW), told.append)
    assert found["looked"] == db.execute("SELECT count(*) FROM comments").fetchone()[0]
    assert (found["kept_away"], found["excluded"]) == (1, [("演练", 1)])
    assert found["sentence"] == "过去1天会预警1次。"
    (one,) = found["openings"]
    assert one["seen"] == 29 and one["expected"] < 3
    texts = [db.execute("SELECT text FROM comments WHERE id = :id", {"id": number}).fetchone()[0] for number in one["ids"]]
    assert texts == ["停水了"], "one of each wording"
    assert len(found["latest"]) == 5 and found["known_days"] == 3
    assert told == sorted(told) and 0.9 < told[-1] <= 1


def test_a_plan_without_hits_raises_nothing_and_a_foreign_unit_is_refused(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    scope = organizations.roots(db)
    found = watch_preview.preview(db, scope, scope[0], Typed("地震"), after(NOW))
    assert (found["openings"], found["all"], found["latest"]) == ([], 0, [])
    with pytest.raises(PermissionError):
        watch_preview.preview(db, (), scope[0], Typed("停水"), after(NOW))


def test_the_worker_answers_a_request_and_says_how_far_it_is(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    scope = organizations.roots(db)
    payload = {"scope": list(scope), "unit": scope[0], "words": "停水", "exclusions": "演练"}
    number = requests.ask(db, watch_preview.VERB, payload, "zhuguan", after(NOW))
    request = requests.take(db, after(NOW))
    assert request is not None
    with writing(db):
        requests.note_progress(db, number, 40)
    held = requests.find(db, number)
    assert held is not None and held.answer == {"percent": 40} and not held.is_done
    assert watch_preview.VERBS[watch_preview.VERB](db, None, None, after(NOW), request)["openings"]
    wrong = replace(request, payload=payload | {"words": "火"})
    with pytest.raises(requests.AnswerError, match="关键词第1个"):
        watch_preview.answer(db, None, None, after(NOW), wrong)


def test_whoever_asks_something_quick_does_not_wait_for_a_preview(city: tuple[sqlite3.Connection, list[int]]) -> None:
    db, _ = city
    slow = requests.ask(db, watch_preview.VERB, {}, "zhuguan", after(NOW))
    quick = requests.ask(db, "check_account", {}, "zhuguan", after(NOW))
    first = requests.take(db, after(NOW), without=watch_preview.VERBS)
    assert first is not None and first.id == quick
    assert requests.take(db, after(NOW), without=watch_preview.VERBS) is None
    beside = requests.take(db, after(NOW), only=watch_preview.VERBS)
    assert beside is not None and beside.id == slow
