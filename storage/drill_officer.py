"""The scripted officer of a drill: confirms alerts, opens and grades the incident, decides about words, enters leads."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from matrix.alert_step import AlertAct, Judgement
from matrix.channel_address import read_address
from matrix.incident import Verdict, WordKind
from matrix.notice import GRADES, ChannelKind, Rules
from matrix.people import Role
from storage import (
    alert_incidents,
    alert_rows,
    alert_steps,
    channels,
    incident_figures,
    incident_rows,
    incident_words,
    incidents,
    leads,
    people,
    rules,
)
from storage.channels import Wish
from storage.database import writing
from storage.keyring import Keyring
from storage.leads import Lead
from storage.moments import to_seconds
from storage.passwords import draw_password
from storage.scope import Scope

LOGIN, NAME = "yanlian", "演练值班员"
GRAVE = 2
"""From an orange alert on an incident is opened."""


class Habits(Protocol):
    """How long he takes for what, in minutes."""

    @property
    def confirms_after(self) -> float: ...
    @property
    def decides_after(self) -> float: ...
    @property
    def grades_after(self) -> float: ...


class Outside(Protocol):
    """Something outside the matrix that reaches the desk as a lead."""

    @property
    def at(self) -> float: ...
    @property
    def known_after(self) -> float: ...
    @property
    def platform(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def link(self) -> str: ...


class Figure(Protocol):
    """A number with its source."""

    @property
    def at(self) -> float: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def source(self) -> str: ...


class Conference(Protocol):
    """A press conference."""

    @property
    def at(self) -> float: ...
    @property
    def speaker(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def link(self) -> str: ...


class Script(Protocol):
    """What the officer goes by; times in minutes after `occurred` (Unix seconds)."""

    @property
    def event(self) -> str: ...
    @property
    def occurred(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def officer(self) -> Habits: ...
    @property
    def outside(self) -> Sequence[Outside]: ...
    @property
    def figures(self) -> Sequence[Figure]: ...
    @property
    def conferences(self) -> Sequence[Conference]: ...


def furnish(db: sqlite3.Connection, scope: Scope, hook: str, keyring: Keyring, now: datetime, real: datetime) -> str:
    """The officer, a rule of time limits and the channel to the sink at `hook`, inside `writing()`; gives the officer's password.

    `now` is the drill's moment, `real` that of the wall clock, by which passwords age.
    """
    host, hidden = read_address(ChannelKind.WECOM, {"url": hook})
    wish = Wish(scope[0], "演练接收端(本机)", Rules(frozenset(GRADES)), False)
    channels.add(db, scope, ChannelKind.WECOM, wish, host, hidden, keyring, "演练", now)
    rules.adopt(db, scope, scope[0], rules.presets()[0], now - timedelta(days=40), "演练", now)
    password = draw_password()
    people.add(db, login=LOGIN, name=NAME, role=Role.LEAD, password=password, by="演练", now=real, must_change=False, scope=scope)
    return password


class Officer:
    """Acts through the same verbs as a person at the console; where a person was faster, he leaves it."""

    def __init__(self, script: Script, scope: Scope, keyring: Keyring) -> None:
        self.script, self.scope, self.keyring = script, scope, keyring
        self.incident_id: int | None = None
        self._done: set[tuple[str, int]] = set()
        self._words: list[tuple[float, str]] = []

    def take_words(self) -> list[tuple[float, str]]:
        """What he did since he was asked last: (moment, words)."""
        told, self._words = self._words, []
        return told

    def act(self, db: sqlite3.Connection, now: datetime) -> None:
        """Do everything that is due at this moment."""
        self._enter_leads(db, now)
        self._look_at_alerts(db, now)
        if self.incident_id is not None:
            self._grade(db, now)
            self._decide(db, now)
            self._enter(db, now)

    def _say(self, now: datetime, words: str) -> None:
        self._words.append((now.timestamp(), words))

    def _is_due(self, what: str, number: int, at: float, now: datetime) -> bool:
        """Whether a thing of the script is due and was not done; it counts as done from now on."""
        if (what, number) in self._done or now.timestamp() < self.script.occurred + at * 60:
            return False
        self._done.add((what, number))
        return True

    def _enter_leads(self, db: sqlite3.Connection, now: datetime) -> None:
        for number, one in enumerate(self.script.outside):
            if self._is_due("lead", number, one.at + one.known_after, now):
                lead = Lead(one.platform, one.text, int(self.script.occurred + one.at * 60), one.link)
                with writing(db):
                    leads.enter(db, self.scope, self.scope[0], lead, self.keyring, LOGIN, NAME, now)
                self._say(now, f"录入线索：{one.platform}")

    def _look_at_alerts(self, db: sqlite3.Connection, now: datetime) -> None:
        at, found = to_seconds(now), alert_rows.open_alerts(db, self.scope)
        late = at - self.script.officer.confirms_after * 60
        mine = found[(found["raised_at"] >= self.script.occurred) & (found["seen_at"] <= late)].sort_values("raised_at")
        for number, level, title, judged in mine[["alert_id", "level", "title", "judgement"]].itertuples(index=False):
            number = int(number)
            if judged == Judgement.OPEN:
                with writing(db):
                    alert_steps.act(db, self.scope, number, AlertAct.CONFIRM, LOGIN, NAME, at, None)
                self._say(now, f"确认预警：{title}")
            if level >= GRAVE and judged != Judgement.INCIDENT:
                self._take_up(db, number, now)

    def _take_up(self, db: sqlite3.Connection, alert_id: int, now: datetime) -> None:
        """Open the incident from the first grave alert, let later ones join; an incident that a person opened is his own."""
        if self.incident_id is None:
            held = incident_rows.open_now(db, self.scope, now)
            self.incident_id = None if held.empty else int(held.iloc[0]["id"])
        with writing(db):
            if self.incident_id is not None:
                alert_incidents.join_incident(db, self.scope, alert_id, LOGIN, NAME, now, None, self.incident_id)
                return
            self.incident_id = alert_incidents.open_incident(
                db, self.scope, alert_id, LOGIN, NAME, now, None, self.script.event, self.scope[0]
            )
        self._say(now, f"开启事件：{self.script.event}")

    def _grade(self, db: sqlite3.Connection, now: datetime) -> None:
        found = incident_rows.standings(db, self.scope, now, self.incident_id)
        if not found or found[0].matter.event_level:
            return
        if to_seconds(now) - found[0].opened_at < self.script.officer.grades_after * 60:
            return
        values = {"kind": self.script.kind, "event_level": self.script.level, "occurred_at": str(int(self.script.occurred))}
        with writing(db):
            incidents.set_fields(db, self.scope, found[0].id, values, "演练方案", LOGIN, NAME, now)
        self._say(now, f"定级：{self.script.kind}，{self.script.level}")

    def _decide(self, db: sqlite3.Connection, now: datetime) -> None:
        assert self.incident_id is not None
        found = incident_words.words(db, self.scope, self.incident_id, to_seconds(now))
        has_bulletin = bool((found["is_bulletin"] == 1).any())
        late = to_seconds(now) - self.script.officer.decides_after * 60
        for one in found[(found["verdict"] == Verdict.WAITING) & (found["seen_at"] <= late)].to_dict("records"):
            kind = WordKind(one["kind"])
            with writing(db):
                incident_words.decide(
                    db, self.scope, self.incident_id, int(one["word_id"]), Verdict.CONFIRMED, kind, "", LOGIN, NAME, now,
                    is_bulletin=not has_bulletin,
                )  # fmt: skip
            has_bulletin = True
            self._say(now, f"确认官方发声：{one['speaker']}，{kind}")

    def _enter(self, db: sqlite3.Connection, now: datetime) -> None:
        assert self.incident_id is not None
        for number, one in enumerate(self.script.conferences):
            if self._is_due("conference", number, one.at, now):
                said = int(self.script.occurred + one.at * 60)
                with writing(db):
                    incident_words.enter_word(
                        db, self.scope, self.incident_id, WordKind.CONFERENCE, one.speaker, one.title, one.link, said,
                        LOGIN, NAME, now,
                    )  # fmt: skip
                self._say(now, f"登记新闻发布会：{one.title}")
        for number, figure in enumerate(self.script.figures):
            if self._is_due("figure", number, figure.at, now):
                stated = int(self.script.occurred + figure.at * 60)
                with writing(db):
                    incident_figures.enter_figure(
                        db, self.scope, self.incident_id, figure.name, figure.value, figure.unit, figure.source, stated,
                        LOGIN, NAME, now,
                    )  # fmt: skip
                self._say(now, f"登记数字：{figure.name}{figure.value}{figure.unit}，来源：{figure.source}")
