"""The account ledger as a table states it: units, accounts, what is wrong with a row, and how it differs from what we hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matrix.account import Platform

UNIT_FIELDS = {"name": "单位名称", "parent_id": "上级单位", "level": "层级", "line": "条线", "region": "地区"}
ACCOUNT_FIELDS = {
    "ext_id": "平台账号ID",
    "name": "账号名称",
    "organization_id": "所属单位",
    "nature": "账号性质",
    "person": "责任人",
    "phone": "联系电话",
    "filing": "备案状态",
    "status": "运行状态",
    "exemption": "豁免说明",
    "route": "采集方式",
    "feed_url": "订阅地址",
}
NAMELESS = "名称："
"""Begins the id of an account whose platform id nobody has entered yet; a later table may give the true one."""

ADDED, CHANGED, ABSENT, FAULTY = "新增", "修改", "未出现在本表", "错误"


@dataclass(frozen=True, slots=True)
class LedgerUnit:
    """One unit. Without a code of its own (`has_code`) the path of names stands for it; `parent` is a code, a name or a path."""

    line: int
    code: str
    name: str
    parent: str
    values: Mapping[str, str] = field(default_factory=dict)
    has_code: bool = True


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One account. `values` holds only what the table states; an empty cell leaves alone what is known."""

    line: int
    unit: str
    platform: Platform
    ext_id: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LedgerFault:
    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger as it was read; faulty rows are named and left out."""

    units: tuple[LedgerUnit, ...] = ()
    accounts: tuple[LedgerAccount, ...] = ()
    faults: tuple[LedgerFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what an import would change; `kind` is one of 新增, 修改, 未出现在本表, 错误."""

    kind: str
    subject: str
    name: str
    detail: str = ""
    before: str = ""
    after: str = ""
    line: int | None = None
