"""kgraph.store.texts: a text under any name, for its owner alone; gone when nothing speaks of its source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgraph.errors import StorageError, StorageFullError
from kgraph.store import files
from kgraph.store.texts import Texts

LONG = f"https://example.org/{'long' * 100}"


@pytest.fixture(params=["disk", "memory"])
def texts(request: pytest.FixtureRequest, tmp_path: Path) -> Texts:
    return Texts(tmp_path / "texts" if request.param == "disk" else None)


@pytest.mark.parametrize("name", ["id:article-01", "https://example.org/a/../../b", "..", "é" * 300, "a" * 5000])
def test_a_text_is_kept_under_any_name(texts: Texts, name: str) -> None:
    assert not texts
    assert texts.get(name) is None
    texts.attach(name, b"one")
    texts.attach(name, "zwei é".encode())
    assert texts
    assert texts.get(name) == "zwei é".encode()
    assert texts.get(f"{name}x") is None


@pytest.mark.parametrize("name", ["..", "https://example.org/a/../../b", "é" * 300])
def test_its_file_lies_in_the_folder_and_is_its_owners_alone(tmp_path: Path, name: str) -> None:
    Texts(tmp_path / "texts").attach(name, b"text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["texts"]
    (kept,) = (tmp_path / "texts").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("number", "kind"), [(28, StorageFullError), (5, StorageError)])
def test_a_text_that_cannot_be_kept_is_a_storage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[StorageError]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, "replace", fail)
    with pytest.raises(StorageError, match="was not kept") as caught:
        Texts(tmp_path / "texts").attach("id:article-01", b"text")
    assert type(caught.value) is kind


def test_texts_of_sources_that_nothing_speaks_of_are_erased(texts: Texts) -> None:
    names = ["urn:stays", "urn:goes", LONG, f"{LONG}-goes"]
    for name in names:
        texts.attach(name, name.encode())
    known = {"urn:stays", LONG, "urn:another"}

    def every() -> Iterator[str]:
        yield from known

    texts.forget(known.__contains__, every)
    assert [name for name in names if texts.get(name) is not None] == ["urn:stays", LONG]


def test_without_texts_nothing_is_erased(texts: Texts) -> None:
    texts.forget(lambda _: False, list)
    assert not texts
