"""Who may look and act: roles, what each may do, and what a password must be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """One person has one role; the three administrators exclude each other and every business role."""

    SYSTEM = "系统管理员"
    SECURITY = "安全管理员"
    AUDIT = "审计管理员"
    LEAD = "主管"
    WATCH = "值班"
    ANALYST = "分析"
    READER = "只读"


class Right(StrEnum):
    """What the menu and every act ask for."""

    DUTY = "查看值班首页"
    COLLECTION = "查看采集状态"
    CHECK_NOW = "立即检查账号"
    LEDGER = "查看账号台账"
    LEDGER_EDIT = "维护账号台账"
    PEOPLE = "增减用户"
    GRANT = "授予角色和范围、重置密码"
    JOURNAL = "查阅操作日志"
    CASES = "办理诉求"
    CASES_VIEW = "查看诉求"
    TIMELINESS = "查看回复时效"
    RULES = "设定时限规则"
    EXPORT = "导出数据"
    MATRIX = "查看矩阵"
    INSPECT = "运行更新检查"
    SHIFT = "接班交班"
    CHANNELS = "设置通知渠道"
    CHANNELS_VIEW = "查看通知渠道"
    ALERTS = "处置预警"
    ALERTS_VIEW = "查看预警"
    INCIDENTS = "处置事件"
    INCIDENTS_VIEW = "查看事件"
    WATCHES = "维护监测方案"
    REPORTS = "起草报告"
    REPORTS_CHECK = "审核、签发报告"
    REPORTS_VIEW = "查看报告"
    UNMASK = "查看未脱敏内容"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.SYSTEM: frozenset(
        {
            Right.COLLECTION,
            Right.CHECK_NOW,
            Right.LEDGER,
            Right.LEDGER_EDIT,
            Right.PEOPLE,
            Right.CHANNELS,
            Right.CHANNELS_VIEW,
        }
    ),
    Role.SECURITY: frozenset({Right.GRANT}),
    Role.AUDIT: frozenset({Right.JOURNAL}),
    Role.LEAD: frozenset(
        {
            Right.DUTY,
            Right.CASES,
            Right.CASES_VIEW,
            Right.TIMELINESS,
            Right.RULES,
            Right.EXPORT,
            Right.MATRIX,
            Right.INSPECT,
            Right.SHIFT,
            Right.CHANNELS,
            Right.CHANNELS_VIEW,
            Right.COLLECTION,
            Right.CHECK_NOW,
            Right.LEDGER,
            Right.LEDGER_EDIT,
            Right.ALERTS,
            Right.ALERTS_VIEW,
            Right.INCIDENTS,
            Right.INCIDENTS_VIEW,
            Right.WATCHES,
            Right.REPORTS,
            Right.REPORTS_CHECK,
            Right.REPORTS_VIEW,
            Right.UNMASK,
        }
    ),
    Role.WATCH: frozenset(
        {
            Right.DUTY,
            Right.CASES,
            Right.CASES_VIEW,
            Right.TIMELINESS,
            Right.EXPORT,
            Right.MATRIX,
            Right.INSPECT,
            Right.SHIFT,
            Right.CHANNELS_VIEW,
            Right.COLLECTION,
            Right.CHECK_NOW,
            Right.LEDGER,
            Right.ALERTS,
            Right.ALERTS_VIEW,
            Right.INCIDENTS,
            Right.INCIDENTS_VIEW,
            Right.REPORTS,
            Right.REPORTS_VIEW,
        }
    ),
    Role.ANALYST: frozenset(
        {
            Right.DUTY,
            Right.CASES_VIEW,
            Right.TIMELINESS,
            Right.EXPORT,
            Right.MATRIX,
            Right.INSPECT,
            Right.COLLECTION,
            Right.LEDGER,
            Right.ALERTS_VIEW,
            Right.INCIDENTS_VIEW,
            Right.WATCHES,
            Right.REPORTS,
            Right.REPORTS_VIEW,
        }
    ),
    Role.READER: frozenset({Right.DUTY, Right.TIMELINESS, Right.MATRIX, Right.COLLECTION, Right.ALERTS_VIEW, Right.REPORTS_VIEW}),
}

STAND_INS = {Role.SECURITY: Right.GRANT, Role.AUDIT: Right.JOURNAL}
"""What the system administrator does as well while nobody holds the role; an office of one person must be able to start."""

WHOLE_TREE = frozenset({Role.SYSTEM, Role.SECURITY})
"""Roles that look after the installation and see every unit of the ledger; neither may open what citizens wrote."""

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a login; a disabled person keeps the row, because the journal names it."""

    id: int
    login: str
    name: str
    role: Role
    must_change: bool
    password_at: datetime
    created_at: datetime
    locked_until: datetime | None = None
    disabled_at: datetime | None = None


def rights_of(role: Role, filled: frozenset[Role]) -> frozenset[Right]:
    """What a role may do, given the roles that somebody active holds."""
    rights = RIGHTS[role]
    if role is Role.SYSTEM:
        rights |= {right for absent, right in STAND_INS.items() if absent not in filled}
    return rights


def judge_login(login: str) -> str:
    """What is wrong with a login name, as a sentence; empty when nothing is."""
    if not 2 <= len(login) <= 32 or not all(letter.isalnum() or letter in "._-" for letter in login):
        return "登录名须为2到32个字符，只能用文字、数字、点、下划线和短横线。"
    return ""


def judge_password(password: str, login: str) -> str:
    """What is wrong with a new password, as a sentence; empty when nothing is.

    Common practice for level 3 of GB/T 22239-2019: eight or more characters of three classes; no number is in the standard.
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"密码至少{SHORTEST_PASSWORD}位。"
    if len(password) > LONGEST_PASSWORD:
        return f"密码最长{LONGEST_PASSWORD}位。"
    classes = (
        any(letter.islower() for letter in password),
        any(letter.isupper() for letter in password),
        any(letter.isdigit() for letter in password),
        any(not letter.isalnum() for letter in password),
    )
    if sum(classes) < 3:
        return "密码须包含大写字母、小写字母、数字、符号中的至少三类。"
    if len(login) >= 4 and login.casefold() in password.casefold():
        return "密码不能包含登录名。"
    return ""


def may_change(actor: Person, target: Person, holders: int) -> str:
    """Why `actor` may not disable `target` or change his role, as a sentence; `holders` hold the target's role and are active."""
    if actor.id == target.id:
        return "不能停用自己或改变自己的角色，请由另一位管理员办理。"
    if target.role is Role.SYSTEM and holders < 2:
        return "这是唯一的系统管理员，停用后将无人能够管理；请先增加一位系统管理员。"
    return ""
