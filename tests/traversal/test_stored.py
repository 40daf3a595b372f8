"""An index file gives back what was kept, and what is wrong with one is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgraph.errors import DamagedError
from kgraph.traversal import Catalogue, stored


def kept(letter: Any, folder: Path) -> tuple[Catalogue, Path]:
    letter.mention("G. Commitee", "committee", letter.span("a1", 3))
    letter.note(letter.iri("committee"), "name-variant", "Printed with one t.")
    letter.claim("ngo", "demands", "demand", said_by=("ada", "ngo"), conflicts_with=letter.iri("claim-0001"))
    catalogue = letter.catalogue(7)
    file = folder / "7.columns"
    stored.write(file, catalogue.columns, "https://example.org/", {"words": np.array([1, 2], np.int32)})
    return catalogue, file


def test_columns_come_back_as_they_were_kept(letter: Any, told: Any, tmp_path: Path) -> None:
    catalogue, file = kept(letter, tmp_path)
    opened = stored.open(file)
    assert told(opened.columns) == told(catalogue.columns)
    assert (opened.columns.generation, opened.base) == (7, "https://example.org/")
    assert opened.more["words"].tolist() == [1, 2]
    again = Catalogue(opened.columns, catalogue.namespaces, catalogue.schema)
    assert tuple(again.whole) == tuple(catalogue.whole)
    assert list(again.names()) == list(catalogue.names())
    assert not (tmp_path / "7.new").exists()


def test_every_flipped_byte_and_every_cut_is_told(letter: Any, tmp_path: Path) -> None:
    _, file = kept(letter, tmp_path)
    whole = file.read_bytes()
    for at in {0, 20, 30, 60, len(whole) // 2, len(whole) - 70, *range(100, len(whole), len(whole) // 23)}:
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(DamagedError):
            stored.open(file)
    for size in (0, 10, 63, 64, len(whole) // 2, len(whole) - 64):
        file.write_bytes(whole[:size])
        with pytest.raises(DamagedError):
            stored.open(file)
