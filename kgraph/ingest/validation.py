"""What was written is held against the shapes (pyshacl, SHACL Core) and the invariants (queries), before it counts.

pyshacl is the reference and slow: it is given what a change touches, never a whole graph.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph import formats, rdf, rdflibterms
from kgraph.errors import DamagedError
from kgraph.namespaces import DEFAULT_BASE, Namespaces
from kgraph.places import Place, Violation
from kgraph.rdf import Literal, NamedNode, Quad, Triple
from kgraph.schema import Schema
from kgraph.store.base import Delta, QuadStore
from kgraph.store.oxigraph import OxigraphStore

if TYPE_CHECKING:
    import rdflib

_SH = "http://www.w3.org/ns/shacl#"
_ONE_AT_A_TIME = threading.Lock()
"""pyshacl completes the graph of the shapes, which all validations share."""


@dataclass(frozen=True)
class Judge:
    """Checks graphs against the shapes and invariants of a schema. `places` tells where a node was written."""

    namespaces: Namespaces
    schema: Schema
    places: Mapping[str, Place]

    def validate(self, quads: Collection[Quad], focus: Collection[NamedNode]) -> list[Violation]:
        """The violations of the nodes in focus, sorted. `quads` holds them, and what they speak of, in their graphs;
        the ontology is added here."""
        if not focus:
            return []
        names = {node.value for node in focus}
        found = {*self._shapes(quads, names), *self.broken_invariants(quads, names)}
        return sorted(found, key=self._order)

    def _order(self, violation: Violation) -> tuple[str, int, str, str, str, str]:
        """By file and line where known."""
        place = self.places.get(self.namespaces.expand(violation.focus_node))
        where = (place.file, place.line or 0) if place else ("", 0)
        return *where, violation.focus_node, violation.path or "", violation.value or "", violation.message

    # -------------------------------------------------------------- shapes

    def _shapes(self, quads: Iterable[Quad], focus: Collection[str]) -> list[Violation]:
        import pyshacl  # half a second of imports, wanted only where something is loaded

        # Literals of the ontology (labels, definitions) play no part in a shape, and are two thirds of it.
        terms = (quad for quad in self.schema.quads if not isinstance(quad.object, Literal))
        data = _graph([*quads, *terms])
        shapes = _shapes_graph(self.schema.shapes())
        try:
            with _ONE_AT_A_TIME:
                _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
        except (pyshacl.errors.ReportableRuntimeError, RuntimeError) as error:
            raise DamagedError(f"the shapes of the ontology cannot be applied: {error}") from error
        results = (self._violation(report, result) for result in report.objects(None, _sh("result")))
        return [violation for iri, violation in results if iri in focus]

    def _violation(self, report: rdflib.Graph, result: rdflib.term.Node) -> tuple[str, Violation]:
        node, path, value, message, severity = (
            report.value(result, _sh(part))
            for part in ("focusNode", "resultPath", "value", "resultMessage", "resultSeverity")
        )
        named_path = path is not None and self.namespaces.is_iri(str(path))  # else a blank node of the shapes
        return str(node), self._row(
            str(node),
            str(path) if named_path else None,
            None if value is None or value == node else self._shown(value),
            str(message) if message else "breaks a shape",
            str(severity).removeprefix(_SH),
        )

    # -------------------------------------------------------------- invariants

    def broken_invariants(self, quads: Iterable[Quad], focus: Collection[str] | None = None) -> list[Violation]:
        """The invariants that quads break, all of them or only those of the nodes in focus."""
        store = OxigraphStore.open(None)
        store.apply(Delta(added=(*dict.fromkeys((*quads, *self.schema.quads)),)), 0)
        try:
            return self.broken_in(store, focus)
        finally:
            store.close()

    def broken_in(self, store: QuadStore, focus: Collection[str] | None = None) -> list[Violation]:
        """The same of a store that holds the ontology too, for graphs too large to be copied."""
        found: list[Violation] = []
        for path in self.schema.invariants():
            query = path.read_text("utf-8")
            message = next((line[7:].strip() for line in query.splitlines() if line.startswith("# says:")), path.stem)
            query = query.replace(f"{DEFAULT_BASE}graph/", self.namespaces.graph(""))
            for row in store.query(query, default_graph_as_union=True):
                node, predicate, value = (row[name] for name in ("node", "path", "value"))
                if focus is None or node.value in focus:
                    found.append(self._row(node.value, predicate.value, self._shown(value.value), message))
        return found

    # -------------------------------------------------------------- rows

    def _row(
        self, node: str, path: str | None, value: str | None, message: str, severity: str = "Violation"
    ) -> Violation:
        place = self.places.get(node)
        compress = self.namespaces.compress
        name = compress(path) if path else None
        return Violation(compress(node), name, value, message, severity, str(place) if place else None)

    def _shown(self, value: object) -> str:
        """A value as a CURIE where it is an IRI of a known namespace."""
        text = str(value)
        return self.namespaces.compress(text) if self.namespaces.is_iri(text) else text


def _sh(name: str) -> rdflib.URIRef:
    import rdflib

    return rdflib.URIRef(_SH + name)


def _graph(quads: Iterable[Quad]) -> rdflib.Graph:
    import rdflib

    graph = rdflib.Graph()
    for triple in dict.fromkeys(quad.triple for quad in quads if _is_rdf11(quad)):
        graph.add(rdflibterms.triple(Quad(*triple)))
    return graph


@lru_cache(maxsize=1)
def _shapes_graph(files: tuple[Path, ...]) -> rdflib.Graph:
    """The shapes, read once a process."""
    quads: list[Quad] = []
    for path in files:
        quads += rdf.parse(path.read_bytes(), formats.TURTLE, file=path.name)
    return _graph(quads)  # with its blank nodes: SHACL reads an IRI in the place of a path as a property


def _is_rdf11(quad: Quad) -> bool:
    """Whether rdflib has terms for it: no triple terms, no base directions. No shape looks at those."""
    value = quad.object
    return not isinstance(value, Triple) and not (isinstance(value, Literal) and value.direction is not None)
