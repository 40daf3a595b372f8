"""Everything near a node against a plain walk, breadth first, in the same order."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal.kernels.limits import Limits, Verdict

searches = settings(max_examples=400, deadline=None)

Taken = list[tuple[int, bool, int, int]]


def walk(world: Any, centre: int, hops: int, enter_ok: list[bool]) -> tuple[dict[int, int], Taken]:
    """As `neighbourhood.walk` does it: nodes with distances; (step, forward, distance, far)."""
    rules, steps = world.rules, [(step, *world.steps[step]) for step in world.seen()]
    distances, frontier, taken = {centre: 0}, [centre], dict[int, tuple[int, bool, int, int]]()
    for distance in range(hops):
        entered = []
        for node in frontier:
            if distance and not rules.kind_ok[rules.kind[node]]:
                continue
            beside = [(s, True, o) for s, a, p, o in steps if a == node and rules.way[p] & 1]
            beside += [(s, False, a) for s, a, p, o in steps if o == node and rules.way[p] & 2]
            for step, forward, far in beside:
                if step in taken or not (far == centre or enter_ok[rules.kind[far]]):
                    continue
                taken[step] = (step, forward, distance, far)
                if far not in distances:
                    distances[far] = distance + 1
                    entered.append(far)
        frontier = entered
    return distances, list(taken.values())


@searches
@given(data=st.data())
def test_a_neighbourhood_is_that_of_a_plain_walk(worlds: Any, data: st.DataObject) -> None:
    world, centre, hops = data.draw(worlds), data.draw(st.integers(0, 6)), data.draw(st.integers(0, 4))
    enter_ok = data.draw(st.one_of(st.none(), st.lists(st.booleans(), min_size=3, max_size=3)))
    distances, taken = walk(world, centre, hops, enter_ok or [True] * 3)
    searcher, rules = world.searcher(), world.rules.arrays()
    wanted = np.array([] if enter_ok is None else enter_ok, np.uint8)
    answer = searcher.around(rules, centre, hops, enter_ok=wanted)
    assert answer.verdict == Verdict.FOUND
    assert dict(zip(answer.nodes.tolist(), answer.distances.tolist(), strict=True)) == distances
    assert answer.nodes.tolist() == list(distances)
    columns = (answer.steps, answer.forward, answer.distance, answer.far)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == taken
    if answer.edges:
        cut = searcher.around(rules, centre, hops, Limits(max_edges=answer.edges - 1), enter_ok=wanted)
        assert cut.verdict == Verdict.MAX_EDGES
        assert cut.steps.tolist() == answer.steps.tolist()[: len(cut.steps)]


def test_all_steps_of_a_hub_are_told(make_searcher: Any) -> None:
    searcher, rules = make_searcher(5001, [0] * 5000, list(range(1, 5001)), way=3)
    answer = searcher.around(rules, 0, 2)
    assert answer.steps.tolist() == list(range(5000))
    assert answer.nodes.tolist() == list(range(5001))
    assert answer.edges == 10_000
    from_member = searcher.around(rules, 7, 2)
    assert (from_member.nodes[:2].tolist(), from_member.nodes.size) == ([7, 0], 5001)
    assert not from_member.forward[0]
    assert from_member.forward[1:].all()


def test_a_deadline_that_is_over_is_told_before_anything_is_looked_at(make_searcher: Any) -> None:
    searcher, rules = make_searcher(3, [0, 1], [1, 2])
    over = searcher.around(rules, 0, 2, Limits.within(ms=-1))
    assert (over.verdict, over.edges, over.nodes.tolist(), over.steps.tolist()) == (Verdict.MAX_MS, 0, [0], [])
