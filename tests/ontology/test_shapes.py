"""Each shape lets its valid example pass and finds in its invalid one exactly what `expected.csv` says, and no more."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from rdflib import RDF, RDFS, SH, BNode, Graph, Node, URIRef
from rdflib.collection import Collection

from kgraph import resources
from kgraph.namespaces import Namespaces

ONTOLOGY = resources.ontology()
EXAMPLES = ONTOLOGY / "tests" / "shapes"
VOCABULARY = (ONTOLOGY / "kgraph.ttl", *sorted((ONTOLOGY / "schemes").glob("*.ttl")))
NAMES = sorted(path.stem.removesuffix("-valid") for path in EXAMPLES.glob("*-valid.ttl"))
QUERIES = ("domains", "ranges")
NAMESPACES = Namespaces.load()


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in sorted((ONTOLOGY / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


@cache
def vocabulary() -> Graph:
    graph = Graph()
    for path in VOCABULARY:
        graph.parse(path)
    return graph


def found(path: Path) -> Counter[tuple[str, str, str]]:
    """Focus node, path and rule of each result: SHACL's, then those of shape 16, which is two queries."""
    data = Graph().parse(path)
    return Counter([*found_by_shapes(data), *found_by_queries(path)])


def found_by_shapes(data: Graph) -> Iterator[tuple[str, str, str]]:
    _, report, _ = pyshacl.validate(vocabulary() + data, shacl_graph=shapes(), inference="none", advanced=False)
    for result in report.objects(None, SH.result):
        source = report.value(result, SH.sourceShape)
        rule = source if isinstance(source, URIRef) else shapes().value(None, SH.property, source)
        focus, way = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        yield shown(focus), written(report, way), str(rule).rpartition("#")[2]


def found_by_queries(path: Path) -> Iterator[tuple[str, str, str]]:
    store = pyoxigraph.Store()
    for file in (*VOCABULARY, path):
        store.load(path=str(file), format=pyoxigraph.RdfFormat.TURTLE)
    for name in QUERIES:
        for row in store.query((ONTOLOGY / "queries" / "invariants" / f"{name}.rq").read_text("utf-8")):
            yield NAMESPACES.compress(row["node"].value), NAMESPACES.compress(row["path"].value), name


def shown(node: Node | None) -> str:
    return "[]" if node is None or isinstance(node, BNode) else NAMESPACES.compress(str(node))


def written(graph: Graph, path: Node | None) -> str:
    """A SHACL path as SPARQL writes it; empty for a result about the node itself."""
    if path is None:
        return ""
    if isinstance(path, URIRef):
        return NAMESPACES.compress(str(path))
    for property, sign in ((SH.inversePath, "^{}"), (SH.zeroOrMorePath, "{}*")):
        inner = graph.value(path, property)
        if inner is not None:
            return sign.format(written(graph, inner))
    return "/".join(written(graph, step) for step in Collection(graph, path))


def expected() -> dict[str, Counter[tuple[str, str, str]]]:
    table: dict[str, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    with (EXAMPLES / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table[row["example"]][row["focus"], row["path"], row["rule"]] += 1
    return table


@pytest.mark.parametrize("name", NAMES)
def test_a_valid_example_conforms(name: str) -> None:
    assert found(EXAMPLES / f"{name}-valid.ttl") == Counter()


@pytest.mark.parametrize("name", NAMES)
def test_an_invalid_example_yields_exactly_what_is_expected(name: str) -> None:
    wanted = expected()[name]
    assert wanted, f"expected.csv says nothing about {name}"
    assert found(EXAMPLES / f"{name}-invalid.ttl") == wanted


def test_every_example_has_its_counterpart_and_its_row() -> None:
    invalid = {path.stem.removesuffix("-invalid") for path in EXAMPLES.glob("*-invalid.ttl")}
    assert invalid == set(NAMES) == set(expected())


def property_shapes_without_message() -> Iterator[str]:
    for shape in shapes().subjects(RDF.type, SH.NodeShape):
        if shapes().value(shape, RDFS.label) is None:  # a part that a property shape names and speaks for
            continue
        own = shapes().value(shape, SH.message)
        for part in shapes().objects(shape, SH.property):
            if shapes().value(part, SH.message) is None:
                yield f"{shown(shape)} {written(shapes(), shapes().value(part, SH.path))}"
        if own is None and any(shapes().triples((shape, SH["or"], None))):
            yield shown(shape)


def test_every_rule_tells_a_person_what_to_do() -> None:
    assert list(property_shapes_without_message()) == []


def test_the_shapes_are_core_only() -> None:
    """Nothing asks for SHACL-SPARQL, so every engine reads them alike."""
    assert not any(shapes().triples((None, SH.sparql, None)))
    assert not any(shapes().triples((None, SH.select, None)))


def test_the_shapes_are_themselves_well_formed() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True, inference="none")
    assert conforms, text
