"""Everything within so many hops of a node: breadth first, each step once, from its nearer end.

Stamp: `stamp`, met. `note`: the node's place in the queue, which is the order in which nodes are expanded.
So whether a step was taken from its other end follows from the two places and needs no mark of its own.
"""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, UInt8, WalkArrays
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.lensed import step_at
from kgraph.traversal.kernels.scanning import begin, fill, see, walked
from kgraph.traversal.kernels.signatures import BYTES, INT32, LENS, NOTHING, NUMBER, SPACE, TABLE, TRUTH, WALK
from kgraph.traversal.kernels.space import BATCH, BATCHES, Space
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32


@kernel(NOTHING(NUMBER, NUMBER, SPACE), lent=True)
def start(centre: int, stamp: int, space: Space) -> None:
    """Queue the centre. `ends`: 0 nodes met, 1 steps looked at, 2 steps taken, 3 the distance of the level that is
    expanded, 4 the end of that level in the queue, 5 batches."""
    space.mark[centre], space.note[centre] = stamp, 0
    space.ahead[0], space.behind[0] = centre, 0
    space.ends[:] = 0
    space.ends[0] = space.ends[4] = 1
    begin(space.scan, 0, 1)


@kernel(TRUTH(TABLE, WALK, NUMBER, NUMBER, NUMBER, SPACE), inlined=True)
def was_taken(table: StepTable, walk: WalkArrays, place: int, entry: int, first: int, space: Space) -> bool:
    """Whether a step to a node already met was taken from there: the node is expanded earlier, and the relation may be
    walked from it. `place`: that of the node in the queue, the step's other end is being expanded. A loop is taken the
    first of the two times."""
    way = walk.way[table.records[first if first >= 0 else ~first, 1]]
    from_there = way & (2 if entry >= 0 else 1) != 0
    return from_there and (place == 0 or walk.kind_ok[walk.kind[space.ahead[place]]] != 0)


@kernel(NUMBER(TABLE, LENS, WALK, BYTES, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, INT32, INT32, INT32), lent=True)
def around(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    enter_ok: UInt8,
    hops: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    space: Space,
    steps: Int32,
    far: Int32,
    distance: Int32,
) -> int:
    """Go on until the end, a limit, or until there may be no room for another batch; returns a `Verdict`, NONE for want
    of room. Each step taken is written down, `~step` when it is from object to subject, with its far node and the
    distance from which it is taken. `ahead` holds the nodes met, `behind` their distances. `enter_ok`, uint8[kinds]:
    which nodes may be met at all, besides the centre; of size 0 for all."""
    mark, note, queue, levels = space.mark, space.note, space.ahead, space.behind
    ends, scan = space.ends, space.scan
    while ends[3] < hops:
        room = min(BATCH, max_edges - ends[1])
        if ends[2] + BATCH > steps.size:
            return 0
        count = fill(table, walk, 0, queue, ends[3] == 0, max(1, room), scan)
        if count == 0:
            if ends[0] == ends[4]:
                break
            begin(scan, ends[4], ends[0])
            ends[4] = ends[0]
            ends[3] += 1
            continue
        if room <= 0 or (ends[5] % BATCHES == 0 and is_over(deadline)):
            return 2 if room <= 0 else 3
        ends[5] += 1
        ends[1] += count
        for i in range(see(table, lens, scan, walked(table, walk, 0, scan, count))):
            k = scan.chosen[i]
            w, near, entry = scan.far[k], scan.near[k], scan.entry[k]
            if mark[w] == stamp:
                place = note[w]
                earlier = place < near or (place == near and entry < 0)
                if earlier and was_taken(table, walk, place, entry, scan.first[k], space):
                    continue
            else:
                if enter_ok.size > 0 and enter_ok[walk.kind[w]] == 0:
                    continue
                mark[w], note[w] = stamp, ends[0]
                queue[ends[0]], levels[ends[0]] = w, ends[3] + 1
                ends[0] += 1
            step = step_at(table, entry)
            steps[ends[2]], far[ends[2]], distance[ends[2]] = step if entry >= 0 else ~step, w, ends[3]
            ends[2] += 1
    return 1
