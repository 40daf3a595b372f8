"""What a journal holds, as it is read: commits, their changes, and whether they are still what was committed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, TypeVar

from kgraph.errors import DamagedError, RdfSyntaxError
from kgraph.model import Finding
from kgraph.rdf import NamedNode, Quad
from kgraph.store import commit as commits
from kgraph.store import payload
from kgraph.store.base import Delta
from kgraph.store.commit import Commit
from kgraph.store.medium import Medium

if TYPE_CHECKING:
    from kgraph.store.claimtable import ClaimTable

T = TypeVar("T")


class Recorded:
    """The reading side of `Journal`."""

    _medium: Medium
    _commits: list[Commit]
    _redacted: dict[int, Commit]

    @property
    def generation(self) -> int:
        """Sequence of the last commit; 0 for none."""
        return len(self._commits)

    def mark(self, generation: int) -> str:
        """Hash of the commit of that generation; for 0 the empty string."""
        return self._commits[generation - 1].hash if generation else ""

    @property
    def ends_in_redaction(self) -> bool:
        """Whether the last commit is a redaction: what has to follow it may be missing."""
        return bool(self._commits and self._commits[-1].redacts)

    def redaction(self, seq: int) -> Commit | None:
        """The commit that redacted another; None where none did."""
        return self._redacted.get(seq)

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """The commits after a generation, in order."""
        yield from self._commits[after:]

    def delta(self, seq: int) -> Delta:
        """What a commit changed; nothing where it is redacted.

        Raises DamagedError where its payload is not what was committed, KeyError where there is no such commit.
        """
        commit = self._commit(seq)
        if seq in self._redacted:
            return Delta()
        added, removed = self._read_payload(commit, partial(payload.delta, kind=commit.kind))
        graphs = (tuple(NamedNode(iri) for iri in iris) for iris in (commit.created, commit.dropped))
        return Delta(added, removed, *graphs)

    def table(self, seq: int) -> ClaimTable | None:
        """The claim table of a commit, None where it is no such commit, or redacted. Raises as `delta` does."""
        commit = self._commit(seq)
        return self._read_payload(commit, payload.table) if commit.table and seq not in self._redacted else None

    def lines(self, seq: int) -> Iterator[bytes]:
        """What a commit that only adds adds, as N-Quads in pieces of whole lines: for changes too large for `delta`.

        Raises as `delta` does, before the first piece.
        """
        commit = self._commit(seq)
        if seq in self._redacted:
            return
        self._read_payload(commit, unread)
        with self._medium.payload(seq, commit.kind) as file:
            yield from payload.added_lines(file, commit.kind)

    def _commit(self, seq: int) -> Commit:
        if not 1 <= seq <= self.generation:
            raise KeyError(seq)
        return self._commits[seq - 1]

    def replay(self, until: int | None = None) -> set[Quad]:
        """The quads that all commits together leave, or those up to generation `until`.

        Raises DamagedError naming the commit.
        """
        state: set[Quad] = set()
        for commit in self._commits[:until]:
            delta = self.delta(commit.seq)
            if delta.dropped:
                state = {quad for quad in state if quad.graph_name not in delta.dropped}
            state.difference_update(delta.removed)
            state.update(delta.added)
        return state

    def verify(self) -> list[Finding]:
        """Every hash, read anew from the disk: the chain, and each payload against its digest."""
        try:
            self._medium.verify(b"".join(commit.line() for commit in self._commits))
            for commit, previous in zip(self._commits, (None, *self._commits), strict=False):
                commits.check(commit, previous)
        except DamagedError as error:
            return [Finding("journal chain", False, error.detail)]
        findings = [Finding("journal chain", True, f"{self.generation} commits, each hash follows from the one before")]
        bad: list[Finding] = []
        for commit in self._commits:
            try:
                if commit.seq not in self._redacted:
                    self._read_payload(commit, partial(payload.check, kind=commit.kind))
                elif self._medium.holds(commit.seq, commit.kind):
                    raise DamagedError(f"the payload of commit {commit.seq} is there, though it is redacted")  # noqa: TRY301
            except DamagedError as error:
                bad.append(Finding("journal payload", False, error.detail))
        erased = f", {len(self._redacted)} are redacted" if self._redacted else ""
        told = f"{self.generation - len(self._redacted)} payloads are what was committed{erased}"
        return findings + (bad or [Finding("journal payload", True, told)])

    def _read_payload(self, commit: Commit, read: Callable[[IO[bytes]], T]) -> T:
        """What `read` makes of a commit's payload, once its bytes are known to be those that were committed."""
        try:
            with self._medium.payload(commit.seq, commit.kind) as file:
                if payload.digest(file, commit.kind) != commit.digest:
                    reason = "is not what was committed: its digest differs"
                    raise DamagedError(f"the payload of commit {commit.seq} {reason}")
                file.seek(0)
                return read(file)
        except FileNotFoundError as error:
            raise DamagedError(f"the payload of commit {commit.seq} is missing") from error
        except (RdfSyntaxError, ValueError) as error:
            raise DamagedError(f"the payload of commit {commit.seq} does not read: {error}") from error
        except (OSError, EOFError, zlib.error) as error:
            raise DamagedError(f"the payload of commit {commit.seq} cannot be read: {error}") from error


def unread(_: IO[bytes]) -> None:
    """What is read of a payload of which only the digest matters."""
