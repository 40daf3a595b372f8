"""Two generations side by side: the quads and the claims that one has and the other has not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kgraph import traversal
from kgraph.generations import View
from kgraph.model import Claim, Difference, GraphChange
from kgraph.namespaces import Namespaces
from kgraph.rdf import DefaultGraph, NamedNode, Quad
from kgraph.store.difference import difference
from kgraph.store.journal import Journal


def differ(journal: Journal, old: View, new: View, namespaces: Namespaces) -> Difference:
    """What `new` has and `old` has not, and the other way round. Raises LimitError, DamagedError."""
    added, removed = difference(journal, old.generation, new.generation)
    return Difference(
        before=old.generation,
        after=new.generation,
        graphs=tuple(_by_graph(added, removed, namespaces)),
        claims_added=tuple(_claims(added, new, namespaces)),
        claims_removed=tuple(_claims(removed, old, namespaces)),
    )


def _by_graph(added: Iterable[Quad], removed: Iterable[Quad], namespaces: Namespaces) -> Iterator[GraphChange]:
    lines: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for at, quads in enumerate((added, removed)):
        for quad in quads:
            name = quad.graph_name
            shown = "" if isinstance(name, DefaultGraph) else namespaces.compress(name.value)
            lines[shown][at].append(f"{quad} .")
    for graph in sorted(lines):
        yield GraphChange(graph, *(tuple(sorted(several)) for several in lines[graph]))


def _claims(quads: Iterable[Quad], view: View, namespaces: Namespaces) -> Iterator[Claim]:
    """The claims that came, or went, with some quads, by IRI."""
    type_, claim = (NamedNode(namespaces.expand(name)) for name in ("rdf:type", "kg:Claim"))
    found = (quad.subject.value for quad in quads if (quad.predicate, quad.object) == (type_, claim))  # type: ignore[union-attr]
    for iri in sorted(found):
        if iri in view.catalogue.claims:
            yield traversal.claim(view.catalogue, iri)
