"""The short way of plain queries: from the request to a child and back, with nothing between.

uvicorn reads HTTP, as always. A GET of `/sparql` with nothing but a short plain query is put before a child at once,
and the answer is written in one piece: the same status, headers and body as by the routes, for half of the time.
Whatever is not so plain goes through the routes, and so does every answer that is not a 200: the query is not evaluated
again for it, the route finds it begun (`route.BEGUN`).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

from starlette.datastructures import State
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from kgraph import KnowledgeGraph
from kgraph.errors import KGraphError, QuerySyntaxError
from kgraph.model import SparqlBegun

from .accesslog import log
from .budgeting import is_free
from .middleware import ON_EVERY_ANSWER, REQUEST_ID
from .route import BEGUN
from .routers.sparql import VOLATILE, preferred

if TYPE_CHECKING:
    from uvicorn._types import HTTPScope

PATH = b"/sparql"
_ADDRESS = PATH + b"?query="
_LONGEST = 4_000
# With one of these headers a request is not plain: there is a body, a condition, or more than a request.
_NOT_PLAIN = {
    b"authorization",
    b"content-encoding",
    b"content-length",
    b"expect",
    b"if-none-match",
    b"transfer-encoding",
    b"upgrade",
}
_HEAD = b"".join(
    b"%b: %b\r\n" % header for header in ((b"cache-control", b"no-cache"), (b"vary", b"Accept"), *ON_EVERY_ANSWER)
)


class _NoEvent:
    def set(self) -> None:
        """Nobody waits for the body of a request that has none."""


class _Cycle:
    """One request under way, as far as uvicorn's protocol looks at it, and what its answer needs."""

    message_event = _NoEvent()

    def __init__(
        self, scope: Any, url: bytes, pending: SparqlBegun, generation: int, tag: bytes, request_id: bytes
    ) -> None:
        self.scope = scope
        self.url = url
        self.pending = pending
        self.generation = generation
        self.tag = tag
        self.request_id = request_id
        self.began = time.perf_counter()
        self.body = bytearray()
        self.more_body = False
        self.keep_alive = True
        self.disconnected = False
        self.response_complete = False


class ShortWay(HttpToolsProtocol):
    """uvicorn's protocol with the short way. Made for each connection."""

    def __init__(self, config: Config, *arguments: Any, **keywords: Any) -> None:
        super().__init__(config, *arguments, **keywords)
        self._state: State = config.app.state  # type: ignore[union-attr]
        self._free = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there: whether it has to be counted holds for as long as it stays."""
        super().connection_made(transport)
        self._free = self.client is not None and is_free(self._state.settings, self.client[0])

    def on_headers_complete(self) -> None:
        """A request's head is there: take the short way if it is open."""
        free = self.cycle is None or self.cycle.response_complete
        if not (free and self.url.startswith(_ADDRESS) and self._takes_it()):
            super().on_headers_complete()

    def _takes_it(self) -> bool:
        parser, encoded = self.parser, self.url[len(_ADDRESS) :]
        if len(encoded) > _LONGEST or b"&" in encoded or b"#" in encoded or not encoded.isascii():
            return False
        if parser.get_method() != b"GET" or parser.get_http_version() != "1.1" or not parser.should_keep_alive():
            return False
        state = self._state
        if not self._free or state.stopping.begun or log.isEnabledFor(logging.INFO):
            return False
        if self.flow.write_paused or self.root_path or self.limit_concurrency is not None:
            return False
        accept = request_id = b""
        for name, value in self.headers:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"x-request-id":
                request_id = value
            elif name in _NOT_PLAIN:
                return False
        graph: KnowledgeGraph = state.graph
        try:
            text = unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
            formats = preferred(accept.decode("latin-1") or "*/*", page=True)
            if not formats or VOLATILE.search(text):
                return False
            pending = graph.sparql_begun(text, formats)
        except (UnicodeDecodeError, KGraphError):
            return False  # the route says what is wrong
        if pending is None:
            return False
        generation = graph.generation
        tag = state.tags.of_question(b"%d" % generation, self.url[len(PATH) + 1 :], accept, PATH)
        if not REQUEST_ID.match(request_id):
            request_id = secrets.token_hex(16).encode()
        self.cycle = cycle = _Cycle(self.scope, self.url, pending, generation, tag, request_id)  # type: ignore[assignment]
        state.stopping.running.add(pending.reply)
        pending.reply.add_done_callback(lambda _: self._answer(cycle))
        return True

    def _answer(self, cycle: _Cycle) -> None:
        self._state.stopping.running.discard(cycle.pending.reply)
        if cycle.disconnected or self.transport.is_closing():
            return
        try:
            found = cycle.pending.answer()
        except (QuerySyntaxError, asyncio.CancelledError):  # for want of a base maybe; the service stops, maybe
            self._go_on_through_the_routes(cycle, {})
            return
        except KGraphError:
            self._go_on_through_the_routes(cycle, {BEGUN: cycle.pending})
            return
        if found.generation < cycle.generation:  # its tag would be that of a later answer
            self._go_on_through_the_routes(cycle, {BEGUN: cycle.pending})
            return
        closing = b"" if cycle.keep_alive else b"connection: close\r\n"
        default = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        head = (
            b"HTTP/1.1 200 OK\r\n%bcontent-length: %d\r\ncontent-type: %b\r\nx-kgraph-generation: %d\r\n"
            b"etag: %b\r\nx-request-id: %b\r\n%b%b\r\n"
        ) % (
            default,
            len(found.body),
            found.media_type.encode(),
            found.generation,
            cycle.tag,
            cycle.request_id,
            _HEAD,
            closing,
        )
        self.transport.writelines((head, found.body))
        cycle.response_complete = True
        self._state.telemetry.count("/sparql", "GET", 200, time.perf_counter() - cycle.began)
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _go_on_through_the_routes(self, begun: _Cycle, more: dict[str, Any]) -> None:
        """As uvicorn would have begun, with more in the scope."""
        told = {"method": "GET", "path": PATH.decode(), "raw_path": PATH, "query_string": begun.url[len(PATH) + 1 :]}
        cycle = RequestResponseCycle(
            scope=cast("HTTPScope", begun.scope | told | more),
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=self.access_log,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=begun.keep_alive,
            on_response=self.on_response_complete,
        )
        cycle.more_body = False
        if cast("object", self.cycle) is begun:  # else another request stands behind it already
            self.cycle = cycle
        self._start_asgi_task(cycle, self.app)
