"""The report: focus node, path, value, message, and the line it was written on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph import formats, rdf
from kgraph.errors import DamagedError
from kgraph.ingest.validation import Judge
from kgraph.namespaces import Namespaces
from kgraph.places import Place, Violation
from kgraph.rdf import NamedNode, Quad
from kgraph.schema import Schema

PREFIXES = """
PREFIX graph: <https://w3id.org/kgraph/graph/>
PREFIX id: <https://w3id.org/kgraph/id/>
PREFIX kg: <https://w3id.org/kgraph/ns#>
PREFIX kgs: <https://w3id.org/kgraph/scheme/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
QUANTITY = """
GRAPH graph:claims {
  id:qty-00000000000000000000 a kg:Quantity ; schema:value 60 ; kg:approximation kgs:about ; kg:surfaceForm "60"@en .
}
"""
Check = Callable[..., list[Violation]]


@pytest.fixture
def check(namespaces: Namespaces, schema: Schema) -> Check:
    def check(trig: str, *focus: str, places: dict[str, Place] | None = None) -> list[Violation]:
        quads = list(rdf.parse((PREFIXES + trig).encode(), formats.TRIG, file="a.trig"))
        nodes = {NamedNode(namespaces.expand(name)) for name in focus} or {quad.subject for quad in quads}
        return Judge(namespaces, schema, places or {}).validate(quads, nodes)

    return check


def test_a_good_node_has_no_violation(check: Check) -> None:
    assert check(QUANTITY) == []


def test_a_violation_names_node_path_value_and_what_to_do(check: Check) -> None:
    [found] = check(QUANTITY.replace("kgs:about", "kgs:negated"))
    assert (found.focus_node, found.path, found.value) == (
        "id:qty-00000000000000000000",
        "kg:approximation",
        "kgs:negated",
    )
    assert found.severity == "Violation"
    assert "scheme of approximations" in found.message


def test_a_node_that_was_written_in_a_claim_file_has_its_line(check: Check, namespaces: Namespaces) -> None:
    iri = f"{namespaces.id}qty-00000000000000000000"
    place = Place("claims.yaml", 12, None, "quantities.some-60")
    [found] = check(QUANTITY.replace("schema:value 60 ;", ""), places={iri: place})
    assert found.place == "claims.yaml:12: quantities.some-60"
    assert str(found).startswith("claims.yaml:12: quantities.some-60: id:qty-00000000000000000000: Give the quantity")


def test_violations_come_by_line_and_not_by_the_letters_of_the_line(check: Check, namespaces: Namespaces) -> None:
    other = "id:qty-00000000000000000001"
    bad = QUANTITY.replace("schema:value 60 ;", "")
    places = {
        f"{namespaces.id}qty-00000000000000000000": Place("a.yaml", 10),
        namespaces.expand(other): Place("a.yaml", 9),
    }
    found = check(bad + bad.replace("id:qty-00000000000000000000", other), places=places)
    assert [violation.place for violation in found] == ["a.yaml:9", "a.yaml:10"]


def test_a_path_that_is_more_than_a_property_is_not_shown(check: Check) -> None:
    found = check('GRAPH graph:entities { id:d a kg:Demand ; skos:prefLabel "D"@en ; kg:demanderUnstated true . }')
    assert {(v.focus_node, v.path) for v in found} == {("id:d", None)}
    assert len(found) == 2


def test_only_the_nodes_in_focus_are_judged(check: Check) -> None:
    assert check(QUANTITY.replace("schema:value 60 ;", ""), "id:elsewhere") == []


def test_nothing_in_focus_is_nothing_to_judge(namespaces: Namespaces, schema: Schema) -> None:
    assert Judge(namespaces, schema, {}).validate([], []) == []


def test_a_broken_invariant_is_a_violation_too(check: Check) -> None:
    found = check("GRAPH graph:reported { id:a kg:partnerOf id:b }")
    assert ("id:a", "kg:partnerOf", "id:b", "No current, affirmed, reported claim says this.") in {
        (v.focus_node, v.path, v.value, v.message) for v in found
    }


def test_invariants_hold_under_another_base(schema: Schema) -> None:
    here = Namespaces.load("http://localhost/")
    quad = Quad(
        NamedNode(f"{here.id}a"),
        NamedNode(here.expand("kg:partnerOf")),
        NamedNode(f"{here.id}b"),
        NamedNode(here.graph("reported")),
    )
    found = Judge(here, Schema.load(here), {}).validate([quad], [quad.subject])
    assert [(v.focus_node, v.message) for v in found] == [("id:a", "No current, affirmed, reported claim says this.")]


def test_rdf12_terms_beside_what_is_judged_do_no_harm(check: Check) -> None:
    assert check(QUANTITY + "id:r rdf:reifies <<( id:a id:b id:c )>> .") == []


def test_shapes_that_cannot_be_applied_are_damage_and_told_so(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "<urn:s> a sh:NodeShape ; sh:targetClass <https://w3id.org/kgraph/ns#Quantity> ;\n"
        "  sh:property [ sh:minCount 1 ] ."
    )
    monkeypatch.setattr(Schema, "shapes", staticmethod(lambda: (path,)))
    with pytest.raises(DamagedError, match="shapes of the ontology cannot be applied"):
        check(QUANTITY)
