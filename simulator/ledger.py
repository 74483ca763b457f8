"""The two files that an office would bring: its account ledger and the credentials of its accounts."""

import csv
from pathlib import Path
from random import Random

from simulator.city import City
from simulator.events import SimAccount
from simulator.people import PLATFORMS, feed_form

HEADERS = (
    "单位编码", "单位名称", "上级单位编码", "层级", "条线", "地区", "平台", "平台账号ID", "账号名称", "账号性质", "责任人",
    "联系电话", "备案状态", "运行状态", "豁免说明", "采集方式", "订阅地址",
)  # fmt: skip
ROUTES = {
    "weibo_free": "微博开放平台(免费)",
    "weibo_commercial": "微博开放平台(商业)",
    "wechat": "微信公众号接口",
    "feed": "订阅源",
    "none": "仅登记",
}
_SURNAMES = "柏苗桑蓝管芦卓池褚晏阮时凌莫乔"
_GIVEN = ("云舟", "知夏", "立行", "晓岚", "文川", "若溪", "开宁", "思远", "景和", "念安", "书屏", "望江")


def ledger_rows(city: City, url: str) -> list[list[str]]:
    """Rows under HEADERS: one per account, and one with empty account columns for each unit that has none."""
    mine: dict[str, list[SimAccount]] = {}
    for account in city.accounts:
        mine.setdefault(account.unit, []).append(account)
    rows = []
    for unit in city.units:
        head = [unit.code, unit.name, unit.parent, unit.level, unit.line, unit.region]
        rows += [head + _account(account, city, url) for account in mine.get(unit.code, [])] or [head + [""] * 11]
    return rows


def _account(account: SimAccount, city: City, url: str) -> list[str]:
    rng = Random(f"{city.seed}/ledger/{account.ext_id}")
    person = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
    feed = f"{url}/feeds/{account.feed}.{feed_form(account.feed)}" if account.feed else ""
    filed = "未备案" if rng.random() < 0.06 else "已备案"
    state = "暂停" if account.route == "none" and rng.random() < 0.3 else "正常"
    exempt = "季节性账号，非汛期不要求更新" if account.ext_id in city.quiet and rng.random() < 0.15 else ""
    return [
        PLATFORMS[account.platform], account.ext_id, account.name, "机构", person, f"0100-55{rng.randrange(10**6):06d}",
        filed, state, exempt, ROUTES[account.route], feed,
    ]  # fmt: skip


def credential_rows(city: City) -> list[list[str]]:
    """平台, 平台账号ID, 凭据: a Weibo token, or `appid:secret` of a WeChat account."""
    rows = []
    for account in city.accounts:
        if account.token:
            rows.append([PLATFORMS["weibo"], account.ext_id, account.token])
        elif account.secret:
            rows.append([PLATFORMS["wechat"], account.ext_id, f"{account.ext_id}:{account.secret}"])
    return rows


def _write(path: Path, headers: tuple[str, ...], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)


def write_ledger(city: City, url: str, path: Path) -> None:
    """The account ledger as CSV with a BOM, as spreadsheets write it."""
    _write(path, HEADERS, ledger_rows(city, url))


def write_credentials(city: City, path: Path) -> None:
    """The credentials as CSV, readable by the owner only."""
    path.touch(mode=0o600)
    _write(path, ("平台", "平台账号ID", "凭据"), credential_rows(city))
