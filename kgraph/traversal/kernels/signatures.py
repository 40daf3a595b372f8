"""The tuples of arrays that kernels share, as numba knows them in a signature."""

from __future__ import annotations

from typing import Any

from numba import types

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.space import Scan, Space
from kgraph.traversal.kernels.steptable import StepTable

BYTES, STAMPS, INT32, INT64 = types.uint8[::1], types.uint16[::1], types.int32[::1], types.int64[::1]
RECORDS = types.int32[:, ::1]
COSTS = types.int64[:, ::1]
NUMBER, TRUTH, NOTHING = types.int64, types.boolean, types.void

_tuple: Any = types.NamedTuple

TABLE = _tuple((INT64, INT32, INT32, INT64, INT32, INT32, INT32, RECORDS), StepTable)
LENS = _tuple((BYTES, BYTES, BYTES, BYTES, INT64), LensArrays)
WALK = _tuple((BYTES, INT32, BYTES, INT32, INT64), WalkArrays)
SCAN = _tuple((INT64, INT64, INT32, INT32, INT32, INT32, INT32, INT32, INT32), Scan)
SPACE = _tuple((STAMPS, INT32, INT32, INT32, INT32, INT32, INT32, INT32, INT64, INT64, SCAN), Space)
