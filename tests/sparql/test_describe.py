"""The service description and the VoID description say what is so."""

from __future__ import annotations

from collections.abc import Callable

from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.sparql import describe, pathterms
from kgraph.sparql.service import SparqlService
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

NAMES = Namespaces.load()
GRAPHS = [NAMES.graph("claims"), "http://e.org/mine"]


def values(quads: list[Quad], predicate: str) -> list[str]:
    return sorted(getattr(q.object, "value", "") for q in quads if q.predicate.value.endswith(predicate))


def test_the_service_description_names_endpoint_formats_graphs_and_limits() -> None:
    quads = describe.service(Settings(query_timeout=7), NAMES, GRAPHS, "http://here/sparql")
    assert values(quads, "#endpoint") == ["http://here/sparql"]
    assert "http://www.w3.org/ns/formats/SPARQL_Results_JSON" in values(quads, "#resultFormat")
    assert values(quads, "#name") == sorted(GRAPHS)
    assert len(values(quads, "#namedGraph")) == 2
    [limits] = values([quad for quad in quads if quad.subject.value.endswith("#service")], "#comment")
    assert "ended after 7 s" in limits
    assert "SERVICE and LOAD are refused" in limits
    expected = [f"{describe.SD}EmptyGraphs", f"{describe.SD}UnionDefaultGraph", f"{NAMES.kg}path"]
    assert sorted(values(quads, "#feature")) == sorted(expected)
    assert values(quads, "#inputFormat") == []


def test_the_service_description_tells_the_terms_of_path_searches() -> None:
    quads = describe.service(Settings(), NAMES, GRAPHS, "http://here/sparql")
    told = {quad.subject.value for quad in quads if quad.predicate.value.endswith("#label")}
    assert {f"{pathterms.SPACE}{name}" for name in pathterms.terms()} < told


def test_a_service_that_can_be_written_names_the_formats_it_takes() -> None:
    quads = describe.service(Settings(), NAMES, GRAPHS, "http://here/sparql", writable=True)
    taken = {iri.rpartition("/")[2] for iri in values(quads, "#inputFormat")}
    assert taken == {"Turtle", "TriG", "N-Triples", "N-Quads", "JSON-LD", "RDF_XML"}
    assert f"{describe.SD}SPARQL11Update" in values(quads, "#supportedLanguage")


def test_a_strict_service_does_not_claim_a_union() -> None:
    found = values(describe.service(Settings(default_graph="strict"), NAMES, GRAPHS), "#feature")
    assert sorted(found) == sorted([f"{describe.SD}EmptyGraphs", f"{NAMES.kg}path"])


def test_void_counts_triples_classes_and_properties_once(
    memory: OxigraphStore, service: Callable[..., SparqlService]
) -> None:
    twice = Quad(NamedNode(f"{NAMES.id}s000"), NamedNode(f"{NAMES.kg}demands"), NamedNode(f"{NAMES.id}o000"))
    foreign = Quad(NamedNode("http://x/a"), NamedNode("http://x/p"), Literal("x"))
    memory.apply(Delta((twice, foreign)), 2)
    quads = service(memory).void(memory.quads(), "http://here/sparql")
    dataset = f"{NAMES.base}.well-known/void#dataset"
    said = {q.predicate.value.rpartition("#")[2]: q.object.value for q in quads if q.subject.value == dataset}
    assert said["triples"] == "303"
    assert said["distinctSubjects"] == "301"
    assert said["properties"] == "4"
    assert said["classes"] == "1"
    assert said["sparqlEndpoint"] == "http://here/sparql"
    assert values(quads, "#dataDump") == ["http://here/export.nq", "http://here/export.ttl"]
    assert NAMES.kg in values(quads, "#vocabulary")
    about = f"{dataset}-property-kg-demands"
    assert {q.object.value for q in quads if q.subject.value == about} == {f"{NAMES.kg}demands", "300"}
    [subset] = values(quads, "#subset")
    part = {q.predicate.value: q.object.value for q in quads if q.subject.value == subset}
    assert part[f"{NAMES.prefixes['dcterms']}source"] == NAMES.graph("claims")
    assert part[f"{NAMES.prefixes['void']}triples"] == "302"


def test_the_service_describes_itself(memory: OxigraphStore, service: Callable[..., SparqlService]) -> None:
    assert values(service(memory).describe(), "#endpoint") == [f"{NAMES.base}sparql"]
