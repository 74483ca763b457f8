"""Feeds that cannot be read as they stand: cut off, in the wrong bytes, with forbidden characters, or not a feed at all."""

from simulator.events import SimAccount
from simulator.exchange import Request, Response

_ERROR = "<!DOCTYPE html><html><head><title>502</title></head><body>服务暂时不可用</body></html>".encode()


def spoilt(request: Request, account: SimAccount | None, good: Response, form: str) -> Response:
    """The feed, or what became of it while the `malformed_feed` fault holds; one kind of damage an hour."""
    world, who = request.world, account.ext_id if account else ""
    now = world.now()
    if not world.faults.is_on("malformed_feed", now, who, request.path):
        return good
    world.faults.told("malformed_feed", who, request.path)
    kind = int(world.faults.dice("malformed_feed", who, int(now // 3600)) * 4)
    if kind == 0:
        return Response(200, _ERROR, good.content_type)
    if kind == 1:
        return Response(200, good.body[: len(good.body) * 2 // 3], good.content_type)
    if kind == 2 and form != "json":
        return Response(200, good.body.decode().encode("gbk", "replace"), good.content_type)
    if form == "json":
        return Response(200, b'{"version":"https://jsonfeed.org/version/1","items":[object Object]}', good.content_type)
    return Response(200, good.body.replace(b"<title", b"\x0b<title").replace(b"</link>", b"", 1), good.content_type)
