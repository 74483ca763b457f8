"""Access tokens of the simulated WeChat: the old door where each call kills the token before, and the stable one."""

from dataclasses import dataclass, field
from math import inf

from simulator.events import SimAccount
from simulator.exchange import Request, Response
from simulator.wechat_wire import hashed, outsider, over_quota, refused, said

LIFE, OVERLAP, FORCED_APART, FORCED_A_DAY = 7200, 300, 30, 20
TAKEN_OVER = 60  # seconds until another issuer takes the plain token over
TAKEN_OVER_STABLE = 1200  # and how often it forces the stable one


@dataclass(slots=True)
class Token:
    """One token: from when to when it counts, and whether it died of a later one."""

    text: str
    appid: str
    stable: bool
    issued: float
    expires: float
    replaced_at: float = inf


@dataclass(slots=True)
class _Issued:
    by_text: dict[str, Token] = field(default_factory=dict)
    latest: dict[tuple[str, bool], Token] = field(default_factory=dict)
    forced: dict[str, float] = field(default_factory=dict)


def token(request: Request) -> Response:
    """GET /cgi-bin/token: a new one with every call; the one before lives five minutes more."""
    asked = request.query
    if asked.get("grant_type") != "client_credential":
        return refused(request, 40002)
    account = _known(request, asked.get("appid", ""), asked.get("secret", ""))
    if isinstance(account, Response):
        return account
    made = _issue(request, account, stable=False, old_lives=OVERLAP)
    return said({"access_token": made.text, "expires_in": LIFE}, "application/json; encoding=utf-8")


def stable_token(request: Request) -> Response:
    """POST /cgi-bin/stable_token: the same one until five minutes before its end; forcing a new one kills it at once."""
    body = request.json()
    if not request.body.strip():
        return refused(request, 44002)
    if not isinstance(body, dict):
        return refused(request, 47001)
    if body.get("grant_type") != "client_credential":
        return refused(request, 40002)
    account = _known(request, str(body.get("appid", "")), str(body.get("secret", "")))
    if isinstance(account, Response):
        return account
    now, issued = request.world.now(), _issued(request)
    with request.world.lock:
        held = issued.latest.get((account.ext_id, True))
        if body.get("force_refresh") is True:
            if now - issued.forced.get(account.ext_id, -inf) < FORCED_APART:
                return refused(request, 45011)
            request.world.quotas.limits.setdefault("wechat_forced", FORCED_A_DAY)
            if not request.world.quotas.take("wechat_forced", account.ext_id, "day", now):
                return refused(request, 45009)
            issued.forced[account.ext_id] = now
            held = _issue(request, account, stable=True, old_lives=0)
        elif held is None or held.expires - now <= OVERLAP or _fault(request, held):
            held = _issue(request, account, stable=True, old_lives=OVERLAP)
    return said({"access_token": held.text, "expires_in": int(held.expires - now)}, "application/json; encoding=utf-8")


def holder(request: Request) -> SimAccount | Response:
    """The account whose token came with the request, or why it does not count."""
    text = request.query.get("access_token", "")
    if not text:
        return refused(request, 41001)
    if len(text) < 64 or not text.replace("-", "").replace("_", "").isalnum():
        return refused(request, 40014)
    now, held = request.world.now(), _issued(request).by_text.get(text)
    account = request.world.city.account(held.appid) if held else None
    if held is None or account is None or now >= held.replaced_at:
        return refused(request, 40001)
    if now >= held.expires:
        return refused(request, 42001)
    if kind := _fault(request, held):
        request.world.faults.told(kind, held.appid, request.path)
        return refused(request, 42001 if kind == "token_expired" else 40001)
    return account


def _fault(request: Request, held: Token) -> str:
    """Which fault, if any, has killed a token before its time. What was issued since the fault began is spared by the first."""
    faults, now = request.world.faults, request.world.now()
    if faults.is_on("token_expired", now, held.appid, request.path):
        window = faults.window("token_expired", now, held.appid, request.path)
        begins = [rule.since for rule in faults.rules if rule.covers("token_expired", held.appid, request.path)]
        if window and window[0] <= now < window[1]:
            begins.append(window[0])
        if -inf in begins or any(held.issued < begin <= now for begin in begins):
            return "token_expired"
    if faults.is_on("two_issuers", now, held.appid, request.path):
        born = held.issued // TAKEN_OVER_STABLE if held.stable else held.issued
        if (now // TAKEN_OVER_STABLE > born) if held.stable else (now - born >= TAKEN_OVER):
            return "two_issuers"
    return ""


def _known(request: Request, appid: str, secret: str) -> SimAccount | Response:
    account = request.world.city.account(appid)
    if not appid:
        return refused(request, 41002)
    if not secret:
        return refused(request, 41004)
    if account is None or account.route != "wechat":
        return refused(request, 40013)
    if account.secret != secret:
        return refused(request, 40125)
    return outsider(request, account) or over_quota(request, account) or account


def _issued(request: Request) -> _Issued:
    with request.world.lock:
        return request.world.stores.setdefault("wechat_tokens", _Issued())


def _issue(request: Request, account: SimAccount, stable: bool, old_lives: float) -> Token:
    issued, now = _issued(request), request.world.now()
    with request.world.lock:
        turn = len(issued.by_text)
        text = (
            f"{90 + turn % 9}_" + "".join(hashed("token", account.ext_id, stable, turn, n) for n in range(2))[:126] + "-_AbCdEf"
        )
        made = Token(text, account.ext_id, stable, now, now + LIFE)
        before = issued.latest.get((account.ext_id, stable))
        if before is not None:
            before.replaced_at = min(before.replaced_at, now + old_lives)
        issued.by_text[text] = issued.latest[account.ext_id, stable] = made
    return made
