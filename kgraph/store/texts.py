"""Texts of sources that were attached on this machine: one file each, for its owner only, never exported.

A file is named by its source's IRI, percent-encoded, or by a hash of it where that is too long for a file system.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from kgraph.errors import StorageError, StorageFullError
from kgraph.store import files

_LONGEST_NAME: Final = 150
_SUFFIX: Final = ".txt"


class Texts:
    """The attached texts in a folder, or in memory where there is none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}

    def __bool__(self) -> bool:
        """Whether a text was attached."""
        if self._folder is None:
            return bool(self._held)
        return self._folder.is_dir() and any(self._folder.iterdir())

    def attach(self, source: str, text: bytes) -> None:
        """Keep the text of a source. Whether it is the right one is the caller's to check.

        Raises StorageFullError or StorageError.
        """
        if self._folder is None:
            self._held[source] = text
            return
        try:
            files.make_folder(self._folder, 0o700)
            files.replace(self._folder / _name(source), text, 0o600)
        except OSError as error:
            kind = StorageFullError if files.is_full(error) else StorageError
            raise kind(f"the text of {source} was not kept: {error.strerror or error}") from error

    def get(self, source: str) -> bytes | None:
        """The text attached for a source, or None. It is as it lies there: its hash is the caller's to check."""
        if self._folder is None:
            return self._held.get(source)
        try:
            return (self._folder / _name(source)).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, is_known: Callable[[str], bool], all_known: Callable[[], Iterable[str]]) -> None:
        """Erase the texts of sources that are not known any more.

        `all_known` gives every name there is; it is asked only where a file does not tell its source's.
        """
        if self._folder is None:
            self._held = {source: text for source, text in self._held.items() if is_known(source)}
            return
        if not self._folder.is_dir():
            return
        hashed: set[str] | None = None
        for file in sorted(self._folder.iterdir()):
            if "%" in file.name:
                stays = is_known(unquote(file.name.removesuffix(_SUFFIX)))
            else:
                hashed = {_name(source) for source in all_known()} if hashed is None else hashed
                stays = file.name in hashed
            if not stays:
                file.unlink()


def _name(source: str) -> str:
    name = quote(source, safe="").replace(".", "%2E")
    if len(name) > _LONGEST_NAME:
        name = hashlib.sha256(source.encode()).hexdigest()
    return f"{name}{_SUFFIX}"
