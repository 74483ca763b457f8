"""Reads the account ledger (units and accounts) from a table that an office fills in; every wrong row is named."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from collectors.files.ids import clean_id, rounded_columns
from collectors.files.opening import open_tables
from collectors.files.platforms import list_of_platforms, platform_named
from collectors.files.rows import Cell, FileError, RowError, RowFault
from collectors.files.tables import Row, Table, excerpt
from collectors.files.values import read_text
from collectors.ledger_words import CLEARED, COLUMNS, FIELDS, WORDS, default_route, level_named, route_fault
from matrix.account import ROUTE_NAMES, SIGHTS, Platform, Route
from matrix.ledger import Ledger, LedgerAccount, LedgerFault, LedgerUnit

MOST_ROWS = 100_000
EXAMPLE = "示例"
"""Rows whose unit code begins so are passed over: an example that was left in a table is no unit."""


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file. Raises FileError when the file as a whole is no ledger."""
    tables = open_tables(path)
    try:
        for table in tables:
            columns = target_columns(table.columns)
            if "单位名称" in columns:
                return _read(table, columns)
        raise FileError("这不是账号台账：至少要有“单位名称”一列；可下载模板填写")
    finally:
        for table in tables:
            with suppress(OSError):
                table.close()


def target_columns(columns: Iterable[str]) -> dict[str, str]:
    """Target to the column that holds it, by our own names and their usual variants, in any order."""
    present = {column.replace(" ", "").rstrip("*").split("(")[0].split("(")[0]: column for column in columns}
    return {
        target: next(present[word] for word in (target, *words) if word in present)
        for target, words in COLUMNS.items()
        if any(word in present for word in (target, *words))
    }


def _read(table: Table, columns: Mapping[str, str]) -> Ledger:
    rows: list[Row] = []
    faults: list[LedgerFault] = []
    for row in table.rows():
        if isinstance(row, RowFault):
            faults.append(LedgerFault(row.line, row.reason, row.excerpt))
        else:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise FileError(f"台账超过{MOST_ROWS}行，请分成几个文件")
    cut = rounded_columns(cells for _, cells in rows)
    units: dict[str, LedgerUnit] = {}
    accounts: list[LedgerAccount] = []
    for line, raw in rows:
        cells = {target: raw.get(column) for target, column in columns.items()}
        if str(cells.get("单位编码") or "").strip().startswith(EXAMPLE):
            continue
        try:
            unit = _unit(line, cells, columns.get("单位编码") in cut)
            if unit.code in units:
                unit = _same(units[unit.code], unit)
            account = _account(line, cells, unit.code, columns.get("平台账号ID") in cut)
        except RowError as error:
            faults.append(LedgerFault(line, str(error), excerpt(raw)))
            continue
        units[unit.code] = unit
        if account:
            accounts.append(account)
    return Ledger(tuple(units.values()), tuple(accounts), tuple(faults))


def _unit(line: int, cells: Mapping[str, Cell], is_cut: bool) -> LedgerUnit:
    name = read_text(cells.get("单位名称"))
    path = [part.strip() for part in name.split("/") if part.strip()]
    if not path:
        raise RowError("缺少单位名称")
    parent = clean_id(cells.get("上级单位编码"), "上级单位编码", rounded_column=is_cut)
    parent = parent or "/".join(part.strip() for part in read_text(cells.get("上级单位名称")).split("/") if part.strip())
    parent = parent or "/".join(path[:-1])
    code = clean_id(cells.get("单位编码"), "单位编码", rounded_column=is_cut)
    values = {"level": level_named(read_text(cells.get("层级")))}
    values |= {"line": read_text(cells.get("条线")), "region": read_text(cells.get("地区"))}
    values = {field: value for field, value in values.items() if value}
    if code:
        return LedgerUnit(line, code, path[-1], parent, values)
    return LedgerUnit(line, f"{parent}/{path[-1]}" if parent else path[-1], path[-1], parent, values, has_code=False)


def _same(first: LedgerUnit, again: LedgerUnit) -> LedgerUnit:
    """A unit stands on as many rows as it has accounts: they may leave cells empty, and must not contradict each other."""
    for ours, theirs, what in (
        (first.name, again.name, "单位名称"),
        (first.parent, again.parent, "上级单位"),
        *((first.values.get(field, ""), again.values.get(field, ""), FIELDS[field]) for field in ("level", "line", "region")),
    ):
        if ours and theirs and ours != theirs:
            raise RowError(f"单位编码“{first.code}”的{what}与第{first.line}行不一致：“{theirs}”和“{ours}”")
    return LedgerUnit(
        first.line, first.code, first.name, first.parent or again.parent, {**again.values, **first.values}, first.has_code
    )


def _account(line: int, cells: Mapping[str, Cell], unit: str, is_cut: bool) -> LedgerAccount | None:
    """The account on a row, None on a row that only tells of a unit."""
    word, name = read_text(cells.get("平台")), read_text(cells.get("账号名称")).removeprefix("@")
    ext_id = clean_id(cells.get("平台账号ID"), "平台账号ID", rounded_column=is_cut)
    if not (word or name or ext_id):
        return None
    if not word:
        raise RowError("有账号而没有填写平台")
    platform = platform_named(word)
    if platform is None:
        raise RowError(f"平台“{word[:20]}”不认识，应为：{list_of_platforms()}")
    if not name:
        raise RowError("缺少账号名称")
    if platform == Platform.WEIBO and ext_id and not ext_id.isdigit():
        raise RowError(f"微博的平台账号ID“{ext_id[:30]}”应为数字UID")
    values = {}
    for target, (field, words) in WORDS.items():
        text = read_text(cells.get(target))
        if text:
            value = words.get(text.replace(" ", "").lower())
            if value is None:
                raise RowError(f"{target}“{text[:20]}”应为：{'、'.join(dict.fromkeys(words.values()))}")
            values[field] = value
    for target, field in (("责任人", "person"), ("联系电话", "phone"), ("豁免说明", "exemption"), ("订阅地址", "feed_url")):
        text = clean_id(cells.get(target), target) if target == "联系电话" else read_text(cells.get(target))
        if text:
            values[field] = "" if text in CLEARED else text
    if values.get("feed_url") and not values["feed_url"].startswith(("http://", "https://")):
        raise RowError("订阅地址应以 http:// 或 https:// 开头")
    values["route"] = _route(platform, read_text(cells.get("采集方式")), values.get("feed_url", ""))
    return LedgerAccount(line, unit, platform, ext_id, name, {k: v for k, v in values.items() if k != "route" or v})


def _route(platform: Platform, text: str, feed_url: str) -> str:
    """How the account is collected; "" when the row does not say and its platform has a collector: a known one stays."""
    if not text:
        return default_route(platform, feed_url)
    plain = str.maketrans("\uff08\uff09", "()")  # people type either kind of bracket
    by_name = {name.translate(plain): route for route, name in ROUTE_NAMES.items()} | {str(route): route for route in Route}
    route = by_name.get(text.translate(plain)) or COLUMNS_ROUTE.get(text.lower())
    if route is None:
        raise RowError(f"采集方式“{text[:20]}”应为：{'、'.join(ROUTE_NAMES.values())}")
    if fault := route_fault(platform, route, feed_url):
        raise RowError(fault)
    return str(route)


COLUMNS_ROUTE = {
    "微博免费接口": Route.WEIBO_FREE,
    "微博免费": Route.WEIBO_FREE,
    "微博商业接口": Route.WEIBO_COMMERCIAL,
    "微博商业": Route.WEIBO_COMMERCIAL,
    "公众号接口": Route.WECHAT,
    "微信接口": Route.WECHAT,
    "rss": Route.FEED,
    "订阅": Route.FEED,
    "文件": Route.FILES,
    "手工导入": Route.FILES,
    "不采集": Route.NONE,
    "无": Route.NONE,
}


def sight_of(route: Route, platform: Platform) -> str:
    """What a route can see and what not, as one Chinese sentence for the report of an import."""
    sight = SIGHTS[route]
    eyes = {"发布": sight.posts, "评论": sight.comments, "官方回复": sight.replies, "阅读数": sight.reads}
    seen = "、".join(word for word, is_seen in eyes.items() if is_seen)
    if route == Route.NONE and platform in (Platform.WEIBO, Platform.WECHAT):
        return f"{ROUTE_NAMES[route]}：没有填写采集方式，看不到任何内容，不作更新判定"
    return f"{ROUTE_NAMES[route]}：{f'可见{seen}' if seen else '看不到内容'}；{'；'.join(sight.limits)}"
