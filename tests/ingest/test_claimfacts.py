"""What a set of claims comes to."""

from __future__ import annotations

import itertools

import pytest

from kgraph.ingest.claimfacts import Facts
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.schema import Schema
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

TRIPLE = ("id:a", "kg:hasMember", "id:b")
Codes = tuple[str, str, str]
PLAIN = ("affirmed", "reported", "current")


class World:
    """Claims with the same triple, one for each set of codes."""

    def __init__(self, namespaces: Namespaces, *claims: Codes) -> None:
        def node(name: str) -> NamedNode:
            return NamedNode(namespaces.expand(name))

        names = ("rdf:subject", "rdf:predicate", "rdf:object", "kg:polarity", "kg:modality", "kg:status")
        quads = [
            Quad(node(f"id:claim-{number}"), node(name), node(value))
            for number, codes in enumerate(claims)
            for name, value in zip(names, (*TRIPLE, *(f"kgs:{code}" for code in codes)), strict=True)
        ]
        store = OxigraphStore.open(None)
        store.apply(Delta(added=(*quads, Quad(node("id:claim-part"), node("rdf:subject"), node("id:a")))), 1)
        self.facts = Facts(store.quads, Schema.load(namespaces))
        self.triple = (node(TRIPLE[0]), node(TRIPLE[1]), node(TRIPLE[2]))
        self.all = [fact for n in range(len(claims)) if (fact := self.facts.of(node(f"id:claim-{n}"))) is not None]


@pytest.mark.parametrize(
    "codes", list(itertools.product(("affirmed", "negated"), ("reported", "alleged"), ("current", "retracted")))
)
def test_only_an_affirmed_reported_current_claim_justifies_its_relation(namespaces: Namespaces, codes: Codes) -> None:
    world = World(namespaces, codes)
    assert world.facts.justified(world.triple) is (codes == PLAIN)


def test_one_such_claim_among_others_is_enough(namespaces: Namespaces) -> None:
    world = World(namespaces, ("negated", "reported", "current"), PLAIN)
    assert world.facts.justified(world.triple)


def test_nothing_justifies_a_relation_nobody_states(namespaces: Namespaces) -> None:
    world = World(namespaces, PLAIN)
    assert not world.facts.justified((world.triple[0], world.triple[1], world.triple[0]))


def test_current_claims_of_opposite_polarity_conflict_pair_by_pair(namespaces: Namespaces) -> None:
    world = World(namespaces, PLAIN, ("negated", "opined", "current"), ("affirmed", "alleged", "current"))
    pairs = [[claim.value[-1] for claim in pair] for pair in world.facts.conflicts(world.all)]
    assert pairs == [["0", "1"], ["1", "2"]]


@pytest.mark.parametrize(
    ("first", "second", "contradict"),
    [
        ("reported", "alleged", True),
        ("predicted", "opined", True),
        ("open-question", "opined", False),
        ("conditional", "reported", False),
        ("open-question", "open-question", False),
        ("demanded", "reported", False),
        ("demanded", "demanded", True),
        ("proposed", "debated", False),
    ],
)
def test_a_question_contradicts_nothing_and_a_demand_only_a_demand(
    namespaces: Namespaces, first: str, second: str, contradict: bool
) -> None:
    world = World(namespaces, ("affirmed", first, "current"), ("negated", second, "current"))
    assert bool(world.facts.conflicts(world.all)) is contradict


@pytest.mark.parametrize("status", ["superseded", "retracted"])
def test_a_claim_that_is_not_current_conflicts_with_nothing(namespaces: Namespaces, status: str) -> None:
    world = World(namespaces, PLAIN, ("negated", "reported", status))
    assert world.facts.conflicts(world.all) == []


def test_a_claim_that_is_not_whole_is_no_fact(namespaces: Namespaces) -> None:
    world = World(namespaces, PLAIN)
    assert world.facts.of(NamedNode(f"{namespaces.id}claim-part")) is None
    assert len(list(world.facts.about(world.triple))) == 1
