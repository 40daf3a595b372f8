"""Hard-linked copies of the store, one of each generation that is asked, for children to read."""

from __future__ import annotations

import asyncio
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


class Snapshots:
    """The snapshot of the store's generation; earlier ones go when a new one is made."""

    def __init__(self, store: Snapshotted) -> None:
        self._store = store
        self._making = asyncio.Lock()
        self.current: tuple[int, Path] | None = None
        if store.folder is not None:
            self.home = store.folder / layout.SNAPSHOTS
            shutil.rmtree(self.home, ignore_errors=True)  # the folder's lock is ours
            self.home.mkdir(parents=True, exist_ok=True)
        else:
            self.home = Path(tempfile.mkdtemp(prefix="kgraph-"))

    async def latest(self) -> tuple[int, Path]:
        """Generation and place of a snapshot that is up to date. Raises StorageError, StorageFullError."""
        if self.current is not None and self.current[0] == self._store.generation:
            return self.current
        async with self._making:
            if self.current is None or self.current[0] != self._store.generation:
                before, self.current = self.current, await asyncio.to_thread(self._make)
                if before is not None:  # who has it open keeps it: a file's name is not the file
                    await asyncio.to_thread(_remove, before[1])
            return self.current

    def _make(self) -> tuple[int, Path]:
        generation = self._store.generation
        if self._store.folder is None:
            path = self.home / f"{generation}.nq"
            path.write_bytes(self._store.dump())
            return generation, path
        path = self.home / str(generation)
        shutil.rmtree(path, ignore_errors=True)
        return self._store.snapshot(path), path


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
