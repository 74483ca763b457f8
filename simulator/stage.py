"""The stage of a drill: a city with a scenario in it, its platforms on loopback, a sink for notices, and one clock for all."""

from pathlib import Path

from simulator import ledger, scenario
from simulator.city import City
from simulator.clock import ManualClock
from simulator.quotas import Quotas
from simulator.robots import RobotHost
from simulator.scenario import Scenario
from simulator.server import start_server
from simulator.world import World

MIX = (*("weibo_commercial",) * 4, "wechat", "weibo_commercial", "feed")
LONG_AWAY = 300
"""Days from the start on which the city's own bad afternoon falls when another scenario is played."""


class Boundless(Quotas):
    """Time goes too fast here for quotas by the hour and the day to mean anything."""

    def take(self, limit: str, who: str, span: str, now: float) -> bool:  # noqa: ARG002 (nothing counts)
        return True


class Stage:
    """Open until `close`; the clock stands until somebody moves it. `start` is the moment at which it stands first.

    `arrived` holds (key, moment) of every message that the sink took.
    """

    def __init__(
        self, told: Scenario, start: float, *, accounts: int = 30, history_days: int = 21, busy: float = 2.0, seed: int = 7
    ) -> None:
        away = 0 if told.is_afternoon else LONG_AWAY
        self.clock = ManualClock(start)
        self.city = City(seed, accounts, start, history_days=history_days, horizon_days=10, mix=MIX, incident_day=away, busy=busy)
        self.city.quiet.clear()  # whoever is to speak in a drill must not have fallen silent by chance
        self.told, self.words = told, scenario.play(self.city, told, seed)
        self.arrived: list[tuple[str, float]] = []
        self.sink = RobotHost()
        self.sink.after_answer = lambda one: self.arrived.append((one.key, self.clock.now()))
        self.sink.__enter__()
        self.platforms = start_server(World(self.city, self.clock, quotas=Boundless()))

    @property
    def url(self) -> str:
        return self.platforms.url

    def write_files(self, folder: Path) -> tuple[Path, Path]:
        """The ledger and the credentials of the city's accounts, as an office would bring them."""
        book, keys = folder / "ledger.csv", folder / "credentials.csv"
        ledger.write_ledger(self.city, self.url, book)
        ledger.write_credentials(self.city, keys)
        return book, keys

    def material_at(self) -> float | None:
        """When the matter stood far above the usual in what citizens wrote, up to now; see `scenario.material_at`."""
        return scenario.material_at(self.city, self.told.occurred - 3600, self.clock.now())

    def close(self) -> None:
        """Shut the platforms and the sink."""
        self.platforms.stop()
        self.sink.__exit__()
