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

A commit goes to the journal first, where it counts, then to the store. At opening the store is brought up to the
journal: what it lacks is replayed, a store that is damaged or belongs to another journal is built anew, and so is one
that may hold what was redacted since. `notices` tells what had to be repaired.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph import rdf
from kgraph.errors import DamagedError, RemoteStoreError, StorageError, StorageFullError
from kgraph.model import Finding
from kgraph.store import checking, files, layout, redaction
from kgraph.store.base import Delta, KeptStore
from kgraph.store.journal import Commit, Journal
from kgraph.store.lock import FolderLock
from kgraph.store.oxigraph import BULK, OxigraphStore
from kgraph.store.reading import Reading
from kgraph.store.texts import Texts

if TYPE_CHECKING:
    from kgraph.store.claimtable import ClaimTable


class DataFolder(Reading):
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
        self.notices: list[str] = list(journal.notices)
        self._lock = lock
        self.texts = Texts(path / "texts" if path else None)
        self._writing = threading.RLock()
        self._closed = False
        own = path / "store" if path else None
        self.store: KeptStore = OxigraphStore(own, sync=sync) if store is None else store
        self._open_store()
        if journal.lost > 0:
            self._check_belonging()
            what = f"{journal.lost} acknowledged without waiting for the disk are lost"
            self.notices.append(f"{what}; the store may hold them: built anew{self._set_store_aside()}")
        self._catch_up()

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

    # -------------------------------------------------------------- commits

    def commit(self, delta: Delta, author: str, message: str) -> Commit:
        """Make a change: in the journal (where it is durable), then in the store. Literals are made canonical.

        Raises StorageFullError or StorageError with nothing committed, ValueError for blank nodes. Where only the
        store could not follow, the error says so and the commit counts (`generation` has it); the store catches up
        at the next commit or opening.
        """
        with self._writing:
            self.catch_up()
            held = (quad for graph in delta.dropped for quad in self.store.quads(None, None, None, graph))
            removed_too = dict.fromkeys((*delta.removed, *held))
            added, removed = (tuple(rdf.canonical(quads)[0]) for quads in (delta.added, removed_too))
            delta = Delta(added, removed, delta.created, delta.dropped)
            for node in (node for quad in (*added, *removed) for node in rdf.blank_nodes(quad)):
                raise ValueError(f"{node} is a blank node: skolemise before committing")
            commit = self.journal.append(delta, author=author, message=message)
            self._follow(commit, lambda: self.store.apply(delta, commit.seq, commit.hash))
            return commit

    def commit_table(self, table: ClaimTable, author: str, message: str) -> Commit:
        """Commit the claims of a table, as `commit` does: a compact record in the journal, its quads in the store."""
        from kgraph.store.tablequads import TableQuads

        with self._writing:
            self.catch_up()
            commit = self.journal.append_table(table, author=author, message=message)
            self._follow(commit, lambda: self.store.load(TableQuads(table).lines(), commit.seq, commit.hash))
            return commit

    def commit_lines(self, lines: Path, count: int, author: str, message: str) -> Commit:
        """Commit so many lines of N-Quads from a file in `scratch`, as `commit` does, but in bounded memory.

        Literals are canonical there already, and there are no blank nodes.
        """
        with self._writing:
            self.catch_up()
            packed = lines.with_suffix(".gz")
            commit = self.journal.append_lines(lines, count, packed, author=author, message=message)
            self._follow(commit, lambda: self._apply(commit))
            return commit

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for files on the way into the journal, gone afterwards; what a killed process left goes at opening.

        Raises StorageFullError or StorageError where it cannot be written, inside the block too.
        """
        try:
            with tempfile.TemporaryDirectory(prefix=layout.SCRATCH, dir=self.path) as folder:
                yield Path(folder)
        except OSError as error:
            kind = StorageFullError if files.is_full(error) else StorageError
            raise kind(f"nothing was committed: {error.strerror or error}") from error

    def redact(self, seqs: Collection[int], author: str, message: str) -> Commit:
        """Erase what some commits say from journal, store, index and texts, by a commit that tells who, when and why.

        Raises ParameterError for a commit that cannot be redacted, else as `commit` does; what is left to be erased
        then is erased at the next write or opening.
        """
        with self._writing:
            self.catch_up()
            commit = self.journal.redact(seqs, author=author, message=message)
            self._follow(commit, self._catch_up)
            return commit

    def _follow(self, commit: Commit, take: Callable[[], None]) -> None:
        try:
            take()
        except StorageError as error:
            self._recover(commit, error)

    def catch_up(self) -> None:
        """Bring the store up to the journal after a failure, opening it again; what a write begins with.

        Raises StorageFullError or StorageError where that is still not possible; then nothing can be written.
        """
        with self._writing:
            if self._closed:
                raise StorageError("the folder is closed")
            try:
                if not self.store.writable:
                    self._open_store()
                self._catch_up()
            except StorageError as error:
                detail = (
                    f"nothing new is written, because the store lags behind commit {self.generation}, which is safe "
                    f"in the journal, and cannot catch up: {error.detail}"
                )
                raise _kind(error)(detail) from error

    def _recover(self, commit: Commit, error: StorageError) -> None:
        """The engine does not go on after a failed write: open it again and let it catch up."""
        try:
            self._open_store()
            self._catch_up()
        except StorageError as again:
            detail = (
                f"commit {commit.seq} is safe in the journal, but the store lags behind it: it counts, and the store "
                f"takes it at the next write or opening that finds it able to ({again.detail})"
            )
            raise _kind(error, again)(detail) from error

    def _catch_up(self) -> None:
        store, journal = self.store, self.journal
        notice = None
        self._check_belonging()
        if store.generation > 0 and journal.generation == 0:
            raise DamagedError(
                f"the journal of {self.path} is gone, though its store is at {store.generation}; nothing was changed: "
                "put the journal back from a backup, or move the folder `store` away to begin anew"
            )
        if store.generation > journal.generation or store.mark != journal.mark(store.generation):
            notice = f"the store did not belong to this journal: built anew{self._set_store_aside()}"
        elif store.generation < journal.generation:
            notice = f"the store was at {store.generation} and is brought up to {journal.generation}"
        if any(commit.redacts for commit in journal.commits(after=store.generation)):
            redaction.erase_derived(self.path, store)
        for commit in journal.commits(after=store.generation):
            self._apply(commit)
        if notice:
            self.notices.append(notice)
        redaction.erase_texts(journal, self.texts, store)

    def _check_belonging(self) -> None:
        """Refuse a store on another server that does not fit the journal: it may be somebody's, and is never cleared.
        But one that is ahead by no more than was acknowledged here without waiting for the disk, and lost, is ours."""
        store, journal = self.store, self.journal
        if store.is_near:
            return
        if store.generation <= journal.generation:
            ours = store.mark == journal.mark(store.generation)
        else:
            ours = store.generation - journal.generation <= journal.lost
        if not ours:
            raise DamagedError(
                f"{store} is at generation {store.generation} of another journal than that of {self.path}; nothing was "
                "changed: put its journal back from a backup, or set KGRAPH_STORE to a server that is empty"
            )

    def _apply(self, commit: Commit) -> None:
        """Bring a commit from the journal into the store."""
        if commit.only_adds and commit.added > BULK:
            self.store.load(self.journal.lines(commit.seq), commit.seq, commit.hash)
        else:
            self.store.apply(self.journal.delta(commit.seq), commit.seq, commit.hash)

    def _open_store(self) -> None:
        try:
            self.store.reopen()
        except DamagedError as error:
            self.notices.append(f"the store was damaged: built anew{self._set_store_aside()} ({error})")

    def _set_store_aside(self) -> str:
        """Begin with an empty store, keeping the files of the one there was; answers where they are, in words."""
        place = self.store.folder
        if place is None:
            self.store.clear()
            return ""
        aside = layout.aside(place)
        self.store.close()
        place.rename(aside)
        self.store.reopen()
        return f"; the old one is {aside.name}"

    # -------------------------------------------------------------- checks and the end

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


def _kind(*errors: StorageError) -> type[StorageError]:
    """What of several errors a caller can act on: make room, mend, or neither."""
    for kind in (StorageFullError, DamagedError, RemoteStoreError):
        if any(isinstance(error, kind) for error in errors):
            return kind
    return StorageError
