"""What the watch keeps of itself: each call of the detector with what it knew, and now and then the whole of its state."""

import io
import json
import sqlite3
import zlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matrix.surge import VERSION, Detector
from matrix.surge_group import Groups
from storage.surge_facts import Horizon
from storage.surge_late import Restless
from storage.surge_plan import Plan, from_text, to_text

FORM = f"{VERSION}.3"
"""Of a snapshot; one of another form is not read."""
SNAPSHOTS = 3
SCORE_DAYS = 15


@dataclass(slots=True)
class State:
    """Everything that goes from one call to the next."""

    plan: Plan
    detector: Detector
    groups: Groups
    weights: NDArray[np.float64]
    known: Horizon
    step_id: int = 0
    restless: Restless = field(default_factory=Restless)


def note_step(db: sqlite3.Connection, b5: int, at: int, known: Horizon, before: Horizon) -> int:
    """Write down one call: up to which bucket it went and what it knew, inside `writing()`; gives its id."""
    looks = {str(account): moment for account, moment in known.looks.items() if before.looks.get(account) != moment}
    remark = json.dumps({"posts": known.posts, "read": known.read, "looks": looks}, separators=(",", ":"))
    row = db.execute(
        "INSERT INTO surge_steps(b5, at, comments_upto, leads_upto, remark) VALUES(:b5, :at, :comments, :leads, :remark) "
        "RETURNING id",
        {"b5": b5, "at": at, "comments": known.comments, "leads": known.leads, "remark": remark},
    ).fetchone()
    return int(row[0])


def steps_after(db: sqlite3.Connection, step_id: int, known: Horizon) -> list[tuple[int, int, Horizon]]:
    """(id, bucket, what was known) of every call since, in order."""
    rows = db.execute(
        "SELECT id, b5, comments_upto, leads_upto, remark FROM surge_steps WHERE id > :id ORDER BY id", {"id": step_id}
    ).fetchall()
    found = []
    for number, b5, comments, leads, remark in rows:
        told: dict[str, Any] = json.loads(remark)
        looks = known.looks | {int(account): int(moment) for account, moment in told["looks"].items()}
        known = replace(known, comments=comments, leads=leads, posts=told["posts"], read=told["read"], looks=looks)
        found.append((number, b5, known))
    return found


def save(db: sqlite3.Connection, state: State, now: int) -> None:
    """Keep the whole state as of its last call, inside `writing()`; only the newest few are kept."""
    arrays: dict[str, Any] = {f"detector.{name}": value for name, value in state.detector.state().items()}
    arrays |= {f"groups.{name}": value for name, value in state.groups.state().items()}
    looks = np.array(sorted(state.known.looks.items()), np.int64).reshape(-1, 2)
    newest = np.array([state.known.comments, state.known.posts, state.known.leads, state.known.read], np.int64)
    plan = np.frombuffer(to_text(state.plan).encode(), np.uint8)
    arrays |= {"weights": state.weights, "looks": looks, "newest": newest, "plan": plan}
    held = io.BytesIO()
    np.savez(held, **arrays)
    db.execute(
        "INSERT INTO surge_snapshots(step_id, made_at, version, content) VALUES(:step, :at, :version, :content)",
        {"step": state.step_id, "at": now, "version": FORM, "content": zlib.compress(held.getbuffer(), 1)},
    )
    db.execute(
        "DELETE FROM surge_snapshots WHERE id NOT IN (SELECT s.id FROM surge_snapshots s ORDER BY s.id DESC LIMIT :keep)",
        {"keep": SNAPSHOTS},
    )


def load(db: sqlite3.Connection) -> State | None:
    """The state of the newest snapshot that this program can read; None when there is none."""
    row = db.execute(
        "SELECT step_id, content FROM surge_snapshots WHERE version = :version ORDER BY id DESC LIMIT 1", {"version": FORM}
    ).fetchone()
    if row is None:
        return None
    with np.load(io.BytesIO(zlib.decompress(row[1])), allow_pickle=False) as arrays:
        held = {name: arrays[name] for name in arrays.files}
    plan = from_text(held["plan"].tobytes().decode())
    part = lambda name: {key.removeprefix(f"{name}."): value for key, value in held.items() if key.startswith(f"{name}.")}  # noqa: E731
    comments, posts, leads, read = held["newest"].tolist()
    known = Horizon(comments, posts, leads, read, {int(account): int(at) for account, at in held["looks"]})
    detector = Detector.from_state(part("detector"))
    detector.carry(*plan.carried())
    return State(plan, detector, Groups.from_state(part("groups"), plan.groups()), held["weights"], known, int(row[0]))


def forget(db: sqlite3.Connection, now: int) -> None:
    """Drop scores past their keeping time and the calls before the oldest snapshot, inside `writing()`; every night."""
    db.execute("DELETE FROM surge_scores WHERE b5 < :b5", {"b5": now // 300 - SCORE_DAYS * 288})
    db.execute("DELETE FROM surge_steps WHERE id < (SELECT min(s.step_id) FROM surge_snapshots s)")
