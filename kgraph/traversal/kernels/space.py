"""What a search under a lens writes on, as tuples that kernels take.

As in `workspace.py` a node was met when it has the search's stamp, so nothing is cleared but once in eight thousand
searches. Each search takes eight fresh stamps; searches that run at once have a workspace each.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.topology import Int32, Int64
from kgraph.traversal.kernels.workspace import STAMPS

Stamps = npt.NDArray[np.uint16]

_LAST = 2**16 - 2 * STAMPS
BATCH = 128
"""Steps put side by side."""
BATCHES = 32
"""How many of them are looked at between two looks at the clock."""
ROWS = 64
"""Rows looked up at once."""


class Scan(NamedTuple):
    """Where a scan over the rows of queued nodes stands, and the batch of steps that it has put side by side."""

    at: Int64
    """int64[5]: the next node of the queue, the end of the queue, the next row, the end of the rows, nothing."""
    low: Int64
    """int64[ROWS]: the rows: what is left of each begins here in the forward rows, at `~low` in the backward rows;"""
    left: Int32
    """int32[ROWS]: how many steps are left of each;"""
    owner: Int32
    """int32[ROWS]: at which place of the queue its node stands."""
    near: Int32
    """int32[BATCH]: the batch: at which place of the queue the near node of each step stands;"""
    far: Int32
    """int32[BATCH]: the far node;"""
    entry: Int32
    """int32[BATCH]: its place in the forward rows, `~place` in the backward rows;"""
    first: Int32
    """int32[BATCH]: its first record, `~record` where it has several."""
    chosen: Int32
    """int32[BATCH]: which of the batch are still of interest, in order."""


class Space(NamedTuple):
    """For n nodes."""

    mark: Stamps
    """uint16[n]: each node's stamp. Few bytes, so that those of a million nodes stay near."""
    ahead_from: Int32
    """int32[2n]: of each node in `ahead` over which place in the rows it was met (see `Scan.entry`), and at which place
    in the queue the node before it stands, -1 for the ends."""
    behind_from: Int32
    """int32[2n]: the same of `behind`."""
    note: Int32
    """int32[n]: what the search notes of the nodes that it stamped."""
    ahead: Int32
    """int32[n]: the queue of nodes met from the sources."""
    behind: Int32
    """int32[n]: the queue of nodes met from the targets."""
    path: Int32
    """int32[n + 1]: the nodes of the path found."""
    steps: Int32
    """int32[n]: the steps of the path found, `~step` where one is walked from object to subject."""
    ends: Int64
    """int64[16]: the numbers found."""
    sides: Int64
    """int64[8]: of each side the places in its queue where its level begins and ends, up to where the level's steps are
    counted, and how many there are up to there."""
    scan: Scan


class LensedWorkspace:
    """What one search at a time writes on; `space` holds it all."""

    __slots__ = ("_stamp", "space")

    def __init__(self, nodes: int) -> None:
        rows, batch = np.zeros((2, ROWS), np.int32), np.zeros((5, BATCH), np.int32)
        scan = Scan(np.zeros(5, np.int64), np.zeros(ROWS, np.int64), *rows, *batch)
        mark, path = np.zeros(nodes, np.uint16), np.empty(nodes + 1, np.int32)
        note, ahead, behind, steps = (np.empty(nodes, np.int32) for _ in range(4))
        ahead_from, behind_from = (np.empty(2 * nodes, np.int32) for _ in range(2))
        ends, sides = np.zeros(16, np.int64), np.zeros(8, np.int64)
        self.space = Space(mark, ahead_from, behind_from, note, ahead, behind, path, steps, ends, sides, scan)
        self._stamp = 0

    def stamp(self) -> int:
        """The first of eight stamps that no node has."""
        if self._stamp >= _LAST:
            self.space.mark[:] = 0
            self._stamp = 0
        self._stamp += STAMPS
        return self._stamp
