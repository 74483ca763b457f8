"""Installations, cities and commands for the tests of the commands."""

import re
import signal
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from commands import doctor
from commands import worker as word
from tests.commands.city import Platforms, fill_ledger, platforms_of_a_city
from tests.commands.place import Examined, Place

LINE = re.compile(r"^\[(正常|提示|问题)\] ([^：]+)：(.+)$")


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Examined:
    """Runs the doctor: exit code, findings as `subject: [level, sentence, …]`, and the last line."""

    def run(*words: str) -> tuple[int, dict[str, list[str]], str]:
        code = doctor.main(list(words or ("--offline",)))
        *lines, last = capsys.readouterr().out.splitlines()
        found: dict[str, list[str]] = {}
        for line in lines:
            parts = LINE.match(line)
            assert parts, line
            found.setdefault(parts[2], []).extend((parts[1], parts[3]))
        return code, found, last

    return run


@pytest.fixture
def make_place(tmp_path: Path) -> Callable[[str], Place]:
    """Further installations beside the first one."""

    def make(name: str) -> Place:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "settings.toml").touch()
        return Place(folder)

    return make


@pytest.fixture
def place(make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch) -> Place:
    """An empty installation that the commands of this process see."""
    made = make_place("here")
    for name, value in made.environ().items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def platforms() -> Generator[Platforms]:
    with platforms_of_a_city() as made:
        yield made


@pytest.fixture
def city(place: Place, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Place:
    """An installation with the city's accounts and their credentials, one thread, its clock at the platforms' moment."""
    place.knobs = {
        "MATRIX_WEIBO_COMMERCIAL_URL": f"{platforms.running.url}/weibo-commercial",
        "MATRIX_WORKER_THREADS": "1",
        "MATRIX_WORKER_TICK_SECONDS": "0.05",
        "MATRIX_WORKER_HISTORY_DAYS": "1",
        "MATRIX_CLOCK_SPEED": "0.001",
    }
    for name, value in place.knobs.items():
        monkeypatch.setenv(name, value)
    fill_ledger(place, platforms)
    return place


@pytest.fixture
def run_word(capsys: pytest.CaptureFixture[str]) -> Generator[Callable[..., tuple[int, str, str]]]:
    """`run.py worker …` within this process: exit code and what was printed; signals are given back afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def run(*words: str) -> tuple[int, str, str]:
        code = word.main(list(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)
