"""The one file that needs nothing installed: its list, its set-up, its sentences, and how it hands over."""

import json
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import run
from commands.test import spread
from tests.sources import ROOT

PROBE = '''"""A word for the test."""

import os
import signal
import time

from tiny import ANSWER

ABOUT = "试一试"


def stop(*_):
    os.write(1, b"stopped\\n")
    os._exit(7)


def main(argv):
    print(ANSWER, *argv, flush=True)
    if "wait" in argv:
        signal.signal(signal.SIGTERM, stop)
        print("waiting", flush=True)
        time.sleep(30)
    return 3
'''


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small checkout that needs one package, which only its wheel folder has."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "commands").mkdir()
    for name in ("run.py", "settings.py", "knobs.py", "commands/__init__.py", "commands/__main__.py"):
        shutil.copy(ROOT / name, root / name)
    (root / "commands/probe.py").write_text(PROBE, encoding="utf-8")
    (root / "requirements.txt").write_text("tiny>=1\n")
    (root / "constraints.txt").write_text("tiny==1.0\n")
    (root / "wheels").mkdir()
    for version in ("1.0", "2.0"):
        with zipfile.ZipFile(root / f"wheels/tiny-{version}-py3-none-any.whl", "w") as wheel:
            about = f"tiny-{version}.dist-info"
            wheel.writestr("tiny.py", f"ANSWER = 'tiny {version}'\n")
            wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", f"tiny.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return root


def ask(root: Path, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(root / "run.py"), *words], capture_output=True, text=True, timeout=120, **options)  # ty: ignore[no-matching-overload]


def test_without_a_word_it_lists_the_words_in_chinese_and_installs_nothing(checkout: Path) -> None:
    answer = subprocess.run([sys.executable, "-S", "-I", str(checkout / "run.py")], capture_output=True, text=True)
    assert answer.returncode == 0
    assert "probe  试一试" in answer.stdout
    assert not (checkout / ".venv").exists()


def test_an_unknown_word_is_refused_with_the_list(checkout: Path) -> None:
    answer = ask(checkout, "dance")
    assert answer.returncode == 2
    assert "没有“dance”这个命令" in answer.stderr
    assert "probe" in answer.stdout


def test_two_set_ups_at_once_install_offline_under_the_constraints_and_pass_the_exit_code_on(
    checkout: Path, tmp_path: Path
) -> None:
    command = [sys.executable, str(checkout / "run.py"), "probe", "a", "b c"]
    both = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [3, 3]
    assert all(text.endswith("tiny 1.0 a b c\n") for text in said)
    assert sum("不使用网络" in text for text in said) == 1
    again = ask(checkout, "probe")
    assert (again.returncode, again.stdout, again.stderr) == (3, "tiny 1.0\n", "")


def test_a_changed_requirement_is_installed_and_a_broken_one_is_explained(checkout: Path) -> None:
    ask(checkout, "probe")
    (checkout / "constraints.txt").write_text("tiny==2.0\n")
    assert ask(checkout, "probe").stdout.endswith("tiny 2.0\n")
    (checkout / "constraints.txt").write_text("tiny==3.0\n")
    broken = ask(checkout, "probe")
    assert broken.returncode == 2
    assert "安装依赖失败" in broken.stderr
    (checkout / "constraints.txt").write_text("tiny==1.0\n")
    assert ask(checkout, "probe").stdout.endswith("tiny 1.0\n")


def test_a_stop_signal_reaches_the_command(checkout: Path) -> None:
    ask(checkout, "probe")
    command = [sys.executable, str(checkout / "run.py"), "probe", "wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "waiting\n":
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "stopped\n"
    assert process.returncode == 7


def test_a_bad_setting_is_a_sentence_and_no_traceback(checkout: Path) -> None:
    ask(checkout, "probe")
    word = checkout / "commands/knobs.py"
    word.write_text(
        '"""A word."""\n\nfrom settings import load\n\nABOUT = "设置"\n\n\ndef main(argv):\n    load()\n    return 0\n',
        encoding="utf-8",
    )
    answer = ask(checkout, "knobs", env={"MATRIX_CONSOLE_PORT": "门", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    assert answer.returncode == 2
    assert "MATRIX_CONSOLE_PORT" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_old_python_is_told_so_in_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run, "OLDEST", (9, 9))
    assert run.main(["demo"]) == 2
    assert "需要 Python 9.9" in capsys.readouterr().err


def test_without_the_venv_module_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv/installed.json")
    monkeypatch.setattr(run, "read_words", lambda: {"demo": "演示"})
    monkeypatch.setattr(run.shutil, "which", lambda _: None)
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _: None)
    assert run.main(["demo"]) == 2
    said = capsys.readouterr().err
    assert "apt install python3-venv" in said
    assert len(said.splitlines()) == 1


def test_a_stamp_that_cannot_be_read_counts_as_nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STAMP", tmp_path / "installed.json")
    assert run.read_stamp() == {}
    run.STAMP.write_text("{half", encoding="utf-8")
    assert run.read_stamp() == {}
    run.STAMP.write_text(json.dumps({"run": "x"}), encoding="utf-8")
    assert run.read_stamp() == {"run": "x"}


@pytest.mark.parametrize(
    ("given", "added"), [([], True), (["tests/ui"], True), (["-n", "4"], False), (["-n0"], False), (["-p", "no:xdist"], False)]
)
def test_tests_run_in_two_processes_unless_told_otherwise(given: list[str], added: bool) -> None:
    assert (spread(given) != []) is added


def test_help_and_mistakes_in_arguments_are_told_in_chinese() -> None:
    shown = subprocess.run([sys.executable, "-m", "commands", "lock", "-h"], cwd=ROOT, capture_output=True, text=True)
    refused = subprocess.run([sys.executable, "-m", "commands", "lock", "now"], cwd=ROOT, capture_output=True, text=True)
    assert (shown.returncode, refused.returncode) == (0, 2)
    assert "显示这段说明" in shown.stdout
    assert "不认识的参数：now" in refused.stderr
    assert "error" not in refused.stderr
