"""Delivers as the worker does, in a child that may be killed: what is slow to start is started once, forked for each life."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from notifiers.deliver import Deliverer
from settings import ROOT, load
from storage.keyring import load_keyring


def main() -> None:
    """Each line that is read starts one life; its number is printed, and its end."""
    settings = load()
    keyring = load_keyring(settings.database.key_file)
    print("ready", flush=True)
    parent = os.getpid()
    for _ in sys.stdin:
        pid = os.fork()
        if not pid:
            threading.Thread(target=end_with, args=(parent,), daemon=True).start()
            Deliverer(settings, keyring, settings.clock().now, threading.Event()).run()
            os._exit(0)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("ended", flush=True)


def end_with(parent: int) -> None:
    """Nobody outlives the measurement that started him."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@dataclass
class Fork:
    """One life of a sender."""

    program: "subprocess.Popen[str]"
    pid: int

    def wait(self, timeout: float | None = None) -> int:  # noqa: ARG002 (as a process has it)
        """Until it has ended; the program says so."""
        assert self.program.stdout is not None
        return 0 if self.program.stdout.readline().strip() == "ended" else 1


@contextmanager
def senders(environ: Mapping[str, str]) -> Generator["subprocess.Popen[str]"]:
    """The program that is forked."""
    command = [sys.executable, "-P", "-m", "bench.delivery_sender"]
    program = subprocess.Popen(
        command, cwd=ROOT, env={**environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert program.stdout is not None
        if program.stdout.readline().strip() != "ready":
            raise RuntimeError("the sender did not start")
        yield program
    finally:
        with suppress(OSError):
            program.stdin.close() if program.stdin else None
        program.kill()
        program.wait()


def begin(program: "subprocess.Popen[str]") -> Fork:
    """Start one life."""
    assert program.stdin is not None and program.stdout is not None
    program.stdin.write("go\n")
    program.stdin.flush()
    return Fork(program, int(program.stdout.readline()))


if __name__ == "__main__":
    main()
