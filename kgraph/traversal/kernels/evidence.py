"""What a lens leaves: of steps their sources and the nearest quotation, of nodes how many steps they have."""

from __future__ import annotations

from kgraph.traversal.kernels.asked import LensArrays, UInt8, WalkArrays
from kgraph.traversal.kernels.clock import is_over
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.scanning import begin, fill, see
from kgraph.traversal.kernels.seeing import first_of, keeps, sees, sources_of
from kgraph.traversal.kernels.signatures import BYTES, INT32, LENS, NOTHING, NUMBER, SPACE, TABLE, WALK
from kgraph.traversal.kernels.space import BATCH, BATCHES, Space
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32

_NOT_QUOTED = 255


@kernel(NUMBER(TABLE, LENS, BYTES, NUMBER), inlined=True)
def from_quotation(table: StepTable, lens: LensArrays, quotation: UInt8, step: int) -> int:
    """How far the nearest of a step's kept records is from a quotation; 255 where none is kept."""
    least = _NOT_QUOTED
    for record in range(table.starts[step], table.starts[step + 1]):
        if keeps(table.records, record, lens):
            least = min(least, quotation[table.records[record, 0]])
    return least


@kernel(NUMBER(TABLE, LENS, NUMBER))
def sources_at(table: StepTable, lens: LensArrays, step: int) -> int:
    """How many different sources state a step; 0 where they are too few for the lens."""
    first, end = table.starts[step], table.starts[step + 1]
    sources = int(keeps(table.records, first, lens)) if end - first == 1 else sources_of(table, lens, first, end, end)
    return sources if sources >= lens.bounds[2] else 0


@kernel(NOTHING(TABLE, LENS, BYTES, INT32, INT32, BYTES), lent=True)
def evidence(
    table: StepTable, lens: LensArrays, quotation: UInt8, steps: Int32, sources: Int32, nearest: UInt8
) -> None:
    """Of each step the number of sources, 0 when it is not seen, and the least distance from a quotation, 255 then.
    `quotation`, uint8[combos]: that of a record by its combination."""
    for i in range(steps.size):
        sources[i] = sources_at(table, lens, steps[i])
        nearest[i] = from_quotation(table, lens, quotation, steps[i]) if sources[i] > 0 else _NOT_QUOTED


@kernel(NOTHING(TABLE, LENS, NUMBER, BYTES), lent=True)
def seen(table: StepTable, lens: LensArrays, first: int, out: UInt8) -> None:
    """Whether each step from `first` on is seen."""
    for i in range(out.size):
        out[i] = sees(table, lens, first_of(table, first + i))


@kernel(NOTHING(TABLE, LENS, NUMBER, BYTES), lent=True)
def kept(table: StepTable, lens: LensArrays, first: int, out: UInt8) -> None:
    """Whether each record from `first` on is kept, however many sources its step has."""
    for i in range(out.size):
        out[i] = keeps(table.records, first + i, lens)


@kernel(NUMBER(TABLE, LENS, WALK, INT32, NUMBER, INT32, NUMBER, NUMBER, SPACE), lent=True)
def degrees(
    table: StepTable,
    lens: LensArrays,
    walk: WalkArrays,
    nodes: Int32,
    size: int,
    counts: Int32,
    max_edges: int,
    deadline: int,
    space: Space,
) -> int:
    """How many steps each of `nodes[:size]` has in the ways of `walk`, a loop counted at both ends; `counts` comes
    filled with 0. Returns a `Verdict`, FOUND when it came to its end; `ends[1]` becomes the steps looked at."""
    scan, ends = space.scan, space.ends
    scanned = batches = 0
    begin(scan, 0, size)
    while True:
        room = min(BATCH, max_edges - scanned)
        count = fill(table, walk, 0, nodes, True, max(1, room), scan)
        ends[1] = scanned
        if count == 0:
            return 1
        if room <= 0 or (batches % BATCHES == 0 and is_over(deadline)):
            return 2 if room <= 0 else 3
        batches += 1
        for i in range(see(table, lens, scan, count)):
            counts[scan.near[scan.chosen[i]]] += 1
        scanned += count
