"""Paths one at a time, in order of their cost."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from kgraph.model import Lens, PathQuestion
from kgraph.traversal import compile_lens
from kgraph.traversal.enumeration import Enumeration
from kgraph.traversal.rank import Ranking
from kgraph.traversal.walk import Budget, Rules


@pytest.fixture
def ladder(story: Any) -> Any:
    """Ten rungs with two ways each: a thousand shortest paths from n0 to n10."""
    for n in range(11):
        story.entity(f"n{n}")
    for n in range(10):
        story.claim(f"n{n}", "hasMember", f"n{n + 1}")
        story.claim(f"n{n}", "ledBy", f"n{n + 1}")
    return story


def enumeration(story: Any, weight: str | None = None, max_hops: int = 10) -> tuple[Enumeration, Budget]:
    lens = compile_lens(story.catalogue(), Lens())
    question = PathQuestion((story.iri("n0"),), (story.iri("n10"),), direction="forward", max_hops=max_hops)
    budget = Budget(1_000_000, 60_000)
    return Enumeration(Rules(lens, question, budget, lens.terrain), Ranking(lens, weight), budget, 1, max_hops), budget


def test_the_first_path_is_found_without_listing_the_others(ladder: Any) -> None:
    one, budget = enumeration(ladder)
    next(one.by_length())
    first = budget.edges
    whole, everything = enumeration(ladder)
    assert sum(1 for _ in whole.by_length()) == 2**10
    assert first * 10 < everything.edges


@pytest.mark.parametrize("weight", [None, "sources", "confidence", "hubs"])
def test_costs_never_fall_and_no_path_comes_twice(ladder: Any, weight: str | None) -> None:
    one, _ = enumeration(ladder, weight)
    found = list(islice(one.by_weight() if weight else one.by_length(), 200))
    assert [f.cost for f in found] == sorted(f.cost for f in found)
    assert len({f.steps for f in found}) == 200
    assert all(len(f.nodes) == len(f.steps) + 1 == len(f.forward) + 1 for f in found)


@pytest.mark.parametrize("weight", [None, "sources"])
def test_beyond_the_bound_there_is_nothing(ladder: Any, weight: str | None) -> None:
    one, _ = enumeration(ladder, weight, max_hops=9)
    assert list(one.by_weight() if weight else one.by_length()) == []
