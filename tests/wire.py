"""A host on loopback whose every answer, good or bad, is a script; for tests of what reads it."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]


class Host:
    """A host on loopback that answers each request with the next of its scripts; the last one is repeated."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts, self.requests = list(scripts), []
        host = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data = b""
                while b"\r\n\r\n" not in data:
                    piece = self.request.recv(65536)
                    if not piece:
                        return
                    data += piece
                head, _, rest = data.partition(b"\r\n\r\n")
                lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
                while lengths and len(rest) < int(lengths[0]):
                    rest += self.request.recv(65536)
                host.requests.append(head + b"\r\n\r\n" + rest)
                script = host.scripts.pop(0) if len(host.scripts) > 1 else host.scripts[0]
                with suppress(OSError):
                    script(self.request)

        socketserver.ThreadingTCPServer.daemon_threads = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.name = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.name}/2/statuses/count.json"


@contextmanager
def host_with(*scripts: Script) -> Generator[Host]:
    host = Host(*scripts)
    thread = threading.Thread(target=host.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.server.shutdown()
        host.server.server_close()


def says(body: bytes | str, status: str = "200 OK", length: int | None = None, **headers: str) -> Script:
    """A script that answers with this body."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Content-Length": str(len(data) if length is None else length), "Connection": "close", **headers}
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return lambda sock: sock.sendall(head.encode() + b"\r\n" + data)


def resets(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    sock.close()


def stalls(sock: socket.socket) -> None:
    time.sleep(1.0)


def drips_body(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
    for _ in range(100):
        sock.sendall(b" ")
        time.sleep(0.05)


def drips_headers(sock: socket.socket) -> None:
    sock.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        sock.sendall(b"x")
        time.sleep(0.05)
