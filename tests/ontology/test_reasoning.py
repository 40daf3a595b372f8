"""A reasoner given the ontology and a report concludes nothing about the world from it."""

from __future__ import annotations

import owlrl
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef

from kgraph import resources

KG = Namespace("https://w3id.org/kgraph/ns#")
KGS = Namespace("https://w3id.org/kgraph/scheme/")
ID = Namespace("https://w3id.org/kgraph/id/")
FOLDER = resources.ontology()


def report() -> Graph:
    """One membership and one allegation, as claims and as direct triples, between nodes without a type."""
    graph = Graph()
    for key, triple in {
        "claim-1": (ID.league, KG.hasMember, ID.trust),
        "claim-2": (ID.complaint, KG.allegedActor, ID.mill),
    }.items():
        graph.add(triple)
        for predicate, value in zip((RDF.subject, RDF.predicate, RDF.object), triple, strict=True):
            graph.add((ID[key], predicate, value))
        graph.add((ID[key], KG.assertedIn, ID.article))
        graph.add((ID[key], KG.attributedTo, ID.herald))
        graph.add((ID[key], KG.evidence, ID.span))
    return graph


def conclusions(*names: str) -> set[tuple[object, object, object]]:
    """What RDFS adds about the nodes of the report, beyond that they are resources."""
    stated = report()
    graph = Graph() + stated
    for name in names:
        graph.parse(FOLDER / name)
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return {
        (s, p, o)
        for s, p, o in graph
        if str(s).startswith(str(ID)) and (s, p, o) not in stated and o not in (RDFS.Resource, OWL.Thing, RDF.Statement)
    }


def test_the_core_concludes_nothing_from_a_report() -> None:
    assert conclusions("kgraph.ttl") == set()


def test_the_alignments_conclude_only_where_a_claim_was_found_and_never_what_it_says() -> None:
    names = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "alignments").glob("*.ttl"))
    about = conclusions("kgraph.ttl", *names)
    assert about, "the properties of claims are aligned with PROV and schema.org"
    assert {s for s, _, _ in about} <= {ID["claim-1"], ID["claim-2"]}
    assert not any(isinstance(o, Literal) or (isinstance(o, URIRef) and o in KGS) for _, _, o in about)
