"""历史检查: the inspections that were kept, opened exactly as they were written, and asked again."""

from typing import Any

import pandas as pd
import streamlit as st

from matrix.inspection_tally import rate_words
from matrix.people import Right
from storage import inspection_again, inspections_kept
from storage.inspection_again import Comparison
from storage.inspections_kept import Kept
from ui import exports, filters, inspection, notices, signin, tables
from ui.ask import ask
from ui.cards import show_nothing_yet
from ui.clock import stamp
from ui.exports import Writers
from ui.inspection_findings import Held
from ui.inspection_frames import Told
from ui.inspection_window import moment_words
from ui.records import records
from ui.words import plain, platform_name, verdict_words

CHOSEN, BEFORE = "no", "before"
DIGITS = 12


def show(writers: Writers, annex: Writers) -> None:
    """The list, and below it the one that is open; which one it is stands in the address."""
    before = number_of(st.query_params.get(BEFORE, ""))
    kept = ask(inspections_kept.kept, before=before)
    if kept.empty:
        show_nothing_yet("还没有保存过检查。", "在“今日检查”选定日期、单位和规则后，点“保存本次检查”。")
        return
    rows = [listed(row) for row in records(kept)]
    numbers = {f"第{row['id']}号 {moment_words(row['as_of'])} {row['units']}": int(row["id"]) for row in records(kept)}
    labels = list(numbers)
    tables.press(rows, "kept_rows", "single-row", lambda place, _: choose(labels[place]), alt="保存的检查")
    exports.offer("历史检查", pd.DataFrame(rows, dtype=object), {"范围": "权限范围内保存的检查"}, writers)
    if before or len(kept) == inspections_kept.LISTED:
        turn(before, int(kept["id"].min()), len(kept) == inspections_kept.LISTED)
    chosen = st.selectbox("打开", ["", *labels], key=CHOSEN, bind="query-params", format_func=lambda label: label or "选一次检查")
    if chosen:
        opened = ask(inspections_kept.opened, inspection_id=numbers[chosen])
        if opened is not None:
            show_one(opened, writers, annex)


def number_of(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


def turn(before: int, oldest: int, has_more: bool) -> None:
    """The way to older inspections, and back to the newest."""
    with st.container(horizontal=True, gap="small"):
        if before and st.button("最新的检查", type="tertiary", icon=":material/first_page:"):
            st.query_params.pop(BEFORE, None)
            st.rerun()
        if has_more and st.button("更早的检查", type="tertiary", icon=":material/chevron_right:"):
            st.query_params[BEFORE] = str(oldest)
            st.rerun()


def choose(label: str) -> None:
    st.session_state[CHOSEN] = label


def listed(row: dict[str, Any]) -> dict[str, Any]:
    """One kept inspection; its counts are of the accounts that the viewer may see."""
    counts = row["tally"]
    return {
        "编号": int(row["id"]),
        "检查时点": moment_words(row["as_of"]),
        "范围": row["units"],
        "规则": row["rule"],
        "合格率": rate_words(counts),
        "检查": counts.checked,
        "不合格": counts.failed,
        "未纳入": counts.accounts - counts.checked,
        "保存人": row["made_by"],
        "保存时间": stamp(row["made_at"]),
        "备注": row["note"],
    }


def show_one(kept: Kept, writers: Writers, annex: Writers) -> None:
    """A kept inspection: who kept it, whether it is untouched, and everything that was found."""
    with st.container(border=True, gap="small"):
        st.subheader(f"第{kept.id}号检查", anchor=False)
        known = f"获知截止{stamp(kept.asked.known)}：此后补采、导入的内容不影响本次结果"
        st.markdown(plain(f"{kept.made_by}于{stamp(kept.made_at)}保存。{known}。" + (f"备注：{kept.note}" if kept.note else "")))
        if kept.is_whole:
            st.caption(f"存证SHA-256 {kept.digest}，保存的内容与存证一致。")
        else:
            notices.refuse("保存的内容与存证不一致，有人改动过数据库。请联系系统管理员，从备份核对。")
        if kept.hidden:
            st.caption(f"另有{kept.hidden}个账号不在您的权限范围内，没有显示，也不计入下面的数字。")
        if signin.require().may(Right.INSPECT):
            offer_comparison(kept, writers)
    columns = st.columns(3)
    with columns[0]:
        platform = filters.pick_platform()
    with columns[1]:
        level = filters.pick_level()
    where = kept.units + ("，只含您权限范围内的账号" if kept.hidden else "")
    told = Told(moment_words(kept.asked.at), where, kept.asked.rule, stamp(kept.asked.known), f"SHA-256 {kept.digest}")
    narrowed = "、".join(part for part in (platform_name(platform) if platform else "", level) if part)
    inspection.show_findings(Held(kept.id), (platform, level), told, writers, annex, narrowed, f"kept_{kept.id}")


def offer_comparison(kept: Kept, writers: Writers) -> None:
    """Asking again takes longer than a page may, so it waits for a click."""
    if not st.button("重新运行并核对", key=f"again_{kept.id}", icon=":material/replay:"):
        return
    compared = ask(inspection_again.compare, inspection_id=kept.id)
    if compared is not None:
        show_comparison(kept, compared, writers)


def show_comparison(kept: Kept, compared: Comparison, writers: Writers) -> None:
    """Equal or not by what was known then, and what it would be by what is known now; what was kept stays."""
    if compared.is_equal:
        notices.show(f"**结果一致** 按当时获知的事实重新运行，结果与保存的逐字节相同(存证{kept.digest[:DIGITS]}…)。", "task_alt")
    elif compared.judged_by != compared.judges_now:
        words = (
            f"保存时的判定程序是第{compared.judged_by}版，现在是第{compared.judges_now}版，不能逐字节比较。保存的结果仍然有效。"
        )
        notices.show(words, "info")
    else:
        notices.refuse("结果不一致：判定所依据的历史记录被改动过。请联系系统管理员，从备份核对。")
    learned = "、".join(f"{words}{count}条" for words, count in compared.learned.items())
    if compared.changes.empty:
        st.markdown(f"后来获知{learned}；" * bool(learned) + "按现在所知，各账号的判定没有变化。")
        return
    st.markdown(
        (f"后来获知{learned}。" if learned else "后来的采集看到了当时看不到的情况。")
        + f"如按现在所知，以下**{len(compared.changes)}**个账号的判定将变为："
    )
    rows = [
        {
            "账号": row["account"],
            "平台": platform_name(row["platform"]),
            "主办单位": row["organization"],
            "保存的判定": verdict_words(row["verdict"]),
            "按现在所知": verdict_words(row["verdict_now"]) if row["verdict_now"] else "不在所查单位",
            "说明": row["reason_now"],
        }
        for row in records(compared.changes)
    ]
    tables.show(rows, f"changes_{kept.id}", alt="按现在所知判定不同的账号")
    st.caption("保存的检查不变。需要按现在所知出结果的，请以同一日期另存一次。")
    exports.offer("核对差异", pd.DataFrame(rows, dtype=object), {"检查": f"第{kept.id}号"}, writers, f"changes_{kept.id}")
