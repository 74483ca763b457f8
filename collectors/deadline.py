"""A connection that gives up when a whole answer takes too long, so that a server which drips bytes cannot hang us."""

import io
import time
from http.client import HTTPResponse
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class PatientReader(io.RawIOBase):
    """Reads from a socket, never longer in all than until `deadline` (monotonic seconds)."""

    def __init__(self, sock: Any, raw: Any, deadline: float) -> None:
        self._sock, self._raw, self._deadline = sock, raw, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer takes too long")
        timeout = self._sock.gettimeout()
        if timeout is None or timeout > left:
            self._sock.settimeout(left)
        return self._raw.readinto(buffer) or 0

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def responses(seconds: float) -> type[HTTPResponse]:
    """The kind of response whose status, headers and body together may take `seconds`."""

    class Patient(HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp.close()
            raw = sock.makefile("rb", buffering=0)
            self.fp = io.BufferedReader(PatientReader(sock, raw, time.monotonic() + seconds), 65536)

    return Patient


class DeadlineAdapter(HTTPAdapter):
    """Sends one request over a kept connection; retries are the business of whoever asks."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        super().__init__(pool_connections=2, pool_maxsize=16, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        patient = {"response_class": responses(self._seconds)}
        plain = type("PatientConnection", (HTTPConnection,), patient)
        secure = type("PatientSecureConnection", (HTTPSConnection,), patient)
        pools: dict[str, Any] = {
            "http": type("PatientPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("PatientSecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }
        self.poolmanager.pool_classes_by_scheme = pools
