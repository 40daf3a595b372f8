"""Path searches in a query: done here, on the generation that the query is evaluated on, before the engine sees it.

The searches are done on the generation that is current, the query is evaluated on the newest snapshot. Where that is
of another generation, they are done again on that one. If they find the same there, the answer is right as it is; if
not, the query is asked again (`service.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from kgraph.errors import KGraphError, LimitError, NotFoundError, ParameterError
from kgraph.model import Paths, Verdict
from kgraph.settings import Settings
from kgraph.sparql import pathrows
from kgraph.sparql.guard import BOUNDS
from kgraph.sparql.lexer import position
from kgraph.sparql.pathblock import PathBlock, fault
from kgraph.sparql.work import Reply

TRIES = 5
"""How often a query is asked, where what its searches find changes every time."""
MOST_ROWS = BOUNDS.values_rows
"""How many rows all searches of a query give together."""
_PAUSE = 0.005
_USUAL = {"max_ms": 2_000, "max_edges": 1_000_000, "max_hops": 6, "k": 5}
"""What is asked for by default, where the settings allow it."""
_SETTINGS = {"k": "max_limit"}


class PathSource(Protocol):
    """Who answers path questions: the facade's verb, told by `pathrows.Identifiers`."""

    @property
    def generation(self) -> int:
        """The last generation that can be asked."""

    def walk(self, generation: int, source: tuple[str, ...], target: tuple[str, ...], **asked: Any) -> Paths:
        """The verb `paths` at a generation. Raises what it does."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A query with rows in the place of its searches, and what each search came to."""

    text: str
    generation: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Searching:
    """The path searches of one query. They and the query have `seconds`, until `deadline` (of `time.monotonic`)."""

    text: str
    blocks: Sequence[PathBlock]
    source: PathSource
    settings: Settings
    seconds: float
    deadline: float

    def steps(self) -> Generator[Callable[[], Expanded] | str, Any, tuple[Reply, Expanded]]:
        """What is to be done, one thing after another: searches to be called, and texts to be asked. What they come to
        is sent back. At the end it returns the reply, and the searches of its generation."""
        found: Expanded = yield self.expand
        for _ in range(TRIES):
            reply: Reply = yield found.text
            if reply.status == "syntax":
                placed: Reply = yield self.template()  # the same fault, where it is in the query as it was written
                return (placed if placed.status == "syntax" else reply), found
            if reply.generation in (found.generation, 0):  # 0: refused before the server that has the graph was asked
                return reply, found
            again: Expanded = yield partial(self.expand, reply.generation)
            if again.text == found.text:
                return reply, again
            found = again
        detail = f"what the path searches find changed {TRIES} times while the query was evaluated; try again"
        raise LimitError("generation", str(found.generation), detail)

    def expand(self, generation: int | None = None) -> Expanded:
        """Do the searches, at a generation or at the last. Raises PathSearchError, LimitError."""
        if generation is None:
            generation = self.source.generation
        while self.source.generation < generation:  # it is in the store, and will be here in a moment
            self.remaining()
            time.sleep(_PAUSE)
        clauses: list[str] = []
        verdicts: list[Verdict] = []
        left = MOST_ROWS
        for block in self.blocks:
            found = self._found(block, generation)
            rows = pathrows.rows(found, block.outputs, left)
            if rows is None:
                raise self._limited(block, "path_rows", f"{MOST_ROWS:,}", f"give more than {MOST_ROWS:,} rows: {_LESS}")
            left -= len(rows)
            clauses.append(f"VALUES ({' '.join(block.outputs.values())}) {{ {' '.join(rows)} }}")
            verdicts.append(found.verdict)
        return Expanded(self._with(clauses), generation, tuple(verdicts))

    def template(self) -> str:
        """The query with an empty clause in the place of each search, and everything else where it was."""
        clauses = []
        for block in self.blocks:
            written = self.text[block.start : block.end]
            first, *others = written.split("\n")
            clause = f"VALUES({' '.join(block.outputs.values())}){{}}"
            clauses.append("\n".join([clause.ljust(len(first)), *(" " * len(line) for line in others)]))
        return self._with(clauses)

    def _with(self, clauses: Sequence[str]) -> str:
        parts, done = [], 0
        for block, clause in zip(self.blocks, clauses, strict=True):
            parts += [self.text[done : block.start], clause]
            done = block.end
        return "".join([*parts, self.text[done:]])

    def remaining(self) -> float:
        """Seconds until the deadline. Raises LimitError where it has passed."""
        left = self.deadline - time.monotonic()
        if left > 0:
            return left
        detail = f"the path searches of the query, and what they waited for, took longer than {self.seconds:g} s"
        raise LimitError("query_timeout", f"{self.seconds:g} s", detail)

    def _found(self, block: PathBlock, generation: int) -> Paths:
        most = {name: getattr(self.settings, _SETTINGS.get(name, name)) for name in _USUAL}
        asked: dict[str, Any] = {name: min(value, most[name]) for name, value in _USUAL.items()} | dict(block.asked)
        wished = asked["max_ms"]
        left = int(self.remaining() * 1000) + 1
        if left < wished <= self.settings.max_ms:
            asked["max_ms"] = left
        try:
            found = self.source.walk(generation, limit=self.settings.max_limit, **asked)
        except (NotFoundError, ParameterError) as error:
            raise fault(self.text, _place(block, error), error.detail) from error
        if found.stopped_by == "max_ms" and asked["max_ms"] < wished:
            self.remaining()  # raises
        if found.stopped_by is not None and "verdict" not in block.outputs:
            value, name = asked[found.stopped_by], found.stopped_by
            told = f"did not end within {name} = {value:,}: ask for more, for less, or for path:verdict, which says so"
            raise self._limited(block, name, f"{value:,}", told)
        if found.next is not None:
            limit = f"{self.settings.max_limit:,}"
            raise self._limited(block, "max_limit", limit, f"found more than {limit} paths: {_LESS}")
        return found

    def _limited(self, block: PathBlock, limit: str, value: str, told: str) -> KGraphError:
        line, column, _ = position(self.text, block.start)
        return LimitError(limit, value, f"line {line}, column {column}: this path search {told}")


_LESS = "ask for fewer hops, a narrower lens, or k_shortest"


def _place(block: PathBlock, error: NotFoundError | ParameterError) -> int:
    """The offset of what an error is about: the value, else the first value of that name, else the search."""
    if isinstance(error, ParameterError):
        exact = block.places.get((error.name, error.value))
        if exact is not None:
            return exact
        return next((at for (name, _), at in block.places.items() if name == error.name), block.start)
    return next((at for (_, value), at in block.places.items() if value == error.wanted), block.start)
