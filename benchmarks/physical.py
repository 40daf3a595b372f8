"""What the machine can do at best: how fast one thread reads numbers that lie anywhere in an array.

A search that looks at every edge once cannot be faster than `gathers`, which reads places known beforehand, so that
many reads are under way at once; one that follows a single chain cannot be faster than `chained`, where each place is
told by the number read before.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]


@numba.njit(cache=True)
def _gathered(values: Int32, places: Int32) -> int:
    total = 0
    for place in places:
        total += values[place]
    return total


@numba.njit(cache=True)
def _followed(values: Int32, steps: int) -> int:
    place = 0
    for _ in range(steps):
        place = values[place]
    return place


@dataclass(frozen=True)
class Limit:
    """Nanoseconds of one read of four bytes, over an array of `numbers` of them."""

    numbers: int
    gathers: float
    chained: float

    def __str__(self) -> str:
        return (
            f"Physical limit, one thread, int32[{self.numbers:,}] ({self.numbers / 2**18:,.0f} MiB): "
            f"{1e3 / self.gathers:,.0f} M random gathers a second ({self.gathers:.2f} ns each); "
            f"{self.chained:.1f} ns where each waits for the one before."
        )


def limit(numbers: int, reads: int = 4_000_000) -> Limit:
    """Measured now, the best of five."""
    random = np.random.default_rng(1)
    cycle = np.empty(numbers, np.int32)
    order = random.permutation(numbers).astype(np.int32)
    cycle[order] = np.roll(order, -1)
    places = random.integers(0, numbers, reads).astype(np.int32)
    _gathered(cycle, places[:10])
    _followed(cycle, 10)
    gathers = min(_took(lambda: _gathered(cycle, places)) for _ in range(5)) / reads
    chained = min(_took(lambda: _followed(cycle, reads // 4)) for _ in range(5)) / (reads // 4)
    return Limit(numbers, gathers, chained)


def _took(call: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    call()
    return float(time.perf_counter_ns() - began)
