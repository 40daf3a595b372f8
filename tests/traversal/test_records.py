"""The catalogue: steps, types, names."""

from __future__ import annotations

from typing import Any

from kgraph.model import Lens
from kgraph.traversal import compile_lens


def test_steps_are_numbered_in_the_order_of_their_names(letter: Any) -> None:
    steps = tuple(letter.catalogue().whole)
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


def test_search_is_given_things_and_codes_but_no_passages_or_numbers(letter: Any) -> None:
    letter.mention("Games Board", "committee")
    letter.mention("truly bad board", "committee", evaluative=True)
    names = {n.id: n for n in letter.catalogue().names()}
    assert {"id:ngo", "id:a1", "kgs:withdraw-hosting"} <= set(names)
    assert not {"id:qty-160", "id:time-september", "id:span-a1-3-30"} & set(names)
    assert names["id:ngo"].others == ("RW",)
    assert names["id:committee"].others == ("Game Commitee", "Games Board")


def test_what_has_no_claims_is_allowed_only_in_its_layer(letter: Any) -> None:
    catalogue = letter.catalogue()
    types = [s for s in catalogue.whole if s.layer == "types"]
    assert types
    assert not any(compile_lens(catalogue, Lens()).allows(s) for s in types)


def test_a_step_knows_its_other_end(letter: Any) -> None:
    step = letter.catalogue().whole.outgoing(letter.iri("demand"))[0]
    assert step.other(step.subject) == step.object
    assert step.other(step.object) == step.subject


def test_what_an_article_says_of_itself_is_a_step_of_the_documents_only(letter: Any) -> None:
    letter.claim("a1", "alleges", "demand")
    article = letter.iri("a1")
    catalogue = letter.catalogue()
    assert {s.layer for s in catalogue.whole.outgoing(article)} == {"documents", "types"}
    assert article not in {s.object for s in catalogue.whole.outgoing(article)}


def test_a_relation_to_a_code_is_a_step_of_the_codes(letter: Any) -> None:
    code = letter.iri("kgs:withdraw-hosting")
    assert {s.layer for s in letter.catalogue().whole.incoming(code)} == {"codes"}
