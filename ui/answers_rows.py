"""The replies behind a number of 回复质量, each with its question, its reasons in words, the original, and the correction."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from matrix.people import Right
from matrix.reply import ReplyNature
from storage import answer_rows, answers, corrections
from ui import exports, notices, signin
from ui.answers_frames import ORDER, labels
from ui.answers_window import ACCOUNT, EVERYTHING, PAGE, REASON, SAME, WEAK, Window
from ui.answers_words import finding
from ui.ask import act, ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, clock, span
from ui.exports import Writers
from ui.live import original
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.words import CHANNEL_WORDS, plain, platform_name, short

ON_A_PAGE = 20
LONGEST = 400
SHORTEST_WHY = 4


def show(window: Window, writers: Writers) -> None:
    """The replies that the filters leave, newest first, page by page."""
    frame: pd.DataFrame = ask(answers.summary, **window.filters)
    names = labels(frame)
    narrowed, words = pick(names)
    wanted = window.filters | narrowed
    number = ask(answer_rows.count, **wanted)
    st.caption(plain(f"{window.words()} · {words} · 共{number}条，新的在前。姓名、电话、证件号已遮蔽。"))
    if not number:
        show_nothing_yet("没有符合条件的回复。", "可以放宽时段、单位或问题。")
        return
    pages = -(-number // ON_A_PAGE)
    place = min(pages, max(1, int(st.session_state.get(PAGE, 1) or 1)))
    for row in ask(answer_rows.rows, **wanted, limit=ON_A_PAGE, offset=(place - 1) * ON_A_PAGE).to_dict("records"):
        show_reply(row)
    if pages > 1:
        st.pagination(pages, key=PAGE, bind="query-params")
    about = window.about(ask(answers.version)) | {"条件": words}
    exports.offer("回复质量明细", later(wanted), about, writers)


def pick(names: Mapping[int, str]) -> tuple[dict[str, Any], str]:
    """What narrows the list: a nature or a reason, an account, one wording; and the same in words."""
    reasons = {EVERYTHING: {}, WEAK: {"is_weak": True}} | {str(nature): {"nature": str(nature)} for nature in ReplyNature}
    reasons |= {str(reason): {"reason": str(reason)} for reason in ORDER}
    left, right = st.columns(2)
    chosen = left.selectbox("问题", list(reasons), key=REASON, bind="query-params", on_change=from_the_start)
    accounts = {EVERYTHING: 0} | {name: account for account, name in names.items()}
    account = right.selectbox("账号", list(accounts), key=ACCOUNT, bind="query-params", on_change=from_the_start)
    narrowed: dict[str, Any] = dict(reasons[chosen or EVERYTHING])
    words = [f"问题：{chosen or EVERYTHING}"]
    if accounts.get(account or EVERYTHING, 0):
        narrowed["account_id"] = accounts[account]
        words.append(f"账号：{account}")
    same = st.query_params.get(SAME, "")
    if same:
        narrowed["text_key"] = same[:64]
        words.append("同一段话")
        st.button("只看同一段话，点此取消", icon=":material/close:", type="tertiary", on_click=forget_same)
    return narrowed, " · ".join(words)


def from_the_start() -> None:
    st.session_state[PAGE] = 1


def forget_same() -> None:
    st.query_params.pop(SAME, None)
    from_the_start()


def show_reply(row: Mapping[str, Any]) -> None:
    """One reply: whose and when, what was asked, what was answered, how it was read, and what may be done."""
    now = signin.now()
    with st.container(border=True, gap="xsmall"):
        channel = CHANNEL_WORDS.get(row["channel"], "")
        under = f"《{short(mask_text(row['post_title']), 24)}》" if row["post_title"] else ""
        facts = [clock(row["replied_at"], now), row["account"], platform_name(int(row["platform"])), row["organization"]]
        st.caption(" · ".join(plain(str(part)) for part in (*facts, f"{channel}{under}") if part))
        if row["question"]:
            st.markdown(f"**{plain(mask_name(row['author_name']))}问** {plain(short(mask_text(row['question']), LONGEST))}")
        else:
            st.markdown("**问** 没有采到所回复的原话")
        st.markdown(f"**答** {plain(short(mask_text(row['reply']), LONGEST)) or '(无文字)'}{waited(row)}")
        if row["is_corrected"]:
            read = f"，程序原读作{row['read_nature']}" if row["read_nature"] != row["nature"] else ""
            st.caption(plain(f"已人工更正{read}。理由：{mask_text(row['why']) or '未填写'}"))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            words = plain(finding(row))
            st.markdown(f"**{words}**" if row["reasons"] or row["nature"] != ReplyNature.SUBSTANTIVE else words)
            if row["mood"]:
                st.markdown(f"公众随后表示{row['mood']}", width="content")
            link = original(row["url"])
            if link:
                st.markdown(link, width="content")
            if signin.require().may(Right.CASES):
                offer_correction(row)


def waited(row: Mapping[str, Any]) -> str:
    asked = row["asked_at"]
    return f" :gray[({span(row['replied_at'] - asked)}后)]" if asked == asked and asked is not None else ""


def offer_correction(row: Mapping[str, Any]) -> None:
    words = "更正"
    if st.button(words, key=f"correct_{row['comment_id']}", icon=":material/edit:", type="tertiary"):
        correct(row)


@st.dialog("更正回复性质")
def correct(row: Mapping[str, Any]) -> None:
    """One word and a reason; it stands at once, also for the clocks, and outlives every later reading."""
    if row["question"]:
        st.markdown(f"**问** {plain(short(mask_text(row['question']), LONGEST))}")
    st.markdown(f"**答** {plain(short(mask_text(row['reply']), LONGEST)) or '(无文字)'}")
    natures = [str(nature) for nature in ReplyNature]
    with st.form("correct", border=False):
        nature = st.radio("应为", natures, index=natures.index(row["nature"]), help=HELP)
        why = st.text_input("理由", max_chars=200, placeholder="例如：回复里已写明恢复时间")
        if st.form_submit_button("保存", type="primary"):
            save(row, nature or row["nature"], why.strip())


HELP = (
    "实质答复：回答了问题或说明了办理情况。程式化回复：只告知收悉、转办、请来电或表态。自动回复：程序或模板对所有人发的同样的话。"
)


def save(row: Mapping[str, Any], nature: str, why: str) -> None:
    if nature == row["nature"]:
        notices.refuse(f"现在就是“{nature}”，没有改动。")
        return
    if len(why) < SHORTEST_WHY:
        notices.refuse(f"请写明理由，至少{SHORTEST_WHY}个字。")
        return
    viewer = signin.require(Right.CASES)
    try:
        act(
            Right.CASES,
            "更正回复性质",
            corrections.correct,
            viewer.scope,
            int(row["comment_id"]),
            "nature",
            nature,
            why,
            viewer.person.login,
            signin.now(),
            subject=str(row["account"]),
            detail=f"评论{row['comment_id']}：{row['nature']}→{nature}。{why}",
        )
    except (ValueError, PermissionError) as error:
        notices.refuse(plain(str(error)))
        return
    st.rerun()


def later(wanted: Mapping[str, Any]) -> Callable[[Any, Any], pd.DataFrame]:
    """All the replies, for a file, asked for when somebody clicks; texts and names are masked."""

    def ask_all(db: Any, scope: Any) -> pd.DataFrame:
        found = answer_rows.rows(db, scope, **wanted, limit=0)
        return pd.DataFrame([row_of(row) for row in records(found)], columns=list(HEADINGS), dtype=object)

    return ask_all


HEADINGS = (
    "回复编号", "回复时间", "账号", "平台", "单位", "渠道", "性质", "问题", "程序原读", "人工更正理由",
    "公众", "提问时间", "提问内容", "回复内容", "公众随后", "所在发布", "原文链接",
)  # fmt: skip


def row_of(row: Mapping[str, Any]) -> dict[str, Any]:
    asked = row["asked_at"]
    return {
        "回复编号": int(row["comment_id"]),
        "回复时间": beijing(row["replied_at"]),
        "账号": row["account"],
        "平台": platform_name(int(row["platform"])),
        "单位": row["organization"],
        "渠道": CHANNEL_WORDS.get(row["channel"], ""),
        "性质": row["nature"],
        "问题": row["reasons"],
        "程序原读": row["read_nature"],
        "人工更正理由": mask_text(row["why"]) if row["is_corrected"] else "",
        "公众": mask_name(row["author_name"]) if row["question"] else "",
        "提问时间": beijing(asked) if asked == asked and asked is not None else None,
        "提问内容": mask_text(row["question"]),
        "回复内容": mask_text(row["reply"]),
        "公众随后": row["mood"],
        "所在发布": mask_text(row["post_title"]),
        "原文链接": row["url"],
    }
