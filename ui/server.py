"""The console as one ASGI application: the gate, the doors before it, and Streamlit behind them."""

import gc
import logging
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st
import streamlit.config
import uvicorn
from starlette.middleware import Middleware
from streamlit.runtime import get_instance

from settings import Settings
from ui import notices
from ui.doors import Doors
from ui.gate import Gate

SCRIPT = Path(__file__).resolve().parent.parent / "console.py"
LOG = logging.getLogger("matrix.console")
MEGABYTES_OF_A_FILE = 50


def wall_now() -> datetime:
    return datetime.now(UTC)


def build_app(settings: Settings, now: Callable[[], datetime] = wall_now, on_start: Callable[[], None] | None = None) -> st.App:
    """The application; `now` is the wall clock of sign-ins, `on_start` is called once when it answers."""
    # Pages go through their rows one by one, which is twice as fast on texts that Python holds than on those of Arrow.
    pd.set_option("mode.string_storage", "python")
    doors = Doors(settings, now)

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncGenerator[None]:
        # The first run of the frame declares the pages, so that the first deep link does not meet "page not found".
        await get_instance().does_script_run_without_error()
        # What the libraries keep for ever is looked through no more: each full collection held everybody up for 0.1 s.
        gc.collect()
        gc.freeze()
        if on_start:
            on_start()
        yield

    return st.App(
        SCRIPT,
        lifespan=lifespan,
        routes=doors.routes(),
        middleware=[Middleware(Gate, settings=settings, doors=doors, now=now)],
        on_script_error=write_down,
    )


def write_down(error: Exception) -> bool:
    """A failure of a page goes to the log whole and to the screen as one sentence."""
    LOG.error("页面出错", exc_info=error)
    notices.show("这一页出错了，已记入日志。请刷新重试；持续如此请联系系统管理员。", "report")
    return True


def bind(address: str, port: int, tries: int = 50) -> socket.socket:
    """A listening socket on the port, or on the next free one; raises OSError when there is none."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for candidate in [port, *range(port + 1, min(port + tries, 65536)), 0]:
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, candidate))
            listener.listen(256)
            listener.set_inheritable(True)
        except OSError:
            listener.close()
            if candidate == 0:
                raise
        else:
            return listener
    raise OSError(f"{address} 没有可用的端口")


def make_server(settings: Settings, listener: socket.socket, **wanted: Any) -> uvicorn.Server:
    """A server for the listening socket; `run(sockets=[listener])` serves until Ctrl-C or SIGTERM."""
    address, port = listener.getsockname()[:2]
    # The application is built first: it tells Streamlit where its configuration lies, which these lines then refine.
    app = build_app(settings, **wanted)
    streamlit.config.set_option("server.address", address)
    streamlit.config.set_option("server.port", port)
    # Behind a proxy the browser's origin is the public address; unknown to Streamlit, it would ask an outside host for our IP.
    streamlit.config.set_option("browser.serverAddress", urlsplit(settings.console.base_url).hostname or "localhost")
    streamlit.config.set_option("server.maxUploadSize", MEGABYTES_OF_A_FILE)
    config = uvicorn.Config(
        app,
        host=address,
        port=port,
        ws="websockets-sansio",
        ws_ping_interval=30,
        ws_ping_timeout=30,
        ws_max_size=64 * 1024 * 1024,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)
