"""What lies beside each node of a view under a lens, as numbers: what the exact search walks.

A graph of few steps is held whole, once for each lens. Of a large one only the corridor of a question is held
(`corridor.py`): every step on any walk of at most so many hops that lens, direction and relations allow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from kgraph.traversal.strings import Int32
from kgraph.traversal.views import View


class Beside(NamedTuple):
    """A step at a node: its number, whether the node is its subject, the node at its other end, its relation as a place
    in `columns.predicates`, and whether the lens allows it."""

    step: int
    forward: bool
    far: int
    predicate: int
    allowed: bool


Terrain = dict[int, list[Beside]]
"""The steps at each node, first those that leave it; a loop comes both ways. A node that is not here has none."""

_PIECE = 4_096


def terrain(
    view: View, steps: Int32, allowed: Sequence[bool] | None = None, check: Callable[[], None] = lambda: None
) -> Terrain:
    """The terrain of some steps, in ascending order; all of them allowed unless it is told. `check` is called now and
    then and may raise what ends the search."""
    found: Terrain = {}
    for at in range(0, len(steps), _PIECE):
        check()
        for beside, near in _entries(view, steps[at : at + _PIECE], allowed, at, True):
            found.setdefault(near, []).append(beside)
    for at in range(0, len(steps), _PIECE):
        check()
        for beside, near in _entries(view, steps[at : at + _PIECE], allowed, at, False):
            found.setdefault(near, []).append(beside)
    return found


def _entries(
    view: View, steps: Int32, allowed: Sequence[bool] | None, at: int, forward: bool
) -> list[tuple[Beside, int]]:
    subjects, objects = view.subjects_of(steps).tolist(), view.table.far[steps].tolist()
    nears, fars = (subjects, objects) if forward else (objects, subjects)
    seen = [True] * len(steps) if allowed is None else allowed[at : at + len(steps)]
    columns = steps.tolist(), fars, view.predicates_of(steps).tolist(), seen, nears
    return [(Beside(step, forward, far, p, ok), near) for step, far, p, ok, near in zip(*columns, strict=True)]


def whole(view: View, allowed: Sequence[bool]) -> Terrain:
    """The terrain of every step of a view."""
    return terrain(view, np.arange(len(view), dtype=np.int32), allowed)
