"""The server over HTTP for those who have its key: other requests are refused before the protocol reads them."""

from __future__ import annotations

import hashlib
import hmac

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SHORTEST = 16
"""Characters a key must have, so that it is not guessed."""


class Keyed:
    """An application that asks each request for `Authorization: Bearer KEY`; 401 without it."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app, self._hash = app, _hash(key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._allows(Headers(scope=scope).get("authorization", "")):
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse(
            {"title": "A key is needed", "status": 401, "detail": "send the key: `Authorization: Bearer KEY`"},
            401,
            {"WWW-Authenticate": 'Bearer realm="kgraph"'},
            "application/problem+json",
        )
        await refusal(scope, receive, send)

    def _allows(self, header: str) -> bool:
        scheme, _, given = header.partition(" ")
        return hmac.compare_digest(self._hash, _hash(given.strip())) and scheme.lower() == "bearer"


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
