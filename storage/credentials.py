"""Credentials of accounts: sealed with the key of the installation, opened only for the collector that needs them."""

import sqlite3
from datetime import datetime
from pathlib import Path

from storage import channels
from storage.database import writing
from storage.keyring import Keyring, KeyringError, load_keyring, repseudonym
from storage.moments import to_seconds


def save(db: sqlite3.Connection, account_id: int, secret: str, keyring: Keyring, now: datetime, by: str) -> None:
    """Seal and keep an account's credential (Weibo: access token; WeChat: `appid:secret`); the account is due at once."""
    values = {"id": account_id, "sealed": keyring.seal(secret), "at": to_seconds(now), "by": by}
    with writing(db):
        db.execute(
            "INSERT INTO credentials(account_id, sealed, saved_at, saved_by) VALUES(:id, :sealed, :at, :by) "
            "ON CONFLICT(account_id) DO UPDATE SET sealed = excluded.sealed, saved_at = excluded.saved_at, "
            "saved_by = excluded.saved_by, expires_at = NULL",
            values,
        )
        db.execute("UPDATE accounts SET next_check_at = :at WHERE id = :id", values)


def find(db: sqlite3.Connection, account_id: int, keyring: Keyring) -> str | None:
    """The credential in clear, None when there is none. Raises KeyringError when another key sealed it."""
    row = db.execute("SELECT sealed FROM credentials WHERE account_id = :id", {"id": account_id}).fetchone()
    return keyring.unseal(row[0]) if row else None


def accounts_without(db: sqlite3.Connection) -> list[tuple[int, str]]:
    """Active accounts whose route needs a credential that nobody has entered: (id, name)."""
    return db.execute(
        "SELECT a.id, a.name FROM accounts a LEFT JOIN credentials c ON c.account_id = a.id WHERE c.account_id IS NULL "
        "AND a.status = '正常运行' AND a.route IN ('weibo_free', 'weibo_commercial', 'wechat') ORDER BY a.id"
    ).fetchall()


def unreadable(db: sqlite3.Connection, keyring: Keyring) -> list[int]:
    """Accounts whose credential this key file cannot open."""
    lost = []
    for account_id, sealed in db.execute("SELECT account_id, sealed FROM credentials ORDER BY account_id").fetchall():
        try:
            keyring.unseal(sealed)
        except KeyringError:
            lost.append(account_id)
    return lost


def rotate(db: sqlite3.Connection, after: Keyring) -> int:
    """Put every credential, channel and citizen's pseudonym under the new key, all or nothing; gives the rows changed.

    `after` is `rotated()` of the key in use. The worker must not run meanwhile: it would go on hashing with the old key.
    """
    layer = after.pepper[-1]
    with writing(db):
        rows = db.execute("SELECT account_id, sealed FROM credentials").fetchall()
        for account_id, sealed in rows:
            sql = "UPDATE credentials SET sealed = :sealed WHERE account_id = :id"
            db.execute(sql, {"sealed": after.reseal(sealed), "id": account_id})
        others = channels.reseal(db, after)
        authors = db.execute(
            "SELECT author_key FROM comments WHERE author_is_official = 0 AND author_key <> '' "
            "UNION SELECT author_key FROM leads WHERE author_key <> ''"
        ).fetchall()
        db.execute("CREATE TEMP TABLE IF NOT EXISTS new_keys(before TEXT PRIMARY KEY, after TEXT NOT NULL)")
        db.execute("DELETE FROM new_keys")
        db.executemany("INSERT INTO new_keys(before, after) VALUES(?, ?)", [(k, repseudonym(k, layer)) for (k,) in authors])
        changed = db.execute(
            "UPDATE comments SET author_key = n.after FROM new_keys n "
            "WHERE comments.author_key = n.before AND comments.author_is_official = 0"
        ).rowcount
        changed += db.execute("UPDATE leads SET author_key = n.after FROM new_keys n WHERE leads.author_key = n.before").rowcount
        remember_key(db, after)
    return len(rows) + others + changed


def remember_key(db: sqlite3.Connection, keyring: Keyring) -> None:
    """Note which key this database belongs to. Inside `writing()`."""
    db.execute(
        "INSERT INTO marks(name, value) VALUES('key_fingerprint', :print) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        {"print": keyring.fingerprint()},
    )


def claim_key(db: sqlite3.Connection, key_file: Path) -> Keyring:
    """The key of this database, made at first use and never in the place of a lost one. Inside `writing()`.

    Raises KeyringError, a Chinese sentence, when the file is missing, damaged or of another database.
    """
    is_new = db.execute("SELECT value FROM marks WHERE name = 'key_fingerprint'").fetchone() is None
    keyring = load_keyring(key_file, make=is_new)
    if not key_belongs(db, keyring):
        raise KeyringError(
            f"密钥文件 {key_file} 与数据库不匹配：继续采集会让同一网民变成两个人，请用 python3 run.py keys import 放回原来的密钥"
        )
    remember_key(db, keyring)
    return keyring


def key_belongs(db: sqlite3.Connection, keyring: Keyring) -> bool:
    """Whether the key file is the one that hashed this database's citizens; True while the database knows no key yet."""
    row = db.execute("SELECT value FROM marks WHERE name = 'key_fingerprint'").fetchone()
    return row is None or row[0] == keyring.fingerprint()
