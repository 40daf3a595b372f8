"""Children that can be killed, a few at a time, each on a snapshot of one generation.

The engine can neither be timed out nor trusted to survive: whatever a query does, it does it to a child. A child that
overruns is killed and the next query gets a fresh one; one whose generation is past is sent away when it is free.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from kgraph.errors import LimitError, StorageError
from kgraph.settings import Settings

STARTING = 30.0
"""Seconds a child may take to open its snapshot."""
_WORKER = Path(__file__).with_name("worker.py")


class Snapshots(Protocol):
    """What of a store the pool needs (`kgraph.store.oxigraph.OxigraphStore`)."""

    @property
    def generation(self) -> int:
        """Sequence of the last commit in the store."""

    @property
    def folder(self) -> Path | None:
        """Where the store is, None for memory."""

    def snapshot(self, folder: Path) -> int:
        """Make a hard-linked copy and return the generation it is of."""

    def dump(self) -> bytes:
        """All quads as N-Quads."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a child answered: `status` as in `worker.py`, its message, and the body when the status is ok."""

    status: str
    message: str
    body: bytes
    generation: int


@dataclass(slots=True)
class _Child:
    process: subprocess.Popen[bytes]
    connection: Connection
    lifeline: int
    generation: int

    def dismiss(self) -> None:
        """Let go of it, at which it ends; kill it when it does not."""
        self._let_go()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=1)
        self.kill()

    def kill(self) -> str:
        """Kill it, wait for its end, and say what it had died of before, if it had."""
        ended = self.process.poll()
        self.process.kill()
        self.process.wait()
        self._let_go()
        return signal.Signals(-ended).name if ended is not None and ended < 0 else "it ended"

    def _let_go(self) -> None:
        self.connection.close()
        if self.lifeline >= 0:
            os.close(self.lifeline)
            self.lifeline = -1


@dataclass
class Pool:
    """Evaluates requests in at most `settings.readers` children. Methods may be called from several threads."""

    store: Snapshots
    settings: Settings
    _idle: list[_Child] = field(default_factory=list)
    _busy: list[_Child] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _snapshot: tuple[int, Path] | None = None
    _closed: bool = False

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(self.settings.readers)
        folder = self.store.folder
        if folder is not None:
            self._home = folder / "snapshots"
            shutil.rmtree(self._home, ignore_errors=True)  # of a process that was killed; the folder's lock is ours
            self._home.mkdir(parents=True, exist_ok=True)
        else:
            self._home = Path(tempfile.mkdtemp(prefix="kgraph-"))
        # Whoever forgets to close a graph leaves no process and no file behind.
        self._finish = weakref.finalize(self, _tidy, self._idle, self._busy, self._home)

    def ask(self, request: Mapping[str, Any]) -> Reply:
        """Evaluate a request (see `worker.py`) under one deadline for the wait for a reader and for the query.

        What a new child needs to get ready is not counted. Raises LimitError when the deadline passed, when every
        reader stayed busy, or when the child died.
        """
        seconds = self.settings.query_timeout
        asked = time.monotonic()
        if not self._turns.acquire(timeout=seconds):
            detail = f"all {self.settings.readers} readers stayed busy for {seconds:g} s; try again"
            raise LimitError("readers", str(self.settings.readers), detail)
        waited = time.monotonic() - asked
        try:
            with self._child() as child:
                return self._exchange(child, request, waited)
        finally:
            self._turns.release()

    def _exchange(self, child: _Child, request: Mapping[str, Any], waited: float) -> Reply:
        allowed = self.settings.query_timeout
        seconds = max(allowed - waited, 0.0)
        try:
            child.connection.send_bytes(json.dumps({**request, "seconds": seconds}).encode())
            if not child.connection.poll(seconds):
                queued = f", of which it waited {waited:.1f} s for a reader" if waited >= 0.1 else ""
                detail = f"the query took longer than {allowed:g} s{queued}"
                raise LimitError("query_timeout", f"{allowed:g} s", detail)
            header = json.loads(child.connection.recv_bytes())
            body = child.connection.recv_bytes() if header["status"] == "ok" else b""
        except (EOFError, OSError) as error:
            raise self._died(child) from error
        return Reply(header["status"], header.get("message", ""), body, child.generation)

    def _died(self, child: _Child) -> LimitError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(timeout=1)
        cause = child.kill()
        memory = f"{self.settings.query_memory:,} bytes"
        detail = f"the process that evaluated the query died ({cause}): it is too deep, or needs more than {memory}"
        return LimitError("query_memory", memory, detail)

    @contextlib.contextmanager
    def _child(self) -> Iterator[_Child]:
        """A child of the current generation, given back afterwards; killed when anything went wrong."""
        child = self._take()
        try:
            yield child
        except BaseException:
            self._leave(child, alive=False)
            raise
        self._leave(child, alive=True)

    def _take(self) -> _Child:
        with self._lock:
            if self._closed:
                raise StorageError("the graph is closed")
            generation, path = self._current_snapshot()
            old = [child for child in self._idle if child.generation != generation]
            self._idle[:] = [child for child in self._idle if child.generation == generation]
            child = self._idle.pop() if self._idle else None
            if child is not None:
                self._busy.append(child)
        for one in old:
            one.dismiss()
        return self._fresh(path, generation) if child is None else child

    def _fresh(self, path: Path, generation: int) -> _Child:
        """A new child. A commit may take its snapshot away before it is open; then the next one is tried."""
        try:
            child = self._start(path, generation)
        except StorageError:
            with self._lock:
                if self._closed or self._snapshot is None or self._snapshot[1] == path:
                    raise
            return self._take()
        with self._lock:
            if not self._closed:
                self._busy.append(child)
                return child
        child.kill()
        raise StorageError("the graph is closed")

    def _leave(self, child: _Child, *, alive: bool) -> None:
        with self._lock:
            if child in self._busy:
                self._busy.remove(child)
            keep = alive and not self._closed
            if keep:
                self._idle.append(child)
        if not keep:
            child.kill()

    def _current_snapshot(self) -> tuple[int, Path]:
        """The snapshot of the store's generation, made when there is none; earlier ones go."""
        generation = self.store.generation
        if self._snapshot is not None and self._snapshot[0] == generation:
            return self._snapshot
        if self.store.folder is not None:
            path = self._home / str(generation)
            shutil.rmtree(path, ignore_errors=True)
            generation = self.store.snapshot(path)
        else:
            path = self._home / f"{generation}.nq"
            path.write_bytes(self.store.dump())
        before, self._snapshot = self._snapshot, (generation, path)
        if before is not None:  # who has it open keeps it until they let go: a file's name is not the file
            shutil.rmtree(before[1], ignore_errors=True)
            before[1].unlink(missing_ok=True)
        return self._snapshot

    def _start(self, path: Path, generation: int) -> _Child:
        ours, theirs = socket.socketpair()
        watched, lifeline = os.pipe()  # the child ends when nobody holds the other end any more
        arguments = [sys.executable, "-P", str(_WORKER), str(theirs.fileno()), str(watched), str(path)]
        try:
            process = subprocess.Popen(  # noqa: S603
                [*arguments, str(self.settings.query_memory)],
                pass_fds=[theirs.fileno(), watched],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            os.close(lifeline)
            ours.close()
            raise StorageError(f"no process to evaluate queries could be started ({error.strerror})") from error
        finally:
            theirs.close()
            os.close(watched)
        child = _Child(process, Connection(ours.detach()), lifeline, generation)
        try:
            if child.connection.poll(STARTING) and child.connection.recv_bytes() == b"ready":
                return child
        except (EOFError, OSError):
            pass
        raise StorageError(f"no process to evaluate queries could be started ({child.kill()})")

    def close(self) -> None:
        """Kill every child and remove the snapshots; closing twice does no harm."""
        with self._lock:
            self._closed = True
        self._finish()


def _tidy(idle: list[_Child], busy: list[_Child], home: Path) -> None:
    for child in busy:
        child.process.kill()  # its own thread sees the end and cleans up after it
    for child in idle:
        child.dismiss()
    idle.clear()
    shutil.rmtree(home, ignore_errors=True)
