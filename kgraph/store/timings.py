"""How long something took, each time, told apart by bounds: what a histogram needs, however often it happened."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from kgraph.model import Durations

BOUNDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Seconds."""


class Timings:
    """One is written, others may read."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0

    def add(self, seconds: float) -> None:
        """It took so long."""
        self._counts[bisect_left(BOUNDS, seconds)] += 1
        self._seconds += seconds

    def told(self) -> Durations:
        """All of them."""
        *within, count = accumulate(self._counts)
        return Durations(BOUNDS, tuple(within), count, self._seconds)
