"""诉求待办 by keyboard in a real browser: two people, new arrivals, a reload, a slip, a key held down, a text being written."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench import inbox
from bench.inbox_person import Clerk, console, sign_in
from bench.waiting_room import Room, open_room
from storage import passwords
from storage.database import create_database
from tests.serving import QUICK

SIZE = 9


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Room]]:
    """A database in which nine citizens wait, open for those who come later."""
    monkeypatch.setattr(passwords, "HASHER", QUICK)
    with closing(create_database(tmp_path / "m.db")) as db:
        yield tmp_path / "m.db", open_room(db, int(time.time()), SIZE, "Linjiang-2026")


def write_in_the_filter(one: Clerk, story: inbox.Story) -> None:
    """Figures, letters and a word that is being composed go into the field and nowhere else."""
    number = one.number
    one.page.click('button:has-text("筛选")')
    box = one.page.wait_for_selector('input[aria-label*="单位"]')
    assert box
    box.click()
    one.page.keyboard.type("13z")
    composing = one.page.context.new_cdp_session(one.page)
    composing.send("Input.imeSetComposition", {"text": "qing3j", "selectionStart": 6, "selectionEnd": 6})
    composing.send("Input.insertText", {"text": "青"})
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("Escape")
    one.page.click("h2")
    one.settle()
    story.check(one.number == number, "在筛选框打字时页面跟着动了")


def test_a_queue_worked_by_two_people_with_all_that_may_come_between(browser: Browser, place: tuple[Path, Room]) -> None:
    path, room = place
    story = inbox.Story()
    with console(path) as link:
        one, other = sign_in(browser, path, link, "wangfang"), sign_in(browser, path, link, "liqiang")
        one.open()
        other.open()
        inbox.handle(one, story, "1", is_last=False, turn=0)
        inbox.arrive(room, story, SIZE)
        inbox.step_beside(other, story)
        inbox.handle(one, story, "5", is_last=False, turn=0)
        one.page.wait_for_selector("text=新到2条，点此载入")
        inbox.slip(one, story, one.number)
        inbox.reload(one, story, one.number)
        write_in_the_filter(one, story)
        inbox.type_into_note(one, story)
        inbox.handle(one, story, "3", is_last=False, turn=17)  # held down for a second
        inbox.handle(one, story, "2", is_last=False, turn=0)
        for clerk in (one, other):
            clerk.page.context.close()
    with closing(create_database(path)) as db:
        inbox.compare(db, room, story, SIZE)
    assert not story.faults
    assert (len(story.meant), len(story.beside), story.arrived) == (4, 1, 2)
