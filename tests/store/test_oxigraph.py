"""kgraph.store.oxigraph: the sidecar, orphans, damage, snapshots."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest

from kgraph.errors import DamagedError, FolderBusyError, QuerySyntaxError, StorageError, StorageFullError
from kgraph.rdf import NamedNode, Quad
from kgraph.store import files
from kgraph.store import oxigraph as module
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

A = NamedNode("http://example.org/a")
QUAD = Quad(A, A, A, A)


def filled(folder: Path) -> Path:
    store = OxigraphStore.open(folder)
    store.apply(Delta(added=(QUAD,)), 4, "mark")
    store.close()
    return folder


class Failing:
    """An engine whose every method fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> object:
        def fail(*_: object, **__: object) -> None:
            raise self._error

        return fail


def failing(error: Exception, folder: Path | None = None) -> OxigraphStore:
    store = OxigraphStore.open(folder)
    store._engine = Failing(error)  # type: ignore[assignment]
    return store


def test_the_sidecar_says_which_generation_is_on_the_disk(tmp_path: Path) -> None:
    told = json.loads((filled(tmp_path) / "generation.json").read_text())
    assert (told["generation"], told["mark"]) == (4, "mark")


def test_the_sidecar_is_written_after_the_engine_has_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where flushing fails the sidecar still names the generation before."""
    store = OxigraphStore.open(tmp_path)

    def fail() -> None:
        raise StorageError("no flush")

    monkeypatch.setattr(store, "flush", fail)
    with pytest.raises(StorageError, match="no flush"):
        store.apply(Delta(added=(QUAD,)), 1)
    store.close()
    assert OxigraphStore.open(tmp_path).generation == 0


def test_a_sidecar_that_cannot_be_written_leaves_the_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = OxigraphStore.open(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "replace", full)
    with pytest.raises(StorageFullError, match="did not settle at generation 1"):
        store.apply(Delta(added=(QUAD,)), 1)
    assert store.generation == 0


@pytest.mark.parametrize(
    "content", ["", "not JSON", "[]", '{"generation": "x"}', '{"generation": 3}', '{"generation": -3, "mark": ""}']
)
def test_a_store_whose_sidecar_says_nothing_sensible_starts_empty(tmp_path: Path, content: str) -> None:
    (filled(tmp_path) / "generation.json").write_text(content)
    store = OxigraphStore.open(tmp_path)
    assert (store.generation, len(store)) == (0, 0)


def test_a_sidecar_without_a_store_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "generation.json").write_text('{"generation": 3, "mark": "x"}')
    assert OxigraphStore.open(tmp_path).generation == 0


def test_files_of_a_killed_bulk_load_are_removed(tmp_path: Path) -> None:
    orphan = filled(tmp_path) / "oxigraph" / "bulk-12.sst"
    orphan.write_bytes(b"half a file")
    assert len(OxigraphStore.open(tmp_path)) == 1
    assert not orphan.exists()


def test_a_damaged_store_is_told_apart_from_a_held_one(tmp_path: Path) -> None:
    held = OxigraphStore.open(filled(tmp_path / "held"))
    with pytest.raises(FolderBusyError, match="another process has it open"):
        OxigraphStore.open(tmp_path / "held")
    held.close()
    (filled(tmp_path / "damaged") / "oxigraph" / "CURRENT").write_text("nonsense")
    with pytest.raises(DamagedError, match="does not open"):
        OxigraphStore.open(tmp_path / "damaged")


def test_a_lost_data_file_is_damage(tmp_path: Path) -> None:
    for file in (filled(tmp_path) / "oxigraph").glob("*.sst"):
        file.unlink()
    with pytest.raises(DamagedError):
        OxigraphStore.open(tmp_path)


def test_a_place_that_cannot_be_used_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    with pytest.raises(StorageError) as caught:
        OxigraphStore.open(tmp_path / "store")
    assert not isinstance(caught.value, DamagedError)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), StorageFullError),
        (OSError("IO error: No space left on device: While appending to file"), StorageFullError),
        (OSError("IO error: something else"), StorageError),
        (RuntimeError("Corruption: block checksum mismatch"), DamagedError),
    ],
)
def test_the_engines_errors_become_ours(tmp_path: Path, error: Exception, expected: type[StorageError]) -> None:
    for attempt in (
        lambda store: store.apply(Delta(added=(QUAD,)), 1),
        lambda store: list(store.quads()),
        lambda store: store.query("ASK {}"),
        lambda store: store.flush(),
        lambda store: store.clear(),
        lambda store: store.snapshot(tmp_path / "copy"),
    ):
        store = failing(error, tmp_path / "store")
        with pytest.raises(StorageError) as caught:
            attempt(store)
        assert type(caught.value) is expected
        store.close()


def test_a_store_goes_on_after_reopening(tmp_path: Path) -> None:
    store = failing(OSError("IO error: once"), filled(tmp_path))
    with pytest.raises(StorageError):
        store.apply(Delta(), 5)
    store.reopen()
    assert (store.generation, len(store)) == (4, 1)


def test_a_snapshot_is_a_store_of_its_own(tmp_path: Path) -> None:
    store = OxigraphStore.open(filled(tmp_path / "store"))
    store.snapshot(tmp_path / "copy")
    store.apply(Delta(removed=(QUAD,)), 5)
    assert list(pyoxigraph.Store.read_only(str(tmp_path / "copy"))) == [QUAD]


def test_a_snapshot_is_not_made_over_something(tmp_path: Path) -> None:
    store = OxigraphStore.open(filled(tmp_path / "store"))
    (tmp_path / "copy").mkdir()
    with pytest.raises(StorageError, match="no snapshot"):
        store.snapshot(tmp_path / "copy")


def test_memory_has_no_snapshot_but_a_dump(tmp_path: Path) -> None:
    store = OxigraphStore.open(None)
    store.apply(Delta(added=(QUAD,)), 1)
    assert store.folder is None
    with pytest.raises(StorageError, match="memory"):
        store.snapshot(tmp_path / "copy")
    assert (
        store.dump()
        == b"<http://example.org/a> <http://example.org/a> <http://example.org/a> <http://example.org/a> .\n"
    )


def test_an_engine_message_without_a_place_is_passed_on() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        failing(SyntaxError("no place")).query("ASK {}")
    assert (caught.value.reason, caught.value.line, caught.value.text) == ("no place", None, None)


def test_a_place_past_the_end_has_no_text() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        OxigraphStore.open(None).query("SELECT * WHERE {\n")
    assert (caught.value.line, caught.value.text) == (2, None)


def test_small_changes_that_also_remove_are_one_transaction() -> None:
    """So that a reader in another thread never sees the removal without the addition."""
    seen: list[str] = []

    class Recording:
        def update(self, text: str) -> None:
            seen.append(text)

    store = OxigraphStore.open(None)
    store._engine = Recording()  # type: ignore[assignment]
    store.apply(Delta(added=(QUAD,), removed=(QUAD,), created=(A,), dropped=(A,)), 1)
    assert len(seen) == 1
    assert [line.split()[0] for line in seen[0].split(" ;\n")] == ["DROP", "DELETE", "CREATE", "INSERT"]
    assert module.BULK > 1_000
