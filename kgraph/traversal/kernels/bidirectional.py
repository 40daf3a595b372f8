"""A shortest path by breadth-first search from both ends at once, level by level, the cheaper side first.

After Pohl (Bi-directional search, Machine Intelligence 6, 1971); that whole levels are finished before the sides change
makes the first meeting a shortest path. What a side costs is the edges its next level will look at; or, as networkx
counts it, the nodes of that level: then the path found is the very one that networkx finds in the same rows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.limits import CHECK_EVERY

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@kernel(
    "Tuple((boolean, int64, int64, int64, int64))(int64[::1], int32[::1], int64, int64, int64, int64[::1], int32[::1],"
    " int64, int64, int64)"
)
def ahead_is_cheaper(
    onward_indptr: Int64,
    ahead: Int32,
    ahead_at: int,
    ahead_high: int,
    ahead_cost: int,
    back_indptr: Int64,
    behind: Int32,
    behind_at: int,
    behind_high: int,
    behind_cost: int,
) -> tuple[bool, int, int, int, int]:
    """Whether the level ahead has no more edges than the one behind. Counted node by node on the side that has fewer so
    far, so that a long level is never counted to its end; with how far each is counted, and its edges up to there."""
    while True:
        if ahead_cost <= behind_cost:
            if ahead_at == ahead_high:
                return True, ahead_at, ahead_cost, behind_at, behind_cost
            v = ahead[ahead_at]
            ahead_cost += onward_indptr[v + 1] - onward_indptr[v]
            ahead_at += 1
        else:
            if behind_at == behind_high:
                return False, ahead_at, ahead_cost, behind_at, behind_cost
            v = behind[behind_at]
            behind_cost += back_indptr[v + 1] - back_indptr[v]
            behind_at += 1


@kernel("boolean(int32[::1], int64)")
def holds(nodes: Int32, node: int) -> bool:
    """Whether a short list has a node."""
    for other in nodes:  # noqa: SIM110 -- numba compiles loops
        if other == node:
            return True
    return False


@kernel("int64(int32[::1], int64, int64, int64, int64, int32[::1])")
def trace(mark: Int32, source: int, target: int, near: int, far: int, path: Int32) -> int:
    """The path over the meeting edge `near` → `far` from the parents in `mark`, into `path`; its number of nodes."""
    size = 1
    v = near
    while v != source:
        v = mark[2 * v + 1]
        size += 1
    at, v = size - 1, near
    while v != source:
        path[at] = v
        v = mark[2 * v + 1]
        at -= 1
    path[0] = source
    v = far
    path[size] = v
    size += 1
    while v != target:
        v = mark[2 * v + 1]
        path[size] = v
        size += 1
    return size


@kernel(
    "int64(int64[::1], int32[::1], int64[::1], int32[::1], int64, int64, int32[::1], int32[::1], int64, boolean,"
    " int64, int64, int64, int32[::1], int32[::1], int32[::1], int32[::1], int64[::1])"
)
def shortest(
    onward_indptr: Int64,
    onward_far: Int32,
    back_indptr: Int64,
    back_far: Int32,
    source: int,
    target: int,
    banned: Int32,
    blocked: Int32,
    max_hops: int,
    by_nodes: bool,
    max_edges: int,
    deadline: int,
    stamp: int,
    mark: Int32,
    ahead: Int32,
    behind: Int32,
    path: Int32,
    ends: Int64,
) -> int:
    """Search; returns a `Verdict`. `ends[0]` becomes the path's number of nodes, `ends[1]` the edges looked at.

    `banned`: nodes that may not follow the source at once; `blocked`: nodes that may not be on the path at all.
    """
    for v in blocked:
        mark[2 * v] = stamp + 2
    ends[0] = ends[1] = 0
    if source == target:
        path[0] = source
        ends[0] = 1
        return 1
    mark[2 * source], mark[2 * target] = stamp, stamp + 1
    ahead[0], behind[0] = source, target
    ahead_low, ahead_high, behind_low, behind_high = 0, 1, 0, 1
    ahead_at = ahead_cost = behind_at = behind_cost = 0
    scanned = check_at = 0
    for _ in range(max_hops):
        if by_nodes:
            onward = ahead_high - ahead_low <= behind_high - behind_low
        else:
            onward, ahead_at, ahead_cost, behind_at, behind_cost = ahead_is_cheaper(
                onward_indptr,
                ahead,
                ahead_at,
                ahead_high,
                ahead_cost,
                back_indptr,
                behind,
                behind_at,
                behind_high,
                behind_cost,
            )
        if onward:
            indptr, far, queue, low, high, mine = onward_indptr, onward_far, ahead, ahead_low, ahead_high, stamp
        else:
            indptr, far, queue, low, high, mine = back_indptr, back_far, behind, behind_low, behind_high, stamp + 1
        theirs = 2 * stamp + 1 - mine
        new = high
        for i in range(low, high):
            v = queue[i]
            for j in range(indptr[v], indptr[v + 1]):
                if scanned >= check_at:
                    ends[1] = scanned
                    if scanned >= max_edges:
                        return 2
                    if is_over(deadline):
                        return 3
                    check_at = min(max_edges, scanned + CHECK_EVERY)
                scanned += 1
                w = far[j]
                seen = mark[2 * w]
                if seen == mine or seen == stamp + 2:
                    continue
                if banned.size > 0 and (
                    (onward and v == source and holds(banned, w)) or (not onward and w == source and holds(banned, v))
                ):
                    continue
                if seen == theirs:
                    ends[1] = scanned
                    ends[0] = (
                        trace(mark, source, target, v, w, path) if onward else trace(mark, source, target, w, v, path)
                    )
                    return 1
                mark[2 * w] = mine
                mark[2 * w + 1] = v
                queue[new] = w
                new += 1
        if new == high:
            break
        if onward:
            ahead_low, ahead_high, ahead_at, ahead_cost = high, new, high, 0
        else:
            behind_low, behind_high, behind_at, behind_cost = high, new, high, 0
    ends[1] = scanned
    return 0
