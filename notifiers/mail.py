"""Mail by SMTP: Apprise builds the letter, we speak with the server step by step, because its answer to the letter decides."""

import re
import smtplib
import socket
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from apprise import NotifyFormat
from apprise.plugins.email import NotifyEmail

from matrix.notice import Outcome, Result
from notifiers.faults import AGAIN, LATER, SILENT, connect_fault
from notifiers.message import Message
from notifiers.wire import Ready, SendError, Target, Wire

SCHEMES = {"SSL/TLS": "smtps", "STARTTLS": "starttls", "不加密": "smtp"}
NAME = "matrix"
"""What we call ourselves towards the server: the machine's own name is nobody's business."""
WHOLE = 3
"""So many times the patience for one answer may a whole letter take, however slowly the server speaks."""


class Session(smtplib.SMTP):
    """A conversation over a connection that stands already."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self._ours = sock
        super().__init__(local_hostname=NAME, timeout=seconds)

    def begin(self, host: str) -> None:
        """Hear the greeting. Raises OSError and SMTPException."""
        code, words = self.connect(host, 25)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)

    def _get_socket(self, *_: Any) -> socket.socket:
        return self._ours


def letter(secrets: Mapping[str, str], message: Message) -> tuple[list[str], bytes]:
    """The addresses, and the letter as bytes; its Message-ID is made of the key, so that a repeat is known as one."""
    first, *others = secrets["to"].split(",")
    domain = secrets["sender"].rpartition("@")[2]
    made = next(
        NotifyEmail.prepare_emails(
            subject=message.title,
            body=message.body,
            from_addr=("政务新媒体矩阵管理台", secrets["sender"]),
            to=[(False, first)],
            cc=set(others),
            smtp_host=domain,
            notify_format=NotifyFormat.TEXT,
            headers={"X-Matrix-Key": message.key},
        )
    )
    lines = [line for line in made.body.split("\n") if not line.lower().startswith("message-id:")]
    text = f"Message-ID: <{message.key}@{domain}>\n" + "\n".join(lines)
    return [first, *others], text.encode("utf-8", "replace").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def send(secrets: Mapping[str, str], message: Message, wire: Wire, ready: Ready) -> Outcome:
    """Send one letter to all recipients at once; `ready` is called before the end of it leaves."""
    host = secrets["host"]
    try:
        with talking(secrets, wire, WHOLE) as (session, target):
            sign_in(session, secrets, wire, target)
            return hand_over(session, secrets, message, host, ready)
    except SendError as error:
        return error.outcome
    except smtplib.SMTPException as error:
        return refused(error, host)
    except OSError as error:
        return connect_fault(error, host)


@contextmanager
def talking(secrets: Mapping[str, str], wire: Wire, times: float) -> Generator[tuple[Session, Target]]:
    """A server that has greeted, under a deadline from the first byte on: it may go on saying "wait" for ever.

    Raises SendError, OSError and SMTPException; a TimeoutError when the deadline was it.
    """
    host = secrets["host"]
    target = wire.target(SCHEMES[secrets["security"]], host, int(secrets["port"]))
    sock = wire.connect(target, host)
    session = Session(sock, wire.knobs.answer_seconds)
    try:
        with wire.watched(sock, times) as expired:
            try:
                session.begin(host)
                yield session, target
            except OSError:  # what the library raises is one too
                if expired.is_set():
                    raise TimeoutError from None
                raise
    finally:
        session.close()
        sock.close()


def sign_in(session: Session, secrets: Mapping[str, str], wire: Wire, target: Target) -> None:
    """Encrypt where the scheme says so, and sign in. Raises OSError and SMTPException: nothing has been sent then."""
    session.ehlo_or_helo_if_needed()
    if target.scheme == "starttls":
        encrypt(session, wire, secrets["host"])
    if secrets["user"] and (target.scheme != "smtp" or session.has_extn("auth")):
        session.login(secrets["user"], secrets["password"])


def encrypt(session: Session, wire: Wire, host: str) -> None:
    """STARTTLS with the certificate of the host that was asked for, wherever the connection leads."""
    code, words = session.docmd("STARTTLS") if session.has_extn("starttls") else (502, b"no STARTTLS")
    if code != 220:
        raise smtplib.SMTPNotSupportedError(words)
    assert session.sock is not None
    session.sock = wire.encrypt(session.sock, host)
    session.file = None
    session.ehlo_resp, session.does_esmtp, session.esmtp_features = None, False, {}
    session.ehlo_or_helo_if_needed()


def hand_over(session: Session, secrets: Mapping[str, str], message: Message, host: str, ready: Ready) -> Outcome:
    """Sender, recipients, letter; whoever of the recipients is refused is told, the others get it."""
    to, text = letter(secrets, message)
    code, words = session.mail(secrets["sender"])
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, words, secrets["sender"])
    answers = {one: session.rcpt(one) for one in to}
    wrong = {one: answer for one, answer in answers.items() if answer[0] not in (250, 251)}
    if len(wrong) == len(to):
        raise smtplib.SMTPRecipientsRefused(wrong)
    code, words = session.docmd("DATA")
    if code != 354:
        return status(code, words, host, "没有接收这封邮件")
    session.send(re.sub(rb"(?m)^\.", b"..", text.rstrip(b"\r\n")) + b"\r\n")
    ready()  # a letter without its end is none (RFC 5321, 4.1.1.4)
    try:
        session.send(b".\r\n")
        code, words = session.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        is_late = isinstance(error, TimeoutError) or "timed out" in str(error)  # the library keeps the words only
        how = "没有按时答复" if is_late else "没有答复就断开了连接"
        return Outcome(Result.UNKNOWN, f"{host} {how}，邮件可能已经送达；{SILENT}", "silent")
    if code != 250:
        return status(code, words, host, "没有接收这封邮件")
    left = f"，其中{len(wrong)}个收件人被拒收，请核对地址" if wrong else ""
    return Outcome(Result.DELIVERED, f"邮件服务器已接收，{len(to) - len(wrong)}个收件人{left}", str(code))


def refused(error: smtplib.SMTPException, host: str) -> Outcome:
    """What the server said no to before the letter was sent."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Outcome(Result.BUSY, f"{host} 登录失败，请核对用户名和密码(多数邮箱须用授权码)。{LATER}", str(error.smtp_code))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Outcome(Result.BUSY, f"{host} 不支持所选的加密或登录方式，请改选加密方式和端口。{LATER}", "unsupported")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        return status(code, words, host, "拒收全部收件人，请核对收件地址")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return status(error.smtp_code, error.smtp_error, host, "不允许这个发件人，请核对发件地址与登录用户是否一致")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Outcome(Result.BUSY, f"{host} 中途断开了连接，没有发送，请核对端口和加密方式。{LATER}", "closed")
    if isinstance(error, smtplib.SMTPResponseException):
        return status(error.smtp_code, error.smtp_error, host, "没有接受发送请求")
    return Outcome(Result.BUSY, f"{host} 的应答不是邮件服务器的格式，请核对地址和端口。{LATER}", type(error).__name__)


def status(code: int, words: bytes | str, host: str, what: str) -> Outcome:
    """4xx: later, it is the server; 5xx: not this message (RFC 5321, 4.2.1)."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    told = f"(代码{code}，对方原话：{' '.join(text.split())[:120]})"
    if 400 <= code < 500 or code == 0:
        return Outcome(Result.BUSY, f"{host} {what}{told}。{LATER}", str(code))
    return Outcome(Result.REFUSED, f"{host} {what}{told}。{AGAIN}", str(code))


def is_alive(secrets: Mapping[str, str], wire: Wire) -> bool:
    """Whether the server greets; asked before a letter is repeated."""
    try:
        with talking(secrets, wire, 1.5):
            return True
    except (SendError, OSError):
        return False
