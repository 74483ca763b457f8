"""One account's conversation with the WeChat interfaces: token, budgets planned over the day, errcodes, retries."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from collectors.wechat_codes import BAD_SECRET, BEIJING, BUSY, DAY_SPENT, NO_COMMENT_RIGHT, TOKEN_CODES, next_day
from collectors.wechat_errors import error_of
from collectors.wechat_memory import Memory
from collectors.wechat_parse import number
from collectors.wechat_text import mend
from collectors.wechat_token import Tokens
from matrix.run import Budget, CollectError, ErrorKind

if TYPE_CHECKING:
    from collectors.task import Task
    from collectors.web import Web
    from settings import Settings

STABLE_TOKEN = "/cgi-bin/stable_token"  # noqa: S105 (a path)
RESERVE = 0.1
"""Share of a day's calls that the plan leaves for confirmations and for what people ask for by hand."""
HEADSTART = 0.15
"""Share of a day's calls that may be used right after midnight; the rest becomes free evenly over the day."""


class Line:
    """Calls for one account in one run. `answered_at` is the moment of the last answer."""

    def __init__(self, task: "Task", web: "Web", settings: "Settings", tokens: Tokens, memory: Memory) -> None:
        self.account = task.account
        self.memory = memory
        self.answered_at = memory.now
        self._web, self._tokens = web, tokens
        self._url, self._quotas = settings.wechat.url, settings.wechat.daily_quotas()
        self._credential = (task.credential or "").strip()
        self._appid, _, self._secret = (part.strip() for part in self._credential.partition(":"))
        if not (self._appid and self._secret):
            raise CollectError(
                ErrorKind.CREDENTIALS,
                "该公众号没有登记可用的 AppID 和 AppSecret，请在“账号台账”中按“AppID:AppSecret”填写。",
                cause=f"account:{self.account.id}:credentials",
            )

    def call(self, api: str, body: dict[str, Any], expect: Sequence[str] = ()) -> dict[str, Any]:
        """The answer of an interface to `body`, which must hold one of `expect`.

        Raises CollectError. A refused token is replaced once and the call
        repeated; a quota or a missing right puts the interface to rest, so that nothing asks it before it makes sense.
        """
        try:
            return self._call(api, body, expect)
        except CollectError as error:
            limits_one = error.kind in (ErrorKind.QUOTA, ErrorKind.PERMISSION) and not is_fatal(error)
            if limits_one and error.code != str(NO_COMMENT_RIGHT):
                self.memory.rest(api, error.retry_at or next_day(self.memory.now), error.code)
            raise

    def may(self, api: str) -> bool:
        """Whether the interface is awake and the day's calls, less a reserve, are not used up."""
        return not self.memory.rests_at(api) and self.memory.calls.get(api, 0) < self._limit(api) * (1 - RESERVE)

    def may_poll(self, api: str) -> bool:
        """Whether one more look fits the day's plan: calls become free evenly over the day after a head start."""
        now = self.memory.now.astimezone(BEIJING)
        passed = (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) / timedelta(days=1)
        share = HEADSTART + (1 - HEADSTART) * passed
        return self.may(api) and self.memory.calls.get(api, 0) < self._limit(api) * share

    def _limit(self, api: str) -> int:
        return self._quotas.get(api, 1000)

    def _call(self, api: str, body: dict[str, Any], expect: Sequence[str]) -> dict[str, Any]:
        token = self._tokens.get(self.account.id, self._credential, self.memory.now, self._fetch_token)
        answer = self._post(api, body, {"access_token": token})
        code = self._code(api, answer)
        if code in TOKEN_CODES:
            token = self._tokens.renew(self.account.id, self._credential, token, self.memory.now, self._fetch_token)
            answer = self._post(api, body, {"access_token": token})
            code = self._code(api, answer)
        if code in TOKEN_CODES:
            self._tokens.drop(self.account.id)
        if code:
            error = error_of(code, answer.get("errmsg"), api, self.account.id, self.answered_at)
            error.budget = self._budget(api) if code == DAY_SPENT else None
            raise error
        if expect and not any(name in answer for name in expect):
            raise self._malformed(api)
        return answer

    def _fetch_token(self, forced: bool) -> tuple[str, int]:
        body = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret, "force_refresh": forced}
        answer = self._post(STABLE_TOKEN, body, {})
        code = self._code(STABLE_TOKEN, answer)
        if code in TOKEN_CODES:
            code = BAD_SECRET  # here the same numbers speak of the secret
        if code:
            raise error_of(code, answer.get("errmsg"), STABLE_TOKEN, self.account.id, self.answered_at)
        token, life = mend(answer.get("access_token")), number(answer.get("expires_in"))
        if not token or life is None:
            raise self._malformed(STABLE_TOKEN)
        return token, max(life, 0)

    def _post(self, api: str, body: dict[str, Any], params: dict[str, str]) -> Any:
        """One answer. A web page in its place comes from a gateway on the way: one more try tells a slip from a wall."""
        try:
            return self._send(api, body, params)
        except CollectError as error:
            if error.code != "html":
                raise
        return self._send(api, body, params)

    def _send(self, api: str, body: dict[str, Any], params: dict[str, str]) -> Any:
        """One answer; "busy" is asked again as often as any other passing fault. Every try counts against the day."""
        with self._web.counting() as count:
            try:
                return self._web.post_json(
                    self._url + api, body, params=params, budgets=(self._budget(api),), cause_host="wechat", retry_body=_is_busy
                )
            finally:
                self.memory.calls[api] = self.memory.calls.get(api, 0) + count.calls
                self.answered_at = self._web.now()

    def _budget(self, api: str) -> Budget:
        return Budget(f"account:{self.account.id}", api, "day", self._limit(api))

    def _code(self, api: str, answer: Any) -> int:
        if not isinstance(answer, dict):
            raise self._malformed(api)
        return number(answer.get("errcode", 0)) or 0

    def _malformed(self, api: str) -> CollectError:
        return CollectError(
            ErrorKind.MALFORMED,
            "微信平台的应答残缺或格式不对，稍后会自动再试；如持续出现，请检查本机到平台之间的网关或代理。",
            cause=f"account:{self.account.id}:{api.rpartition('/')[2]}:malformed",
        )


def _is_busy(answer: Any) -> bool:
    return isinstance(answer, dict) and number(answer.get("errcode")) == BUSY


def is_fatal(error: CollectError) -> bool:
    """Whether the failure stops the whole account: credentials, whitelist, network, a ban; not one interface's limits."""
    if error.code in ("61500", "61501", "61503") or error.kind == ErrorKind.MALFORMED:
        return False
    if "stable_token" in error.cause or error.cause.startswith("host:"):
        return True
    return error.kind in (ErrorKind.CREDENTIALS, ErrorKind.REFUSED, ErrorKind.NETWORK)
