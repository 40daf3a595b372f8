"""The port behind which a graph's quads are kept, and the change it takes.

Every store passes the tests in `tests/store/test_contract.py`. A store is derived from the journal: it may lag behind
and may be thrown away, never the other way round.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kgraph.rdf import BlankNode, DefaultGraph, NamedNode, Quad, Term, Triple

GraphName = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True, slots=True)
class Delta:
    """What one commit changes: first `dropped` graphs go with all they hold, then `removed` quads, then come the
    `created` (empty) graphs and the `added` quads. Quads hold canonical literals and no blank nodes. A commit of a
    data folder names what a dropped graph held among the `removed` quads too, for those who follow it subject by
    subject.
    """

    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()
    created: tuple[NamedNode, ...] = ()
    dropped: tuple[NamedNode, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.created or self.dropped)


class QuadStore(Protocol):
    """A set of quads at a generation."""

    @property
    def generation(self) -> int:
        """Sequence of the last commit that is wholly in the store; 0 for a new one."""

    @property
    def mark(self) -> str:
        """Hash of that commit, as it was handed to `apply`: tells a store of another journal."""

    def apply(self, delta: Delta, generation: int, mark: str = "") -> None:
        """Take a change and put it on the disk. Taking the same change again changes nothing.

        Raises StorageFullError or StorageError; the generation then stays what it was.
        """

    def load(self, lines: Iterable[bytes], generation: int, mark: str = "") -> None:
        """Take a change that only adds, too large to be held: N-Quads, in pieces of whole lines. Else as `apply`."""

    def quads(
        self,
        subject: NamedNode | BlankNode | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Generator[Quad, None, None]:
        """The quads that match; None matches everything. Who may not read all of them closes it, in the thread that
        read: an engine's iterator can end in no other."""

    def graphs(self) -> Iterator[NamedNode | BlankNode]:
        """The named graphs, empty ones too."""

    def query(
        self,
        sparql: str,
        *,
        default_graph_as_union: bool = False,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> Any:
        """The engine's own answer to a SPARQL query. Only for text that the guard let through.

        Raises QuerySyntaxError.
        """

    def clear(self) -> None:
        """Forget everything: no quads, generation 0."""

    def flush(self) -> None:
        """Put on the disk what is still in memory."""

    def close(self) -> None:
        """Let go of the files; closing twice does no harm."""

    def __len__(self) -> int:
        """How many quads there are."""


class KeptStore(QuadStore, Protocol):
    """A store that a data folder keeps up with its journal."""

    @property
    def folder(self) -> Path | None:
        """Where its files are, None where it has none here."""

    @property
    def is_near(self) -> bool:
        """Whether it is this folder's own: quick to read, and thrown away where it does not fit the journal."""

    @property
    def writable(self) -> bool:
        """Whether it takes changes; once one has failed, only after `reopen`."""

    @property
    def exact(self) -> bool:
        """Whether the quads are those of `generation`, and not partly those of a change that failed."""

    def expect(self, subjects: Iterable[str]) -> None:
        """Be told which subjects are asked about next, so that a store that is far asks for all of them at once."""

    def reopen(self) -> None:
        """Look again at where it stands. Raises StorageError."""
