"""What holds for every test: no outside network, no settings of the machine, no deadline on a shared one."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.register_profile("thorough", settings.get_profile("house"), max_examples=1000)
settings.load_profile("house")
"""`python3 run.py test --hypothesis-profile=thorough` looks twenty times as long where a test names no number of its own."""

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True, scope="session")
def no_outside_network() -> Iterator[None]:
    """Only loopback and sockets of this machine may be reached; what is refused is a failure, not a wait."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")
        real_connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_this_machine() -> Iterator[None]:
    """MATRIX_ variables of whoever runs the tests must not change what they prove; pages show at once what a test has written."""
    patch = pytest.MonkeyPatch()
    for name in [name for name in os.environ if name.startswith("MATRIX_")]:
        patch.delenv(name)
    patch.setenv("MATRIX_CONSOLE_FRESH_SECONDS", "0")
    yield
    patch.undo()
