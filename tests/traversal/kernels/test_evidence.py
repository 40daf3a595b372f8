"""What a lens leaves of steps, records and nodes, against plain Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal.kernels.limits import Limits, Verdict

searches = settings(max_examples=400, deadline=None)


@searches
@given(data=st.data())
def test_steps_are_seen_with_their_sources_and_nearest_quotation(worlds: Any, data: st.DataObject) -> None:
    world = data.draw(worlds)
    searcher, size = world.searcher(), len(world.steps)
    kept = [world.kept(step) for step in range(size)]
    assert searcher.seen(0, size).tolist() == [bool(records) for records in kept]
    sources, nearest = searcher.evidence(np.arange(size, dtype=np.int32)[::-1].copy())
    assert sources.tolist()[::-1] == [len({r.source for r in records}) for records in kept]
    quotation = searcher.quotation.tolist()
    assert nearest.tolist()[::-1] == [min((quotation[r.combo] for r in records), default=255) for records in kept]
    everything = [world.glass.keeps(record) for record in world.records]
    assert searcher.kept(0, len(everything)).tolist() == everything
    assert searcher.kept(1, len(everything)).tolist() == everything[1:] if everything else True


@searches
@given(data=st.data())
def test_a_degree_counts_the_steps_seen_and_a_loop_twice(worlds: Any, data: st.DataObject) -> None:
    world = data.draw(worlds)
    searcher = world.searcher()
    asked = data.draw(st.lists(st.integers(0, 6), max_size=10))
    for nodes in (asked, asked, list(range(7))):
        verdict, degrees = searcher.degrees(np.array(nodes, np.int32))
        assert verdict == Verdict.FOUND
        assert degrees.tolist() == [world.degree(node) for node in nodes]


def test_many_records_of_one_step_are_counted_by_their_sources(world: Any, told: Any) -> None:
    record, glass, _ = told
    many = [record(0, 0, 1, source=source) for source in (0, 1, 2) for _ in range(200)]
    for least, seen in ((1, 3), (3, 3), (4, 0)):
        sources, _ = world(many, glass(min_sources=least)).searcher().evidence(np.array([0], np.int32))
        assert sources.tolist() == [seen]


def test_a_limit_leaves_degrees_unknown_and_says_so(world: Any, told: Any) -> None:
    record, _, _ = told
    searcher = world([record(0, 0, far) for far in range(1, 7)]).searcher()
    hub = np.array([0], np.int32)
    verdict, degrees = searcher.degrees(hub, Limits(max_edges=5))
    assert (verdict, degrees.tolist()) == (Verdict.MAX_EDGES, [-1])
    verdict, degrees = searcher.degrees(hub, Limits.within(ms=-1))
    assert (verdict, degrees.tolist()) == (Verdict.MAX_MS, [-1])
    assert searcher.degrees(hub, Limits(max_edges=6))[1].tolist() == [6]
