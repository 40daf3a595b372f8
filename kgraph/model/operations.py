"""What loading and checking report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A literal made canonical on the way in."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What `load` (or `validate`, with `committed` false) did.

    `generation` is the one the graph is at afterwards; a load that changes nothing makes no commit.
    """

    committed: bool
    generation: int
    entities: int
    claims: int
    added: int
    removed: int
    unchanged: int
    conflicts: tuple[tuple[str, str], ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    skolemised: int = 0
    files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`: what was checked, whether it holds, and what was seen."""

    check: str
    ok: bool
    detail: str


class Progress(Protocol):
    """Told how far the work is: a stage, how much of it is done, and of how much where that is known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note."""
