"""A running service asked on an event loop: `HttpGraph` for one who awaits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx2

from kgraph import formats
from kgraph.client.http import (
    Answer,
    Document,
    accept,
    address,
    connection,
    parameters,
    pause,
    read_json,
    refusal,
    silence,
    taken,
)

NAMES: dict[str, tuple[str, ...]] = {
    "search": ("q",),
    "entity": ("id",),
    "neighbourhood": ("entity",),
    "paths": ("source", "target"),
    "connect": ("entity",),
    "compare": ("entity",),
    "timeline": ("entity",),
    "claim": ("id",),
    "sources": (),
}
"""The parameters that a verb's names are, in their order."""


class AsyncHttpGraph:
    """The verbs of a service at `url`. Raises as `HttpGraph` does."""

    def __init__(self, url: str, key: str | None, *, timeout: float, retries: int) -> None:
        self.url = address(url)
        self._retries = retries
        self._http = httpx2.AsyncClient(**connection(self.url, key, timeout))

    async def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        """The JSON answer of a verb."""
        asked = {**dict(zip(NAMES[verb], names, strict=True)), **options}
        headers = {"Accept": "application/json"}
        response = await self._answered("GET", f"/{verb}", params=parameters(asked), headers=headers)
        return read_json(self.url, f"/{verb}", response)

    async def sparql(self, query: str, format: str) -> Document:
        """The answer of a SPARQL query."""
        response = await self._answered("POST", "/sparql", data={"query": query}, headers={"Accept": accept(format)})
        return Document(response.headers.get("content-type", ""), response.content)

    async def export(self, format: str, options: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """The graph as a file, in pieces."""
        chosen = formats.named(format, formats.EXPORT)
        asked = parameters({"format": chosen.name, **options})
        try:
            async with self._http.stream("GET", "/export", params=asked) as response:
                if response.is_error:
                    await response.aread()
                    raise refusal(response)
                async for piece in response.aiter_bytes():
                    yield piece
        except httpx2.HTTPError as error:
            raise silence(self.url, error) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _answered(self, method: str, path: str, **how: Any) -> httpx2.Response:
        for attempt in range(self._retries + 1):
            response: httpx2.Response | httpx2.HTTPError
            try:
                response = await self._http.request(method, path, **how)
            except httpx2.HTTPError as error:
                response = error
            wait = pause(response, attempt)
            if wait is None or attempt == self._retries:
                break
            await asyncio.sleep(wait)
        return taken(self.url, response)
