"""Claims of a table that contradict each other, or one the graph has: one affirms what the other negates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from kgraph.errors import LimitError
from kgraph.ingest.claimfacts import Facts, Triple
from kgraph.ingest.state import State
from kgraph.rdf import NamedNode
from kgraph.schema import Schema
from kgraph.store.claimtable import Int32

MAX_PAIRS: Final = 10_000_000
"""Most contradictions of a table: a thousand that affirm and a thousand that negate one relation are a million."""


def within(
    ends: npt.NDArray[np.int64], negated: npt.NDArray[np.bool_], modality: Int32, codes: Sequence[str], schema: Schema
) -> Int32:
    """int32[k, 2]: pairs of claims, the smaller first, in order. `ends`: int64[3, claims], subject, predicate, object.

    Raises LimitError for too many.
    """
    nothing = np.empty((0, 2), np.int32)
    if not negated.any() or negated.all():
        return nothing
    _, relation = np.unique(ends, axis=1, return_inverse=True)
    relation = relation.ravel()
    denied = np.flatnonzero(negated)
    denied = denied[np.argsort(relation[denied], kind="stable")]
    affirmed = np.flatnonzero(~negated)
    begin, end = (np.searchsorted(relation[denied], relation[affirmed], side) for side in ("left", "right"))
    count = end - begin
    if count.sum() > MAX_PAIRS:
        raise LimitError(
            "contradictions of a table", f"{MAX_PAIRS:,}", f"{int(count.sum()):,} pairs contradict each other"
        )
    one = np.repeat(affirmed, count)
    other = denied[np.repeat(begin - np.cumsum(count) + count, count) + np.arange(len(one))]
    can = np.array([[schema.can_contradict(a, b) for b in codes] for a in codes], np.bool_)
    real = can[modality[one], modality[other]]
    one, other = one[real], other[real]
    pairs = np.sort(np.stack((one, other), axis=1), axis=1).astype(np.int32)
    return pairs[np.lexsort(pairs.T[::-1])] if len(pairs) else nothing


def with_graph(claims: Sequence[tuple[int, Triple, bool, str]], state: State) -> list[tuple[int, str]]:
    """Claims of a table (number, relation, whether negated, modality) with the IRIs of claims they contradict.

    Only claims whose both ends the graph had need be asked about: all others are new to it.
    """
    expand = state.namespaces.expand
    graph = NamedNode(state.namespaces.graph("claims"))
    facts = Facts(lambda s, p, o: state.store.quads(s, p, o, graph), state.schema)
    current, negated = expand("kgs:current"), expand("kgs:negated")
    affirmed_by: dict[Triple, list[tuple[int, str]]] = defaultdict(list)
    found: list[tuple[int, str]] = []
    for number, triple, is_negated, modality in claims:
        if not is_negated:
            affirmed_by[triple].append((number, modality))
            continue
        for fact in facts.about(triple):
            opposed = fact.status == current and fact.polarity != negated
            if opposed and state.schema.can_contradict(modality, fact.modality):
                found.append((number, fact.claim.value))
    if affirmed_by:  # few claims negate: it is their relations that are looked for in the table
        for quad in state.store.quads(None, NamedNode(expand("kg:polarity")), NamedNode(negated), graph):
            other = facts.of(quad.subject) if isinstance(quad.subject, NamedNode) else None
            if other is not None and other.status == current:
                for number, modality in affirmed_by.get(other.triple, ()):
                    if state.schema.can_contradict(modality, other.modality):
                        found.append((number, other.claim.value))
    return sorted(found)
