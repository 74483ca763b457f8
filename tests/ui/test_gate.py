"""The gate over real sockets: what a stranger gets from a console that has just started, and what a session opens."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from storage import journal, people, sessions
from storage.database import open_database, open_writer, writing
from tests import sample, serving

ADDRESSES = (
    "/people",
    "/",
    "/collection?view=1",
    "/ledger",
    "/home",
    "/anything/else",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/static/js/index.js",
    "/media/x.csv",
    "/favicon.png",
    "/component/x/index.html",
    "/app/static/x",
    "/..%2fsettings.toml",
    "//people",
)


def page_of(console: serving.Served, address: str, token: str = "") -> requests.Response:
    cookies = {console.cookie: token} if token else {}
    return requests.get(console.link + address, cookies=cookies, allow_redirects=False, timeout=10)


def socket_of(console: serving.Served, token: str, origin: str = "") -> ClientConnection:
    headers = {"Cookie": f"{console.cookie}={token}"} if token else {}
    address = f"ws://127.0.0.1:{console.port}/_stcore/stream"
    return connect(
        address,
        additional_headers=headers,
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(origin or console.link),
        max_size=2**24,
    )


def used_at(console: serving.Served, token: str) -> int:
    with closing(open_database(console.path)) as db:
        digest = sessions.digest_of(token)
        return db.execute("SELECT used_at FROM sessions WHERE digest = ?", (digest,)).fetchone()[0]


def rerun(is_auto: bool) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = "home"
    message.rerun_script.is_auto_rerun = is_auto
    return message.SerializeToString()


def read_until_finished(socket: ClientConnection) -> bytes:
    """Everything that one run of the page sends."""
    heard, message = b"", ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        data = socket.recv(timeout=10, decode=False)
        message.ParseFromString(data)
        heard += data
    return heard


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_stranger_sees_only_the_sign_in_on_a_console_that_has_just_started(console: serving.Served, address: str) -> None:
    answer = page_of(console, address)
    assert answer.status_code == 401
    assert '<form method="post" action="/signin">' in answer.text
    assert "临江" not in answer.text
    assert "streamlit" not in answer.text.lower()


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_no_verb_gets_a_stranger_further(console: serving.Served, verb: str) -> None:
    address = f"{console.link}/_stcore/upload_file/a/b"
    answer = requests.request(verb, address, data=b"x", timeout=10)
    assert answer.status_code == 401


@pytest.mark.parametrize("token", ["", "x" * 43, "../../etc", "é" * 5])
def test_a_socket_without_an_open_session_is_refused(console: serving.Served, token: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        socket_of(console, token.encode().decode("latin-1"))
    assert refused.value.response.status_code == 403


def test_a_socket_that_a_foreign_page_opens_is_refused_although_the_person_is_signed_in(console: serving.Served) -> None:
    token = serving.open_session(console.path, "zhuguan")
    with pytest.raises(InvalidStatus) as refused:
        socket_of(console, token, "http://evil.example")
    assert refused.value.response.status_code == 403
    with socket_of(console, token):
        pass


def test_every_answer_carries_the_headers_of_a_careful_house(console: serving.Served) -> None:
    token = serving.open_session(console.path, "zhuguan")
    for answer in (page_of(console, "/"), page_of(console, "/", token), page_of(console, "/healthz")):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers
    policy = page_of(console, "/", token).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy.replace("wasm-unsafe-eval", "")
    assert "http" not in policy


def test_the_console_says_that_it_lives_and_nothing_else(console: serving.Served) -> None:
    answer = page_of(console, "/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_session_opens_the_console_in_chinese_and_not_what_nobody_needs(console: serving.Served) -> None:
    token = serving.open_session(console.path, "zhuguan")
    first = page_of(console, "/collection", token)
    assert first.status_code == 200
    assert '<html lang="zh">' in first.text
    assert "政务新媒体矩阵管理台" in first.text
    assert "agent" not in first.text
    script = re.search(r'src="\.(/static/js/index\.[^"]+)"', first.text)
    assert script
    assert page_of(console, script[1], token).status_code == 200
    for address in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check", "/nosuchpage"):
        assert page_of(console, address, token).status_code == 404


def test_an_idle_session_is_a_stranger_again(console: serving.Served) -> None:
    token = serving.open_session(console.path, "zhuguan", datetime.now(UTC) - timedelta(minutes=16))
    assert page_of(console, "/", token).status_code == 401
    with pytest.raises(InvalidStatus):
        socket_of(console, token)


def test_a_one_time_password_opens_nothing_but_the_password_page(console: serving.Served) -> None:
    with closing(open_writer(console.path)) as db, writing(db):
        person = people.find(db, "zhidu")
        assert person
        people.set_password(db, person.id, sample.PASSWORD, datetime.now(UTC), must_change=True)
    token = serving.open_session(console.path, "zhidu")
    answer = page_of(console, "/", token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert page_of(console, "/_stcore/health", token).status_code == 403
    assert "一次性密码" in page_of(console, "/password", token).text
    with pytest.raises(InvalidStatus):
        socket_of(console, token)


def test_a_live_page_does_not_keep_a_session_alive_but_a_person_does(console: serving.Served) -> None:
    token = serving.open_session(console.path, "zhuguan", datetime.now(UTC) - timedelta(minutes=5))
    before = used_at(console, token)
    with socket_of(console, token) as socket:
        socket.send(rerun(is_auto=False))  # what a browser sends by itself when the page opens or the line was broken
        read_until_finished(socket)
        for _ in range(2):
            socket.send(rerun(is_auto=True))
            read_until_finished(socket)
        assert used_at(console, token) == before
        socket.send(rerun(is_auto=False))
        read_until_finished(socket)
    assert used_at(console, token) > before


def test_an_open_page_of_an_ended_session_is_emptied(console: serving.Served) -> None:
    token = serving.open_session(console.path, "zhuguan")
    with socket_of(console, token) as socket:
        socket.send(rerun(is_auto=False))
        assert "临江发布".encode() in read_until_finished(socket)
        with closing(open_writer(console.path)) as db:
            sessions.end(db, sessions.digest_of(token), datetime.now(UTC), "测试")
        socket.send(rerun(is_auto=False))
        heard = read_until_finished(socket)
        assert "请先登录".encode() in heard
        assert "临江".encode() not in heard


def test_the_first_start_shows_a_one_time_password_once(
    console: serving.Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from commands.console import prepare
    from settings import load

    path = tmp_path_factory.mktemp("first") / "m.db"
    settings = load({"MATRIX_DATABASE_PATH": str(path)})
    prepare(settings)
    with closing(open_database(path)) as db:
        assert [person.login for person in people.everybody(db)] == ["admin"]
        assert journal.count(db) == 1
    assert not [word for word in console.words if "一次性密码" in word], "people exist: no administrator is made"


def test_a_used_port_is_said_and_another_one_taken(console: serving.Served) -> None:
    from ui.server import bind

    with closing(bind("127.0.0.1", console.port)) as listener:
        assert listener.getsockname()[1] != console.port
