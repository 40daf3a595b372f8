"""From quads to records: what is read, and what is passed over."""

from __future__ import annotations

from typing import Any

from kgraph.rdf import BlankNode, DefaultGraph, NamedNode, Quad
from kgraph.traversal import Catalogue


def flattened(story: Any) -> Catalogue:
    quads = [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in story.quads]
    return Catalogue.build(quads, story.namespaces, story.schema, 1)


def test_a_flattened_graph_reads_the_same(letter: Any) -> None:
    graphs, flat = letter.catalogue(), flattened(letter)
    assert (dict(graphs.nodes), dict(graphs.claims), tuple(graphs.whole)) == (
        dict(flat.nodes),
        dict(flat.claims),
        tuple(flat.whole),
    )


def test_direct_triples_of_claims_are_no_steps_of_their_own(letter: Any) -> None:
    before = tuple(letter.catalogue().whole)
    letter.add(letter.iri("coalition"), "hasMember", [letter.iri("ngo")], "reported")
    assert tuple(letter.catalogue().whole) == before
    letter.quads.pop()
    letter.add(letter.iri("coalition"), "hasMember", [letter.iri("ngo")], "imported")
    assert tuple(letter.catalogue().whole) == before


def test_blank_nodes_are_passed_over(letter: Any) -> None:
    before = tuple(letter.catalogue().whole)
    knows = NamedNode("http://xmlns.com/foaf/0.1/knows")
    letter.quads.append(Quad(BlankNode("b"), knows, NamedNode(letter.iri("ngo"))))
    letter.quads.append(Quad(NamedNode(letter.iri("ngo")), knows, BlankNode("b")))
    assert tuple(letter.catalogue().whole) == before


def test_what_has_no_type_and_no_relation_is_no_node(letter: Any) -> None:
    letter.add(letter.iri("stray"), "rdfs:comment", "nothing more", "notes")
    assert letter.iri("stray") not in letter.catalogue().nodes
