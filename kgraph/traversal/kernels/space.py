"""What a search under a lens writes on, as tuples that kernels take; see `workspace.py` for why nothing is cleared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kgraph.traversal.kernels.topology import Int32, Int64
from kgraph.traversal.kernels.workspace import Workspace

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

    mark: Int32
    """int32[2n]: each node's stamp, and beside it what the search notes."""
    ahead: Int32
    """int32[n]: the queue of nodes met from the sources."""
    behind: Int32
    """int32[n]: the queue of nodes met from the targets."""
    path: Int32
    """int32[n + 1]: the nodes of the path found."""
    ends: Int64
    """int64[16]: the numbers found."""
    sides: Int64
    """int64[8]: of each side the places in its queue where its level begins and ends, up to where the level's steps are
    counted, and how many there are up to there."""
    scan: Scan


class LensedWorkspace(Workspace):
    """A workspace whose arrays also stand in a tuple for the kernels."""

    __slots__ = ("space",)

    def __init__(self, nodes: int) -> None:
        super().__init__(nodes)
        rows, batch = np.zeros((2, ROWS), np.int32), np.zeros((5, BATCH), np.int32)
        scan = Scan(np.zeros(5, np.int64), np.zeros(ROWS, np.int64), *rows, *batch)
        sides = np.zeros(8, np.int64)
        self.space = Space(self.mark, self.forward, self.backward, self.path, self.ends, sides, scan)
