"""Runs one word: `python -m commands demo --headless` is what run.py hands over to."""

import sys
from importlib import import_module
from io import TextIOWrapper
from keyword import iskeyword

from settings import SettingsError


def main(argv: list[str]) -> int:
    """Import the word's file and run it; a bad setting and Ctrl-C end without a traceback."""
    word, *arguments = argv
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.argv = [f"run.py {word}", *arguments]
    try:
        return int(import_module(f"commands.{word}_" if iskeyword(word) else f"commands.{word}").main(arguments) or 0)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
