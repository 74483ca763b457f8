"""Faults of the wire itself: what happens to a good answer on its way."""

from simulator.exchange import Request, Response

_LOGIN = (
    "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>登录</title></head>"
    "<body><form action=\"/login\">请登录后使用 <input name=\"username\"></form></body></html>"
).encode()  # fmt: skip
_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>"
)


def spoil(request: Request, good: Response) -> Response:
    """The answer as the network, a portal or a gateway delivers it; at most one fault a request."""
    faults, path = request.world.faults, request.path
    if not faults.rates and not faults.rules:
        return good
    owner = request.world.city.account_by_token(request.query.get("access_token", ""))
    who = owner.ext_id if owner else ""
    if faults.strikes("reset", who, path):
        return Response(good.status, good.body, good.content_type, good.headers, "reset")
    if faults.strikes("stall", who, path):
        return Response(good.status, good.body, good.content_type, good.headers, "stall", faults.stall_s)
    if faults.strikes("slow_drip", who, path):
        return Response(good.status, good.body, good.content_type, good.headers, "drip", faults.drip_s)
    if faults.strikes("http_5xx", who, path):
        status = (502, 503, 504, 500)[int(faults.dice("status", faults.seen["http_5xx"]) * 4)]
        headers = {"Retry-After": "2"} if status == 503 else {}
        return Response(status, _GATEWAY.replace(b"502 Bad Gateway", b"%d" % status), "text/html", headers)
    if faults.strikes("html_login", who, path):
        return Response(200, _LOGIN, "text/html; charset=utf-8")
    if faults.strikes("truncated_json", who, path):
        return _truncated(good, faults.dice("form", faults.seen["truncated_json"]))
    if faults.strikes("wrong_content_type", who, path):
        return Response(good.status, good.body, "text/html; charset=GBK", good.headers)
    return good


def _truncated(good: Response, form: float) -> Response:
    """Content-Length promises more than comes, or a body that simply ends inside a string, or an empty body."""
    middle = len(good.body) * 2 // 3
    if form < 0.4:
        return Response(good.status, good.body, good.content_type, good.headers, "cut", at_byte=middle)
    return Response(good.status, good.body[:middle] if form < 0.85 else b"", good.content_type, good.headers)
