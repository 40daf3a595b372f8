"""The monotonic clock inside a kernel: the C library's `clock_gettime`, called by name so that kernels can be kept.

It is the clock of `time.monotonic_ns()`, so a deadline taken in Python holds in a kernel.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

import numpy as np
from numba import types

from kgraph.traversal.kernels.compiling import kernel

_MONOTONIC = int(time.CLOCK_MONOTONIC)
_clock_gettime: Callable[[int, int], int] = cast(
    "Callable[[int, int], int]", types.ExternalFunction("clock_gettime", types.int32(types.int32, types.uintp))
)


@kernel("int64()")
def now() -> int:
    """Nanoseconds of the monotonic clock."""
    spec = np.empty(2, np.int64)  # struct timespec: seconds, nanoseconds
    _clock_gettime(_MONOTONIC, spec.ctypes.data)
    return int(spec[0] * 1_000_000_000 + spec[1])


@kernel("boolean(int64)")
def is_over(deadline: int) -> bool:
    """Whether a deadline in nanoseconds has passed; 0 is no deadline."""
    return deadline != 0 and now() > deadline
