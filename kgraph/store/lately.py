"""What the last commits really changed, so that the generations just before the store's can be read from it.

A question is answered at the generation it began with, while others are written: without this, each of them would
replay the journal. Held in memory only, and let go of where something is redacted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final, NamedTuple

from kgraph.rdf import Quad
from kgraph.store.base import Delta, KeptStore

COMMITS: Final = 32
QUADS: Final = 5_000
"""A commit that touches more is not held, and what came before it is not reached from then on."""


class Step(NamedTuple):
    """A commit: of each quad it touched whether it was held before."""

    seq: int
    before: Mapping[Quad, bool]


class Lately:
    """The steps of the last commits, each the one after the other."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque(maxlen=COMMITS)

    @staticmethod
    def before(delta: Delta, store: KeptStore) -> dict[Quad, bool] | None:
        """Of each quad that a change touches whether the store holds it; None where they are too many or it is far."""
        if not store.is_near or len(delta.added) + len(delta.removed) > QUADS:
            return None
        return {quad: _holds(store, quad) for quad in (*delta.removed, *delta.added)}

    def note(self, seq: int, before: Mapping[Quad, bool] | None) -> None:
        """A commit has been made; None where it is not known what it changed."""
        if before is None or (self._steps and self._steps[-1].seq != seq - 1):
            self._steps.clear()
        if before is not None:
            self._steps.append(Step(seq, before))

    def clear(self) -> None:
        """Let go of everything."""
        self._steps.clear()

    def since(self, generation: int, now: int) -> dict[Quad, bool] | None:
        """Of each quad touched since a generation whether it was held then; None where that is not known."""
        if generation == now:
            return {}
        if not self._steps or self._steps[-1].seq != now or not self._steps[0].seq <= generation + 1 <= now:
            return None
        held: dict[Quad, bool] = {}
        for step in reversed(self._steps):
            if step.seq <= generation:
                break
            held.update(step.before)
        return held


def then(quads: Iterable[Quad], held: Mapping[Quad, bool], also: Iterable[Quad] | None = None) -> Iterable[Quad]:
    """Quads of now as they were then: without those that were touched, with those that were held. `also` narrows the
    latter to what was asked for; None for all of them. The very quads where none was touched: they may be millions."""
    if not held:
        return quads
    back = (quad for quad in (held if also is None else also) if held[quad])
    return chain((quad for quad in quads if quad not in held), back)


def _holds(store: KeptStore, quad: Quad) -> bool:
    return next(iter(store.quads(quad.subject, quad.predicate, quad.object, quad.graph_name)), None) is not None
