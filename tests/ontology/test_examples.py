"""One example a class, three ways: a claim file, its Turtle, the same as JSON-LD. To write the latter two anew:
`.venv/bin/python tests/ontology/test_examples.py`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, Triple

from kgraph import formats, resources
from kgraph.ingest import claimfile
from kgraph.ingest.compile import compile as compile_document
from kgraph.namespaces import Namespaces
from kgraph.rdf import serialise
from kgraph.schema import Schema

ONTOLOGY = resources.ontology()
EXAMPLES = ONTOLOGY / "examples"
CLASSES = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
VOCABULARY = (ONTOLOGY / "kgraph.ttl", *sorted((ONTOLOGY / "schemes").glob("*.ttl")))
NAMESPACES = Namespaces.load()
CHECKS = sorted([*(ONTOLOGY / "queries" / "invariants").glob("*.rq"), *(ONTOLOGY / "queries" / "lint").glob("*.rq")])

DIRECT = """CONSTRUCT { ?s ?p ?o } WHERE {
  ?claim rdf:subject ?s ; rdf:object ?o ; rdf:predicate ?p ;
    kg:polarity kgs:affirmed ; kg:modality kgs:reported ; kg:status kgs:current . }"""


@cache
def schema() -> Schema:
    return Schema.load(NAMESPACES)


@cache
def parsed(*paths: Path) -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path)
    return graph


def turtle(path: Path) -> bytes:
    """The claim file's Turtle, without graph names, and with the direct triples of what is reported."""
    quads = compile_document(claimfile.read([path]), NAMESPACES, schema(), lambda _: False).quads
    store = pyoxigraph.Store()
    store.extend(quads)
    direct = list(store.query(DIRECT, use_default_graph_as_union=True, prefixes=NAMESPACES.prefixes))
    return serialise([*quads, *(Quad(*triple) for triple in direct)], formats.TURTLE, NAMESPACES.prefixes)


def jsonld(data: bytes) -> str:
    """The same statements as JSON-LD, in the order of the names, with its context inside."""
    graph = rdflib.Graph().parse(data=data, format="turtle")
    used = {prefix: iri for prefix, iri in NAMESPACES.prefixes.items() if f"{prefix}:" in data.decode()}
    document = json.loads(graph.serialize(format="json-ld", context=used))
    context = document.pop("@context")
    nodes = sorted(document.get("@graph", [document]), key=lambda node: str(node["@id"]))
    document = {"@context": context, "@graph": [dict(sorted(node.items())) for node in nodes]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def triples(path: Path) -> set[Triple]:
    syntax = RdfFormat.TURTLE if path.suffix == ".ttl" else RdfFormat.JSON_LD
    return {quad.triple for quad in pyoxigraph.parse(path=str(path), format=syntax)}


@pytest.mark.parametrize("name", CLASSES)
def test_the_turtle_is_what_the_claim_file_compiles_to(name: str) -> None:
    assert (EXAMPLES / f"{name}.ttl").read_bytes() == turtle(EXAMPLES / f"{name}.yaml")


@pytest.mark.parametrize("name", CLASSES)
def test_the_json_ld_says_the_same_as_the_turtle(name: str) -> None:
    assert triples(EXAMPLES / f"{name}.jsonld") == triples(EXAMPLES / f"{name}.ttl")


@pytest.mark.parametrize("name", CLASSES)
def test_an_example_shows_its_class(name: str) -> None:
    graph = rdflib.Graph().parse(EXAMPLES / f"{name}.ttl")
    assert (None, rdflib.RDF.type, rdflib.URIRef(f"{NAMESPACES.kg}{name}")) in graph


def test_every_example_is_there_three_times() -> None:
    for suffix in ("ttl", "jsonld"):
        assert sorted(path.stem for path in EXAMPLES.glob(f"*.{suffix}")) == CLASSES


@pytest.mark.parametrize("name", CLASSES)
def test_an_example_holds_under_the_shapes_alone(name: str) -> None:
    data = parsed(*VOCABULARY) + parsed(EXAMPLES / f"{name}.ttl")
    shapes = parsed(*sorted((ONTOLOGY / "shapes").glob("*.ttl")))
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    assert conforms, text


@pytest.mark.parametrize(
    "query", [path for path in CHECKS if "graph:" not in path.read_text("utf-8")], ids=lambda path: path.stem
)
def test_no_query_finds_fault_with_an_example(query: Path) -> None:
    for name in CLASSES:
        store = pyoxigraph.Store()
        for path in (*VOCABULARY, EXAMPLES / f"{name}.ttl"):
            store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
        assert list(store.query(query.read_text("utf-8"))) == [], name


if __name__ == "__main__":
    for name in CLASSES:
        data = turtle(EXAMPLES / f"{name}.yaml")
        (EXAMPLES / f"{name}.ttl").write_bytes(data)
        (EXAMPLES / f"{name}.jsonld").write_text(jsonld(data), "utf-8")
