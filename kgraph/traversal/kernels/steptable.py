"""Relations as rows, and beside each what decides whether a lens sees it: the arrays that every search under a lens
walks.

For n nodes, m steps (one relation between two nodes each) and r records (one claim of a step each): node ids 0 … n-1,
step ids 0 … m-1 in the order of (subject, predicate, object), record ids 0 … r-1 in the order of their steps. A step
has at least one record. Records stand in the order of the steps that leave a node, so that walking forward reads them
one after the other; a walk back finds the first record of each step beside the neighbour, one look-up away.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.topology import Int32, Int64

UInt8 = npt.NDArray[np.uint8]

COMBO, PREDICATE, SPEAKER, RELAY, SOURCE, EARLIEST, LATEST, CONFIDENCE = range(8)
"""The columns of a record, int32 each.

* COMBO: which combination of layer, status, modality, polarity, voice, certainty and role
* PREDICATE: which relation
* SPEAKER, RELAY: the node that says it, the node through whom; NOBODY for none; `several(x)` for list x of several
* SOURCE: which article or claim table states it
* EARLIEST, LATEST: days since 1970-01-01; an open or unknown bound is OPEN_PAST, OPEN_FUTURE
* CONFIDENCE: in units of 10⁻⁹; UNSTATED for none
"""
NOBODY = -1
OPEN_PAST, OPEN_FUTURE = -(2**31), 2**31 - 1
CONFIDENCE_UNIT = 1_000_000_000
UNSTATED = -1

RECORD = 8


def several(number: int) -> int:
    """How a record names list `number` of several agents; its own inverse: `several(several(x)) == x`."""
    return -2 - number


class StepTable(NamedTuple):
    """The arrays, as kernels take them. Immutable; they may lie in a mapped file."""

    indptr: Int64
    """int64[n + 1]: the steps with subject v are `indptr[v]:indptr[v + 1]`."""
    far: Int32
    """int32[m]: the object of each step."""
    starts: Int32
    """int32[m + 1]: the records of step j are `starts[j]:starts[j + 1]`."""
    back_indptr: Int64
    """int64[n + 1]: where in the next two the steps with object v stand."""
    near: Int32
    """int32[m]: their subjects, in the order of the steps."""
    back: Int32
    """int32[m]: their first records; `~record` where a step has more than one."""
    step_of: Int32
    """int32[r]: the step of each record."""
    records: Int32
    """int32[r, 8]: see COMBO and the others."""

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.indptr) - 1

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.far)

    @classmethod
    def of(cls, nodes: int, subject: Int32, object: Int32, records: Int32) -> StepTable:
        """From records in the order of (subject, predicate, object), with the subject and object of each, int32[r]."""
        size = len(records)
        new = np.ones(size, np.bool_)
        if size:
            predicate = records[:, PREDICATE]
            new[1:] = (subject[1:] != subject[:-1]) | (object[1:] != object[:-1]) | (predicate[1:] != predicate[:-1])
        first = np.flatnonzero(new).astype(np.int32)
        step_of = (np.cumsum(new, dtype=np.int32) - 1).astype(np.int32, copy=False)
        starts = np.append(first, np.int32(size)).astype(np.int32, copy=False)
        near, far = subject[first], object[first]
        indptr = _indptr(nodes, near)
        order, back_indptr = _by(nodes, far)
        marked = np.where(starts[1:] - starts[:-1] > 1, ~first, first).astype(np.int32, copy=False)
        return cls(indptr, far, starts, back_indptr, near[order], marked[order], step_of, records)


def _indptr(nodes: int, ends: Int32) -> Int64:
    indptr = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=nodes), out=indptr[1:])
    return indptr


_FEW = 5_000


def _by(nodes: int, ends: Int32) -> tuple[Int32, Int64]:
    """The order of steps by an end, stable, and where each node's begin. Few are sorted without compiled kernels."""
    indptr = _indptr(nodes, ends)
    if len(ends) < _FEW:
        return np.argsort(ends, kind="stable").astype(np.int32), indptr
    from kgraph.traversal.kernels import sorting

    order = np.empty(len(ends), np.int32)
    sorting.order(ends, np.arange(len(ends), dtype=np.int32), indptr, order)
    return order, indptr
