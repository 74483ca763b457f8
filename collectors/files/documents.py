"""Reads JSON and JSON Lines as a stream of objects, without holding the file: arrays, arrays inside an object, one per line."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from collectors.files.charsets import ENCODING_NAMES, OpenText
from collectors.files.rows import Cell, FileError, RowFault
from collectors.files.tables import Row, excerpt

CHUNK = 1 << 18
LARGEST_ITEM = 8 << 20
LIST_KEYS = ("weibo", "data", "list", "posts", "comments", "items", "statuses", "results", "records")
SPACE = re.compile(r"[\s,\ufeff]*")
LEADING = re.compile(r"[\s\ufeff]*")


class _Reader:
    """Text that is decoded value by value; counts the lines that were passed."""

    def __init__(self, text: OpenText) -> None:
        self.text, self.buffer, self.at, self.ended = text, "", 0, False
        self.line, self.counted = 1, 0
        self.decoder = json.JSONDecoder()

    def more(self) -> bool:
        """Read on; False at the end of the file."""
        self.here()
        self.buffer, self.at, self.counted = self.buffer[self.at :], 0, 0
        chunk = self.text.stream.read(CHUNK)
        self.buffer += chunk
        self.ended = not chunk
        return bool(chunk)

    def here(self) -> int:
        self.line += self.buffer.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def peek(self, skip: re.Pattern[str] = SPACE) -> str:
        """The next character that means something, "" at the end."""
        while True:
            match = skip.match(self.buffer, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def value(self) -> Cell:
        """One whole JSON value. Raises ValueError where the text is none."""
        while True:
            try:
                found, end = self.decoder.raw_decode(self.buffer, self.at)
                if end < len(self.buffer) or self.ended:
                    self.at = end
                    return found
            except RecursionError as error:
                raise ValueError("nested too deep") from error
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated string") or error.pos > len(self.buffer) - 16
                if self.ended or not is_cut or len(self.buffer) - self.at > LARGEST_ITEM:
                    raise
            self.more()

    def skip_line(self) -> str:
        """Pass the rest of the line and give it; the way on after a broken line of JSON Lines."""
        while True:
            end = self.buffer.find("\n", self.at)
            if end >= 0 or not self.more():
                end = len(self.buffer) if end < 0 else end
                lost, self.at = self.buffer[self.at : end], end
                return lost
            if len(self.buffer) > LARGEST_ITEM:
                raise FileError("文件中有过长的一行，不像是JSON，已停止读取")


def flatten(item: dict[str, Cell], prefix: str = "", depth: int = 0) -> dict[str, Cell]:
    """Nested objects as dotted columns (`user.nick_name`), two levels down; lists stay lists."""
    flat: dict[str, Cell] = {}
    for key, value in item.items():
        if isinstance(value, dict) and depth < 2:
            flat |= flatten(value, f"{prefix}{key}.", depth + 1)
        else:
            flat[f"{prefix}{key}"] = value
    return flat


class DocumentTable:
    """The list of objects in a JSON file. Fields beside the list (as `user` of an export) come with each row as `$user.id`."""

    name = ""

    def __init__(self, path: Path) -> None:
        self.text = OpenText(path)
        self.total = self.text.total
        self._aside: dict[str, Cell] = {}
        probe = OpenText(path, self.text.encoding)
        try:
            first: dict[str, None] = {}
            for count, row in enumerate(self._items(_Reader(probe))):
                first |= dict.fromkeys(row[1]) if not isinstance(row, RowFault) else {}
                if count >= 20:
                    break
        finally:
            probe.close()
        if not first:
            raise FileError("JSON文件里没有找到记录列表")
        self.columns = tuple(first)
        self.form = f"JSON,{ENCODING_NAMES.get(self.text.encoding, self.text.encoding)}编码"

    @property
    def done(self) -> int:
        return self.text.done

    def rows(self) -> Iterator[Row | RowFault]:
        return self._items(_Reader(self.text))

    def close(self) -> None:
        self.text.close()

    def _items(self, reader: _Reader) -> Iterator[Row | RowFault]:
        self._aside = {}
        opening = reader.peek(LEADING)
        if opening == "[":
            reader.at += 1
            yield from self._list(reader)
        elif opening == "{" and _is_wrapped(reader):
            yield from self._object(reader)
        else:
            yield from self._lines(reader)

    def _list(self, reader: _Reader) -> Iterator[Row | RowFault]:
        while (char := reader.peek()) not in ("]", ""):
            line = reader.here()
            try:
                item = reader.value()
            except ValueError:
                yield RowFault(line, "JSON在这里损坏，后面的内容没有读入", excerpt([reader.buffer[reader.at : reader.at + 80]]))
                return
            yield self._row(line, item)
        if char == "":
            yield RowFault(reader.here(), "JSON没有写完(文件被截断)，前面的内容已读入")
        else:
            reader.at += 1

    def _object(self, reader: _Reader) -> Iterator[Row | RowFault]:
        reader.at += 1
        while reader.peek() not in ("}", ""):
            line = reader.here()
            try:
                key = reader.value()
                if reader.peek() != ":":
                    raise ValueError("no colon")
                reader.at += 1
                if reader.peek() == "[" and key in LIST_KEYS:
                    reader.at += 1
                    yield from self._list(reader)
                    continue
                value = reader.value()
            except ValueError:
                yield RowFault(line, "JSON在这里损坏，后面的内容没有读入")
                return
            self._aside |= flatten({f"${key}": value})

    def _lines(self, reader: _Reader) -> Iterator[Row | RowFault]:
        while reader.peek():
            line = reader.here()
            start = reader.buffer[reader.at]
            try:
                if start != "{":
                    raise ValueError("not an object")
                yield self._row(line, reader.value())
            except ValueError:
                yield RowFault(line, "这一行不是完整的JSON", excerpt([reader.skip_line()]))

    def _row(self, line: int, item: Cell) -> Row | RowFault:
        if not isinstance(item, dict):
            return RowFault(line, "这一项不是记录", excerpt([item]))
        return line, self._aside | flatten(item)


def _is_wrapped(reader: _Reader) -> bool:
    """Whether the file is one object around a list, rather than one object per line."""
    while len(reader.buffer) - reader.at < CHUNK and reader.more():
        pass
    head = reader.buffer[reader.at :]
    try:
        item, end = json.JSONDecoder().raw_decode(head)
    except (ValueError, RecursionError):
        # Longer than the look ahead, or broken further down: a wrapped list names its list before any id.
        match = re.search(rf'"({"|".join(LIST_KEYS)})"\s*:\s*\[', head)
        return match is not None and not re.search(r'\n\{|"_?id"\s*:', head[: match.start()].partition('"user"')[0])
    has_list = any(isinstance(item.get(key), list) and any(isinstance(i, dict) for i in item[key]) for key in LIST_KEYS)
    return has_list and not head[end:].lstrip().startswith("{") and not {"id", "_id"} & set(item)
