"""Edits that were collected before wordings were kept count as well."""

from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from storage import schema, wordings


def test_edits_of_an_older_database_become_wordings_and_are_read_again(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "old.db").conn) as db:
        old = Database(db)
        schema.migrations.apply(old, stop_before="m010_wordings")
        db.execute("INSERT INTO organizations(id, code, name, level, seen_at) VALUES(1, 'S', '市', '地市级', 0)")
        db.execute("INSERT INTO accounts(id, platform, ext_id, name, organization_id, seen_at) VALUES(1, 1, '700', '发布', 1, 0)")
        db.execute(
            "INSERT INTO comments(id, platform, ext_id, account_id, channel, author_key, author_name, author_is_official, "
            "published_at, seen_at, observed_at, region, text) "
            "VALUES(1, 1, 'r1', 1, 'comment', '700', '发布', 1, 1000, 2001, 9000, '', '今晚恢复')"
        )
        db.execute("INSERT INTO comment_versions(comment_id, observed_at, text, seen_at) VALUES(1, 2000, '来信收悉', 9001)")
        schema.migrations.apply(old)
        assert [(since, one.text, one.seen_at) for since, one in wordings.of(db, [1])[1]] == [
            (1000, "来信收悉", 2001),
            (9000, "今晚恢复", 9001),
        ]
        assert db.execute("SELECT comment_id FROM rereads").fetchall() == [(1,)]
