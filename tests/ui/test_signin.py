"""Signing in and out over real HTTP: forms from elsewhere, guessing, lock-out, the cookie, and where one lands."""

import re
from contextlib import closing

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from settings import load
from storage import journal, people
from storage.database import open_database, open_writer
from tests import sample, serving
from ui.credentials import address_of, cookie_name, is_from_here, where_to
from ui.doors import REFUSED, Doors

TOKEN = re.compile(r'name="form" value="([0-9a-f]+)"')


def form_of(browser: requests.Session, console: serving.Served, address: str = "/") -> dict[str, str]:
    text = browser.get(console.link + address, timeout=10).text
    found = re.search(r'name="where" value="([^"]*)"', text)
    token = TOKEN.search(text)
    assert token
    return {"form": token[1], "where": found[1].replace("&amp;", "&") if found else "/"}


def enter(browser: requests.Session, console: serving.Served, login: str, password: str, **more: str) -> requests.Response:
    fields = form_of(browser, console) | {"login": login, "password": password} | more
    return browser.post(f"{console.link}/signin", data=fields, allow_redirects=False, timeout=20)


def test_a_link_from_a_document_leads_on_after_signing_in_and_survives_a_new_tab(console: serving.Served) -> None:
    browser = requests.Session()
    wanted = "/collection?view=%E8%B4%A6%E5%8F%B7&x=1"
    fields = form_of(browser, console, wanted) | {"login": "zhuguan", "password": sample.PASSWORD}
    answer = browser.post(f"{console.link}/signin", data=fields, allow_redirects=False, timeout=20)
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Secure" not in cookie
    assert browser.get(console.link + wanted, timeout=10).status_code == 200
    assert browser.get(f"{console.link}/signin", allow_redirects=False, timeout=10).headers["location"] == "/"


def test_behind_tls_the_cookie_never_travels_in_clear() -> None:
    settings = load({"MATRIX_CONSOLE_BASE_URL": "https://matrix.example.gov.cn"})
    cookie = Doors(settings, lambda: None).go_on("/", "t").headers["set-cookie"]  # ty: ignore[invalid-argument-type]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


def test_two_databases_on_one_machine_have_two_cookies() -> None:
    assert len({cookie_name(load({"MATRIX_DATABASE_PATH": path})) for path in ("a.db", "b.db")}) == 2


@pytest.mark.parametrize("more", [{"form": ""}, {"form": "0" * 64}])
def test_a_form_that_is_not_ours_is_refused(console: serving.Served, more: dict[str, str]) -> None:
    answer = enter(requests.Session(), console, "zhuguan", sample.PASSWORD, **more)
    assert answer.status_code == 403
    assert console.cookie not in answer.cookies


def test_a_form_sent_from_another_site_is_refused(console: serving.Served) -> None:
    browser = requests.Session()
    fields = form_of(browser, console) | {"login": "zhuguan", "password": sample.PASSWORD}
    for origin in ("https://evil.example", "null", f"{console.link}0"):
        answer = browser.post(f"{console.link}/signin", data=fields, headers={"Origin": origin}, timeout=20)
        assert answer.status_code == 403
    answer = browser.post(
        f"{console.link}/signin", data=fields, headers={"Origin": console.link}, allow_redirects=False, timeout=20
    )
    assert answer.status_code == 303


def test_guessing_learns_nothing_and_locks_the_door(console: serving.Served) -> None:
    browser = requests.Session()
    answers = [enter(browser, console, "nobody", "wrong")] + [enter(browser, console, "fenxi", "wrong") for _ in range(3)]
    answers.append(enter(browser, console, "fenxi", sample.PASSWORD))
    assert {answer.status_code for answer in answers} == {401}
    blank = {re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}
    assert len(blank) == 1
    assert REFUSED in blank.pop()
    with closing(open_writer(console.path)) as db:
        person = people.find(db, "fenxi")
        assert person
        assert person.locked_until
        people.unlock(db, person.id)
    assert enter(browser, console, "fenxi", sample.PASSWORD).status_code == 303


def test_signing_out_ends_every_session_of_the_person(console: serving.Served) -> None:
    here, there = requests.Session(), requests.Session()
    for browser in (here, there):
        assert enter(browser, console, "zhiban", sample.PASSWORD).status_code == 303
    assert "确定退出" in here.get(f"{console.link}/signout", headers={"Sec-Fetch-Site": "cross-site"}, timeout=10).text
    assert here.get(console.link, timeout=10).status_code == 200
    answer = here.get(f"{console.link}/signout", headers={"Sec-Fetch-Site": "same-origin"}, allow_redirects=False, timeout=10)
    assert answer.headers["location"] == "/signin"
    assert [browser.get(console.link, timeout=10).status_code for browser in (here, there)] == [401, 401]


def test_a_changed_password_ends_the_others_and_keeps_this_browser(console: serving.Served) -> None:
    here, there = requests.Session(), requests.Session()
    for browser in (here, there):
        assert enter(browser, console, "anquan", sample.PASSWORD).status_code == 303
    text = here.get(f"{console.link}/password", timeout=10).text
    token = TOKEN.search(text)
    assert token
    fields = {"form": token[1], "before": sample.PASSWORD, "after": "Qingshan-2027", "again": "Qingshan-2028"}
    assert "不一致" in here.post(f"{console.link}/password", data=fields, timeout=20).text
    done = here.post(f"{console.link}/password", data=fields | {"again": "Qingshan-2027"}, allow_redirects=False, timeout=20)
    assert done.status_code == 303
    assert here.get(console.link, timeout=10).status_code == 200
    assert there.get(console.link, timeout=10).status_code == 401


def test_every_act_at_the_door_is_in_the_journal_and_the_chain_holds(console: serving.Served) -> None:
    browser = requests.Session()
    enter(browser, console, "zhuguan", "wrong")
    enter(browser, console, "zhuguan", sample.PASSWORD)
    browser.get(f"{console.link}/signout", headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
    with closing(open_database(console.path)) as db:
        noted = [(line.act, line.outcome) for line in journal.lines(db, actor="zhuguan", limit=3)]
        assert noted == [("退出", journal.DONE), ("登录", journal.DONE), ("登录", journal.REFUSED)]
        assert {line.address for line in journal.lines(db, actor="zhuguan")} == {"127.0.0.1"}
        assert journal.verify(db) is None


def test_a_form_of_any_size_does_not_fill_the_memory(console: serving.Served) -> None:
    answer = requests.post(f"{console.link}/signin", data=b"x" * 200_000, timeout=20)
    assert answer.status_code == 403


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[/\\]{0,3}[a-z.:/\\@?%]{0,20}", fullmatch=True)))
def test_nobody_is_sent_to_another_site(wanted: str) -> None:
    found = where_to(wanted)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert not set(found) & set("\\\r\n\t ")


def test_the_word_of_a_proxy_counts_only_where_there_is_one() -> None:
    forwarded = {"x-forwarded-for": "6.6.6.6, 10.1.2.3"}
    behind = load({"MATRIX_CONSOLE_BASE_URL": "https://matrix.example.gov.cn"})
    assert address_of(behind, "127.0.0.1", forwarded) == "10.1.2.3"
    assert address_of(behind, "10.9.9.9", forwarded) == "10.9.9.9"
    assert address_of(load({}), "127.0.0.1", forwarded) == "127.0.0.1"
    assert is_from_here(behind, {"origin": "https://matrix.example.gov.cn", "host": "127.0.0.1:8501"})
    assert not is_from_here(behind, {"origin": "https://matrix.example.gov.cn.evil.example", "host": "127.0.0.1:8501"})
