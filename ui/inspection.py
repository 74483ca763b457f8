"""The page on updates: an inspection as of a day, with its rates, its accounts, and the evidence behind each verdict."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from matrix.inspection import Verdict
from matrix.inspection_tally import Tally, rate_words
from matrix.people import Right
from storage import inspections, inspections_kept
from ui import exports, filters, notices, periods, signin, tables
from ui import inspection_frames as frames
from ui.ask import act, ask, shaped
from ui.cards import show_nothing_yet
from ui.clock import beijing, clock
from ui.exports import Writers
from ui.inspection_findings import Findings, Source, findings_of, judged, listed_of
from ui.inspection_frames import Told
from ui.inspection_window import Window, pick_window
from ui.live import original
from ui.masks import mask_text
from ui.words import NEXT_STEPS, plain, platform_name, verdict_words

WORKING_DAYS = 10
"""For putting right, where nobody says otherwise: notices of inspections give one to two weeks."""
DONE = "inspection_done"
TWINS_SHOWN = 40


def show(writers: Writers, annex: Writers) -> None:
    """今日检查: today or a past day, and the way to keep it."""
    window = pick_window()
    if words := st.session_state.pop(DONE, ""):
        notices.show(plain(words), "check_circle")
    source = judged(window)
    whole = len(source.read())
    if signin.require().may(Right.INSPECT) and whole:
        offer_keeping(window, whole)
    told = Told(window.moment, window.where, window.rule, f"截至{beijing(window.now):%Y-%m-%d %H:%M}已获知的事实")
    show_findings(source, (window.platform, window.level), told, writers, annex, window.narrowed, "today")


def show_findings(
    source: Source, kind: tuple[int, str], told: Told, writers: Writers, annex: Writers, narrowed: str, key: str
) -> None:
    """Rates, accounts, evidence and files of an inspection, fresh or kept, of one platform and level (0 and empty: all)."""
    st.caption(plain(f"检查时点{told.moment} · {told.where}" + (f" · {narrowed}" if narrowed else "")))
    held = shaped(findings_of, source=source, platform=kind[0], level=kind[1])
    if held.found.empty:
        show_nothing_yet("没有符合条件的账号。", "请调整单位、平台或层级；检查日期当时不属于这些单位的账号不在其内。")
        return
    show_head(held.counts, held.soon)
    words = f"规则“{told.rule.name}”：{told.rule.words}。依据：{told.rule.source}。核对情况：{told.rule.verified or '未填写'}。"
    st.caption(plain(words + told.rule.note))
    show_twins(held.twins)
    show_groups(held, told, writers, narrowed, key)
    show_accounts(source, kind, held, told, writers, narrowed, key)
    show_annex(held.found, told, annex, narrowed, key)


def show_head(counts: Tally, soon: int) -> None:
    """The rate, who failed, who is next, and who could not be checked; zeros are said in words."""
    share = f"{counts.share:.1%}" if counts.share is not None else "—"
    rate, _, pair = rate_words(counts).partition("(")
    next_ones = f"另有{soon}个3日内将超期" if soon else "3日内没有将超期的账号"
    left = f"采集中断{counts.blind} · 平台限制{counts.limited} · 不纳入判定{counts.exempt}"
    cards = (
        ("合格率", rate, f"{pair.rstrip(')')}个账号合格" if pair else "没有能够判定的账号"),
        ("超期未更新", f"{counts.failed} 个", f"不合格，列入附表；{next_ones}" if counts.failed else next_ones),
        ("检查账号", f"{counts.checked} 个", f"占在册{counts.accounts}个的{share}"),
        ("未纳入合格率", f"{counts.accounts - counts.checked} 个", left),
    )
    for column, (title, figure, detail) in zip(st.columns(len(cards), gap="small"), cards, strict=True):
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.caption(title)
            st.subheader(figure, anchor=False)
            st.caption(detail)


def show_twins(twins: list[str]) -> None:
    """More than one account of a unit on a platform: against the principle of one, so a hint and no finding."""
    if twins:
        with st.expander(f"提示：{len(twins)}处同一单位在同一平台有多个账号"):
            more = f"……等{len(twins)}处" if len(twins) > TWINS_SHOWN else ""
            st.markdown(plain("；".join(twins[:TWINS_SHOWN]) + more) + "。")
            st.caption("国办发〔2018〕123号：一个单位原则上在同一平台只开设一个账号。确有需要的，请在台账写明豁免说明。")


def show_groups(held: Findings, told: Told, writers: Writers, narrowed: str, key: str) -> None:
    """The rate by platform and by level."""
    about = told.about(held.found, narrowed)
    for place, (label, rows), column in zip(st.columns(2, gap="medium"), held.groups.items(), ("platform", "level"), strict=True):
        with place:
            st.subheader(f"按{label}", anchor=False)
            seen = [{name: row[name] for name in (label, "合格率", "检查", "不合格", "未纳入")} for row in rows]
            tables.show(seen, f"{key}_by_{column}", alt=f"各{label}的合格率")
            exports.offer(f"更新检查按{label}", pd.DataFrame(rows, dtype=object), about, writers, f"{key}_{column}")


def show_accounts(
    source: Source, kind: tuple[int, str], held: Findings, told: Told, writers: Writers, narrowed: str, key: str
) -> None:
    """Account by account, failures first; a chosen row opens its evidence."""
    st.subheader("账号", anchor=False)
    counts = {str(verdict): int(number) for verdict, number in held.found["verdict"].value_counts().items()}
    verdict = filters.pick_verdict(counts)
    listed = shaped(listed_of, source=source, platform=kind[0], level=kind[1], verdict=verdict)
    if listed.chosen.empty:
        show_nothing_yet("没有这种判定的账号。")
        return
    place = tables.pick(listed.sheet, f"{key}_rows", alt="各账号的更新检查结果")
    about = told.about(held.found, narrowed) | ({"判定": verdict} if verdict else {})
    exports.offer("更新检查明细", lambda _db, _scope: frames.exported(listed.chosen), about, writers, f"{key}_rows")
    if place is None:
        st.caption("选一行查看依据和存证。")
    else:
        show_evidence(listed.chosen.iloc[place])


def show_evidence(row: pd.Series) -> None:
    """What defends a verdict: the last public post as it stood, its link, its fingerprint, and when we learned of it."""
    now = signin.now()
    with st.container(border=True):
        st.subheader(str(row["account"]), anchor=False)
        st.markdown(f"**{verdict_words(row['verdict'])}** · {plain(row['reason'])}")
        if row["verdict"] in NEXT_STEPS:
            st.markdown(f"**怎么办** {NEXT_STEPS[row['verdict']]}")
        end = frames.end_words(frames.number(row["due_at"]))
        limit = f"期限{frames.limit_words(row.to_dict())}" + (f"，至{end}" if end else "")
        st.caption(
            plain(f"{row['path']} · {platform_name(row['platform'])} · {limit} · {row['limit_basis'] or '期限依检查规则'}")
        )
        post = frames.number(row["post_id"])
        if post is None:
            st.markdown("没有采到这一时点之前的公开发布。")
            return
        words = ask(inspections_kept.wording, post_id=post, sha256=str(row["sha256"]))
        kind = frames.KIND_WORDS.get(str(row["kind"]), "")
        st.markdown(f"**最近一次公开发布** {clock(frames.number(row['published_at']), now)} {kind} {original(row['url'])}")
        if words is None:
            notices.refuse("库中找不到与存证一致的文字，请联系系统管理员核对数据库。")
        else:
            st.code(mask_text("\n".join(part for part in words if part)) or "(无文字)", language=None, wrap_lines=True)
        st.caption(
            plain(f"平台编号 {row['ext_id']} · 获知于{clock(frames.number(row['seen_at']), now)} · 内容SHA-256 {row['sha256']}")
            + "(按标题、换行、正文的原文计算，显示时遮蔽电话等)"
        )


def show_annex(found: pd.DataFrame, told: Told, annex: Writers, narrowed: str, key: str) -> None:
    """The annex with the day by which to put it right."""
    st.subheader("检查附表", anchor=False)
    failed = int((found["verdict"] == Verdict.OVERDUE).sum())
    if not failed:
        st.caption("没有超期未更新的账号，不需要附表。")
        return
    today = beijing(signin.now()).date()
    first, is_known = default_deadline(today)
    left, right = st.columns((1, 2))
    typed = left.text_input("整改时限", f"{first}", key=f"{key}_deadline", max_chars=20)
    try:
        until = periods.read_day(typed or f"{first}", today)
    except ValueError as error:
        notices.refuse(plain(str(error)))
        return
    why = "默认为10个工作日后" if is_known else "默认为14天后(当年工作日历没有载入)"
    right.caption(f"{failed}个账号。{why}，可改。附表为A4横向，可直接打印。")
    exports.offer(
        "检查附表", lambda _db, _scope: frames.annex(found, told, until), told.about(found, narrowed), annex, f"{key}_annex"
    )


def default_deadline(today: date) -> tuple[date, bool]:
    """Ten working days from today; two weeks where the year's calendar is not known (False)."""
    day = ask(inspections.deadline, day=today, working_days=WORKING_DAYS)
    return (day, True) if day else (today + timedelta(days=14), False)


def offer_keeping(window: Window, accounts: int) -> None:
    if st.button("保存本次检查", icon=":material/inventory_2:", type="primary"):
        keep(window, accounts)


@st.dialog("保存本次检查")
def keep(window: Window, accounts: int) -> None:
    """Keeps the whole inspection of the units, whatever platform or level is shown."""
    st.markdown(
        plain(f"检查时点{window.moment}，范围：{window.where}，{accounts}个账号(全部平台和层级)，规则“{window.rule.name}”。")
    )
    st.caption("保存后不能修改或删除。以后补采、导入的内容不改变它；可以随时重新运行核对。")
    note = st.text_area("备注(可不填)", max_chars=200, key="keep_note")
    if st.button("保存", type="primary", key="keep_confirmed"):
        viewer = signin.require(Right.INSPECT)
        try:
            number = act(
                Right.INSPECT,
                "保存更新检查",
                inspections.keep,
                viewer.scope,
                subject=window.where,
                detail_of=lambda number: f"第{number}号，检查时点{window.moment}，规则“{window.rule.name}”",
                rule=window.rule,
                at=None if window.day is None else window.at,
                root=window.root,
                author=viewer.person.login,
                now=signin.exact_now(),
                note=note or "",
            )
        except (ValueError, PermissionError) as error:
            notices.refuse(plain(str(error)))
            return
        st.session_state[DONE] = f"已保存为第{number}号检查，可在“历史检查”中打开、核对和下载。"
        st.rerun()
