"""The steps that lie on any walk of at most so many hops between two sets of nodes, under a lens.

Breadth-first from both sides, the cheaper level first, until the levels of both add up to the hops: any such walk is
then covered, its beginning by the one side, its end by the other. Each side then goes on, only to nodes that the other
has met and near enough to it. What remains are the nodes whose distances from both sides add up to no more than the
hops, found without ever looking at the rest of the graph; and between them the steps that do not exceed the hops.

The corridor may hold steps that further rules (patterns, nodes to pass, hubs to avoid) forbid: it is where to look, and
when it is empty there is nothing to be found.
"""

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

_ROWS_TYPES = "int64[::1], int32[::1], int32[::1], int64[::1], int32[::1], int32[::1]"


@kernel(
    f"int64(int64, int64, int64, int64, int64, {_ROWS_TYPES}, int32[::1], uint8[::1], int32[::1], uint8[::1],"
    f" int64, int32[::1], int64, int32[::1], int32[::1], int64[::1], {LENS_TYPES})"
)
def expand(
    low: int,
    high: int,
    level: int,
    away: int,
    within: int,
    onward_indptr: Int64,
    onward_far: Int32,
    onward_step: Int32,
    back_indptr: Int64,
    back_far: Int32,
    back_step: Int32,
    predicate: Int32,
    way: UInt8,
    kind: Int32,
    kind_ok: UInt8,
    stamp: int,
    mark: Int32,
    other_stamp: int,
    other: Int32,
    queue: Int32,
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
) -> int:
    """One level of one side (`away` 0 from the sources, 1 from the targets): the nodes beside `queue[low:high]` that
    were not met; returns the new end of the queue, or -2 or -3, a limit as `Verdict`. With `within` >= 0 only nodes
    that the other side met, and within so many hops in all. `counters`: edges looked at, most, deadline, next check."""
    new = high
    for i in range(low, high):
        v = queue[i]
        if level > 1 and not kind_ok[kind[v]]:
            continue
        for turn in range(2):
            if turn == 0:
                indptr, far, steps = onward_indptr, onward_far, onward_step
            else:
                indptr, far, steps = back_indptr, back_far, back_step
            bit = 1 << (turn ^ away)
            for j in range(indptr[v], indptr[v + 1]):
                if counters[0] >= counters[3]:
                    if counters[0] >= counters[1]:
                        return -2
                    if is_over(counters[2]):
                        return -3
                    counters[3] = min(counters[1], counters[0] + CHECK_EVERY)
                counters[0] += 1
                w = far[j]
                if mark[2 * w] == stamp or way[predicate[steps[j]]] & bit == 0:
                    continue
                if within >= 0 and (other[2 * w] != other_stamp or other[2 * w + 1] + level > within):
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
                mark[2 * w], mark[2 * w + 1] = stamp, level
                queue[new] = w
                new += 1
    return new


@kernel(
    f"int64(int32[::1], int32[::1], int64, {_ROWS_TYPES}, int32[::1], uint8[::1], int32[::1], uint8[::1],"
    f" int64, int32[::1], int32[::1], int64, int32[::1], int32[::1], int64[::1], {LENS_TYPES})"
)
def corridor(
    sources: Int32,
    targets: Int32,
    hops: int,
    onward_indptr: Int64,
    onward_far: Int32,
    onward_step: Int32,
    back_indptr: Int64,
    back_far: Int32,
    back_step: Int32,
    predicate: Int32,
    way: UInt8,
    kind: Int32,
    kind_ok: UInt8,
    ahead_stamp: int,
    ahead: Int32,
    ahead_queue: Int32,
    behind_stamp: int,
    behind: Int32,
    behind_queue: Int32,
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
) -> int:
    """Mark the nodes of the corridor: those met from both sides, in `ahead` and `behind`. Returns how many stand in
    `ahead_queue` (those met from the sources, from which the caller takes the steps), or -2 or -3."""
    for v in sources:
        ahead[2 * v], ahead[2 * v + 1] = ahead_stamp, 0
    for v in targets:
        behind[2 * v], behind[2 * v + 1] = behind_stamp, 0
    ahead_queue[: sources.size] = sources
    behind_queue[: targets.size] = targets
    ahead_low, ahead_high, behind_low, behind_high = 0, sources.size, 0, targets.size
    ahead_level, behind_level = 0, 0
    for _ in range(2 * hops):
        wide = ahead_level + behind_level < hops
        if wide:
            ahead_edges, behind_edges = 0, 0
            for i in range(ahead_low, ahead_high):
                v = ahead_queue[i]
                ahead_edges += onward_indptr[v + 1] - onward_indptr[v] + back_indptr[v + 1] - back_indptr[v]
            for i in range(behind_low, behind_high):
                v = behind_queue[i]
                behind_edges += onward_indptr[v + 1] - onward_indptr[v] + back_indptr[v + 1] - back_indptr[v]
            from_sources = ahead_edges <= behind_edges
        else:
            from_sources = ahead_level < hops
        if not from_sources and behind_level >= hops:
            break
        within = -1 if wide else hops
        if from_sources:
            ahead_level += 1
            new = expand(
                ahead_low,
                ahead_high,
                ahead_level,
                0,
                within,
                onward_indptr,
                onward_far,
                onward_step,
                back_indptr,
                back_far,
                back_step,
                predicate,
                way,
                kind,
                kind_ok,
                ahead_stamp,
                ahead,
                behind_stamp,
                behind,
                ahead_queue,
                counters,
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
            )
            if new < 0:
                return new
            ahead_low, ahead_high = ahead_high, new
        else:
            behind_level += 1
            new = expand(
                behind_low,
                behind_high,
                behind_level,
                1,
                within,
                onward_indptr,
                onward_far,
                onward_step,
                back_indptr,
                back_far,
                back_step,
                predicate,
                way,
                kind,
                kind_ok,
                behind_stamp,
                behind,
                ahead_stamp,
                ahead,
                behind_queue,
                counters,
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
            )
            if new < 0:
                return new
            behind_low, behind_high = behind_high, new
    return ahead_high
