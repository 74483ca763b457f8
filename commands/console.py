"""Starts the console: brings the database to its newest form, makes the first administrator, serves until Ctrl-C."""

import argparse
import sys
import webbrowser
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import settings as site
from storage.database import create_database
from storage.signin import FIRST_LOGIN, make_first_administrator

ABOUT = "启动控制台"


def main(argv: list[str]) -> int:
    """Serve until Ctrl-C or SIGTERM; 0 when stopped on purpose."""
    parser = argparse.ArgumentParser(description=ABOUT, prog="run.py console")
    parser.add_argument("--address", help="监听的地址(默认取设置 console.address，只在本机)")
    parser.add_argument("--port", type=int, help="端口(默认取设置 console.port；被占用时顺延)")
    parser.add_argument("--open", action="store_true", help="启动后打开浏览器")
    arguments = parser.parse_args(argv)
    settings = site.load()
    prepare(settings)
    return serve(settings, arguments.address or settings.console.address, arguments.port, is_opened=arguments.open)


def prepare(settings: site.Settings) -> None:
    """Bring the database to its newest form; where nobody can sign in yet, make the administrator and show his password."""
    with closing(create_database(settings.database.path)) as db:
        password = make_first_administrator(db, datetime.now(UTC))
    if password:
        print(f"首次启动，已建立系统管理员：\n  用户名      {FIRST_LOGIN}\n  一次性密码  {password}")
        print("登录后须先修改密码；此密码只显示这一次。", flush=True)


def serve(
    settings: site.Settings,
    address: str,
    port: int | None,
    *,
    is_opened: bool = False,
    ready: Callable[[str], None] | None = None,
) -> int:
    """Serve on the port or the next free one; `ready` is told the address once the console answers."""
    from ui.server import bind, make_server  # Streamlit takes a second to import: not before it is needed

    wanted = settings.console.port if port is None else port
    try:
        listener = bind(address, wanted)
    except OSError as error:
        print(f"无法在 {address}:{wanted} 监听：{error.strerror or error}。请检查地址，或用 --port 另选端口。", file=sys.stderr)
        return 1
    found = listener.getsockname()[1]
    if wanted and found != wanted:
        print(f"端口 {wanted} 已被占用，改用 {found}。", flush=True)
    link = link_of(address, found)

    def on_start() -> None:
        print(f"控制台已启动：{link}", flush=True)
        if settings.console.base_url != site.Console().base_url:
            print(f"对外地址(设置 console.base_url):{settings.console.base_url}", flush=True)
        print("按 Ctrl-C 停止。", flush=True)
        if ready:
            ready(link)
        if is_opened:
            webbrowser.open(link)

    server = make_server(settings, listener, on_start=on_start)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def link_of(address: str, port: int) -> str:
    """What a person on this machine types."""
    host = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::", "::1") else address  # noqa: S104 - only compared
    return f"http://{host}:{port}"
