"""Scenarios of drills: they can be read, say the same each time, and become material when they should."""

import pytest

from simulator import scenario
from simulator.city import City
from simulator.stage import LONG_AWAY, MIX


def city_for(told: scenario.Scenario) -> City:
    away = 0 if told.is_afternoon else LONG_AWAY
    return City(7, 14, told.occurred - 3600, history_days=3, horizon_days=4, mix=MIX, incident_day=away)


@pytest.mark.parametrize("name", sorted(scenario.known()))
def test_each_scenario_becomes_material_after_its_event(name: str) -> None:
    told = scenario.read(scenario.known()[name])
    city = city_for(told)
    scenario.play(city, told)
    material = scenario.material_at(city, told.occurred - 3600, told.moment(120))
    assert material is not None
    assert 0 < material - told.occurred < 3600


def test_the_accident_of_yongwen_keeps_its_documented_moments() -> None:
    told = scenario.read(scenario.known()["yongwen"])
    assert told.voices[0].at == 4
    assert told.outside[0].at == 147
    assert told.conferences[0].at == 26 * 60 + 12
    assert [one.value for one in told.figures if one.name == "死亡"] == [35, 39, 40]


def test_the_same_seed_plays_the_same_words() -> None:
    told = scenario.read(scenario.known()["yongwen"])
    heard = []
    for _ in range(2):
        city = city_for(told)
        scenario.play(city, told)
        account = scenario.account_of(city, "交通")
        heard.append([(one.at, one.text, one.author_id) for one in city.received(account, told.moment(60))])
    assert heard[0] == heard[1]
    called = city.mentions(account, told.occurred, told.moment(60))
    assert len({one.number for one in called}) == len(called)
    assert any("车厢" in one.text for one in called)


def test_a_calm_city_is_never_material() -> None:
    told = scenario.read(scenario.known()["yongwen"])
    assert scenario.material_at(city_for(told), told.occurred - 3600, told.moment(120)) is None


def test_an_office_that_the_city_lacks_is_named() -> None:
    told = scenario.read(scenario.known()["yongwen"])
    with pytest.raises(ValueError, match="条线的微博账号，请增加账号数"):
        scenario.play(City(7, 3, told.occurred, history_days=2, horizon_days=2, mix=MIX), told)
