"""The one file of the look: known options, safe switches, colours that can be read in light and dark."""

import re
import tomllib
from typing import Any

import pytest
from streamlit import config as streamlit_config

from tests.sources import ROOT

LOOK: dict[str, Any] = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))


def options(table: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Full name to value of every option."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= options(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value}
    return flat


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_streamlit_knows_every_option() -> None:
    known = set(streamlit_config.get_config_options())
    assert set(options(LOOK)) <= known


def test_the_switches_that_protect_the_console_are_set() -> None:
    given = options(LOOK)
    assert given["server.address"] == "127.0.0.1"
    assert given["client.disableDataExport"] is True
    assert given["client.showErrorDetails"] == "none"
    assert given["client.toolbarMode"] == "minimal"
    assert given["browser.gatherUsageStats"] is False
    assert given["runner.postScriptGC"] is False
    assert given["server.fileWatcherType"] == "none"


def test_chinese_fonts_are_named_and_none_is_fetched() -> None:
    for key in ("font", "headingFont"):
        names = [name.strip(" '\"") for name in LOOK["theme"][key].split(",")]
        assert {"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"} < set(names)
        assert names[-1] == "sans-serif"
    assert "fontFaces" not in LOOK["theme"]
    assert not re.search(r"https?:", " ".join(map(str, options(LOOK).values())))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_colours_can_be_read(mode: str) -> None:
    theme = LOOK["theme"][mode]
    ground = theme["backgroundColor"]
    assert contrast(theme["textColor"], ground) >= 7
    assert contrast(theme["linkColor"], ground) >= 4.5
    assert contrast("#ffffff", theme["primaryColor"]) >= 4.5
    assert min(contrast(colour, ground) for colour in theme["chartCategoricalColors"]) >= 3
    assert len(theme["chartSequentialColors"]) == len(theme["chartDivergingColors"]) == 10
