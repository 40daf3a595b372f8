"""What brings a graph back in order after a redaction: what is derived follows from the claims that are left.

A redacted commit is one that changed nothing, so a direct triple may stand without its claim, or a claim without the
direct triple that an erased commit had brought for both. Everything is looked at, so it can be done again at any time.
"""

from __future__ import annotations

from kgraph.ingest.after import After
from kgraph.ingest.claimfacts import Facts, Triple
from kgraph.ingest.packaged import ontology_delta
from kgraph.ingest.state import State
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta


def delta(state: State) -> Delta:
    """The change: the packaged ontology, a direct triple for each relation that a claim justifies and for no other, no
    contradiction with a claim that is not there."""
    expand, store = state.namespaces.expand, state.store
    claims, reported = (NamedNode(state.namespaces.graph(name)) for name in ("claims", "reported"))
    type_, claim, conflicts = (NamedNode(expand(name)) for name in ("rdf:type", "kg:Claim", "kg:conflictsWith"))
    facts = Facts(lambda s, p, o: store.quads(s, p, o, claims), state.schema)
    wanted = (expand("kgs:affirmed"), expand("kgs:reported"), expand("kgs:current"))
    justified: set[Triple] = set()
    for quad in store.quads(None, type_, claim, claims):
        fact = facts.of(quad.subject) if isinstance(quad.subject, NamedNode) else None
        if fact is not None and (fact.polarity, fact.modality, fact.status) == wanted:
            justified.add(fact.triple)
    packaged = ontology_delta(state)
    after = After(store)
    after.remove(packaged.removed)
    after.remove(quad for quad in store.quads(None, None, None, reported) if tuple(quad.triple) not in justified)
    for quad in store.quads(None, conflicts, None, claims):
        ends = (quad.subject, quad.object)
        if not all(next(store.quads(end, type_, claim, claims), None) for end in ends if isinstance(end, NamedNode)):
            after.remove([quad])
    after.add(packaged.added)
    after.add(Quad(*triple, reported) for triple in justified)
    return after.delta()
