"""The steps on any walk of at most so many hops between two sets of nodes, under a lens: where paths can lie.

Breadth-first from both sides, the cheaper level first, until the levels of both add up to the hops: any such walk is
then covered, its beginning by the one side, its end by the other. Each side then goes on, only to nodes that the other
has met and near enough to it. What remains are the nodes whose distances from both sides add up to no more than the
hops, found without ever looking at the rest of the graph; and between them the steps that do not exceed the hops.

Each side has a space of its own. Stamps beside `stamp` (met from that side): +2 blocked; an end of the other side that
is blocked between the ends has +3 until it is met, and +1 from then on. `note`: the distance from that side's ends.
"""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.lensed import ahead_is_cheaper, step_at
from kgraph.traversal.kernels.scanning import begin, fill, see, unmet, walked
from kgraph.traversal.kernels.signatures import INT32, LENS, NOTHING, NUMBER, SCAN, SPACE, STAMPS, TABLE, TRUTH, WALK
from kgraph.traversal.kernels.space import BATCH, BATCHES, Scan, Space, Stamps
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32


@kernel(NOTHING(WALK, INT32, INT32, NUMBER, SPACE), within=True)
def start(walk: WalkArrays, nodes: Int32, others: Int32, stamp: int, space: Space) -> None:
    """Mark and queue the ends of one side, and mark what is blocked."""
    mark, note = space.mark, space.note
    for v in walk.blocked:
        mark[v] = stamp + 2
    for v in others:
        if mark[v] == stamp + 2:
            mark[v] = stamp + 3
    for i in range(nodes.size):
        space.ahead[i] = nodes[i]
        mark[nodes[i]], note[nodes[i]] = stamp, 0


@kernel(NUMBER(STAMPS, INT32, NUMBER, NUMBER, SCAN, NUMBER), inlined=True)
def near_enough(mark: Stamps, note: Int32, stamp: int, most: int, scan: Scan, count: int) -> int:
    """Of the chosen, keep those whose far node the other side met at most so far from it; returns how many are left."""
    chosen, far = scan.chosen, scan.far
    left = 0
    for i in range(count):
        k = chosen[i]
        w = far[k]
        chosen[left] = k
        if mark[w] == stamp:
            left += note[w] <= most
    return left


@kernel(
    NUMBER(TABLE, LENS, WALK, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, SPACE, NUMBER, SPACE, NUMBER),
    within=True,
)
def expand(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    away: int,
    level: int,
    most: int,
    max_edges: int,
    deadline: int,
    space: Space,
    side: Space,
    stamp: int,
    other: Space,
    other_stamp: int,
) -> int:
    """One level of one side: queue the nodes beside the last one's that were not met; returns a `Verdict`, FOUND when
    it came to its end. With `most` >= 0 only nodes that the other side met, at most so far from it. `space.ends`:
    1 steps looked at, 2 batches."""
    scan, ends, sides = space.scan, space.ends, space.sides
    mark, note, queue = side.mark, side.note, side.ahead
    at = 4 * away
    new = sides[at + 1]
    begin(scan, sides[at], new)
    while True:
        room = min(BATCH, max_edges - ends[1])
        count = fill(table, walk, away, queue, level == 1, max(1, room), scan)
        if count == 0:
            break
        if room <= 0 or (ends[2] % BATCHES == 0 and is_over(deadline)):
            return 2 if room <= 0 else 3
        ends[1] += count
        ends[2] += 1
        left = count
        if most >= 0:
            left = near_enough(
                other.mark, other.note, other_stamp, most, scan, unmet(mark, stamp, stamp + 2, scan, left)
            )
        left = see(table, lens, scan, walked(table, walk, away, scan, left))
        if most < 0:
            left = unmet(mark, stamp, stamp + 2, scan, left)
        for i in range(left):
            w = scan.far[scan.chosen[i]]
            met = mark[w]
            if met == stamp or met == stamp + 1:
                continue
            note[w] = level
            if met == stamp + 3:
                mark[w] = stamp + 1
                continue
            mark[w] = stamp
            queue[new] = w
            new += 1
    high = sides[at + 1]
    sides[at], sides[at + 1], sides[at + 2], sides[at + 3] = high, new, high, 0
    return 1


@kernel(TRUTH(WALK, SPACE, NUMBER), inlined=True)
def goes_on(walk: WalkArrays, side: Space, node: int) -> bool:
    """Whether a walk from a side's ends may go on from a node that it met."""
    return bool(side.note[node] == 0) or walk.kind_ok[walk.kind[node]] != 0


@kernel(
    NUMBER(TABLE, LENS, WALK, INT32, INT32, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, NUMBER, SPACE),
    lent=True,
)
def reach(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    sources: Int32,
    targets: Int32,
    hops: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    space: Space,
    other_stamp: int,
    other: Space,
) -> int:
    """Mark the nodes of the corridor in both spaces; returns a `Verdict`, FOUND when it came to its end. Those from
    which a step may go on come to stand in `space.path`, `ends[0]` of them, and their rows are ready for `taken`."""
    sides, ends = space.sides, space.ends
    ends[0] = ends[1] = ends[2] = ends[3] = 0
    start(walk, sources, targets, stamp, space)
    start(walk, targets, sources, other_stamp, other)
    sides[:] = 0
    sides[1], sides[5] = sources.size, targets.size
    level, other_level = 0, 0
    while level < hops or other_level < hops:
        wide = level + other_level < hops
        onward = level < hops
        if wide:
            onward = ahead_is_cheaper(table, walk.flags[0], space.ahead, other.ahead, sides)
        if onward:
            level += 1
            most = -1 if wide else hops - level
            ended = expand(
                table, lens, walk, 0, level, most, max_edges, deadline, space, space, stamp, other, other_stamp
            )
        else:
            other_level += 1
            most = -1 if wide else hops - other_level
            ended = expand(
                table, lens, walk, 1, other_level, most, max_edges, deadline, space, other, other_stamp, space, stamp
            )
        if ended != 1:
            return ended
    for i in range(sides[1]):
        v = space.ahead[i]
        through = space.note[v] + other.note[v]
        met = other.mark[v] == other_stamp or other.mark[v] == other_stamp + 1
        if met and through <= hops and space.note[v] < hops and goes_on(walk, space, v):
            space.path[ends[0]] = v
            ends[0] += 1
    begin(space.scan, 0, ends[0])
    return 1


@kernel(
    NUMBER(TABLE, LENS, WALK, NUMBER, NUMBER, NUMBER, SPACE, NUMBER, SPACE, INT32),
    lent=True,
)
def taken(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    hops: int,
    max_edges: int,
    deadline: int,
    space: Space,
    other_stamp: int,
    other: Space,
    steps: Int32,
) -> int:
    """Write down the steps of the corridor until the end, a limit, or until there may be no room for another batch;
    returns a `Verdict`, NONE for want of room; `ends[3]` becomes their number. A step that may be walked both ways may
    come twice."""
    scan, ends, note, theirs = space.scan, space.ends, space.note, other.note
    while True:
        if ends[3] + BATCH > steps.size:
            return 0
        room = min(BATCH, max_edges - ends[1])
        count = fill(table, walk, 0, space.path, True, max(1, room), scan)
        if count == 0:
            return 1
        if room <= 0 or (ends[2] % BATCHES == 0 and is_over(deadline)):
            return 2 if room <= 0 else 3
        ends[1] += count
        ends[2] += 1
        left = near_enough(other.mark, theirs, other_stamp, hops - 1, scan, count)
        left = see(table, lens, scan, walked(table, walk, 0, scan, left))
        for i in range(left):
            k = scan.chosen[i]
            v, w = space.path[scan.near[k]], scan.far[k]
            if note[v] + 1 + theirs[w] <= hops and goes_on(walk, other, w):
                steps[ends[3]] = step_at(table, scan.entry[k])
                ends[3] += 1
