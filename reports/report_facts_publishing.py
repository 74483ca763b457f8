"""Questions of a report about what was published and said: how much, by whom, how far it went."""

import re
from typing import Any

import pandas as pd

from matrix.account import PLATFORM_NAMES, Platform
from matrix.masking import mask_text
from matrix.report_words import cells_of, count_words
from reports.report_question import Answer, Desk, Params, Question, chart_answer, records, table_answer
from storage import report_counts
from storage.moments import OFFSET

TOP = 5
TITLE = 24
"""Characters of a title in a table."""

MENTION = re.compile(r"@[^\s@:：，。！？、]{1,30}")

PICTOGRAPH = re.compile("(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff][\ufe0e\ufe0f\u200d\u20e3]*)+")

MEASURES = {"posts": "条", "originals": "条", "citizens": "条", "official": "条"}


def span(params: Params, which: str = "") -> dict[str, Any]:
    """The bounds of the period, or with "before_" of the one before, and the subtree."""
    return {
        "organization_id": params["organization_id"],
        "since": params[f"{which}since"],
        "until": params[f"{which}until"],
    }


def read(desk: Desk, name: str, params: Params, which: str = "") -> pd.DataFrame:
    return desk.once(name, getattr(report_counts, name), cut=desk.cutoff, **span(params, which))


def compared(desk: Desk, params: Params) -> tuple[list[int], bool]:
    """The accounts whose period before was seen from its beginning, so that a comparison means something; whether all were."""
    bounds = {"since": params["before_since"], "until": params["until"], "organization_id": params["organization_id"]}
    return desk.once("whole_since", report_counts.whole_since, cut=desk.cutoff, **bounds)


def is_compared(desk: Desk, params: Params) -> bool:
    return compared(desk, params)[1]


def comparable(desk: Desk, params: Params) -> Answer:
    """How many accounts can be compared with the period before."""
    number = len(compared(desk, params)[0])
    return Answer(f"{number}个", number, number)


def accounts(desk: Desk, params: Params) -> Answer:
    frame = desk.once("accounts", report_counts.accounts, cut=desk.cutoff, organization_id=params["organization_id"])
    units = len(set(frame["organization_id"]))
    text = f"{len(frame)}个账号（{units}个单位）" if len(frame) else "0个账号"
    return Answer(text, [len(frame), units], len(frame), frame)


def active(desk: Desk, params: Params) -> Answer:
    """Accounts that published at least once, of those in the ledger."""
    frame = read(desk, "posts", params)
    names = desk.once("accounts", report_counts.accounts, cut=desk.cutoff, organization_id=params["organization_id"])
    seen = names[names["account_id"].isin(set(frame["account_id"]))]
    return Answer(f"{len(seen)}个", len(seen), len(seen), seen)


def volume(desk: Desk, params: Params) -> Answer:
    """One count of MEASURES, with the period before where that was wholly seen; with `only` 可比 that of the accounts of which
    it was."""
    measure, only = params["measure"], params.get("only") == "可比"
    name = "posts" if measure in ("posts", "originals") else "comments"
    now, before = read(desk, name, params), read(desk, name, params, "before_")
    held, is_all = compared(desk, params)
    if only:
        now, before = now[now["account_id"].isin(held)], before[before["account_id"].isin(held)]
    number, earlier = int(now[measure].sum()), int(before[measure].sum()) if is_all or (only and held) else None
    return Answer(count_words(number, MEASURES[measure], earlier), [number, earlier], number, now)


def by_platform(desk: Desk, params: Params) -> Answer:
    posts, said = read(desk, "posts", params), read(desk, "comments", params)
    names = desk.once("accounts", report_counts.accounts, cut=desk.cutoff, organization_id=params["organization_id"])
    rows = []
    for platform in sorted(set(names["platform"]) | set(posts["platform"])):
        mine, talk = posts[posts["platform"] == platform], said[said["platform"] == platform]
        whole = [int((names["platform"] == platform).sum()), int(mine["account_id"].nunique()), int(mine["posts"].sum())]
        counts = [int(mine["originals"].sum()), int(talk["citizens"].sum()), int(talk["official"].sum())]
        rows.append([PLATFORM_NAMES.get(Platform(platform), str(platform)), *whole, *counts])
    heads = ["平台", "账号数", "有发布账号", "发布（条）", "其中原创（条）", "网民评论（条）", "官方回复（条）"]
    return table_answer(heads, cells_of(rows), pd.DataFrame(rows, columns=heads))


def daily(desk: Desk, params: Params) -> Answer:
    """Posts of each day of the period, for a chart."""
    frame = read(desk, "posts", params)
    first, last = (params["since"] + OFFSET) // 86400, (params["until"] - 1 + OFFSET) // 86400
    sums = frame.groupby("day")[["posts", "originals"]].sum().reindex(range(first, last + 1), fill_value=0)
    labels = [f"{pd.Timestamp(day, unit='D'):%m-%d}" for day in sums.index]
    reposts = [int(number) for number in sums["posts"] - sums["originals"]]
    return chart_answer(labels, {"原创和图文": [int(number) for number in sums["originals"]], "转发": reposts}, frame)


def spread(desk: Desk, params: Params) -> Answer:
    """The sum of one count over the posts of the period; what a platform does not tell is left out and said."""
    frame, measure = read(desk, "reach", params), params["measure"]
    told = frame[measure].notna()
    total = int(frame.loc[told, measure].sum())
    untold = int((~told).sum())
    text = f"{total}次" + (f"（另有{untold}条平台未提供）" if untold else "")
    if untold and not told.any():
        text = f"不详（{untold}条平台均未提供）"
    return Answer(text, [total, untold], int(told.sum()), frame)


def furthest(desk: Desk, params: Params) -> Answer:
    frame = read(desk, "reach", params)
    kept = frame[frame["reads"].notna() | frame["shares"].notna()]
    kept = kept.assign(rank=kept["reads"].fillna(-1), then=kept["shares"].fillna(-1))
    kept = kept.sort_values(["rank", "then", "post_id"], ascending=[False, False, True]).head(TOP)
    rows = [
        [
            place,
            row.account,
            PLATFORM_NAMES.get(Platform(row.platform), ""),
            title(row.title or row.text),
            *(None if pd.isna(number) else int(number) for number in (row.reads, row.shares, row.likes)),
        ]
        for place, row in enumerate(records(kept), 1)
    ]
    heads = ["序号", "账号", "平台", "内容", "阅读", "转发", "点赞"]
    return table_answer(heads, cells_of(rows), kept.drop(columns=["rank", "then"]))


def title(text: str, longest: int = TITLE) -> str:
    """The beginning of a text, masked, on one line; no font of an office has pictographs."""
    words = " ".join(PICTOGRAPH.sub("〔表情〕", mask_text(text)).split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def quote(text: str, longest: int) -> str:
    """A citizen's words: masked, without the names of those whom they call, cut to a line."""
    return title(MENTION.sub("@某账号", text), longest)


QUESTIONS = {
    "accounts": Question("在册账号", accounts),
    "active": Question("有发布的账号", active),
    "volume": Question("发布和互动数量", volume),
    "comparable": Question("上期看得全的账号", comparable),
    "by_platform": Question("分平台发布和互动", by_platform),
    "daily": Question("每日发布数量", daily),
    "spread": Question("传播数据合计", spread),
    "furthest": Question("传播较广的内容", furthest),
}
