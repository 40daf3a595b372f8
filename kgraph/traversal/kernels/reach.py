"""Where paths can lie: the steps on any walk of at most so many hops between two sets of nodes, under a lens.

1. `widen`: breadth-first from both sides, the cheaper level first, until the levels of both add up to the hops: any
   such walk is then covered, its beginning by the one side, its end by the other.
2. `narrow`: each side goes on, only to nodes that the other met near enough to it, until every node within has its
   distances from both sides. It looks at the rows of those it comes from, or of those it may come to, whichever are
   fewer, so that hubs do not make it cost more than what came before.

`taken.py` then takes the steps between these nodes.

Each side has a space of its own: in `mark` `stamp` for met and +2 for blocked, in `note` the distance from that side's
ends, in `path` where each level begins in the queue `ahead`, and `steps` for lists of nodes. Ends are never blocked.
"""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.lensed import ahead_is_cheaper
from kgraph.traversal.kernels.scanning import begin, fill, rows_of, see, unmet, walked
from kgraph.traversal.kernels.signatures import INT32, LENS, NOTHING, NUMBER, SCAN, SPACE, STAMPS, TABLE, TRUTH, WALK
from kgraph.traversal.kernels.space import BATCH, BATCHES, Scan, Space, Stamps
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32

EDGES, TURNS, STEPS, INSIDE, LEVEL, FACED = 1, 2, 3, 4, 5, 6
"""Places in `ends`: steps looked at; batches; steps taken; nodes inside; the level whose steps are being taken; how:
0 not begun, 1 from the near ends, 2 from the far ends."""


@kernel(NOTHING(WALK, INT32, INT32, NUMBER, SPACE), within=True)
def start(walk: WalkArrays, nodes: Int32, others: Int32, stamp: int, space: Space) -> None:
    """Mark and queue the ends of one side, and mark what is blocked."""
    mark, note = space.mark, space.note
    for v in walk.blocked:
        mark[v] = stamp + 2
    for v in others:
        mark[v] = 0
    for i in range(nodes.size):
        space.ahead[i] = nodes[i]
        mark[nodes[i]], note[nodes[i]] = stamp, 0
    space.path[0], space.path[1] = 0, nodes.size


@kernel(NUMBER(STAMPS, INT32, NUMBER, NUMBER, NUMBER, SCAN, NUMBER), inlined=True)
def met(mark: Stamps, note: Int32, stamp: int, least: int, most: int, scan: Scan, count: int) -> int:
    """Of the chosen, keep those whose far node a side met, from `least` to `most` away; returns how many are left."""
    chosen, far = scan.chosen, scan.far
    left = 0
    for i in range(count):
        k = chosen[i]
        w = far[k]
        chosen[left] = k
        if mark[w] == stamp:
            left += (note[w] >= least) & (note[w] <= most)
    return left


@kernel(TRUTH(WALK, SPACE, NUMBER), inlined=True)
def goes_on(walk: WalkArrays, side: Space, node: int) -> bool:
    """Whether a walk from a side's ends may go on from a node that it met."""
    return bool(side.note[node] == 0) or walk.kind_ok[walk.kind[node]] != 0


@kernel(NUMBER(NUMBER, NUMBER, SPACE), inlined=True)
def allowed(max_edges: int, deadline: int, space: Space) -> int:
    """How many steps the next batch may have; `-Verdict` where a limit is reached."""
    room = min(BATCH, max_edges - space.ends[EDGES])
    if room <= 0:
        return -2
    space.ends[TURNS] += 1
    return -3 if space.ends[TURNS] % BATCHES == 1 and is_over(deadline) else room


@kernel(NUMBER(TABLE, LENS, WALK, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, SPACE, NUMBER), within=True)
def widen(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    away: int,
    level: int,
    max_edges: int,
    deadline: int,
    space: Space,
    side: Space,
    stamp: int,
) -> int:
    """Queue every node beside those of the level before that was not met; returns a `Verdict`, FOUND for done."""
    scan, mark, note, queue = space.scan, side.mark, side.note, side.ahead
    new = side.path[level]
    begin(scan, side.path[level - 1], new)
    while True:
        room = allowed(max_edges, deadline, space)
        count = fill(table, walk, away, queue, level == 1, max(1, room), scan)
        if count == 0:
            break
        if room < 0:
            return -room
        space.ends[EDGES] += count
        left = see(table, lens, scan, walked(table, walk, away, scan, count))
        for i in range(unmet(mark, stamp, stamp + 2, scan, left)):
            w = scan.far[scan.chosen[i]]
            if mark[w] != stamp:
                mark[w], note[w] = stamp, level
                queue[new] = w
                new += 1
    side.path[level + 1] = new
    return 1


@kernel(NUMBER(WALK, NUMBER, NUMBER, SPACE, SPACE, NUMBER), within=True)
def last_inside(walk: WalkArrays, level: int, most: int, side: Space, other: Space, other_stamp: int) -> int:
    """List the nodes of a side's level from which a walk goes on and which the other met at most so far from it, in
    `side.steps`; returns how many."""
    size = 0
    for i in range(side.path[level], side.path[level + 1]):
        v = side.ahead[i]
        if other.mark[v] == other_stamp and other.note[v] <= most and goes_on(walk, side, v):
            side.steps[size] = v
            size += 1
    return size


@kernel(NUMBER(WALK, NUMBER, SPACE, NUMBER, SPACE), within=True)
def not_yet_inside(walk: WalkArrays, most: int, side: Space, stamp: int, other: Space) -> int:
    """List the nodes that the other met at most so far from it, from which a walk to it goes on and which the side did
    not meet, in `other.steps`; returns how many."""
    size = 0
    for i in range(other.path[most + 1]):
        v = other.ahead[i]
        if side.mark[v] != stamp and goes_on(walk, other, v):
            other.steps[size] = v
            size += 1
    return size


@kernel(
    NUMBER(TABLE, LENS, WALK, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, SPACE, NUMBER, SPACE, NUMBER),
    within=True,
)
def narrow(
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
    """Queue the nodes beside those of the level before that were not met, if the other side met them at most so far
    from it; returns a `Verdict`, FOUND for done."""
    scan, mark, note, queue = space.scan, side.mark, side.note, side.ahead
    new = side.path[level]
    size = last_inside(walk, level - 1, most + 1, side, other, other_stamp)
    cost = rows_of(table, walk.flags[0], away, side.steps, 0, size, max_edges)
    others, from_others = side.steps, False
    if cost > other.path[most + 1]:
        found = not_yet_inside(walk, most, side, stamp, other)
        if rows_of(table, walk.flags[0], 1 - away, other.steps, 0, found, cost) < cost:
            others, from_others, size, away = other.steps, True, found, 1 - away
    begin(scan, 0, size)
    while True:
        room = allowed(max_edges, deadline, space)
        count = fill(table, walk, away, others, True, max(1, room), scan)
        if count == 0:
            break
        if room < 0:
            return -room
        space.ends[EDGES] += count
        if from_others:
            left = met(mark, note, stamp, level - 1, level - 1, scan, count)
        else:
            left = unmet(mark, stamp, stamp + 2, scan, count)
            left = met(other.mark, other.note, other_stamp, 0, most, scan, left)
        for i in range(see(table, lens, scan, walked(table, walk, away, scan, left))):
            k = scan.chosen[i]
            w = scan.far[k]
            if from_others:
                if not goes_on(walk, side, w):
                    continue
                w = others[scan.near[k]]
            if mark[w] != stamp:
                mark[w], note[w] = stamp, level
                queue[new] = w
                new += 1
    side.path[level + 1] = new
    return 1


@kernel(NUMBER(TABLE, LENS, WALK, INT32, INT32, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, NUMBER, SPACE), lent=True)
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
    """Find the nodes within, at most as many hops as there are nodes; returns a `Verdict`, FOUND for done. They come to
    stand in `space.behind`, by their distance from the sources, ready for `taken`."""
    sides, ends = space.sides, space.ends
    ends[:] = 0
    start(walk, sources, targets, stamp, space)
    start(walk, targets, sources, other_stamp, other)
    sides[:] = 0
    level, other_level = 0, 0
    while level + other_level < hops:
        sides[0], sides[1], sides[4], sides[5] = (
            space.path[level],
            space.path[level + 1],
            other.path[other_level],
            other.path[other_level + 1],
        )
        if ahead_is_cheaper(table, walk.flags[0], space.ahead, other.ahead, sides):
            level += 1
            verdict = widen(table, lens, walk, 0, level, max_edges, deadline, space, space, stamp)
            sides[2], sides[3] = space.path[level], 0
        else:
            other_level += 1
            verdict = widen(table, lens, walk, 1, other_level, max_edges, deadline, space, other, other_stamp)
            sides[6], sides[7] = other.path[other_level], 0
        if verdict != 1:
            return verdict
    while level < hops:
        level += 1
        most = hops - level
        verdict = narrow(
            table, lens, walk, 0, level, most, max_edges, deadline, space, space, stamp, other, other_stamp
        )
        if verdict != 1:
            return verdict
    while other_level < hops:
        other_level += 1
        most = hops - other_level
        verdict = narrow(
            table, lens, walk, 1, other_level, most, max_edges, deadline, space, other, other_stamp, space, stamp
        )
        if verdict != 1:
            return verdict
    for i in range(space.path[hops + 1]):
        v = space.ahead[i]
        if other.mark[v] == other_stamp and space.note[v] + other.note[v] <= hops:
            space.behind[ends[INSIDE]] = v
            ends[INSIDE] += 1
    return 1
