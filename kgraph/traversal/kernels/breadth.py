"""How far every node is from one: breadth-first search, nodes in the order in which they are met."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.limits import CHECK_EVERY

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@kernel(
    "int64(int64[::1], int32[::1], int64, int64, int64, int64, int64, int32[::1], int32[::1], int32[::1], int64[::1])"
)
def distances(
    indptr: Int64,
    far: Int32,
    source: int,
    cutoff: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    mark: Int32,
    queue: Int32,
    levels: Int32,
    ends: Int64,
) -> int:
    """Search; returns a `Verdict` (FOUND when it came to its end). `queue` gets the nodes met and `levels` their
    distances, `ends[0]` becomes their number, `ends[1]` the edges looked at."""
    mark[2 * source] = stamp
    queue[0] = source
    levels[0] = 0
    low, new = 0, 1
    scanned = check_at = 0
    while low < new:
        v = queue[low]
        level = levels[low] + 1
        low += 1
        if level > cutoff:
            break
        for j in range(indptr[v], indptr[v + 1]):
            if scanned >= check_at:
                ends[0], ends[1] = new, scanned
                if scanned >= max_edges:
                    return 2
                if is_over(deadline):
                    return 3
                check_at = min(max_edges, scanned + CHECK_EVERY)
            scanned += 1
            w = far[j]
            if mark[2 * w] != stamp:
                mark[2 * w] = stamp
                queue[new] = w
                levels[new] = level
                new += 1
    ends[0], ends[1] = new, scanned
    return 1
