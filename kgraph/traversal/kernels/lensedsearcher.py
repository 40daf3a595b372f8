"""Questions to a step table under a lens; each is one call of a kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from kgraph.traversal.kernels.asked import BACKWARD, FORWARD, LensArrays, UInt8, WalkArrays
from kgraph.traversal.kernels.lensedfound import Around, Corridor, LensedPath
from kgraph.traversal.kernels.limits import NO_LIMITS, Limits, Verdict
from kgraph.traversal.kernels.space import LensedWorkspace
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.topology import Int32
from kgraph.traversal.kernels.workspace import Pool

ANY_LENGTH = 2**31 - 1
Ids = Int32 | Sequence[int]

_ROOM = 1024
_MANY = 100_000
_ALL_KINDS: UInt8 = np.empty(0, np.uint8)
_VERDICTS: Sequence[Verdict] = tuple(Verdict)


@cache
def _kernel(name: str) -> Callable[..., Any]:
    """A kernel by its module and name, loaded, and numba with it, when it is first asked for."""
    module, _, function = name.partition(".")
    kernels = __name__.rpartition(".")[0]
    found: Callable[..., Any] = import_module(f"{kernels}.compiling").direct(
        getattr(import_module(f"{kernels}.{module}"), function)
    )
    return found


_NAMES = (
    "around.around",
    "around.start",
    "evidence.degrees",
    "evidence.evidence",
    "evidence.kept",
    "evidence.seen",
    "lensed.shortest",
    "ranked.ranked",
    "reach.reach",
    "taken.taken",
)


def load() -> None:
    """Load every kernel of this module, compiled at the first time on a machine, so that no question's time is spent
    on it."""
    for name in _NAMES:
        _kernel(name)


class LensedWorkspaces(Pool[LensedWorkspace]):
    """The workspaces of a step table, for the searchers under all lenses."""

    def __init__(self, nodes: int) -> None:
        super().__init__(lambda: LensedWorkspace(nodes))


class LensedSearcher:
    """One step table under one lens. Threads may share it.

    `quotation`, uint8[combos]: how far a record is from a quotation, by its combination. Ids must be within the table
    and the arrays of table, lens and walk have their types and be contiguous; nothing is checked here. Sources and
    targets are lists without repetition, none of them empty; only `corridor` takes a node for both. `degree`, int32[n]:
    where that is known already, how many steps each node has under the lens.
    """

    def __init__(
        self,
        table: StepTable,
        lens: LensArrays,
        quotation: UInt8,
        workspaces: LensedWorkspaces,
        degree: Int32 | None = None,
    ) -> None:
        self.table, self.lens, self.quotation = table, lens, quotation
        self._workspaces = workspaces
        # One more than is known, 0 where nothing is.
        self._degree: Int32 = np.zeros(table.nodes, np.int32) if degree is None else degree + np.int32(1)
        every = np.array((FORWARD | BACKWARD, 1, FORWARD | BACKWARD), np.int64)
        nothing = np.empty(0, np.int32)
        self._everywhere = WalkArrays(np.empty(0, np.uint8), nothing, np.empty(0, np.uint8), nothing, every)

    def shortest(
        self,
        walk: WalkArrays,
        sources: Ids,
        targets: Ids,
        limits: Limits = NO_LIMITS,
        *,
        max_hops: int = ANY_LENGTH,
    ) -> LensedPath:
        """A shortest path of at most `max_hops` steps from any of the sources to any of the targets."""
        work = self._workspaces.take()
        try:
            verdict = _kernel("lensed.shortest")(
                self.table,
                self.lens,
                walk,
                ids(sources),
                ids(targets),
                max_hops,
                limits.max_edges,
                limits.deadline,
                work.stamp(),
                work.space,
            )
            return _path(verdict, work)
        finally:
            self._workspaces.give(work)

    def ranked(
        self,
        walk: WalkArrays,
        sources: Ids,
        targets: Ids,
        limits: Limits = NO_LIMITS,
        *,
        max_hops: int = ANY_LENGTH,
    ) -> LensedPath:
        """The best of all shortest paths of at most `max_hops` steps, by the ranking of `rank.py`."""
        with self._workspaces.one() as work, self._workspaces.one() as spare:
            verdict = _kernel("ranked.ranked")(
                self.table,
                self.lens,
                walk,
                self._everywhere,
                self.quotation,
                self._degree,
                ids(sources),
                ids(targets),
                max_hops,
                limits.max_edges,
                limits.deadline,
                work.stamp(),
                work.space,
                spare.space,
            )
            return _path(verdict, work)

    def corridor(self, walk: WalkArrays, sources: Ids, targets: Ids, hops: int, limits: Limits = NO_LIMITS) -> Corridor:
        """The steps on walks of at most `hops` steps from any of the sources to any of the targets; ends are not
        `blocked`. Longer walks than there are nodes are not looked for: paths repeat no node."""
        hops = min(hops, self.table.nodes)
        rules, bounds = (self.table, self.lens, walk), (limits.max_edges, limits.deadline)
        steps = np.empty(_ROOM, np.int32)
        with self._workspaces.one() as work, self._workspaces.one() as other:
            sides = work.stamp(), work.space, other.stamp(), other.space
            verdict = _kernel("reach.reach")(*rules, ids(sources), ids(targets), hops, *bounds, *sides)
            if verdict == Verdict.FOUND:
                while not (verdict := _kernel("taken.taken")(*rules, hops, *bounds, *sides, steps)):
                    steps = _enlarged(steps)
            edges, size = work.space.ends[[1, 3]].tolist()
        if verdict != Verdict.FOUND:
            return Corridor(_VERDICTS[verdict], np.empty(0, np.int32), edges)
        return Corridor(Verdict.FOUND, self._in_order(steps[:size]), edges)

    def _in_order(self, steps: Int32) -> Int32:
        """Each once, ascending."""
        if len(steps) < _MANY:
            return np.unique(steps)
        chosen = np.zeros(self.table.steps, np.bool_)
        chosen[steps] = True
        return np.flatnonzero(chosen).astype(np.int32)

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
            _kernel("around.start")(centre, stamp, work.space)
            while not (
                verdict := _kernel("around.around")(
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
            met, edges, size = work.space.ends[:3].tolist()
            nodes, distances = work.space.ahead[:met].copy(), work.space.behind[:met].copy()
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

    def degrees(self, nodes: Ids, limits: Limits = NO_LIMITS) -> tuple[Verdict, Int32]:
        """How many steps each node has under the lens, int32[k], a loop counted at both ends. What was counted once is
        remembered. FOUND when these are all; when a limit ended it, the rest is -1."""
        degree, nodes = self._degree, ids(nodes)
        known = degree[nodes] - 1
        unknown = nodes[known < 0]
        if not len(unknown):
            return Verdict.FOUND, known
        unknown = np.unique(unknown)
        counts = np.zeros(len(unknown), np.int32)
        with self._workspaces.one() as work:
            verdict = _kernel("evidence.degrees")(
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
            degree[unknown] = counts + 1
            known = degree[nodes] - 1
        return _VERDICTS[verdict], known

    def evidence(self, steps: Ids) -> tuple[Int32, UInt8]:
        """Of each step how many sources state it, int32[k], 0 where it is not seen; and how far the nearest of its
        records is from a quotation, uint8[k], 255 where it is not seen."""
        sources, nearest = np.empty(len(steps), np.int32), np.empty(len(steps), np.uint8)
        _kernel("evidence.evidence")(self.table, self.lens, self.quotation, ids(steps), sources, nearest)
        return sources, nearest

    def seen(self, first: int, end: int) -> UInt8:
        """Whether each step `first` … `end` - 1 is seen, uint8[end - first]."""
        out = np.empty(end - first, np.uint8)
        _kernel("evidence.seen")(self.table, self.lens, first, out)
        return out

    def kept(self, first: int, end: int) -> UInt8:
        """Whether each record `first` … `end` - 1 is kept, uint8[end - first], however many sources its step has."""
        out = np.empty(end - first, np.uint8)
        _kernel("evidence.kept")(self.table, self.lens, first, out)
        return out


def _path(verdict: int, work: LensedWorkspace) -> LensedPath:
    size, edges = work.space.ends[:2].tolist()
    walked = work.space.steps[: max(0, size - 1)].tolist()
    steps = [step if step >= 0 else ~step for step in walked]
    return LensedPath(_VERDICTS[verdict], work.space.path[:size].tolist(), steps, [step >= 0 for step in walked], edges)


def _enlarged(array: Int32) -> Int32:
    return np.concatenate((array, np.empty(3 * len(array), np.int32)))


def ids(numbers: Ids) -> Int32:
    """As kernels take them."""
    return np.ascontiguousarray(numbers, np.int32)
