"""The key of the installation: seals credentials and turns citizens' ids into pseudonyms; kept outside the database."""

import base64
import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

UNREADABLE = "凭据无法解密：密钥文件与数据库不匹配，请恢复原密钥文件，或重新录入账号凭据"


class KeyringError(Exception):
    """The key file is missing, damaged or not the one that sealed this database; the text is a Chinese sentence."""


@dataclass(frozen=True)
class Keyring:
    """`seals` are Fernet keys, newest first; `pepper` are the layers of the keyed hash, oldest first.

    Platform ids of citizens are never kept, so they cannot be hashed anew when the key changes: a rotation adds a layer
    over the layers before it, and stored pseudonyms are hashed once more under the new layer.
    """

    seals: tuple[str, ...] = field(repr=False)
    pepper: tuple[str, ...] = field(repr=False)

    def seal(self, secret: str) -> str:
        return self._fernet().encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The secret in clear. Raises KeyringError when another key sealed it."""
        try:
            return self._fernet().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise KeyringError(UNREADABLE) from None

    def reseal(self, sealed: str) -> str:
        """The same secret under the newest key. Raises KeyringError when another key sealed it."""
        try:
            return self._fernet().rotate(sealed.encode()).decode()
        except InvalidToken:
            raise KeyringError(UNREADABLE) from None

    def pseudonym(self, platform: int, author_id: str) -> str:
        """Stable keyed hash of a citizen's platform id (BLAKE2b, 96 bits, `u` + 24 hex digits)."""
        if not author_id:
            return ""
        value = f"{platform}:{author_id}"
        for layer in self.pepper:
            value = repseudonym(value, layer)
        return value

    def fingerprint(self) -> str:
        """A short name of the key that may be shown and stored: tells whether key file and database belong together."""
        return hashlib.blake2b("|".join(self.pepper).encode(), digest_size=6).hexdigest()

    def rotated(self) -> "Keyring":
        return Keyring((_new_seal(), *self.seals), (*self.pepper, secrets.token_hex(32)))

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.seals])


def repseudonym(value: str, layer: str) -> str:
    """One layer of the keyed hash; over a stored pseudonym it gives the pseudonym after a rotation."""
    key = layer.encode()[:64]
    return "u" + hashlib.blake2b(value.encode("utf-8", "surrogatepass"), key=key, digest_size=12).hexdigest()


def _new_seal() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def new_keyring() -> Keyring:
    return Keyring((_new_seal(),), (secrets.token_hex(32),))


def load_keyring(path: Path, *, make: bool = False) -> Keyring:
    """Read the key file; with `make` a missing one is made (mode 0600). Raises KeyringError with what to do."""
    if not path.exists():
        if not make:
            raise KeyringError(f"找不到密钥文件 {path}：请从密钥备份恢复，否则已保存的凭据无法使用")
        save_keyring(path, new_keyring())
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        ring = Keyring(tuple(content["seals"]), tuple(content["pepper"]))
        ring.seal("probe")
    except (ValueError, KeyError, TypeError) as error:
        raise KeyringError(f"密钥文件 {path} 已损坏：请从密钥备份恢复") from error
    return ring


def save_keyring(path: Path, ring: Keyring) -> None:
    """Write the key file whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"seals": ring.seals, "pepper": ring.pepper}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    if not path.exists():
        with contextlib.suppress(FileExistsError):  # of two programs that start at once, the first one's key stays
            os.link(part, path)
        part.unlink()
    else:
        part.replace(path)
