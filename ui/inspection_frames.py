"""Findings as they stand in tables, in files and in messages: one value for each cell, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from matrix.inspection import Verdict
from matrix.inspection_rule import UpdateRule
from matrix.inspection_tally import rate_words, tally
from ui.clock import beijing, due, stamp
from ui.inspection_window import moment_words
from ui.masks import mask_phone, mask_text
from ui.records import records, values
from ui.words import platform_name, route_name, verdict_words

KIND_WORDS = {"original": "原创", "repost": "转发", "article": "图文"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said beside findings wherever they go: of when, of what, by which rule, known up to when."""

    moment: str
    where: str
    rule: UpdateRule
    known: str
    digest: str = ""

    def about(self, found: pd.DataFrame, narrowed: str = "") -> dict[str, str]:
        """What stands in every file that is made of these findings."""
        counts = tally(values(found["verdict"]))
        result = f"检查{counts.checked}个账号，不合格{counts.failed}个，合格率{rate_words(counts)}"
        lines = {
            "检查时点": self.moment,
            "检查范围": self.where + (f"，只含{narrowed}" if narrowed else ""),
            "检查结果": result,
            "检查规则": f"{self.rule.name}：{self.rule.words}。依据：{self.rule.source}",
            "核对情况": self.rule.verified,
            "未纳入合格率": left_out(found),
            "获知截止": self.known,
            "存证": self.digest,
            "口径": "合格率=(检查账号数−不合格账号数)÷检查账号数；采集中断、平台限制和不纳入判定的账号另计，不在其内",
        }
        return {name: words for name, words in lines.items() if words}


def left_out(found: pd.DataFrame) -> str:
    """采集中断2个，平台限制1个，不纳入判定3个: who stands beside the rate."""
    counts = tally(values(found["verdict"]))
    named = (("采集中断(非账号原因)", counts.blind), ("平台限制", counts.limited), ("不纳入判定", counts.exempt))
    return "，".join(f"{words}{count}个" for words, count in named if count) or "无"


def limit_words(row: Mapping[str, Any]) -> str:
    """14天, or 7天(青山县设定)."""
    return f"{row['limit_days']}天" + (f"({row['limit_unit']}设定)" if row["limit_unit"] else "")


def number(value: Any) -> int | None:
    """A whole number of a frame; None where it has none."""
    return None if pd.isna(value) else int(value)


def text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


SHOWN = (
    "account",
    "verdict",
    "published_at",
    "days",
    "limit_days",
    "limit_unit",
    "platform",
    "organization",
    "level",
    "reason",
)


def shown(found: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the table on the page."""
    return [
        {
            "账号": row["account"],
            "判定": verdict_words(row["verdict"]),
            "最近发布": stamp(number(row["published_at"]), "未见"),
            "天数": number(row["days"]),
            "期限": limit_words(row),
            "平台": platform_name(row["platform"]),
            "主办单位": row["organization"],
            "层级": row["level"],
            "说明": row["reason"],
        }
        for row in records(found, *SHOWN)
    ]


def exported(found: pd.DataFrame) -> pd.DataFrame:
    """Every field of every finding, for a file."""
    rows = [
        {
            "账号": row["account"],
            "平台": platform_name(row["platform"]),
            "主办单位": row["organization"],
            "单位路径": row["path"],
            "层级": row["level"],
            "采集方式": route_name(row["route"]),
            "判定": verdict_words(row["verdict"]).strip("■▨▢ "),
            "说明": row["reason"],
            "未更新天数": number(row["days"]),
            "期限(天)": int(row["limit_days"]),
            "期限由谁设定": row["limit_unit"] or "检查规则",
            "期限依据": row["limit_basis"],
            "更新期限": end_words(number(row["due_at"])),
            "最近发布": stamp(number(row["published_at"])),
            "发布类型": KIND_WORDS.get(text(row["kind"]), ""),
            "标题": mask_text(text(row["title"])),
            "内容摘录": mask_text(text(row["excerpt"])),
            "平台编号": text(row["ext_id"]),
            "链接": text(row["url"]),
            "内容SHA-256": text(row["sha256"]),
            "获知时间": stamp(number(row["seen_at"])),
        }
        for row in records(found)
    ]
    return pd.DataFrame(rows, dtype=object)


def end_words(due_at: int | None) -> str:
    return moment_words(due_at) if due_at is not None else ""


def annex(found: pd.DataFrame, told: Told, until: date) -> pd.DataFrame:
    """检查附表: the accounts that failed, unit by unit. `until` is the day by which they have to put it right."""
    failed = found[found["verdict"] == Verdict.OVERDUE].sort_values(["path", "platform", "account_id"])
    rows = [
        {
            "序号": place,
            "账号": row["account"],
            "主办单位": row["organization"],
            "平台": platform_name(row["platform"]),
            "问题": problem(row, told.moment),
            "依据": basis(row, told.rule),
            "证据": evidence(row),
            "整改时限": f"{until}前",
        }
        for place, row in enumerate(records(failed), 1)
    ]
    return pd.DataFrame(rows, columns=["序号", "账号", "主办单位", "平台", "问题", "依据", "证据", "整改时限"], dtype=object)


def problem(row: Mapping[str, Any], moment: str) -> str:
    days = number(row["days"])
    if days is None or pd.isna(row["published_at"]):
        return f"超期未更新：{row['reason']}"
    return f"超期未更新：至{moment}已{days}天，{'超过' if days > row['limit_days'] else '已满'}{row['limit_days']}天"


def basis(row: Mapping[str, Any], rule: UpdateRule) -> str:
    """The document behind the limit, and who set a stricter one."""
    own = f"；{row['limit_unit']}设定{row['limit_days']}天" if row["limit_unit"] else f"；期限{row['limit_days']}个自然日"
    return rule.source + own + (f"({row['limit_basis']})" if row["limit_basis"] else "")


def evidence(row: Mapping[str, Any]) -> str:
    """The last public post in lines: when, which, where, and the fingerprint of its text."""
    if pd.isna(row["published_at"]):
        return "可见时段内没有任何公开发布"
    said = mask_text(text(row["title"]) or text(row["excerpt"]))[:60] or "(无文字)"
    address = f"编号{row['ext_id']} {row['url']}".strip()
    return f"最近一次公开发布：{stamp(number(row['published_at']))} {said}\n{address}\nSHA-256 {row['sha256']}"


def calls(soon: pd.DataFrame, contacts: Mapping[int, tuple[str, str]], now: datetime, *, is_whole: bool) -> list[dict[str, Any]]:
    """Whom to call: the accounts that break their limit within three days, the first one on top."""
    rows = []
    for row in records(soon):
        person, phone = contacts.get(row["account_id"], ("", ""))
        rows.append(
            {
                "账号": row["account"],
                "期限": due(number(row["due_at"]), now),
                "责任人": person or "未登记",
                "电话": (phone if is_whole else mask_phone(phone)) or "未登记",
                "主办单位": row["organization"],
                "平台": platform_name(row["platform"]),
                "最近发布": stamp(number(row["published_at"]), "未见"),
                "未更新天数": number(row["days"]),
                "说明": row["reason"],
            }
        )
    return rows


def reminder(row: Mapping[str, Any], person: str, now: datetime) -> str:
    """A text to send, in plain words of an office."""
    last, due_at = number(row["published_at"]), number(row["due_at"])
    end = f"{day_words(due_at - 1)[:-5]}24:00" if due_at is not None else ""
    since = f"最近一次公开发布为{day_words(last)}，" if last is not None else ""
    due_words = f"请于{end}前发布新内容" if due_at is None or due_at > now.timestamp() else f"更新期限{end}已到，请尽快发布新内容"
    whom = f"{person}同志，您好！" if person else "您好！"
    what = f"{row['organization']}的{platform_name(row['platform'])}账号“{row['account']}”"
    spell = f"{since}已{number(row['days']) or 0}天没有更新" if since else f"近{number(row['days']) or 0}天未见公开发布"
    silent = f"{spell}。按{row['limit_days']}天内须有更新的要求，{due_words}。"
    return f"【更新提醒】{whom}{what}{silent}账号不再使用的，请按程序发布停更公告并办理关停备案。已经更新的，请忽略本提醒。"


def day_words(moment: int) -> str:
    local = beijing(moment)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def by_group(found: pd.DataFrame, label: str, column: str, names: Iterable[tuple[Any, str]]) -> list[dict[str, Any]]:
    """One row for each platform or level that occurs, in the order of `names`: its rate and what stands beside it."""
    rows = []
    for key, words in names:
        verdicts = found.loc[found[column] == key, "verdict"]
        if verdicts.empty:
            continue
        counts = tally(verdicts)
        rows.append(
            {
                label: words,
                "合格率": rate_words(counts),
                "检查": counts.checked,
                "不合格": counts.failed,
                "未纳入": counts.accounts - counts.checked,
                "采集中断": counts.blind,
                "平台限制": counts.limited,
                "不纳入判定": counts.exempt,
            }
        )
    return rows
