"""The overview of 回复质量: how many replies only receive or pass on, what answers lack, by which account; numbers open."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from matrix.account import Nature
from matrix.percent import whole_percent
from matrix.reply import Reason, ReplyNature
from matrix.waiting import FLOOR
from storage import answers
from ui import answers_rows, exports, tables
from ui.answers_frames import ORDER, labels, seen, table
from ui.answers_window import EVERYTHING, WEAK, Window, open_rows
from ui.answers_words import DEFINITIONS, MEANINGS, covered, rate
from ui.ask import ask, shaped
from ui.cards import show_nothing_yet
from ui.clock import day_of
from ui.exports import Writers
from ui.masks import mask_text
from ui.records import records
from ui.words import plain, short

COPIES_SHOWN = 20
ARROW = ":material/chevron_right:"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the overview shows of one window, as it is sent to the browser."""

    frame: pd.DataFrame
    """One row per account: its sums and how far its comments are held."""
    total: dict[str, int]
    reasons: list[Reason]
    """Those that occur, the most frequent one first."""
    names: list[str]
    """Of the accounts, in the order of `accounts`."""
    accounts: tables.Sheet
    groups: list[dict[str, Any]]
    copies: tables.Sheet
    many_copies: int


def seen_of(**filters: Any) -> Seen | None:
    """Everything of the overview that follows from the answers alone; None for a period without replies."""
    both: answers.Overview = ask(answers.overview, **filters)
    if both.summary.empty:
        return None
    frame = both.summary.merge(ask(answers.coverage, **filters), on="account_id", how="left")
    is_person = frame["nature"] == Nature.OFFICIAL_PERSON
    frame = pd.concat([frame[~is_person], frame[is_person]]).reset_index(drop=True)
    total = {name: int(value) for name, value in frame[answers.COUNTS].sum().items()}
    reasons = sorted((reason for reason in ORDER if total[str(reason)]), key=lambda reason: -total[str(reason)])
    named = labels(frame)
    names = [named[account] for account in frame["account_id"].tolist()]
    rows = [seen(row, name, reasons) for row, name in zip(records(frame), names, strict=True)]
    groups = records(both.copies.head(COPIES_SHOWN))
    copies = [copied(row, named) for row in groups]
    for row in groups:
        row["name"] = named.get(int(row["account_id"]), EVERYTHING)
    return Seen(frame, total, reasons, names, tables.sheet(rows), groups, tables.sheet(copies), len(both.copies))


def copied(row: dict[str, Any], named: dict[int, str]) -> dict[str, Any]:
    """One wording that was used below different posts."""
    return {
        "账号": named.get(int(row["account_id"]), row["account"]),
        "次数": int(row["n"]),
        "首次": day_of(int(row["first_day"])),
        "最近": day_of(int(row["last_day"])),
        "原话": short(mask_text(row["reply"]), 60),
    }


def show(window: Window, writers: Writers) -> None:
    """The whole overview; an empty period says so and what to look at."""
    held = shaped(seen_of, **window.filters)
    if held is None:
        show_nothing_yet(
            f"{window.period.words}没有采到官方回复。",
            "可以放宽时段或单位。回复采到后由采集程序识别，通常在几分钟内；平台上有回复而这里没有，请在“采集状态”查看评论是否采全。",
        )
        show_definitions("")
        return
    version = ask(answers.version)
    show_headline(window, held, version)
    show_reasons(held)
    show_accounts(window, held, version, writers)
    show_copies(held)
    show_definitions(version)


def show_headline(window: Window, held: Seen, version: str) -> None:
    """What all figures are of, then receipts, automatic ones, answers with a flaw, and copies."""
    n, good, receipts, automatic, weak = (held.total[name] for name in ("n", "substantive", "receipt", "automatic", "weak"))
    copied, groups = held.total[str(Reason.COPIED)], held.total["groups"]
    seen = covered(held.frame["held"].sum(), held.frame["stated"].sum())
    st.caption(plain(f"{window.words()}。识别规则版本：{version or '尚无'}。"))
    st.markdown(f"官方回复 **{n:,}** 条：实质答复 **{good:,}**，程式化回复 **{receipts:,}**，自动回复 **{automatic:,}**。")
    for column, (title, part, whole, words, reason) in zip(
        st.columns(4, gap="small"),
        (
            ("程式化回复", receipts, n, f"查看{receipts}条", str(ReplyNature.RECEIPT)),
            (WEAK, weak, good, f"查看{weak}条", WEAK),
            ("复制粘贴", copied, n, f"查看{copied}条({groups}种说法)", str(Reason.COPIED)),
            ("自动回复", automatic, n, f"查看{automatic}条", str(ReplyNature.AUTOMATIC)),
        ),
        strict=True,
    ):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            head, _, pair = rate(part, whole).partition("(")
            st.caption(title)
            st.subheader(head, anchor=False)
            st.caption(f"({pair.rstrip(')')}，{seen})" if pair else f"({seen})")
            if part:
                st.button(
                    words,
                    key=f"to_{title}",
                    type="tertiary",
                    icon=ARROW,
                    icon_position="right",
                    on_click=open_rows,
                    args=(reason,),
                )


def show_reasons(held: Seen) -> None:
    """How often each reason holds; a chosen row opens its replies."""
    total, n, reasons = held.total, held.total["n"], held.reasons
    st.subheader("问题", anchor=False)
    if not reasons:
        show_nothing_yet("这一时段的回复没有发现问题。")
        return
    st.caption("选一行查看这些回复。一条答复可能有几处不足。")
    part = st.column_config.ProgressColumn("占官方回复", min_value=0, max_value=100, format="%d%%", width="small")
    rows = [
        {
            "问题": str(reason),
            "条数": total[str(reason)],
            "占官方回复": whole_percent(total[str(reason)], n) if n >= FLOOR else None,
            "含义": MEANINGS[reason][0],
            "建议": MEANINGS[reason][1],
        }
        for reason in reasons
    ]
    tables.press(
        rows,
        "answer_reasons",
        "single-row",
        lambda row, _: open_rows(str(reasons[row])),
        {"占官方回复": part},
        alt="各类问题的回复条数",
    )


def show_accounts(window: Window, held: Seen, version: str, writers: Writers) -> None:
    """Account by account, no rank: most replies to improve first, the accounts of public officers behind the others."""
    st.subheader("各账号", anchor=False)
    st.caption(f"点一个数字查看这些回复。待改进的条数多的在前，不是排名；回复少于{FLOOR}条的不给比例。")
    wanted = {"程式化回复": str(ReplyNature.RECEIPT), "自动": str(ReplyNature.AUTOMATIC), "待完善": WEAK}
    wanted |= {str(reason): str(reason) for reason in held.reasons}
    tables.press(
        held.accounts,
        "answer_accounts",
        "single-cell",
        lambda row, column: open_rows(wanted.get(column, EVERYTHING), held.names[row]),
        alt="各账号的回复质量",
    )
    more = {"明细": answers_rows.later(window.filters)}
    exports.offer("回复质量按账号", lambda _db, _scope: table(held.frame), window.about(version), writers, more=more)


def show_copies(held: Seen) -> None:
    """Wordings that one account used below different posts; a chosen one opens its replies with their questions."""
    if not held.groups:
        return
    st.subheader("复制粘贴", anchor=False)
    more = f"，列出最多的{COPIES_SHOWN}种" if held.many_copies > COPIES_SHOWN else ""
    st.caption(f"同一账号在不同发布之下用了同一段话，共{held.many_copies}种{more}。选一行查看每一次答的是什么问题。")

    def open_group(row: int, _: str) -> None:
        open_rows(account=held.groups[row]["name"], same=str(held.groups[row]["text_key"]))

    tables.press(held.copies, "answer_copies", "single-row", open_group, alt="复制粘贴的回复")


def show_definitions(version: str) -> None:
    with st.expander("口径说明"):
        for name, words in DEFINITIONS.items():
            st.markdown(f"**{name}** {words}")
        for reason in ORDER:
            what, better = MEANINGS[reason]
            st.markdown(f"**{reason}** {what}。建议：{better}。")
        st.caption(f"识别规则版本：{version or '尚无'}。改动规则后重新识别，数字可能变化；人工更正始终保留。")
