"""People on the command line: what the operator types on the first day and on the day when nobody can sign in."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.people import main
from matrix.people import Role
from storage import journal, people, sessions, signin
from storage.database import create_database, open_database, writing
from storage.passwords import is_right
from tests import sample, serving

STRICT = signin.Strictness(5, 30, 90)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = serving.make_world(tmp_path, True)
    monkeypatch.setenv("MATRIX_DATABASE_PATH", str(made))
    return made


def test_a_person_is_added_with_a_one_time_password_that_opens_the_door(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["add", "wangwu", "--name", "王五", "--role", "主管", "--scope", "青山县"]) == 0
    password = capsys.readouterr().out.split("一次性密码 ")[1].split()[0]
    with closing(open_database(path)) as db:
        person = people.find(db, "wangwu")
        assert person
        assert (person.role, person.must_change, people.scope_names(db, person)) == (Role.LEAD, True, ["青山县"])
        assert is_right(people.hash_of(db, person.id), password)
        assert journal.lines(db, limit=1)[0].actor == "命令行"
        assert journal.verify(db) is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "zhuguan"], "已经有人使用"),
        (["add", "a b"], "登录名须为"),
        (["add", "new", "--scope", "月球"], "没有编码或名称"),
        (["reset", "nobody"], "没有登录名为"),
        (["disable", "xitong"], "唯一的系统管理员"),
        (["role", "xitong", "只读"], "唯一的系统管理员"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(words) == 1
    assert sentence in capsys.readouterr().err


def test_a_locked_out_administrator_gets_back_in(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    with closing(create_database(path)) as db:
        for _ in range(5):
            signin.sign_in(db, "xitong", "wrong", now=now, address="", strictness=STRICT)
        assert signin.sign_in(db, "xitong", sample.PASSWORD, now=now, address="", strictness=STRICT) is None
        assert main(["reset", "xitong"]) == 0
        password = capsys.readouterr().out.split("一次性密码 ")[1].split()[0]
        assert signin.sign_in(db, "xitong", password, now=now, address="", strictness=STRICT)


def test_scope_role_and_disabling_end_what_is_open(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    for words in (["scope", "zhiban", "全部"], ["role", "zhiban", "分析"], ["disable", "zhiban"], ["enable", "zhiban"]):
        token = serving.open_session(path, "zhiban") if words[0] != "enable" else ""
        assert main(words) == 0
        with closing(open_database(path)) as db:
            assert sessions.find(db, token, now, 15, 12) is None
    with closing(create_database(path)) as db, writing(db):
        person = people.find(db, "zhiban")
        assert person
        assert (person.role, person.disabled_at, people.scope_names(db, person)) == (Role.ANALYST, None, ["临江市"])
    capsys.readouterr()
    assert main(["list"]) == 0
    assert "zhiban\t值班小李\t分析\t正常\t临江市" in capsys.readouterr().out
