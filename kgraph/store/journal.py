"""The journal: every change ever made, in order; the truth from which store and indexes are derived.

On disk, in the folder `journal/`:

    log.jsonl                  one line of JSON a commit: the chain
    payloads/0000000012.nq.gz  what commit 12 changes: N-Quads, `zcat` reads it
    payloads/0000000013.table  the claim table that commit 13 adds
    head                       the last commit acknowledged: `13 <its hash>`

A line of the log holds `seq`, `time` (UTC), `author`, `message`, `added` and `removed` (numbers of quads), `created`
and `dropped` (graphs), `digest` (SHA-256 of the payload before compression), `previous` (hash of the commit before)
and `hash` (SHA-256 of all of this, as JSON with sorted keys); the line of a claim table also holds `table`, the
SHA-256 of the file it was read from. The chain goes over digests, not over payloads (`payload.py`): a payload can be
taken out later and the chain still verifies.

Redaction does that. It is a commit of its own that changes nothing and holds `redacts`, the commits whose payloads it
erases: its time, author and message are the tombstone. From its line on a redacted commit is one that changed nothing,
at every generation: what it added is gone unless another commit adds it too, what it removed or dropped is there again
unless another one removes it. Payloads are erased after the head is written; opening finishes what a kill prevented.

Without `sync` nothing waits for the disk. The head then also names the last commit that is surely there, as it was at
opening: `17 <its hash> 13 <its hash>`. What came after that may be cut off at the next opening, with a notice.

A commit is written in this order, each step synced to the disk: payload, line of the log, head. It counts from the
line of the log on, and it is acknowledged (`append` returns) after the head. So at opening a line that is past the
head and not whole was never acknowledged: it is cut off and a notice says so. Anything else that does not fit is
damage: DamagedError names the commit.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from kgraph.errors import DamagedError, ParameterError
from kgraph.store import commit as commits
from kgraph.store import medium, payload
from kgraph.store.base import Delta
from kgraph.store.commit import ORIGIN, Commit
from kgraph.store.medium import DiskMedium, Medium, MemoryMedium
from kgraph.store.payload import Payload
from kgraph.store.recorded import Recorded, unread
from kgraph.store.timings import Timings

if TYPE_CHECKING:
    from kgraph.store.claimtable import ClaimTable

__all__ = ["ORIGIN", "Commit", "Journal"]

T = TypeVar("T")

log = logging.getLogger(__name__)


class Journal(Recorded):
    """Append-only commits. Use `open` or `memory`; one process at a time (the data folder's lock sees to that)."""

    def __init__(self, medium: Medium, *, sync: bool = True) -> None:
        self._medium = medium
        self._sync = sync
        self._synced = 0, ""
        self._commits: list[Commit] = []
        self._redacted: dict[int, Commit] = {}
        self.lost = 0
        """Commits that were acknowledged before they were on the disk, and are not there; those of a store may be."""
        self.notices: list[str] = []
        self.written = Timings()
        """Seconds that it took to write each commit since the opening, until it was on the disk where it has to be."""
        self._read()

    @classmethod
    def open(cls, folder: Path, *, sync: bool = True) -> Journal:
        """The journal in a folder, made where there is none. What was cut off is told in `notices`.

        Without `sync` commits are acknowledged before they are on the disk. Raises DamagedError naming the commit.
        """
        return cls(DiskMedium(folder, sync=sync), sync=sync)

    @classmethod
    def memory(cls) -> Journal:
        """An empty journal that ends with the process."""
        return cls(MemoryMedium())

    def append(self, delta: Delta, *, author: str, message: str, time: datetime | None = None) -> Commit:
        """Commit a change; when this returns it is on the disk.

        Raises StorageFullError or StorageError; nothing was committed then, and appending can be tried again.
        """
        created, dropped = (tuple(graph.value for graph in graphs) for graphs in (delta.created, delta.dropped))
        return self._append(payload.of_delta(delta), author, message, time, created=created, dropped=dropped)

    def redact(self, seqs: Collection[int], *, author: str, message: str, time: datetime | None = None) -> Commit:
        """Commit the redaction of some commits, and erase their payloads.

        Raises ParameterError for one that is not there, is redacted already, or is a redaction itself, StorageError
        as `append` does; where it says that payloads are not erased yet the redaction counts.
        """
        for seq in seqs:
            if not 1 <= seq <= self.generation:
                raise ParameterError("commit", seq, f"there is no such commit; the last is {self.generation}")
            if seq in self._redacted:
                raise ParameterError("commit", seq, f"it is redacted already, by commit {self._redacted[seq].seq}")
            if self._commits[seq - 1].redacts:
                raise ParameterError("commit", seq, "it is a redaction itself: that stays")
        if not seqs:
            raise ParameterError("commit", "", "name at least one")
        redacts = tuple(sorted(set(seqs)))
        commit = self._append(payload.of_delta(Delta()), author, message, time, redacts=redacts)
        self._erase()
        return commit

    def append_table(self, table: ClaimTable, *, author: str, message: str, time: datetime | None = None) -> Commit:
        """Commit the claims of a table, as `append` does."""
        return self._append(payload.of_table(table), author, message, time, table=table.sha256)

    def append_lines(
        self, lines: Path, count: int, packed: Path, *, author: str, message: str, time: datetime | None = None
    ) -> Commit:
        """Commit a file of so many lines of N-Quads, none of them twice, as `append` does, but in little memory.

        `packed` names a file to be made on the way, on the disk the journal is on.
        """
        try:
            made = payload.of_lines(lines, count, packed)
        except OSError as error:
            raise medium.translated(error, f"commit {self.generation + 1} was not written") from error
        return self._append(made, author, message, time)

    def _append(
        self,
        made: Payload,
        author: str,
        message: str,
        time: datetime | None,
        *,
        created: tuple[str, ...] = (),
        dropped: tuple[str, ...] = (),
        table: str = "",
        redacts: tuple[int, ...] = (),
    ) -> Commit:
        commit = Commit(
            seq=self.generation + 1,
            time=(time or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            author=commits.text(author),
            message=commits.text(message),
            added=made.added,
            removed=made.removed,
            created=created,
            dropped=dropped,
            digest=made.digest,
            previous=self.mark(self.generation) or ORIGIN,
            table=table,
            redacts=redacts,
        )
        commit = replace(commit, hash=commit.computed_hash())
        head = commits.head(commit, None if self._sync else self._synced)
        began = perf_counter()
        self._medium.append(commit.seq, made, commit.line(), head)
        self.written.add(perf_counter() - began)
        self._take(commit)
        log.info("commit %d: %d added, %d removed", commit.seq, commit.added, commit.removed)
        return commit

    def close(self) -> None:
        """Put on the disk what is not there yet. Raises StorageError."""
        if not self._sync and self._commits and self._synced[0] < self.generation:
            size = sum(len(commit.line()) for commit in self._commits)
            self._medium.settle(self.generation, size, commits.head(self._commits[-1]))
            self._synced = self.generation, self.mark(self.generation)

    def _take(self, commit: Commit) -> None:
        self._commits.append(commit)
        self._redacted.update(dict.fromkeys(commit.redacts, commit))

    def _erase(self) -> None:
        self._medium.erase((seq, self._commits[seq - 1].kind) for seq in self._redacted)

    def _read(self) -> None:
        """Read the log and decide on its tail."""
        acknowledged, synced = self._acknowledged()
        at = 0
        lines = list(self._medium.lines())
        for line in lines:
            seq = self.generation + 1
            try:
                commit = commits.parsed(line, seq)
                commits.check(commit, self._commits[-1] if self._commits else None)
                if seq > synced[0]:
                    self._read_payload(commit, unread)
            except DamagedError as error:
                torn = seq > acknowledged[0] and seq == len(lines)
                if seq <= synced[0] or not (torn or synced != acknowledged):
                    raise
                how = "had not been acknowledged" if torn else "was acknowledged before it was on the disk,"
                self.notices.append(f"commit {seq} {how} and was not whole: cut off ({error})")
                break
            self._take(commit)
            at += len(line)
        self.lost = acknowledged[0] - self.generation
        if self.generation < synced[0]:
            raise DamagedError(f"commit {synced[0]} was acknowledged, but the log ends at {self.generation}")
        for seq, mark in (synced, acknowledged):
            if 0 < seq <= self.generation and self.mark(seq) != mark:
                raise DamagedError(f"commit {seq} is not the one that was acknowledged: its hash differs")
        head = commits.head(self._commits[-1]) if self._commits else b""
        settled = self.generation == acknowledged[0] == synced[0]
        self._medium.settle(self.generation, at, None if settled else head)
        self._synced = self.generation, self.mark(self.generation)
        self._erase()

    def _acknowledged(self) -> tuple[tuple[int, str], tuple[int, str]]:
        """The last commit that was acknowledged, and the last that was on the disk then; sequence and hash."""
        head = self._medium.head()
        if not head:
            return (0, ""), (0, "")
        try:
            seq, mark, *rest = head.decode("ascii").split()
            last = int(seq), mark
            synced_seq, synced_mark = rest or last
            return last, (int(synced_seq), synced_mark)
        except ValueError as error:
            raise DamagedError("the journal's head does not read: which commit was the last is not known") from error
