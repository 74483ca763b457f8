"""The HTTP server on loopback: takes a request, finds the platform's handler for it and writes the answer as rudely as told."""

import os
import socket
import struct
import sys
import threading
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.exchange import Handler, Request, Response, Routes, answer, json_body
from simulator.wire import spoil
from simulator.world import World

__all__ = ["Handler", "Request", "Response", "Routes", "Running", "all_routes", "answer", "json_body", "start_server"]


class Running:
    """A server that runs in its own thread until `stop()`; `url` has no trailing slash."""

    def __init__(self, world: World, routes: Routes, port: int) -> None:
        self.world, self.routes = world, routes
        self.stopping = threading.Event()
        running = self

        class Bound(_Conversation):
            app = running

        self._server = _Server(("127.0.0.1", port), Bound)
        self.port = int(self._server.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True, name="simulator")
        self._thread.start()

    def stop(self) -> None:
        """Close the door and let go of every connection that stalls or drips."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        if self.world.truth:
            self.world.truth.close()

    def handle(self, request: Request) -> Response:
        """The handler's answer, with the wire faults of the moment laid over it."""
        world = request.world
        world.asked.append((world.now(), request.method, request.path, request.query))
        handler = self.routes.get((request.method, request.path)) or self._below(request.method, request.path)
        if handler is None:
            return answer({"error": "Request api not found!", "error_code": 10020, "request": request.path}, 404)
        return spoil(request, handler(request))

    def _below(self, method: str, path: str) -> Handler | None:
        while "/" in path:
            path = path.rpartition("/")[0]
            if found := self.routes.get((method, path + "/*")):
                return found
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is our own mistake and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120
    app: Running

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the base class's)
        """Nothing on the terminal."""

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        headers = {k.lower(): v for k, v in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        response = self.app.handle(Request(method, parts.path, query, body, headers, self.app.world))
        self._write(response)

    def _write(self, response: Response) -> None:
        world, stopping = self.app.world, self.app.stopping
        moment = world.now() + world.faults.skew_s(world.now())
        lines = [
            f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
            f"Date: {formatdate(moment, usegmt=True)}",
            f"Content-Type: {response.content_type}",
            f"Content-Length: {len(response.body)}",
            *(f"{name}: {value}" for name, value in response.headers.items()),
        ]
        if response.wire:
            lines.append("Connection: close")
            self.close_connection = True
        raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + response.body
        if response.wire == "stall" and stopping.wait(response.seconds):
            return
        if response.wire in ("cut", "reset"):
            cut = len(response.body) // 2 if response.at_byte is None else response.at_byte
            raw = raw[: len(raw) - len(response.body) + cut]
        if response.wire == "drip":
            step = max(1, len(raw) // 20)
            for begin in range(0, len(raw), step):
                self.wfile.write(raw[begin : begin + step])
                if stopping.wait(response.seconds / 20):
                    return
            return
        self.wfile.write(raw)
        if response.wire == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # a plain close would wait for the reading and writing ends


def all_routes() -> Routes:
    """Every address of every simulated platform."""
    from simulator import feeds, wechat, weibo

    return {**weibo.ROUTES, **wechat.ROUTES, **feeds.ROUTES}


def start_server(world: World, port: int = 0, routes: Routes | None = None) -> Running:
    """Serve a world on loopback; port 0 takes a free one."""
    return Running(world, all_routes() if routes is None else routes, port)
