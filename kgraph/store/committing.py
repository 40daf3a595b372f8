"""How a change gets into a data folder: into the journal first, where it counts, then into the store."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph import rdf
from kgraph.errors import StorageError, StorageFullError
from kgraph.store import files, layout
from kgraph.store.base import Delta
from kgraph.store.commit import Commit
from kgraph.store.keeping import Keeping

if TYPE_CHECKING:
    from kgraph.store.claimtable import ClaimTable


class Committing(Keeping):
    """The writing side of `DataFolder`."""

    def commit(self, delta: Delta, author: str, message: str) -> Commit:
        """Make a change: in the journal (where it is durable), then in the store. Literals are made canonical.

        Raises StorageFullError or StorageError with nothing committed, ValueError for blank nodes. Where only the
        store could not follow, the error says so and the commit counts (`generation` has it); the store catches up
        at the next commit or opening.
        """
        with self._writing:
            self.catch_up()
            held = (quad for graph in delta.dropped for quad in self.store.quads(None, None, None, graph))
            removed_too = dict.fromkeys((*delta.removed, *held))
            added, removed = (tuple(rdf.canonical(quads)[0]) for quads in (delta.added, removed_too))
            delta = Delta(added, removed, delta.created, delta.dropped)
            for node in (node for quad in (*added, *removed) for node in rdf.blank_nodes(quad)):
                raise ValueError(f"{node} is a blank node: skolemise before committing")
            before = self._lately.before(delta, self.store)
            commit = self.journal.append(delta, author=author, message=message)
            self._follow(commit, lambda: self.store.apply(delta, commit.seq, commit.hash))
            self._lately.note(commit.seq, before)
            return commit

    def commit_table(self, table: ClaimTable, author: str, message: str) -> Commit:
        """Commit the claims of a table, as `commit` does: a compact record in the journal, its quads in the store."""
        from kgraph.store.tablequads import TableQuads

        with self._writing:
            self.catch_up()
            commit = self.journal.append_table(table, author=author, message=message)
            self._follow(commit, lambda: self.store.load(TableQuads(table).lines(), commit.seq, commit.hash))
            return commit

    def commit_lines(self, lines: Path, count: int, author: str, message: str) -> Commit:
        """Commit so many lines of N-Quads from a file in `scratch`, as `commit` does, but in bounded memory.

        Literals are canonical there already, and there are no blank nodes.
        """
        with self._writing:
            self.catch_up()
            packed = lines.with_suffix(".gz")
            commit = self.journal.append_lines(lines, count, packed, author=author, message=message)
            self._follow(commit, lambda: self._apply(commit))
            return commit

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for files on the way into the journal, gone afterwards; what a killed process left goes at opening.

        Raises StorageFullError or StorageError where it cannot be written, inside the block too.
        """
        try:
            with tempfile.TemporaryDirectory(prefix=layout.SCRATCH, dir=self.path) as folder:
                yield Path(folder)
        except OSError as error:
            kind = StorageFullError if files.is_full(error) else StorageError
            raise kind(f"nothing was committed: {error.strerror or error}") from error

    def redact(self, seqs: Collection[int], author: str, message: str) -> Commit:
        """Erase what some commits say from journal, store, index and texts, by a commit that tells who, when and why.

        Raises ParameterError for a commit that cannot be redacted, else as `commit` does; what is left to be erased
        then is erased at the next write or opening.
        """
        with self._writing:
            self.catch_up()
            self._lately.clear()
            commit = self.journal.redact(seqs, author=author, message=message)
            self._follow(commit, self._catch_up)
            return commit
