"""How a knob gets its value: from a TOML file or the environment, in its type and range, or with a sentence why not."""

import tomllib
from collections.abc import Mapping
from dataclasses import Field, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
Sections = Mapping[str, Any]
"""Name of a section to its dataclass."""

Given = dict[str, dict[str, tuple[Any, str]]]
"""Section, key, and the value with the words that say where it came from."""


class SettingsError(ValueError):
    """A knob has a value that cannot be used; the text is a Chinese sentence for the operator."""


def knob(default: Any, at_least: float | None = None, at_most: float | None = None) -> Any:
    """A knob's default and the range of its number."""
    return field(default=default, metadata={"at_least": at_least, "at_most": at_most})


def take_file(path: Path, values: Given, sections: Sections) -> None:
    """Lay the knobs of one TOML file over those already taken."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"设置文件 {path} 无法读取：{error}。应为 UTF-8 编码的 TOML 文件。") from error
    for section, table in document.items():
        if section not in values or not isinstance(table, dict):
            raise SettingsError(f"设置文件 {path} 中没有名为 [{section}] 的设置，可用的有：{'、'.join(sections)}。")
        for key, value in table.items():
            known(sections, section, key, f"设置文件 {path}")
            values[section][key] = (value, f"设置文件 {path} 的 {section}.{key}")


def take_environment(environ: Mapping[str, str], values: Given, sections: Sections) -> None:
    """Lay MATRIX_<SECTION>_<KEY> over what the files say; other names that start with MATRIX_ are not ours to judge."""
    for name, value in environ.items():
        section, _, key = name.removeprefix("MATRIX_").lower().partition("_")
        if name.startswith("MATRIX_") and key and section in values:
            known(sections, section, key, f"环境变量 {name}")
            values[section][key] = (value, f"环境变量 {name}")


def known(sections: Sections, section: str, key: str, where: str) -> None:
    """Refuse a knob that does not exist, so that a slip of the pen is not ignored in silence."""
    names = [item.name for item in fields(sections[section])]
    if key not in names:
        raise SettingsError(f"{where}：没有名为 {section}.{key} 的设置，[{section}] 下可用的有：{'、'.join(names)}。")


def build(section: str, kind: Any, given: dict[str, tuple[Any, str]], root: Path) -> Any:
    """One section from the given values and its defaults; paths become absolute."""
    taken = {item.name: given.get(item.name, (item.default, f"{section}.{item.name}")) for item in fields(kind)}
    return kind(**{item.name: read_value(item, *taken[item.name], root) for item in fields(kind)})


def read_value(item: Field, value: Any, where: str, root: Path) -> Any:
    """One value in its type, or a sentence that says what is expected."""
    text = str(value).strip()
    if item.type == (datetime | None):
        return read_moment(value, where)
    if isinstance(item.default, Path):
        if not text:
            raise SettingsError(f"{where} 的值为空，应为文件或文件夹的路径。")
        return (root / text).resolve()
    if isinstance(item.default, str):
        is_url = item.name.endswith("url")
        wanted = "http:// 或 https:// 开头的地址" if is_url else "一段文字"
        if not isinstance(value, str) or not text or (is_url and not text.startswith(("http://", "https://"))):
            raise SettingsError(f"{where} 的值为“{value}”，应为 {wanted}。")
        return text.rstrip("/") if is_url else text
    return read_number(item, value, where)


def read_number(item: Field, value: Any, where: str) -> int | float:
    """A whole number or a number within the knob's range."""
    kind = int if isinstance(item.default, int) else float
    low, high = item.metadata.get("at_least"), item.metadata.get("at_most")
    limits = [f"{words} {limit}" for words, limit in (("不小于", low), ("不大于", high)) if limit is not None]
    try:
        if isinstance(value, bool) or (kind is int and isinstance(value, float)):
            raise ValueError("not a number of this kind")
        number = kind(value)
        if not ((low is None or number >= low) and (high is None or number <= high)):
            raise ValueError("out of range")
    except (TypeError, ValueError) as error:
        wanted = ("整数" if kind is int else "数字") + (f"（{'，'.join(limits)}）" if limits else "")
        raise SettingsError(f"{where} 的值为“{value}”，应为{wanted}。") from error
    return number


def read_moment(value: Any, where: str) -> datetime | None:
    """A moment; without a zone it is Beijing time, empty means real time."""
    if value is None or value == "":
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise SettingsError(f"{where} 的值为“{value}”，应为北京时间，例如 2026-03-02T08:00；留空为真实时间。") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)
