"""What the file beside the engine's own tells, and what it finds missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgraph.errors import DamagedError
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store import sidecar
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

A = NamedNode("urn:a:1")


def filled(folder: Path) -> Path:
    """A store of three generations, opened twice; its manifest."""
    for generation in (1, 2, 3):
        store = OxigraphStore.open(folder)
        store.apply(Delta((Quad(A, A, Literal(str(generation))),)), generation, "mark")
        store.close()
    return folder / sidecar.DATABASE / (folder / sidecar.DATABASE / "CURRENT").read_text().strip()


def surely_long(folder: Path) -> int:
    """Bytes of the manifest when the sidecar was written; the engine may have tidied up since."""
    return int(json.loads((folder / sidecar.NAME).read_text())["manifest"][1])


def test_a_manifest_is_shorter_than_it_was_wherever_it_was_cut(tmp_path: Path) -> None:
    manifest = filled(tmp_path)
    whole = manifest.read_bytes()
    for end in range(surely_long(tmp_path)):
        manifest.write_bytes(whole[:end])
        with pytest.raises(DamagedError, match="lost the end"):
            sidecar.check(tmp_path)
    manifest.write_bytes(whole)
    sidecar.check(tmp_path)


def test_a_store_whose_manifest_was_cut_is_not_opened(tmp_path: Path) -> None:
    manifest = filled(tmp_path)
    manifest.write_bytes(manifest.read_bytes()[: surely_long(tmp_path) - 1])
    with pytest.raises(DamagedError):
        OxigraphStore.open(tmp_path)


def test_a_sidecar_of_before_that_knows_no_manifest_is_read(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / sidecar.NAME).write_text('{"generation": 3, "mark": "mark"}')
    sidecar.check(tmp_path)
    assert sidecar.read(tmp_path) == (3, "mark")


@pytest.mark.parametrize("content", ["", "null", "[]", '{"generation": "x"}', '{"manifest": 1}'])
def test_what_says_nothing_sensible_is_generation_0(content: str, tmp_path: Path) -> None:
    (tmp_path / sidecar.NAME).write_text(content)
    assert sidecar.read(tmp_path) == (0, "")
    sidecar.check(tmp_path)
