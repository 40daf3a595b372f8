"""What every graph holds from the package."""

from __future__ import annotations

from kgraph.ingest.packaged import ontology_delta
from kgraph.ingest.state import State
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore


def test_a_graph_that_has_the_ontology_is_left_alone(state: State) -> None:
    assert not ontology_delta(state)


def test_a_new_graph_gets_the_ontology_and_the_standing_of_reported_triples(state: State) -> None:
    delta = ontology_delta(State(OxigraphStore.open(None), state.namespaces, state.schema))
    assert set(state.schema.quads) < set(delta.added)
    notes = [q for q in delta.added if q.graph_name.value.endswith("/notes")]
    assert {q.subject.value.rpartition("/")[2] for q in notes} == {"reported"}
    assert any("not endorsed" in q.object.value for q in notes)


def test_terms_of_another_version_are_replaced(state: State) -> None:
    graph = NamedNode(state.namespaces.graph("ontology"))
    old = Quad(NamedNode(f"{state.namespaces.kg}gone"), NamedNode("urn:p"), Literal("x"), graph)
    missing = state.schema.quads[0]
    assert isinstance(state.store, OxigraphStore)
    state.store.apply(Delta(added=(old,), removed=(missing,)), 2)
    assert ontology_delta(state) == Delta(added=(missing,), removed=(old,))
