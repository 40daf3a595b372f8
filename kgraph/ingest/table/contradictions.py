"""Claims of a table that contradict each other, or one the graph has: one affirms what the other negates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


Said = Mapping[Triple, Sequence[tuple[int, str]]]
"""Claims of a table by their relation: number and modality of each."""


def with_graph(affirmed: Said, negated: Said, state: State) -> list[tuple[int, str]]:
    """Claims of a table with the IRIs of claims of the graph that they contradict, in order.

    Only claims whose both ends the graph had need be asked about: all others are new to it.
    """
    expand, graph = state.namespaces.expand, NamedNode(state.namespaces.graph("claims"))
    facts = Facts(lambda s, p, o: state.store.quads(s, p, o, graph), state.schema)
    current, denied = expand("kgs:current"), NamedNode(expand("kgs:negated"))
    found: list[tuple[int, str]] = []

    def compare(claim: NamedNode, said: Said, *, denies: bool) -> None:
        fact = facts.of(claim)
        if fact is not None and fact.status == current and (fact.polarity == denied.value) is denies:
            for number, modality in said.get(fact.triple, ()):
                if state.schema.can_contradict(modality, fact.modality):
                    found.append((number, claim.value))

    for claim in _about(negated, state, graph):
        compare(claim, negated, denies=False)
    if affirmed:  # few claims of a graph deny anything: they are looked for in the table
        for quad in state.store.quads(None, NamedNode(expand("kg:polarity")), denied, graph):
            if isinstance(quad.subject, NamedNode):
                compare(quad.subject, affirmed, denies=True)
    return sorted(found)


def _about(relations: Iterable[Triple], state: State, graph: NamedNode) -> Iterator[NamedNode]:
    """The claims of the graph with the ends of some relations; a subject's claims are gone through once."""
    subject, object_ = (NamedNode(state.namespaces.expand(name)) for name in ("rdf:subject", "rdf:object"))
    ends: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for one, _, other in relations:
        ends[one].add(other)
    for one, others in ends.items():
        for quad in state.store.quads(None, subject, one, graph):
            claim = quad.subject
            if isinstance(claim, NamedNode):
                stated = next(state.store.quads(claim, object_, None, graph), None)
                if stated is not None and stated.object in others:
                    yield claim
