"""The core ontology: every term is explained, relations entail nothing, and the file is sound for other tools."""

from __future__ import annotations

import json
import re
from collections import Counter

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from kgraph import resources

KG = Namespace("https://w3id.org/kgraph/ns#")
KGS = Namespace("https://w3id.org/kgraph/scheme/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
VANN = Namespace("http://purl.org/vocab/vann/")
ONTOLOGY = URIRef("https://w3id.org/kgraph/ontology")
ANNOTATIONS = (RDFS.label, SKOS.definition, SKOS.scopeNote, SKOS.example)
FILES = sorted(p.relative_to(resources.ontology()).as_posix() for p in resources.ontology().rglob("*.ttl"))


@pytest.fixture(scope="module")
def terms(core: Graph) -> set[URIRef]:
    return {s for s in core.subjects() if isinstance(s, URIRef) and s in KG}


@pytest.fixture(scope="module")
def relations(core: Graph) -> set[URIRef]:
    return {s for s in core.subjects(RDF.type, KG.Relation) if isinstance(s, URIRef)}


@pytest.fixture(scope="module")
def classes(core: Graph, terms: set[URIRef]) -> set[URIRef]:
    return {s for s in core.subjects(RDF.type, OWL.Class) if s in terms}


def above(core: Graph, cls: URIRef) -> set[object]:
    """A class and everything above it."""
    return set(core.transitive_objects(cls, RDFS.subClassOf))


# ---------------------------------------------------------------- header


def test_the_header_says_what_it_is_whose_it_is_and_which_version(core: Graph) -> None:
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in core
    for predicate in (DCTERMS.title, DCTERMS.description):
        (text,) = core.objects(ONTOLOGY, predicate)
        assert isinstance(text, Literal)
        assert text.language == "en"
    assert list(core.objects(ONTOLOGY, DCTERMS.creator))
    assert list(core.objects(ONTOLOGY, DCTERMS.license)) == [URIRef("https://www.apache.org/licenses/LICENSE-2.0")]
    for predicate in (DCTERMS.created, DCTERMS.modified):
        (day,) = core.objects(ONTOLOGY, predicate)
        assert isinstance(day, Literal)
        assert day.datatype == XSD.date
    (version,) = core.objects(ONTOLOGY, OWL.versionInfo)
    assert list(core.objects(ONTOLOGY, OWL.versionIRI)) == [URIRef(f"{ONTOLOGY}/{version}")]
    assert [str(o) for o in core.objects(ONTOLOGY, VANN.preferredNamespacePrefix)] == ["kg"]
    assert [str(o) for o in core.objects(ONTOLOGY, VANN.preferredNamespaceUri)] == [str(KG)]


def test_the_published_copy_of_this_version_is_the_same_file(core: Graph) -> None:
    version = str(core.value(ONTOLOGY, OWL.versionInfo))
    copy = resources.ontology() / "versions" / version / "kgraph.ttl"
    assert copy.read_bytes() == (resources.ontology() / "kgraph.ttl").read_bytes()


def test_the_change_log_knows_this_version(core: Graph) -> None:
    log = (resources.ontology() / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## {core.value(ONTOLOGY, OWL.versionInfo)} (" in log


# ---------------------------------------------------------------- every term


def test_every_term_has_one_english_label_definition_scope_note_and_example(core: Graph, terms: set[URIRef]) -> None:
    """OOPS! P08."""
    assert len(terms) > 200
    for term in terms:
        for predicate in ANNOTATIONS:
            texts = list(core.objects(term, predicate))
            assert len(texts) == 1, (term, predicate)
            assert isinstance(texts[0], Literal), (term, predicate)
            assert texts[0].language == "en", (term, predicate)
            assert str(texts[0]).strip() == str(texts[0]) != "", (term, predicate)
        assert list(core.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY], term


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition, SKOS.example])
def test_no_two_terms_share_a_label_a_definition_or_an_example(core: Graph, predicate: URIRef) -> None:
    counts = Counter(str(text).casefold() for text in core.objects(None, predicate))
    assert [text for text, n in counts.items() if n > 1] == []


def test_definitions_and_notes_are_sentences(core: Graph) -> None:
    for predicate in (SKOS.definition, SKOS.scopeNote):
        for term, text in core.subject_objects(predicate):
            assert str(text).endswith("."), (term, text)
            assert "  " not in str(text), (term, text)


def test_no_label_passes_a_judgement(core: Graph, judgement: re.Pattern[str]) -> None:
    for predicate in (RDFS.label, KG.edgeLabel, KG.inverseLabel, KG.pluralEdgeLabel, KG.pluralInverseLabel):
        for term, text in core.subject_objects(predicate):
            assert not judgement.search(str(text)), (term, text)


def test_classes_are_named_in_upper_camel_case_and_properties_in_lower(
    classes: set[URIRef], terms: set[URIRef]
) -> None:
    """OOPS! P22."""
    for term in terms:
        name = term.removeprefix(str(KG))
        assert re.fullmatch(r"[A-Z][A-Za-z]*" if term in classes else r"[a-z][A-Za-z]*", name), name


def test_every_term_is_one_class_or_one_kind_of_property(core: Graph, terms: set[URIRef]) -> None:
    kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    for term in terms:
        assert len(kinds & set(core.objects(term, RDF.type))) == 1, term


# ---------------------------------------------------------------- classes


def test_no_class_stands_above_itself(core: Graph, classes: set[URIRef]) -> None:
    """OOPS! P06."""
    for cls in classes:
        for parent in core.objects(cls, RDFS.subClassOf):
            assert isinstance(parent, URIRef)
            assert cls not in above(core, parent), cls


def test_superclasses_are_classes_of_this_ontology(core: Graph, classes: set[URIRef]) -> None:
    assert set(core.objects(None, RDFS.subClassOf)) <= classes


def test_every_class_is_connected(core: Graph, classes: set[URIRef]) -> None:
    """OOPS! P04: a class has a class above or below it."""
    for cls in classes:
        assert list(core.objects(cls, RDFS.subClassOf)) or list(core.subjects(RDFS.subClassOf, cls)), cls


def test_every_class_is_an_entity_a_code_or_a_record_and_only_one_of_them(core: Graph, classes: set[URIRef]) -> None:
    for cls in classes:
        assert len({KG.Entity, KG.Code, KG.Record} & above(core, cls)) == 1, cls


def test_walks_leave_out_codes_sources_claims_passages_and_notes_but_pass_through_entities(
    core: Graph, classes: set[URIRef]
) -> None:
    for cls in classes:
        unwalked = (cls, KG.walked, Literal(False)) in core
        if KG.Entity in above(core, cls):
            assert not unwalked, cls
        if KG.Code in above(core, cls):
            assert unwalked, cls
    for cls in (KG.Article, KG.Dataset, KG.Claim, KG.EvidenceSpan, KG.Mention, KG.EditorialNote):
        assert (cls, KG.walked, Literal(False)) in core, cls


# ---------------------------------------------------------------- relations


def test_relations_entail_nothing(core: Graph, relations: set[URIRef]) -> None:
    """No domain, range, superproperty, inverse or property axiom: a report never becomes a bare fact (also P19)."""
    assert len(relations) > 90
    axioms = (
        RDFS.domain,
        RDFS.range,
        RDFS.subPropertyOf,
        OWL.inverseOf,
        OWL.equivalentProperty,
        OWL.propertyChainAxiom,
    )
    for relation in relations:
        assert set(core.objects(relation, RDF.type)) == {OWL.ObjectProperty, KG.Relation}, relation
        for axiom in axioms:
            assert not list(core.objects(relation, axiom)), (relation, axiom)


def test_the_core_puts_no_property_below_another_and_no_class_below_a_foreign_one(core: Graph) -> None:
    assert not list(core.triples((None, RDFS.subPropertyOf, None)))
    assert not list(core.triples((None, RDFS.domain, None)))
    assert all(parent in KG for parent in core.objects(None, RDFS.subClassOf))


def test_every_relation_reads_in_both_directions(core: Graph, relations: set[URIRef]) -> None:
    """OOPS! P13, waived: inverses are labels, and every relation has one."""
    for relation in relations:
        for predicate in (KG.edgeLabel, KG.inverseLabel):
            (text,) = core.objects(relation, predicate)
            assert isinstance(text, Literal)
            assert text.language == "en"
            assert re.fullmatch(r"[a-z][\w' -]*(, [\w' -]+)*", str(text)), (relation, text)
        (directed,) = core.objects(relation, KG.directed)
        same = core.value(relation, KG.edgeLabel) == core.value(relation, KG.inverseLabel)
        assert isinstance(directed, Literal)
        assert directed.value is not same, relation


def test_every_relation_says_what_it_joins(core: Graph, relations: set[URIRef], classes: set[URIRef]) -> None:
    """OOPS! P11, waived: domain and range are checked by shapes, from these annotations."""
    for relation in relations:
        for predicate in (KG.domain, KG.range):
            joined = set(core.objects(relation, predicate))
            assert joined, (relation, predicate)
            assert joined <= classes, (relation, predicate)


def test_the_kind_of_object_follows_from_the_range(core: Graph, relations: set[URIRef]) -> None:
    for relation in relations:
        kinds = set()
        for cls in core.objects(relation, KG.range):
            assert isinstance(cls, URIRef)
            up = above(core, cls)
            if cls == KG.Quantity:
                kinds.add(KGS.quantity)
            elif cls == KG.TimeSpan:
                kinds.add(KGS.period)
            elif KG.Code in up:
                kinds.add(KGS.code)
            else:
                kinds.add(KGS.entity)
        stated = set(core.objects(relation, KG.objectKind))
        assert kinds <= stated, relation
        assert stated <= kinds | ({KGS.code} if (relation, KG.codesFrom, KGS.topic) in core else set()), relation


def test_a_relation_that_leads_to_a_code_names_its_schemes(core: Graph, relations: set[URIRef]) -> None:
    for relation in relations:
        leads_to_code = (relation, KG.objectKind, KGS.code) in core
        assert bool(list(core.objects(relation, KG.codesFrom))) == leads_to_code, relation


@pytest.mark.parametrize(
    ("name", "sentence", "inverse"),
    [
        ("hasMember", "League has as member Trust", "Trust is a member of League"),
        ("demands", "League demands Trust", "Trust is demanded by League"),
        ("memberCount", "League has a size of Trust", "Trust is the size of League"),
        ("allegedActor", "League has as alleged actor Trust", "Trust is the alleged actor in League"),
    ],
)
def test_edges_read_as_english(core: Graph, name: str, sentence: str, inverse: str) -> None:
    assert f"League {core.value(KG[name], KG.edgeLabel)} Trust" == sentence
    assert f"Trust {core.value(KG[name], KG.inverseLabel)} League" == inverse


def test_edges_of_an_allegation_say_that_they_are_alleged(core: Graph, relations: set[URIRef]) -> None:
    """Neutral even alone: no edge from an allegation reads as a fact."""
    edges = {r for r in relations if set(core.objects(r, KG.domain)) == {KG.Allegation}}
    assert edges
    for relation in edges:
        for predicate in (KG.edgeLabel, KG.inverseLabel):
            assert re.search(r"\balleg(ed|ation)\b", str(core.value(relation, predicate))), relation


# ---------------------------------------------------------------- properties of records


def test_literal_properties_of_records_have_a_datatype(core: Graph) -> None:
    for prop in core.subjects(RDF.type, OWL.DatatypeProperty):
        assert len(list(core.objects(prop, RDFS.range))) == 1, prop


def test_flags_are_booleans_about_what_no_source_states(core: Graph) -> None:
    flags = {str(s).removeprefix(str(KG)) for s in core.subjects(RDF.type, KG.Flag)}
    assert flags == {"membersUnstated", "demanderUnstated", "addresseeUnstated", "leaderUnstated", "pluralDescription"}
    assert all((KG[flag], RDFS.range, XSD.boolean) in core for flag in flags)
    told = {flag for flag in flags if "not named by the source" in str(core.value(KG[flag], KG.edgeLabel))}
    assert told == flags - {"pluralDescription"}


# ---------------------------------------------------------------- as a file


def test_every_property_used_is_declared_so_that_the_file_stays_within_owl_dl(core: Graph) -> None:
    builtin = (str(RDF), str(RDFS), str(OWL))
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    for predicate in set(core.predicates()):
        if not str(predicate).startswith(builtin):
            assert any((predicate, RDF.type, kind) in core for kind in kinds), predicate


def test_the_core_has_no_blank_node_and_makes_no_builtin_term_a_subject(core: Graph) -> None:
    for subject in set(core.subjects()):
        assert isinstance(subject, URIRef), subject
        assert not str(subject).startswith((str(RDF), str(RDFS), str(OWL), str(XSD))), subject


def test_the_core_names_no_term_of_its_own_that_it_does_not_define(core: Graph, terms: set[URIRef]) -> None:
    used = {t for triple in core for t in triple if isinstance(t, URIRef) and t in KG}
    assert used == terms


@pytest.mark.parametrize("name", FILES)
def test_rdflib_and_oxigraph_read_the_same_triples(name: str) -> None:
    path = resources.ontology() / name
    ours = Graph().parse(path)
    theirs = {q.triple for q in pyoxigraph.parse(path.read_bytes(), pyoxigraph.RdfFormat.TURTLE)}
    assert len(ours) == len(theirs) > 0


def test_the_prefixes_in_the_files_are_those_of_prefixes_json() -> None:
    known = json.loads((resources.ontology() / "prefixes.json").read_text("utf-8"))
    for name in ("kgraph.ttl", *(f for f in FILES if f.startswith("schemes/"))):
        text = (resources.ontology() / name).read_text("utf-8")
        for prefix, iri in re.findall(r"^@prefix (\w+): <([^>]+)> \.$", text, re.MULTILINE):
            assert known[prefix] == iri, (name, prefix)
