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

    `generation` is the one the graph is at afterwards; a load that changes nothing makes no commit. Of claim tables it
    tells how many rows were read and how many refused, the first of these (`refusals`), and the files with all of them.
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
    rows: int = 0
    refused: int = 0
    refusals: tuple[str, ...] = ()
    refused_files: tuple[str, ...] = ()

    def __add__(self, later: LoadReport) -> LoadReport:
        """What two loads did, one after the other."""
        return LoadReport(
            committed=self.committed or later.committed,
            generation=later.generation,
            **{
                name: getattr(self, name) + getattr(later, name)
                for name in self.__dataclass_fields__
                if name not in ("committed", "generation")
            },
        )


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update, or a graph that was put, added to or deleted, changed.

    `generation` is the one the graph is at afterwards; what changes nothing makes no commit. `added` and `removed`
    count quads, `created` and `dropped` are the IRIs of named graphs that came and went.
    """

    committed: bool
    generation: int
    added: int
    removed: int
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


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
