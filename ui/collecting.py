"""The parts of the page on collecting: verdicts account by account, runs, budgets and what the next hour costs."""

from datetime import datetime

import pandas as pd
import streamlit as st

from matrix import rhythm
from matrix.account import ROUTE_NAMES, SIGHTS, Route
from matrix.people import Right
from settings import Settings
from storage import collection, overview, silence
from storage.moments import period_end
from ui import dialogs, filters, notices, signin, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import beijing, clock, span, stamp
from ui.live import original
from ui.masks import mask_phone, mask_text
from ui.records import records
from ui.words import (
    INTERFACE_WORDS,
    NEXT_STEPS,
    OUTCOME_WORDS,
    VERDICT_ORDER,
    kind_words,
    plain,
    platform_name,
    ratio,
    route_name,
    short,
    verdict_words,
)

NO_BREAK = "\u00a0"
PERIODS = {"minute": "每分钟", "hour": "每小时", "day": "每日"}


def count_verdicts(judged: pd.DataFrame) -> dict[str, int]:
    return {str(verdict): int(number) for verdict, number in judged["verdict"].value_counts().items()}


def show_summary(judged: pd.DataFrame) -> None:
    """One line: how many accounts stand how."""
    counts = count_verdicts(judged)
    parts = [
        f"{verdict_words(verdict).replace(' ', NO_BREAK)}{NO_BREAK}**{counts[verdict]}**"
        for verdict in VERDICT_ORDER
        if counts.get(verdict)
    ]
    st.markdown(f"共 **{len(judged)}** 个账号：" + " · ".join(parts))


def show_verdicts(judged: pd.DataFrame, now: datetime) -> None:
    """The accounts with their verdicts; a chosen row opens what is known of it."""
    verdict = filters.pick_verdict(count_verdicts(judged))
    left, right = st.columns(2)
    with left:
        units = filters.pick_unit()
    with right:
        platform = filters.pick_platform()
    chosen = judged
    if verdict:
        chosen = chosen[chosen["verdict"] == verdict]
    if units is not None:
        chosen = chosen[chosen["organization_id"].isin(units)]
    if platform:
        chosen = chosen[chosen["platform"] == platform]
    order = {verdict.value: place for place, verdict in enumerate(VERDICT_ORDER)}
    chosen = chosen.sort_values("verdict", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)
    if chosen.empty:
        show_nothing_yet("没有符合条件的账号。")
        return
    covered = ask(silence.coverage, now=now)
    chosen = chosen.merge(covered, on="account_id", how="left")
    rows = [
        {
            "账号": row["account"],
            "判定": verdict_words(row["verdict"]),
            "最近发布": stamp(row["last_post_at"], "未见"),
            "平台": platform_name(row["platform"]),
            "单位": row["organization"],
            "下次采集": clock(row["next_check_at"], now, "不采集") if row["route"] != Route.NONE else "不采集",
            "采集完整度": ratio(row["held"], row["stated"]),
            "依据": row["reason"],
        }
        for row in records(chosen)
    ]
    st.caption("点选一行可看依据、采集记录，并可立即检查。采集完整度 = 已采到的评论 ÷ 平台所称评论数，按近7天发布计。")
    place = tables.pick(rows, "verdict_rows", alt="各账号的更新判定")
    if place is None and len(chosen) == 1:
        place = 0
    if place is not None:
        show_account(chosen.iloc[place], now)


def show_account(row: pd.Series, now: datetime) -> None:
    """Everything about one account that explains its verdict, with its last runs."""
    with st.container(border=True):
        st.subheader(str(row["account"]), anchor=False)
        st.markdown(f"**{verdict_words(row['verdict'])}** · {plain(row['reason'])}")
        if row["verdict"] in NEXT_STEPS:
            st.markdown(f"**怎么办** {NEXT_STEPS[row['verdict']]}")
        show_contact(row)
        show_last_post(int(row["account_id"]), now)
        st.caption(plain(f"{row['organization']} · {platform_name(row['platform'])} · {route_name(row['route'])}"))
        looks = f"上次采集 {clock(row['last_check_at'], now, '尚无')} · 上次完整采集 {clock(row['last_ok_at'], now, '尚无')}"
        every = row["interval_seconds"]
        st.caption(looks + (f" · 每{span(every)}一次" if every == every and every else ""))
        if row["last_error"]:
            st.markdown(f"上次采集的问题：{plain(row['last_error'])}")
        if SIGHTS[Route(row["route"])].limits:
            st.caption(plain(f"▢ 平台限制：{'；'.join(SIGHTS[Route(row['route'])].limits)}"))
        if row["route"] != Route.NONE and signin.require().may(Right.CHECK_NOW):
            dialogs.offer_check(int(row["account_id"]), str(row["account"]))
        show_runs(now, account_id=int(row["account_id"]), limit=10)


def show_contact(row: pd.Series) -> None:
    """Whom to call about the account; the number is whole only for those who keep the ledger."""
    phone = row["phone"] if signin.require().may(Right.LEDGER_EDIT) else mask_phone(row["phone"])
    st.markdown(f"责任人：{plain(' '.join(filter(None, (row['person'], phone)))) or '未登记，请在“账号台账”补充'}")


def show_last_post(account_id: int, now: datetime) -> None:
    """The last thing that the account published, with the way to it: the evidence for the verdict."""
    found = ask(overview.last_post, account_id=account_id)
    if found.empty:
        return
    post = found.iloc[0]
    gone = "(已删除或不可见)" if post["gone_kind"] in ("deleted", "hidden") else ""
    words = short(mask_text(post["title"] or post["text"]), 60) or "(无文字)"
    st.markdown(f"最近发布：{clock(post['published_at'], now)} {plain(words)}{gone} {original(post['url'])}".strip())


def show_runs(now: datetime, account_id: int = 0, limit: int = 100) -> None:
    """The newest runs, of all accounts or of one."""
    outcome = ""
    if not account_id:
        words = {"全部": "", "失败": "failed", "部分完成": "partial", "完成": "ok"}
        chosen = st.segmented_control("结果", list(words), default="全部", required=True, key="outcome", bind="query-params")
        outcome = words[chosen or "全部"]
    runs = ask(collection.runs, outcome=outcome, account_id=account_id, limit=limit)
    if runs.empty:
        show_nothing_yet("没有采集记录。", "采集程序运行后，每次采集都会记在这里。")
        return
    rows = [
        {
            "开始": stamp(row["started_at"]),
            "账号": row["account"],
            "结果": OUTCOME_WORDS[row["outcome"]],
            "新发布": row["posts_new"],
            "新评论": row["comments_new"],
            "调用": row["calls"],
            "用时": span(row["finished_at"] - row["started_at"]) if row["finished_at"] == row["finished_at"] else "进行中",
            "说明": (f"{kind_words(row['error_kind'])}：" if row["error_kind"] else "") + row["sentence"],
        }
        for row in records(runs)
    ]
    tables.show(rows, f"runs_{account_id}", alt=f"最近{len(rows)}次采集，截至{stamp(now)}")


def show_budgets(now: datetime) -> None:
    """What the next hour of polling costs against what is allowed, then what has been used."""
    looks = ask(collection.looks, now=now)
    st.subheader("计划用量", anchor=False)
    if not looks:
        show_nothing_yet("没有需要调用接口的账号。")
    for route, accounts in looks.items():
        known = [
            (interval or rhythm.BOUNDS[route][0], calls or rhythm.CALLS_PER_LOOK.get(route, 1.0)) for interval, calls in accounts
        ]
        allowed = allowed_per_hour(signin.settings(), route, len(known))
        if allowed is None:
            cost = sum(3600 / interval * calls for interval, calls in known)
            st.markdown(plain(f"{ROUTE_NAMES[route]}：{len(known)}个账号每小时约需调用{cost:.0f}次，平台没有规定额度"))
            continue
        plan = rhythm.plan_hour(route, ROUTE_NAMES[route], known, allowed)
        st.markdown(plain(plan.sentence)) if plan.fits else notices.show(plain(plan.sentence), "data_usage")
    st.subheader("已用额度", anchor=False)
    used = ask(collection.budgets_now, now=now)
    if used.empty:
        show_nothing_yet("本时段还没有调用过有额度的接口。")
        return
    rows = [
        {
            "账号": row["owner"],
            "接口": INTERFACE_WORDS.get(row["name"], row["name"]),
            "周期": PERIODS[row["period"]],
            "已用": f"{row['used']}/{row['allowed']}",
            "占比": min(1.0, row["used"] / max(1, row["allowed"])),
            "恢复": clock(period_end(row["period"], now), now),
            "说明": f"平台于{beijing(row['spent_at']):%H:%M}提示已用完"
            if row["spent_at"] == row["spent_at"] and row["spent_at"]
            else "",
        }
        for row in records(used)
    ]
    rows.sort(key=lambda row: float(str(row["占比"])), reverse=True)
    tables.show(rows, "budgets", {"占比": tables.share("占比")}, alt="本时段各接口已用的额度")


def allowed_per_hour(settings: Settings, route: Route, accounts: int) -> float | None:
    """Calls an hour that all accounts of a route may make together, where somebody limits them."""
    if route is Route.WEIBO_FREE:
        return min(settings.weibo.ip_calls_per_hour_free, accounts * settings.weibo.free_calls_per_day / 24)
    if route is Route.WEIBO_COMMERCIAL:
        return settings.weibo.ip_calls_per_hour_commercial
    if route is Route.WECHAT:
        quotas = settings.wechat.daily_quotas()
        each = sum(number for path, number in quotas.items() if "token" not in path)
        return accounts * each / 24
    return None
