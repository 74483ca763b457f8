"""What a watch would have done: asked of the worker, who says how far it is, and shown with comments that may be seen."""

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from matrix.people import Right
from matrix.percent import percent_words
from matrix.watch import Typed, read
from storage import requests, watch_hits
from storage.watch_preview import JUDGED_DAYS, VERB, WARM_DAYS
from storage.watches import Wish
from ui import notices, signin, tables
from ui.ask import ask, consult, request
from ui.clock import clock
from ui.masks import mask_name, mask_text
from ui.records import records
from ui.signin import Viewer
from ui.words import plain, short

ASKED = "watch_preview"
"""In the session: the number of the request, and the unit and terms that it is about."""


def ask_for(wish: Wish, viewer: Viewer) -> None:
    """Leave the request, or say what is wrong with the terms."""
    typed = wish.typed
    try:
        read(typed)
    except ValueError as error:
        forget()
        notices.refuse(plain(str(error)))
        return
    payload = {
        "scope": list(viewer.scope),
        "unit": wish.organization_id,
        "words": typed.words,
        "groups": typed.groups,
        "exclusions": typed.exclusions,
        "pattern": typed.pattern,
    }
    number = request(Right.WATCHES, "预览监测方案", VERB, payload, subject=wish.name)
    st.session_state[ASKED] = (number, wish.organization_id, typed)


def forget() -> None:
    st.session_state.pop(ASKED, None)


def show(wish: Wish, now: datetime) -> None:
    """The answer, or how far it is; nothing while nobody asked."""
    held: tuple[int, int, Typed] | None = st.session_state.get(ASKED)
    if held is None:
        return
    found = consult(requests.find, Right.WATCHES, request_id=held[0])
    if found is None or found.asked_by != signin.require().person.login:
        forget()
    elif not found.is_done:
        wait(held[0])
    elif found.outcome != "ok":
        notices.refuse(plain(str(found.answer.get("sentence", ""))))
    else:
        if (wish.organization_id, wish.typed) != held[1:]:
            st.caption("下面是修改之前的预览；改过内容后请重新预览。")
        show_answer(found.answer, now)


@st.fragment(run_every=timedelta(seconds=1))
def wait(number: int) -> None:
    """Looks how far the worker is; once it is done, the page is drawn anew."""
    found = consult(requests.find, Right.WATCHES, request_id=number)
    if found is None or found.is_done:
        st.rerun()
        return
    percent = int(found.answer.get("percent", 0))
    st.progress(min(percent, 100), f"正在用过去{WARM_DAYS + JUDGED_DAYS}天的评论试算……{percent}%")


def show_answer(answer: dict[str, Any], now: datetime) -> None:
    """The sentence that counts, the figures behind it, and every alert that would have been."""
    openings: list[dict[str, Any]] = answer["openings"]
    with st.container(border=True, gap="xsmall"):
        head = f"过去{JUDGED_DAYS}天会预警{len(openings)}次" + ("，如下" if openings else "")
        st.markdown(f"### {head}")
        facts = f"{JUDGED_DAYS}天命中**{answer['hits']:,}**条，近7天{answer['week']:,}条，今日{answer['today']:,}条"
        st.markdown(f"{facts}；共查看{WARM_DAYS + JUDGED_DAYS}天内的评论{answer['looked']:,}条。")
        if answer["known_days"] < WARM_DAYS + JUDGED_DAYS - 1:
            st.caption(f"只有{answer['known_days']:.0f}天的评论可供试算，基线积累期间不预警，次数可能偏少。")
        show_exclusions(answer)
        if not answer["all"]:
            st.caption("没有命中任何评论：请核对用词，或减少词组和排除词。")
        elif len(openings) > JUDGED_DAYS // 2:
            st.caption("预警偏多：可以加排除词，或用词组收窄。")
    ids = tuple(sorted({number for one in openings for number in one["ids"]} | set(answer["latest"])))
    said = {int(row["comment_id"]): row for row in records(ask(watch_hits.comments, ids=ids))}
    for one in openings:
        with st.container(border=True, gap="xsmall"):
            when = clock(one["at"], now)
            usual = f"约{one['expected']:.0f}条" if one["expected"] >= 1 else "不到1条"
            counted = f"{one['minutes']}分钟{one['seen']}条，平时同一时段{usual}(通常不超过{one['usual_most']}条)"
            st.markdown(f"**{when}** · {one['level']} · {counted}")
            for number in one["ids"]:
                if number in said:
                    st.caption(plain(line(said[number])))
    rows = [row_of(said[number], now) for number in answer["latest"] if number in said]
    if rows:
        st.markdown("**最近命中**")
        tables.show(rows, "watch_latest", alt="最近命中的评论")
    st.caption("试算按现行预警阈值，不计各账号自己发布内容带来的正常起伏，实际预警可能略少。姓名、电话、证件号已遮蔽。")


def show_exclusions(answer: dict[str, Any]) -> None:
    """How much each exclusion keeps away."""
    kept = int(answer["kept_away"])
    if not answer["excluded"]:
        return
    whole = int(answer["all"]) + kept
    parts = "，".join(f"“{plain(word)}”{percent_words(many, whole)}" for word, many in answer["excluded"])
    st.markdown(f"排除词去掉了{whole:,}条中的{kept:,}条：{parts}。" if kept else "排除词没有去掉任何评论。")


def line(row: dict[str, Any]) -> str:
    return f"{mask_name(row['author_name'])}：{short(mask_text(row['text']), 80)}({row['account']})"


def row_of(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "时间": clock(row["published_at"], now),
        "内容": mask_text(row["text"]),
        "网民": mask_name(row["author_name"]),
        "账号": row["account"],
    }
