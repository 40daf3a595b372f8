"""Entities described anew: the new name and class stand, the old name is still found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.errors import InvalidGraphError
from kgraph.ingest import readers
from kgraph.ingest.pipeline import Prepared, State
from kgraph.rdf import NamedNode

Write = Callable[..., Path]
Load = Callable[..., Prepared]


def values(state: State, subject: str, predicate: str) -> set[str]:
    expand, compress = state.namespaces.expand, state.namespaces.compress
    quads = state.store.quads(NamedNode(expand(subject)), NamedNode(expand(predicate)))
    return {compress(quad.object.value) for quad in quads}


def test_a_new_label_stands_and_the_old_one_becomes_a_variant(load: Load, write: Write, state: State) -> None:
    load(write())
    load(write(("label: Harbour League,", "label: League of the Harbour,")))
    assert values(state, "id:harbour-league", "skos:prefLabel") == {"League of the Harbour"}
    assert values(state, "id:harbour-league", "skos:altLabel") == {"The League", "Harbour League"}


def test_going_back_to_the_old_label_leaves_it_no_variant_of_itself(load: Load, write: Write, state: State) -> None:
    load(write())
    load(write(("label: Harbour League,", "label: League of the Harbour,")))
    load(write())
    assert values(state, "id:harbour-league", "skos:prefLabel") == {"Harbour League"}
    assert values(state, "id:harbour-league", "skos:altLabel") == {"The League", "League of the Harbour"}


def test_a_claim_file_that_names_another_class_replaces_it(load: Load, write: Write, state: State) -> None:
    load(write())
    load(write(("{type: Ngo, label: Lake Trust", "{type: Organisation, label: Lake Trust")))
    assert values(state, "id:lake-trust", "rdf:type") == {"kg:Organisation"}


def test_rdf_with_another_label_renames_and_another_class_is_added(load: Load, write: Write, state: State) -> None:
    load(write())
    text = """PREFIX id: <https://w3id.org/kgraph/id/> PREFIX kg: <https://w3id.org/kgraph/ns#>
    PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    id:lake-trust a kg:Organisation ; skos:prefLabel "Trust of the Lake"@en ."""
    load(readers.from_bytes("a.ttl", text.encode()))
    assert values(state, "id:lake-trust", "skos:prefLabel") == {"Trust of the Lake"}
    assert values(state, "id:lake-trust", "skos:altLabel") == {"Lake Trust"}
    assert values(state, "id:lake-trust", "rdf:type") == {"kg:Ngo", "kg:Organisation"}


def test_two_labels_for_one_entity_in_one_input_are_still_refused(load: Load, write: Write) -> None:
    load(write())
    text = """PREFIX id: <https://w3id.org/kgraph/id/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    id:lake-trust skos:prefLabel "One"@en , "Two"@en ."""
    with pytest.raises(InvalidGraphError):
        load(readers.from_bytes("a.ttl", text.encode()))
