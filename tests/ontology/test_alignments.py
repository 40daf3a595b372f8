"""The opt-in alignments: they know our terms and theirs, and their queries keep the speaker."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import FOAF, ORG, PROV, QB, RDF, RDFS, SDO, SKOS, TIME, BNode, Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DefinedNamespace

from kgraph import resources

KG = Namespace("https://w3id.org/kgraph/ns#")
KGS = Namespace("https://w3id.org/kgraph/scheme/")
OA = Namespace("http://www.w3.org/ns/oa#")
ID = Namespace("https://w3id.org/kgraph/id/")
FOLDER = resources.ontology() / "alignments"
NAMES = sorted(p.stem for p in FOLDER.glob("*.ttl"))
CLOSED: tuple[type[DefinedNamespace], ...] = (FOAF, ORG, PROV, QB, SDO, TIME)
PREFIXES = """
@prefix kg: <https://w3id.org/kgraph/ns#> . @prefix kgs: <https://w3id.org/kgraph/scheme/> .
@prefix id: <https://w3id.org/kgraph/id/> . @prefix schema: <https://schema.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


def construct(name: str, turtle: str) -> Graph:
    """The triples of a CONSTRUCT query over a small graph: rdflib and Oxigraph have to agree."""
    query = (FOLDER / name).read_text("utf-8")
    store = pyoxigraph.Store()
    store.load((PREFIXES + turtle).encode(), pyoxigraph.RdfFormat.TURTLE)
    theirs = Graph().parse(
        pyoxigraph.serialize(store.query(query), format=pyoxigraph.RdfFormat.N_TRIPLES),
        format="nt",  # type: ignore[arg-type]
    )
    ours = Graph()
    for triple in Graph().parse(data=PREFIXES + turtle, format="turtle").query(query):
        ours.add(triple)  # type: ignore[arg-type]
    assert isomorphic(ours, theirs)
    return ours


def claim(key: str, s: str, p: str, o: str, more: str = "", polarity: str = "affirmed") -> str:
    """A claim in Turtle."""
    return (
        f"id:{key} a kg:Claim ; rdf:subject id:{s} ; rdf:predicate kg:{p} ; rdf:object id:{o} ; "
        f"kg:polarity kgs:{polarity} ; kg:modality kgs:reported ; kg:status kgs:current {more} .\n"
    )


def test_every_promised_vocabulary_is_there() -> None:
    assert {"foaf", "ftm", "org", "plover", "prov", "schema-org", "wikidata"} <= set(NAMES)


@pytest.fixture(scope="module")
def known(core: Graph, schemes: Graph) -> set[object]:
    """Every term and code of the core and the schemes."""
    return {*core.subjects(), *schemes.subjects()}


@pytest.mark.parametrize("name", NAMES)
def test_an_alignment_names_only_terms_that_exist_here(name: str, known: set[object]) -> None:
    graph = Graph().parse(FOLDER / f"{name}.ttl")
    ours = {t for triple in graph for t in triple if isinstance(t, URIRef) and (t in KG or t in KGS)}
    assert ours
    assert ours <= known, ours - known


@pytest.mark.parametrize("name", NAMES)
def test_an_alignment_names_only_terms_that_exist_there(name: str) -> None:
    graph = Graph().parse(FOLDER / f"{name}.ttl")
    for term, namespace in itertools.product(set(itertools.chain.from_iterable(graph)), CLOSED):
        base = str(namespace._NS)
        if isinstance(term, URIRef) and term.startswith(base):
            assert term.removeprefix(base) in namespace, term


@pytest.mark.parametrize("name", NAMES)
def test_no_alignment_puts_a_relation_below_a_foreign_property(name: str, core: Graph) -> None:
    """Even where it is opted into: a reported relation must not turn into a bare fact."""
    graph = Graph().parse(FOLDER / f"{name}.ttl")
    relations = set(core.subjects(RDF.type, KG.Relation))
    for predicate in (RDFS.subPropertyOf, RDFS.domain, RDFS.range, SKOS.exactMatch):
        assert not relations & set(graph.subjects(predicate)), predicate


@pytest.mark.parametrize("name", NAMES)
def test_the_core_loads_without_any_alignment(name: str) -> None:
    text = (resources.ontology() / "kgraph.ttl").read_text("utf-8")
    assert f"alignment/{name}" not in text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.rq")), ids=lambda p: p.name)
def test_every_query_says_what_it_does_and_parses_in_both_engines(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    assert lines[0].startswith("# title: ")
    assert lines[1].startswith("# says: ")
    assert len(construct(path.name, "id:nothing rdf:value 1 .")) == 0


def test_a_claim_of_membership_becomes_a_membership_that_names_its_claim() -> None:
    graph = construct(
        "org-membership.rq", claim("claim-1", "league", "hasMember", "trust", "; kg:role kgs:chair ; kg:time id:time-1")
    )
    membership = ID["claim-1-membership"]
    assert set(graph.predicate_objects(membership)) == {
        (RDF.type, ORG.Membership),
        (ORG.member, ID.trust),
        (ORG.organization, ID.league),
        (ORG.role, KGS.chair),
        (ORG.memberDuring, ID["time-1"]),
        (PROV.wasDerivedFrom, ID["claim-1"]),
    }


def test_a_post_held_becomes_a_membership_of_the_body_the_post_is_in() -> None:
    graph = construct(
        "org-membership.rq",
        claim("claim-1", "ann", "holdsPost", "chair") + claim("claim-2", "chair", "postIn", "trust"),
    )
    membership = ID["claim-1-membership"]
    assert (membership, ORG.member, ID.ann) in graph
    assert (membership, ORG.organization, ID.trust) in graph
    assert (membership, URIRef("http://www.w3.org/ns/opengov#post"), ID.chair) in graph


def test_a_denied_membership_builds_nothing() -> None:
    assert (
        len(construct("org-membership.rq", claim("claim-1", "league", "hasMember", "trust", polarity="negated"))) == 0
    )


def test_a_passage_becomes_a_text_position_without_blank_nodes() -> None:
    span = "id:span-1 a kg:EvidenceSpan ; kg:article id:article-99 ; kg:start 200 ; kg:end 260 .\n"
    graph = construct(
        "oa-annotation.rq", span + claim("claim-1", "league", "hasMember", "trust", "; kg:evidence id:span-1")
    )
    annotation, selector = ID["claim-1-at-span-1"], ID["span-1-position"]
    assert (annotation, OA.hasBody, ID["claim-1"]) in graph
    assert (annotation, OA.hasTarget, ID["span-1"]) in graph
    assert (ID["span-1"], OA.hasSelector, selector) in graph
    assert [int(o) for o in graph.objects(selector, OA.start)] == [200]  # type: ignore[call-overload]
    assert [int(o) for o in graph.objects(selector, OA.end)] == [260]  # type: ignore[call-overload]
    assert not any(isinstance(t, BNode) for triple in graph for t in triple)


def test_a_poll_becomes_a_cube_whose_observations_have_every_dimension_of_its_structure() -> None:
    data = (
        "id:poll kg:hasObservation id:figure . "
        "id:figure kg:refArea id:valley ; kg:refPeriod id:time-1 ; kg:attitude kgs:unfavourable . "
        "id:qty-1 schema:value 40 .\n"
    )
    graph = construct("qb-cube.rq", data + claim("claim-1", "figure", "percent", "qty-1"))
    structure = Graph().parse(FOLDER / "qb.ttl")
    (definition,) = graph.objects(ID.poll, QB.structure)
    parts = list(structure.objects(definition, QB.component))
    properties = {p for part in parts for q in (QB.dimension, QB.measure) for p in structure.objects(part, q)}
    assert len(properties) == len(parts) == 4
    for prop in properties:
        assert len(list(graph.objects(ID.figure, prop))) == 1, prop
    assert (ID.figure, QB.dataSet, ID.poll) in graph
    assert (ID.figure, PROV.wasDerivedFrom, ID["claim-1"]) in graph
