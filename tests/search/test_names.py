"""Folding: what a person types and what is printed become the same words."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgraph.search import Name, fold
from kgraph.search.names import folded

LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


def one_by_one(text: str) -> str:
    """Folding as it is told: decompose, lower, drop accents and dots, and let a space stand for the rest."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in text.translate(LETTERS) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+|_", " ", re.sub(r"[.'’]", "", bare)).split())


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=30))
def test_every_text_is_folded_letter_by_letter(text: str) -> None:
    assert fold(text) == one_by_one(text)


@given(st.lists(st.text(max_size=12), max_size=8))
@example([])
@example(["a\nb", "c"])
@example(["\n", "É\ń", "x"])
@example(["plain", "é", "", "plain"])
def test_many_texts_folded_together_are_those_folded_alone(texts: list[str]) -> None:
    lines = folded(texts).split("\n")
    assert [" ".join(line.split()) for line in lines] == ([fold(text) for text in texts] or [""])


@pytest.mark.parametrize(
    ("iri", "slug"), [("http://x/id/a-b", "a-b"), ("http://x/ns#Ngo", "Ngo"), ("urn:x", "urn:x"), ("http://x/id/", "")]
)
def test_the_slug_is_what_stands_behind_the_last_slash_or_hash(iri: str, slug: str) -> None:
    name = Name(iri, "", "Label", "", "", (), ("other",))
    assert (name.slug, name.printed) == (slug, ("Label", "other", slug))
