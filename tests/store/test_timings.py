"""A histogram that does not grow."""

from __future__ import annotations

from kgraph.store.timings import BOUNDS, Timings


def test_each_time_counts_in_every_bound_that_it_keeps() -> None:
    timings = Timings()
    for seconds in (0.0005, 0.001, 0.002, 9.0):
        timings.add(seconds)
    told = timings.told()
    assert told.bounds == BOUNDS
    assert told.within == (2, 3, 3, 3, 3, 3, 3, 3)
    assert told.count == 4
    assert told.seconds == 9.0035
