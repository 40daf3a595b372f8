"""Erasing what a redacted commit left outside the journal.

Whatever was made with its payload goes as a whole: an engine keeps texts in its files long after the last quad with
them was removed. So the store's files (snapshots among them), stores that were set aside, the index file and files
on their way are deleted, and store and index are built anew of what the journal still says. All of it is done again
as long as the store has not reached the redaction, so a kill at any moment leaves nothing.

Files are unlinked, not overwritten: what a disk keeps of deleted files, and copies elsewhere (backups made before),
are beyond this.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from kgraph.errors import StorageError
from kgraph.rdf import NamedNode
from kgraph.store import files, layout

if TYPE_CHECKING:
    from kgraph.store.base import KeptStore
    from kgraph.store.journal import Journal
    from kgraph.store.texts import Texts


def erase_derived(path: Path | None, store: KeptStore) -> None:
    """Delete all that is derived from a journal in a folder (None: memory); the store is open and empty afterwards.

    Raises StorageError.
    """
    here = store.folder
    if here is None:
        store.clear()
    else:
        store.close()
    if path is None:
        return
    try:
        if here is not None:
            here.rename(layout.aside(here))  # at once, so that no half of it is ever opened
        for place in (path / "index", *path.glob(f"{layout.ASIDE}*"), *path.glob(f"{layout.SCRATCH}*")):
            if place.exists():
                shutil.rmtree(place)
        files.sync_folder(path)
    except OSError as error:
        detail = f"what was redacted is not erased everywhere yet, the next opening does it: {error.strerror or error}"
        raise StorageError(detail) from error
    finally:
        if here is not None:
            store.reopen()


def erase_texts(journal: Journal, texts: Texts, store: KeptStore) -> None:
    """Delete attached texts of sources of which nothing is said any more, where the last commit is a redaction.

    Raises StorageError.
    """
    if not texts or not journal.ends_in_redaction:
        return

    def is_known(source: str) -> bool:
        try:
            return next(store.quads(NamedNode(source)), None) is not None
        except ValueError:  # no IRI, so nothing speaks of it
            return False

    try:
        texts.forget(is_known, lambda: {getattr(quad.subject, "value", "") for quad in store.quads()})
    except OSError as error:
        detail = f"texts of redacted sources are not erased yet, the next opening does it: {error.strerror or error}"
        raise StorageError(detail) from error
