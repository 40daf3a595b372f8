"""Names for numbers, passages and terms."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.model import Span
from kgraph.traversal.naming import place, plural, words_of


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


def test_terms_of_others_keep_their_short_name(letter: Any) -> None:
    catalogue = letter.catalogue()
    assert catalogue.label("http://xmlns.com/foaf/0.1/Person") == "foaf:Person"
    assert catalogue.label(letter.iri("hasMember", "kg")) == "has as member"
    assert catalogue.label(letter.iri("noSuchTerm", "kg")) == "no such term"


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("addresses", "address"),
        ("demands", "demand"),
        ("is led by", "are led by"),
        ("has a size of", "have a size of"),
        ("carries", "carry"),
        ("publishes in", "publish in"),
        ("issued", "issued"),
        ("pass", "pass"),
    ],
)
def test_a_verb_is_put_in_the_plural(one: str, many: str) -> None:
    assert plural(one) == many


def test_a_passage_is_named_by_paragraph_row_or_beginning() -> None:
    paragraph = Span("id:s", "id:a", 16, 2, 3, 6, None)
    row = Span("id:s", "id:a", None, None, None, None, None, "t", 17)
    bare = Span("id:s", "id:a", None, None, 3, 6, None)
    assert [place(s) for s in (paragraph, row, bare)] == ["P16 s2", "row 17", "from character 3"]
