"""The way to a platform: one connection for one message, under a deadline, with the moment known at which it leaves."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from requests import certs

from matrix.channel_address import is_forbidden, wire_path
from matrix.notice import Outcome, Result
from notifiers.faults import SILENT, connect_fault
from settings import Settings, SettingsError

MOST_BYTES = 64 * 1024
NOTHING = "无"
GATEWAYS = (502, 503, 504)
"""Statuses by which something in front says that the host itself does not react."""
SCHEMES = {"http": 80, "https": 443, "smtp": 25, "smtps": 465, "starttls": 587}
Ready = Callable[[], None]
"""Called when everything but the end of the message has left: from then on it may have arrived."""


class SendError(Exception):
    """A message that did not get its answer; what that means for it is in `outcome`."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.sentence)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform said: status, headers in lower case, and the body as far as it came (`is_whole`)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """Where a connection really goes; `is_here` when the site's settings lead it to this machine."""

    scheme: str
    host: str
    port: int
    is_here: bool = False


def read_routes(text: str) -> dict[str, Target]:
    """`host[:port]=scheme://127.0.0.1:port`, with commas between; 无 is none. Raises SettingsError with what is expected."""
    routes = {}
    for entry in (one.strip() for one in text.split(",") if one.strip() not in ("", NOTHING)):
        name, _, url = entry.partition("=")
        parts = urlsplit(url.strip())
        try:
            is_here = ipaddress.ip_address(parts.hostname or "").is_loopback
            port = parts.port
        except ValueError:
            is_here, port = False, None
        if not name.strip() or parts.scheme not in SCHEMES or not is_here or not port:
            raise SettingsError(
                f"notify.reroute 中的“{entry}”无法使用，应形如 主机=http://127.0.0.1:端口(邮件为 smtp://、smtps:// 或 starttls://)，"
                "只能改送到本机。"
            )
        routes[name.strip().lower()] = Target(parts.scheme, parts.hostname or "", port, True)
    return routes


class Wire:
    """Connections without proxies, redirects or cookies; certificates are checked against the system's and Mozilla's roots."""

    def __init__(self, settings: Settings) -> None:
        self.knobs = settings.notify
        self._routes = read_routes(settings.notify.reroute)
        self._context: ssl.SSLContext | None = None

    def target(self, scheme: str, host: str, port: int) -> Target:
        """Where messages for this host go."""
        here = self._routes.get(f"{host.lower()}:{port}") or self._routes.get(host.lower())
        return here or Target(scheme, host, port)

    def post(self, url: str, body: bytes, headers: Mapping[str, str], ready: Ready) -> Answer:
        """Send a message and read the answer. Raises SendError: the channel's fault before `ready`, 送达不明 after it.

        All but the last byte goes first: no host acts on half a body, so whatever fails or is killed until then has sent
        nothing, and the moment in which nobody knows is that of one byte.
        """
        host = urlsplit(url).hostname or ""
        with self._talking(url) as (connection, path, expired):
            try:
                connection.putrequest("POST", path, skip_accept_encoding=True)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    connection.putheader(name, value)
                connection.endheaders(body[:-1])
            except OSError as error:
                raise SendError(connect_fault(error, host)) from None
            ready()
            try:
                connection.send(body[-1:])
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                raise SendError(silent(host, error, expired.is_set())) from None
            return read_answer(answer)

    def is_alive(self, url: str) -> bool:
        """Whether the host reacts at all to a question that sends nothing; asked before a message is repeated."""
        try:
            with self._talking(url) as (connection, path, expired):
                try:
                    connection.request("HEAD", path.partition("?")[0])
                    return connection.getresponse().status not in GATEWAYS
                except (OSError, http.client.HTTPException) as error:
                    return not (isinstance(error, TimeoutError) or expired.is_set())
        except SendError:
            return False

    @contextmanager
    def _talking(self, url: str) -> Generator[tuple[http.client.HTTPConnection, str, threading.Event]]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        target = self.target(parts.scheme, host, parts.port or SCHEMES[parts.scheme])
        sock = self.connect(target, host)
        connection = http.client.HTTPConnection(parts.netloc)
        connection.sock = sock
        try:
            with self.watched(sock, 1.5) as expired:
                yield connection, wire_path(url), expired
        finally:
            connection.close()
            sock.close()

    @contextmanager
    def watched(self, sock: socket.socket, times: float) -> Generator[threading.Event]:
        """Ends a connection whose whole talk takes longer than so many single answers may, however steadily it drips.

        It holds the connection by a number of its own: TLS that is put over it later changes nothing.
        """
        handle, expired = socket.socket(fileno=socket.dup(sock.fileno())), threading.Event()
        watch = threading.Timer(self.knobs.answer_seconds * times, cut, (handle, expired))
        watch.daemon = True
        watch.start()
        try:
            yield expired
        finally:
            watch.cancel()
            watch.join()
            handle.close()

    def connect(self, target: Target, name: str) -> socket.socket:
        """A connection that stands, encrypted where the scheme says so. Raises SendError with what to look at."""
        try:
            sock = self.reach(target)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # headers and body leave one after the other
            if target.scheme in ("https", "smtps"):
                sock = self.encrypt(sock, name)
        except OSError as error:
            raise SendError(connect_fault(error, name)) from None
        except UnicodeError:  # a name that DNS cannot know
            raise SendError(connect_fault(socket.gaierror(), name)) from None
        sock.settimeout(self.knobs.answer_seconds)
        return sock

    def encrypt(self, sock: socket.socket, name: str) -> socket.socket:
        """The same connection under TLS; closed when the certificate is not the host's."""
        try:
            if self._context is None:
                context = ssl.create_default_context()
                context.load_verify_locations(certs.where())
                self._context = context
            return self._context.wrap_socket(sock, server_hostname=name)
        except BaseException:
            sock.close()
            raise

    def reach(self, target: Target) -> socket.socket:
        """The first of a host's addresses that answers: many a server has IPv6 addresses and no way to them.

        A name that leads back into this machine is refused: settings alone may do that.
        """
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
        allowed = [one for one in numbers if target.is_here or not is_forbidden(ipaddress.ip_address(one.partition("%")[0]))]
        if not allowed:
            sentence = f"{target.host} 指向服务器自身或链路本地地址，没有发送；确需如此请由维护人员在设置 notify.reroute 中指定。"
            raise SendError(Outcome(Result.BUSY, sentence, "address"))
        for number in allowed[:-1]:
            with suppress(OSError):
                return socket.create_connection((number, target.port), timeout=self.knobs.connect_seconds)
        return socket.create_connection((allowed[-1], target.port), timeout=self.knobs.connect_seconds)


def cut(sock: socket.socket, expired: threading.Event) -> None:
    """End a connection whose whole answer takes too long, however steadily it drips."""
    expired.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def silent(host: str, error: Exception, is_late: bool) -> Outcome:
    """The message left and no answer came: it may have arrived."""
    how = "没有按时答复" if is_late or isinstance(error, TimeoutError) else "没有答复就断开了连接"
    return Outcome(Result.UNKNOWN, f"{host} {how}，消息可能已经送达；{SILENT}", "silent")


def read_answer(answer: http.client.HTTPResponse) -> Answer:
    """Status, headers and body; a body that breaks off is kept as far as it came."""
    headers = {name.lower(): value for name, value in answer.getheaders()}
    try:
        return Answer(answer.status, headers, answer.read(MOST_BYTES))
    except http.client.IncompleteRead as error:
        return Answer(answer.status, headers, error.partial, False)
    except (OSError, http.client.HTTPException):
        return Answer(answer.status, headers, b"", False)
