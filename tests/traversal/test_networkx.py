"""The projection for networkx: names and evidence on nodes and edges."""

from __future__ import annotations

import io
from typing import Any

import networkx as nx

from kgraph.model import Lens
from kgraph.traversal import to_networkx


def test_edges_know_their_claim_and_its_evidence(letter: Any) -> None:
    iri = letter.claim(
        "ada", "demands", "demand", said_by=("ada", "ngo"), via="site", time="time-september", confidence=0.5
    )
    graph = to_networkx(letter.catalogue())
    edge = graph.edges["id:ada", "id:demand", iri]
    assert edge["predicate"] == "kg:demands"
    assert (edge["said_by"], edge["via"], edge["article"]) == ("id:ada id:ngo", "id:site", "id:a1")
    assert (edge["paragraph"], edge["earliest"], edge["confidence"]) == (1, "2020-09-01", 0.5)
    assert graph.nodes["id:ada"] == {"label": "Ada Lovelace", "type": "kg:Person", "type_label": "Person"}


def test_two_claims_for_one_relation_are_two_edges(letter: Any) -> None:
    assert to_networkx(letter.catalogue()).number_of_edges("id:coalition", "id:ngo") == 2


def test_steps_without_claims_have_their_relation_as_key(letter: Any) -> None:
    letter.add(letter.iri("ngo"), "foaf:knows", [letter.iri("ada")], "imported")
    graph = to_networkx(letter.catalogue(), Lens(include=("unattributed",)))
    assert ("id:ngo", "id:ada", "http://xmlns.com/foaf/0.1/knows") in graph.edges(keys=True)


def test_networkx_can_write_it(letter: Any) -> None:
    target = io.BytesIO()
    nx.write_graphml(to_networkx(letter.catalogue()), target)
    assert b"Rights Watch" in target.getvalue()
