"""Looks the installation over and says in Chinese what is not right and what to do about it."""

import argparse
import contextlib
import importlib.metadata
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from collectors.collect_calendar import years_in_words
from collectors.web import Web
from matrix import worktime
from matrix.run import CollectError
from settings import ROOT, Settings, load
from storage import channels, credentials, heartbeats, journal, organizations, outages, people, rollups, search, workdays
from storage.database import check_integrity, count_rows, open_database
from storage.keyring import Keyring, KeyringError, load_keyring
from storage.moments import BEIJING
from storage.schema import newest, versions

ABOUT = "体检：检查安装、数据库、日历、账号凭据和时钟，并告诉您该怎么做"
GOOD, NOTE, BAD = "正常", "提示", "问题"
SKEW_SECONDS = 120
MEND = "请停止采集程序和控制台，用 python3 run.py restore 恢复最近的备份"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and the sentence that says so."""

    level: str
    subject: str
    sentence: str


def main(argv: list[str]) -> int:
    """Exit code 0 when nothing is wrong, else 1."""
    parser = argparse.ArgumentParser(prog="run.py doctor", description=ABOUT)
    parser.add_argument("--offline", action="store_true", help="不访问平台(不比对平台时钟)")
    parser.add_argument("--quick", action="store_true", help="不做数据库完整性全面检查")
    options = parser.parse_args(argv)
    settings = load()
    worst = 0
    for finding in examine(settings, offline=options.offline, quick=options.quick):
        print(f"[{finding.level}] {finding.subject}：{finding.sentence}", flush=True)
        worst = max(worst, 1 if finding.level == BAD else 0)
    print("体检结束，有问题需要处理。" if worst else "体检结束，未发现问题。")
    return worst


def examine(settings: Settings, *, offline: bool, quick: bool) -> Iterator[Finding]:
    """Every finding, in the order in which a person would mend them."""
    yield from look_at_installation(settings)
    now = settings.clock().now()
    yield look_at_calendar(now, years_of(settings))
    if not settings.database.path.exists():
        sentence = f"{settings.database.path} 还不存在，首次运行 python3 run.py console 或 worker 时建立"
        yield Finding(NOTE, "数据库", sentence)
    else:
        yield from look_at_database(settings, now, quick=quick)
    if not offline:
        yield from look_at_clocks(settings)


def look_at_installation(settings: Settings) -> Iterator[Finding]:
    """Python, packages, disk."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(GOOD, "Python", version)
    missing = []
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        name = line.split("#")[0].strip()
        if name:
            package = name.split(">")[0].split("=")[0].split("<")[0].strip()
            try:
                importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                missing.append(package)
    if missing:
        yield Finding(BAD, "程序包", f"缺少 {'、'.join(missing)}，请重新运行 python3 run.py 让它自动安装")
    else:
        yield Finding(GOOD, "程序包", "齐全")
    folder = next(p for p in (settings.database.path.parent, *settings.database.path.parents) if p.exists())
    free = shutil.disk_usage(folder).free / 1e9
    level = GOOD if free > 2 else BAD
    yield Finding(level, "磁盘", f"剩余 {free:.1f} GB" + ("" if level == GOOD else "，请清理磁盘，空间用完会停止采集"))


def years_of(settings: Settings) -> frozenset[int]:
    """The years whose working days can be counted: those of the program, and those that were imported."""
    if settings.database.path.exists():
        # A database that cannot be read, or is older than this table, gets a finding of its own.
        with contextlib.suppress(sqlite3.Error), closing(open_database(settings.database.path)) as db:
            return workdays.calendar(db).years
    return worktime.legal_calendar().years


def look_at_calendar(now: datetime, years: frozenset[int]) -> Finding:
    """Whether working days of this year and the next can be counted."""
    first, last = worktime.known_years()
    this_year, month = now.astimezone(BEIJING).year, now.astimezone(BEIJING).month
    imported = frozenset(year for year in years if not first <= year <= last)
    known = f"节假日与调休日历覆盖 {first}—{last} 年" + (f"，另已导入{years_in_words(imported)}" if imported else "")
    cure = "请用 python3 run.py import 文件 --calendar 导入放假安排，或升级程序"
    if this_year not in years:
        return Finding(BAD, "日历", f"{known}，缺少 {this_year} 年：工作时间无法计算，{cure}")
    if month >= 11 and this_year + 1 not in years:
        return Finding(NOTE, "日历", f"{known}；国务院公布 {this_year + 1} 年安排后，{cure}")
    return Finding(GOOD, "日历", known)


def look_at_database(settings: Settings, now: datetime, *, quick: bool) -> Iterator[Finding]:
    """The file itself, its sums, its key, its people, the worker, and what it cannot see."""
    try:
        with closing(open_database(settings.database.path)) as db:
            yield from _look_inside(db, settings, now, quick=quick)
    except sqlite3.OperationalError as error:
        yield Finding(BAD, "数据库", f"无法打开({error})，请检查文件的权限和所在磁盘，再运行一次体检")
    except sqlite3.DatabaseError as error:
        yield Finding(BAD, "数据库", f"无法读取，文件已损坏({error})。{MEND}")


def _look_inside(db: sqlite3.Connection, settings: Settings, now: datetime, *, quick: bool) -> Iterator[Finding]:
    applied, known = set(versions(db)), set(newest())
    if applied != known:
        is_newer = bool(applied - known)
        words = (
            "由更新版本的程序建立，请升级程序" if is_newer else "版本较旧，请启动一次 python3 run.py console 或 worker 完成升级"
        )
        yield Finding(BAD, "数据库", words)
        return
    rows = count_rows(db, ("accounts", "posts", "comments"))
    broken = [] if quick else check_integrity(db)
    if broken:
        yield Finding(BAD, "数据库", f"完整性检查未通过：{broken[0]}。{MEND}")
        return
    counts = f"账号 {rows['accounts']} 个，发布 {rows['posts']} 条，评论 {rows['comments']} 条"
    yield Finding(GOOD, "数据库", counts + ("(未做完整性检查)" if quick else "，完整性检查通过"))
    since = int(now.timestamp() - (rollups.KEEP_BUCKETS_DAYS - 1) * 86400) // 300
    apart = {name: number for name, number in rollups.differences(db, since).items() if number}
    if apart:
        yield Finding(BAD, "汇总", f"汇总与明细不一致({'、'.join(apart)})，请把日志交给维护人员")
    if first_broken := journal.verify(db):
        yield Finding(BAD, "操作日志", f"第 {first_broken} 条起校验不符，日志可能被改动过，请交审计管理员")
    if people.count(db) == 0:
        yield Finding(NOTE, "用户", "还没有用户，首次启动 python3 run.py console 时会建立管理员并显示一次性密码")
    try:
        ring = load_keyring(settings.database.key_file)
    except KeyringError as error:
        yield Finding(BAD if rows["accounts"] else NOTE, "密钥", str(error))
    else:
        if not credentials.key_belongs(db, ring):
            yield Finding(BAD, "密钥", "密钥文件与数据库不匹配，请用 python3 run.py keys import 放回原密钥")
        yield from _credentials(db, ring)
        yield from _channels(db, ring)
    beat = heartbeats.find(db)
    every = settings.worker.heartbeat_seconds * settings.timing.speed
    if heartbeats.is_alive(beat, now, every):
        yield Finding(GOOD, "采集程序", "正在运行")
    elif rows["accounts"]:
        last = f"最近一次活动 {beat.beat_at.astimezone(BEIJING):%m-%d %H:%M}" if beat else "从未运行"
        yield Finding(BAD, "采集程序", f"没有在运行({last})，请运行 python3 run.py worker，或检查开机自启动服务")
    yield look_at_search(db, rows["posts"] + rows["comments"])
    for cause, rows_of_cause in outages.current(db, organizations.roots(db)).groupby("cause"):
        sentence = rows_of_cause["sentence"].iloc[0]
        yield Finding(BAD, "采集中断", f"{sentence}(影响 {len(rows_of_cause)} 个账号，原因代号 {cause})")


def look_at_search(db: sqlite3.Connection, rows: int) -> Finding:
    """How far the search index has come; nothing about it is ever wrong for long, the worker builds it anew."""
    state = search.index_state(db)
    if state.waiting > search.MANY:
        why = f"还有约 {state.waiting} 条没有编入" if state.is_there else "还没有建立"
        return Finding(NOTE, "搜索索引", f"{why}，采集程序运行时自动编入；编完之前，查找结果可能不全")
    if not state.is_there:
        return Finding(GOOD, "搜索索引", "还没有建立；内容不多，查找时逐条核对，结果完整")
    return Finding(GOOD, "搜索索引", f"已编入 {max(0, rows - state.waiting)} 条，其余 {state.waiting} 条查找时逐条核对")


def _credentials(db: sqlite3.Connection, ring: Keyring) -> Iterator[Finding]:
    lost = credentials.unreadable(db, ring)
    if lost:
        yield Finding(BAD, "凭据", f"{len(lost)} 个账号的凭据无法用现有密钥解开，请放回原密钥或重新录入")
    bare = credentials.accounts_without(db)
    if bare:
        names = "、".join(name for _, name in bare[:5])
        yield Finding(BAD, "凭据", f"{len(bare)} 个账号没有录入采集凭据：{names}{'等' if len(bare) > 5 else ''}")
    if not lost and not bare:
        yield Finding(GOOD, "凭据", "需要凭据的账号都已录入并可解开")


def _channels(db: sqlite3.Connection, ring: Keyring) -> Iterator[Finding]:
    """Whether the ways to people can be used; an installation without one tells nobody outside."""
    if lost := channels.unreadable(db, ring):
        yield Finding(BAD, "通知渠道", f"{'、'.join(lost[:5])}的地址无法用现有密钥解开，请放回原密钥，或在“通知渠道”重新录入")
    for name, sentence in channels.failing(db):
        yield Finding(BAD, "通知渠道", f"“{name}”发送失败：{sentence}")


def look_at_clocks(settings: Settings) -> Iterator[Finding]:
    """Our clock against each platform's, by the Date header of its answer."""
    web = Web(settings, settings.clock().now, lambda _seconds: None)
    addresses = {
        "微博免费接口": settings.weibo.free_url,
        "微博商业接口": settings.weibo.commercial_url,
        "微信": settings.wechat.url,
    }
    for name, url in addresses.items():
        host = urlsplit(url).hostname or ""
        try:
            socket.getaddrinfo(host, None)
        except OSError:
            yield Finding(NOTE, f"时钟({name})", f"本机无法解析 {host}：没有外网的电脑属正常，可用导入文件的方式采集")
            continue
        with contextlib.suppress(CollectError):  # whatever it answers, its Date header tells the time
            web.get_json(url, cause_host="doctor")
        skew = web.skew(url)
        if skew is None:
            yield Finding(BAD, f"时钟({name})", f"无法连接 {host}，请检查网络、代理或防火墙")
        elif abs(skew) > SKEW_SECONDS:
            side = "快" if skew > 0 else "慢"
            yield Finding(BAD, f"时钟({name})", f"本机时钟比平台{side} {timedelta(seconds=round(abs(skew)))}，请校准系统时间")
        else:
            yield Finding(GOOD, f"时钟({name})", f"与平台相差 {abs(skew):.0f} 秒以内")
