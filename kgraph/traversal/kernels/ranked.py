"""The best of all shortest paths under a lens, in the order that `rank.py` and `enumeration.py` document.

Costs add up along a path, compared one after the other: hubs (of each node between the ends the bit length of its
degree), sources (the more the better), distance from quotation; then node by node from the source on, and step by step
between equal nodes. From the targets back, level by level, the least cost from each node and the first link with it
(Bellman's equation on the links of `shortestlinks.py`); the path then follows the links from the best source.

What all paths share is never worked out: a level of one node has no hub to weigh, a gap of one link no evidence.
"""

from __future__ import annotations

import numpy as np

from kgraph.traversal.kernels.asked import LensArrays, UInt8, WalkArrays
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.evidence import degrees, from_quotation, sources_at
from kgraph.traversal.kernels.limits import CHECK_EVERY, UNLIMITED
from kgraph.traversal.kernels.shortestlinks import EDGES, HELD, LENGTH, LINKS, MEETING, face, link, meet
from kgraph.traversal.kernels.signatures import (
    BYTES,
    COSTS,
    INT32,
    INT64,
    LENS,
    NOTHING,
    NUMBER,
    RECORDS,
    SPACE,
    TABLE,
    WALK,
)
from kgraph.traversal.kernels.space import BATCH, Space
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32, Int64

_WORST = 2**62
HUBS, REST, PASSED, BEST = range(4)
"""Of each node on a path, by its slot: the least hubs from here on, the least of the rest with these, the hubs with
this node itself, the first link with the least cost."""


@kernel(NUMBER(NUMBER, NUMBER, SPACE, INT32, INT64), inlined=True)
def slot_of(node: int, stamp: int, space: Space, nodes: Int32, used: Int64) -> int:
    """A node's slot, a new one the first time. `used[0]`: how many there are."""
    mark, note = space.mark, space.note
    if mark[node] != stamp + 4:
        mark[node], note[node] = stamp + 4, used[0]
        nodes[used[0]] = node
        used[0] += 1
    return int(note[node])


@kernel(NUMBER(TABLE, LENS, BYTES, NUMBER, NUMBER, SPACE, RECORDS, NUMBER, NUMBER, INT32, INT64, COSTS), within=True)
def settle(
    table: StepTable,
    lens: LensArrays,
    quotation: UInt8,
    deadline: int,
    stamp: int,
    space: Space,
    links: Int32,
    low: int,
    high: int,
    nodes: Int32,
    used: Int64,
    costs: Int64,
) -> int:
    """Of the nodes on the near side of the gap with the links `low:high`, the least costs. `used`: 0 how many slots
    there are, 1 where those of this level begin. Returns a `Verdict`, FOUND for done."""
    for i in range(low, high):  # the targets have no slots yet when their gap comes, first of all
        slot_of(links[i, 1], stamp, space, nodes, used)
    used[1] = used[0]
    for i in range(low, high):
        before = used[0]
        near = slot_of(links[i, 0], stamp, space, nodes, used)
        if used[0] > before:
            costs[near, HUBS], costs[near, REST], costs[near, BEST] = _WORST, _WORST, -1
        costs[near, HUBS] = min(costs[near, HUBS], costs[slot_of(links[i, 1], stamp, space, nodes, used), PASSED])
    for i in range(low, high):
        if i % CHECK_EVERY == 0 and is_over(deadline):
            return 3
        near, far = space.note[links[i, 0]], space.note[links[i, 1]]
        if costs[far, PASSED] > costs[near, HUBS]:
            continue
        step = links[i, 2] if links[i, 2] >= 0 else ~links[i, 2]
        rest = costs[far, REST]
        if high - low > 1:
            rest += from_quotation(table, lens, quotation, step) - (sources_at(table, lens, step) << 32)
        best = costs[near, BEST]
        if rest == costs[near, REST] and best >= 0:
            other = links[best, 2] if links[best, 2] >= 0 else ~links[best, 2]
            better = links[i, 1] < links[best, 1] or (links[i, 1] == links[best, 1] and step < other)
        else:
            better = rest < costs[near, REST]
        if better:
            costs[near, REST], costs[near, BEST] = rest, i
    for slot in range(used[1], used[0]):
        costs[slot, PASSED] = costs[slot, HUBS]
    return 1


@kernel(NUMBER(TABLE, LENS, WALK, NUMBER, SPACE, SPACE, INT32, INT32, INT64, COSTS), within=True)
def weigh_hubs(
    table: StepTable,
    lens: LensArrays,
    everywhere: WalkArrays,
    deadline: int,
    space: Space,
    spare: Space,
    degree: Int32,
    nodes: Int32,
    used: Int64,
    costs: Int64,
) -> int:
    """Add to the nodes of the level just settled what passing them costs; returns a `Verdict`, FOUND for done. Degrees
    that are not known yet are counted, and known from then on."""
    if used[0] - used[1] == 1:
        return 1
    todo, counts, size = spare.path, spare.behind, 0
    for slot in range(used[1], used[0]):
        if degree[nodes[slot]] == 0:
            todo[size], counts[size] = nodes[slot], 0
            size += 1
    edges = space.ends[EDGES]
    verdict = degrees(table, lens, everywhere, todo, size, counts, UNLIMITED, deadline, space)
    space.ends[EDGES] = edges
    if verdict != 1:
        return verdict
    for i in range(size):
        degree[todo[i]] = counts[i] + 1
    for slot in range(used[1], used[0]):
        left = degree[nodes[slot]] - 1
        while left > 0:
            costs[slot, PASSED] += 1
            left >>= 1
    return 1


@kernel(NOTHING(SPACE, RECORDS, INT32, INT64, COSTS), within=True)
def follow(space: Space, links: Int32, nodes: Int32, used: Int64, costs: Int64) -> None:
    """The best path: its nodes into `path`, its steps into `steps`."""
    best = used[1]
    for slot in range(used[1] + 1, used[0]):
        first, other = costs[slot], costs[best]
        if first[HUBS] != other[HUBS]:
            better = first[HUBS] < other[HUBS]
        elif first[REST] != other[REST]:
            better = first[REST] < other[REST]
        else:
            better = nodes[slot] < nodes[best]
        if better:
            best = slot
    size = 0
    space.path[0] = nodes[best]
    while costs[best, BEST] >= 0:
        over = links[costs[best, BEST]]
        space.steps[size] = over[2]
        size += 1
        space.path[size] = over[1]
        best = space.note[over[1]]
    space.ends[0] = size + 1


@kernel(NUMBER(TABLE, LENS, WALK, WALK, BYTES, INT32, INT32, INT32, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, SPACE))
def ranked(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    everywhere: WalkArrays,
    quotation: UInt8,
    degree: Int32,
    sources: Int32,
    targets: Int32,
    max_hops: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    space: Space,
    spare: Space,
) -> int:
    """Search; returns a `Verdict`; the path is told as `lensed.shortest` does. `everywhere`: all ways and all nodes,
    for counting degrees; `degree`, int32[n]: one more than those known, 0 for the rest. Counting them is no part of
    `max_edges`, as it depends on what was asked before."""
    ends, held = space.ends, spare.ahead
    verdict = meet(table, lens, walk, sources, targets, max_hops, max_edges, deadline, stamp, space, held)
    if verdict != 1:
        ends[0] = 0
        return verdict
    links = np.empty((4 * BATCH, 3), np.int32)
    length, met = ends[LENGTH], ends[HELD]
    bounds = np.zeros((length, 2), np.int64)
    for toward in range(2):
        low, high = 0, met
        gap = ends[MEETING] - 1 + toward
        while 0 <= gap < length:
            other_rows = face(table, walk, gap, toward, space, held, low, high)
            bounds[gap, 0], low = ends[LINKS], ends[HELD]
            while True:
                verdict = link(
                    table, lens, walk, gap, toward, other_rows, max_edges, deadline, stamp, space, held, links
                )
                if verdict != 0:
                    break
                links = np.concatenate((links, np.empty_like(links)))
            if verdict != 1:
                ends[0] = 0
                return verdict
            bounds[gap, 1], high = ends[LINKS], ends[HELD]
            gap += 2 * toward - 1
    nodes, used = np.empty(ends[HELD], np.int32), np.zeros(2, np.int64)
    costs = np.zeros((ends[HELD], 4), np.int64)
    costs[:, BEST] = -1
    for gap in range(length - 1, -1, -1):
        low, high = bounds[gap]
        verdict = settle(table, lens, quotation, deadline, stamp, space, links, low, high, nodes, used, costs)
        if verdict == 1 and gap > 0:
            verdict = weigh_hubs(table, lens, everywhere, deadline, space, spare, degree, nodes, used, costs)
        if verdict != 1:
            ends[0] = 0
            return verdict
    follow(space, links, nodes, used, costs)
    return 1
