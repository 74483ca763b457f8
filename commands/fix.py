"""The formatter and the safe lint fixes."""

from commands.test import run_tool

ABOUT = "整理代码格式，并自动修正能安全修正的检查问题"


def main(argv: list[str]) -> int:
    """Format, then fix; what is left is printed and makes the exit code 1."""
    paths = argv or ["."]
    return run_tool("ruff", "format", *paths) or run_tool("ruff", "check", "--fix", *paths)
