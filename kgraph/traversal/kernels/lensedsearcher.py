"""Questions to a step table under a lens; each is one call of a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.asked import BACKWARD, FORWARD, LensArrays, UInt8, WalkArrays
from kgraph.traversal.kernels.limits import NO_LIMITS, Limits, Verdict
from kgraph.traversal.kernels.space import LensedWorkspace
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32
from kgraph.traversal.kernels.workspace import Pool

ANY_LENGTH = 2**31 - 1
_ROOM = 1024
_ALL_KINDS: UInt8 = np.empty(0, np.uint8)
_VERDICTS: Sequence[Verdict] = tuple(Verdict)


class LensedWorkspaces(Pool[LensedWorkspace]):
    """The workspaces of a step table, for the searchers under all lenses."""

    def __init__(self, nodes: int) -> None:
        super().__init__(lambda: LensedWorkspace(nodes))


@dataclass(frozen=True, slots=True)
class LensedPath:
    """A path's nodes, its steps, and for each whether it is walked from subject to object; empty unless `verdict` is
    FOUND. `edges`: how many steps were looked at."""

    verdict: Verdict
    nodes: list[int]
    steps: list[int]
    forward: list[bool]
    edges: int


@dataclass(frozen=True, slots=True)
class Corridor:
    """The steps, int32[k] in ascending order; none when a limit ended the search. `edges`: how many were looked at."""

    verdict: Verdict
    steps: Int32
    edges: int


@dataclass(frozen=True, slots=True)
class Around:
    """The nodes met in order, the centre first, int32[v], and their distances, int32[v]; and the steps in the order in
    which they are taken: int32[k], whether each is walked from subject to object, bool[k], the distance from which it
    is taken, int32[k], and the node to which, int32[k]. `verdict` is FOUND when these are all, else the limit that
    ended it. `edges`: how many steps were looked at."""

    verdict: Verdict
    nodes: Int32
    distances: Int32
    steps: Int32
    forward: npt.NDArray[np.bool_]
    distance: Int32
    far: Int32
    edges: int


class LensedSearcher:
    """One step table under one lens. Threads may share it.

    `quotation`, uint8[combos]: how far a record is from a quotation, by its combination. Ids must be within the table
    and arrays have their types; nothing is checked here. No source may be a target too. `degree`, int32[n]: where that
    is known already, how many steps each node has under the lens.
    """

    def __init__(
        self,
        table: StepTable,
        lens: LensArrays,
        quotation: UInt8,
        workspaces: LensedWorkspaces,
        degree: Int32 | None = None,
    ) -> None:
        from kgraph.traversal.kernels import around, evidence, lensed, ranked, reach

        self._around, self._evidence, self._lensed = around, evidence, lensed
        self._ranked, self._reach = ranked, reach
        self.table, self.lens, self.quotation = table, lens, quotation
        self._workspaces = workspaces
        self._degree = degree
        every = np.array((FORWARD | BACKWARD, 1, FORWARD | BACKWARD), np.int64)
        nothing = np.empty(0, np.int32)
        self._everywhere = WalkArrays(np.empty(0, np.uint8), nothing, np.empty(0, np.uint8), nothing, every)

    def shortest(
        self,
        walk: WalkArrays,
        sources: Int32,
        targets: Int32,
        limits: Limits = NO_LIMITS,
        *,
        max_hops: int = ANY_LENGTH,
    ) -> LensedPath:
        """A shortest path of at most `max_hops` steps from any of the sources to any of the targets."""
        with self._workspaces.one() as work:
            verdict = self._lensed.shortest(
                self.table,
                self.lens,
                walk,
                sources,
                targets,
                max_hops,
                limits.max_edges,
                limits.deadline,
                work.stamp(),
                work.space,
            )
            return _path(verdict, work)

    def ranked(
        self,
        walk: WalkArrays,
        sources: Int32,
        targets: Int32,
        limits: Limits = NO_LIMITS,
        *,
        max_hops: int = ANY_LENGTH,
    ) -> LensedPath:
        """The best of all shortest paths of at most `max_hops` steps, by the ranking of `rank.py`."""
        with self._workspaces.one() as work, self._workspaces.one() as spare:
            verdict = self._ranked.ranked(
                self.table,
                self.lens,
                walk,
                self._everywhere,
                self.quotation,
                self.degree,
                sources,
                targets,
                max_hops,
                limits.max_edges,
                limits.deadline,
                work.stamp(),
                work.space,
                spare.space,
            )
            return _path(verdict, work)

    def corridor(
        self, walk: WalkArrays, sources: Int32, targets: Int32, hops: int, limits: Limits = NO_LIMITS
    ) -> Corridor:
        """The steps on walks of at most `hops` steps from any of the sources to any of the targets."""
        rules = self.table, self.lens, walk
        bounds = limits.max_edges, limits.deadline
        steps = np.empty(_ROOM, np.int32)
        with self._workspaces.one() as work, self._workspaces.one() as other:
            stamp, theirs = work.stamp(), (other.stamp(), other.space)
            verdict = self._reach.reach(*rules, sources, targets, hops, *bounds, stamp, work.space, *theirs)
            if verdict == Verdict.FOUND:
                while not (verdict := self._reach.taken(*rules, hops, *bounds, work.space, *theirs, steps)):
                    steps = _enlarged(steps)
            edges, size = work.ends[[1, 3]].tolist()
        if verdict != Verdict.FOUND:
            return Corridor(_VERDICTS[verdict], np.empty(0, np.int32), edges)
        return Corridor(Verdict.FOUND, np.unique(steps[:size]), edges)

    def around(
        self,
        walk: WalkArrays,
        centre: int,
        hops: int,
        limits: Limits = NO_LIMITS,
        *,
        enter_ok: UInt8 = _ALL_KINDS,
    ) -> Around:
        """Everything within so many hops of a node. `enter_ok`, uint8[kinds]: which nodes may be met, the centre is
        exempt; of size 0 for all. Nodes that may not be passed are met, and not passed; nothing is `blocked`."""
        steps, far, distance = (np.empty(_ROOM, np.int32) for _ in range(3))
        with self._workspaces.one() as work:
            stamp = work.stamp()
            self._around.start(centre, stamp, work.space)
            while not (
                verdict := self._around.around(
                    self.table,
                    self.lens,
                    walk,
                    enter_ok,
                    hops,
                    limits.max_edges,
                    limits.deadline,
                    stamp,
                    work.space,
                    steps,
                    far,
                    distance,
                )
            ):
                steps, far, distance = _enlarged(steps), _enlarged(far), _enlarged(distance)
            met, edges, size = work.ends[:3].tolist()
            nodes, distances = work.forward[:met].copy(), work.backward[:met].copy()
        walked = steps[:size]
        forward = walked >= 0
        return Around(
            _VERDICTS[verdict],
            nodes,
            distances,
            np.where(forward, walked, ~walked),
            forward,
            distance[:size],
            far[:size],
            edges,
        )

    @property
    def degree(self) -> Int32:
        """What is known of degrees under the lens, int32[n], -1 where nothing is."""
        if self._degree is None:
            self._degree = np.full(self.table.nodes, -1, np.int32)
        return self._degree

    def degrees(self, nodes: Int32, limits: Limits = NO_LIMITS) -> tuple[Verdict, Int32]:
        """How many steps each node has under the lens, int32[k], a loop counted at both ends. What was counted once is
        remembered. FOUND when these are all; when a limit ended it, the rest is -1."""
        degree = self.degree
        known = degree[nodes]
        unknown = nodes[known < 0]
        if not len(unknown):
            return Verdict.FOUND, known
        unknown = np.unique(unknown)
        counts = np.zeros(len(unknown), np.int32)
        with self._workspaces.one() as work:
            verdict = self._evidence.degrees(
                self.table,
                self.lens,
                self._everywhere,
                unknown,
                len(unknown),
                counts,
                limits.max_edges,
                limits.deadline,
                work.space,
            )
        if verdict == Verdict.FOUND:
            degree[unknown] = counts
            known = degree[nodes]
        return _VERDICTS[verdict], known

    def evidence(self, steps: Int32) -> tuple[Int32, UInt8]:
        """Of each step how many sources state it, int32[k], 0 where it is not seen; and how far the nearest of its
        records is from a quotation, uint8[k], 255 where it is not seen."""
        sources, nearest = np.empty(len(steps), np.int32), np.empty(len(steps), np.uint8)
        self._evidence.evidence(self.table, self.lens, self.quotation, steps, sources, nearest)
        return sources, nearest

    def seen(self, first: int, end: int) -> UInt8:
        """Whether each step `first` … `end` - 1 is seen, uint8[end - first]."""
        out = np.empty(end - first, np.uint8)
        self._evidence.seen(self.table, self.lens, first, out)
        return out

    def kept(self, first: int, end: int) -> UInt8:
        """Whether each record `first` … `end` - 1 is kept, uint8[end - first], however many sources its step has."""
        out = np.empty(end - first, np.uint8)
        self._evidence.kept(self.table, self.lens, first, out)
        return out


def _path(verdict: int, work: LensedWorkspace) -> LensedPath:
    size, edges = work.ends[:2].tolist()
    walked = work.forward[: max(0, size - 1)].tolist()
    steps = [step if step >= 0 else ~step for step in walked]
    return LensedPath(_VERDICTS[verdict], work.path[:size].tolist(), steps, [step >= 0 for step in walked], edges)


def _enlarged(array: Int32) -> Int32:
    return np.concatenate((array, np.empty(3 * len(array), np.int32)))
