"""Whether a lens sees a record, and so a step: decided from one row of eight numbers, nothing remembered.

A record's tests are all made, whatever the first of them says: they are a few instructions on one cache line, and a
branch that cannot be foreseen costs more than all of them. A step of one record is that record's affair; of several,
those that are seen must come from enough sources. (Where a place in an array is made unsigned, numba need not ask
whether it is counted from the array's end.)
"""

from __future__ import annotations

import numpy as np

from kgraph.traversal.kernels.asked import LensArrays
from kgraph.traversal.kernels.compiling import kernel
from kgraph.traversal.kernels.signatures import LENS, NUMBER, RECORDS, TABLE, TRUTH
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32


@kernel(TRUTH(RECORDS, NUMBER, LENS), inlined=True)
def told(records: Int32, record: int, lens: LensArrays) -> bool:
    """Whether a record is seen, whoever says it."""
    bounds, at = lens.bounds, np.uint32(record)
    confidence = records[at, 7]
    return bool(
        (lens.combo_ok[np.uint32(records[at, 0])] != 0)
        & (lens.source_ok[np.uint32(records[at, 4])] != 0)
        & (records[at, 6] >= np.int32(bounds[0]))
        & (records[at, 5] <= np.int32(bounds[1]))
        & ((confidence < 0) | (confidence >= np.int32(bounds[3])))
    )


@kernel(TRUTH(LENS), inlined=True)
def names_agents(lens: LensArrays) -> bool:
    """Whether it matters to a lens who says something."""
    return lens.agent.size > 0 or lens.bounds[4] != 0


@kernel(NUMBER(LENS, NUMBER), inlined=True)
def flags_of(lens: LensArrays, who: int) -> int:
    """What an agent is to a lens, or several together, or nobody."""
    if who >= 0:
        return lens.agent[who] if lens.agent.size > 0 else 0
    return lens.several[-2 - who] if who < -1 and lens.several.size > 0 else 0


@kernel(TRUTH(RECORDS, NUMBER, LENS), inlined=True)
def heard(records: Int32, record: int, lens: LensArrays) -> bool:
    """Whether those who say a record, and those through whom, are whom a lens wants."""
    speaker, relay = flags_of(lens, records[record, 2]), flags_of(lens, records[record, 3])
    return (speaker | relay) & 2 == 0 and (lens.bounds[4] == 0 or speaker & 1 != 0)


@kernel(TRUTH(RECORDS, NUMBER, LENS), inlined=True)
def keeps(records: Int32, record: int, lens: LensArrays) -> bool:
    """Whether a record is seen."""
    return told(records, record, lens) and (not names_agents(lens) or heard(records, record, lens))


@kernel(NUMBER(TABLE, LENS, NUMBER, NUMBER, NUMBER))
def sources_of(table: StepTable, lens: LensArrays, first: int, end: int, enough: int) -> int:
    """How many different sources the kept records among `first:end` have, counted up to `enough`."""
    records = table.records
    size = 4
    while size < 2 * min(end - first, enough):
        size *= 2
    met = np.full(size, -1, np.int32)  # a hash table at most half full, probed one place after another
    found = 0
    for record in range(first, end):
        if keeps(records, record, lens):
            source = records[record, 4]
            place = source & (size - 1)
            while met[place] >= 0 and met[place] != source:
                place = (place + 1) & (size - 1)
            if met[place] < 0:
                met[place] = source
                found += 1
                if found >= enough:
                    break
    return found


@kernel(TRUTH(TABLE, LENS, NUMBER))
def sees(table: StepTable, lens: LensArrays, marked: int) -> bool:
    """Whether a step is seen: `marked` is its first record, `~record` where it has more than one."""
    least = int(lens.bounds[2])
    if marked >= 0:
        return least <= 1 and keeps(table.records, marked, lens)
    first = ~marked
    end = table.starts[table.step_of[first] + 1]
    if least > 1:
        return sources_of(table, lens, first, end, least) >= least
    for record in range(first, end):  # noqa: SIM110 -- numba compiles loops
        if keeps(table.records, record, lens):
            return True
    return False


@kernel(NUMBER(TABLE, NUMBER), inlined=True)
def first_of(table: StepTable, step: int) -> int:
    """A step's first record, `~record` where it has more than one."""
    first = table.starts[step]
    return int(first) if table.starts[step + 1] - first == 1 else int(~first)
