"""What may be walked: lens, direction, relations, pattern, nodes to avoid and to pass, decided step by step.

A walk's state beside its node is a number: the pattern's automaton state and which of the `via` nodes were met.
Both are deterministic, so one walk has one run and no path is found twice.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from kgraph.errors import ParameterError
from kgraph.model import Direction, PathQuestion
from kgraph.traversal.kernels.asked import BACKWARD, FORWARD
from kgraph.traversal.lens import LensFilter
from kgraph.traversal.pattern import Automaton, Letter, compile_pattern
from kgraph.traversal.records import Catalogue
from kgraph.traversal.strings import UInt8
from kgraph.traversal.things import Step

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
        bits = [FORWARD * self.allow(p, True) | BACKWARD * self.allow(p, False) for p in predicates]
        return np.array(bits, np.uint8)

    def _decide(self, predicate: str, forward: bool) -> bool:
        undirected = not self._catalogue.is_directed(predicate)
        inverse = f"^{predicate}" in self._named
        if inverse and (undirected or not forward):
            return True
        if self._named and predicate not in self._named:
            return False
        return undirected or self._direction in ("both", "forward" if forward else "backward")


class Rules:
    """A path question's rules, ready to be asked in either direction of the search."""

    def __init__(self, lens: LensFilter, question: PathQuestion, budget: Budget) -> None:
        self._lens, self._catalogue, self._budget = lens, lens.catalogue, budget
        self._question = question
        self._pattern = compile_pattern(self._catalogue, question.pattern) if question.pattern else None
        # A pattern says itself which way each step goes.
        self.ways = Ways(self._catalogue, "both" if self._pattern else question.direction, question.predicate)
        self._outgoing: Callable[[str], tuple[Step, ...]] = lens.view.outgoing
        self._incoming: Callable[[str], tuple[Step, ...]] = lens.view.incoming
        self._sources = frozenset(question.source)
        self._avoid, self._via = frozenset(question.avoid), sorted(set(question.via))
        self._check()
        self._bit = {iri: 1 << i for i, iri in enumerate(self._via)}
        self._width = len(self._via)
        self._before = _reversed(self._pattern) if self._pattern else {}
        self._passable: dict[str, bool] = {}

    def narrow(self, outgoing: Mapping[str, tuple[Step, ...]], incoming: Mapping[str, tuple[Step, ...]]) -> None:
        """From here on, walk by these steps alone: those that leave each node, and those that come to it."""
        self._outgoing, self._incoming = lambda iri: outgoing.get(iri, ()), lambda iri: incoming.get(iri, ())

    def _check(self) -> None:
        ends = self._sources | set(self._question.target)
        for name, iris in (("source", self._question.source), ("target", self._question.target)):
            if not iris:
                raise ParameterError(name, "", "give at least one entity")
        if len(self._via) > MOST_VIA:
            raise ParameterError("via", len(self._via), f"at most {MOST_VIA} entities can be asked for on the way")
        for iri in sorted(self._avoid):
            if iri in ends or iri in self._via:
                raise ParameterError("avoid", self._catalogue.namespaces.compress(iri), "the question also asks for it")

    def starts(self) -> Iterator[tuple[str, int]]:
        """Where a walk may begin."""
        for iri in sorted(self._sources):
            yield iri, self._bit.get(iri, 0)

    def ends(self) -> Iterator[tuple[str, int]]:
        """Where a walk may end: at a target, the pattern satisfied and every `via` met."""
        everything = (1 << self._width) - 1
        for iri in sorted(set(self._question.target)):
            for state in sorted(self._pattern.accepting) if self._pattern else (0,):
                yield iri, state << self._width | everything

    def is_source(self, iri: str) -> bool:
        """Whether a walk may begin here."""
        return iri in self._sources

    def passable(self, iri: str) -> bool:
        """Whether a walk may go on from a node it came to. Nodes asked for with `via` are exempt from
        `avoid_type` and `avoid_hubs`; numbers and periods connect nothing."""
        known = self._passable.get(iri)
        if known is None:
            known = self._passable[iri] = self._may_pass(iri)
        return known

    def _may_pass(self, iri: str) -> bool:
        question = self._question
        if iri in self._avoid or self._catalogue.nodes[iri].is_leaf:
            return False
        if iri in self._bit:
            return True
        if question.avoid_type and self._catalogue.has_type(iri, question.avoid_type):
            return False
        return question.avoid_hubs is None or self._lens.degree(iri) <= question.avoid_hubs

    def onward(self, iri: str, state: int) -> Iterator[tuple[Step, bool, str, int]]:
        """The steps a walk may take from a node: step, whether from subject to object, far node, state after it."""
        for step, forward in self._steps(iri):
            after = self._after(state, step.predicate, forward)
            if after is not None:
                far = step.object if forward else step.subject
                yield step, forward, far, after | self._bit.get(far, 0)

    def back(self, iri: str, state: int) -> Iterator[tuple[Step, str, int]]:
        """The steps by which a walk may have come to a node in a state: step, near node, state before it."""
        bit = self._bit.get(iri, 0)
        if bit and not state & bit:
            return
        for step, backward in self._steps(iri):
            for before in self._states_before(state, step.predicate, not backward):
                near = step.object if backward else step.subject
                yield step, near, before
                if bit:
                    yield step, near, before ^ bit

    def _steps(self, iri: str) -> Iterator[tuple[Step, bool]]:
        """The steps at a node that the lens allows, and whether the node is their subject. A loop comes both ways."""
        budget, allows = self._budget, self._lens.allows
        for step in self._outgoing(iri):
            budget.tick()
            if allows(step):
                yield step, True
        for step in self._incoming(iri):
            budget.tick()
            if allows(step):
                yield step, False

    def _after(self, state: int, predicate: str, forward: bool) -> int | None:
        if not self.ways.allow(predicate, forward):
            return None
        if self._pattern is None:
            return state
        moved = self._pattern.step(state >> self._width, (predicate, forward))
        met = state & ((1 << self._width) - 1)
        return None if moved is None else moved << self._width | met

    def _states_before(self, state: int, predicate: str, forward: bool) -> Iterator[int]:
        if not self.ways.allow(predicate, forward):
            return
        if self._pattern is None:
            yield state
            return
        met = state & ((1 << self._width) - 1)
        for before in self._before.get(((predicate, forward), state >> self._width), ()):
            yield before << self._width | met


def _reversed(automaton: Automaton) -> dict[tuple[Letter, int], tuple[int, ...]]:
    before: dict[tuple[Letter, int], list[int]] = defaultdict(list)
    for state, moves in enumerate(automaton.moves):
        for letter, after in moves.items():
            before[letter, after].append(state)
    return {key: tuple(states) for key, states in before.items()}
