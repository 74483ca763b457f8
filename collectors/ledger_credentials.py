"""Reads the table of credentials (平台, 平台账号ID, 凭据); what is wrong with a row is said without repeating a secret."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from collectors.files.ids import clean_id
from collectors.files.opening import open_tables
from collectors.files.platforms import list_of_platforms, platform_named
from collectors.files.rows import AccountKey, FileError, RowError, RowFault
from collectors.files.values import read_text
from collectors.ledger import target_columns
from matrix.account import Platform

SECRET_COLUMNS = ("凭据", "凭证", "访问令牌", "token", "access_token")


@dataclass(frozen=True, slots=True)
class Credential:
    """One account's credential as the file gives it: a Weibo access token, or `appid:secret` of a WeChat account."""

    line: int
    account: AccountKey
    secret: str = field(repr=False)


def read_credentials(path: Path) -> Iterator[Credential | RowFault]:
    """Row by row. Raises FileError when the file is no table of credentials."""
    tables = open_tables(path)
    try:
        for table in tables:
            secret_column = next((name for name in SECRET_COLUMNS if name in table.columns), "")
            columns = target_columns(table.columns)
            if not secret_column or "平台" not in columns or not {"平台账号ID", "账号名称"} & set(columns):
                continue
            for row in table.rows():
                if isinstance(row, RowFault):
                    yield RowFault(row.line, row.reason)
                    continue
                line, cells = row
                try:
                    yield _credential(line, {target: cells.get(name) for target, name in columns.items()}, cells[secret_column])
                except RowError as error:
                    yield RowFault(line, str(error))
            return
        raise FileError("这不是凭据表：应有“平台”“平台账号ID”“凭据”三列")
    finally:
        for table in tables:
            with suppress(OSError):
                table.close()


def _credential(line: int, cells: dict[str, object], secret: object) -> Credential:
    word = read_text(cells.get("平台"))
    platform = platform_named(word)
    if platform is None:
        raise RowError(f"平台“{word[:20]}”不认识，应为：{list_of_platforms()}")
    key = AccountKey(platform, clean_id(cells.get("平台账号ID"), "平台账号ID"), read_text(cells.get("账号名称")))
    if not (key.ext_id or key.name):
        raise RowError("缺少平台账号ID")
    text = read_text(secret).strip()
    if not text:
        raise RowError("凭据是空的")
    if any(char.isspace() for char in text) or not text.isascii():
        raise RowError("凭据里有空格、换行或中文，可能复制不完整")
    if platform == Platform.WECHAT and not all(text.partition(":")[::2]):
        raise RowError("公众号的凭据应写成 AppID:AppSecret")
    return Credential(line, key, text)
