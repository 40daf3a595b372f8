"""What a data folder consists of beside journal and store: the checks and small files of its opening."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kgraph.errors import DamagedError, StorageError
from kgraph.store import files

FORMAT = 1
_KEYS: Final = ("keys.json", "keys.json.tmp", "keys.lock")  # `kgraph key` may come before everything else
_OWN: Final = frozenset({"format", "format.tmp", "lock", "holder.json", "holder.json.tmp", *_KEYS})
_ONTOLOGY: Final = "graph/ontology"
SCRATCH: Final = "loading-"
"""What the names of folders for files on their way into the journal begin with."""
ASIDE: Final = "store.damaged-"
"""The same of stores that were set aside."""

SNAPSHOTS: Final = "snapshots"
"""Where in the store's folder copies for readers are."""


def sweep(path: Path) -> None:
    """Remove what a process that was killed left and nobody goes on with: files on their way, copies for readers."""
    for left in (*path.glob(f"{SCRATCH}*"), path / "store" / SNAPSHOTS):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)


def aside(store: Path) -> Path:
    """Where a store is set aside."""
    return store.with_name(f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S%f}")


def check(path: Path) -> None:
    """Refuse a folder that holds something else, so that a mistyped path is not filled; make one that is absent."""
    if path.exists() and not path.is_dir():
        raise StorageError(f"{path} is a file, not a data folder")
    files.make_folder(path)
    if not (path / "format").exists():
        foreign = sorted(entry.name for entry in path.iterdir() if entry.name not in _OWN)
        if foreign:
            raise StorageError(f"{path} is not a data folder of kgraph: it holds {', '.join(foreign[:3])}")


def settle_format(path: Path) -> None:
    """Write the version into a new folder; refuse one that this kgraph does not know."""
    file = path / "format"
    if not file.exists():
        files.replace(file, f"{FORMAT}\n".encode())
    text = file.read_text("utf-8", "replace").strip()
    if not text.isdecimal():
        raise DamagedError(f"the file {file} should hold a number and holds {text[:20]!r}")
    if not int(text):
        raise DamagedError(f"the file {file} should hold a number from 1 and holds {text[:20]!r}")
    if int(text) > FORMAT:
        raise StorageError(f"the folder {path} has format {text}; this kgraph knows up to {FORMAT}: use a newer kgraph")


def secret(file: Path) -> bytes:
    """The folder's secret; made anew where it is absent or cut short, which only ends cursors."""
    if not file.exists() or file.stat().st_size != 32:
        files.replace(file, secrets.token_bytes(32), 0o600)
    return file.read_bytes()


def recorded_base(path: Path) -> str | None:
    """The base IRI recorded in a folder; None where none is."""
    file = path / "base"
    return file.read_text("utf-8", "replace").strip() if file.exists() else None


def check_base(path: Path, base: str | None) -> None:
    """Refuse a folder whose names are minted under another base IRI: a second set of names would grow beside them."""
    recorded = recorded_base(path)
    if base is not None and recorded is not None:
        _same_base(path, recorded, base)


def settle_base(path: Path, base: str, graphs: Iterable[str]) -> None:
    """Record the base IRI of a folder. One from before that was recorded shows it by the name of its ontology."""
    file = path / "base"
    if file.exists():
        return
    found = sorted(name.removesuffix(_ONTOLOGY) for name in graphs if name.endswith(f"/{_ONTOLOGY}"))
    if found and base not in found:
        _same_base(path, found[0], base)
    files.replace(file, f"{base}\n".encode())


def _same_base(path: Path, recorded: str, base: str) -> None:
    if recorded != base:
        raise StorageError(
            f"the names in the folder {path} are minted under the base IRI {recorded}, and {base} is set: "
            f"set KGRAPH_BASE_IRI={recorded}, or use another folder"
        )
