"""One line of the log for each answer, as pure ASGI: who asked what kind of question, and what became of it.

Nothing that a stranger wrote is in it but the method and the request's id, which are plain and short; with
`KGRAPH_LOG_QUERIES` also the beginning of the query string. A key is named by its id.
"""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgraph.settings import Settings

from .authorization import key_of
from .client import Clients

log = logging.getLogger("kgraph_api.access")
_TOLD = (b"x-request-id", b"x-kgraph-generation")
_MOST = 1000


class AccessLog:
    """Answers of 500 and above are warnings, all others information; what nobody wants to read costs nothing."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._clients = Clients(settings.proxies)
        self._queries = settings.log_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not log.isEnabledFor(logging.WARNING):
            await self.app(scope, receive, send)
            return
        began, start, sent = time.perf_counter(), dict[str, object](), 0
        headers: dict[bytes, bytes] = {}

        async def noted(message: Message) -> None:
            nonlocal sent
            if message["type"] == "http.response.start":
                start.update(status=message["status"])
                headers.update(message["headers"])
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            status = start.get("status", 499)  # the client has left, or the connection was cut
            level = logging.WARNING if isinstance(status, int) and status >= 500 else logging.INFO
            if log.isEnabledFor(level):
                request, generation = (headers.get(name, b"").decode("latin-1") for name in _TOLD)
                fields = {
                    "request": request,
                    "method": scope["method"][:20],
                    "route": getattr(scope.get("route"), "path", "other"),
                    "status": status,
                    "ms": round((time.perf_counter() - began) * 1000, 2),
                    "bytes": sent,
                    "client": str(self._clients.address(scope) or ""),
                    "generation": generation,
                    "key": key_of(scope),
                }
                if self._queries:
                    fields["query"] = scope["query_string"][:_MOST].decode("latin-1")
                words = f"{fields['method']} {fields['route']} {status} in {fields['ms']} ms, request {request}"
                log.log(level, words, extra={"fields": fields})
