"""Everything about one entity."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import EntityNotFoundError
from kgraph.model import Lens, Page
from kgraph.traversal import entity


def test_an_entity_shows_names_types_flags_and_numbers(letter: Any) -> None:
    found = entity(letter.catalogue(), letter.iri("coalition"))
    assert (found.label, found.type, [t.id for t in found.types]) == (
        "Coalition of rights groups",
        "kg:Coalition",
        ["kg:Coalition"],
    )
    assert [(f.predicate, f.value, f.sentence) for f in found.facts] == [
        ("kg:membersUnstated", "true", "members not named by the source")
    ]
    (size,) = found.quantities
    assert (size.predicate, size.quantity.value, size.claims[0].where.paragraph) == ("kg:memberCount", 160, 3)
    (when,) = found.times
    assert (when.predicate, when.when.text) == ("kg:demands", "September")


def test_aliases_misprints_and_other_identifiers_are_shown(story: Any) -> None:
    story.entity("x", "Ngo", "X", aliases=("A", "B"), misprints="C", same_as="http://www.wikidata.org/entity/Q1")
    found = entity(story.catalogue(), story.iri("x"))
    assert (found.labels.pref_label, found.labels.alt_labels, found.labels.hidden_labels) == ("X", ("A", "B"), ("C",))
    assert [(f.predicate, f.value) for f in found.facts] == [("skos:exactMatch", "http://www.wikidata.org/entity/Q1")]


def test_neighbours_are_counted_by_relation_and_direction(letter: Any) -> None:
    counts = {(c.predicate, c.direction): c.count for c in entity(letter.catalogue(), letter.iri("demand")).counts}
    assert counts == {("kg:addressee", "forward"): 1, ("kg:demands", "backward"): 1}
    backward = entity(letter.catalogue(), letter.iri("ngo")).counts[0]
    assert backward.predicate_label == "is a member of"


def test_claims_stand_in_reading_order_and_come_in_pages(letter: Any) -> None:
    catalogue, iri = letter.catalogue(), letter.iri("coalition")
    whole = entity(catalogue, iri)
    assert [(c.article.id, c.where[0].paragraph) for c in whole.claims] == [
        ("id:a1", 3),
        ("id:a1", 3),
        ("id:a1", 4),
        ("id:a1", 5),
        ("id:a2", 9),
    ]
    first, second = entity(catalogue, iri, page=Page(0, 3, str)), entity(catalogue, iri, page=Page(3, 3, str))
    assert first.claims + second.claims == whole.claims
    assert (first.truncated, first.next, second.truncated, second.next) == (True, "3", False, None)


def test_claims_about_codes_are_shown_though_codes_are_not_walked(letter: Any) -> None:
    found = entity(letter.catalogue(), letter.iri("demand"))
    assert "kgs:withdraw-hosting" in {c.object.id for c in found.claims}
    assert "kg:requests" not in {c.predicate for c in found.counts}


def test_a_claim_of_an_entity_with_itself_is_shown_once(story: Any) -> None:
    story.entity("a")
    story.claim("a", "partOf", "a")
    assert len(entity(story.catalogue(), story.iri("a")).claims) == 1


def test_the_lens_acts_on_claims_but_not_on_names(letter: Any) -> None:
    found = entity(letter.catalogue(), letter.iri("coalition"), Lens(source=(letter.iri("a2"),)))
    assert len(found.claims) == 1
    assert found.quantities == ()
    assert found.label == "Coalition of rights groups"
    assert found.lens == "reported, affirmed claims, in A2"


def test_mentions_and_notes_are_shown(letter: Any) -> None:
    mention = letter.mention("Game Commitee", "committee", letter.span("a1", 4), evaluative=True)
    letter.note(mention, "name-variant", "Printed with one t.")
    scope = letter.note("committee", "scope", "The committee as a body.")
    letter.add(scope, "oa:hasTarget", [letter.iri("ngo")], "notes")
    found = entity(letter.catalogue(), letter.iri("committee"))
    (printed,) = found.mentions
    assert (printed.surface_form, printed.evaluative, printed.where[0].paragraph) == ("Game Commitee", True, 4)
    assert [n.text for n in printed.notes] == ["Printed with one t."]
    assert [(n.about, n.kind, n.text, n.basis) for n in found.notes] == [
        ("id:committee", "scope", "The committee as a body.", "unverified")
    ]


def test_an_imported_thing_shows_its_literals_as_facts(story: Any) -> None:
    iri = story.iri("alien")
    story.add(iri, "rdf:type", ["http://xmlns.com/foaf/0.1/Person"], "imported")
    story.add(iri, "rdfs:label", "Alien", "imported")
    story.add(iri, "foaf:nick", "Al", "imported")
    found = entity(story.catalogue(), iri)
    assert (found.label, found.type) == ("Alien", "foaf:Person")
    assert [(f.predicate, f.predicate_label, f.value) for f in found.facts] == [("foaf:nick", "nick", "Al")]


def test_an_unknown_entity_is_named(letter: Any) -> None:
    with pytest.raises(EntityNotFoundError, match="id:nobody"):
        entity(letter.catalogue(), letter.iri("nobody"))
