"""One simulated world: a city, its clock, what goes wrong in it, its quotas and its ground truth."""

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.city import City
from simulator.clock import Clock
from simulator.faults import CONTENT, Faults
from simulator.quotas import Quotas

if TYPE_CHECKING:
    from simulator.truth import Truth


@dataclass(slots=True)
class World:
    """What every request handler is given. `stores` is room for a module's own state (tokens …), `asked` the last requests.

    `asked` holds (virtual moment, method, path, query) and `lock` guards `stores`.
    """

    city: City
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    quotas: Quotas = field(default_factory=Quotas)
    truth: "Truth | None" = None
    stores: dict[str, Any] = field(default_factory=dict)
    asked: deque[tuple[float, str, str, dict[str, str]]] = field(default_factory=lambda: deque(maxlen=20_000))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> float:
        """Virtual Unix seconds."""
        return self.clock.now()


def make_world(
    seed: int = 7,
    accounts: int = 60,
    *,
    clock: Clock | None = None,
    faults: Faults | None = None,
    limits: dict[str, int] | None = None,
    history_days: int = 30,
    horizon_days: int = 400,
    mix: tuple[str, ...] | None = None,
    busy: float = 1.0,
    happenings: dict[str, float] | None = None,
) -> World:
    """A world whose history ends when its clock starts; content faults and `happenings` (rates of `life.HAPPENINGS`) shape the
    city, `mix` cycles the accounts' routes."""
    clock = clock or Clock()
    faults = faults or Faults(seed=seed)
    shaped = {kind: faults.rates[kind] for kind in CONTENT if kind in faults.rates} | (happenings or {})
    city = City(
        seed,
        accounts,
        clock.now(),
        history_days=history_days,
        horizon_days=horizon_days,
        happenings=shaped,
        mix=mix,
        busy=busy,
    )
    return World(city, clock, faults, Quotas(limits))
