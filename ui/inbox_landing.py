"""Which case lies on the desk after an act: claimed for the one who sees it, and not one that a colleague has in hand."""

from contextlib import suppress

from matrix.people import Right
from storage import cases, cases_queue, cases_view
from storage.cases_view import Case
from ui import signin
from ui.ask import fresh, touch
from ui.inbox_desk import Desk
from ui.signin import Viewer


def land(desk: Desk, viewer: Viewer, now: int) -> Case | None:
    """The case that lies on the desk, claimed for this person; None where there is none in his scope.

    Where an act has brought it here and somebody else has it in hand, or has dealt with it, the next one comes instead.
    """
    while desk.at is not None:
        claim_present(desk, viewer)
        found: Case | None = fresh(cases_view.case, viewer, comment_id=desk.at, now=now)
        is_gone = found is None or found.state != desk.wanted.state
        if not desk.is_carried or not (is_gone or is_in_other_hands(desk, viewer)):
            return found
        if is_gone:
            desk.done[desk.at] = "他人已办"
        else:
            desk.passed.add(desk.at)
        if not desk.carry_on():
            look_back(desk)
    return None


def look_back(desk: Desk) -> None:
    """Nothing else waits: of those that were passed over some are dealt with by now, and the first of the rest is shown."""
    rows = fresh(cases_queue.listing, ids=tuple(desk.passed))
    waiting = set(rows[rows["state"] == desk.wanted.state]["comment_id"]) if len(rows) else set()
    desk.done |= dict.fromkeys(desk.passed - waiting, "他人已办")
    desk.passed.clear()
    desk.go(next((number for number in desk.ids if number in waiting), desk.at))


def is_in_other_hands(desk: Desk, viewer: Viewer) -> bool:
    return desk.claim is not None and desk.claim.author != viewer.person.login


def claim_present(desk: Desk, viewer: Viewer) -> None:
    """Say who works on the present case, so that nobody else does unknowingly; asked again at every look."""
    desk.claim = None
    if desk.at is not None and viewer.may(Right.CASES):
        # A case outside the scope is claimed by nobody; the page says that it is not there.
        with suppress(ValueError, PermissionError):
            desk.claim = touch(
                Right.CASES,
                cases.claim,
                viewer.scope,
                desk.at,
                viewer.person.login,
                signin.exact_now(),
                leaving=desk.leaving,
                seconds=cases.CLAIM_SECONDS * speed(),
            )
    desk.leaving = None


def speed() -> float:
    """How much faster than the wall the clock of this installation runs; the demo lives an hour in some minutes."""
    clock = signin.settings().clock()
    return clock.speed if clock.start is not None else 1.0
