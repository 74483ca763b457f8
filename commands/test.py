"""Linters, types, then every test; pytest runs last and gets the arguments."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ABOUT = "代码检查、类型检查，然后运行全部测试（参数交给 pytest）"
ROOT = Path(__file__).resolve().parent.parent
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("ty", "check"))


def main(argv: list[str]) -> int:
    """Run all of them, even after a failure; answer with the first exit code that is not 0."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    codes = [run_tool(*check) for check in CHECKS]
    failed = [" ".join(check) for check, code in zip(CHECKS, codes, strict=True) if code]
    if failed:
        print(f"检查未通过：{'、'.join(failed)}（见上）。测试照常运行。", flush=True)
    codes.append(run_tool("pytest", *spread(argv), *argv))
    return next((code for code in codes if code), 0)


def run_tool(*words: str) -> int:
    """Run a tool of this environment in the checkout."""
    print(f"── {' '.join(words)}", flush=True)
    return subprocess.call([sys.executable, "-m", *words], cwd=ROOT, env=environment())


def environment() -> dict[str, str]:
    """That of the caller, but what is compiled is kept, in the environment's own folder: the tests start dozens of programs."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(Path(sys.prefix) / "pycache")}


def spread(argv: list[str]) -> list[str]:
    """Two processes, unless the arguments say otherwise or ask for the debugger."""
    alone = any(word.startswith(("-n", "-p", "--numprocesses", "--pdb", "--trace")) for word in argv)
    return [] if alone else ["-n", "2", "--dist", "worksteal"]
