"""The codes: each is labelled, defined, in a scheme, and found by the terms that use it."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from kgraph import resources

KG = Namespace("https://w3id.org/kgraph/ns#")
KGS = Namespace("https://w3id.org/kgraph/scheme/")
ONTOLOGY = URIRef("https://w3id.org/kgraph/ontology")
FILES = sorted((resources.ontology() / "schemes").glob("*.ttl"))
ENUMERATIONS = {
    "modality": "reported alleged demanded proposed debated announced predicted conditional open-question opined",
    "polarity": "affirmed negated",
    "voice": "article-voice paraphrase direct-quote part-quote heading tabular",
    "status": "current superseded retracted",
    "approximation": "exact about just-under more-than at-least at-most",
    "date-basis": "stated year-inferred relative",
    "note-kind": "name-variant factual-discrepancy internal-inconsistency inserted-words metonym inference scope",
    "basis": "unverified the-text-itself",
    "unknown-field": "unknown-title unknown-author unknown-publisher unknown-date",
    "object-kind": "entity code quantity period",
}


@pytest.fixture(scope="module")
def codes(schemes: Graph) -> set[URIRef]:
    return {s for s in schemes.subjects(RDF.type, SKOS.Concept) if isinstance(s, URIRef)}


def test_each_file_is_one_scheme_of_the_same_name() -> None:
    assert FILES
    for path in FILES:
        graph = Graph().parse(path)
        assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [KGS[path.stem]]


def test_every_scheme_and_code_has_one_english_label_and_definition(schemes: Graph, codes: set[URIRef]) -> None:
    for node in codes | set(schemes.subjects(RDF.type, SKOS.ConceptScheme)):
        for predicate in (SKOS.prefLabel, SKOS.definition):
            (text,) = schemes.objects(node, predicate)
            assert isinstance(text, Literal)
            assert text.language == "en", node
            assert str(text).strip() == str(text) != "", node
        assert list(schemes.objects(node, RDFS.isDefinedBy)) == [ONTOLOGY], node


def test_every_code_has_a_notation_equal_to_its_name_and_no_two_are_alike(schemes: Graph, codes: set[URIRef]) -> None:
    for code in codes:
        assert [str(n) for n in schemes.objects(code, SKOS.notation)] == [code.removeprefix(str(KGS))]
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", code.removeprefix(str(KGS))), code
    counts = Counter(str(n) for n in schemes.objects(None, SKOS.notation))
    assert set(counts.values()) == {1}


def test_no_code_has_the_name_of_a_scheme(schemes: Graph, codes: set[URIRef]) -> None:
    assert not codes & set(schemes.subjects(RDF.type, SKOS.ConceptScheme))


@pytest.mark.parametrize("predicate", [SKOS.definition, SKOS.prefLabel])
def test_no_two_codes_of_a_scheme_share_a_label_or_a_definition(schemes: Graph, predicate: URIRef) -> None:
    counts = Counter(
        (scheme, str(text).casefold())
        for code, scheme in schemes.subject_objects(SKOS.inScheme)
        for text in schemes.objects(code, predicate)
    )
    assert [pair for pair, n in counts.items() if n > 1] == []


def test_no_two_codes_share_a_definition(schemes: Graph) -> None:
    counts = Counter(str(text).casefold() for text in schemes.objects(None, SKOS.definition))
    assert [text for text, n in counts.items() if n > 1] == []


def test_every_code_is_in_a_scheme_and_hangs_under_it(schemes: Graph, codes: set[URIRef]) -> None:
    known = set(schemes.subjects(RDF.type, SKOS.ConceptScheme))
    for code in codes:
        within = set(schemes.objects(code, SKOS.inScheme))
        assert within, code
        assert within <= known, code
        top = set(schemes.objects(code, SKOS.topConceptOf))
        assert top == within or list(schemes.objects(code, SKOS.broader)), code


def test_no_code_is_broader_than_itself(schemes: Graph, codes: set[URIRef]) -> None:
    for code in codes:
        for parent in schemes.objects(code, SKOS.broader):
            assert parent in codes
            assert code not in set(schemes.transitive_objects(parent, SKOS.broader)), code


def test_every_scheme_has_codes(schemes: Graph) -> None:
    for scheme in schemes.subjects(RDF.type, SKOS.ConceptScheme):
        assert list(schemes.subjects(SKOS.inScheme, scheme)), scheme


def test_no_label_of_a_code_passes_a_judgement(schemes: Graph, judgement: re.Pattern[str]) -> None:
    for code, text in schemes.subject_objects(SKOS.prefLabel):
        assert not judgement.search(str(text)), (code, text)


@pytest.mark.parametrize("name", sorted(ENUMERATIONS))
def test_the_closed_lists_of_the_claim_model_are_complete(schemes: Graph, name: str) -> None:
    held = {str(s).removeprefix(str(KGS)) for s in schemes.subjects(SKOS.inScheme, KGS[name])}
    assert held == set(ENUMERATIONS[name].split())


def test_every_code_has_a_class_of_codes(schemes: Graph, core: Graph, codes: set[URIRef]) -> None:
    for code in codes:
        classes = set(schemes.objects(code, RDF.type)) - {SKOS.Concept}
        assert classes, code
        for cls in classes:
            assert (cls, RDF.type, OWL.Class) in core, code
            assert {KG.Code, KG.Topic} & set(core.transitive_objects(cls, RDFS.subClassOf)), code


def test_the_codes_a_property_takes_are_in_its_range(schemes: Graph, core: Graph) -> None:
    for prop, scheme in core.subject_objects(KG.codesFrom):
        members = list(schemes.subjects(SKOS.inScheme, scheme))
        assert members, (prop, scheme)
        ranges = set(core.objects(prop, KG.range))
        for code in members if ranges else ():
            up = {c for t in schemes.objects(code, RDF.type) for c in core.transitive_objects(t, RDFS.subClassOf)}
            assert up & ranges, (prop, code)


def test_the_codes_the_core_uses_exist(schemes: Graph, core: Graph, codes: set[URIRef]) -> None:
    used = {o for o in core.objects() if isinstance(o, URIRef) and o in KGS}
    assert used <= codes | set(schemes.subjects(RDF.type, SKOS.ConceptScheme))


def test_the_schemes_name_only_terms_of_the_core(schemes: Graph, core: Graph) -> None:
    used = {t for triple in schemes for t in triple if isinstance(t, URIRef) and t in KG}
    assert used <= set(core.subjects())
