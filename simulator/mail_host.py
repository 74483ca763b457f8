"""A mail server on loopback that keeps what it is sent; refuses, falls silent and hangs up on request."""

import base64
import email
import email.policy
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter that was taken."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, _class=EmailMessage, policy=email.policy.default)

    @property
    def key(self) -> str:
        return str(self.parsed["X-Matrix-Key"] or "")


class MailHost:
    """`user` and `password` are demanded where given; `unknown` are recipients that do not exist.

    `answers` are answers to the next letters (code and words; code 0 is silence, -1 hangs up), `keeps` whether such a letter is
    kept all the same.
    """

    def __init__(self, user: str = "", password: str = "", unknown: tuple[str, ...] = ()) -> None:
        self.user, self.password, self.unknown = user, password, unknown
        self.letters: list[Letter] = []
        self.answers: list[tuple[int, str]] = []
        self.keeps = False
        self.silence = 1.0
        self.before_answer: Callable[[Letter], None] = lambda _: None
        self.after_answer: Callable[[Letter], None] = lambda _: None
        host = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    host.talk(self)

        socketserver.ThreadingTCPServer.daemon_threads = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "MailHost":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def counts(self) -> Counter[str]:
        """How often each key arrived."""
        return Counter(one.key for one in self.letters)

    def talk(self, to: socketserver.StreamRequestHandler) -> None:
        """One conversation (RFC 5321)."""
        sender, recipients, is_known = "", [], not self.user
        say(to, "220 mailbox ready")
        while line := to.rfile.readline():
            words = line.decode("utf-8", "replace").strip()
            verb = words.upper()
            if verb.startswith("EHLO"):
                say(to, "250-mailbox\r\n250-AUTH PLAIN\r\n250 8BITMIME" if self.user else "250-mailbox\r\n250 8BITMIME")
            elif verb.startswith("AUTH PLAIN"):
                parts = base64.b64decode(words.split()[-1]).decode().split("\0")
                is_known = parts[1:] == [self.user, self.password]
                say(to, "235 welcome" if is_known else "535 authentication failed")
            elif verb.startswith("MAIL FROM:"):
                sender = words[10:].partition(" ")[0].strip("<>")
                say(to, "250 ok" if is_known else "530 authentication required")
            elif verb.startswith("RCPT TO:"):
                one = words[8:].partition(" ")[0].strip("<>")
                recipients += [] if one in self.unknown else [one]
                say(to, "550 no such user" if one in self.unknown else "250 ok")
            elif verb == "DATA":
                say(to, "354 go ahead")
                if not self.take(to, sender, tuple(recipients)):
                    return
            elif verb == "QUIT":
                say(to, "221 bye")
                return
            else:
                say(to, "250 ok")

    def take(self, to: socketserver.StreamRequestHandler, sender: str, recipients: tuple[str, ...]) -> bool:
        """Read a letter and answer it; False when the conversation is over."""
        lines = []
        while (line := to.rfile.readline()) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not line:
            return False  # whoever sent it is gone: a letter without its end is none
        letter = Letter(sender, recipients, b"".join(lines))
        code, words = self.answers.pop(0) if self.answers else (250, "kept")
        if code == 250 or self.keeps:
            self.letters.append(letter)
        self.before_answer(letter)
        if code <= 0:
            time.sleep(self.silence if code == 0 else 0)
            return False
        say(to, f"{code} {words}")
        self.after_answer(letter)
        return True


def say(to: socketserver.StreamRequestHandler, words: str) -> None:
    to.wfile.write(f"{words}\r\n".encode())
    to.wfile.flush()
