"""The engine's errors in kgraph's own: it tells by its messages only what went wrong."""

from __future__ import annotations

from typing import Final

from kgraph.errors import DamagedError, FolderBusyError, StorageError, StorageFullError
from kgraph.store import files

_FULL: Final = ("no space left", "disk quota exceeded", "file too large")
_REFUSED: Final = (
    "permission denied",
    "read-only file system",
    "too many open files",
    "not a directory",
    "file exists",
)
_LOCKED: Final = ("lock hold by", "while lock file", "resource temporarily unavailable")


def translated(error: Exception, what: str, *, opening: bool = False) -> StorageError:
    """The storage error that an error of the engine comes to; `what` begins its sentence."""
    message = str(error)
    lower = message.lower()
    if files.is_full(error) or any(sign in lower for sign in _FULL):
        return StorageFullError(f"{what}: no room left on the disk ({message})")
    if opening and any(sign in lower for sign in _LOCKED):
        return FolderBusyError(f"{what}: another process has it open ({message})")
    # RuntimeError is how the engine reports corruption; at opening a missing or unreadable file is damage too.
    damaged = isinstance(error, RuntimeError) or (opening and not any(sign in lower for sign in _REFUSED))
    return (DamagedError if damaged else StorageError)(f"{what}: {message}")
