"""Whose white list lacks our address: one account's, or those of all accounts because our address has changed."""

import threading

from matrix.run import CollectError

REFUSED = "40164"
"""invalid ip, not in whitelist"""


class Whitelists:
    """Every account keeps its own list, so one refusal is that account's matter; two with no success between are ours."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: set[int] = set()

    def note_success(self) -> None:
        """The platform talks to us under our present address."""
        with self._lock:
            self._refused.clear()

    def judge(self, account: int, error: CollectError) -> CollectError:
        """The failure with the cause that fits what other accounts met; failures of another kind as they are."""
        if error.code != REFUSED:
            return error
        with self._lock:
            self._refused.add(account)
            is_ours = len(self._refused) > 1
        cause = "host:wechat:whitelist" if is_ours else f"account:{account}:whitelist"
        return CollectError(error.kind, error.sentence, cause=cause, retry_at=error.retry_at, code=error.code)
