"""The ground truth tells everything, and the ideal client is what a tireless poller of the real interface sees."""

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

from simulator.city import City
from simulator.ideal import ideal
from simulator.ledger import HEADERS
from simulator.script import add_comment, add_post
from simulator.truth import Truth, happened

ROOT = Path(__file__).resolve().parents[2]
OTHER, TREE = "/weibo-commercial/2/statuses/user_timeline/other.json", "/weibo-commercial/2/comments/tree/root_list.json"


def poll(served, account, posts: set[str], comments: set[str]) -> None:
    """One look of a client that reads every page, and the comments of everything not older than a week."""
    free = account.route == "weibo_free"
    path = "/weibo-free/2/statuses/user_timeline.json" if free else OTHER
    listed = served.get(path, account, uid=account.ext_id, count=25)["statuses"]
    posts.update(one["idstr"] for one in listed)
    for key in sorted(posts):
        post = served.world.city.post(key)
        if served.clock.now() - post.at >= 7 * 86_400:
            continue
        if free:
            found = served.get("/weibo-free/2/comments/show.json", account, id=key, count=200).get("comments", [])
        else:
            found, cursor = [], 1 << 62
            while cursor:
                page = served.get(TREE, account, id=key, count=200, child_count=200, max_id=cursor)
                found += [one for root in page.get("root_comments", []) for one in (root, *root["comments"])]
                cursor = page.get("next_cursor", 0)
        comments.update(one["idstr"] for one in found)


def test_a_client_that_polls_sees_exactly_what_the_ideal_client_sees(serve) -> None:
    happenings = {"deleted_posts": 0.3, "hidden_posts": 0.1, "filtered_comments": 0.2}
    served = serve(rates=happenings, limits={"weibo_free_user_day": 10**6})
    city, begun, interval = served.world.city, served.clock.now(), 7200
    for account in (served.account("weibo_free"), served.account("weibo_commercial", 1)):
        served.clock.set(begun)
        posts: set[str] = set()
        comments: set[str] = set()
        while served.clock.now() <= begun + 86_400:
            poll(served, account, posts, comments)
            served.clock.advance(interval)
        seen = ideal(city, account, interval, begun, begun + 86_400)
        assert posts == set(seen.posts) and posts
        assert comments == set(seen.comments) and comments
        there = {p.key for p in city.posts(account, 0, begun + 86_400)}
        assert there == set(seen.posts) | (set(seen.missed) & there)
        assert all(seen.missed.values())


def test_what_lived_between_two_polls_has_its_reason() -> None:
    start = 1_772_452_800.0
    city = City(5, 12, start, history_days=2)
    account = next(a for a in city.accounts if a.route == "weibo_commercial")
    brief = add_post(city, account, start + 10, "一闪而过")
    brief.deleted_at = int(start) + 90
    kept = add_post(city, account, start + 20, "留下的")
    quick = add_comment(city, kept, start + 30, "秒删")
    quick.filtered_at = int(start) + 60
    seen = ideal(city, account, 100, start, start + 1000)
    assert seen.missed[brief.key] == "between_polls" and seen.posts[kept.key] == start + 100
    assert seen.missed[quick.key] == "filtered"


def test_an_article_with_notification_waits_for_the_statistics_of_its_day() -> None:
    start = 1_772_452_800.0
    city = City(5, 60, start)
    seen = {}
    for account in (a for a in city.accounts if a.route == "wechat"):
        seen |= ideal(city, account, 600, start - 3 * 86_400, start).posts
    posts = {post.key: post for account in city.accounts for post in city.posts(account, start - 3 * 86_400, start)}
    waits = [at - posts[key].at for key, at in seen.items() if key in posts]
    assert any(wait <= 600 for wait in waits) and any(wait > 6 * 3600 for wait in waits)


def test_feeds_show_no_comments_and_registered_accounts_show_nothing() -> None:
    start = 1_772_452_800.0
    city = City(5, 60, start)
    for account in city.accounts:
        if account.route in ("feed", "none"):
            seen = ideal(city, account, 3600, start - 86_400, start)
            assert not seen.comments and bool(seen.posts) == (account.route == "feed" and bool(city.posts(account, 0, start)))


def test_the_file_tells_every_event_once_and_every_fault(serve, tmp_path) -> None:
    served = serve()
    served.world.truth = Truth(tmp_path / "truth.jsonl", served.world, ideal_s=600, every_s=0.05)
    served.world.faults.set("token_expired")
    served.get(OTHER, served.account("weibo_commercial"), uid=1)
    served.clock.advance(7200)
    served.running.stop()
    lines = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    city, now = served.world.city, served.clock.now()
    assert [one["kind"] for one in lines if one["what"] == "fault"] == ["token_expired"]
    events = [one for one in lines if one["what"] not in ("fault", "city", "account", "ideal")]
    assert len(events) == len({(one["what"], one["key"], one["at"]) for one in events})
    wanted = [one for a in city.accounts for one in happened(city, a, 0, now)]
    assert {(one["what"], one["key"]) for one in events} == {(one["what"], one["key"]) for one in wanted}
    assert {"post", "comment", "reply", "mention"} <= {one["what"] for one in events}
    assert sum(one["what"] == "ideal" for one in lines) == len(city.accounts)


def test_the_program_writes_its_files_serves_and_stops_on_sigterm(tmp_path) -> None:
    names = {name: tmp_path / f"{name}.csv" for name in ("ledger", "credentials")}
    words = ["--port", "0", "--accounts", "20", "--start", "2026-03-02T08:00", "--speed", "60", "--history-days", "3"]
    words += ["--truth", str(tmp_path / "truth.jsonl"), "--fault", "http_5xx:0.1", "--fault", "stall"]
    words += [word for name, path in names.items() for word in (f"--{name}", str(path))]
    program = subprocess.Popen([sys.executable, "-m", "simulator", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert program.stdout is not None
        ready = program.stdout.readline()
        assert ready.startswith("模拟平台已就绪：http://127.0.0.1:")
    finally:
        program.send_signal(signal.SIGTERM)
    assert program.wait(10) == 0
    with names["ledger"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == HEADERS and sum(bool(row[6]) for row in rows[1:]) == 20
    assert {len(row) for row in rows} == {len(HEADERS)}
    assert {row[15] for row in rows[1:]} <= {"", "微博开放平台(免费)", "微博开放平台(商业)", "微信公众号接口", "订阅源", "仅登记"}
    assert all(row[16].startswith("http://127.0.0.1:") for row in rows[1:] if row[15] == "订阅源")
    with names["credentials"].open(encoding="utf-8-sig", newline="") as file:
        held = list(csv.DictReader(file))
    assert all(row["凭据"].startswith("2.00") or row["凭据"].startswith(row["平台账号ID"] + ":") for row in held)
    assert names["credentials"].stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()[0])["seed"] == 7


def test_an_unknown_fault_is_refused_in_chinese() -> None:
    done = subprocess.run([sys.executable, "-m", "simulator", "--fault", "gremlins"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2 and "没有这种故障：gremlins" in done.stderr
