"""Patterns: what they accept, and mistakes named by their position."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kgraph.errors import ParameterError
from kgraph.traversal.pattern import compile_pattern


def accepts(story: Any, pattern: str, *walk: str) -> bool:
    """Whether a pattern accepts relations such as `hasMember` or `^hasMember`."""
    automaton = compile_pattern(story.catalogue(), pattern)
    state: int | None = 0
    for name in walk:
        if state is not None:
            state = automaton.step(state, (story.iri(name.removeprefix("^"), "kg"), not name.startswith("^")))
    return state in automaton.accepting


@pytest.mark.parametrize(
    ("pattern", "accepted", "refused"),
    [
        ("hasMember demands", ["hasMember demands"], ["hasMember", "demands hasMember", "^hasMember demands"]),
        ("hasMember/demands", ["hasMember demands"], ["hasMember"]),
        ("hasMember|demands", ["hasMember", "demands"], ["", "hasMember demands"]),
        ("hasMember demands|ledBy", ["hasMember demands", "ledBy"], ["hasMember ledBy"]),
        ("hasMember?", ["", "hasMember"], ["hasMember hasMember"]),
        ("hasMember*", ["", "hasMember hasMember hasMember"], ["demands"]),
        ("hasMember+", ["hasMember", "hasMember hasMember"], [""]),
        ("hasMember{2}", ["hasMember hasMember"], ["hasMember", "hasMember hasMember hasMember"]),
        ("hasMember{1, 2}", ["hasMember", "hasMember hasMember"], ["", "hasMember hasMember hasMember"]),
        ("hasMember{,1} demands", ["demands", "hasMember demands"], ["hasMember"]),
        ("hasMember{2,}", ["hasMember hasMember hasMember"], ["hasMember"]),
        ("(hasMember demands)+", ["hasMember demands hasMember demands"], ["hasMember demands hasMember"]),
        ("^(hasMember demands{2})", ["^demands ^demands ^hasMember"], ["^hasMember ^demands ^demands"]),
        ("^(hasMember|demands)", ["^hasMember", "^demands"], ["demands"]),
        ("^^hasMember", [], []),
        ("kg:hasMember <https://w3id.org/kgraph/ns#demands>", ["hasMember demands"], []),
        ("hasMember** ", ["", "hasMember"], []),
    ],
)
def test_a_pattern_accepts_what_it_says(story: Any, pattern: str, accepted: list[str], refused: list[str]) -> None:
    if pattern.startswith("^^"):
        with pytest.raises(ParameterError, match="position 2"):
            accepts(story, pattern)
        return
    assert all(accepts(story, pattern, *walk.split()) for walk in accepted)
    assert not any(accepts(story, pattern, *walk.split()) for walk in refused)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("hasMember nonsense", "position 11: no relation is called 'nonsense'"),
        ("hasMember (demands", "position 11: this bracket is not closed"),
        ("hasMember )", "position 11: unexpected ')'"),
        ("hasMember | ", "position 13: a relation or a group is missing here"),
        ("*", "position 1: a relation or a group is missing before '*'"),
        ("hasMember  & demands", "position 12: unexpected '&'"),
        ("hasMember{2,1}", "position 10: {2,1} ends before it begins"),
        ("hasMember{}", "position 10: {} is no repetition"),
        ("hasMember{x}", "position 10: {x} is no repetition"),
        ("hasMember{9999}", "position 10: {9999} repeats more than"),
        ("^", "position 2: a relation or a group is missing here"),
        ("   ", "a relation or a group is missing here"),
        ("(" * 60 + "demands" + ")" * 60, "brackets are more than 50 deep"),
        ("hasMember{" + "9" * 800 + "}", "position 10: {999"),
        ("hasMember{" + "9" * 5_000 + "}", "position 1001: a pattern has at most 1,000 characters"),
        ("hasMember" + "*" * 900, "position 60: repetitions are more than 50 deep"),
        ("(" * 40 + "hasMember" + "+)" * 40 + "?" * 40, "repetitions are more than 50 deep"),
    ],
)
def test_a_mistake_is_named_with_its_position(story: Any, pattern: str, reason: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(reason)):
        accepts(story, pattern)


def test_a_refused_pattern_is_not_repeated_at_length(story: Any) -> None:
    with pytest.raises(ParameterError) as refused:
        accepts(story, "hasMember " * 5_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("pattern", ["(hasMember{200}){200}", "(hasMember|demands)* hasMember (hasMember|demands){14}"])
def test_a_pattern_that_unfolds_too_far_is_refused(story: Any, pattern: str) -> None:
    with pytest.raises(ParameterError, match="unfolds to more than"):
        accepts(story, pattern)
