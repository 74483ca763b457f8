"""The key of the installation is exported, put back and replaced without ever losing what it opens."""

import sqlite3
import stat
from contextlib import closing

import pytest

from commands import keys
from storage import credentials
from storage.database import open_writer
from storage.keyring import Keyring, load_keyring, new_keyring, save_keyring
from storage.worker_lock import hold_lock
from tests.commands.place import Place, add_rows


def tokens(place: Place, ring: Keyring) -> list[str | None]:
    with place.open() as db:
        return [
            credentials.find(db, row[0], ring) for row in db.execute("SELECT account_id FROM credentials ORDER BY 1").fetchall()
        ]


def acts(place: Place) -> list[str]:
    return [row[0] for row in place.ask("SELECT act FROM journal ORDER BY id")]


def test_an_export_is_the_key_for_its_owner_only_and_is_noted(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    target = place.folder / "usb" / "key.json"
    assert keys.main(["export", str(target)]) == 0
    assert load_keyring(target) == load_keyring(place.key_file)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert acts(place) == ["导出密钥"]
    said = capsys.readouterr()
    assert not [key for key in (*load_keyring(target).seals, *load_keyring(target).pepper) if key in said.out + said.err]


def test_an_export_never_overwrites_a_file(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    target = place.folder / "other.json"
    target.write_text("another key", encoding="utf-8")
    assert keys.main(["export", str(target)]) == 1
    assert "已存在" in capsys.readouterr().err
    assert target.read_text(encoding="utf-8") == "another key"


def test_without_a_key_there_is_nothing_to_export_and_none_is_made(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert keys.main(["export", str(place.folder / "key.json")]) == 1
    assert "找不到密钥文件" in capsys.readouterr().err
    assert not place.key_file.exists()


def test_a_lost_key_comes_back_and_opens_everything_again(place: Place) -> None:
    place.fill(2)
    ring = load_keyring(place.key_file)
    assert keys.main(["export", str(place.folder / "key.json")]) == 0
    place.key_file.unlink()
    assert keys.main(["import", str(place.folder / "key.json")]) == 0
    assert load_keyring(place.key_file) == ring
    assert tokens(place, load_keyring(place.key_file)) == ["token-0", "token-1"]


def test_a_key_that_lay_there_is_kept_beside_the_one_put_back(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    held, other = load_keyring(place.key_file), new_keyring()
    save_keyring(place.folder / "other.json", other)
    assert keys.main(["import", str(place.folder / "other.json")]) == 0
    assert load_keyring(place.key_file) == other
    assert load_keyring(place.folder / f"matrix.key.before-{held.fingerprint()}") == held
    assert "不匹配" in capsys.readouterr().out, "whoever puts back a key that this database does not know is told so"


def test_a_damaged_key_file_does_not_stand_in_the_way_of_the_good_one(place: Place) -> None:
    place.fill()
    ring = load_keyring(place.key_file)
    assert keys.main(["export", str(place.folder / "key.json")]) == 0
    place.key_file.write_text("{half a ke", encoding="utf-8")
    assert keys.main(["import", str(place.folder / "key.json")]) == 0
    assert load_keyring(place.key_file) == ring
    assert [path.read_text(encoding="utf-8") for path in place.folder.glob("matrix.key.damaged*")] == ["{half a ke"]


def test_what_is_no_key_is_not_put_in_place(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    before = place.key_file.read_bytes()
    (place.folder / "wrong.json").write_text('{"seals": ["x"], "pepper": []}', encoding="utf-8")
    assert keys.main(["import", str(place.folder / "wrong.json")]) == 1
    assert "已损坏" in capsys.readouterr().err
    assert place.key_file.read_bytes() == before


def test_after_a_rotation_everything_opens_under_the_new_key_and_citizens_stay_themselves(place: Place) -> None:
    accounts = place.fill(3)
    before = load_keyring(place.key_file)
    old = place.ask("SELECT ext_id, author_key FROM comments ORDER BY 1")
    assert keys.main(["rotate"]) == 0
    after = load_keyring(place.key_file)
    assert after.fingerprint() != before.fingerprint()
    assert load_keyring(place.folder / f"matrix.key.before-{before.fingerprint()}") == before
    assert not list(place.folder.glob("*.next"))
    newest_only = Keyring(after.seals[:1], after.pepper)
    assert tokens(place, newest_only) == ["token-0", "token-1", "token-2"], "the old key is not needed any more"
    with closing(open_writer(place.path)) as db:
        add_rows(db, accounts[0], 50, place)
    new = dict(place.ask("SELECT ext_id, author_key FROM comments"))
    assert len(set(new.values())) == 1, "who wrote before and after the rotation is one person"
    assert not {key for _, key in old} & set(new.values())
    assert acts(place) == ["更换密钥"]


def test_no_key_is_touched_while_a_worker_runs(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    before = place.key_file.read_bytes()
    save_keyring(place.folder / "other.json", new_keyring())
    with hold_lock(place.path):
        for words in (["rotate"], ["import", str(place.folder / "other.json")]):
            assert keys.main(words) == 1
            assert "已有一个采集程序在运行" in capsys.readouterr().err
    assert place.key_file.read_bytes() == before


def test_a_rotation_that_ends_before_the_database_changed_can_simply_be_done_again(place: Place) -> None:
    place.fill()
    save_keyring(place.folder / "matrix.key.next", new_keyring())  # a new key was written, then the power went
    assert keys.main(["rotate"]) == 0
    assert tokens(place, load_keyring(place.key_file)) == ["token-0"]
    assert not list(place.folder.glob("*.next"))


def test_a_rotation_that_ends_after_the_database_changed_says_how_to_go_on(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.fill()
    before = load_keyring(place.key_file)
    obstacle = place.folder / f"matrix.key.before-{before.fingerprint()}"
    obstacle.mkdir()  # the file system refuses right after the commit
    assert keys.main(["rotate"]) == 1
    capsys.readouterr()
    obstacle.rmdir()
    assert load_keyring(place.key_file) == before
    assert keys.main(["rotate"]) == 1
    said = capsys.readouterr().err
    assert "与数据库不匹配" in said and "matrix.key.next" in said
    assert keys.main(["import", str(place.folder / "matrix.key.next")]) == 0
    assert tokens(place, load_keyring(place.key_file)) == ["token-0"]
    assert keys.main(["rotate"]) == 0


def test_a_rotation_that_fails_in_the_database_changes_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill(2)
    before = load_keyring(place.key_file)
    with closing(sqlite3.connect(place.path)) as db, db:
        db.execute("UPDATE credentials SET sealed = 'nonsense' WHERE account_id = 2")
    assert keys.main(["rotate"]) == 1
    assert "凭据" in capsys.readouterr().err
    assert load_keyring(place.key_file) == before
    with place.open() as db:
        assert credentials.find(db, 1, before) == "token-0"
        assert credentials.key_belongs(db, before)
