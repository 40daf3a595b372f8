"""The best of all shortest paths against every path by plain Python, in the order of the documented ranking."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal.kernels.limits import UNLIMITED, Limits, Verdict

searches = settings(max_examples=600, deadline=None)


def ids(nodes: tuple[int, ...]) -> Any:
    return np.array(nodes, np.int32)


@searches
@given(data=st.data())
def test_the_best_of_all_shortest_paths_is_found(worlds: Any, two_ends: Any, data: st.DataObject) -> None:
    world, (sources, targets) = data.draw(worlds), data.draw(two_ends)
    paths = world.paths(sources, targets)
    answer = world.searcher().ranked(world.rules.arrays(), ids(sources), ids(targets))
    if not paths:
        assert (answer.verdict, answer.nodes, answer.steps) == (Verdict.NONE, [], [])
        return
    least = min(len(moves) for _, moves in paths)
    best = min((path for path in paths if len(path[1]) == least), key=lambda path: world.cost(*path))
    assert answer.verdict == Verdict.FOUND
    assert (answer.nodes, list(zip(answer.steps, answer.forward, strict=True))) == best


@searches
@given(data=st.data())
def test_what_was_asked_before_changes_nothing(worlds: Any, two_ends: Any, data: st.DataObject) -> None:
    world, (sources, targets), hops = data.draw(worlds), data.draw(two_ends), data.draw(st.integers(0, 4))
    searcher, walk = world.searcher(), world.rules.arrays()
    first = searcher.ranked(walk, ids(sources), ids(targets), max_hops=hops)
    assert first.verdict == searcher.shortest(walk, ids(sources), ids(targets), max_hops=hops).verdict
    searcher.ranked(walk, ids(targets), ids(sources))
    assert searcher.ranked(walk, ids(sources), ids(targets), Limits(max_edges=first.edges), max_hops=hops) == first
    if first.edges:
        cut = searcher.ranked(walk, ids(sources), ids(targets), Limits(first.edges - 1), max_hops=hops)
        assert (cut.verdict, cut.nodes) == (Verdict.MAX_EDGES, [])


@pytest.fixture(scope="module")
def ladder(make_searcher: Any) -> Any:
    """Sixty rungs of two nodes, each beside both of the next by two relations: 2 to the 119th shortest paths."""
    near, far = [0, 0], [1, 2]
    for rung in range(59):
        for a in (2 * rung + 1, 2 * rung + 2):
            near += [a, a]
            far += [2 * rung + 3, 2 * rung + 4]
    return make_searcher(122, [*near, 119, 120], [*far, 121, 121], relations=2)


def test_paths_beyond_counting_are_ranked_without_listing_them(ladder: Any) -> None:
    searcher, walk = ladder
    answer = searcher.ranked(walk, ids((0,)), ids((121,)))
    assert answer.nodes == [0, *range(1, 120, 2), 121]
    assert answer.edges < 4 * len(searcher.table.far)
    over = searcher.ranked(walk, ids((0,)), ids((121,)), Limits.within(ms=-1))
    assert (over.verdict, over.nodes, over.edges) == (Verdict.MAX_MS, [], 0)


def test_many_links_of_one_gap_are_all_compared(make_searcher: Any) -> None:
    between = list(range(1, 3001))
    searcher, walk = make_searcher(3002, [0] * 3000 + between, between + [3001] * 3000)
    answer = searcher.ranked(walk, ids((0,)), ids((3001,)))
    assert answer.nodes == [0, 1, 3001]


def test_a_hub_between_two_of_its_members_costs_what_the_search_does(make_searcher: Any) -> None:
    searcher, walk = make_searcher(5001, [0] * 5000, list(range(1, 5001)), way=3)
    answer = searcher.ranked(walk, ids((1,)), ids((2,)), Limits(UNLIMITED))
    assert (answer.nodes, answer.forward) == ([1, 0, 2], [False, True])
    assert answer.edges < 10
