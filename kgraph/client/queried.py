"""What a SPARQL query answered: rows of terms, a truth, or triples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from kgraph import formats
from kgraph.client import columns, drawing, network
from kgraph.client.drawing import Drawing
from kgraph.client.result import Result
from kgraph.client.rows import Ref
from kgraph.client.setting import Setting
from kgraph.client.showing import Shown
from kgraph.client.terms import Term, read

if TYPE_CHECKING:
    import networkx
    import rdflib


class Rows(Result):
    """The rows of a SELECT, the truth of an ASK (`bool`), or the triples of a CONSTRUCT or DESCRIBE."""

    def __init__(self, setting: Setting, body: bytes, media_type: str) -> None:
        super().__init__(setting)
        self._body, self._is_graph = body, media_type.startswith(formats.NTRIPLES.media_type)
        self._truth = {b"true": True, b"false": False}.get(body[:9].strip()) if not self._is_graph else None

    @cached_property
    def _table(self) -> Any:
        import pyarrow as pa

        if self._truth is not None:
            return pa.table({"answer": [str(self._truth).lower()]})
        if not self._is_graph:
            return columns.read(self._body)
        from kgraph import rdf

        quads = list(rdf.parse(self._body, formats.NTRIPLES, file="answer"))
        parts = {name: [str(getattr(quad, name)) for quad in quads] for name in ("subject", "predicate", "object")}
        return pa.table({name: pa.array(written, pa.string()) for name, written in parts.items()})

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._table.column_names)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __bool__(self) -> bool:
        """The truth of an ASK; else whether there are rows."""
        return len(self) > 0 if self._truth is None else self._truth

    def terms(self) -> Iterator[tuple[Term | None, ...]]:
        """The rows as whole terms, with datatypes and languages; None where unbound.

        >>> from kgraph.client import Client
        >>> next(Client("graph.ttl").sparql("SELECT ?label { id:ioc skos:prefLabel ?label }").terms())[0].language
        'en'
        """
        for batch in self._table.to_batches(max_chunksize=1024):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield tuple(None if written is None else read(written) for written in row)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self.terms():
            yield dict(zip(self.columns, (term and term.value for term in row), strict=True))

    def _arrow(self) -> dict[str, Any]:
        return {name: columns.typed(self._table[name]) for name in self.columns}

    def _shown(self, most: int) -> tuple[Sequence[str], list[Shown]]:
        some = list(islice(self.terms(), most))
        iris = [term.text for row in some for term in row if term and term.kind == "iri"]
        labels = self._setting.labels(iris)
        return self.columns, [
            ({name: self._cell(term, labels) for name, term in zip(self.columns, row, strict=True) if term}, ())
            for row in some
        ]

    def _cell(self, term: Term, labels: Mapping[str, str]) -> Ref | str:
        if term.kind == "iri":
            return Ref(labels[term.text], self._setting.namespaces.compress(term.text), term.text)
        return f"_:{term.text}" if term.kind == "blank" else term.text

    def _drawing(self) -> Drawing:
        plain = drawing.of_terms(self.columns, self.terms(), self._setting.namespaces)
        things = [node["iri"] for node in plain.nodes.values() if node["iri"]]
        relations = {name: self._setting.namespaces.expand(name) for _, name, _ in plain.edges}
        labels = self._setting.labels([*things, *relations.values()])
        return plain.named(labels, self._setting.asking.types(things), relations)

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        return network.of_terms(self.columns, self.terms())

    def to_rdflib(self) -> rdflib.Graph:
        import rdflib

        from kgraph.errors import ParameterError

        if len(self.columns) != 3:
            reason = "give three columns (subject, predicate, object), or ask with CONSTRUCT"
            raise ParameterError("to_rdflib", ", ".join(self.columns), reason)
        graph = rdflib.Graph()
        for prefix, space in self._setting.namespaces.prefixes.items():
            graph.bind(prefix, space)
        for row in self.terms():
            if None not in row:
                graph.add(tuple(network.rdflib_term(term) for term in row if term))
        return graph
