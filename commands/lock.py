"""Re-resolves constraints.txt: exact versions of everything that running and developing installs."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ABOUT = "重新解析依赖的确切版本，写入 constraints.txt"
ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
HEADER = "# Exact versions for requirements.txt and requirements-dev.txt; made by `python3 run.py lock`, not by hand.\n"


def main(argv: list[str]) -> int:
    """Resolve anew from the requirement files alone and show what changed."""
    parser = argparse.ArgumentParser(prog="run.py lock", description=ABOUT)
    parser.parse_args(argv)
    if not shutil.which("uv") and sys.version_info[:2] != (3, 11):
        print("没有 uv 时，只能用 Python 3.11 解析：在更新的版本上解析出的结果不一定能装在 3.11 上。", file=sys.stderr)
        return 2
    print("正在解析依赖，需要访问软件源……", flush=True)
    try:
        pins = resolve_with_uv() if shutil.which("uv") else resolve_with_pip()
    except subprocess.CalledProcessError as error:
        print(f"{error.stderr}\n解析失败，原因见上；constraints.txt 没有改动。", file=sys.stderr)
        return 1
    before = read_pins(CONSTRAINTS.read_text(encoding="utf-8")) if CONSTRAINTS.exists() else {}
    lines = [f"{name}=={version}{marker}\n" for name, (version, marker) in sorted(pins.items())]
    CONSTRAINTS.write_text(HEADER + "".join(lines), encoding="utf-8")
    show_changes({name: version for name, (version, _) in before.items()}, {name: version for name, (version, _) in pins.items()})
    return 0


def resolve_with_uv() -> dict[str, tuple[str, str]]:
    """One resolution that holds for Python 3.11 and everything newer, on every system."""
    options = [
        "--universal",
        "--python-version",
        "3.11",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--quiet",
        "--upgrade",
    ]
    return read_pins(ask(["uv", "pip", "compile", *options, str(ROOT / "requirements-dev.txt")]))


def resolve_with_pip() -> dict[str, tuple[str, str]]:
    """What pip would install into an empty environment of the oldest supported Python."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--quiet", "--disable-pip-version-check", "--dry-run", "--ignore-installed", "--report", str(report)]
        ask([sys.executable, "-m", "pip", "install", *options, "-r", str(ROOT / "requirements-dev.txt")])
        installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {plain(item["metadata"]["name"]): (item["metadata"]["version"], "") for item in installed}


def ask(command: list[str]) -> str:
    """What a tool prints, undisturbed by constraints that the environment may bring."""
    environ = {name: value for name, value in os.environ.items() if name not in ("PIP_CONSTRAINT", "UV_CONSTRAINT")}
    return subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout


def read_pins(text: str) -> dict[str, tuple[str, str]]:
    """Name to version and marker, from lines like `name==1.2 ; python_version < '3.12'`."""
    found = re.findall(r"^([\w.-]+)==([^\s;]+)(\s*;[^\n]*)?$", text, re.MULTILINE)
    return {plain(name): (version, marker.rstrip()) for name, version, marker in found}


def plain(name: str) -> str:
    """The name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def show_changes(before: dict[str, str], after: dict[str, str]) -> None:
    """What a reviewer wants to know about a new resolution."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            print(f"  {name}：{before.get(name, '无')} → {after.get(name, '无')}")
    print(f"constraints.txt 已写入，共 {len(after)} 个包；请运行 python3 run.py test 确认后提交。")
