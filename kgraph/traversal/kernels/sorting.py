"""Edges into rows by counting sort (Knuth, The Art of Computer Programming 3, 5.2), in time linear in edges."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.compiling import kernel

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@kernel("void(int32[::1], int64[::1])")
def count(row: Int32, indptr: Int64) -> None:
    """The start of each row, int64[n + 1], from each edge's row, int32[m]; `indptr` comes as zeros."""
    for e in range(row.size):
        indptr[row[e] + 1] += 1
    for v in range(indptr.size - 1):
        indptr[v + 1] += indptr[v]


@kernel("void(int32[::1], int32[::1], int64[::1], int32[::1])")
def order(row: Int32, sequence: Int32, indptr: Int64, out: Int32) -> None:
    """The edges by row, those of a row in the order of `sequence`, a permutation of the edges, int32[m]."""
    place = indptr.copy()
    for i in range(sequence.size):
        e = sequence[i]
        v = row[e]
        out[place[v]] = e
        place[v] += 1


@kernel("void(int32[::1], int32[::1], int32[::1])")
def gather(values: Int32, index: Int32, out: Int32) -> None:
    """`out[i] = values[index[i]]`."""
    for i in range(index.size):
        out[i] = values[index[i]]


@kernel(
    "void(int64[::1], int32[::1], int32[::1], int64[::1], int32[::1], int32[::1], int64[::1], int32[::1], int32[::1])"
)
def merge(
    a_indptr: Int64,
    a_far: Int32,
    a_step: Int32,
    b_indptr: Int64,
    b_far: Int32,
    b_step: Int32,
    indptr: Int64,
    far: Int32,
    step: Int32,
) -> None:
    """Two sets of sorted rows as one, each row by neighbour, then by edge. An edge from a node to itself comes once."""
    place = 0
    for v in range(indptr.size - 1):
        i, end_i = a_indptr[v], a_indptr[v + 1]
        j, end_j = b_indptr[v], b_indptr[v + 1]
        while i < end_i or j < end_j:
            if j < end_j and b_far[j] == v:
                j += 1
                continue
            take_a = j == end_j or (
                i < end_i and (a_far[i] < b_far[j] or (a_far[i] == b_far[j] and a_step[i] <= b_step[j]))
            )
            if take_a:
                far[place], step[place] = a_far[i], a_step[i]
                i += 1
            else:
                far[place], step[place] = b_far[j], b_step[j]
                j += 1
            place += 1
        indptr[v + 1] = place


@kernel("void(int32[:,::1], int32[::1])")
def rename(records: Int32, moved: Int32) -> None:
    """Give the nodes in the columns SPEAKER and RELAY of records, int32[r, 8], their new numbers; others stay."""
    for i in range(records.shape[0]):
        for agent in range(2, 4):
            node = records[i, agent]
            if node >= 0:
                records[i, agent] = moved[node]
