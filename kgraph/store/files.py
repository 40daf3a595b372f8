"""Files that are whole or absent, whatever happens to the process: written aside, synced, moved into place."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it, and put their names on the disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode if each is folder else 0o777, exist_ok=True)
        sync_folder(each.parent)


def replace(file: Path, content: bytes, mode: int = 0o644, *, sync: bool = True) -> None:
    """Write a file so that it has either its old or its new content, and is on the disk when this returns (without
    `sync`: some time later).

    Raises OSError; the old content then stands.
    """
    aside = file.with_name(f"{file.name}.tmp")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        try:
            write_all(descriptor, content)
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        aside.replace(file)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(file.parent)


def move(source: Path, file: Path) -> None:
    """Put a finished file into its place on the same disk, so that it is there whole when this returns.

    Raises OSError; what stood in the place then stands there still.
    """
    descriptor = os.open(source, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    source.replace(file)
    sync_folder(file.parent)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte: `os.write` may take only some of them."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def is_full(error: BaseException) -> bool:
    """Whether an error says that there is no room left, or none left for this user."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
