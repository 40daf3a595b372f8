"""Hard-linked copies of the store, one of each generation that is asked, for children to read."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

from kgraph.store import layout


class Snapshotted(Protocol):
    """What of a store is needed (`kgraph.store.oxigraph.OxigraphStore`)."""

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


class Nothing:
    """An empty store: where another server keeps the graph, children have no snapshot, and judge queries on this."""

    generation = 0
    folder: Path | None = None

    def snapshot(self, folder: Path) -> int:
        """It lives in memory."""
        raise NotImplementedError

    def dump(self) -> bytes:
        """No quad."""
        return b""


class Snapshots:
    """The snapshot of the store's generation; earlier ones go when a new one is made."""

    def __init__(self, store: Snapshotted) -> None:
        self._store = store
        self._making = asyncio.Lock()
        self.current: tuple[int, Path] | None = None
        self._sizes: dict[str, int] = {}
        self._distrusted: Path | None = None
        if store.folder is not None:
            self.home = store.folder / layout.SNAPSHOTS
            shutil.rmtree(self.home, ignore_errors=True)  # the folder's lock is ours
            self.home.mkdir(parents=True, exist_ok=True)
        else:
            self.home = Path(tempfile.mkdtemp(prefix="kgraph-"))

    async def latest(self) -> tuple[int, Path]:
        """Generation and place of a snapshot that is up to date, and as long as it was: from a manifest that was cut
        the engine would open an earlier state and say nothing. Raises StorageError, StorageFullError."""
        if self.current is not None and self._serves(*self.current):
            return self.current
        async with self._making:
            before = self.current
            if before is not None and self._serves(*before):
                return before
            self.current = made = await asyncio.to_thread(self._make)
            if before is not None and before != made:  # who has it open keeps it: a file's name is not the file
                await asyncio.to_thread(_remove, before[1])
            return made

    def distrust(self, path: Path) -> None:
        """Take it that a snapshot does not open: the next one asked for is made anew."""
        self._distrusted = path

    def _serves(self, generation: int, path: Path) -> bool:
        return generation == self._store.generation and path != self._distrusted and _sizes(path) == self._sizes

    def _make(self) -> tuple[int, Path]:
        generation = self._store.generation
        kind = "" if self._store.folder else ".nq"
        path, again = self.home / f"{generation}{kind}", 0
        while path.exists():  # of the same generation, and perhaps being opened: that one goes when this one is there
            again += 1
            path = self.home / f"{generation}-{again}{kind}"
        try:
            if self._store.folder is None:
                path.write_bytes(self._store.dump())
            else:
                generation = self._store.snapshot(path)
        except BaseException:
            _remove(path)
            raise
        self._sizes = _sizes(path)
        return generation, path


def _sizes(path: Path) -> dict[str, int]:
    """Names and lengths of a snapshot's files; none where it is gone. The engine's logs beside them are for people."""
    try:
        if path.is_file():
            return {path.name: path.stat().st_size}
        with os.scandir(path) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if not entry.name.startswith("LO")}
    except OSError:
        return {}


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
