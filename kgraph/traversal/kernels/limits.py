"""What ends a search: its own end, or a limit; and the verdict that tells which."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum

CHECK_EVERY = 4096
"""How many edges a kernel looks at between two looks at the clock: some 40 µs, far below a deadline's grain."""

UNLIMITED = 2**62


class Verdict(IntEnum):
    """How a search ended. `NONE` is said only after an exhaustive search."""

    NONE = 0
    FOUND = 1
    MAX_EDGES = 2
    MAX_MS = 3

    @property
    def is_stopped(self) -> bool:
        """Whether a limit ended it, so that nothing is known of what was not seen."""
        return self >= Verdict.MAX_EDGES


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_edges`: how many edges may be looked at; `deadline`: nanoseconds of the monotonic clock, 0 for none."""

    max_edges: int = UNLIMITED
    deadline: int = 0

    @classmethod
    def within(cls, *, ms: float | None = None, max_edges: int | None = None) -> Limits:
        """Limits that begin now."""
        deadline = 0 if ms is None else time.monotonic_ns() + int(ms * 1_000_000)
        return cls(UNLIMITED if max_edges is None else max_edges, deadline)

    def less(self, edges: int) -> Limits:
        """What is left after so many edges."""
        return self if edges == 0 else Limits(max(0, self.max_edges - edges), self.deadline)


NO_LIMITS = Limits()
