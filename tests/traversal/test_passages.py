"""Where claims stand, and in which order they are read."""

from __future__ import annotations

from typing import Any

from kgraph.model import PathQuestion
from kgraph.traversal import claim, paths


def test_spans_stand_in_the_order_of_the_text_and_show_attached_words(letter: Any) -> None:
    spans = (letter.span("a1", 7, 20, 24), letter.span("a1", 2, 3, 6))
    iri = letter.claim("ngo", "demands", "demand", spans=spans)
    plain = claim(letter.catalogue(), iri)
    assert [(w.paragraph, w.text) for w in plain.where] == [(2, None), (7, None)]
    with_text = letter.catalogue().with_texts({letter.iri("a1"): "abcdéfghijklmnopqrstuvwxyz"})
    assert [w.text for w in claim(with_text, iri).where] == ["déf", "uvwx"]


def test_the_claims_of_a_relation_are_read_by_article_and_place(letter: Any) -> None:
    for article, paragraph in (("a2", 1), ("a1", 9), ("a1", 8)):
        letter.claim("ngo", "addresses", "ada", article=article, paragraph=paragraph)
    asked = PathQuestion(
        (letter.iri("ngo"),), (letter.iri("ada"),), max_hops=1, predicate=(letter.iri("addresses", "kg"),)
    )
    found = paths(letter.catalogue(), asked).paths[0].edges[0].claims
    assert [(c.article.label, c.where.paragraph) for c in found] == [("A1", 8), ("A1", 9), ("A2", 1)]
