"""A data folder that another process holds: read, followed, never written.

Its journal is followed by the `head`, a small file; the quads are those of the remote store that the writer keeps. That
store may be a commit behind the journal, or ahead of what was read here. So what is read from it counts only if it
stood at the generation wanted before and after; else the journal is replayed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from kgraph.errors import DamagedError, ReadOnlyError, RemoteStoreError, StorageError
from kgraph.rdf import Quad
from kgraph.store import layout, lock
from kgraph.store.base import KeptStore
from kgraph.store.folder import DataFolder
from kgraph.store.following import FollowedJournal

T = TypeVar("T")
_SOON: Final = 1.0
"""Seconds that a store behind the journal is given to take the last commit."""
_PAUSE: Final = 0.02


class FollowedFolder(DataFolder):
    """`follow` makes one."""

    writes = False
    journal: FollowedJournal

    def __init__(self, path: Path, journal: FollowedJournal, secret: bytes, store: KeptStore) -> None:
        self._place = path
        super().__init__(path, None, journal, secret, store)

    @classmethod
    def follow(cls, path: Path | str, base: str | None, store: KeptStore) -> FollowedFolder:
        """Follow a folder whose writer keeps its quads in `store`, which is here for reading, and closed on an error.

        Raises StorageError where there is no graph yet, DamagedError where its journal does not read or the store is of
        another one, RemoteStoreError.
        """
        path = Path(path)
        try:
            _check(path)
            layout.check_base(path, base)
            return cls(path, FollowedJournal(path / "journal"), (path / "secret").read_bytes(), store)
        except OSError as error:
            store.close()
            raise StorageError(f"the folder {path} cannot be followed: {error.strerror or error}") from error
        except BaseException:
            store.close()
            raise

    @property
    def spool(self) -> Path:
        """The folder is not this process's to write to."""
        return Path(tempfile.gettempdir())

    @property
    def writer(self) -> str | None:
        """The address of the process that writes; None where that has none, or nobody does now."""
        return lock.writer(self._place)[1]

    def refresh(self) -> bool:
        """Take what the writer has acknowledged since; whether there was anything. Raises StorageError."""
        with self._writing:
            if self._closed:
                raise StorageError("the folder is closed")
            return self.journal.refresh()

    def _catch_up(self) -> None:
        """The store is the writer's to bring up to the journal; here it must only be of that journal."""
        store, journal = self.store, self.journal
        if store.generation == 0:
            raise StorageError(f"{store} holds no graph yet: open the folder with its writer first, on this store")
        if store.generation <= journal.generation and store.mark != journal.mark(store.generation):
            raise DamagedError(f"{store} is of another journal than that of {self._place}")

    def catch_up(self) -> None:
        """What a write begins with. Raises ReadOnlyError, which names the writer."""
        who, address = lock.writer(self._place)
        raise ReadOnlyError(f"this graph is only followed here: {who}", address)

    # -------------------------------------------------------------- reading

    def _holds(self, generation: int) -> bool:  # noqa: ARG002
        """Not for as long as anything is read: the store goes on when its writer does."""
        return False

    @contextmanager
    def describing(
        self, generation: int | None = None, unread: Container[str] = (), subjects: Collection[str] = ()
    ) -> Iterator[Callable[[str], Iterable[Quad]]]:
        """As for any folder. Raises StorageError where the store went on meanwhile: then it can be tried again."""
        wanted = self.generation if generation is None else generation
        with self._writing:
            if self._stands_soon(wanted):
                yield self._describer(unread, subjects)
                if not self._stands(wanted):
                    raise StorageError(f"{self.store} went on while it was read")
                return
        with super().describing(wanted, unread, subjects) as quads_of:
            yield quads_of

    def about(self, generation: int, about: str) -> tuple[Quad, ...]:
        """The quads of a generation with one thing as subject or object."""
        read = self._steadily(generation, lambda: self._stored_about(about))
        return super().about(generation, about) if read is None else read

    def _steadily(self, generation: int, read: Callable[[], T]) -> T | None:
        """What is read from the store while it stands at a generation; None where it does not, or does not answer."""
        try:
            found = read() if self._stands(generation) else None
            return found if self._stands(generation) else None
        except RemoteStoreError:
            return None

    def _stands(self, generation: int) -> bool:
        """Whether the store holds a generation now. Raises RemoteStoreError."""
        self.store.reopen()
        return super()._holds(generation)

    def _stands_soon(self, generation: int) -> bool:
        """Whether it does now, or after the commit that is on its way to it."""
        until = time.monotonic() + _SOON
        try:
            while not self._stands(generation):
                if self.store.generation > generation or time.monotonic() >= until:
                    return False
                time.sleep(_PAUSE)
        except RemoteStoreError:
            return False
        return True


def _check(path: Path) -> None:
    if not (path / "journal" / "head").is_file():
        raise StorageError(f"{path} holds no graph to be followed: {lock.writer(path)[0]}")
