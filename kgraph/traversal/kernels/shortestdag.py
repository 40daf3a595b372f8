"""All shortest paths at once: the nodes and edges that lie on any, as a graph without cycles (a DAG).

1. `meet`: breadth-first search from both ends, as for one path, but the level in which the sides meet is finished.
2. `keep`: from the meeting edges back to the source and on to the target, by the levels, the nodes on a shortest path.
3. `link`: from the source, level by level, each edge between kept nodes. A node's predecessors stand in the order in
   which a breadth-first search from the source alone would list them (so paths have the order of networkx), although
   only the nodes on shortest paths are looked at.
4. `paths`: the paths from the DAG, as many at a time as are asked for, by depth-first search from the target.

Stamps beside `stamp` (met from the source): +1 met from the target, +3 kept, +4 linked. Beside the stamp in `mark`:
while met, the distance from that end; once kept, that from the source; once linked, the node's place in the DAG.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.bidirectional import ahead_is_cheaper
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.limits import CHECK_EVERY

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@kernel(
    "int64(int64[::1], int32[::1], int64[::1], int32[::1], int64, int64, int64, int64, int64, int64, int32[::1],"
    " int32[::1], int32[::1], int64[::1])"
)
def meet(
    onward_indptr: Int64,
    onward_far: Int32,
    back_indptr: Int64,
    back_far: Int32,
    source: int,
    target: int,
    max_hops: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    mark: Int32,
    ahead: Int32,
    behind: Int32,
    ends: Int64,
) -> int:
    """Search; returns a `Verdict`. `ends`: 1 the edges looked at, 2 the length, 3 the kept nodes of the source's last
    level, which then stand first in `ahead`, 4 those of the target's, which stand first in `behind`."""
    ends[1] = ends[2] = ends[3] = ends[4] = 0
    mark[2 * source], mark[2 * source + 1] = stamp, 0
    if source == target:
        mark[2 * source] = stamp + 3
        ahead[0] = source
        ends[3] = 1
        return 1
    mark[2 * target], mark[2 * target + 1] = stamp + 1, 0
    ahead[0], behind[0] = source, target
    ahead_low, ahead_high, behind_low, behind_high = 0, 1, 0, 1
    ahead_at = ahead_cost = behind_at = behind_cost = 0
    scanned = check_at = 0
    for hops in range(max_hops):
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
            others = behind
        else:
            indptr, far, queue, low, high, mine = back_indptr, back_far, behind, behind_low, behind_high, stamp + 1
            others = ahead
        theirs = 2 * stamp + 1 - mine
        new = high
        near_kept = far_kept = 0
        level = mark[2 * queue[low] + 1] + 1
        for i in range(low, high):
            v = queue[i]
            meets = False
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
                if seen == theirs:
                    mark[2 * w] = stamp + 3
                    others[far_kept] = w
                    far_kept += 1
                    meets = True
                elif seen == stamp + 3:
                    meets = True
                elif seen != mine and far_kept == 0:
                    mark[2 * w], mark[2 * w + 1] = mine, level
                    queue[new] = w
                    new += 1
            if meets:
                queue[near_kept] = v
                near_kept += 1
        if far_kept > 0:
            length = hops + 1
            for i in range(near_kept):
                mark[2 * queue[i]] = stamp + 3
            ends[1], ends[2] = scanned, length
            ends[3], ends[4] = (near_kept, far_kept) if onward else (far_kept, near_kept)
            for i in range(ends[4]):
                w = behind[i]
                mark[2 * w + 1] = length - mark[2 * w + 1]
            return 1
        if new == high:
            break
        if onward:
            ahead_low, ahead_high, ahead_at, ahead_cost = high, new, high, 0
        else:
            behind_low, behind_high, behind_at, behind_cost = high, new, high, 0
    ends[1] = scanned
    return 0


@kernel(
    "int64(int64[::1], int32[::1], int64, int64, int64, int64, int64, int64, int64, int32[::1], int32[::1], int64[::1])"
)
def keep(
    indptr: Int64,
    far: Int32,
    kept: int,
    length: int,
    away: int,
    scanned: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    mark: Int32,
    queue: Int32,
    ends: Int64,
) -> int:
    """From the kept nodes `queue[:kept]` through nodes ever nearer to one end; returns a `Verdict`. `away` is 0 towards
    the source, 1 towards the target. `ends[1]` becomes the edges looked at in all, `ends[5]` the nodes kept."""
    low, new = 0, kept
    check_at = 0
    while low < new:
        v = queue[low]
        low += 1
        depth = mark[2 * v + 1]
        nearer = length - depth - 1 if away else depth - 1
        if nearer < 0:
            continue
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
            if mark[2 * w] == stamp + away and mark[2 * w + 1] == nearer:
                mark[2 * w], mark[2 * w + 1] = stamp + 3, depth + 1 if away else nearer
                queue[new] = w
                new += 1
    ends[1], ends[5] = scanned, new
    return 1


@kernel(
    "Tuple((int32[::1], int64[::1], int32[::1]))(int64[::1], int32[::1], int64, int64, int64, int64, int64, int64,"
    " int32[::1], int64[::1])"
)
def link(
    indptr: Int64,
    far: Int32,
    source: int,
    nodes: int,
    scanned: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    mark: Int32,
    ends: Int64,
) -> tuple[Int32, Int64, Int32]:
    """The DAG of `nodes` kept nodes: int32[nodes] in order from the source, `indptr` int64[nodes + 1] and the
    predecessors by their place, int32. `ends[0]` becomes a `Verdict`, `ends[1]` the edges looked at in all."""
    placed = np.empty(nodes, np.int32)
    last = np.empty(nodes, np.int32)
    starts = np.zeros(nodes + 1, np.int64)
    near, beyond = np.empty(4 * nodes, np.int32), np.empty(4 * nodes, np.int32)
    placed[0] = source
    mark[2 * source], mark[2 * source + 1] = stamp + 4, 0
    low, level_end, new, links = 0, 1, 1, 0
    depth = check_at = 0
    while low < new:
        if low == level_end:
            depth, level_end = depth + 1, new
        v = placed[low]
        for j in range(indptr[v], indptr[v + 1]):
            if scanned >= check_at:
                ends[0], ends[1] = 2 if scanned >= max_edges else 3, scanned
                if scanned >= max_edges or is_over(deadline):
                    return placed, starts, near
                check_at = min(max_edges, scanned + CHECK_EVERY)
            scanned += 1
            w = far[j]
            seen, place = mark[2 * w], mark[2 * w + 1]
            if seen == stamp + 3 and place == depth + 1:
                place = new
                mark[2 * w], mark[2 * w + 1] = stamp + 4, place
                placed[new] = w
                last[new] = -1
                new += 1
            elif seen != stamp + 4 or place < level_end or last[place] == low:
                continue
            last[place] = low
            if links == near.size:
                near = np.concatenate((near, np.empty(links, np.int32)))
                beyond = np.concatenate((beyond, np.empty(links, np.int32)))
            near[links], beyond[links] = low, place
            starts[place + 1] += 1
            links += 1
        low += 1
    for i in range(nodes):
        starts[i + 1] += starts[i]
    before = np.empty(links, np.int32)
    at = starts.copy()
    for i in range(links):
        before[at[beyond[i]]] = near[i]
        at[beyond[i]] += 1
    ends[0], ends[1] = 1, scanned
    return placed, starts, before


@kernel("int64(int32[::1], int64[::1], int32[::1], int64[::1], int32[:,::1])")
def paths(placed: Int32, starts: Int64, before: Int32, cursor: Int64, out: Int32) -> int:
    """The next paths, one a row of `out`, int32[rows, length + 1]; returns how many, fewer than rows at the end.

    `cursor`, int64[length + 2], keeps the place between calls: of each node on the way from the target which
    predecessor is next, and last the depth, -1 before the first path and -2 after the last. It comes filled with -1.
    """
    length = out.shape[1] - 1
    way = np.empty(length + 1, np.int32)
    depth = cursor[length + 1]
    if depth == -2:
        return 0
    way[0] = placed.size - 1
    if depth == -1:
        depth = 0
        cursor[0] = starts[way[0]]
    for i in range(depth):
        way[i + 1] = before[cursor[i] - 1]
    rows = 0
    while depth >= 0:
        v = way[depth]
        if depth == length:
            for i in range(length + 1):
                out[rows, length - i] = placed[way[i]]
            rows += 1
            depth -= 1
            if rows == out.shape[0]:
                break
        elif cursor[depth] < starts[v + 1]:
            way[depth + 1] = before[cursor[depth]]
            cursor[depth] += 1
            depth += 1
            cursor[depth] = starts[way[depth]]
        else:
            depth -= 1
    cursor[length + 1] = depth if depth >= 0 else -2
    return rows
