"""How a data folder's store is kept up with its journal.

What the store lacks is replayed. A store that is damaged or belongs to another journal is built anew, and so is one
that may hold what was redacted since. One on another server is never cleared: it may be somebody's.
"""

from __future__ import annotations

from collections.abc import Callable

from kgraph.errors import DamagedError, RemoteStoreError, StorageError, StorageFullError
from kgraph.store import layout, redaction
from kgraph.store.commit import Commit
from kgraph.store.oxigraph import BULK
from kgraph.store.reading import Reading
from kgraph.store.texts import Texts


class Keeping(Reading):
    """The side of `DataFolder` that its store follows; `FollowedFolder` leaves that to who writes."""

    notices: list[str]
    """What had to be repaired."""
    texts: Texts
    _closed: bool

    def _begin(self) -> None:
        """Open the store and bring it up to the journal."""
        self._open_store()
        if self.journal.lost > 0:
            self._check_belonging()
            what = f"{self.journal.lost} acknowledged without waiting for the disk are lost"
            self.notices.append(f"{what}; the store may hold them: built anew{self._set_store_aside()}")
        self._catch_up()

    def _follow(self, commit: Commit, take: Callable[[], None]) -> None:
        """Take a commit of the journal into the store. The error where it cannot says that the commit counts."""
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


def _kind(*errors: StorageError) -> type[StorageError]:
    """What of several errors a caller can act on: make room, mend, or neither."""
    for kind in (StorageFullError, DamagedError, RemoteStoreError):
        if any(isinstance(error, kind) for error in errors):
            return kind
    return StorageError
