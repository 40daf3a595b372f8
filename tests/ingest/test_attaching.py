"""A text is bound to the source it was read from, by its hash, and to no other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from kgraph.errors import InputError, TextMismatchError
from kgraph.ingest.attaching import attach
from kgraph.store.folder import DataFolder

TEXT = b"The League met. The Trust was there."


@dataclass(frozen=True)
class Article:
    hash: str


ARTICLES = {
    "https://w3id.org/kgraph/id/herald-7": Article(hashlib.sha256(TEXT).hexdigest()),
    "https://w3id.org/kgraph/id/herald-8": Article("0" * 64),
}
HERALD_7, HERALD_8 = ARTICLES


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "herald.txt"
    path.write_bytes(TEXT)
    return path


@pytest.mark.parametrize("wanted", [None, HERALD_7])
def test_a_text_finds_its_source_by_its_hash(text: Path, wanted: str | None) -> None:
    folder = DataFolder.memory()
    assert attach(folder, ARTICLES, text, wanted) == HERALD_7
    assert folder.texts.get(HERALD_7) == TEXT


def test_the_text_of_one_source_is_not_taken_for_another(text: Path) -> None:
    folder = DataFolder.memory()
    with pytest.raises(TextMismatchError, match="0000"):
        attach(folder, ARTICLES, text, HERALD_8)
    assert folder.texts.get(HERALD_8) is None


def test_a_text_of_no_source_is_refused_with_its_hash(text: Path) -> None:
    text.write_bytes(b"something else")
    with pytest.raises(TextMismatchError, match=hashlib.sha256(b"something else").hexdigest()):
        attach(DataFolder.memory(), ARTICLES, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.txt"):
        attach(DataFolder.memory(), ARTICLES, tmp_path / "nothing.txt")
