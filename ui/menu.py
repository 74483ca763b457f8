"""The menu is the permission: a page that a person's rights do not give cannot be opened at all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from matrix.people import Right
from ui import notices

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu; its address is its file's name."""

    section: str
    file: str
    title: str
    icon: str
    rights: frozenset[Right]
    is_hidden: bool = False
    """Reached by a link only: it has its address and its rights, and no line in the menu."""

    @property
    def address(self) -> str:
        return Path(self.file).stem


REPORTS = frozenset({Right.REPORTS, Right.REPORTS_CHECK, Right.REPORTS_VIEW})
ENTRIES = (
    Entry("值班", "pages/duty/home.py", "值班首页", ":material/home:", frozenset({Right.DUTY})),
    Entry("值班", "pages/duty/inbox.py", "诉求待办", ":material/inbox:", frozenset({Right.CASES_VIEW})),
    Entry("值班", "pages/duty/daily.py", "日清日结台账", ":material/fact_check:", frozenset({Right.CASES_VIEW})),
    Entry(
        "值班",
        "pages/duty/alerts.py",
        "舆情预警",
        ":material/trending_up:",
        frozenset({Right.ALERTS, Right.ALERTS_VIEW}),
    ),
    Entry(
        "值班",
        "pages/duty/incidents.py",
        "舆情事件",
        ":material/crisis_alert:",
        frozenset({Right.INCIDENTS, Right.INCIDENTS_VIEW}),
    ),
    Entry("值班", "pages/duty/watches.py", "监测方案", ":material/radar:", frozenset({Right.WATCHES})),
    Entry("值班", "pages/duty/wall.py", "值班大屏", ":material/tv:", frozenset({Right.DUTY})),
    Entry("矩阵", "pages/matrix/overview.py", "矩阵总览", ":material/grid_view:", frozenset({Right.MATRIX})),
    Entry("矩阵", "pages/matrix/publishing.py", "发布监测", ":material/campaign:", frozenset({Right.MATRIX})),
    Entry("矩阵", "pages/matrix/timeliness.py", "回复时效", ":material/timer:", frozenset({Right.TIMELINESS})),
    Entry("矩阵", "pages/matrix/answers.py", "回复质量", ":material/rate_review:", frozenset({Right.TIMELINESS})),
    Entry("矩阵", "pages/matrix/inspection.py", "更新检查", ":material/event_available:", frozenset({Right.MATRIX})),
    Entry("报告", "pages/report/reports.py", "舆情报告", ":material/description:", REPORTS),
    Entry("报告", "pages/report/export.py", "数据导出", ":material/download:", frozenset({Right.EXPORT})),
    Entry("报告", "pages/report/figure.py", "数字出处", ":material/tag:", REPORTS, is_hidden=True),
    Entry("管理", "pages/admin/ledger.py", "账号台账", ":material/account_tree:", frozenset({Right.LEDGER})),
    Entry("管理", "pages/admin/collection.py", "采集状态", ":material/sensors:", frozenset({Right.COLLECTION})),
    Entry(
        "管理",
        "pages/admin/channels.py",
        "通知渠道",
        ":material/notifications_active:",
        frozenset({Right.CHANNELS, Right.CHANNELS_VIEW}),
    ),
    Entry(
        "管理",
        "pages/admin/people.py",
        "用户与权限",
        ":material/group:",
        frozenset({Right.PEOPLE, Right.GRANT, Right.JOURNAL}),
    ),
)

ADDRESSES = frozenset({"/", *(f"/{entry.address}" for entry in ENTRIES)})


def refuse() -> None:
    """What stands in the place of a page that the person may not open."""
    st.header("没有权限")
    notices.show("您的角色不能打开这一页。确有需要，请联系安全管理员调整角色。", "lock")


def build(rights: frozenset[Right]) -> st.Page:
    """Declare the pages of these rights and answer with the one that was asked for; others are only a refusal."""
    menu: dict[str, list[st.Page]] = {}
    for entry in ENTRIES:
        if entry.rights & rights:
            page = st.Page(
                ROOT / entry.file,
                title=entry.title,
                icon=entry.icon,
                url_path=entry.address,
                visibility="hidden" if entry.is_hidden else "visible",
            )
            menu.setdefault(entry.section, []).append(page)
    first = next(iter(menu.values()))

    def start() -> None:
        st.switch_page(first[0])

    # Streamlit serves the default page at "/" only: were it a real one, the link to its own address would not be known.
    unseen = [st.Page(start, title="首页", url_path="start", default=True, visibility="hidden")]
    unseen += [
        st.Page(refuse, title=entry.title, url_path=entry.address, visibility="hidden")
        for entry in ENTRIES
        if not entry.rights & rights
    ]
    return st.navigation({section: pages + (unseen if pages is first else []) for section, pages in menu.items()}, expanded=True)


def build_for_stranger(show: Callable[[], None]) -> st.Page:
    """Nothing but one page without an address: what a stranger may open."""
    return st.navigation([st.Page(show, title="登录", url_path="stranger")], position="hidden")
