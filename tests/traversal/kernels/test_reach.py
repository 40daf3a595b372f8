"""Where paths can lie, against distances by plain Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal.kernels.limits import Limits, Verdict

searches = settings(max_examples=400, deadline=None)


def ids(nodes: tuple[int, ...]) -> Any:
    return np.array(nodes, np.int32)


@searches
@given(data=st.data())
def test_a_corridor_has_the_steps_of_every_walk_that_is_short_enough(
    worlds: Any, two_ends: Any, data: st.DataObject
) -> None:
    world, (sources, targets), hops = data.draw(worlds), data.draw(two_ends), data.draw(st.integers(0, 6))
    expected = world.inside(sources, targets, hops)
    searcher, walk = world.searcher(), world.rules.arrays()
    answer = searcher.corridor(walk, ids(sources), ids(targets), hops)
    assert (answer.verdict, answer.steps.tolist()) == (Verdict.FOUND, sorted(expected))
    again = searcher.corridor(walk, ids(sources), ids(targets), hops, Limits(max_edges=answer.edges))
    assert again.steps.tolist() == sorted(expected)
    if answer.edges:
        cut = searcher.corridor(walk, ids(sources), ids(targets), hops, Limits(max_edges=answer.edges - 1))
        assert (cut.verdict, cut.steps.tolist()) == (Verdict.MAX_EDGES, [])


@searches
@given(data=st.data())
def test_no_path_leaves_its_corridor(worlds: Any, two_ends: Any, data: st.DataObject) -> None:
    world, (sources, targets), hops = data.draw(worlds), data.draw(two_ends), data.draw(st.integers(0, 6))
    steps = set(world.searcher().corridor(world.rules.arrays(), ids(sources), ids(targets), hops).steps.tolist())
    for _, moves in world.paths(sources, targets):
        assert len(moves) > hops or {step for step, _ in moves} <= steps


def test_a_source_that_is_a_target_has_its_cycles(make_searcher: Any) -> None:
    searcher, walk = make_searcher(4, [0, 1, 2, 0], [1, 2, 0, 3])
    steps = [searcher.corridor(walk, ids((0,)), ids((0,)), hops).steps.tolist() for hops in (0, 2, 3)]
    assert steps == [[], [], [0, 2, 3]]


def test_steps_beyond_the_first_room_are_all_told(make_searcher: Any) -> None:
    between = list(range(1, 3001))
    searcher, walk = make_searcher(3002, [0] * 3000 + between, between + [3001] * 3000)
    assert searcher.corridor(walk, ids((0,)), ids((3001,)), 2).steps.tolist() == list(range(6000))
    assert searcher.corridor(walk, ids((0,)), ids((3001,)), 1).steps.tolist() == []
    over = searcher.corridor(walk, ids((0,)), ids((3001,)), 2, Limits.within(ms=-1))
    assert (over.verdict, over.edges) == (Verdict.MAX_MS, 0)
