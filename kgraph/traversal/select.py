"""Which claims a part of the graph is made of, for export."""

from __future__ import annotations

from kgraph.model import Lens, NeighbourhoodQuestion
from kgraph.traversal.lens import compile_lens
from kgraph.traversal.neighbourhood import walk
from kgraph.traversal.records import Catalogue


def select(catalogue: Catalogue, lens: Lens, centre: str | None = None, hops: int = 1) -> frozenset[str]:
    """IRIs of the claims seen through a lens: all of them, or those of the neighbourhood of `centre`.

    A neighbourhood also takes the claims that relate its nodes (those it walks on from) to codes and documents.
    """
    seen = compile_lens(catalogue, lens)
    if centre is None:
        stating = (s for s in catalogue.stated if any(c.predicate == s.predicate for c in s.claims))
        return frozenset(c.iri for step in stating for c in seen.claims(step))
    distances, reached = walk(seen, NeighbourhoodQuestion(centre, hops, lens=lens))
    steps = {r.step.index: r.step for r in reached}
    for iri, distance in distances.items():
        if distance < hops:
            beside = (*catalogue.stated.outgoing(iri), *catalogue.stated.incoming(iri))
            steps |= {s.index: s for s in beside if s.layer in ("codes", "documents")}
    stating = (s for s in steps.values() if any(c.predicate == s.predicate for c in s.claims))
    return frozenset(c.iri for step in stating for c in seen.claims(step))
