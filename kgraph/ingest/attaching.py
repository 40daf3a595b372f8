"""Binding a source's text on this machine: its hash tells which source it is the text of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from kgraph.errors import InputError, TextMismatchError
from kgraph.store.folder import DataFolder


class Hashed(Protocol):
    """A source as far as it matters here."""

    @property
    def hash(self) -> str:
        """SHA-256 of the text's bytes, in hex."""


def attach(folder: DataFolder, articles: Mapping[str, Hashed], path: Path, wanted: str | None = None) -> str:
    """Keep the text of a source in the folder, and return the source's IRI.

    Raises InputError when the file cannot be read, and TextMismatchError when the text is no source's, or not the one
    of the source that was named.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    digest = hashlib.sha256(data).hexdigest()
    found = next((iri for iri, article in articles.items() if article.hash == digest), None)
    if wanted is not None and found != wanted:
        raise TextMismatchError(
            f"{path}: its SHA-256 is {digest}, but the source was read from a text with {articles[wanted].hash}"
        )
    if found is None:
        raise TextMismatchError(f"{path}: no source was read from a text with SHA-256 {digest}")
    folder.texts.attach(found, data)
    return found
