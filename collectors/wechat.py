"""WeChat Official Accounts by their own interfaces, with the account's AppID and secret."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from collectors import wechat_followers, wechat_published, wechat_statistics, wechat_threads
from collectors.wechat_codes import BEIJING
from collectors.wechat_errors import error_of
from collectors.wechat_line import Line, is_fatal
from collectors.wechat_memory import Memory
from collectors.wechat_token import Tokens
from collectors.wechat_whitelist import Whitelists
from matrix.account import Platform
from matrix.run import Batch, CollectError, ErrorKind

if TYPE_CHECKING:
    from collectors.task import Task
    from collectors.web import Web
    from settings import Settings

PLATFORM = Platform.WECHAT
LOOK_AGAIN = timedelta(minutes=30)


class WeChat:
    """The direct route. One object serves all accounts and threads: it keeps their tokens in memory."""

    def __init__(self) -> None:
        self._tokens = Tokens()
        self._whitelists = Whitelists()

    def collect(self, task: "Task", web: "Web", settings: "Settings", now: datetime) -> Iterator[Batch]:
        """Published messages, statistics, comments, follower numbers; each part goes on when another is at its limit.

        The credential is "AppID:AppSecret". Raises CollectError when the account cannot be read at all, and at the end
        when its list of articles cannot be read (statistics without permission, or refused before today's were read).
        """
        try:
            for batch in self._collect(task, web, settings, now):
                self._whitelists.note_success()
                yield batch
        except CollectError as error:
            raise self._whitelists.judge(task.account.id, error) from None

    def _collect(self, task: "Task", web: "Web", settings: "Settings", now: datetime) -> Iterator[Batch]:
        # Statistics know days only, so everything begins with a whole day.
        since = task.since.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        memory = Memory(task.cursors, now, since)
        memory.forget()
        line = Line(task, web, settings, self._tokens, memory)
        failures: list[CollectError] = []
        parts = (
            wechat_published.look(line, memory, since),
            wechat_statistics.look(line, memory),
            wechat_threads.look(line, memory, since, task.threads),
            wechat_followers.look(line, memory),
        )
        for part in parts:
            yield from _guarded(part, line, memory, failures)
        changed, seen_until = memory.changes(), wechat_statistics.seen_until(memory)
        if changed or seen_until:
            yield Batch(line.answered_at, cursors=changed, seen_until=seen_until)
        for failure in failures:
            if failure.kind not in (ErrorKind.QUOTA, ErrorKind.PERMISSION):
                raise failure
        if (blind := _blindness(line, memory)) is not None:
            raise blind


def _guarded(part: Iterator[Batch], line: Line, memory: Memory, failures: list[CollectError]) -> Iterator[Batch]:
    """One part of the collection: what limits only this part becomes a note, what stops the account goes through."""
    try:
        yield from part
    except CollectError as error:
        if is_fatal(error):
            raise
        failures.append(error)
        yield Batch(line.answered_at, cursors=memory.changes(), notes=(error.sentence,))


def _blindness(line: Line, memory: Memory) -> CollectError | None:
    """Only the statistics list every article: without today's reading of them silence says nothing."""
    api = wechat_statistics.TOTALS
    if not memory.rests_at(api):
        return None
    code = memory.why_at_rest(api)
    is_read = wechat_statistics.seen_until(memory) is None
    error = error_of(int(code or 45009), "", api, line.account.id, memory.now)
    if error.kind == ErrorKind.QUOTA and is_read:
        return None
    error.retry_at = memory.now + LOOK_AGAIN  # the rest of the account can be seen and must not wait for the statistics
    return error
