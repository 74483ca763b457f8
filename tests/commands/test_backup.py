"""What was backed up comes back, and what is wrong with a back-up is said before anything is touched."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from commands import backup, keys, restore
from storage import journal, rollups
from storage.database import check_integrity, copy_database, create_database, open_database, open_writer, writing
from storage.keyring import new_keyring, save_keyring
from storage.worker_lock import hold_lock
from tests.commands.place import NOW, Place, add_rows


def back_up(place: Place, capsys: pytest.CaptureFixture[str]) -> Path:
    target = place.folder / "out" / "kept.zip"
    assert backup.main(["--out", str(target)]) == 0
    assert "备份完成" in capsys.readouterr().out
    return target


def fingerprint(place: Place) -> dict[str, bytes]:
    """The files of an installation, to see that nobody touched them."""
    with closing(open_writer(place.path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return {path.name: path.read_bytes() for path in (place.path, place.key_file)}


def refused(place: Place, file: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The sentence of a restore that must fail and leave everything as it was."""
    before = fingerprint(place)
    assert restore.main([str(file), "--yes"]) == 1
    assert fingerprint(place) == before
    assert not list(place.folder.glob("*.before-*"))
    assert not [path for path in place.folder.iterdir() if path.is_dir() and path.name != "out"], "no work is left behind"
    return capsys.readouterr().err


def repacked(file: Path, database: bytes) -> Path:
    """The same zip with another database in it."""
    target = file.with_name("repacked.zip")
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(target, "w") as other:
        other.writestr("manifest.json", archive.read("manifest.json"))
        other.writestr("matrix.db", database)
    return target


def test_a_restored_back_up_is_the_database_as_it_was_and_the_other_one_is_kept(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    accounts = place.fill(3)
    file = back_up(place, capsys)
    with closing(open_writer(place.path)) as db:
        add_rows(db, accounts[0], 77, place)
    assert restore.main([str(file), "--yes"]) == 0
    said = capsys.readouterr().out
    assert place.ask("SELECT count(*) FROM posts") == [(3,)]
    assert place.ask("SELECT act, outcome FROM journal ORDER BY id DESC LIMIT 1") == [("恢复数据库", "成功")]
    kept = list(place.folder.glob("matrix.db.before-*"))
    assert len(kept) == 1 and str(kept[0]) in said
    with closing(open_database(kept[0])) as db:
        assert db.execute("SELECT count(*) FROM posts").fetchone() == (4,)
        assert db.execute("SELECT act FROM journal ORDER BY id DESC LIMIT 1").fetchone() == ("备份数据库",)
    with place.open() as db:
        assert check_integrity(db) == [] and not any(rollups.differences(db).values()) and journal.verify(db) is None


def test_a_back_up_says_what_is_in_it_and_holds_no_key(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill(2)
    with zipfile.ZipFile(back_up(place, capsys)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert manifest["rows"] == {"posts": 2, "comments": 2, "runs": 0}
    secrets = json.loads(place.key_file.read_text(encoding="utf-8"))
    assert not [secret for secret in (*secrets["seals"], *secrets["pepper"]) if secret.encode() in everything]
    assert list((place.folder / "out").iterdir()) == [place.folder / "out" / "kept.zip"]


def test_a_copy_is_of_one_moment_and_ends_although_somebody_writes_all_the_time(place: Place) -> None:
    accounts = place.fill()
    steps: list[int] = []
    with closing(open_writer(place.path)) as db, closing(open_writer(place.path)) as other:

        def write_more(left: int, total: int) -> None:
            steps.append(left)
            assert len(steps) < 400, "a copy that starts anew with each write never ends"
            add_rows(other, accounts[0], 100 + len(steps), place)

        copy_database(db, place.folder / "copy.db", write_more, pages=4)
        assert len(steps) > 5
        assert not db.in_transaction
    with closing(open_database(place.folder / "copy.db")) as db:
        assert check_integrity(db) == [] and not any(rollups.differences(db).values())
        assert db.execute("SELECT count(*) FROM posts").fetchone() == (1,), "what came after the first page is not in it"


def test_nothing_to_back_up_is_said(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert backup.main([]) == 1
    assert "没有可备份的数据库" in capsys.readouterr().err


def test_a_file_that_is_no_back_up_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    other = place.folder / "out"
    other.mkdir()
    (other / "a.zip").write_text("not a zip", encoding="utf-8")
    assert "不是本系统的备份文件" in refused(place, other / "a.zip", capsys)
    assert "不是本系统的备份文件" in refused(place, other / "missing.zip", capsys)


@pytest.mark.parametrize("where", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_damaged_back_up_is_refused_wherever_the_damage_is(
    place: Place, capsys: pytest.CaptureFixture[str], where: float
) -> None:
    place.fill()
    file = back_up(place, capsys)
    data = bytearray(file.read_bytes())
    start = int(len(data) * where)
    data[start : start + 40] = bytes(value ^ 0xFF for value in data[start : start + 40])
    file.write_bytes(data)
    assert "损坏" in refused(place, file, capsys)


def test_a_back_up_that_was_cut_short_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    file = back_up(place, capsys)
    file.write_bytes(file.read_bytes()[:-3000])
    assert "已损坏" in refused(place, file, capsys)


def test_a_database_that_somebody_exchanged_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    file = back_up(place, capsys)
    with zipfile.ZipFile(file) as archive:
        copy = place.folder / "out" / "changed.db"
        copy.write_bytes(archive.read("matrix.db"))
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("DELETE FROM comments")
    assert "校验值不符" in refused(place, repacked(file, copy.read_bytes()), capsys)


def test_a_back_up_of_another_key_is_refused_until_that_key_is_put_in_place(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    place.fill()
    file = back_up(place, capsys)
    assert keys.main(["export", str(place.folder / "out" / "old.key")]) == 0
    capsys.readouterr()
    place.key_file.unlink()
    save_keyring(place.key_file, new_keyring())
    assert "密钥文件" in (said := refused(place, file, capsys)) and "keys import" in said
    assert keys.main(["import", str(place.folder / "out" / "old.key")]) == 0
    assert restore.main([str(file), "--yes"]) == 0


def test_a_back_up_of_a_newer_program_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    with closing(open_writer(place.path)) as db, writing(db):
        db.execute("INSERT INTO _sqlite_migrations(migration_set, name, applied_at) VALUES('matrix', 'm999_future', '2030')")
    file = back_up(place, capsys)
    with closing(open_writer(place.path)) as db, writing(db):
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm999_future'")
    assert "请先升级程序" in refused(place, file, capsys)


def test_nothing_is_restored_under_a_running_worker(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill()
    file = back_up(place, capsys)
    with hold_lock(place.path):
        assert "已有一个采集程序在运行" in refused(place, file, capsys)


def test_without_a_yes_nothing_happens(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    place.fill()
    file = back_up(place, capsys)
    before = fingerprint(place)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert restore.main([str(file)]) == 1
    assert "没有改动" in capsys.readouterr().out
    assert fingerprint(place) == before


def test_a_database_that_cannot_be_read_any_more_is_no_obstacle(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.fill(2)
    file = back_up(place, capsys)
    place.path.write_bytes(b"\x00damaged" * 4096)
    assert restore.main([str(file), "--yes"]) == 0
    assert place.ask("SELECT count(*) FROM posts") == [(2,)]
    assert [path.read_bytes()[:8] for path in place.folder.glob("matrix.db.before-*[0-9]")] == [b"\x00damaged"]


def test_a_restored_database_may_be_older_than_the_program(place: Place) -> None:
    settings = place.settings
    with closing(create_database(place.path)):
        pass
    save_keyring(place.key_file, new_keyring())
    file = backup.write_backup(settings, place.folder / "out", NOW)
    elsewhere = replace(settings, database=replace(settings.database, path=place.folder / "new" / "m.db"))
    assert restore.restore(elsewhere, file, NOW) is None
    assert elsewhere.database.path.exists()
