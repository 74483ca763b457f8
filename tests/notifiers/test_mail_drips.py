"""A mail server that says "wait" for ever, from its first byte or after TLS: no thread is held up by it."""

import socket
import ssl
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from matrix.notice import ChannelKind, Outcome, Result
from notifiers import mail
from tests.notifiers.outbox_desk import MAIL, Desk
from tests.notifiers.test_trial import certificate

PATIENCE = 0.2
WAITING = (b"220-wait\r\n", b"250-wait\r\n")


@contextmanager
def dripping(context: ssl.SSLContext | None) -> Generator[int]:
    """The port of a host that never comes to the end of its greeting, or of what it says after STARTTLS with a context."""
    stop = threading.Event()

    def talk(sock: socket.socket) -> None:
        with suppress(OSError), sock:
            if context is None:
                drip(sock, WAITING[0])
                return
            sock.sendall(b"220 mailbox ready\r\n")
            for answer in (b"250-mailbox\r\n250 STARTTLS\r\n", b"220 go ahead\r\n"):
                sock.recv(1000)
                sock.sendall(answer)
            with context.wrap_socket(sock, server_side=True) as inside:
                inside.recv(1000)
                drip(inside, WAITING[1])

    def drip(sock: socket.socket, line: bytes) -> None:
        while not stop.wait(0.02):
            sock.sendall(line)

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            stop.set()
            server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("is_encrypted", [False, True])
def test_a_mail_server_that_says_wait_for_ever_is_cut_off(tmp_path: Path, is_encrypted: bool) -> None:
    found: list[Outcome | bool] = []
    with dripping(certificate(tmp_path) if is_encrypted else None) as port:
        scheme, security = ("starttls", "STARTTLS") if is_encrypted else ("smtp", "不加密")
        desk = Desk(tmp_path, f"smtp.linjiang.gov.cn={scheme}://127.0.0.1:{port}", answer_seconds=PATIENCE).found()
        login = {} if is_encrypted else {"user": "", "password": ""}
        desk.channel(ChannelKind.MAIL, given={"security": security, **login})
        desk.put("a")
        taken, wire = desk.sender._take(), desk.sender._wire
        assert taken is not None
        wire._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        wire._context.check_hostname, wire._context.verify_mode = False, ssl.CERT_NONE
        jobs = [lambda: found.append(desk.sender.deliver(taken))]
        if not is_encrypted:
            jobs.append(lambda: found.append(mail.is_alive({**MAIL, "security": security}, wire)))
        threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads)
    outcomes = [one for one in found if isinstance(one, Outcome)]
    assert [(one.result, one.code) for one in outcomes] == [(Result.BUSY, "timeout")]
    assert [one for one in found if not isinstance(one, Outcome)] == ([] if is_encrypted else [False])
    assert desk.states() == ["待发送"]
