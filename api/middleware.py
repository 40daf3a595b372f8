"""What every request passes through, as pure ASGI, outermost first.

Identity (request id, security and CORS headers, time and count) → Safety (a crash becomes a problem) →
Preflight (OPTIONS, HEAD) → Freshness (generation, ETag, 304) → BodyLimit.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from collections import Counter
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.settings import Settings

from . import errors
from .negotiation import UnsupportedMediaTypeError

log = logging.getLogger("kgraph_api")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
# These answers do not depend on the graph alone: their tag is a hash of what is sent.
_LIVE = {"/livez", "/readyz", "/metrics"}

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    # Everything here is public reading, and no cookie or credential is ever looked at.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After, X-KGraph-Generation, X-Request-ID",
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}


class Telemetry:
    """Counts and seconds of requests by route, method and status: what `/metrics` shows."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.seconds: Counter[str] = Counter()

    def record(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request under its route's template, so that names in addresses make no new series."""
        route = getattr(scope.get("route"), "path", "other")
        self.requests[route, scope["method"], status] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]

    def text(self, generation: int) -> str:
        """The counts in Prometheus' text format."""
        lines = [
            "# TYPE kgraph_generation gauge",
            f"kgraph_generation {generation}",
            "# TYPE kgraph_requests_total counter",
        ]
        for (route, method, status), count in sorted(self.requests.items()):
            lines.append(f'kgraph_requests_total{{route="{route}",method="{method}",status="{status}"}} {count}')
        lines.append("# TYPE kgraph_request_seconds_total counter")
        lines += [f'kgraph_request_seconds_total{{route="{r}"}} {s:.6f}' for r, s in sorted(self.seconds.items())]
        return "\n".join(lines) + "\n"


class Identity:
    """Gives each request an id, and each answer the headers that all answers carry."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self.app = app
        self.telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        given = Headers(scope=scope).get("x-request-id", "")
        scope["request_id"] = given if _REQUEST_ID.match(given) else secrets.token_hex(16)
        status = 500

        async def identified(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope["request_id"]
                headers.setdefault("X-KGraph-Generation", str(scope["app"].state.graph.generation))
                headers.setdefault("ETag", f'W/"{scope["request_id"]}"')  # of what Freshness never sees
                for name, value in SECURITY.items():
                    headers[name] = value
                headers.add_vary_header("Accept")
            await send(message)

        try:
            await self.app(scope, receive, identified)
        finally:
            self.telemetry.record(scope, status, time.perf_counter() - began)


class Safety:
    """Turns an error nobody foresaw into a problem with the request's id, and logs it under that id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            log.exception("request %s failed: %s %s", scope["request_id"], scope["method"], quote(scope["path"]))
            if begun:
                raise  # the connection is cut, so that half an answer is never taken for a whole one
            await errors.crash(Request(scope))(scope, receive, send)


class _HeadAnswered(Exception):  # noqa: N818 - not an error: it ends the work of a stream nobody will read
    pass


class Preflight:
    """Answers OPTIONS at once, and HEAD like GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if scope["type"] != "http" or method not in ("HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
        elif method == "OPTIONS":
            await self._options(scope, receive, send)
        else:
            await self._head(scope, receive, send)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        methods = ", ".join(errors.allowed(Request({**scope, "method": "GET"})))
        if not methods:
            await self.app({**scope, "method": "GET"}, receive, send)
            return
        headers = {"Allow": methods, "Access-Control-Allow-Methods": methods, **PREFLIGHT}
        await Response(status_code=204, headers=headers)(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def bodiless(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif message["type"] == "http.response.body":
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                if message.get("more_body"):
                    raise _HeadAnswered

        inner = {**scope, "method": "GET"}
        try:
            await self.app(inner, receive, bodiless)
        except _HeadAnswered:
            pass
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]


class Freshness:
    """The generation and the ETag of every answer; 304 where the client already holds it.

    What the graph answers depends on the generation, the address and the Accept header, so the tag is made of
    these and a match is answered before any work is done. It is weak: a path search tells how long it took. An answer
    that depends on the clock or on chance says `no-store`; its tag is of its bytes and is never matched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.instance = secrets.token_hex(8)  # settings and attached texts may differ after a restart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        generation = scope["app"].state.graph.generation
        headers = Headers(scope=scope)
        by_question = scope["method"] == "GET" and scope["path"].removeprefix(scope.get("root_path", "")) not in _LIVE
        tag = self._tag(generation, scope["path"], scope["query_string"], ",".join(headers.getlist("accept")))
        held = [text.strip().removeprefix("W/") for text in ",".join(headers.getlist("if-none-match")).split(",")]
        if by_question and tag.removeprefix("W/") in held:
            fresh = {"ETag": tag, "X-KGraph-Generation": str(generation), "Cache-Control": "no-cache"}
            await Response(status_code=304, headers=fresh)(scope, receive, send)
            return
        start: Message | None = None
        unsent = False

        async def tagged(message: Message) -> None:
            nonlocal start, unsent
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                answer = MutableHeaders(scope=start)
                answer.setdefault("X-KGraph-Generation", str(generation))
                answer.setdefault("Cache-Control", "no-cache" if by_question else "no-store")
                lasting = by_question and start["status"] < 400 and answer["Cache-Control"] != "no-store"
                answer.setdefault("ETag", tag if lasting else self._tag(message["body"]))
                if unsent := lasting and start["status"] == 200 and "*" in held:
                    start["status"] = 304
                    for name in ("content-length", "content-type"):
                        del answer[name]
                begin, start = start, None
                await send(begin)
            if unsent:
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, tagged)

    def _tag(self, *parts: object) -> str:
        text = repr((self.instance, *parts)).encode()
        return f'W/"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'


class BodyLimit:
    """Reads a body up to `max_body` bytes, counting while it arrives; more is refused, as is a packed body."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.most = settings.max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = Request(scope)
        if headers.get("content-encoding", "identity") != "identity":
            packed = UnsupportedMediaTypeError(f"Content-Encoding {headers['content-encoding']}", ["a body as it is"])
            await errors.refusal(request, packed)(scope, receive, send)
            return
        length = headers.get("content-length", "")
        announced = int(length) if length.isdecimal() and len(length) < 20 else 0
        body = b"" if announced > self.most else await self._read(receive)
        if body is None:
            return  # the client has left
        if max(len(body), announced) > self.most:
            await errors.refusal(request, errors.BodyTooLargeError("max_body", f"{self.most} bytes"))(
                scope, receive, send
            )
            return
        sent = False

        async def whole() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, whole, send)

    async def _read(self, receive: Receive) -> bytes | None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > self.most or not message.get("more_body"):
                return bytes(body)
