"""What can be asked of a graph in SPARQL, and what it tells of itself to those who do."""

from __future__ import annotations

import asyncio

from kgraph import export
from kgraph.model import SparqlAnswer, SparqlBegun, SparqlLoad
from kgraph.question import Names, listed
from kgraph.sparql.examples import ExampleQuery, examples
from kgraph.sparql.service import Aside, SparqlService
from kgraph.verbs import Verbs


class Querying(Verbs):
    """SPARQL, in the calling thread or on an event loop."""

    _sparql: SparqlService

    def sparql(
        self,
        query: str,
        *,
        format: str | None = None,
        default_graph_uri: Names = (),
        named_graph_uri: Names = (),
        timeout: float | None = None,
        base: str | None = None,
    ) -> SparqlAnswer:
        """The answer of a SPARQL 1.1 query as bytes. Updates, SERVICE and LOAD are refused, but `SERVICE kg:path` is
        a path search, answered here.

        `timeout` is in seconds; the setting is the longest. `base` resolves relative IRIs. Raises QuerySyntaxError,
        QueryRefusedError, UnknownFunctionError, LimitError.
        """
        return self._sparql.query(
            query,
            format=format,
            default_graph_uri=listed(default_graph_uri),
            named_graph_uri=listed(named_graph_uri),
            timeout=timeout,
            base=base,
        )

    def sparql_begun(self, query: str, format: str) -> SparqlBegun | None:
        """A plain short query, begun at once on the event loop of `bind`; None where it is to be asked otherwise."""
        return self._sparql.begin(query, format)

    @property
    def sparql_load(self) -> SparqlLoad:
        """What the processes that evaluate SPARQL are at, for those who watch a service."""
        return self._sparql.load

    async def bind(self) -> None:
        """Look after the processes that evaluate SPARQL on the running event loop, as a service does."""
        await self._sparql.bind()

    async def sparql_async(
        self,
        query: str,
        *,
        format: str | None = None,
        default_graph_uri: Names = (),
        named_graph_uri: Names = (),
        timeout: float | None = None,
        base: str | None = None,
        aside: Aside = asyncio.to_thread,
    ) -> SparqlAnswer:
        """As `sparql`, awaited: a service asks in its event loop, without a thread but for path searches (`aside`)."""
        return await self._sparql.answer(
            query,
            format=format,
            default_graph_uri=listed(default_graph_uri),
            named_graph_uri=listed(named_graph_uri),
            timeout=timeout,
            base=base,
            aside=aside,
        )

    @property
    def example_queries(self) -> tuple[ExampleQuery, ...]:
        """SPARQL queries to begin with; each finds something in the shipped graph."""
        return examples(self.namespaces)

    def service_description(self, format: str = "turtle", *, endpoint: str = "", writable: bool = False) -> bytes:
        """What the SPARQL service can do, its limits, and example queries."""
        return export.document(self._sparql.describe(endpoint, writable=writable), format, self.namespaces)

    def void(self, format: str = "turtle", *, endpoint: str = "") -> bytes:
        """What the graph holds, in VoID: counts, class and property partitions, and example queries."""
        with self._generations.quads(self.generation) as quads:
            described = self._sparql.void(quads, endpoint)
        return export.document(described, format, self.namespaces)
