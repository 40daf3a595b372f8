"""Children that can be killed, a few at a time, each on a snapshot of one generation.

The engine can neither be timed out nor trusted to survive: whatever a query does, it does it to a child. A child that
overruns is killed and the next query gets a fresh one; one whose generation is past is sent away when it is free.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
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
    generation: int

    def dismiss(self) -> None:
        """Let it end by itself, as it does when nobody is there; kill it when it does not."""
        self.connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=1)
        self.kill()

    def kill(self) -> str:
        """Kill it, wait for its end, and say what it had died of before, if it had."""
        ended = self.process.poll()
        self.process.kill()
        self.process.wait()
        self.connection.close()
        return signal.Signals(-ended).name if ended is not None and ended < 0 else "it ended"


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
        """Evaluate a request (see `worker.py`) under the deadline, which begins when a reader is free.

        Raises LimitError when the deadline passed, when every reader stayed busy, or when the child died.
        """
        seconds = self.settings.query_timeout
        if not self._turns.acquire(timeout=seconds):
            detail = f"all {self.settings.readers} readers stayed busy for {seconds:g} s; try again"
            raise LimitError("readers", str(self.settings.readers), detail)
        try:
            with self._child() as child:
                return self._exchange(child, request)
        finally:
            self._turns.release()

    def _exchange(self, child: _Child, request: Mapping[str, Any]) -> Reply:
        seconds = self.settings.query_timeout
        try:
            child.connection.send_bytes(json.dumps({**request, "seconds": seconds}).encode())
            if not child.connection.poll(seconds):
                raise LimitError("query_timeout", f"{seconds:g} s", f"the query took longer than {seconds:g} s")
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
        if child is None:
            child = self._start(path, generation)
            with self._lock:
                self._busy.append(child)
        return child

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
        arguments = [sys.executable, "-P", str(_WORKER), str(theirs.fileno()), str(path)]
        with theirs:
            process = subprocess.Popen(  # noqa: S603
                [*arguments, str(self.settings.query_memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        child = _Child(process, Connection(ours.detach()), generation)
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
