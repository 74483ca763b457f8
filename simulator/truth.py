"""The ground truth in a file of JSON lines: everything that happened in the city and every fault, in the order of its telling."""

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.city import DAY, City
from simulator.events import SimAccount, SimComment, SimPost
from simulator.ideal import comment_key, ideal
from simulator.mids import LONGEST_LIFE_DAYS

if TYPE_CHECKING:
    from simulator.world import World

Line = dict[str, Any]


def happened(city: City, account: SimAccount, t0: float, t1: float) -> Iterator[Line]:
    """What happened to an account in (t0, t1]: post, edit, delete, hide, comment, reply, comment_edit, reply_edit,
    comment_delete, reply_delete, filter, mention.

    A line has `what`, `at`, `account` and `key`; comments also `post`, `parent`, `official`, `asks` and `topic`. A reply and its
    edits have their `nature` and the key of the appeal that it `answers` (empty for none); an appeal the keys of the appeals
    that it `presses` and `reopens`; a citizen's word after an answer its `mood`.
    """
    for post in city.posts(account, t0 - 2 * LONGEST_LIFE_DAYS * DAY, t1):
        for at, line in _of_post(post):
            if t0 < at <= t1:
                yield {"at": at, **line(), "account": account.ext_id}
    if account.platform == "weibo":
        for m in city.mentions(account, t0 + 1, t1):
            yield {"what": "mention", "at": m.at, "key": m.key, "text": m.text, "author": m.author_id, "account": account.ext_id}


def _of_post(post: SimPost) -> Iterator[tuple[int, Callable[[], Line]]]:
    """Moments with what is to be written about them, which is made only when wanted."""
    key = post.key
    yield post.at, lambda: {"what": "post", "key": key, "title": post.title, "text": post.text, "original": post.original}
    for at, text in post.edits:
        yield at, partial(dict, what="edit", key=key, text=text)
    if post.deleted_at is not None:
        yield post.deleted_at, lambda: {"what": "delete", "key": key}
    if post.hidden_at is not None:
        yield post.hidden_at, lambda: {"what": "hide", "key": key}
    for said in post.comments:
        yield said.at, partial(_comment, said)
        if said.reply_at is not None:
            yield said.reply_at, partial(_reply, said)
        for at, text, nature in said.edits:
            yield at, partial(_edit, said, text, nature)
        if said.deleted_at is not None:
            yield said.deleted_at, partial(_end, said, "comment_delete")
        if said.filtered_at is not None:
            yield said.filtered_at, partial(_end, said, "filter")


def _comment(said: SimComment) -> Line:
    line: Line = {"what": "reply" if said.official else "comment", "key": comment_key(said), "post": said.post.key}
    line |= {
        "text": said.text,
        "parent": said.parent.key if said.parent else "",
        "author": said.author_id,
        "official": said.official,
    }
    line |= {"asks": said.asks, "topic": said.topic, "app_user": said.app_user}
    if said.nature:
        line |= {"nature": said.nature, "answers": _key(said.answers)}
    if said.asks:
        line |= {"presses": _key(said.presses), "reopens": _key(said.reopens)}
    return line | ({"mood": said.mood} if said.mood else {})


def _key(said: SimComment | None) -> str:
    return comment_key(said) if said is not None else ""


def _reply(said: SimComment) -> Line:
    key = comment_key(said)
    line: Line = {"what": "reply", "key": f"{key}:reply", "post": said.post.key, "text": said.reply_text, "official": True}
    return line | {"nature": said.reply_nature, "answers": key if said.asks else ""}


def _edit(said: SimComment, text: str, nature: str) -> Line:
    """A new wording of a comment, or on WeChat of its reply, which may also be taken back for good."""
    is_reply = said.reply_at is not None
    what = "comment_edit" if not is_reply else "reply_edit" if text else "reply_delete"
    key = f"{comment_key(said)}:reply" if is_reply else comment_key(said)
    return {"what": what, "key": key, "post": said.post.key, "text": text, "nature": nature}


def _end(said: SimComment, what: str) -> Line:
    return {"what": what, "key": comment_key(said), "post": said.post.key}


class Truth:
    """Writes the file: the accounts first, then what happens as the clock goes on, faults as they are injected.

    With `ideal_s` closing adds, per account, what an ideal client polling at that interval since the start could have seen.
    """

    def __init__(self, path: Path, world: "World", ideal_s: float | None = None, every_s: float = 5.0) -> None:
        self._world, self._ideal_s, self._every_s = world, ideal_s, every_s
        self._file = path.open("w", encoding="utf-8")
        self._told_until = world.city.begin - 60 * DAY
        self._lock = threading.RLock()
        self._ending = threading.Event()
        world.faults.report = self.fault
        city = world.city
        self._write({"what": "city", "seed": city.seed, "at": city.start, "accounts": len(city.accounts), "begin": city.begin})
        for account in city.accounts:
            silent = city.quiet.get(account.ext_id)
            line: Line = {"what": "account", "account": account.ext_id, "name": account.name, "unit": account.unit}
            self._write(line | {"platform": account.platform, "route": account.route, "silent_since": silent})
        self._thread = threading.Thread(target=self._keep_telling, daemon=True, name="truth")
        self._thread.start()

    def _write(self, line: Line) -> None:
        self._file.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")

    def fault(self, kind: str, account: str, path: str) -> None:
        """Note an injected fault at this moment."""
        with self._lock:
            if not self._file.closed:
                self._write({"what": "fault", "at": self._world.now(), "kind": kind, "account": account, "path": path})

    def tell(self) -> None:
        """Write what happened since the last time."""
        with self._lock:
            now = self._world.now()
            for account in self._world.city.accounts:
                for line in happened(self._world.city, account, self._told_until, now):
                    self._write(line)
            self._told_until = now
            self._file.flush()

    def _keep_telling(self) -> None:
        while not self._ending.is_set():
            self.tell()
            self._ending.wait(self._every_s)

    def close(self) -> None:
        """Tell the rest, the ideal client's view if wanted, and close the file; a second time does nothing."""
        self._ending.set()
        if self._thread is not threading.current_thread():
            self._thread.join()
        with self._lock:
            if self._file.closed:
                return
            self.tell()
            for account in self._world.city.accounts if self._ideal_s else ():
                seen = ideal(self._world.city, account, self._ideal_s or 0, self._world.city.start, self._world.now())
                line: Line = {"what": "ideal", "account": account.ext_id, "interval_s": self._ideal_s, "posts": seen.posts}
                self._write(line | {"comments": seen.comments, "missed": seen.missed})
            self._file.close()
