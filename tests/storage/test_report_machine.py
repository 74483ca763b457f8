"""Whatever people do to reports: nothing goes out unchecked, what went out never changes, numbers have no gap."""

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from matrix.report_life import Act, is_checked
from storage import reports
from storage.report_content import Author
from tests.storage.report_desk import BROKEN, LI, WANG, WHY, ZHAO, make_desk


class Life(RuleBasedStateMachine):
    """People do anything to three reports; what the tables say must hold after each of it."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = make_desk()
        self.kept: dict[int, tuple[bytes, str]] = {}
        self.desk.draft(LI)

    def teardown(self) -> None:
        self.desk.db.close()

    ids = st.sampled_from((1, 1, 2, 3))
    who = st.sampled_from((LI, WANG, ZHAO))

    @rule(author=who)
    def draft(self, author: Author) -> None:
        if self.desk.db.execute("SELECT count(*) FROM reports").fetchone()[0] < 3:
            self.desk.draft(author)

    @rule(number=ids, author=who)
    def renew(self, number: int, author: Author) -> None:
        self.attempt(lambda: self.desk.renew(number, author))

    @rule(number=ids, act=st.sampled_from([act for act in Act if act is not Act.ISSUE]), author=who)
    def step(self, number: int, act: Act, author: Author) -> None:
        self.attempt(lambda: self.desk.take(number, act, author, WHY))

    @rule(number=ids, writer=who, checker=who)
    def whole_way(self, number: int, writer: Author, checker: Author) -> None:
        self.attempt(lambda: self.desk.take(number, Act.CORRECT, writer, WHY))
        self.attempt(lambda: self.desk.renew(number, writer))
        self.attempt(lambda: self.desk.take(number, Act.SUBMIT, writer))
        self.attempt(lambda: self.desk.take(number, Act.APPROVE, checker))
        self.attempt(lambda: self.desk.take(number, Act.WAIVE, checker, WHY))
        self.issue(number, checker, True)

    @rule(number=ids, author=who, is_good=st.booleans())
    def issue_it(self, number: int, author: Author, is_good: bool) -> None:
        self.issue(number, author, is_good)

    def issue(self, number: int, author: Author, is_good: bool) -> None:
        def do() -> None:
            self.desk.check(number, *(() if is_good else (BROKEN,)))
            steps = reports.hold(self.desk.db, self.desk.scope, number).steps
            self.desk.issue(number, author)
            assert is_good
            assert is_checked(steps), steps

        self.attempt(do)

    def attempt(self, do: Callable[[], Any]) -> None:
        try:
            do()
        except (ValueError, PermissionError) as error:
            assert str(error).endswith("。"), error

    @invariant()
    def what_was_issued_stays(self) -> None:
        rows = self.desk.db.execute("SELECT version_id, content, sha256 FROM report_signings").fetchall()
        now = {version: (content, sha256) for version, content, sha256 in rows}
        assert self.kept.items() <= now.items()
        self.kept = now

    @invariant()
    def numbers_have_no_gap(self) -> None:
        numbers = [row[0] for row in self.desk.db.execute("SELECT number FROM reports WHERE number IS NOT NULL ORDER BY number")]
        assert numbers == list(range(1, len(numbers) + 1))


def test_whatever_people_do_nothing_goes_out_unchecked_and_nothing_that_went_out_changes() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=25, stateful_step_count=25, deadline=None))
