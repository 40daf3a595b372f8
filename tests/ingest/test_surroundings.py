"""What must be seen to judge a change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kgraph.ingest.after import After
from kgraph.ingest.pipeline import Prepared, State
from kgraph.ingest.surroundings import focus, surroundings
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta

Load = Callable[..., Prepared]


def test_a_change_puts_both_ends_of_its_claims_in_focus(load: Load, write: Callable[..., Path], state: State) -> None:
    delta = load(write()).delta
    names = {state.namespaces.compress(node.value) for node in focus(delta, state.store, state.namespaces)}
    assert {"id:clean-quay", "id:town-council", "id:harbour-league", "id:herald-7"} <= names
    assert "kg:hasMember" not in names


def test_the_surroundings_of_an_entity_are_its_claims_and_what_they_speak_of(
    load: Load, write: Callable[..., Path], state: State
) -> None:
    load(write())
    after = After(state.store)
    demand = NamedNode(f"{state.namespaces.id}clean-quay")
    seen = surroundings([demand], after, state.namespaces)
    described = {state.namespaces.compress(q.subject.value) for q in seen}
    assert {"id:clean-quay", "id:town-council", "id:harbour-league", "id:lake-trust", "id:herald-7"} <= described
    claims = {q.subject for q in seen if q.predicate.value.endswith("#assertedIn")}
    assert len(claims) == 3
    typed = {q.subject for q in seen if q.predicate.value.endswith("#type")}
    assert typed == {demand}


def test_what_is_only_imported_and_the_terms_of_the_ontology_are_not_judged(state: State) -> None:
    added = (
        Quad(NamedNode("urn:a"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode(state.namespaces.graph("imported"))),
        Quad(NamedNode("urn:b"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g")),
        Quad(NamedNode("urn:c"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode(state.namespaces.graph("claims"))),
        state.schema.quads[0],
    )
    found = focus(Delta(added=added), state.store, state.namespaces)
    assert {node.value for node in found} - {state.schema.quads[0].subject.value} == {"urn:c"}


def test_a_node_that_was_only_just_added_is_seen(state: State) -> None:
    after = After(state.store)
    node = NamedNode("urn:a")
    quad = Quad(node, NamedNode("urn:p"), NamedNode("urn:b"), NamedNode("urn:g"))
    after.add([quad])
    assert surroundings([node], after, state.namespaces) == {quad}
