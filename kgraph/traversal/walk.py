"""What may be walked: lens, direction, relations, pattern, nodes to avoid and to pass, decided step by step.

A walk's state beside its node is a number: the pattern's automaton state and which of the `via` nodes were met.
Both are deterministic, so one walk has one run and no path is found twice.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kgraph.errors import ParameterError
from kgraph.model import Direction, PathQuestion
from kgraph.traversal.kernels.asked import BACKWARD, FORWARD
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.pattern import Automaton, Letter, compile_pattern
from kgraph.traversal.records import Catalogue
from kgraph.traversal.strings import UInt8
from kgraph.traversal.terrain import Beside, Terrain
from kgraph.traversal.things import LEAVES

MOST_VIA = 8
_CHECK_EVERY = 64


class StoppedError(Exception):
    """A limit ended the search; `limit` is the name of the parameter. Never leaves the package."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class Budget:
    """Counts what a search costs: every step looked at, allowed or not, and the time since it began."""

    def __init__(self, max_edges: int, max_ms: int) -> None:
        self.max_edges = max_edges
        self._began = time.perf_counter()
        self._deadline = self._began + max_ms / 1000
        self.deadline = time.monotonic_ns() + max_ms * 1_000_000
        self.edges = 0

    def tick(self) -> None:
        """Count one step. Raises StoppedError when that was one too many, or the time is over."""
        if self.edges >= self.max_edges:
            raise StoppedError("max_edges")
        self.edges += 1
        if self.edges % _CHECK_EVERY == 0:
            self.check_time()

    def check_time(self) -> None:
        """Raises StoppedError when the time is over."""
        if time.perf_counter() > self._deadline:
            raise StoppedError("max_ms")

    @property
    def ms(self) -> float:
        """Milliseconds since the search began."""
        return round((time.perf_counter() - self._began) * 1000, 3)


class Ways:
    """Which relations may be walked which way.

    A bare relation follows `direction`; one with `^` is walked from object to subject whatever the direction; a
    relation without direction is walked both ways. No relation named means every relation.
    """

    def __init__(self, catalogue: Catalogue, direction: Direction, predicates: tuple[str, ...]) -> None:
        self._catalogue = catalogue
        self._direction = direction
        self._named = frozenset(predicates)
        self._known: dict[Letter, bool] = {}

    def allow(self, predicate: str, forward: bool) -> bool:
        """Whether a relation may be walked from subject to object (`forward`), or back."""
        letter = (predicate, forward)
        if letter not in self._known:
            self._known[letter] = self._decide(predicate, forward)
        return self._known[letter]

    def array(self, predicates: Sequence[str]) -> UInt8:
        """For each of these relations how it may be walked, as FORWARD and BACKWARD bits, uint8."""

        def bits() -> UInt8:
            found = [FORWARD * self.allow(p, True) | BACKWARD * self.allow(p, False) for p in predicates]
            return np.array(found, np.uint8)

        # Most questions name no relation: what they may walk is worked out once.
        return bits() if self._named else self._catalogue.keep(("ways", self._direction), bits)

    def _decide(self, predicate: str, forward: bool) -> bool:
        undirected = not self._catalogue.is_directed(predicate)
        inverse = f"^{predicate}" in self._named
        if inverse and (undirected or not forward):
            return True
        if self._named and predicate not in self._named:
            return False
        return undirected or self._direction in ("both", "forward" if forward else "backward")


class Rules:
    """A path question's rules over a terrain, ready to be asked in either direction of the search. Nodes, steps and
    relations are numbers of the lens's view."""

    def __init__(self, lens: LensFilter, question: PathQuestion, budget: Budget, terrain: Terrain) -> None:
        self._lens, self._catalogue, self._budget = lens, lens.catalogue, budget
        self._question = question
        self._terrain = terrain
        predicates = lens.view.columns.predicates.values
        self._pattern = (
            _numbered(compile_pattern(self._catalogue, question.pattern), predicates) if question.pattern else None
        )
        # A pattern says itself which way each step goes.
        self.ways = Ways(self._catalogue, "both" if self._pattern else question.direction, question.predicate)
        self._way = self.ways.array(predicates).tolist()
        node = lens.view.node
        self.sources = tuple(sorted({node(iri) for iri in question.source}))
        self.targets = tuple(sorted({node(iri) for iri in question.target}))
        self._avoid = frozenset(map(node, question.avoid))
        via = sorted({node(iri) for iri in question.via})
        self._check(via)
        self._bit = {number: 1 << i for i, number in enumerate(via)}
        self._width = len(via)
        self._before = _reversed(self._pattern) if self._pattern else {}
        self._passable: dict[int, bool] = {}

    def narrow(self, terrain: Terrain) -> None:
        """From here on, walk in this terrain alone."""
        self._terrain = terrain

    def _check(self, via: Sequence[int]) -> None:
        for name, iris in (("source", self._question.source), ("target", self._question.target)):
            if not iris:
                raise ParameterError(name, "", "give at least one entity")
        if len(via) > MOST_VIA:
            raise ParameterError("via", len(via), f"at most {MOST_VIA} entities can be asked for on the way")
        for number in sorted(self._avoid & {*self.sources, *self.targets, *via}):
            name = self._catalogue.namespaces.compress(self._lens.view.iri(number))
            raise ParameterError("avoid", name, "the question also asks for it")

    def starts(self) -> Iterator[tuple[int, int]]:
        """Where a walk may begin."""
        for node in self.sources:
            yield node, self._bit.get(node, 0)

    def ends(self) -> Iterator[tuple[int, int]]:
        """Where a walk may end: at a target, the pattern satisfied and every `via` met."""
        everything = (1 << self._width) - 1
        for node in self.targets:
            for state in sorted(self._pattern.accepting) if self._pattern else (0,):
                yield node, state << self._width | everything

    def is_source(self, node: int) -> bool:
        """Whether a walk may begin here."""
        return node in self.sources

    def passable(self, node: int) -> bool:
        """Whether a walk may go on from a node it came to. Nodes asked for with `via` are exempt from
        `avoid_type` and `avoid_hubs`; numbers and periods connect nothing."""
        known = self._passable.get(node)
        if known is None:
            known = self._passable[node] = self._may_pass(node)
        return known

    def _may_pass(self, node: int) -> bool:
        question, kind = self._question, self._lens.view.kind_of(node)
        if node in self._avoid or kind.kind in LEAVES:
            return False
        if node in self._bit:
            return True
        if question.avoid_type and self._catalogue.is_one_of(kind, question.avoid_type):
            return False
        degrees = self._lens.degrees
        return question.avoid_hubs is None or degrees(np.array([node], np.int32))[0] <= question.avoid_hubs

    def onward(self, node: int, state: int) -> Iterator[tuple[int, bool, int, int]]:
        """The steps a walk may take from a node: step, whether from subject to object, far node, state after it."""
        for beside in self._steps(node):
            after = self._after(state, beside.predicate, beside.forward)
            if after is not None:
                yield beside.step, beside.forward, beside.far, after | self._bit.get(beside.far, 0)

    def back(self, node: int, state: int) -> Iterator[tuple[int, int, int]]:
        """The steps by which a walk may have come to a node in a state: step, near node, state before it."""
        bit = self._bit.get(node, 0)
        if bit and not state & bit:
            return
        for beside in self._steps(node):
            for before in self._states_before(state, beside.predicate, not beside.forward):
                yield beside.step, beside.far, before
                if bit:
                    yield beside.step, beside.far, before ^ bit

    def _steps(self, node: int) -> Iterator[Beside]:
        """The steps at a node that the lens allows. A loop comes both ways."""
        tick = self._budget.tick
        for beside in self._terrain.get(node, ()):
            tick()
            if beside.allowed:
                yield beside

    def _after(self, state: int, predicate: int, forward: bool) -> int | None:
        if not self._way[predicate] & (FORWARD if forward else BACKWARD):
            return None
        if self._pattern is None:
            return state
        moved = self._pattern.moves[state >> self._width].get((predicate, forward))
        met = state & ((1 << self._width) - 1)
        return None if moved is None else moved << self._width | met

    def _states_before(self, state: int, predicate: int, forward: bool) -> Iterator[int]:
        if not self._way[predicate] & (FORWARD if forward else BACKWARD):
            return
        if self._pattern is None:
            yield state
            return
        met = state & ((1 << self._width) - 1)
        for before in self._before.get(((predicate, forward), state >> self._width), ()):
            yield before << self._width | met


_Number = tuple[int, bool]
"""A relation's number and whether it is walked from subject to object."""


class _Numbered(NamedTuple):
    """An automaton whose letters are numbers; those of relations that the graph has not are left out."""

    moves: tuple[dict[_Number, int], ...]
    accepting: frozenset[int]


def _numbered(automaton: Automaton, predicates: Sequence[str]) -> _Numbered:
    number = {iri: i for i, iri in enumerate(predicates)}
    moves = tuple(
        {(number[iri], forward): after for (iri, forward), after in letters.items() if iri in number}
        for letters in automaton.moves
    )
    return _Numbered(moves, automaton.accepting)


def _reversed(automaton: _Numbered) -> dict[tuple[_Number, int], tuple[int, ...]]:
    before: dict[tuple[_Number, int], list[int]] = defaultdict(list)
    for state, moves in enumerate(automaton.moves):
        for letter, after in moves.items():
            before[letter, after].append(state)
    return {key: tuple(states) for key, states in before.items()}
