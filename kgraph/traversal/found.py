"""A path that was found, as what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from kgraph.traversal.things import Step


@dataclass(frozen=True, slots=True)
class Found:
    """A path by IRIs: its nodes, its steps, for each whether it is walked from subject to object."""

    nodes: tuple[str, ...]
    steps: tuple[Step, ...]
    forward: tuple[bool, ...]
