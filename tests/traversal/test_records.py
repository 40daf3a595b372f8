"""From quads to records: what is kept, how things without a label are named."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.model import Lens
from kgraph.rdf import BlankNode, DefaultGraph, NamedNode, Quad
from kgraph.traversal import Catalogue, compile_lens
from kgraph.traversal.naming import words_of


def flattened(story: Any) -> Catalogue:
    quads = [Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in story.quads]
    return Catalogue.build(quads, story.namespaces, story.schema, 1)


def test_a_flattened_graph_reads_the_same(letter: Any) -> None:
    graphs, flat = letter.catalogue(), flattened(letter)
    assert (graphs.nodes, graphs.claims, graphs.steps) == (flat.nodes, flat.claims, flat.steps)


def test_direct_triples_of_claims_are_no_steps_of_their_own(letter: Any) -> None:
    before = letter.catalogue().steps
    letter.add(letter.iri("coalition"), "hasMember", [letter.iri("ngo")], "reported")
    assert letter.catalogue().steps == before
    letter.quads.pop()
    letter.add(letter.iri("coalition"), "hasMember", [letter.iri("ngo")], "imported")
    assert letter.catalogue().steps == before


def test_blank_nodes_are_passed_over(letter: Any) -> None:
    before = letter.catalogue().steps
    knows = NamedNode("http://xmlns.com/foaf/0.1/knows")
    letter.quads.append(Quad(BlankNode("b"), knows, NamedNode(letter.iri("ngo"))))
    letter.quads.append(Quad(NamedNode(letter.iri("ngo")), knows, BlankNode("b")))
    assert letter.catalogue().steps == before


def test_steps_are_numbered_in_the_order_of_their_names(letter: Any) -> None:
    steps = letter.catalogue().steps
    assert [s.index for s in steps] == list(range(len(steps)))
    keys = [(s.subject, s.predicate, s.object) for s in steps]
    assert keys == sorted(set(keys))


def test_the_most_specific_type_is_shown(story: Any) -> None:
    iri = story.entity("x", "Agent")
    story.add(iri, "rdf:type", [story.iri("Ngo", "kg")])
    assert story.catalogue().nodes[iri].type == story.iri("Ngo", "kg")


def test_a_class_stands_for_those_below_it(letter: Any) -> None:
    catalogue = letter.catalogue()
    assert letter.iri("Letter", "kg") in catalogue.subtypes(letter.iri("Document", "kg"))
    assert catalogue.has_type(letter.iri("letter"), [letter.iri("Document", "kg")])
    assert catalogue.subtypes("http://elsewhere/Thing") == frozenset()


@pytest.mark.parametrize(
    ("text", "approximation", "unit", "bounds", "label"),
    [
        ("160", "exact", "", {"value": 160}, "160"),
        ("nearly 150,000", "just-under", "", {"value": 150000, "maxValue": 150000}, "just under 150,000"),
        ("more than 300", "more-than", "", {"minValue": 300}, "more than 300"),
        ("over 90 million", "more-than", "", {"minValue": 90_000_000}, "more than 90 million"),
        ("2.5 million", "about", "", {"value": 2_500_000}, "about 2.5 million"),
        ("almost 365 million", "just-under", "", {"maxValue": 365_000_000}, "just under 365 million"),
        ("7.5", "exact", "", {"value": 7.5}, "7.5"),
        ("a handful", "about", "", {}, "a handful"),
    ],
)
def test_a_number_keeps_its_qualifier(
    story: Any, text: str, approximation: str, unit: str, bounds: dict[str, float], label: str
) -> None:
    story.entity("a")
    iri = story.quantity("n", text, approximation, unit, **bounds)
    story.claim("a", "memberCount", "qty-n")
    assert story.catalogue().nodes[iri].label == label


def test_a_percentage_says_so(story: Any) -> None:
    story.entity("a")
    iri = story.quantity("n", "81%", unit="percent", value=81)
    story.claim("a", "memberCount", "qty-n")
    catalogue = story.catalogue()
    assert catalogue.nodes[iri].label == f"81 {story.schema.concepts[story.iri('percent', 'kgs')].lower()}"


@pytest.mark.parametrize(
    ("iri", "words"),
    [("http://x/ns#assertedIn", "asserted in"), ("http://x/more-than", "more than"), ("http://x/", "http://x/")],
)
def test_a_local_name_reads_as_words(iri: str, words: str) -> None:
    assert words_of(iri) == words


def test_search_is_given_things_and_codes_but_no_passages_or_numbers(letter: Any) -> None:
    letter.mention("Games Board", "committee")
    letter.mention("truly bad board", "committee", evaluative=True)
    names = {n.id: n for n in letter.catalogue().names()}
    assert {"id:ngo", "id:a1", "kgs:withdraw-hosting"} <= set(names)
    assert not {"id:qty-160", "id:time-september", "id:span-a1-3-30"} & set(names)
    assert names["id:ngo"].others == ("RW",)
    assert names["id:committee"].others == ("Game Commitee", "Games Board")


def test_terms_of_others_keep_their_short_name(letter: Any) -> None:
    catalogue = letter.catalogue()
    assert catalogue.label("http://xmlns.com/foaf/0.1/Person") == "foaf:Person"
    assert catalogue.label(letter.iri("hasMember", "kg")) == "has as member"
    assert catalogue.label(letter.iri("noSuchTerm", "kg")) == "no such term"


def test_what_has_no_claims_is_allowed_only_in_its_layer(letter: Any) -> None:
    catalogue = letter.catalogue()
    types = [s for s in catalogue.steps if s.layer == "types"]
    assert types
    assert not any(compile_lens(catalogue, Lens()).allows(s) for s in types)


def test_a_step_knows_its_other_end(letter: Any) -> None:
    step = letter.catalogue().outgoing(letter.iri("demand"))[0]
    assert step.other(step.subject) == step.object
    assert step.other(step.object) == step.subject


def test_what_has_no_type_and_no_relation_is_no_node(letter: Any) -> None:
    letter.add(letter.iri("stray"), "rdfs:comment", "nothing more", "notes")
    assert letter.iri("stray") not in letter.catalogue().nodes


def test_what_an_article_says_of_itself_is_a_step_of_the_documents_only(letter: Any) -> None:
    letter.claim("a1", "alleges", "demand")
    article = letter.iri("a1")
    catalogue = letter.catalogue()
    assert {s.layer for s in catalogue.outgoing(article)} == {"documents", "types"}
    assert article not in {s.object for s in catalogue.outgoing(article)}


def test_a_relation_to_a_code_is_a_step_of_the_codes(letter: Any) -> None:
    code = letter.iri("kgs:withdraw-hosting")
    assert {s.layer for s in letter.catalogue().incoming(code)} == {"codes"}
