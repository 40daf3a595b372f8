"""What every graph holds from the package: the ontology, and a statement of what the reported graph is."""

from __future__ import annotations

from kgraph.ingest.after import After
from kgraph.ingest.state import State
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store.base import Delta

STANDING = (
    "Each triple of this graph is reported by a source, not endorsed. The graph is an index of claims and derived "
    "from them: who says a thing, and where, is told by its claims."
)


def ontology_delta(state: State) -> Delta:
    """What brings the ontology graph, and the statement of what the reported graph is, up to the packaged ones."""
    namespaces = state.namespaces
    notes, reported = NamedNode(namespaces.graph("notes")), NamedNode(namespaces.graph("reported"))
    derived = NamedNode(namespaces.expand("prov:wasDerivedFrom"))
    comment = NamedNode(namespaces.expand("rdfs:comment"))
    after = After(state.store)
    wanted = {
        *state.schema.quads,
        Quad(reported, derived, NamedNode(namespaces.graph("claims")), notes),
        Quad(reported, comment, Literal(STANDING, language="en"), notes),
    }
    held = [
        *state.store.quads(None, None, None, NamedNode(namespaces.graph("ontology"))),
        *state.store.quads(reported, comment, None, notes),
    ]
    after.add(wanted)
    after.remove(quad for quad in held if quad not in wanted)
    return after.delta()
