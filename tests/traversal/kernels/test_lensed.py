"""Shortest paths under a lens against networkx, on what plain Python sees through the lens."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal.kernels.limits import Limits, Verdict

searches = settings(max_examples=400, deadline=None)


def ids(nodes: tuple[int, ...]) -> Any:
    return np.array(nodes, np.int32)


@searches
@given(data=st.data())
def test_a_shortest_path_is_found_exactly_where_one_is_seen(worlds: Any, two_ends: Any, data: st.DataObject) -> None:
    world, (sources, targets) = data.draw(worlds), data.draw(two_ends)
    lengths = [len(steps) for _, steps in world.paths(sources, targets)]
    answer = world.searcher().shortest(world.rules.arrays(), ids(sources), ids(targets))
    if not lengths:
        assert (answer.verdict, answer.nodes, answer.steps) == (Verdict.NONE, [], [])
        return
    assert answer.verdict == Verdict.FOUND
    assert len(answer.steps) == len(answer.forward) == len(answer.nodes) - 1 == min(lengths)
    assert (answer.nodes, list(zip(answer.steps, answer.forward, strict=True))) in world.paths(sources, targets)


@searches
@given(data=st.data())
def test_no_path_is_longer_than_it_may_be(worlds: Any, two_ends: Any, data: st.DataObject) -> None:
    world, (sources, targets), hops = data.draw(worlds), data.draw(two_ends), data.draw(st.integers(0, 4))
    shortest = min((len(steps) for _, steps in world.paths(sources, targets)), default=99)
    answer = world.searcher().shortest(world.rules.arrays(), ids(sources), ids(targets), max_hops=hops)
    assert (answer.verdict == Verdict.FOUND) == (shortest <= hops)


@searches
@given(data=st.data())
def test_what_is_asked_again_is_answered_alike(worlds: Any, two_ends: Any, data: st.DataObject) -> None:
    world, (sources, targets) = data.draw(worlds), data.draw(two_ends)
    searcher, walk = world.searcher(), world.rules.arrays()
    first = searcher.shortest(walk, ids(sources), ids(targets))
    assert searcher.shortest(walk, ids(sources), ids(targets)) == first
    assert searcher.shortest(walk, ids(sources), ids(targets), Limits(max_edges=first.edges)) == first
    if first.edges:
        assert searcher.shortest(walk, ids(sources), ids(targets), Limits(first.edges - 1)).verdict == Verdict.MAX_EDGES


def test_a_node_that_may_not_be_passed_can_be_an_end(world: Any, told: Any) -> None:
    record, _, rules = told
    line = [record(0, 0, 1), record(1, 0, 2), record(2, 0, 3)]
    leaf = rules(kind=(0, 1, 0, 0, 0, 0, 0), kind_ok=(True, False, True))
    searcher = world(line, rules=leaf).searcher()
    assert searcher.shortest(leaf.arrays(), ids((0,)), ids((1,))).nodes == [0, 1]
    assert searcher.shortest(leaf.arrays(), ids((1,)), ids((3,))).nodes == [1, 2, 3]
    assert searcher.shortest(leaf.arrays(), ids((0,)), ids((3,))).verdict == Verdict.NONE
    around = rules(blocked=(2,))
    assert searcher.shortest(around.arrays(), ids((0,)), ids((2,))).nodes == [0, 1, 2]
    assert searcher.shortest(around.arrays(), ids((0,)), ids((3,))).verdict == Verdict.NONE


@pytest.mark.parametrize(("way", "rows"), [(1, 1), (2, 1), (3, 2)])
def test_rows_that_may_not_be_walked_are_not_looked_at(world: Any, told: Any, way: int, rows: int) -> None:
    record, _, rules = told
    star = [record(0, 0, far) for far in range(1, 7)] + [record(far, 0, 0) for far in range(1, 7)]
    searcher = world(star).searcher()
    answer = searcher.shortest(rules(way=(way,) * 3).arrays(), ids((0,)), ids((6,)), max_hops=1)
    assert answer.nodes == [0, 6]
    assert answer.edges <= 6 * rows


def test_a_limit_of_edges_is_exact_and_says_so(make_searcher: Any) -> None:
    line, walk = make_searcher(1000, list(range(999)), list(range(1, 1000)))
    whole = line.shortest(walk, ids((0,)), ids((999,)))
    assert (whole.verdict, whole.edges) == (Verdict.FOUND, 999)
    cut = line.shortest(walk, ids((0,)), ids((999,)), Limits(max_edges=998))
    assert (cut.verdict, cut.nodes, cut.edges) == (Verdict.MAX_EDGES, [], 998)
    over = line.shortest(walk, ids((0,)), ids((999,)), Limits.within(ms=-1))
    assert (over.verdict, over.edges) == (Verdict.MAX_MS, 0)
