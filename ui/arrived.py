"""What came in since the last hand-over: one line of numbers; each opens its rows, and a row opens what stands around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import pandas as pd
import streamlit as st

from matrix.shift import Change, ShiftAct, Watch
from storage import arrived, overview, shifts
from ui import cards, drill, drill_post, exports, signin, tables
from ui.ask import ask
from ui.clock import beijing, clock, stamp
from ui.drill import TITLES
from ui.drill_lists import LINK, PAGE_ROWS, cut, post_rows, word_rows
from ui.exports import Writers
from ui.records import records
from ui.signin import Viewer
from ui.words import plain

VIEW, KEY, NAME = "新到", "duty", "arrived"
COUNTED = {"posts": "发布{}条", "comments": "网民评论{}条", "appeals": "诉求{}件", "replies": "官方回复{}条", "steps": "办理{}步"}


class Charts(Protocol):
    """What the page hands in: `charts.publishing`, which this room may not import."""

    def growth(self, frame: pd.DataFrame) -> Any: ...


@dataclass(frozen=True, slots=True)
class Since:
    """From when on things count as new, in words, with what came since; `filters` as `storage.arrived` takes them."""

    words: str
    help: str
    figures: Mapping[str, int]
    filters: Mapping[str, Any] = field(default_factory=dict)


def desk_of(viewer: Viewer) -> int | None:
    """The unit whose desk this viewer sits at: the first one of his scope."""
    return viewer.scope[0] if viewer.scope else None


def watch_of(viewer: Viewer) -> Watch:
    desk = desk_of(viewer)
    return Watch() if desk is None else ask(shifts.watch, organization_id=desk)


def since_of(viewer: Viewer, watch: Watch, now: datetime) -> Since:
    """Since the last change at the desk; where nobody ever handed over, since the viewer was here last or for a day."""
    last: Change | None = watch.last
    if last is None:
        since, words = cards.starting_point(viewer, now)
        found = ask(overview.arrivals, since=since)
        help_ = "本单位还没有交接班记录，交班后改为“自上一班交班以来”。按内容发布的时间统计。"
        figures = {name: int(getattr(found, name)) for name in arrived.NAMES if hasattr(found, name)}
        return Since(words, help_, figures, {"moment": int(since.timestamp())})
    left = "交班" if last.act is ShiftAct.HAND else "离班(未交班)"
    filters = {"after": last, "now": int(now.timestamp()), "desk": desk_of(viewer)}
    found = ask(shifts.came, until=None, **filters)
    help_ = "按系统获知的先后统计：交接之后才采到的，无论何时发布，都算在这一班。"
    figures = {name: int(getattr(found, name)) for name in arrived.NAMES}
    return Since(f"自{clock(last.at, now)}{last.name}{left}以来", help_, figures, filters)


def show_line(since: Since) -> None:
    """The first line: every number is a way to its rows."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f"**{plain(since.words)}新到**", width="content", help=since.help)
        for name, number in since.figures.items():
            words = COUNTED[name].format(f"{number:,}")
            st.button(words, key=f"arrived_{name}", type="tertiary", icon=":material/chevron_right:", icon_position="right",
                      on_click=open_list, args=(name,))  # fmt: skip


def open_list(name: str) -> None:
    """Show the rows behind one number; runs before the page is drawn anew."""
    st.session_state[KEY] = VIEW
    st.query_params[NAME] = name


def show(viewer: Viewer, now: datetime, charts: Charts, writers: Writers) -> None:
    """新到: the rows of one number, or one of them opened."""
    steps = drill.path(VIEW)
    if steps:
        drill.show_path(VIEW, steps, {})
        last = steps[-1]
        (
            drill_post.show_comment(VIEW, last.number)
            if last.name == "comment"
            else drill_post.show_post(VIEW, last.number, charts)
        )
        return
    since = since_of(viewer, watch_of(viewer), now)
    st.markdown(f"**{plain(since.words)}新到**", help=since.help)
    labels = {COUNTED[name].format(f"{number:,}"): name for name, number in since.figures.items()}
    name = st.query_params.get(NAME, "posts")
    chosen = next((label for label, one in labels.items() if one == name), next(iter(labels)))
    st.session_state["arrived_box"] = chosen
    picked = st.pills("内容", list(labels), required=True, key="arrived_box", on_change=on_box, args=(labels,), wrap=True)
    show_rows(labels[picked or chosen], since, writers)


def on_box(labels: Mapping[str, str]) -> None:
    st.query_params[NAME] = labels.get(str(st.session_state["arrived_box"]), "posts")


def show_rows(name: str, since: Since, writers: Writers) -> None:
    count = since.figures[name]
    if not count:
        cards.show_nothing_yet(f"{since.words}，没有新到的内容。", f"{beijing(signin.now()):%H:%M}已核对。")
        return
    page = st.pagination(-(-count // PAGE_ROWS), key=f"arrived_page_{name}") if count > PAGE_ROWS else 1
    start = (page - 1) * PAGE_ROWS
    found = ask(arrived.rows, name=name, limit=PAGE_ROWS, offset=start, **since.filters)
    part = f"，本页第{start + 1:,}至{start + len(found):,}条" if count > PAGE_ROWS else ""
    st.caption(f"共{count:,}条{part}，新的在前。点一行查看全文和上下文。")
    rows = rows_of(name, found)

    def opened(place: int, _heading: str) -> None:
        if name == "posts":
            drill.enter(VIEW, "post", str(int(found.iloc[place]["post_id"])))
        else:
            drill.enter(VIEW, "comment", str(int(found.iloc[place]["comment_id"])))

    columns = tables.counts(rows) | ({} if name == "steps" else {"链接": LINK})
    tables.press(rows, f"arrived_rows_{name}", "single-row", opened, columns, alt=TITLES.get(name, "办理诉求"))
    about = {"统计": since.words, "口径": since.help, "截至": f"{beijing(signin.now()):%Y-%m-%d %H:%M}"}
    exports.offer(f"新到{TITLES.get(name, '办理')}", later(name, since.filters), about, writers, key="arrived")


def rows_of(name: str, found: pd.DataFrame, length: int = 30) -> list[dict[str, Any]]:
    """As they stand on the screen, masked; `length` 0 leaves texts whole, for files."""
    if name == "posts":
        return post_rows(found, name, length)
    if name != "steps":
        return word_rows(found, name, length)
    return [
        {
            "时间": stamp(row["at"]),
            "办理": row["act"],
            "办理人": row["name"],
            "账号": row["account"],
            "诉求": cut(row["text"], length),
            "说明": cut(row["why"], length),
        }
        for row in records(found)
    ]


def later(name: str, filters: Mapping[str, Any]) -> Callable[[Any, tuple[int, ...]], pd.DataFrame]:
    """All rows of the list, asked for when somebody clicks."""
    return lambda db, scope: pd.DataFrame(rows_of(name, arrived.rows(db, scope, name=name, limit=0, **filters), 0))
