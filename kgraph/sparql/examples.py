"""Example queries, as `ontology/queries/examples.ttl` has them: one source for descriptions, pages, docs and tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kgraph import formats, rdf, resources
from kgraph.namespaces import DEFAULT_BASE, Namespaces
from kgraph.rdf import Literal, NamedNode, Quad

_FILE = "examples.ttl"
_FORMS = ("select", "construct", "ask", "describe")


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A query that finds something in the shipped graph. `comment` says what it shows."""

    iri: str
    label: str
    comment: str
    query: str


def examples(namespaces: Namespaces) -> tuple[ExampleQuery, ...]:
    """The examples in the order of the file, in the names of a base IRI."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in _quads(namespaces.base):
        said[getattr(quad.subject, "value", "")][_local(quad)] = getattr(quad.object, "value", "")
    return tuple(
        ExampleQuery(iri, about["label"], about["comment"], next(about[form] for form in _FORMS if form in about))
        for iri, about in said.items()
    )


def described(namespaces: Namespaces, endpoint: str) -> Sequence[Quad]:
    """The examples in RDF, each with the address it can be sent to (`schema:target`)."""
    target, quads = NamedNode(namespaces.expand("schema:target")), _quads(namespaces.base)
    subjects = dict.fromkeys(quad.subject for quad in quads)
    return (*quads, *(Quad(subject, target, NamedNode(endpoint)) for subject in subjects))


@cache
def _quads(base: str) -> tuple[Quad, ...]:
    data = (resources.ontology() / "queries" / _FILE).read_bytes()
    quads = rdf.parse(data, formats.TURTLE, file=_FILE)
    return tuple(_moved(quad, base) if _local(quad) in _FORMS else quad for quad in quads)


def _moved(quad: Quad, base: str) -> Quad:
    """The same query where data have another base: the terms of the ontology stay where they are."""
    text = getattr(quad.object, "value", "")
    for place in ("id/", "graph/"):
        text = text.replace(f"<{DEFAULT_BASE}{place}", f"<{base}{place}")
    return Quad(quad.subject, quad.predicate, Literal(text))


def _local(quad: Quad) -> str:
    return quad.predicate.value.rpartition("#")[2]
