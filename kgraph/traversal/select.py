"""Which claims a part of the graph is made of, for export."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kgraph.model import Lens, NeighbourhoodQuestion
from kgraph.traversal.around import around
from kgraph.traversal.lens import compile_lens
from kgraph.traversal.records import Catalogue
from kgraph.traversal.walk import Budget

_WHOLE = 2**31 - 1


def select(catalogue: Catalogue, lens: Lens, centre: str | None = None, hops: int = 1) -> frozenset[str]:
    """IRIs of the claims seen through a lens: all of them, or those of the neighbourhood of `centre`.

    A neighbourhood also takes the claims that relate its nodes (those it walks on from) to codes and documents.
    """
    seen, stated = compile_lens(catalogue, lens), catalogue.stated
    if centre is None:
        return _iris(catalogue, seen.stated.claims(np.arange(len(stated), dtype=np.int32)).tolist())
    met = around(seen, NeighbourhoodQuestion(centre, hops, lens=lens), Budget(_WHOLE, _WHOLE))
    claims: set[int] = set()
    for number in met.steps.tolist():
        step = seen.view.step(number)
        # That an article states something is no claim of its own.
        claims.update(catalogue.claims.number(c.iri) for c in seen.claims(step) if c.predicate == step.predicate)
    nodes = met.nodes[(met.distances < hops) & (met.nodes < catalogue.columns.nodes)]
    beside = [
        numbers(node) for node in nodes.tolist() for numbers in (stated.outgoing_numbers, stated.incoming_numbers)
    ]
    if beside:
        steps = np.unique(np.concatenate(beside))
        layers = np.array([combo.layer in ("codes", "documents") for combo in stated.combos] or [False])
        steps = steps[layers[stated.table.records[stated.table.starts[steps], 0]]]
        claims.update(seen.stated.claims(steps).tolist())
    return _iris(catalogue, claims)


def _iris(catalogue: Catalogue, claims: Iterable[int]) -> frozenset[str]:
    space = catalogue.namespaces.id
    return frozenset(catalogue.columns.claim_iri(claim, space) for claim in claims)
