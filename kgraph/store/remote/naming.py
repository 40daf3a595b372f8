"""The names a remote store has for itself on a server that others may use too.

`urn:kgraph:store` is its own graph: generation, mark, which graphs are its, what the server does to terms.
`urn:kgraph:store:default` is the default graph: a server may have none, or take it for the union of all.
`urn:kgraph:store:exact:…` has, beside a graph, the terms in it that the server does not give back as they were.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote

from kgraph.rdf import BlankNode, DefaultGraph, NamedNode
from kgraph.store.base import GraphName

OWN: Final = "urn:kgraph:store"
DEFAULT: Final = f"{OWN}:default"
NOTHING: Final = f"{OWN}:nothing"
"""A graph that is never there."""
_EXACT: Final = f"{OWN}:exact:"
STATE: Final = f"{OWN}#state"
GRAPH: Final = f"{OWN}#graph"
TERMS: Final = f"{OWN}#terms"


def iri_of(graph: GraphName) -> str:
    """The graph of the server in which a graph of the store lies. Raises TypeError for a blank node."""
    if isinstance(graph, BlankNode):
        raise TypeError(f"{graph} is a blank node: no other server knows it")
    return DEFAULT if isinstance(graph, DefaultGraph) else graph.value


def exact_of(iri: str) -> str:
    """The graph beside a graph of the server."""
    return _EXACT + quote(iri, safe="")


def graph_of(iri: str) -> tuple[NamedNode | DefaultGraph, bool]:
    """The graph of the store that a graph of the server belongs to, and whether it is the one beside it."""
    exact = iri.startswith(_EXACT)
    if exact:
        iri = unquote(iri[len(_EXACT) :])
    return (DefaultGraph() if iri == DEFAULT else NamedNode(iri)), exact
