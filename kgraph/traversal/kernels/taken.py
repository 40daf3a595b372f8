"""The steps where paths can lie, once `reach` knows which nodes are within: those that do not exceed the hops, taken
from whichever end has fewer. The spaces are those that `reach` leaves.
"""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.lensed import step_at
from kgraph.traversal.kernels.reach import EDGES, FACED, INSIDE, LEVEL, STEPS, allowed, goes_on, met
from kgraph.traversal.kernels.scanning import begin, fill, rows_of, see, walked
from kgraph.traversal.kernels.signatures import INT32, LENS, NUMBER, SPACE, TABLE, WALK
from kgraph.traversal.kernels.space import BATCH, Space
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32


@kernel(NUMBER(TABLE, WALK, NUMBER, SPACE, SPACE), within=True)
def face(table: StepTable, walk: WalkArrays, hops: int, space: Space, other: Space) -> int:
    """Begin with the steps that leave the nodes inside at the distance `ends[LEVEL]` from the sources: list either
    these nodes or those to which such steps may lead, in `space.steps`."""
    level, inside, listed = space.ends[LEVEL], space.ends[INSIDE], space.steps
    size = 0
    for i in range(inside):
        v = space.behind[i]
        if space.note[v] == level and goes_on(walk, space, v):
            listed[size] = v
            size += 1
    cost = rows_of(table, walk.flags[0], 0, listed, 0, size, 2**62)
    space.ends[FACED] = 1
    if cost > inside:
        far, found = other.steps, 0
        for i in range(inside):
            w = space.behind[i]
            if other.note[w] < hops - level and goes_on(walk, other, w):
                far[found] = w
                found += 1
        if rows_of(table, walk.flags[0], 1, far, 0, found, cost) < cost:
            for i in range(found):
                listed[i] = far[i]
            size = found
            space.ends[FACED] = 2
    begin(space.scan, 0, size)
    return size


@kernel(NUMBER(TABLE, LENS, WALK, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, NUMBER, SPACE, INT32), lent=True)
def taken(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    hops: int,
    max_edges: int,
    deadline: int,
    stamp: int,
    space: Space,
    other_stamp: int,
    other: Space,
    steps: Int32,
) -> int:
    """Write down the steps within until the end, a limit, or until there may be no room for another batch; returns a
    `Verdict`, NONE for want of room; `ends[STEPS]` becomes their number. A step that may be walked both ways may come
    twice."""
    scan, ends = space.scan, space.ends
    while ends[LEVEL] < hops:
        level = ends[LEVEL]
        if ends[FACED] == 0:
            face(table, walk, hops, space, other)
        if ends[STEPS] + BATCH > steps.size:
            return 0
        away = ends[FACED] - 1
        room = allowed(max_edges, deadline, space)
        count = fill(table, walk, away, space.steps, True, max(1, room), scan)
        if count == 0:
            ends[LEVEL] += 1
            ends[FACED] = 0
            continue
        if room < 0:
            return -room
        ends[EDGES] += count
        if away == 0:
            left = met(other.mark, other.note, other_stamp, 0, hops - level - 1, scan, count)
        else:
            left = met(space.mark, space.note, stamp, level, level, scan, count)
        for i in range(see(table, lens, scan, walked(table, walk, away, scan, left))):
            k = scan.chosen[i]
            if goes_on(walk, other if away == 0 else space, scan.far[k]):
                steps[ends[STEPS]] = step_at(table, scan.entry[k])
                ends[STEPS] += 1
    return 1
