"""One call of a simulated platform and its answer, and how handlers are found."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from simulator.world import World


@dataclass(frozen=True, slots=True)
class Request:
    """One call: `path` without query, `query` with the last value of each name, `headers` with lower-case names."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]
    world: World

    def form(self) -> dict[str, str]:
        """The query together with a form-encoded body."""
        return {**self.query, **dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))}

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None


@dataclass(slots=True)
class Response:
    """One answer. `wire` is how it goes out: "" politely, cut (body ends early), stall, reset or drip."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    wire: str = ""
    seconds: float = 0.0
    at_byte: int | None = None


Handler = Callable[[Request], Response]
Routes = dict[tuple[str, str], Handler]  # a path that ends in /* takes everything below it


def json_body(value: object) -> bytes:
    """JSON as the platforms write it: raw UTF-8, escaped where a lone surrogate cannot be written otherwise."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def answer(value: object, status: int = 200) -> Response:
    """A plain JSON answer."""
    return Response(status, json_body(value))
