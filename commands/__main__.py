"""Runs one word: `python -m commands demo --headless` is what run.py hands over to."""

import argparse
import sqlite3
import sys
from importlib import import_module
from io import TextIOWrapper
from keyword import iskeyword

from settings import SettingsError

WORDS = {
    "usage: ": "用法：",
    "options": "选项",
    "positional arguments": "参数",
    "subcommands": "子命令",
    "show this help message and exit": "显示这段说明",
    "%(prog)s: error: %(message)s\n": "%(prog)s 无法执行：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s %(message)s",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "须给出其中一项：%s",
    "not allowed with argument %s": "不能与 %s 同时使用",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 可能是 %(matches)s，请写完整",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r 这个选择，可选：%(choices)s",
    "invalid %(type)s value: %(value)r": "的值 %(value)r 不合要求(应为 %(type)s)",
    "expected one argument": "后面须有一个值",
    "expected at least one argument": "后面至少须有一个值",
    "expected at most one argument": "后面至多有一个值",
    "expected %s argument": "后面须有 %s 个值",
    "expected %s arguments": "后面须有 %s 个值",
}
"""What argparse says to people, in their language."""


OLDEST_SQLITE = (3, 39, 0)
"""IS DISTINCT FROM, RETURNING and UPDATE ... FROM are used as PostgreSQL knows them."""


def main(argv: list[str]) -> int:
    """Import the word's file and run it; a bad setting and Ctrl-C end without a traceback."""
    word, *arguments = argv
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        print(
            f"本机 Python 自带的 SQLite 为 {sqlite3.sqlite_version}，需要 {wanted} 或更高：请换用 Debian 12 或更新系统的 Python。"
        )
        return 2
    sys.argv = [f"run.py {word}", *arguments]
    speak_chinese()
    try:
        return int(import_module(f"commands.{word}_" if iskeyword(word) else f"commands.{word}").main(arguments) or 0)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def speak_chinese() -> None:
    """argparse asks gettext under these two names; there is no other door to its words."""
    vars(argparse)["_"] = lambda text: WORDS.get(text, text)
    vars(argparse)["ngettext"] = lambda one, many, count: WORDS.get(one if count == 1 else many, many)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
