"""Where a journal's bytes lie: files, or memory. Knows the order of writing and its undoing, nothing of commits."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol

from kgraph.errors import DamagedError, StorageError, StorageFullError
from kgraph.store import files
from kgraph.store.payload import Payload


class Medium(Protocol):
    """Keeps payloads, the log's lines and the head."""

    def append(self, seq: int, payload: Payload, line: bytes, head: bytes) -> None:
        """Keep all three, or none of them and raise StorageError. A payload that is a file is moved."""

    def payload(self, seq: int, kind: str) -> IO[bytes]:
        """The bytes of a payload, open for reading. Raises OSError."""

    def holds(self, seq: int, kind: str) -> bool:
        """Whether there is a payload of that name."""

    def erase(self, payloads: Iterable[tuple[int, str]]) -> None:
        """Take payloads (sequence and kind) away, those that are there. Raises StorageError."""

    def lines(self) -> Iterator[bytes]:
        """The log's lines with their line ends; the last may lack it."""

    def head(self) -> bytes:
        """What was kept as head last; empty for nothing."""

    def settle(self, last: int, size: int, head: bytes | None) -> None:
        """After reading: cut the log to `size` bytes, forget payloads past `last`, keep `head` where one is given."""

    def verify(self, log: bytes) -> None:
        """Raise DamagedError unless the log still has these bytes."""


class MemoryMedium:
    """Nothing on the disk."""

    def __init__(self) -> None:
        self._payloads: dict[tuple[int, str], bytes] = {}
        self._log: list[bytes] = []
        self._head = b""

    def append(self, seq: int, payload: Payload, line: bytes, head: bytes) -> None:
        """Keep all three."""
        content = payload.content
        self._payloads[seq, payload.kind] = content if isinstance(content, bytes) else content.read_bytes()
        self._log.append(line)
        self._head = head

    def payload(self, seq: int, kind: str) -> IO[bytes]:
        """The bytes of a payload."""
        return io.BytesIO(self._payloads[seq, kind])

    def holds(self, seq: int, kind: str) -> bool:
        """Whether there is a payload of that name."""
        return (seq, kind) in self._payloads

    def erase(self, payloads: Iterable[tuple[int, str]]) -> None:
        """Take payloads away."""
        for seq, kind in payloads:
            self._payloads.pop((seq, kind), None)

    def lines(self) -> Iterator[bytes]:
        """The log's lines."""
        return iter(self._log)

    def head(self) -> bytes:
        """The head kept last."""
        return self._head

    def settle(self, last: int, size: int, head: bytes | None) -> None:
        """Memory has no torn ends."""

    def verify(self, log: bytes) -> None:
        """Raise DamagedError unless the log still has these bytes."""
        if b"".join(self._log) != log:
            raise DamagedError("the log is not the one that was written")


class DiskMedium:
    """`log.jsonl`, `payloads/` and `head` in a folder. Without `sync` the disk takes them when it likes."""

    def __init__(self, folder: Path, *, sync: bool = True) -> None:
        self._sync = sync
        self._payloads = folder / "payloads"
        self._log = folder / "log.jsonl"
        self._head = folder / "head"
        self._size = 0
        self._acknowledged = b""
        self._unsettled = False
        try:
            files.make_folder(self._payloads)
            self._log.touch()
            files.sync_folder(folder)
        except OSError as error:
            raise translated(error, f"the journal {folder} does not open") from error

    def _payload_file(self, seq: int, kind: str) -> Path:
        return self._payloads / f"{seq:010}.{kind}"

    def append(self, seq: int, payload: Payload, line: bytes, head: bytes) -> None:
        """Keep all three, or none of them and raise StorageError."""
        try:
            if self._unsettled:
                self._undo(seq)
            self._unsettled = True
            self._keep(self._payload_file(seq, payload.kind), payload.content)
            self._write_log(line)
            files.replace(self._head, head, sync=self._sync)
        except OSError as error:
            with contextlib.suppress(OSError):  # where undoing fails too, the next append or opening does it
                self._undo(seq)
            raise translated(error, f"commit {seq} was not written") from error
        self._size += len(line)
        self._acknowledged = head
        self._unsettled = False

    def _keep(self, file: Path, content: bytes | Path) -> None:
        if isinstance(content, bytes):
            files.replace(file, content, sync=self._sync)
        else:
            files.move(content, file)

    def _write_log(self, line: bytes) -> None:
        descriptor = os.open(self._log, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, self._size)  # what an earlier failure may have left
            os.lseek(descriptor, self._size, os.SEEK_SET)
            files.write_all(descriptor, line)
            if self._sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _undo(self, seq: int) -> None:
        """Take back what was written of a commit: the head first, so that it never names what the log lacks."""
        if self.head() != self._acknowledged:
            if self._acknowledged:
                files.replace(self._head, self._acknowledged)
            else:
                self._head.unlink()
        self._write_log(b"")
        for file in self._payloads.glob(f"{seq:010}.*"):
            file.unlink()
        self._unsettled = False

    def payload(self, seq: int, kind: str) -> IO[bytes]:
        """The bytes of a payload, open for reading. Raises OSError."""
        return self._payload_file(seq, kind).open("rb")

    def holds(self, seq: int, kind: str) -> bool:
        """Whether there is a payload of that name."""
        return self._payload_file(seq, kind).exists()

    def erase(self, payloads: Iterable[tuple[int, str]]) -> None:
        """Take payloads away, those that are there. Raises StorageError."""
        try:
            gone = [file for seq, kind in payloads if (file := self._payload_file(seq, kind)).exists()]
            for file in gone:
                file.unlink()
            if gone:
                files.sync_folder(self._payloads)
        except OSError as error:
            raise translated(error, "redacted payloads are not erased yet, the next opening does it") from error

    def lines(self) -> Iterator[bytes]:
        """The log's lines with their line ends; the last may lack it."""
        with self._log.open("rb") as log:
            yield from log

    def head(self) -> bytes:
        """What was kept as head last; empty for nothing."""
        return self._head.read_bytes() if self._head.exists() else b""

    def settle(self, last: int, size: int, head: bytes | None) -> None:
        """Cut the log to `size` bytes, forget payloads past `last`, keep `head` where one is given."""
        self._size = size
        try:
            if self._log.stat().st_size > size:
                self._write_log(b"")
            if head is not None:
                os.sync()  # what the head names may not have been on the disk yet
                files.replace(self._head, head)
            self._acknowledged = self.head()
            for file in self._payloads.iterdir():
                number = file.name.partition(".")[0]
                if file.suffix == ".tmp" or (number.isdecimal() and int(number) > last):
                    file.unlink()
        except OSError as error:
            raise translated(error, "the journal cannot be settled") from error

    def verify(self, log: bytes) -> None:
        """Raise DamagedError unless the log still has these bytes."""
        if self._log.read_bytes() != log:
            raise DamagedError("the log on the disk is not the one that was read at opening")
        if self.head() != self._acknowledged:
            raise DamagedError("the head on the disk does not name the last commit")


def translated(error: OSError, what: str) -> StorageError:
    """The storage error that an error of the disk comes to; `what` begins its sentence."""
    if files.is_full(error):
        return StorageFullError(f"{what}: no room left on the disk")
    return StorageError(f"{what}: {error.strerror or error}")
