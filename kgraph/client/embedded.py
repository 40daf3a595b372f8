"""A graph on this machine, asked as a service is: a data folder, a seed folder, or a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from kgraph.client.http import Answer, Document
from kgraph.errors import ParameterError

if TYPE_CHECKING:
    from kgraph.graph import KnowledgeGraph


class Embedded:
    """The verbs of a graph that is opened here. Raises what `kgraph.open` and `kgraph.read` raise."""

    def __init__(self, place: Path) -> None:
        self._graph = _opened(place)

    def ask(self, verb: str, names: Sequence[Any], options: Mapping[str, Any]) -> Answer:
        """The JSON answer of a verb, as the service gives it."""
        given = {name: value for name, value in options.items() if value is not None}
        answer: Answer = orjson.loads(orjson.dumps(getattr(self._graph, verb)(*names, **given)))
        return answer

    def sparql(self, query: str, format: str) -> Document:
        """The answer of a SPARQL query."""
        answer = self._graph.sparql(query, format=format)
        return Document(answer.media_type, answer.body)

    def export(self, format: str, options: Mapping[str, Any]) -> Iterator[bytes]:
        """The graph as a file, in pieces."""
        return self._graph.export(format, **options)

    def description(self) -> bytes:
        """The service description, as N-Triples."""
        return self._graph.service_description("ntriples")

    def close(self) -> None:
        """Give the folder back."""
        self._graph.close()


def _opened(place: Path) -> KnowledgeGraph:
    from kgraph.graph import KnowledgeGraph

    if not place.exists():
        raise ParameterError("where", place, "there is no such file or folder; an address begins with http://")
    if (place / "journal").exists():
        return KnowledgeGraph.open(place, holder="kgraph.client")
    return KnowledgeGraph.read(place)
