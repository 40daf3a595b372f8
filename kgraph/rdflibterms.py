"""Quads in the terms of rdflib, for who works with that: a copy as a Dataset, and triple by triple."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kgraph.errors import ParameterError
from kgraph.rdf import UNTYPED, BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term

if TYPE_CHECKING:
    import rdflib

    RdflibTerm = rdflib.URIRef | rdflib.BNode | rdflib.Literal


def to_rdflib(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> rdflib.Dataset:
    """The quads as an rdflib Dataset whose default graph is the union of all; literals keep their lexical form.

    Raises ParameterError for a triple term or a literal with a base direction: rdflib has neither.
    """
    import rdflib  # slow to import and only wanted here

    class UnionDataset(rdflib.Dataset):
        """Without the warning that rdflib 7.6 gives about its own methods whenever the default graph is the union."""

        @property  # type: ignore[misc]  # nobody sets it
        def default_context(self) -> Any:
            return self.default_graph

    dataset = UnionDataset(default_union=True)
    for prefix, namespace in prefixes.items():
        dataset.bind(prefix, namespace, replace=True)

    graphs: dict[NamedNode | BlankNode | DefaultGraph, rdflib.Graph] = {}
    for quad in quads:
        name = quad.graph_name
        if name not in graphs:
            default = isinstance(name, DefaultGraph)
            graphs[name] = dataset.default_graph if default else dataset.graph(_term(name))
        graphs[name].add(triple(quad))
    return dataset


def triple(quad: Quad) -> tuple[RdflibTerm, RdflibTerm, RdflibTerm]:
    """The triple of a quad in rdflib's terms; literals keep their lexical form. Raises as `to_rdflib` does."""
    return _term(quad.subject), _term(quad.predicate), _term(quad.object)


def _term(term: Term | DefaultGraph) -> RdflibTerm:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal) and term.direction is None:
        datatype = None if term.language or term.datatype.value in UNTYPED else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    raise ParameterError("term", str(term), "rdflib has no term for it (RDF 1.2)")
