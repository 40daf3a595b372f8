"""A journal that another process writes, followed on a disk that both see.

A follower counts what is acknowledged, and nothing else: it reads the head first, and then the log's lines up to it,
which were there before the head was. So it never sees half a commit, and it writes nothing, not even a repair.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kgraph.errors import DamagedError, StorageError
from kgraph.store import commit as commits
from kgraph.store.journal import Journal
from kgraph.store.medium import DiskMedium
from kgraph.store.payload import Payload


class FollowedMedium(DiskMedium):
    """`log.jsonl`, `payloads/` and `head` of another process. Nothing is made, settled or cut."""

    def __init__(self, folder: Path) -> None:
        self._payloads = folder / "payloads"
        self._log = folder / "log.jsonl"
        self._head = folder / "head"

    def append(self, seq: int, payload: Payload, line: bytes, head: bytes) -> None:  # noqa: ARG002
        """Raises StorageError."""
        raise StorageError("a journal that is only followed takes no commit")

    def settle(self, last: int, size: int, head: bytes | None) -> None:
        """What its writer has not settled is the writer's."""

    def lines_from(self, at: int) -> Iterator[bytes]:
        """The log's lines from a byte on."""
        with self._log.open("rb") as log:
            log.seek(at)
            yield from log

    def verify(self, log: bytes) -> None:
        """Raise DamagedError unless the log still begins with these bytes."""
        with self._log.open("rb") as file:
            if file.read(len(log)) != log:
                raise DamagedError("the log on the disk does not begin with what was read of it")


class FollowedJournal(Journal):
    """The journal in a folder that another process writes; `refresh` reads what is new."""

    _medium: FollowedMedium

    def __init__(self, folder: Path) -> None:
        self._at = 0
        super().__init__(FollowedMedium(folder))

    def _read(self) -> None:
        self.refresh()

    def refresh(self) -> bool:
        """Take what was acknowledged since; whether there was anything.

        Raises DamagedError where the journal is not the one that was followed, StorageError where it cannot be read.
        """
        before = self.generation
        try:
            (acknowledged, mark), _ = self._acknowledged()
            if acknowledged < before:
                raise DamagedError(f"the journal was at {before} and is at {acknowledged}: it was replaced")
            lines = self._medium.lines_from(self._at)
            while self.generation < acknowledged:
                line = next(lines, b"")
                if not line:
                    raise DamagedError(f"commit {acknowledged} was acknowledged, but the log ends at {self.generation}")
                commit = commits.parsed(line, self.generation + 1)
                commits.check(commit, self._commits[-1] if self._commits else None)
                self._take(commit)
                self._at += len(line)
        except OSError as error:
            raise StorageError(f"the journal cannot be read: {error.strerror or error}") from error
        if self.mark(acknowledged) != mark:
            raise DamagedError(f"commit {acknowledged} is not the one that was acknowledged: its hash differs")
        return self.generation != before
