"""Figures of response times in words: one form on the screen and in every file, and the definitions that stand beside them."""

from collections.abc import Mapping
from typing import Any

from matrix.percent import percent_words, whole_percent
from matrix.waiting import ANSWER, FIRST, FLOOR, HOURS
from ui.clock import span

ENOUGH = FLOOR
SCARCE = "样本不足"
NO_CASE = "—"
HALF_OPEN, MOST_OPEN = "半数尚未回复", "不足九成已回复"
NO_RULE = "尚未选定时限规则，不判定超时"
STANDINGS = {"样本不足": SCARCE, "完整度不足": "完整度不足", "不参与排名": "不参与排名", "同级仅此一家": "同级仅此一家"}

CLOCK_WORDS = {
    FIRST: "首次响应：本账号或同单位账号的第一条公开回复，含程式化回复，不含自动回复",
    ANSWER: "实质答复：第一条回答了问题或说明了办理结果的公开回复，程式化回复和自动回复都不算",
}

DEFINITIONS = {
    "诉求": "公众写给账号、需要答复的评论、@提及和私信。同一人在答复之前的追问并入同一件；答复之后再次提出的另算一件。",
    "计时": "从公众发出的时刻起算，不是从系统采到的时刻；回复按它自己发出的时刻计，晚采到不影响用时。",
    "首次响应": CLOCK_WORDS[FIRST].partition("：")[2] + "。点赞、置顶、事后的统一说明都不算，后者另列为“他处回应”。",
    "实质答复": CLOCK_WORDS[ANSWER].partition("：")[2] + "。",
    "回复率": "某小时数内已回复的件数 ÷ 收到已满该时长、且情况明确的全部诉求。尚未回复的计入分母，不会因为不回复而变好。",
    "半数和九成用时": "按 Kaplan-Meier 法估计，尚未回复的按“至今未复”计入；不到半数(九成)已回复时不给出数字。",
    "情况不明": "该条诉求所在的对话没有采全，无法知道是否已回复。不计入任何比率，件数写在旁边；绝不当作未回复。",
    "自然时间和工作时间": "自然时间连续计算。工作时间只计本单位办公时间，放假和调休按国务院办公厅的安排；年份未载入的不计算。",
    "采集完整度": "已采到的评论 ÷ 平台所称评论数，按时段内发布的内容计。",
    "区间": "回复率旁的区间是 Wilson 法95%区间，半数用时的区间由 Kaplan-Meier 曲线的95%区间得出：件数越少，区间越宽。",
    SCARCE: f"情况明确的诉求少于{ENOUGH}件时不计算比率，也不排名。",
    "排名": "只在同一层级的账号(单位)之间比较24小时回复率；公职人员账号只列出，不排名。名次只反映传播和答复情况，不作考核依据。",
    "超时": "只按本单位选定的时限规则判定；没有选定规则的单位，任何诉求都不算超时。已判定的，保留当时适用的规则。",
}


def number(value: Any) -> int | None:
    """A count of a frame; None where there is none."""
    return None if value is None or value != value else int(value)


def rate(row: Mapping[str, Any], hours: int) -> str:
    """81%(174/214), 样本不足(3件), 尚无到期."""
    met, of = int(row[f"met_{hours}"]), int(row[f"of_{hours}"])
    if not of:
        return "尚无到期"
    return percent_words(met, of) if of >= ENOUGH else f"{SCARCE}({of}件)"


def rate_figure(row: Mapping[str, Any], hours: int) -> float | str:
    """The same for files: 0.81, or the words why there is none."""
    met, of = int(row[f"met_{hours}"]), int(row[f"of_{hours}"])
    return whole_percent(met, of) / 100 if of >= ENOUGH else SCARCE if of else "尚无到期"


def interval(row: Mapping[str, Any], hours: int) -> str:
    """75%至86%; empty where no rate is shown."""
    if int(row[f"of_{hours}"]) < ENOUGH:
        return ""
    return f"{row[f'low_{hours}']:.0%}至{row[f'high_{hours}']:.0%}"


def quantile(row: Mapping[str, Any], name: str, is_working: bool) -> str:
    """How long until half (p50) or nine tenths (p90) were answered: 3小时20分钟, or that they are not."""
    known = int(row["answered"]) + int(row["open"])
    if not known:
        return NO_CASE
    if known < ENOUGH:
        return SCARCE
    value = row[name]
    if value is None or value != value:
        return HALF_OPEN if name == "p50" else MOST_OPEN
    return wait(value, is_working)


def wait(seconds: float | None, is_working: bool = False) -> str:
    """A span; a working day has no 24 hours, so working time is told in hours."""
    if seconds is None or seconds != seconds:
        return NO_CASE
    if not is_working or seconds < 86400:
        return span(seconds)
    return f"{int(seconds) // 3600}小时"


def both(natural: float | None, working: float | None) -> str:
    """2天3小时(工作时间9小时): both clocks, always."""
    if natural is None or natural != natural:
        return NO_CASE
    aside = f"工作时间{wait(working, True)}" if working is not None and working == working else "工作日历未载入"
    return f"{wait(natural)}({aside})"


def coverage(row: Mapping[str, Any]) -> str:
    """采集完整度92%, never 100% while something is missing."""
    held, stated = row["held"], row["stated"]
    if stated is None or held is None or stated != stated or held != held or not stated:
        return "采集完整度：平台未提供总数"
    return f"采集完整度{whole_percent(min(int(held), int(stated)), int(stated))}%"


def unknown(row: Mapping[str, Any], out: int, is_working: bool) -> str:
    """另有12条情况不明，未计入; empty when there is none."""
    if not out:
        return ""
    lost = int(row.get("no_calendar") or 0)
    aside = f"(其中{lost}条因工作日历未载入)" if is_working and lost else ""
    return f"另有{out}条情况不明{aside}，未计入"


def standing(row: Mapping[str, Any]) -> str:
    """2/14 among peers of the same level, or why there is no place."""
    place = row.get("rank")
    return f"{int(place)}/{int(row['of'])}" if place is not None and place == place else str(row.get("standing") or NO_CASE)


def definitions() -> dict[str, str]:
    """All definitions under one heading each, for 说明 of a file."""
    return {f"口径·{name}": words for name, words in DEFINITIONS.items()} | {
        "口径·时限": f"{'、'.join(f'{hours}小时' for hours in HOURS)}都是系统固定的观察点，不是任何单位的时限。"
    }
