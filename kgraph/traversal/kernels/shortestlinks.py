"""The links of all shortest paths under a lens: of each step on one, the nodes it joins, gap by gap between the levels.

1. `meet`: breadth-first from both ends, as for one path, but the level in which the sides meet is finished. The nodes
   where they meet are all at one distance from the sources.
2. `link`, gap by gap from there to the sources and to the targets: of the nodes of the next level those beside one that
   is on a shortest path, and the steps between. It looks at the rows of whichever level has fewer, so that it costs no
   more than the search did, however large the hubs on the way.

Stamps beside `stamp` (met from the sources): +1 met from the targets, +2 blocked, +3 on a shortest path. `note`: the
distance from the ends it was met from; once on a path, that from the sources.
"""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.lensed import ahead_is_cheaper, start, step_at
from kgraph.traversal.kernels.scanning import begin, fill, rows_of, see, unmet, walked
from kgraph.traversal.kernels.signatures import INT32, LENS, NUMBER, RECORDS, SPACE, TABLE, TRUTH, WALK
from kgraph.traversal.kernels.space import BATCH, BATCHES, Space
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32

EDGES, LENGTH, MEETING, HELD, LINKS, TURNS, AHEAD, BEHIND = 1, 2, 3, 4, 5, 6, 7, 8
"""Places in `ends`: steps looked at; hops of a shortest path; how far from the sources the sides meet; how many nodes
are held and links written so far; batches; how far each side has come."""


@kernel(NUMBER(TABLE, LENS, WALK, INT32, INT32, NUMBER, NUMBER, NUMBER, NUMBER, SPACE, INT32), within=True)
def meet(
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
    held: Int32,
) -> int:
    """Search; returns a `Verdict`. `ends`: EDGES, LENGTH, MEETING, HELD; `held` gets the nodes where the sides meet.
    `path` tells where each level begins in its queue: those from the sources from the front, those from the targets
    from the back."""
    mark, note, ahead, behind, levels = space.mark, space.note, space.ahead, space.behind, space.path
    ends, sides, scan = space.ends, space.sides, space.scan
    ends[:] = 0
    start(walk, sources, targets, stamp, space)
    for i in range(sources.size):
        note[sources[i]] = 0
    for i in range(targets.size):
        note[targets[i]] = 0
    last = levels.size - 1
    levels[0], levels[last] = 0, 0
    level, other_level = 0, 0
    for hop in range(max_hops):
        onward = ahead_is_cheaper(table, walk.flags[0], ahead, behind, sides)
        if onward:
            at, away, queue, mine, theirs, distance = 0, 0, ahead, stamp, stamp + 1, level + 1
        else:
            at, away, queue, mine, theirs, distance = 4, 1, behind, stamp + 1, stamp, other_level + 1
        high = sides[at + 1]
        new = high
        begin(scan, sides[at], high)
        while True:
            room = min(BATCH, max_edges - ends[EDGES])
            count = fill(table, walk, away, queue, distance == 1, max(1, room), scan)
            if count == 0:
                break
            if room <= 0 or (ends[TURNS] % BATCHES == 0 and is_over(deadline)):
                return 2 if room <= 0 else 3
            ends[EDGES] += count
            ends[TURNS] += 1
            left = see(table, lens, scan, walked(table, walk, away, scan, count))
            for i in range(unmet(mark, mine, stamp + 2, scan, left)):
                w = scan.far[scan.chosen[i]]
                seen = mark[w]
                if seen == theirs:
                    if note[w] == 0 or walk.kind_ok[walk.kind[w]] != 0:
                        mark[w] = stamp + 3
                        held[ends[HELD]] = w
                        ends[HELD] += 1
                elif ends[HELD] == 0 and seen != mine:
                    mark[w], note[w] = mine, distance
                    queue[new] = w
                    new += 1
        if ends[HELD] > 0:
            ends[LENGTH] = hop + 1
            ends[MEETING] = level + 1 if onward else level
            ends[AHEAD], ends[BEHIND] = level, other_level
            for i in range(ends[HELD]):
                note[held[i]] = ends[MEETING]
            return 1
        if new == high:
            break
        if onward:
            level += 1
            levels[level] = high
        else:
            other_level += 1
            levels[last - other_level] = high
        sides[at], sides[at + 1], sides[at + 2], sides[at + 3] = high, new, high, 0
    return 0


@kernel(TRUTH(TABLE, WALK, NUMBER, NUMBER, SPACE, INT32, NUMBER, NUMBER), within=True)
def face(
    table: StepTable, walk: WalkArrays, gap: int, toward: int, space: Space, held: Int32, low: int, high: int
) -> bool:
    """Begin with a gap: the one after level `gap`, towards the sources (0) or the targets (1) from the held nodes at
    `low:high`. Returns whether the rows of the other level are fewer, which are then the ones to look at."""
    ends, sides, levels = space.ends, space.sides, space.path
    if toward == 0:
        queue, begins = space.ahead, levels[gap]
        beyond = levels[gap + 1] if gap < ends[AHEAD] else sides[1]
    else:
        level = ends[LENGTH] - gap - 1
        queue, begins = space.behind, levels[levels.size - 1 - level]
        beyond = levels[levels.size - 2 - level] if level < ends[BEHIND] else sides[5]
    ways = walk.flags[0]
    known = rows_of(table, ways, 1 - toward, held, low, high, 2**62)
    if rows_of(table, ways, toward, queue, begins, beyond, known) < known:
        begin(space.scan, begins, beyond)
        return True
    begin(space.scan, low, high)
    return False


@kernel(NUMBER(SPACE, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER), inlined=True)
def marked(space: Space, one: int, noted: int, other: int, other_noted: int, count: int) -> int:
    """Of the chosen, keep those whose far node has one stamp and note, or the other; returns how many are left."""
    mark, note, chosen, far = space.mark, space.note, space.scan.chosen, space.scan.far
    left = 0
    for i in range(count):
        k = chosen[i]
        seen = mark[far[k]]
        chosen[left] = k
        if seen == one:
            left += note[far[k]] == noted
        elif seen == other:
            left += note[far[k]] == other_noted
    return left


@kernel(
    NUMBER(TABLE, LENS, WALK, NUMBER, NUMBER, TRUTH, NUMBER, NUMBER, NUMBER, SPACE, INT32, RECORDS),
    within=True,
)
def link(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    gap: int,
    toward: int,
    other_rows: bool,
    max_edges: int,
    deadline: int,
    stamp: int,
    space: Space,
    held: Int32,
    links: Int32,
) -> int:
    """Write down the links of the gap that was faced, until its end, a limit, or until there may be no room for another
    batch; returns a `Verdict`, NONE for want of room. A link, int32[3]: the node nearer to the sources, the other, and
    the step, `~step` where it is walked from object to subject. `held` gets the nodes of the other level."""
    mark, note, ends, scan, kept = space.mark, space.note, space.ends, space.scan, stamp + 3
    fresh, level = (stamp, gap) if toward == 0 else (stamp + 1, ends[LENGTH] - gap - 1)
    layer, known = (gap, gap + 1) if toward == 0 else (gap + 1, gap)
    away = toward if other_rows else 1 - toward
    queue = held
    if other_rows:
        queue = space.ahead if toward == 0 else space.behind
    while True:
        if ends[LINKS] + BATCH > links.shape[0]:
            return 0
        room = min(BATCH, max_edges - ends[EDGES])
        count = fill(table, walk, away, queue, level == 0 or not other_rows, max(1, room), scan)
        if count == 0:
            return 1
        if room <= 0 or (ends[TURNS] % BATCHES == 0 and is_over(deadline)):
            return 2 if room <= 0 else 3
        ends[EDGES] += count
        ends[TURNS] += 1
        if other_rows:
            left = marked(space, kept, known, kept, known, count)
        else:
            left = marked(space, fresh, level, kept, layer, count)
        for i in range(see(table, lens, scan, walked(table, walk, away, scan, left))):
            k = scan.chosen[i]
            near, far, entry = queue[scan.near[k]], scan.far[k], scan.entry[k]
            found = near if other_rows else far
            if mark[found] != kept:
                if level > 0 and walk.kind_ok[walk.kind[found]] == 0:
                    continue
                mark[found], note[found] = kept, layer
                held[ends[HELD]] = found
                ends[HELD] += 1
            step = step_at(table, entry)
            place = ends[LINKS]
            links[place, 0], links[place, 1] = (near, far) if away == 0 else (far, near)
            links[place, 2] = step if (entry >= 0) == (away == 0) else ~step
            ends[LINKS] += 1
