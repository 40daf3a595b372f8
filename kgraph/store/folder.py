"""The data folder: journal, store and what else a graph keeps on this machine.

    format        version of this layout, `1`
    base          the base IRI its names are minted under; the folder is opened with this one only
    lock          held (flock) by the one process that has the folder open
    holder.json   who that is: process id, command, address
    journal/      the truth, see `journal.py`
    store/        derived, see `oxigraph.py`; delete it and it is rebuilt from the journal; not there where
                  another server keeps the quads (`remote/`)
    index/        derived, see `kgraph/indexing.py`; likewise
    texts/        texts of sources that were attached on this machine, see `texts.py`
    secret        32 bytes that sign this graph's cursors
    keys.json     hashes of the keys that let clients write, see `kgraph/keys.py`

It is read (`reading.py`), committed to (`committing.py`), and its store is kept up with its journal (`keeping.py`).
Here it is opened, checked and closed.
"""

from __future__ import annotations

import secrets
import threading
from pathlib import Path

from kgraph.errors import StorageError, StorageFullError
from kgraph.model import Finding
from kgraph.store import checking, files, layout
from kgraph.store.base import KeptStore
from kgraph.store.committing import Committing
from kgraph.store.journal import Journal
from kgraph.store.lately import Lately
from kgraph.store.lock import FolderLock
from kgraph.store.oxigraph import OxigraphStore
from kgraph.store.texts import Texts


class DataFolder(Committing):
    """An open data folder; `open` and `memory` make one. A context manager: leaving it closes."""

    writes = True
    """Whether this process writes it, or only follows one that does (`followedfolder.py`)."""

    def __init__(
        self,
        path: Path | None,
        lock: FolderLock | None,
        journal: Journal,
        secret: bytes,
        store: KeptStore | None = None,
        *,
        sync: bool = True,
    ) -> None:
        self.path = path
        self.journal = journal
        self.secret = secret
        self.notices = list(journal.notices)
        self._lock = lock
        self.texts = Texts(path / "texts" if path else None)
        self._writing = threading.RLock()
        self._lately = Lately()
        self._closed = False
        own = path / "store" if path else None
        self.store: KeptStore = OxigraphStore(own, sync=sync) if store is None else store
        self._begin()

    @classmethod
    def open(
        cls,
        path: Path | str,
        holder: str = "kgraph",
        address: str | None = None,
        base: str | None = None,
        store: KeptStore | None = None,
        *,
        sync: bool = True,
    ) -> DataFolder:
        """Open a folder, or make it. `holder` is the command that others are told holds it, `address` where to ask,
        `base` the base IRI its names must be minted under (None: whichever), `store` what takes the place of the store
        in the folder. Without `sync` a commit is acknowledged before it is on the disk: a power cut, but no end of the
        process, may take the last ones.

        Raises FolderBusyError, DamagedError naming the commit, RemoteStoreError, or StorageError: not a data folder, a
        newer one, or one of another base IRI. The store is closed then.
        """
        path = Path(path)
        lock: FolderLock | None = None
        try:
            layout.check(path)
            lock = FolderLock(path, holder)
            layout.settle_format(path)
            layout.check_base(path, base)
            layout.sweep(path)
            journal = Journal.open(path / "journal", sync=sync)
            folder = cls(path, lock, journal, layout.secret(path / "secret"), store, sync=sync)
            if base is not None:
                layout.settle_base(path, base, (graph.value for graph in folder.store.graphs()))
            if address:
                folder.announce(address)
        except OSError as error:
            _release(lock, store)
            if files.is_full(error):
                raise StorageFullError(f"the folder {path} cannot be opened: no room left on the disk") from error
            raise StorageError(f"the folder {path} cannot be opened: {error.strerror or error}") from error
        except BaseException:
            _release(lock, store)
            raise
        return folder

    @classmethod
    def memory(cls) -> DataFolder:
        """A folder without a place: journal and store in memory."""
        return cls(None, None, Journal.memory(), secrets.token_bytes(32))

    def announce(self, address: str | None) -> None:
        """Say at which address this process answers, for those who find the folder held."""
        if self._lock:
            self._lock.announce(address)

    def doctor(self) -> list[Finding]:
        """Every hash of the journal, and the store against what the journal says it holds."""
        with self._writing:
            findings = self.journal.verify()
            findings.append(self._check_generation())
            if all(finding.ok for finding in findings[:-1]):
                findings.append(checking.compare(self.journal, self.store))
            else:
                findings.append(Finding("store", False, "cannot be compared with a damaged journal"))
            findings.extend(Finding("repaired at opening", True, notice) for notice in self.notices)
            return findings

    def _check_generation(self) -> Finding:
        store, journal = self.store, self.journal
        same = store.generation == journal.generation and store.mark == journal.mark(journal.generation)
        where = f"store at {store.generation}, journal at {journal.generation}"
        return Finding("generation", same, where if same else f"{where}, or of another journal")

    def close(self) -> None:
        """Close the store and let others have the folder; closing twice does no harm."""
        with self._writing:
            self._closed = True
            self.store.close()
        try:
            self.journal.close()
        finally:
            _release(self._lock)

    def __enter__(self) -> DataFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _release(lock: FolderLock | None, store: KeptStore | None = None) -> None:
    if lock:
        lock.release()
    if store is not None:
        store.close()
