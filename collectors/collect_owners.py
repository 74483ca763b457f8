"""Whose rows these are: finds the accounts that a file names in the ledger, registers or refuses the others."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from collectors.files.rows import AccountKey
from matrix.account import PLATFORM_NAMES, Account, Platform
from matrix.ledger import NAMELESS
from storage import accounts, imports, ledger_apply
from storage.keyring import Keyring


@dataclass(slots=True)
class Refusal:
    """Rows of one account that the ledger does not have: the first line, how many, and why."""

    line: int
    count: int
    reason: str


@dataclass(slots=True)
class Owners:
    """The ledger as an import asks it; `register_under` is the code of the unit that takes unknown accounts, "" refuses them."""

    db: sqlite3.Connection
    keyring: Keyring
    now: datetime
    author: str
    register_under: str = ""
    is_rehearsal: bool = False
    refused: dict[AccountKey, Refusal] = field(default_factory=dict)
    registered: list[Account] = field(default_factory=list)
    by_id: dict[int, Account] = field(default_factory=dict)
    _by_ext: dict[tuple[Platform, str], Account] = field(default_factory=dict)
    _by_name: dict[tuple[Platform, str], list[Account]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for account in accounts.everyone(self.db):
            self._learn(account)

    def _learn(self, account: Account) -> None:
        self.by_id[account.id] = account
        self._by_ext[account.platform, account.ext_id] = account
        self._by_name.setdefault((account.platform, account.name), []).append(account)

    def find(self, key: AccountKey) -> Account | str:
        """The account, or a Chinese sentence that says why there is none."""
        platform = PLATFORM_NAMES[key.platform]
        if not (key.ext_id or key.name):
            return "没有说明是哪个账号：请指定账号(平台账号ID或账号名称)"
        found = self._by_ext.get((key.platform, key.ext_id)) if key.ext_id else None
        if found:
            return found
        namesakes = self._by_name.get((key.platform, key.name), []) if key.name else []
        if key.ext_id:
            # The same name under another id is another account, unless nobody had entered the id yet.
            namesakes = [account for account in namesakes if account.ext_id.startswith(NAMELESS)]
        if len(namesakes) > 1:
            return f"台账里有{len(namesakes)}个{platform}账号叫“{key.name}”，请用平台账号ID指明"
        if namesakes:
            return namesakes[0]
        if self.register_under:
            return self._register(key)
        return f"台账里没有{platform}账号“{key.name or key.ext_id}”"

    def owner(self, key: AccountKey, line: int) -> Account | None:
        """The account, with its rows counted as refused when there is none."""
        found = self.find(key)
        if isinstance(found, Account):
            return found
        refusal = self.refused.setdefault(key, Refusal(line, 0, found))
        refusal.count += 1
        return None

    def officials(self, platform: Platform, name: str) -> Account | None:
        """The account of the ledger that goes by this name, when only one does."""
        namesakes = self._by_name.get((platform, name), [])
        return namesakes[0] if len(namesakes) == 1 else None

    def of_posts(self, platform: Platform, post_exts: Iterable[str]) -> dict[str, Account]:
        """Owners of the posts that we hold."""
        owned = imports.owners_of(self.db, platform, post_exts)
        return {ext_id: self.by_id[account_id] for ext_id, account_id in owned.items()}

    def _register(self, key: AccountKey) -> Account | str:
        ext_id, name = key.ext_id or NAMELESS + key.name, key.name or key.ext_id
        if self.is_rehearsal:
            account = Account(-len(self.registered) - 1, key.platform, ext_id, name, 0, accounts.Route.FILES)
        else:
            try:
                account_id = ledger_apply.register(
                    self.db, self.register_under, key.platform, ext_id, name, self.author, self.keyring, self.now
                )
            except LookupError as error:
                return str(error.args[0])
            made = accounts.find(self.db, account_id)
            assert made is not None
            account = made
        self._learn(account)
        self.registered.append(account)
        return account
