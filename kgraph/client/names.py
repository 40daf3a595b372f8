"""What a client asks of a graph for itself: labels, the base of its names, its limits, its vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kgraph import formats, rdf
from kgraph.client import columns, terms
from kgraph.client.binding import Iri, term
from kgraph.namespaces import DEFAULT_BASE, Namespaces

_SD_NAME = "http://www.w3.org/ns/sparql-service-description#name"
_COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
_OWN = "graph/claims"
_MOST = 5_000

VOCABULARY = """SELECT DISTINCT ?term ?kind WHERE {
  VALUES (?type ?kind) {
    (rdfs:Class "class") (owl:Class "class") (rdf:Property "relation") (owl:ObjectProperty "relation")
    (owl:DatatypeProperty "relation") (skos:Concept "code")
  }
  ?term a ?type FILTER(isIRI(?term))
} ORDER BY ?term"""


def labels_query(iris: Sequence[str]) -> str:
    """One query for the labels of many IRIs. What is no IRI as the standard has it has no label."""
    asked = " ".join(term("iri", Iri(iri)) for iri in iris[:_MOST] if Namespaces.is_iri(iri))
    return (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"SELECT ?iri ?kind ?label WHERE {{ VALUES ?iri {{ {asked} }} "
        "VALUES ?kind { skos:prefLabel rdfs:label } ?iri ?kind ?label }"
    )


def labels(body: bytes) -> Mapping[str, str]:
    """The labels in the answer: `skos:prefLabel` before `rdfs:label`, English before others."""
    table = columns.read(body)
    best: dict[str, tuple[bool, bool, str]] = {}
    for row in table.to_pylist():
        label = terms.read(row["label"])
        rank = ("prefLabel" not in row["kind"], label.language not in ("en", None), label.text)
        iri = terms.read(row["iri"]).text
        best[iri] = min(best.get(iri, rank), rank)
    return {iri: rank[2] for iri, rank in best.items()}


def types_query(iris: Sequence[str]) -> str:
    """One query for the types of many IRIs, with their labels."""
    asked = " ".join(term("iri", Iri(iri)) for iri in iris[:_MOST] if Namespaces.is_iri(iri))
    return (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        f"SELECT ?iri ?type ?label WHERE {{ VALUES ?iri {{ {asked} }} ?iri a ?type "
        "OPTIONAL { ?type rdfs:label ?label } }"
    )


def types(body: bytes) -> Mapping[str, tuple[str, str]]:
    """A type of each IRI and its label, the IRI of the type where it has none: the first by name of several."""
    best: dict[str, tuple[str, str]] = {}
    for row in columns.read(body).to_pylist():
        iri, type = terms.read(row["iri"]).text, terms.read(row["type"]).text
        found = (type, terms.read(row["label"]).text if row["label"] else type)
        best[iri] = min(best.get(iri, found), found)
    return best


def claims_query(source: str, predicate: str, target: str) -> str:
    """One query for the claims that state a triple; all three are IRIs."""
    subject, relation, object_ = (term("iri", Iri(iri)) for iri in (source, predicate, target))
    return (
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> SELECT DISTINCT ?claim WHERE { "
        f"?claim rdf:subject {subject} ; rdf:predicate {relation} ; rdf:object {object_} }} ORDER BY ?claim LIMIT 20"
    )


def described(body: bytes) -> tuple[Namespaces, str]:
    """The names and the limits in a service description (N-Triples)."""
    base, limits = DEFAULT_BASE, ""
    for quad in rdf.parse(body, formats.NTRIPLES, file="service description"):
        value = getattr(quad.object, "value", "")
        if quad.predicate.value == _SD_NAME and value.endswith(_OWN):
            base = value.removesuffix(_OWN)
        elif quad.predicate.value == _COMMENT and str(quad.subject).endswith("#service>"):
            limits = value
    namespaces = Namespaces.load()
    return replace(namespaces, base=base, prefixes={**namespaces.prefixes, "id": f"{base}id/"}), limits
