"""Which graph a loaded triple belongs to."""

from __future__ import annotations

import pytest

from kgraph import formats, rdf
from kgraph.ingest.routing import Routed, route
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.schema import Schema

PREFIXES = """
PREFIX ex: <http://example.org/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX id: <https://w3id.org/kgraph/id/>
PREFIX graph: <https://w3id.org/kgraph/graph/>
PREFIX kg: <https://w3id.org/kgraph/ns#>
PREFIX kgs: <https://w3id.org/kgraph/scheme/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


class Router:
    def __init__(self, namespaces: Namespaces, schema: Schema) -> None:
        self.namespaces, self.schema = namespaces, schema

    def __call__(self, trig: str) -> Routed:
        quads = rdf.parse((PREFIXES + trig).encode(), formats.TRIG, file="a.trig")
        known = NamedNode(f"{self.namespaces.id}known")
        person = frozenset({f"{self.namespaces.kg}Person"})
        return route(quads, self.namespaces, self.schema, lambda node: person if node == known else frozenset())

    def graphs(self, trig: str) -> list[str]:
        """The graph of each quad, those of kgraph by their short name, in the order of the document."""
        own = self.namespaces.graph("")
        return [quad.graph_name.value.removeprefix(own) for quad in self(trig).quads]


@pytest.fixture(scope="module")
def router(namespaces: Namespaces, schema: Schema) -> Router:
    return Router(namespaces, schema)


OWN = [
    ("id:claim-1 a kg:Claim ; kg:voice kgs:heading ; ex:more 1 .", "claims"),
    ("id:span-1 a kg:EvidenceSpan ; kg:start 1 .", "claims"),
    ("id:qty-1 a kg:Quantity ; kg:unit kgs:percent .", "claims"),
    ("id:time-1 a kg:TimeSpan .", "claims"),
    ("id:mention-1 a kg:Mention ; kg:refersTo id:a .", "notes"),
    ("id:note-1 a kg:EditorialNote .", "notes"),
    ("graph:reported prov:wasDerivedFrom graph:claims .", "notes"),
    ('id:a a kg:Person ; skos:prefLabel "A"@en ; skos:exactMatch ex:a ; kg:leaderUnstated true .', "entities"),
    ("id:b a kg:Article ; kg:textLength 5 .", "entities"),
    ('id:known skos:altLabel "K"@en .', "entities"),
]


@pytest.mark.parametrize(("turtle", "graph"), OWN)
@pytest.mark.parametrize("around", ["{}", "graph:imported {{ {} }}", "ex:g {{ {} }}"])
def test_what_kgraph_describes_goes_to_its_own_graphs_however_it_comes(
    router: Router, turtle: str, graph: str, around: str
) -> None:
    assert set(router.graphs(around.format(turtle))) == {graph}


FOREIGN = [
    "ex:a ex:b ex:c .",
    "ex:a a foaf:Person .",
    "id:a ex:b ex:c .",
    "kg:Person ex:b ex:c .",
    "kgs:own-code a skos:Concept .",
    'id:unknown skos:altLabel "U"@en .',
]


@pytest.mark.parametrize("turtle", FOREIGN)
def test_what_is_foreign_is_imported_or_keeps_the_graph_it_came_in(router: Router, turtle: str) -> None:
    assert router.graphs(turtle) == ["imported"]
    assert router.graphs(f"graph:claims {{ {turtle} }}") == ["imported"]
    assert router.graphs(f"ex:g {{ {turtle} }}") == ["http://example.org/g"]


def test_what_others_say_of_an_entity_stays_apart_from_its_description(router: Router) -> None:
    assert router.graphs("id:a a kg:Person, foaf:Person ; foaf:nick ex:x .") == ["entities", "imported", "imported"]


def test_the_packaged_ontology_is_known_already(router: Router, schema: Schema, namespaces: Namespaces) -> None:
    flat = [Quad(*quad.triple) for quad in schema.quads]
    assert route(flat, namespaces, schema, lambda node: frozenset()) == Routed((), (), ())


def test_a_relation_is_set_apart_to_be_matched_with_claims(router: Router) -> None:
    routed = router("ex:a kg:hasMember ex:b . ex:a kg:hasMember ex:b .")
    assert routed.quads == ()
    assert [str(quad.predicate) for quad in routed.relations] == ["<https://w3id.org/kgraph/ns#hasMember>"]


def test_the_rdf12_form_of_a_claim_adds_nothing(router: Router) -> None:
    assert router.graphs("id:claim-1 a kg:Claim ; rdf:reifies <<( id:a kg:hasMember id:b )>> .") == ["claims"]
    assert router.graphs("ex:r rdf:reifies <<( id:a kg:hasMember id:b )>> .") == ["imported"]


def test_a_term_the_ontology_lacks_is_a_violation_not_somebody_elses(router: Router) -> None:
    routed = router("id:a a kg:Persn ; kg:leadBy id:b .")
    assert [(v.focus_node, v.path, v.value, v.message) for v in routed.violations] == [
        ("id:a", "rdf:type", "kg:Persn", "the ontology has no such class"),
        ("id:a", "kg:leadBy", None, "the ontology has no such property"),
    ]
