"""The ontology as kgraph uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgraph import formats, rdf, resources
from kgraph.errors import RdfSyntaxError
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode
from kgraph.schema import Schema

OWN = """
@prefix kg: <https://w3id.org/kgraph/ns#> .
@prefix kgs: <https://w3id.org/kgraph/scheme/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/kgraph/ontology> a owl:Ontology ; owl:versionInfo "9.9" .
kg:Top a owl:Class ; rdfs:label "Top"@en .
kg:Middle a owl:Class ; rdfs:subClassOf kg:Top .
kg:Low a owl:Class ; rdfs:subClassOf kg:Middle, kg:Low ; kg:walked false .
<urn:else> a owl:Class .
kg:joins a owl:ObjectProperty, kg:Relation ; rdfs:label "joins" ; kg:edgeLabel "joins up with"@en ;
  kg:inverseLabel "is joined by"@en ; kg:domain kg:Top, kg:Low ;
  kg:objectKind kgs:entity, kgs:code ; kg:directed false ;
  kg:pluralEdgeLabel "join up with"@en ; kg:pluralInverseLabel "is among those joined by"@en .
kg:bare a kg:Relation .
kg:odd a owl:DatatypeProperty, kg:Flag ; rdfs:range xsd:boolean .
kg:day a owl:DatatypeProperty ; rdfs:range xsd:date .
kg:words a owl:DatatypeProperty ; rdfs:range <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .
kg:count a owl:DatatypeProperty ; rdfs:range xsd:integer .
kg:time a owl:ObjectProperty .
kg:tone a owl:ObjectProperty ; kg:codesFrom kgs:tones .
"""
SCHEME = """
@prefix kg: <https://w3id.org/kgraph/ns#> .
@prefix kgs: <https://w3id.org/kgraph/scheme/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
kgs:loud a skos:Concept ; skos:prefLabel "loud"@en ; skos:inScheme kgs:tones .
kgs:late a skos:Concept ; skos:inScheme kgs:others .
"""


@pytest.fixture(scope="module")
def names() -> Namespaces:
    return Namespaces.load()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, names: Namespaces) -> Schema:
    folder = tmp_path_factory.mktemp("ontology")
    (folder / "schemes").mkdir()
    (folder / "kgraph.ttl").write_text(OWN, "utf-8")
    (folder / "schemes" / "tones.ttl").write_text(SCHEME, "utf-8")
    return Schema.load(names, folder)


def test_a_relation_has_its_words_its_ends_and_its_kinds(small: Schema, names: Namespaces) -> None:
    relation = small.relations[f"{names.kg}joins"]
    assert (relation.curie, relation.label, relation.inverse_label) == ("kg:joins", "joins up with", "is joined by")
    assert relation.domain == (f"{names.kg}Low", f"{names.kg}Top")
    assert relation.range == ()
    assert relation.kinds == {"entity", "code"}
    assert not relation.directed
    assert (relation.plural_label, relation.plural_inverse_label) == ("join up with", "is among those joined by")


def test_a_relation_without_words_goes_by_its_name(small: Schema, names: Namespaces) -> None:
    relation = small.relations[f"{names.kg}bare"]
    assert (relation.label, relation.inverse_label, relation.directed, relation.plural_label) == (
        "kg:bare",
        "kg:bare",
        True,
        None,
    )


def test_a_class_is_all_the_classes_above_it(small: Schema, names: Namespaces) -> None:
    assert small.is_a(f"{names.kg}Low", f"{names.kg}Top")
    assert small.is_a(f"{names.kg}Low", f"{names.kg}Low")
    assert not small.is_a(f"{names.kg}Top", f"{names.kg}Low")
    assert small.is_a("urn:x", "urn:x")
    assert not small.is_a("urn:x", f"{names.kg}Top")


def test_classes_are_those_of_kgraph_with_label_and_whether_they_are_walked(small: Schema, names: Namespaces) -> None:
    found = {iri.removeprefix(names.kg): (info.label, info.walked) for iri, info in small.classes.items()}
    assert found == {"Top": ("Top", True), "Middle": ("kg:Middle", True), "Low": ("kg:Low", False)}


def test_codes_are_those_of_the_scheme_a_property_names(small: Schema, names: Namespaces) -> None:
    assert small.codes_for(f"{names.kg}tone") == {f"{names.kgs}loud"}
    assert small.codes_for(f"{names.kg}time") == {f"{names.kgs}loud", f"{names.kgs}late"}
    assert small.concepts == {f"{names.kgs}loud": "loud", f"{names.kgs}late": "late"}


def test_flags_and_version_are_read(small: Schema, names: Namespaces) -> None:
    assert small.flags == {f"{names.kg}odd": ""}
    assert small.version == "9.9"
    assert small.declares(f"{names.kg}odd")
    assert not small.declares(f"{names.kg}even")


def test_an_ontology_without_a_version_has_none(names: Namespaces) -> None:
    assert Schema(names, ()).version == ""


def test_a_broken_file_is_named(tmp_path: Path, names: Namespaces) -> None:
    (tmp_path / "kgraph.ttl").write_text("nonsense", "utf-8")
    with pytest.raises(RdfSyntaxError, match=r"kgraph\.ttl:1"):
        Schema.load(names, tmp_path)


def test_the_context_types_links_dates_and_texts_and_leaves_numbers(small: Schema) -> None:
    context = small.context()["@context"]
    assert isinstance(context, dict)
    assert context["joins"] == {"@id": "kg:joins", "@type": "@id"}
    assert context["day"] == {"@id": "kg:day", "@type": "http://www.w3.org/2001/XMLSchema#date"}
    assert context["words"] == {"@id": "kg:words", "@language": "en"}
    assert context["count"] == "kg:count"
    assert context["Top"] == "kg:Top"


def test_a_term_of_the_context_wins_over_a_prefix_of_its_name(small: Schema) -> None:
    context = small.context()["@context"]
    assert isinstance(context, dict)
    assert context["time"] == {"@id": "kg:time", "@type": "@id"}


# ------------------------------------------------------------------ the packaged ontology


@pytest.fixture(scope="module")
def shipped(names: Namespaces) -> Schema:
    return Schema.load(names)


def test_the_published_context_is_the_one_of_the_ontology(shipped: Schema) -> None:
    """When it is not, the command that writes it stands in `ontology/README.md`."""
    published = json.loads((resources.ontology() / "context.jsonld").read_text("utf-8"))
    assert published == shipped.context()


def test_the_published_context_is_read_as_what_it_says(shipped: Schema, names: Namespaces) -> None:
    document = {
        "@context": shipped.context()["@context"],
        "@id": "id:a",
        "@type": "Coalition",
        "hasMember": "id:b",
        "earliest": "2011-05-01",
        "surfaceForm": "in May",
        "paragraph": 3,
    }
    quads = rdf.parse(json.dumps(document).encode(), formats.JSONLD, file="a.jsonld")
    found = {names.compress(quad.predicate.value): str(quad.object) for quad in quads}
    assert found == {
        "rdf:type": f"<{names.kg}Coalition>",
        "kg:hasMember": f"<{names.id}b>",
        "kg:earliest": '"2011-05-01"^^<http://www.w3.org/2001/XMLSchema#date>',
        "kg:surfaceForm": '"in May"@en',
        "kg:paragraph": '"3"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }


def test_the_ontology_graph_is_canonical_and_has_no_blank_node(shipped: Schema, names: Namespaces) -> None:
    assert {quad.graph_name.value for quad in shipped.quads} == {names.graph("ontology")}
    assert all(isinstance(quad.subject, NamedNode) for quad in shipped.quads)
    assert rdf.skolemise(shipped.quads, names.blank)[1] == 0
    assert rdf.canonical(shipped.quads)[1] == []


def test_every_relation_can_be_read_aloud_and_says_what_it_takes(shipped: Schema) -> None:
    assert shipped.relations
    silent = [r.curie for r in shipped.relations.values() if r.label == r.curie or not r.inverse_label or not r.kinds]
    assert silent == []


def test_shapes_and_invariants_are_shipped(shipped: Schema) -> None:
    assert {path.suffix for path in shipped.shapes()} == {".ttl"}
    assert {path.suffix for path in shipped.invariants()} == {".rq"}
