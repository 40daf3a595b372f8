"""The VoID description against what SPARQL counts: complete, and right in every number."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

VOID = "http://rdfs.org/ns/void#"
COUNTED = {
    "class": "SELECT ?term (COUNT(DISTINCT ?s) AS ?n) { ?s a ?term FILTER(isIRI(?term)) } GROUP BY ?term",
    "property": "SELECT ?term (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?term ?o { ?s ?term ?o } } GROUP BY ?term",
}


def described(client: Any) -> dict[str, dict[str, list[str]]]:
    """What is said of each subject, by the last part of the predicate."""
    said: dict[str, dict[str, list[str]]] = {}
    for quad in parse(client.get("/.well-known/void", headers={"Accept": "text/turtle"}).content, RdfFormat.TURTLE):
        name = quad.predicate.value.removeprefix(VOID)
        said.setdefault(quad.subject.value, {}).setdefault(name, []).append(quad.object.value)
    return said


@pytest.mark.parametrize(("kind", "counted"), [("class", "entities"), ("property", "triples")])
def test_every_class_and_property_is_a_partition_with_the_number_that_sparql_counts(
    seeded: Any, kind: str, counted: str
) -> None:
    said = described(seeded)
    [dataset] = [subject for subject, about in said.items() if f"{kind}Partition" in about]
    parts = [said[node] for node in said[dataset][f"{kind}Partition"]]
    assert all(len(part[kind]) == len(part[counted]) == 1 for part in parts)
    told = {part[kind][0]: int(part[counted][0]) for part in parts}
    rows = seeded.get("/sparql", params={"query": COUNTED[kind]}).json()["results"]["bindings"]
    assert len(parts) == len(rows) > 10
    assert told == {row["term"]["value"]: int(row["n"]["value"]) for row in rows}
    assert said[dataset]["classes" if kind == "class" else "properties"] == [str(len(rows))]


def test_the_numbers_of_the_whole_are_those_that_sparql_counts(seeded: Any) -> None:
    said = described(seeded)
    [dataset] = [subject for subject, about in said.items() if "classPartition" in about]
    query = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?distinctSubjects)
               (COUNT(DISTINCT ?o) AS ?distinctObjects) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"""
    [row] = seeded.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    for name, value in row.items():
        assert said[dataset][name] == [value["value"]], name
