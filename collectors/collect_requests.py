"""Does what a page asked for and writes the answer into the request: pages never reach into collectors themselves."""

import logging
import sqlite3
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from collectors import collect_imports, collect_leads
from collectors.files import FileError
from settings import Settings
from storage import accounts, journal, requests
from storage.database import open_writer, writing
from storage.keyring import Keyring
from storage.requests import AnswerError

log = logging.getLogger(__name__)

Answer = dict[str, Any]
Verb = Callable[[sqlite3.Connection, Settings, Keyring, datetime, requests.Request], Answer]


def answer_waiting(
    settings: Settings,
    keyring: Keyring,
    now: Callable[[], datetime],
    is_stopping: Callable[[], bool],
    more: Mapping[str, Verb],
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> None:
    """Answer one after the other what waits in the database of these settings; see `answer_next`."""
    with closing(open_writer(settings.database.path)) as db:
        while not is_stopping() and answer_next(db, settings, keyring, now, more, only, without):
            pass


def answer_next(
    db: sqlite3.Connection,
    settings: Settings,
    keyring: Keyring,
    now: Callable[[], datetime],
    more: Mapping[str, Verb] | None = None,
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> bool:
    """Take the oldest open request, do it, answer it; False when none is open. A failure is an answer too.

    `more` are verbs of rooms that this one does not know; `only` and `without` name verbs, of which some take long and are
    done beside the others.
    """
    request = requests.take(db, now(), only, without)
    if request is None:
        return False
    verb = VERBS.get(request.verb) or (more or {}).get(request.verb)
    try:
        if verb is None:
            raise AnswerError(f"采集程序不认识“{request.verb}”这种请求，请升级采集程序")
        content, outcome = verb(db, settings, keyring, now(), request), "ok"
    except (AnswerError, FileError) as error:
        content, outcome = {"sentence": str(error)}, "failed"
    except Exception as error:
        log.exception("request %s failed", request.id)
        content, outcome = {"sentence": f"处理时程序出错({type(error).__name__})，请把日志交给维护人员"}, "failed"
    requests.answer(db, request.id, outcome, content, now())
    journal.note(
        db,
        at=now(),
        actor=request.asked_by,
        act=f"请求：{request.verb}",
        detail=str(content.get("sentence", "")),
        outcome=journal.DONE if outcome == "ok" else journal.REFUSED,
    )
    return True


def check_account(
    db: sqlite3.Connection, _settings: Settings, _keyring: Keyring, now: datetime, request: requests.Request
) -> Answer:
    """立即检查: make one account, or all of a list, due at once."""
    wanted = [int(number) for number in request.payload.get("account_ids", [request.payload.get("account_id", 0)])]
    names = []
    with writing(db):
        for account_id in wanted:
            account = accounts.find(db, account_id)
            if account is None:
                raise AnswerError("台账中没有这个账号，可能已被合并或删除")
            accounts.check_now(db, account_id, now)
            names.append(account.name)
    return {"sentence": f"已安排立即检查：{'、'.join(names[:5])}{'等' if len(names) > 5 else ''}{len(names)}个账号"}


VERBS: Mapping[str, Verb] = {"check_account": check_account, **collect_imports.VERBS, **collect_leads.VERBS}
