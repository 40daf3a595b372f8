"""What a search writes on, reused by the next one, so that a question never costs a pass over all nodes.

Whether a node was met is told by its stamp. Each search takes eight fresh stamps; what older ones left is never read,
so nothing is cleared (but once in two hundred million searches). Searches that run at once have a workspace each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import numpy as np

STAMPS = 8
_LAST = 2**31 - 2 * STAMPS

Kind = TypeVar("Kind")


class Workspace:
    """For n nodes: `mark` int32[2n], each node's stamp and beside it (one cache line) its parent or level; two queues
    of nodes int32[n]; `ends` int64[16] for what a kernel tells; `path` int32[n] for the path found."""

    __slots__ = ("_stamp", "backward", "ends", "forward", "mark", "path")

    def __init__(self, nodes: int) -> None:
        self.mark = np.zeros(2 * nodes, np.int32)
        self.forward = np.empty(nodes, np.int32)
        self.backward = np.empty(nodes, np.int32)
        self.path = np.empty(nodes + 1, np.int32)
        self.ends = np.zeros(16, np.int64)
        self._stamp = 0

    def stamp(self) -> int:
        """The first of eight stamps that no node has."""
        if self._stamp >= _LAST:
            self.mark[:] = 0
            self._stamp = 0
        self._stamp += STAMPS
        return self._stamp


class Pool(Generic[Kind]):
    """Idle workspaces of one graph: as many as there were searches at once."""

    def __init__(self, make: Callable[[], Kind]) -> None:
        self._make = make
        self._idle: list[Kind] = []

    def take(self) -> Kind:
        """One that nobody uses. Lists take and give under the interpreter's lock, so no other is needed."""
        try:
            return self._idle.pop()
        except IndexError:
            return self._make()

    def give(self, workspace: Kind) -> None:
        """Back for the next search."""
        self._idle.append(workspace)

    @contextmanager
    def one(self) -> Iterator[Kind]:
        """A workspace for as long as it is needed."""
        workspace = self.take()
        try:
            yield workspace
        finally:
            self.give(workspace)


class Workspaces(Pool[Workspace]):
    """Those of a graph of so many nodes."""

    def __init__(self, nodes: int) -> None:
        super().__init__(lambda: Workspace(nodes))
