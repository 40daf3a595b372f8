"""The client for one who awaits: the same questions and answers on an event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self, Unpack

from kgraph.client.answer import Answer
from kgraph.client.asking import WANTED
from kgraph.client.asynchttp import AsyncHttpGraph
from kgraph.client.binding import Iri, bind
from kgraph.client.client import Door, Service, is_address, setting_of
from kgraph.client.embedded import Embedded
from kgraph.client.faults import told
from kgraph.client.http import Document, HttpGraph
from kgraph.client.options import (
    CompareOptions,
    ConnectOptions,
    EntityOptions,
    ExportOptions,
    NeighbourhoodOptions,
    PathOptions,
)
from kgraph.client.queried import Rows
from kgraph.client.rows import Json
from kgraph.errors import KGraphError
from kgraph.question import Names


class _Aside:
    """A graph on this machine, asked in threads."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Json:
        return await asyncio.to_thread(self._door.ask, verb, names, options)

    async def sparql(self, query: str, format: str) -> Document:
        return await asyncio.to_thread(self._door.sparql, query, format)

    async def export(self, format: str, options: Mapping[str, Any]) -> AsyncIterator[bytes]:
        pieces = await asyncio.to_thread(self._door.export, format, options)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece

    async def close(self) -> None:
        """Nothing is held beside the door."""


class AsyncClient:
    """As `Client`, awaited. The labels that rows of a query are shown with are fetched before they are given, in one
    request and aside of the event loop; with `labels=False` they are fetched when rows are looked at, which waits.

    >>> import asyncio
    >>> from kgraph.client import AsyncClient
    >>> async def ask() -> str:
    ...     async with AsyncClient("graph.ttl") as client:
    ...         return (await client.entity("ioc"))["label"]
    >>> asyncio.run(ask())
    'International Olympic Committee'
    """

    def __init__(
        self,
        where: str | Path,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 2,
        labels: bool = True,
    ) -> None:
        self.where = str(where)
        self._labels = labels
        self._door: AsyncHttpGraph | _Aside
        self._beside: Door
        if is_address(where):
            self._door = AsyncHttpGraph(str(where), key, timeout=timeout, retries=retries)
            self._beside, address = (
                Service(HttpGraph(str(where), key, timeout=timeout, retries=retries)),
                self._door.url,
            )
        else:
            self._beside, address = Embedded(Path(where)), None
            self._door = _Aside(self._beside)
        self._setting, self._knowledge = setting_of(self._beside, address)

    async def search(self, q: str, *, type: str | None = None, limit: int = 20, cursor: str | None = None) -> Answer:
        """Entities by label, alias or misprint, best first; typos, accents and case are forgiven."""
        return await self._ask("search", (q,), {"type": type, "limit": limit, "cursor": cursor})

    async def entity(self, id: str, **options: Unpack[EntityOptions]) -> Answer:
        """Everything held about one entity; its rows are the claims. Raises EntityNotFoundError."""
        return await self._ask("entity", (id,), options)

    async def neighbourhood(self, entity: str, **options: Unpack[NeighbourhoodOptions]) -> Answer:
        """What stands within `hops` of an entity, an edge a row, each with the claims that state it."""
        return await self._ask("neighbourhood", (entity,), options)

    async def paths(self, source: Names, target: Names, **options: Unpack[PathOptions]) -> Answer:
        """How two entities, or any of several, are connected: `found`, `none_within` (proven) or `stopped`."""
        return await self._ask("paths", (source, target), options)

    async def connect(self, entities: Sequence[str], **options: Unpack[ConnectOptions]) -> Answer:
        """The small subgraph that connects two or more entities."""
        return await self._ask("connect", (list(entities),), options)

    async def compare(self, entity: str, **options: Unpack[CompareOptions]) -> Answer:
        """What stands near an entity (or connects it with `target`) from two sides."""
        return await self._ask("compare", (entity,), options)

    async def timeline(self, entity: str, **options: Unpack[EntityOptions]) -> Answer:
        """The dated claims about an entity in order; `earliest` and `latest` of `df` are dates."""
        return await self._ask("timeline", (entity,), options)

    async def claim(self, id: str) -> Answer:
        """One claim whole: who says it, through whom, where. Raises ClaimNotFoundError."""
        return await self._ask("claim", (id,), {})

    async def sources(self, *, limit: int = 100, cursor: str | None = None) -> Answer:
        """The articles and claim tables, with counts, hashes, and whom they credit."""
        return await self._ask("sources", (), {"limit": limit, "cursor": cursor})

    async def sparql(self, query: str, /, **bindings: object) -> Rows:
        """The answer of a SPARQL query with typed bindings, as `Client.sparql`."""
        with told():
            answer = await self._door.sparql(bind(query, bindings), WANTED)
        rows = Rows(self._setting, answer.body, answer.media_type)
        if self._labels:
            with contextlib.suppress(KGraphError):  # an answer stands without them, and asks again when it is shown
                await asyncio.to_thread(rows.prepare)
        return rows

    async def export(self, format: str = "turtle", **options: Unpack[ExportOptions]) -> AsyncIterator[bytes]:
        """The graph, or a part of it, as a file in pieces."""
        with told():
            async for piece in self._door.export(format, options):
                yield piece

    async def iri(self, name: str) -> Iri:
        """The IRI of a slug, CURIE or IRI, to be bound in a query."""
        return Iri(await asyncio.to_thread(lambda: self._knowledge.namespaces.expand(name)))

    async def limits(self) -> str:
        """The limits of the graph in words."""
        return await asyncio.to_thread(lambda: self._knowledge.limits)

    async def close(self) -> None:
        """Let go of connections, or of the folder."""
        await self._door.close()
        await asyncio.to_thread(self._beside.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"AsyncClient({self.where!r})"

    async def _ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        with told():
            return Answer(self._setting, verb, await self._door.ask(verb, names, options), options)
