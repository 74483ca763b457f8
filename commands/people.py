"""People on the command line of the server: for the first day, and for the day when no administrator can sign in."""

import argparse
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime

import settings as site
from matrix.people import Person, Role, judge_login
from storage import journal, organizations, people, sessions
from storage.database import create_database, writing
from storage.passwords import draw_password

ABOUT = "管理用户"
BY = "命令行"


def main(argv: list[str]) -> int:
    """Exit code 0; 1 with a sentence when what was asked cannot be done."""
    options = read(argv)
    with closing(create_database(site.load().database.path)) as db:
        try:
            return WORDS[options.word](db, options, datetime.now(UTC))
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1


def read(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py people", description=ABOUT)
    words = parser.add_subparsers(dest="word", required=True, metavar="动作")
    words.add_parser("list", help="列出用户")
    add = words.add_parser("add", help="新增用户，显示一次性密码")
    add.add_argument("login", help="登录名")
    add.add_argument("--name", help="姓名(默认同登录名)")
    add.add_argument("--role", default=Role.WATCH.value, choices=[role.value for role in Role], help="角色(默认 值班)")
    add.add_argument("--scope", nargs="*", default=[], metavar="单位", help="可查看的单位编码或名称，含下级；写“全部”为整棵树")
    for word, words_of_it in (("reset", "重置密码并解除锁定"), ("disable", "停用"), ("enable", "恢复使用")):
        words.add_parser(word, help=words_of_it).add_argument("login", help="登录名")
    scope = words.add_parser("scope", help="指定可查看的单位")
    scope.add_argument("login", help="登录名")
    scope.add_argument("scope", nargs="*", metavar="单位", help="单位编码或名称，含下级；写“全部”为整棵树；不写为清空")
    role = words.add_parser("role", help="改变角色")
    role.add_argument("login", help="登录名")
    role.add_argument("role", choices=[role.value for role in Role], help="角色")
    return parser.parse_args(argv)


def show_list(db: sqlite3.Connection, _options: argparse.Namespace, now: datetime) -> int:
    for person in people.everybody(db):
        state = "停用" if person.disabled_at else "锁定" if people.is_locked(person, now) else "正常"
        print(
            f"{person.login}\t{person.name}\t{person.role}\t{state}\t{'、'.join(people.scope_names(db, person)) or '未指定单位'}"
        )
    return 0


def add(db: sqlite3.Connection, options: argparse.Namespace, now: datetime) -> int:
    fault = judge_login(options.login)
    if fault:
        raise ValueError(fault)
    password, scope = draw_password(), find_units(db, options.scope)
    with writing(db):
        people.add(
            db,
            login=options.login,
            name=options.name or options.login,
            role=Role(options.role),
            password=password,
            by=BY,
            now=now,
            scope=scope,
        )
        note(db, now, "新增用户", options.login, f"{options.role}，范围{len(scope)}个单位")
    print(f"已建立用户 {options.login}({options.role})\n一次性密码 {password}\n登录后须先修改密码；此密码只显示这一次。")
    return 0


def reset(db: sqlite3.Connection, options: argparse.Namespace, now: datetime) -> int:
    person, password = find(db, options.login), draw_password()
    with writing(db):
        people.set_password(db, person.id, password, now, must_change=True)
        sessions.end_all(db, person.id, now, "密码已重置")
        note(db, now, "重置密码", person.login)
    print(f"用户 {person.login} 的一次性密码 {password}\n登录后须先修改密码；此密码只显示这一次。")
    return 0


def disable(db: sqlite3.Connection, options: argparse.Namespace, now: datetime) -> int:
    person = find(db, options.login)
    if person.role is Role.SYSTEM and people.holders(db, Role.SYSTEM) < 2 and person.disabled_at is None:
        raise ValueError("这是唯一的系统管理员，停用后将无人能够管理；请先增加一位系统管理员。")
    with writing(db):
        people.set_disabled(db, person.id, now)
        sessions.end_all(db, person.id, now, "用户已停用")
        note(db, now, "停用用户", person.login)
    print(f"已停用 {person.login}，其全部登录已结束。")
    return 0


def enable(db: sqlite3.Connection, options: argparse.Namespace, now: datetime) -> int:
    person = find(db, options.login)
    with writing(db):
        people.set_disabled(db, person.id, None)
        people.unlock(db, person.id)
        note(db, now, "恢复使用用户", person.login)
    print(f"{person.login} 可以登录了。")
    return 0


def set_scope(db: sqlite3.Connection, options: argparse.Namespace, now: datetime) -> int:
    person, scope = find(db, options.login), find_units(db, options.scope)
    with writing(db):
        people.set_scope(db, person.id, scope)
        sessions.end_all(db, person.id, now, "角色或范围变更")
        note(db, now, "授予角色和范围", person.login, f"范围{len(scope)}个单位")
    print(f"{person.login} 现在可以查看：{'、'.join(people.scope_names(db, person)) or '无'}。")
    return 0


def set_role(db: sqlite3.Connection, options: argparse.Namespace, now: datetime) -> int:
    person, role = find(db, options.login), Role(options.role)
    if person.role is Role.SYSTEM and role is not Role.SYSTEM and people.holders(db, Role.SYSTEM) < 2:
        raise ValueError("这是唯一的系统管理员，不能改为其他角色；请先增加一位系统管理员。")
    with writing(db):
        people.set_role(db, person.id, role)
        sessions.end_all(db, person.id, now, "角色或范围变更")
        note(db, now, "授予角色和范围", person.login, f"{person.role}→{role}")
    print(f"{person.login} 现在是{role}。")
    return 0


def find(db: sqlite3.Connection, login: str) -> Person:
    person = people.find(db, login)
    if person is None:
        raise ValueError(f"没有登录名为“{login}”的用户，可用 people list 查看。")
    return person


def find_units(db: sqlite3.Connection, wanted: list[str]) -> tuple[int, ...]:
    """Ids of units named by code or name; raises ValueError for one that is unknown or not the only one of its name."""
    roots = organizations.roots(db)
    tree = organizations.tree(db, roots)
    found: list[int] = []
    for word in wanted:
        if word == "全部":
            found += roots
            continue
        rows = tree[(tree["code"] == word) | (tree["name"] == word)]
        if len(rows) != 1:
            raise ValueError(f"{'没有' if rows.empty else '不止一个'}编码或名称为“{word}”的单位，请用单位编码指明。")
        found.append(int(rows.iloc[0]["id"]))
    return tuple(found)


def note(db: sqlite3.Connection, now: datetime, act: str, login: str, detail: str = "") -> None:
    journal.note(db, at=now, actor=BY, act=act, subject=login, detail=detail, address="服务器")


WORDS = {
    "list": show_list,
    "add": add,
    "reset": reset,
    "disable": disable,
    "enable": enable,
    "scope": set_scope,
    "role": set_role,
}
