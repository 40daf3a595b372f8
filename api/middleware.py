"""What every request passes through, as pure ASGI: `Envelope`, then `BodyLimit` where there may be a body."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import time
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.errors import KGraphError
from kgraph.settings import Settings

from . import authorization, errors
from .negotiation import UnsupportedMediaTypeError
from .telemetry import Telemetry

log = logging.getLogger("kgraph_api")

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
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
    "Access-Control-Expose-Headers": (
        "Content-Disposition, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, "
        "X-KGraph-Generation, X-KGraph-Verdict, X-Request-ID"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-Match, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}
_READ = {b"x-request-id", b"accept", b"if-none-match"}
ON_EVERY_ANSWER = [(name.lower().encode(), value.encode()) for name, value in SECURITY.items()]
_OF_FRAMES = (b"content-security-policy", b"x-frame-options")
# A page made to stand in a frame of another site brings its own policy (`rendering.FRAMED`).
ON_FRAMED_ANSWERS = [header for header in ON_EVERY_ANSWER if header[0] not in _OF_FRAMES]


class Tags:
    """Makes the tags of answers: hashes with a key, since settings and attached texts may differ after a restart."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(8)

    def of_question(self, generation: bytes, query: bytes, accept: bytes, path: bytes) -> bytes:
        """The tag of what the graph of a generation answers."""
        return self.of_bytes(b"\0".join((generation, query, accept, path)))  # the path alone may hold any character

    def of_bytes(self, content: bytes) -> bytes:
        """The tag of an answer itself."""
        return b'W/"%b"' % hashlib.blake2b(content, digest_size=12, key=self._key).hexdigest().encode()


class _HeadAnswered(Exception):  # noqa: N818 - not an error: it ends the work of a stream nobody will read
    pass


class Envelope:
    """Gives each request an id and its time, and each answer the headers that all answers carry; answers OPTIONS at
    once, and HEAD like GET without the body; turns an error nobody foresaw into a problem.

    The generation and the ETag of every answer are set here, and 304 where the client already holds it. What the graph
    answers depends on the generation, the address and the Accept header, so the tag is made of these and a match is
    answered before any work is done. It is weak: a path search tells how long it took. An answer that depends on the
    clock or on chance says `no-store`; its tag is of its bytes and is never matched.

    All this is one pass over the request's headers and one over the answer's, for it is done for every answer.
    """

    def __init__(self, app: ASGIApp, telemetry: Telemetry, tags: Tags) -> None:
        self.app = app
        self.telemetry = telemetry
        self.tags = tags

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        inner = {**scope, "method": "GET", "bodiless": method == "HEAD"} if method in ("HEAD", "OPTIONS") else scope
        answer = _Answer(inner, send, self.tags, bodiless=method == "HEAD")
        try:
            if method == "OPTIONS" and (methods := ", ".join(errors.allowed(Request(inner)))):
                headers = {"Allow": methods, "Access-Control-Allow-Methods": methods, **PREFLIGHT}
                await Response(status_code=204, headers=headers)(inner, receive, answer.of_no_question())
            elif answer.is_held():
                await Response(status_code=304, headers={"Cache-Control": "no-cache"})(inner, receive, answer)
            else:
                await self.app(inner, receive, answer)
        except _HeadAnswered:
            pass
        except Exception:
            log.exception("request %s failed: %s %s", answer.request_id, method, quote(scope["path"]))
            if answer.begun:
                raise  # the connection is cut, so that half an answer is never taken for a whole one
            await errors.crash(Request(inner))(inner, receive, answer.of_no_question())
        finally:
            self.telemetry.record(inner, method, answer.status, time.perf_counter() - began)


class _Answer:
    """Where the parts of one answer are sent to: completes the headers and hands them on."""

    def __init__(self, scope: Scope, send: Send, tags: Tags, *, bodiless: bool) -> None:
        given: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _READ:
                given[name] = given[name] + b"," + value if name in given else value
        wished = given.get(b"x-request-id", b"")
        self.request_id = wished.decode() if REQUEST_ID.match(wished) else secrets.token_hex(16)
        scope["request_id"] = self.request_id
        self.status = 500
        self.begun = False
        self._send = send
        self._bodiless = bodiless
        self._tags = tags
        self._start: Message | None = None
        self._unsent = False
        self._generation = b"%d" % scope["app"].state.graph.generation
        path: str = scope["path"]
        self._by_question = scope["method"] == "GET" and path.removeprefix(scope.get("root_path", "")) not in _LIVE
        self._outside = False
        asked = (self._generation, scope["query_string"], given.get(b"accept", b""), path.encode(errors="replace"))
        self._tag = tags.of_question(*asked) if self._by_question else b""
        held = given.get(b"if-none-match", b"")
        self._held = [text.strip().removeprefix(b"W/") for text in held.split(b",")] if held else []

    def is_held(self) -> bool:
        """Whether the client has said that it holds this answer."""
        return self._by_question and self._tag.removeprefix(b"W/") in self._held

    def of_no_question(self) -> _Answer:
        """This answer where it does not come from the graph: its tag is the request's id, and nothing is begun."""
        self._outside, self._start = True, None
        return self

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message  # kept back: its tag may be of the body
            return
        start = self._start
        if start is not None:
            self._start = None
            self._complete(start, message)
            self.begun, self.status = True, start["status"]
            await self._send(start)
        if self._bodiless:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            if message.get("more_body"):
                raise _HeadAnswered
        else:
            await self._send({**message, "body": b""} if self._unsent else message)

    def _complete(self, start: Message, first: Message) -> None:
        headers: dict[bytes, bytes] = dict(start["headers"])  # no header stands twice in an answer here
        if self._outside:
            headers.setdefault(b"etag", b'W/"%b"' % self.request_id.encode())
        else:
            kept = headers.setdefault(b"cache-control", b"no-cache" if self._by_question else b"no-store")
            lasting = self._by_question and start["status"] < 400 and kept != b"no-store"
            if b"etag" not in headers:
                headers[b"etag"] = self._tag if lasting else self._tags.of_bytes(first["body"])
            if lasting and start["status"] == 200 and b"*" in self._held:
                self._unsent, start["status"] = True, 304
                headers.pop(b"content-length", None)
                headers.pop(b"content-type", None)
        headers.setdefault(b"x-kgraph-generation", self._generation)
        headers[b"x-request-id"] = self.request_id.encode()
        headers[b"vary"] = b"%b, Accept" % headers[b"vary"] if b"vary" in headers else b"Accept"
        everywhere = ON_EVERY_ANSWER if b"content-security-policy" not in headers else ON_FRAMED_ANSWERS
        start["headers"] = [*headers.items(), *everywhere]


class BodyLimit:
    """Reads a body up to a number of bytes, counting while it arrives; more is refused, as is a packed body.

    Who may not write is told so before the body is read: only who may can send the long ones.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = Request(scope)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if needed := authorization.needed(scope["method"], path):
            try:
                authorization.authorize(request, needed)
            except KGraphError as error:
                await errors.refusal(request, error)(scope, receive, send)
                return
        name = "max_upload" if needed and path != "/update" else "max_body"
        most: int = getattr(self.settings, name)
        if headers.get("content-encoding", "identity") != "identity":
            packed = UnsupportedMediaTypeError(f"Content-Encoding {headers['content-encoding']}", ["a body as it is"])
            await errors.refusal(request, packed)(scope, receive, send)
            return
        length = headers.get("content-length", "")
        announced = int(length) if length.isdecimal() and len(length) < 20 else 0
        body = b"" if announced > most else await self._read(receive, most)
        if body is None:
            return  # the client has left
        if max(len(body), announced) > most:
            await errors.refusal(request, errors.BodyTooLargeError(name, f"{most} bytes"))(scope, receive, send)
            return
        sent = False

        async def whole() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, whole, send)

    async def _read(self, receive: Receive, most: int) -> bytes | None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += message.get("body", b"")
            if len(body) > most or not message.get("more_body"):
                return bytes(body)
