"""A shortest path under a lens: breadth-first from sources and targets, whole levels, the cheaper side first.

As `bidirectional.py` (after Pohl 1971), on a step table, with several sources and targets, and with relations that are
walked from subject to object, back, or both: a side then looks at two rows of each node. Rows in which no relation may
be walked are not looked at.

Stamps beside `stamp` (met from the sources): +1 met from the targets, +2 blocked. How a node was met stands beside the
queue, not beside its stamp: written one after the other it costs nothing. Nodes that may not be passed are met, but
neither expanded nor met by both sides.
"""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.bidirectional import holds
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.scanning import begin, fill, see, unmet, walked
from kgraph.traversal.kernels.signatures import INT32, INT64, LENS, NOTHING, NUMBER, SPACE, TABLE, TRUTH, WALK
from kgraph.traversal.kernels.space import BATCH, BATCHES, Space
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32, Int64


@kernel(NOTHING(WALK, INT32, INT32, NUMBER, SPACE), within=True)
def start(walk: WalkArrays, sources: Int32, targets: Int32, stamp: int, space: Space) -> None:
    """Mark and queue the ends, and mark what is blocked between them."""
    mark, sides = space.mark, space.sides
    for v in walk.blocked:
        mark[v] = stamp + 2
    for i in range(sources.size):
        space.ahead[i], space.ahead_from[2 * i + 1] = sources[i], -1
        mark[sources[i]] = stamp
    for i in range(targets.size):
        space.behind[i], space.behind_from[2 * i + 1] = targets[i], -1
        mark[targets[i]] = stamp + 1
    sides[:] = 0
    sides[1], sides[5] = sources.size, targets.size


@kernel(NUMBER(TABLE, NUMBER, NUMBER, INT32, INT64, NUMBER), inlined=True)
def count_on(table: StepTable, away: int, ways: int, queue: Int32, sides: Int64, side: int) -> int:
    """Count the steps of a few more nodes of a side's level; returns how many are counted by then."""
    begins, ends = sides[side + 2], min(sides[side + 2] + 16, sides[side + 1])
    cost = int(sides[side + 3])
    if ways & (1 << away):
        indptr = table.indptr
        for i in range(begins, ends):
            v = queue[i]
            cost += indptr[v + 1] - indptr[v]
    if ways & (2 >> away):
        indptr = table.back_indptr
        for i in range(begins, ends):
            v = queue[i]
            cost += indptr[v + 1] - indptr[v]
    sides[side + 2], sides[side + 3] = ends, cost
    return cost


@kernel(TRUTH(TABLE, NUMBER, INT32, INT32, INT64), inlined=True)
def ahead_is_cheaper(table: StepTable, ways: int, ahead: Int32, behind: Int32, sides: Int64) -> bool:
    """Whether the level ahead has no more steps than the one behind, counted only as far as is needed. `sides`: see
    `Space`."""
    ahead_cost, behind_cost = sides[3], sides[7]
    while True:
        if ahead_cost <= behind_cost:
            if sides[2] == sides[1]:
                return True
            ahead_cost = count_on(table, 0, ways, ahead, sides, 0)
        else:
            if sides[6] == sides[5]:
                return False
            behind_cost = count_on(table, 1, ways, behind, sides, 4)


@kernel(NUMBER(TABLE, NUMBER), inlined=True)
def step_at(table: StepTable, entry: int) -> int:
    """The step at a place in the rows."""
    if entry >= 0:
        return entry
    first = table.back[~entry]
    return int(table.step_of[first if first >= 0 else ~first])


@kernel(NUMBER(INT32, NUMBER, NUMBER), inlined=True)
def place_of(queue: Int32, high: int, node: int) -> int:
    """The place of a node among the first of a queue, looked for from the last of them on."""
    place = high - 1
    while queue[place] != node:
        place -= 1
    return place


@kernel(NUMBER(TABLE, NUMBER, NUMBER, NUMBER, NUMBER, SPACE), within=True)
def trace(table: StepTable, near: int, far: int, entry: int, away: int, space: Space) -> int:
    """The path over the meeting step at `entry`, from the place `near` in the queue of the one side to that of `far` in
    the other's: its nodes, and its steps, `~step` where one is walked from object to subject. Returns the number of
    nodes."""
    nodes, steps = space.path, space.steps
    front, back = (near, far) if away == 0 else (far, near)
    size, place = 0, front
    while place >= 0:
        place = space.ahead_from[2 * place + 1]
        size += 1
    at, place = size - 1, front
    while True:
        nodes[at] = space.ahead[place]
        over, place = space.ahead_from[2 * place], space.ahead_from[2 * place + 1]
        if place < 0:
            break
        at -= 1
        step = step_at(table, over)
        steps[at] = step if over >= 0 else ~step
    step = step_at(table, entry)
    steps[size - 1] = step if (entry >= 0) == (away == 0) else ~step
    place = back
    while True:
        nodes[size] = space.behind[place]
        over, place = space.behind_from[2 * place], space.behind_from[2 * place + 1]
        if place < 0:
            return size + 1
        step = step_at(table, over)
        steps[size] = step if over < 0 else ~step
        size += 1


@kernel(NUMBER(TABLE, LENS, WALK, INT32, INT32, NUMBER, NUMBER, NUMBER, NUMBER, SPACE), lent=True)
def shortest(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    sources: Int32,
    targets: Int32,
    max_hops: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    space: Space,
) -> int:
    """Search; returns a `Verdict`. Of `space`, `ends[0]` becomes the path's number of nodes, `ends[1]` the steps looked
    at; `path` its nodes, `steps` its steps, `~step` where one is walked from object to subject. No source is a target.
    """
    mark, ahead, behind = space.mark, space.ahead, space.behind
    ends, sides, scan = space.ends, space.sides, space.scan
    kind, kind_ok, ways = walk.kind, walk.kind_ok, walk.flags[0]
    ends[0] = ends[1] = 0
    start(walk, sources, targets, stamp, space)
    scanned = batches = 0
    for _ in range(max_hops):
        onward = ahead_is_cheaper(table, ways, ahead, behind, sides)
        side, away, mine = (0, 0, stamp) if onward else (4, 1, stamp + 1)
        queue, came = (ahead, space.ahead_from) if onward else (behind, space.behind_from)
        theirs = 2 * stamp + 1 - mine
        high = sides[side + 1]
        new = high
        begin(scan, sides[side], high)
        while True:
            room = min(BATCH, max_edges - scanned)
            count = fill(table, walk, away, queue, sides[side] == 0, max(1, room), scan)
            if count == 0:
                break
            if room <= 0 or (batches % BATCHES == 0 and is_over(deadline)):
                ends[1] = scanned
                return 2 if room <= 0 else 3
            batches += 1
            left = see(table, lens, scan, walked(table, walk, away, scan, count))
            left = unmet(mark, mine, stamp + 2, scan, left)
            for i in range(left):
                k = scan.chosen[i]
                w = scan.far[k]
                met = mark[w]
                if met == mine:
                    continue
                if met == theirs:
                    if kind_ok[kind[w]] == 0 and not holds(targets if onward else sources, w):
                        continue
                    there = place_of(behind, sides[5], w) if onward else place_of(ahead, sides[1], w)
                    ends[1] = scanned + k + 1
                    ends[0] = trace(table, scan.near[k], there, scan.entry[k], away, space)
                    return 1
                mark[w] = mine
                came[2 * new], came[2 * new + 1] = scan.entry[k], scan.near[k]
                queue[new] = w
                new += 1
            scanned += count
        if new == high:
            break
        sides[side], sides[side + 1], sides[side + 2], sides[side + 3] = high, new, high, 0
    ends[1] = scanned
    return 0
