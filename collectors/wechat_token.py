"""Access tokens of WeChat accounts: kept in memory for their life, one refresh at a time, never in any text."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

MARGIN = timedelta(seconds=60)
FORCE_EVERY = timedelta(hours=2)
"""Forced refreshes are few (20 a day) and take the token away from everybody else, so at most one in this time."""

Fetch = Callable[[bool], tuple[str, int]]
"""Asks the platform for a token (forced or not) and gives it with its remaining life in seconds."""


@dataclass(slots=True, repr=False)
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    token: str = ""
    credential: bytes = b""
    good_until: datetime | None = None
    forced_at: datetime | None = None


class Tokens:
    """One token per account of the ledger; threads that need the same one wait for a single request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: dict[int, _Slot] = {}

    def get(self, account: int, credential: str, now: datetime, fetch: Fetch) -> str:
        """The account's token, asked for when there is none, it is about to end, or the credential changed."""
        slot = self._slot(account)
        with slot.lock:
            same = slot.credential == _digest(credential)
            if slot.token and same and slot.good_until is not None and now < slot.good_until:
                return slot.token
            return self._take(slot, credential, now, fetch(False))

    def renew(self, account: int, credential: str, refused: str, now: datetime, fetch: Fetch) -> str:
        """Another token than the one that the platform refused.

        The stable interface repeats its token while it thinks it good; only when it hands out the refused one again is a
        new one forced, and that seldom: two systems that force in turn would take the token from each other for ever.
        """
        slot = self._slot(account)
        with slot.lock:
            if slot.token and slot.token != refused and slot.credential == _digest(credential):
                return slot.token  # another thread was quicker
            token = self._take(slot, credential, now, fetch(False))
            if token == refused and (slot.forced_at is None or now - slot.forced_at >= FORCE_EVERY):
                slot.forced_at = now
                token = self._take(slot, credential, now, fetch(True))
            return token

    def drop(self, account: int) -> None:
        """Forget the account's token."""
        slot = self._slot(account)
        with slot.lock:
            slot.token = ""

    def _slot(self, account: int) -> _Slot:
        with self._lock:
            return self._slots.setdefault(account, _Slot())

    def _take(self, slot: _Slot, credential: str, now: datetime, answer: tuple[str, int]) -> str:
        slot.token, life = answer
        slot.credential = _digest(credential)
        slot.good_until = now + timedelta(seconds=life) - MARGIN
        return slot.token


def _digest(credential: str) -> bytes:
    return blake2b(credential.encode("utf-8", "replace"), digest_size=16).digest()
