"""The commands of this project: sets up its own environment, then runs one word; needs nothing but Python."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import NoReturn

try:
    import fcntl
except ImportError:
    sys.exit("本系统在 Linux 和 macOS 上运行，不支持直接在 Windows 上运行。")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
STAMP = VENV / "installed.json"
WHEELS = ROOT / "wheels"
OLDEST = (3, 11)
DEVELOPMENT = ("test", "bench", "lock", "fix", "shots")
ORDER = ("demo", "test", "console", "worker", "import", "people", "doctor", "backup", "restore", "keys", "report", "drill")


def main(argv: list[str]) -> int:
    """List the words, or set up and run one; answers with the exit code of what was run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.version_info < OLDEST:
        return refuse(
            f"需要 Python {OLDEST[0]}.{OLDEST[1]} 或更高版本，当前是 {sys.version.split()[0]}，请安装新版后用它运行本文件。"
        )
    words = read_words()
    if not argv or argv[0] in ("-h", "--help", "help"):
        print_words(words)
        return 0
    word, *arguments = argv
    if word not in words:
        print_words(words)
        return refuse(f"没有“{word}”这个命令。")
    try:
        set_up(development=word in DEVELOPMENT)
    except SetupError as error:
        return refuse(str(error))
    except KeyboardInterrupt:
        return refuse("已中断；再次运行会接着安装。", 130)
    return hand_over(word, arguments)


class SetupError(RuntimeError):
    """The environment cannot be made; the text is a Chinese sentence that says what to do."""


def refuse(sentence: str, code: int = 2) -> int:
    """Say why nothing was run."""
    print(sentence, file=sys.stderr, flush=True)
    return code


def read_words() -> dict[str, str]:
    """Each word with its one Chinese line, read from the files of commands/ without importing them."""
    found = {}
    for path in sorted((ROOT / "commands").glob("[a-z]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ABOUT":
                found[path.stem.rstrip("_")] = str(ast.literal_eval(node.value))
    first = [word for word in ORDER if word in found]
    return {word: found[word] for word in first + [word for word in found if word not in first]}


def print_words(words: dict[str, str]) -> None:
    """The list that a person sees who does not know the words."""
    print("政务新媒体矩阵管理台\n\n用法：python3 run.py <命令> [参数]\n")
    width = max((len(word) for word in words), default=0) + 2
    for word, about in words.items():
        print(f"  {word:<{width}}{about}")
    print("\n每个命令加 -h 可看它的参数。")


def set_up(development: bool) -> None:
    """Make .venv and install what is missing; two set-ups at the same time wait for each other."""
    if is_ready(development):
        return
    with only_one():
        if is_ready(development):
            return
        began = time.monotonic()
        make_venv()
        install(development)
        done = read_stamp()
        done.update({"python": os.path.realpath(PYTHON), "run": fingerprint(False)})
        if development:
            done["development"] = fingerprint(True)
        STAMP.write_text(json.dumps(done), encoding="utf-8")
        say(f"运行环境已就绪，用时 {time.monotonic() - began:.0f} 秒。")


def is_ready(development: bool) -> bool:
    """Whether what is installed is what the requirement files ask for."""
    stamp = read_stamp()
    wanted = "development" if development else "run"
    same_python = PYTHON.exists() and stamp.get("python") == os.path.realpath(PYTHON)
    return same_python and stamp.get(wanted) == fingerprint(development)


def read_stamp() -> dict[str, str]:
    """What the last finished set-up noted."""
    try:
        return dict(json.loads(STAMP.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def requirement_files(development: bool) -> list[Path]:
    """The files that say what to install, the one to hand to the installer last."""
    names = ("constraints.txt", "requirements.txt", "requirements-dev.txt")[: 3 if development else 2]
    return [ROOT / name for name in names if (ROOT / name).exists()]


def fingerprint(development: bool) -> str:
    """One hash over the requirement files."""
    digest = hashlib.sha256()
    for path in requirement_files(development):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def only_one():
    """Hold the set-up lock of this checkout."""
    path = ROOT / "var" / "setup.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("另一个窗口正在安装运行环境，等它完成……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield  # closing the file lets go


def make_venv() -> None:
    """Make .venv, anew where its interpreter is gone or another one."""
    stamp = read_stamp()
    if PYTHON.exists() and stamp.get("python", os.path.realpath(PYTHON)) == os.path.realpath(PYTHON):
        return
    uv = shutil.which("uv")
    if not uv and not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetupError(
            "这个 Python 缺少 venv 组件，请先安装（Debian、Ubuntu、统信、麒麟：apt install python3-venv），再重新运行。"
        )
    say("正在建立运行环境 .venv ……")
    shutil.rmtree(VENV, ignore_errors=True)
    watch(
        [uv, "venv", "--allow-existing", "--python", sys.executable, str(VENV)]
        if uv
        else [sys.executable, "-m", "venv", str(VENV)],
        "建立运行环境",
    )


def install(development: bool) -> None:
    """Install the requirements under the constraints, from the folder wheels/ where there is one."""
    uv = shutil.which("uv")
    if not uv and not list(VENV.glob("lib/*/site-packages/pip")):
        watch([str(PYTHON), "-m", "ensurepip"], "安装 pip")
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    if WHEELS.is_dir():
        command += ["--no-index", "--find-links", str(WHEELS)]
        say("正在从 wheels 文件夹安装依赖（不使用网络）……")
    else:
        say("正在安装依赖，首次需要半分钟到几分钟，取决于网络……")
    *constraints, wanted = requirement_files(development)
    for path in constraints:
        command += ["-c" if path.name == "constraints.txt" else "-r", str(path)]
    watch([*command, "-r", str(wanted)], "安装依赖")


def watch(command: list[str], what: str) -> None:
    """Run a tool quietly, naming each package as it comes; its last words are shown only when it fails."""
    tail = deque(maxlen=30)
    terminal = sys.stdout.isatty()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            tail.append(line)
            package = re.match(r"Collecting ([\w.-]+)", line)
            if package and terminal:
                print(f"\r\033[K  获取 {package[1]}", end="", flush=True)
            elif line.startswith("Installing collected"):
                say(("\r\033[K" if terminal else "") + "  正在写入磁盘……")
    if process.returncode:
        sys.stderr.write("".join(tail))
        hint = "" if WHEELS.is_dir() else "没有网络的机器，请把安装包放进 wheels 文件夹（做法见 docs/manual.md），再重新运行。"
        raise SetupError(f"{what}失败，原因见上。{hint}")


def hand_over(word: str, arguments: list[str]) -> NoReturn:
    """Become the command, so that signals and the exit code are its own."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    command = [str(PYTHON), "-P", "-m", "commands", word, *arguments]
    sys.stdout.flush()
    os.execve(PYTHON, command, environ)  # noqa: S606 - no shell is wanted


def say(sentence: str) -> None:
    """One line of progress."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
