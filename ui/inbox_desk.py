"""The desk of one person: a queue that stands still while he works, where he is in it, and what he did last."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from matrix.case import UNDO_SECONDS
from storage import cases_queue
from storage.cases import Claim
from storage.cases_queue import Wanted
from ui import signin
from ui.ask import fresh

KEY, CASE = "inbox", "case"
HELD_KEY_SECONDS = 0.7
"""A key that is held down repeats after half a second. What comes from the same key sooner than this, after the last time or
after the next case was drawn, is no second wish."""

SLOW_TIMES = 2.0
"""On a busy machine the drawing takes longer, and the wait with it: so many times what the last one took."""

ON_THE_WAY_SECONDS = 10.0
"""How long a key may be on its way to a busy server with the address of before."""

WINDOW_BEFORE, WINDOW = 2, 8
"""How many rows of the queue are shown at once, and how many of them lie behind the present one."""


@dataclass(slots=True)
class Last:
    """The act that can still be taken back."""

    step_id: int
    comment_id: int
    words: str
    at: float


@dataclass(slots=True)
class Desk:
    """What belongs to this browser tab alone. Facts are in the database: a new tab loses nothing but the order."""

    wanted: Wanted
    ids: list[int]
    newest: int
    fixed_at: float
    at: int | None = None
    address: int | None = None
    """What the desk itself last wrote into the address; anything else there is a wish of the person."""
    replaced: dict[int, float] = field(default_factory=dict)
    """When the desk took an older case out of the address (seconds of the wall clock)."""
    leaving: int | None = None
    done: dict[int, str] = field(default_factory=dict)
    last: Last | None = None
    message: str = ""
    is_refusal: bool = False
    pressed: tuple[str, float] = ("", 0.0)
    drawn_at: float = 0.0
    took: float = 0.0
    """When the present case had been drawn (seconds of the wall clock), and how long that took."""
    dialog: tuple[str, int, int] | None = None
    claim: Claim | None = None
    is_carried: bool = False
    """An act has brought the present case here, nobody chose it: what others have in hand may be passed over."""
    passed: set[int] = field(default_factory=set)

    @property
    def place(self) -> int | None:
        return self.ids.index(self.at) if self.at in self.ids else None

    def key(self, letter: str) -> str | None:
        """The key of a button; none while a dialog is open, whose own keys and texts must not reach the page behind it."""
        return letter if letter and self.dialog is None else None

    def left(self) -> int:
        """How many of the queue nobody at this desk has dealt with."""
        return sum(number not in self.done for number in self.ids)

    def window(self) -> list[int]:
        """The rows of the queue around the present one."""
        start = max(0, min((self.place or 0) - WINDOW_BEFORE, len(self.ids) - WINDOW))
        return self.ids[start : start + WINDOW]

    def say(self, words: str, is_refusal: bool = False) -> None:
        self.message, self.is_refusal = words, is_refusal

    def go(self, comment_id: int | None) -> None:
        """Turn to another case; what was open in front of the old one is closed."""
        if comment_id != self.at:
            self.leaving, self.at, self.claim = self.at, comment_id, None
        self.dialog, self.is_carried = None, False

    def next_open(self) -> int | None:
        """The next case that waits, after the present one and then from the start; None when all are dealt with."""
        start = -1 if self.place is None else self.place
        order = self.ids[start + 1 :] + self.ids[: max(start, 0)]
        return next((number for number in order if number not in self.done and number not in self.passed), None)

    def carry_on(self) -> bool:
        """Turn to the next case that waits; False where there is none."""
        following = self.next_open()
        if following is not None:
            self.go(following)
            self.is_carried = True
        return following is not None


def fix(wanted: Wanted, at: int | None = None) -> Desk:
    """Ask for the queue anew; from then on it stands still."""
    filters: dict[str, Any] = {
        "state": wanted.state,
        "since": wanted.since,
        "kind": wanted.kind,
        "platform": wanted.platform,
        "organization_id": wanted.organization_id,
    }
    newest = fresh(cases_queue.newest_id)
    ids = [int(number) for number in fresh(cases_queue.queue, **filters)["comment_id"]]
    made = Desk(wanted, ids, newest, signin.exact_now().timestamp())
    made.at = at if at is not None else next(iter(ids), None)
    return made


def take(wanted: Wanted) -> Desk:
    """The desk as it was left, or a new one for other filters; the address says which case lies on it."""
    asked = st.query_params.get(CASE, "")
    named = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    held = st.session_state.get(KEY)
    if not isinstance(held, Desk):
        held = st.session_state[KEY] = fix(wanted, named)
        return held
    wish = named if named not in (held.at, held.address) and not is_stale(held, named) else None
    if held.wanted != wanted:
        held = st.session_state[KEY] = fix(wanted, wish)
    elif wish is not None:
        held.say("")
        held.go(wish)
    return held


def is_stale(desk: Desk, named: int | None) -> bool:
    """Whether the address is one that was replaced a moment ago: a key that was on its way still carries the old one."""
    replaced_at = desk.replaced.get(named or 0)
    return replaced_at is not None and signin.wall_now().timestamp() - replaced_at < ON_THE_WAY_SECONDS


def keep_address(desk: Desk) -> None:
    """The address names the case on the desk, so that a reload or a sent link opens the same one."""
    if desk.at is None:
        return
    if desk.at != desk.address:
        if desk.address is not None:
            desk.replaced[desk.address] = signin.wall_now().timestamp()
        desk.address = desk.at
    if st.query_params.get(CASE) != str(desk.at):
        st.query_params[CASE] = str(desk.at)


def mine() -> Desk:
    """The desk of this tab, for what a key or a button does."""
    return st.session_state[KEY]


def reload() -> None:
    """Take in what came since; the present case stays where it is if it still waits."""
    old = mine()
    new = fix(old.wanted)
    if old.at in new.ids:
        new.at = old.at
    new.leaving, new.last, new.address = old.leaving, old.last, old.address
    st.session_state[KEY] = new


def move(by: int) -> None:
    """One row on or back; at the ends it stays."""
    desk = mine()
    if not desk.ids:
        return
    place = desk.place
    to = 0 if place is None else min(max(place + by, 0), len(desk.ids) - 1)
    desk.say("")
    desk.passed.clear()
    desk.go(desk.ids[to])


def jump(comment_id: int) -> None:
    desk = mine()
    desk.say("")
    desk.go(comment_id)


def may_undo(desk: Desk) -> bool:
    return desk.last is not None and signin.wall_now().timestamp() - desk.last.at <= UNDO_SECONDS
