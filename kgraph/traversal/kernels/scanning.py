"""Rows of steps read in batches, so that the machine waits for many of them at once and not for one after another.

What a search costs is waiting for memory: the row of a node, the record of a step, the mark of a neighbour lie
anywhere. Taken one by one, each wait must end before the next can begin, as what is done next depends on it. So the
steps of a level are put side by side first (`fill`), then all their records are asked (`walked`, `see`), then all
marks (`unmet`): in each of these loops nothing depends on what the one before has found, and the processor keeps many
waits in flight. Only what is left is looked at one by one, in the order of the rows, so that answers do not depend on
batches.

`away` is 0 on a walk from the sources, 1 on one from the targets.
"""

from __future__ import annotations

import numpy as np

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.seeing import heard, names_agents, sees, told
from kgraph.traversal.kernels.signatures import INT32, LENS, NOTHING, NUMBER, SCAN, STAMPS, TABLE, TRUTH, WALK
from kgraph.traversal.kernels.space import ROWS, Scan, Stamps
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32

_LINE = 16
"""Numbers of four bytes in a line of the cache."""


@kernel(NUMBER(TABLE, NUMBER, NUMBER, INT32, NUMBER, NUMBER, NUMBER), inlined=True)
def rows_of(table: StepTable, ways: int, away: int, queue: Int32, low: int, high: int, most: int) -> int:
    """How many steps the rows of the nodes at `low:high` have, counted up to about `most`."""
    total = 0
    for i in range(low, high):
        v = queue[i]
        if ways & (1 << away):
            total += table.indptr[v + 1] - table.indptr[v]
        if ways & (2 >> away):
            total += table.back_indptr[v + 1] - table.back_indptr[v]
        if total > most:
            break
    return total


@kernel(NOTHING(SCAN, NUMBER, NUMBER), inlined=True)
def begin(scan: Scan, low: int, high: int) -> None:
    """Scan the rows of the nodes at `low:high` of a queue."""
    at = scan.at
    at[0], at[1], at[2], at[3] = low, high, 0, 0


@kernel(NOTHING(TABLE, WALK, NUMBER, INT32, TRUTH, SCAN), inlined=True)
def look_up(table: StepTable, walk: WalkArrays, away: int, queue: Int32, ends: bool, scan: Scan) -> None:
    """Look up the rows of the next nodes, none for those that may not be passed unless they are `ends`; of each node
    first the steps that leave it. What is read of the rows is thrown away, it is near then."""
    at, low, left, owner = scan.at, scan.low, scan.left, scan.owner
    ways, begins, last = walk.flags[0], at[0], table.far.size - 1
    onward, back = ways & (1 << away) != 0, ways & (2 >> away) != 0
    each = 2 if onward and back else 1
    nodes = min(at[1] - begins, ROWS // each)
    if onward:
        indptr = table.indptr
        for i in range(nodes):
            v = queue[begins + i]
            row = each * i
            low[row], left[row], owner[row] = indptr[v], indptr[v + 1] - indptr[v], begins + i
    if back:
        indptr = table.back_indptr
        for i in range(nodes):
            v = queue[begins + i]
            row = each * i + each - 1
            low[row], left[row], owner[row] = ~indptr[v], indptr[v + 1] - indptr[v], begins + i
    rows = each * nodes if (onward or back) and last >= 0 else 0
    if not ends and walk.flags[1] == 0:
        kind, kind_ok = walk.kind, walk.kind_ok
        for row in range(rows):
            if kind_ok[kind[queue[owner[row]]]] == 0:
                left[row] = 0
    touched = 0
    for row in range(rows):
        place = low[row]
        if place >= 0:
            other = min(place + min(left[row], _LINE), last)
            place = min(place, last)
            touched += table.far[place] + table.starts[place] + table.far[other] + table.starts[other]
        else:
            other = min(~place + min(left[row], _LINE), last)
            place = min(~place, last)
            touched += table.near[place] + table.back[place] + table.near[other] + table.back[other]
    at[0], at[2], at[3], at[4] = begins + nodes, 0, rows, touched


@kernel(NUMBER(TABLE, WALK, NUMBER, INT32, TRUTH, NUMBER, SCAN), inlined=True)
def fill(table: StepTable, walk: WalkArrays, away: int, queue: Int32, ends: bool, room: int, scan: Scan) -> int:
    """Put the next steps side by side, at most `room`, and choose them all; returns how many, 0 after the last."""
    at, low, left, owner = scan.at, scan.low, scan.left, scan.owner
    near, far, entry, first, chosen = scan.near, scan.far, scan.entry, scan.first, scan.chosen
    starts, back, objects, subjects, records = table.starts, table.back, table.far, table.near, table.records
    count = 0
    while count < room:
        if at[2] == at[3]:
            if at[0] == at[1]:
                break
            look_up(table, walk, away, queue, ends, scan)
            continue
        row = at[2]
        taken = min(left[row], room - count)
        place, whose = low[row], owner[row]
        if place >= 0:
            for i in range(taken):
                j = place + i
                record = starts[j]
                near[count + i] = whose
                far[count + i] = objects[j]
                entry[count + i] = j
                first[count + i] = record if starts[j + 1] - record == 1 else ~record
            low[row] += taken
        else:
            for i in range(taken):
                j = ~place + i
                near[count + i] = whose
                far[count + i] = subjects[j]
                entry[count + i] = ~j
                first[count + i] = back[j]
            low[row] -= taken
        left[row] -= taken
        count += taken
        if left[row] == 0:
            at[2] += 1
    touched = np.int32(0)
    for i in range(count):
        chosen[i] = i
        touched += records[np.uint32(first[i] ^ (first[i] >> 31)), 0]
    at[4] = touched
    return count


@kernel(NUMBER(TABLE, WALK, NUMBER, SCAN, NUMBER), inlined=True)
def walked(table: StepTable, walk: WalkArrays, away: int, scan: Scan, count: int) -> int:
    """Of the chosen, keep those whose relation may be walked this way; returns how many are left."""
    if walk.flags[2] == 3:
        return count
    records, way = table.records, walk.way
    chosen, entry, first = scan.chosen, scan.entry, scan.first
    left = 0
    for i in range(count):
        k = chosen[i]
        turn = (entry[k] < 0) ^ away
        chosen[left] = k
        left += (way[records[np.uint32(first[k] ^ (first[k] >> 31)), 1]] >> turn) & 1
    return left


@kernel(NUMBER(TABLE, LENS, SCAN, NUMBER), inlined=True)
def see(table: StepTable, lens: LensArrays, scan: Scan, count: int) -> int:
    """Of the chosen, keep those that the lens sees; returns how many are left. Who says it is asked last, of the rest:
    that is one more place in memory."""
    records, single = table.records, lens.bounds[2] <= 1
    chosen, first = scan.chosen, scan.first
    left = 0
    for i in range(count):
        k = chosen[i]
        marked = first[k]
        kept = single and told(records, marked, lens) if marked >= 0 else sees(table, lens, marked)
        chosen[left] = k
        left += kept
    if not names_agents(lens):
        return left
    count, left = left, 0
    for i in range(count):
        k = chosen[i]
        marked = first[k]
        kept = marked < 0 or heard(records, marked, lens)
        chosen[left] = k
        left += kept
    return left


@kernel(NUMBER(STAMPS, NUMBER, NUMBER, SCAN, NUMBER), inlined=True)
def unmet(mark: Stamps, mine: int, blocked: int, scan: Scan, count: int) -> int:
    """Of the chosen, keep those whose far node has neither of two stamps; returns how many are left."""
    chosen, far = scan.chosen, scan.far
    left = 0
    for i in range(count):
        k = chosen[i]
        seen = mark[far[k]]
        chosen[left] = k
        left += (seen != mine) & (seen != blocked)
    return left
