"""The steps of a corridor, taken from the nodes that both sides of the search have met."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.lensing import LENS_TYPES, allows
from kgraph.traversal.kernels.limits import CHECK_EVERY

UInt8 = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@kernel(
    "int32[::1](int64, int64, int64[::1], int32[::1], int32[::1], int64[::1], int32[::1], int32[::1], int32[::1],"
    f" uint8[::1], int64, int32[::1], int32[::1], int64, int32[::1], int64[::1], {LENS_TYPES})"
)
def taken(
    met: int,
    hops: int,
    onward_indptr: Int64,
    onward_far: Int32,
    onward_step: Int32,
    back_indptr: Int64,
    back_far: Int32,
    back_step: Int32,
    predicate: Int32,
    way: UInt8,
    ahead_stamp: int,
    ahead: Int32,
    queue: Int32,
    behind_stamp: int,
    behind: Int32,
    counters: Int64,
    known: UInt8,
    layer: UInt8,
    starts: Int64,
    columns: Int32,
    confidence: Float64,
    spoken: Int64,
    agents: Int32,
    code_ok: UInt8,
    article_ok: UInt8,
    agent_is: UInt8,
    bounds: Int64,
    least: float,
) -> Int32:
    """The steps between nodes of `queue[:met]` and others of the corridor on walks of at most `hops`; one that may be
    walked both ways may come twice. `counters[4]` becomes a `Verdict`, 1 when these are all."""
    out = np.empty(64, np.int32)
    size = 0
    counters[4] = 1
    for i in range(met):
        v = queue[i]
        if behind[2 * v] != behind_stamp or ahead[2 * v + 1] + behind[2 * v + 1] > hops:
            continue
        for turn in range(2):
            if turn == 0:
                indptr, far, steps = onward_indptr, onward_far, onward_step
            else:
                indptr, far, steps = back_indptr, back_far, back_step
            for j in range(indptr[v], indptr[v + 1]):
                if counters[0] >= counters[3]:
                    counters[4] = 2 if counters[0] >= counters[1] else 3
                    if counters[4] == 2 or is_over(counters[2]):
                        return out[:size].copy()
                    counters[4] = 1
                    counters[3] = min(counters[1], counters[0] + CHECK_EVERY)
                counters[0] += 1
                w = far[j]
                if (
                    behind[2 * w] != behind_stamp
                    or ahead[2 * v + 1] + 1 + behind[2 * w + 1] > hops
                    or ahead[2 * w] != ahead_stamp
                    or way[predicate[steps[j]]] & (1 << turn) == 0
                ):
                    continue
                if not allows(
                    steps[j],
                    known,
                    layer,
                    starts,
                    columns,
                    confidence,
                    spoken,
                    agents,
                    code_ok,
                    article_ok,
                    agent_is,
                    bounds,
                    least,
                ):
                    continue
                if size == out.size:
                    out = np.concatenate((out, np.empty(size, np.int32)))
                out[size] = steps[j]
                size += 1
    return out[:size].copy()
