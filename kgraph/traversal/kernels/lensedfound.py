"""What a searcher under a lens answers with: numbers of nodes and steps, and how the search ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kgraph.traversal.kernels.limits import Verdict
from kgraph.traversal.kernels.topology import Int32


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
