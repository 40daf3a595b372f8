"""Words that look alike are found without comparing all of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from kgraph.search import Name, Search

words = st.text(st.sampled_from("abcdeé中"), min_size=1, max_size=12)


def named(label: str, *others: str) -> Name:
    return Name("http://x/id/-", "id:-", label, "kg:T", "T", (), others)


@settings(deadline=None)
@given(st.lists(words, unique=True), st.text("abcde", min_size=4, max_size=12))
def test_every_word_that_is_alike_is_found_and_no_other(known: list[str], typed: str) -> None:
    search = Search.build([Name(f"urn:{i:03}", str(i), word, "", "", ()) for i, word in enumerate(known)], 1)
    folded = [word.replace("é", "e") for word in known]
    alike = {i for i, word in enumerate(folded) if word.startswith(typed) or fuzz.ratio(typed, word) >= 75}
    assert {int(hit.id) for hit in search.search(typed).items} == alike or len(alike) > 20


@pytest.mark.parametrize(("label", "score"), [("am " + 37 * "x", 90.5), ("am x", 94.5), ("xx x am x", 82.0)])
def test_a_score_is_rounded_from_what_it_exactly_is(label: str, score: float) -> None:
    (hit,) = Search.build([named(label)], 1).search("am").items  # 90 + 9 × 2/40 is a little more than 90.45
    assert hit.score == score


def test_of_names_as_good_as_each_other_the_one_with_the_first_word_is_shown() -> None:
    (hit,) = Search.build([named("Amb or", "am xor")], 1).search("am").items
    assert hit.matched == "am xor"
