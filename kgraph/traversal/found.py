"""A path that was found, as what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kgraph.traversal.things import Step
from kgraph.traversal.views import View


@dataclass(frozen=True, slots=True)
class Found:
    """A path by numbers of a view: its nodes, its steps, for each whether it is walked from subject to object."""

    view: View
    node_numbers: Sequence[int]
    step_numbers: Sequence[int]
    forward: Sequence[bool]

    @property
    def length(self) -> int:
        """How many steps it has."""
        return len(self.step_numbers)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The IRIs of its nodes."""
        return tuple(map(self.view.iri, self.node_numbers))

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps with their claims."""
        return tuple(map(self.view.step, self.step_numbers))
