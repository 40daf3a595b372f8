"""kgraph.store.folder: one holder, one truth, and a store that can always be made again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph import rdf
from kgraph.errors import DamagedError, FolderBusyError, StorageError, StorageFullError
from kgraph.rdf import BlankNode, Literal, NamedNode, Quad
from kgraph.store import files, keeping
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.folder import DataFolder
from kgraph.store.journal import Journal
from kgraph.store.oxigraph import OxigraphStore
from kgraph.store.tablequads import TableQuads

Adds = Callable[..., Delta]
Make = Callable[..., ClaimTable]
A = NamedNode("http://example.org/a")
BASE = "https://w3id.org/kgraph/"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def filled(path: Path, adds: Adds) -> Path:
    """A closed folder of two commits."""
    with DataFolder.open(path) as folder:
        folder.commit(adds(1, 2), "Ann", "two")
        folder.commit(adds(3, removing=(1,)), "Bob", "one for one")
    return path


def numbers(folder: DataFolder) -> set[str]:
    return {quad.subject.value.rpartition("/")[2] for quad in folder.store.quads()}  # type: ignore[union-attr]


def failed(folder: DataFolder) -> list[str]:
    return [finding.check for finding in folder.doctor() if not finding.ok]


# ------------------------------------------------------------------ opening


def test_a_new_folder_has_the_documented_layout(path: Path) -> None:
    with DataFolder.open(path, base=BASE) as folder:
        folder.texts.attach("id:article-01", b"text")
        assert sorted(entry.name for entry in path.iterdir()) == [
            "base",
            "format",
            "holder.json",
            "journal",
            "lock",
            "secret",
            "store",
            "texts",
        ]
        assert (path / "format").read_text() == "1\n"
        assert (path / "base").read_text() == f"{BASE}\n"
        assert (folder.generation, folder.notices) == (0, [])


def test_the_secret_stays_and_is_nobody_elses(path: Path) -> None:
    with DataFolder.open(path) as folder:
        secret = folder.secret
    with DataFolder.open(path) as folder:
        assert folder.secret == secret
    assert len(secret) == 32
    assert (path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_secret_cut_short_is_made_anew(filled: Path) -> None:
    (filled / "secret").write_bytes(b"short")
    with DataFolder.open(filled) as folder:
        assert len(folder.secret) == 32


def test_a_folder_that_holds_something_else_is_left_alone(path: Path) -> None:
    path.mkdir()
    (path / "thesis.odt").write_text("years of work")
    with pytest.raises(StorageError, match=r"not a data folder of kgraph: it holds thesis\.odt"):
        DataFolder.open(path)
    assert [entry.name for entry in path.iterdir()] == ["thesis.odt"]


def test_a_file_is_not_a_folder(path: Path) -> None:
    path.write_text("")
    with pytest.raises(StorageError, match="is a file"):
        DataFolder.open(path)


def test_a_folder_of_a_newer_kgraph_is_refused(filled: Path) -> None:
    (filled / "format").write_text("2\n")
    with pytest.raises(StorageError, match="has format 2; this kgraph knows up to 1"):
        DataFolder.open(filled)


def test_a_format_that_is_no_number_is_damage(filled: Path) -> None:
    (filled / "format").write_text("??")
    with pytest.raises(DamagedError, match="format"):
        DataFolder.open(filled)


def test_opening_that_was_killed_at_its_start_is_repeated(path: Path) -> None:
    path.mkdir()
    (path / "lock").write_text("")
    (path / "format.tmp").write_text("1")
    with DataFolder.open(path) as folder:
        assert folder.generation == 0


@pytest.mark.parametrize("name", ["holder.json", "format", "secret"])
@pytest.mark.parametrize(("number", "kind"), [(28, StorageFullError), (13, StorageError)])
def test_opening_that_fails_on_the_disk_lets_the_folder_go(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[StorageError], name: str
) -> None:
    def fail(file: Path, *_: object) -> None:
        if file.name == name:
            raise OSError(number, os.strerror(number))
        file.write_bytes(b"1")

    with monkeypatch.context() as patched:
        patched.setattr(files, "replace", fail)
        with pytest.raises(StorageError, match="cannot be opened") as caught:
            DataFolder.open(path)
    assert type(caught.value) is kind
    DataFolder.open(path).close()


def test_a_folder_that_cannot_be_locked_is_a_storage_error(path: Path) -> None:
    (path / "lock").mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot be opened"):
        DataFolder.open(path)


def test_a_folder_is_opened_under_the_base_iri_it_was_made_with_only(path: Path) -> None:
    DataFolder.open(path, base=BASE).close()
    with pytest.raises(StorageError, match=f"set KGRAPH_BASE_IRI={BASE}"):
        DataFolder.open(path, base="https://other.example/")
    DataFolder.open(path, base=BASE).close()
    DataFolder.open(path).close()


def test_a_folder_from_before_bases_were_recorded_shows_its_own_by_its_ontology(path: Path) -> None:
    with DataFolder.open(path) as folder:
        folder.commit(Delta((Quad(A, A, A, NamedNode(f"{BASE}graph/ontology")),)), "", "")
    with pytest.raises(StorageError, match=f"set KGRAPH_BASE_IRI={BASE}"):
        DataFolder.open(path, base="https://other.example/")
    DataFolder.open(path, base=BASE).close()
    assert (path / "base").read_text().strip() == BASE


def test_the_names_of_new_folders_are_on_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[Path] = set()
    sync = files.sync_folder

    def note(folder: Path) -> None:
        synced.add(folder)
        sync(folder)

    monkeypatch.setattr(files, "sync_folder", note)
    with DataFolder.open(path / "deep") as folder:
        folder.texts.attach("id:article-01", b"text")
        assert {path.parent, path, path / "deep", path / "deep" / "journal", path / "deep" / "texts"} <= synced


# ------------------------------------------------------------------ one holder


def test_a_second_opening_is_told_who_holds_it_and_where_to_ask(path: Path) -> None:
    with DataFolder.open(path, "kgraph serve", "http://127.0.0.1:8000"), pytest.raises(FolderBusyError) as caught:
        DataFolder.open(path)
    assert str(caught.value) == (
        f"the folder {path} is held by `kgraph serve` (process {os.getpid()}) at http://127.0.0.1:8000: "
        "ask it with --url http://127.0.0.1:8000"
    )


def test_a_holder_without_an_address_is_waited_for(path: Path) -> None:
    with DataFolder.open(path, "kgraph load") as folder:
        with pytest.raises(FolderBusyError, match=r"`kgraph load` \(process \d+\): wait for it to end"):
            DataFolder.open(path)
        folder.announce("http://127.0.0.1:9")
        with pytest.raises(FolderBusyError, match=r"--url http://127\.0\.0\.1:9"):
            DataFolder.open(path)


@pytest.mark.parametrize("content", [None, "", "[]", '{"pid": 1}'])
def test_a_holder_that_cannot_be_told_is_still_a_holder(path: Path, content: str | None) -> None:
    with DataFolder.open(path):
        if content is None:
            (path / "holder.json").unlink()
        else:
            (path / "holder.json").write_text(content)
        with pytest.raises(FolderBusyError, match="held by another process"):
            DataFolder.open(path)


def test_another_process_is_kept_out_too(path: Path) -> None:
    code = "import sys; from kgraph.store.folder import DataFolder; DataFolder.open(sys.argv[1])"
    with DataFolder.open(path, "kgraph serve"):
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert "FolderBusyError" in done.stderr
    assert f"process {os.getpid()}" in done.stderr


def test_a_holder_file_of_a_dead_process_is_no_obstacle(filled: Path) -> None:
    (filled / "holder.json").write_text(
        json.dumps({"pid": 1, "command": "kgraph serve", "address": "http://127.0.0.1:8000"})
    )
    with DataFolder.open(filled) as folder:
        assert folder.generation == 2


def test_closing_lets_the_next_one_in_and_may_be_repeated(path: Path) -> None:
    folder = DataFolder.open(path)
    folder.close()
    folder.close()
    assert not (path / "holder.json").exists()
    DataFolder.open(path).close()


def test_an_opening_refused_for_damage_lets_the_folder_go(filled: Path) -> None:
    head = (filled / "journal" / "head").read_bytes()
    (filled / "journal" / "head").write_text("??")
    with pytest.raises(DamagedError):
        DataFolder.open(filled)
    (filled / "journal" / "head").write_bytes(head)
    with DataFolder.open(filled) as folder:
        assert folder.generation == 2


# ------------------------------------------------------------------ commits


def test_a_commit_is_in_the_journal_and_in_the_store(path: Path, adds: Adds) -> None:
    with DataFolder.open(path) as folder:
        commit = folder.commit(adds(1, 2), "Ann", "two")
        assert (commit.seq, folder.generation, folder.store.generation, folder.store.mark) == (1, 1, 1, commit.hash)
        assert numbers(folder) == {"1", "2"}
        assert failed(folder) == []


def test_literals_are_canonical_in_journal_and_store_alike(path: Path) -> None:
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    with DataFolder.open(path) as folder:
        folder.commit(Delta((Quad(A, A, Literal("1.0", datatype=decimal)),)), "", "")
        assert folder.journal.replay() == set(folder.store.quads()) == {Quad(A, A, Literal("1", datatype=decimal))}
        folder.commit(Delta(removed=(Quad(A, A, Literal("1.00", datatype=decimal)),)), "", "")
        assert len(folder.store) == 0
        assert failed(folder) == []


def test_blank_nodes_are_refused_before_anything_is_written(path: Path) -> None:
    with DataFolder.open(path) as folder:
        with pytest.raises(ValueError, match="skolemise"):
            folder.commit(Delta((Quad(BlankNode(), A, A),)), "", "")
        assert folder.generation == 0


def test_a_journal_that_cannot_be_written_leaves_everything_as_it_was(
    filled: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with DataFolder.open(filled) as folder:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(StorageFullError):
                folder.commit(adds(9), "", "")
        assert (folder.generation, numbers(folder), failed(folder)) == (2, {"2", "3"}, [])
        folder.commit(adds(9), "", "there is room again")
        assert (folder.generation, numbers(folder), failed(folder)) == (3, {"2", "3", "9"}, [])


def break_store(patched: pytest.MonkeyPatch, times: int) -> None:
    """The store fails to take a change that many times."""
    apply, left = OxigraphStore.apply, [times]

    def fail(self: OxigraphStore, *arguments: object) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise StorageFullError("no room left on the disk")
        apply(self, *arguments)  # type: ignore[arg-type]

    patched.setattr(OxigraphStore, "apply", fail)


@pytest.mark.parametrize("place", ["disk", "memory"])
def test_a_store_that_fails_once_is_reopened_and_catches_up(
    path: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with DataFolder.open(path) if place == "disk" else DataFolder.memory() as folder:
        folder.commit(adds(1), "", "")
        break_store(monkeypatch, 1)
        assert folder.commit(adds(2), "", "").seq == 2
        assert (numbers(folder), failed(folder)) == ({"1", "2"}, [])


def test_a_store_that_keeps_failing_lags_until_the_next_commit(
    path: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with DataFolder.open(path) as folder:
        folder.commit(adds(1), "", "")
        with monkeypatch.context() as patched:
            break_store(patched, 2)
            with pytest.raises(StorageError, match="commit 2 is safe in the journal, but the store lags"):
                folder.commit(adds(2), "", "")
            assert "generation" in failed(folder)
        folder.commit(adds(3), "", "")
        assert (numbers(folder), failed(folder)) == ({"1", "2", "3"}, [])


def test_a_store_that_fails_is_reopened_though_the_error_is_still_held(
    path: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [True]

    class Full:
        def __init__(self, engine: object) -> None:
            self.engine = engine

        @staticmethod
        def extend(_: object) -> None:
            raise OSError(28, "No space left on device")

        def __getattr__(self, name: str) -> object:
            return getattr(self.engine, name)

    opened = OxigraphStore._open_engine

    def once(self: OxigraphStore) -> object:
        return Full(opened(self)) if fails and fails.pop() else opened(self)

    with DataFolder.open(path) as folder:
        monkeypatch.setattr(OxigraphStore, "_open_engine", once)
        assert folder.commit(adds(1), "", "").seq == 1
        assert (numbers(folder), failed(folder), fails) == ({"1"}, [], [])


def test_a_generation_is_read_from_the_journal_while_the_store_holds_half_of_the_next(
    path: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise StorageFullError("no room left on the disk")

    with DataFolder.open(path) as folder:
        folder.commit(adds(1), "", "")
        with monkeypatch.context() as patched:
            patched.setattr(OxigraphStore, "flush", full)
            with pytest.raises(StorageFullError, match="commit 2 is safe in the journal"):
                folder.commit(adds(2), "", "")
        with folder.reading(1) as (_, quads):
            assert set(quads) == set(adds(1).added)
        with folder.reading() as (generation, quads):
            assert (generation, set(quads)) == (2, set(adds(1, 2).added))
        with pytest.raises(StorageError, match="half of its last change"):
            folder.store.snapshot(tmp_path / "snapshot")
        folder.commit(adds(3), "", "")
        assert (numbers(folder), failed(folder)) == ({"1", "2", "3"}, [])


def test_a_closed_folder_takes_nothing_and_stays_closed(path: Path, adds: Adds) -> None:
    folder = DataFolder.open(path)
    folder.close()
    with pytest.raises(StorageError, match="the folder is closed"):
        folder.commit(adds(1), "", "")
    DataFolder.open(path).close()


# ------------------------------------------------------------------ the store is derived


def test_a_deleted_store_is_rebuilt_with_the_same_content(filled: Path) -> None:
    with DataFolder.open(filled) as folder:
        before = set(folder.store.quads())
    shutil.rmtree(filled / "store")
    with DataFolder.open(filled) as folder:
        assert set(folder.store.quads()) == before
        assert failed(folder) == []
        assert folder.notices == ["the store was at 0 and is brought up to 2"]


def test_a_store_that_lags_is_brought_up(filled: Path, adds: Adds) -> None:
    shutil.copytree(filled / "store", filled.parent / "old")
    with DataFolder.open(filled) as folder:
        folder.commit(adds(7), "", "")
    shutil.rmtree(filled / "store")
    (filled.parent / "old").rename(filled / "store")
    with DataFolder.open(filled) as folder:
        assert numbers(folder) == {"2", "3", "7"}
        assert folder.notices == ["the store was at 2 and is brought up to 3"]


def test_a_damaged_store_is_moved_aside_and_rebuilt(filled: Path) -> None:
    (filled / "store" / "oxigraph" / "CURRENT").write_text("nonsense")
    with DataFolder.open(filled) as folder:
        assert numbers(folder) == {"2", "3"}
        assert failed(folder) == []
        assert "damaged" in folder.notices[0]
        assert any("store.damaged" in finding.detail for finding in folder.doctor())
    assert len(list(filled.glob("store.damaged-*"))) == 1


def test_a_store_of_another_journal_is_built_anew(filled: Path, tmp_path: Path, adds: Adds) -> None:
    with DataFolder.open(tmp_path / "other") as other:
        other.commit(adds(8), "", "")
        other.commit(adds(9), "", "")
    shutil.rmtree(filled / "store")
    shutil.copytree(tmp_path / "other" / "store", filled / "store")
    with DataFolder.open(filled) as folder:
        assert numbers(folder) == {"2", "3"}
        [notice] = folder.notices
        assert notice.startswith("the store did not belong to this journal: built anew; the old one is store.damaged-")
    assert len(list(filled.glob("store.damaged-*"))) == 1


def test_a_folder_whose_journal_is_gone_is_refused_and_left_as_it_is(filled: Path) -> None:
    shutil.move(filled / "journal", filled.parent / "journal")
    with pytest.raises(DamagedError, match=r"the journal of .* is gone"):
        DataFolder.open(filled)
    shutil.rmtree(filled / "journal", ignore_errors=True)
    shutil.move(filled.parent / "journal", filled / "journal")
    with DataFolder.open(filled) as folder:
        assert numbers(folder) == {"2", "3"}
        assert folder.notices == []


def test_a_store_ahead_of_the_journal_is_built_anew(filled: Path, adds: Adds) -> None:
    shutil.copytree(filled / "journal", filled.parent / "old")
    with DataFolder.open(filled) as folder:
        folder.commit(adds(7), "", "")
    shutil.rmtree(filled / "journal")
    (filled.parent / "old").rename(filled / "journal")
    with DataFolder.open(filled) as folder:
        assert (numbers(folder), folder.generation, failed(folder)) == ({"2", "3"}, 2, [])


def test_a_torn_journal_end_is_told(filled: Path) -> None:
    with (filled / "journal" / "log.jsonl").open("ab") as log:
        log.write(b'{"seq": 3')
    with DataFolder.open(filled) as folder:
        assert "commit 3 had not been acknowledged" in folder.notices[0]
        assert failed(folder) == []


def test_a_damaged_payload_is_refused_when_the_store_has_to_be_rebuilt(filled: Path) -> None:
    (filled / "journal" / "payloads" / "0000000001.nq.gz").write_bytes(b"rubbish")
    with DataFolder.open(filled) as folder:
        assert failed(folder) == ["journal payload", "store"]
    shutil.rmtree(filled / "store")
    with pytest.raises(DamagedError, match="commit 1"):
        DataFolder.open(filled)


# ------------------------------------------------------------------ claim tables and files of lines


def content(folder: DataFolder) -> set[Quad]:
    return set(folder.store.quads())


def test_the_claims_of_a_table_are_in_the_store_and_come_back_without_it(filled: Path, claim_table: Make) -> None:
    table = claim_table(4)
    quads = set(TableQuads(table).quads())
    with DataFolder.open(filled) as folder:
        before = content(folder)
        commit = folder.commit_table(table, "Ann", "a table")
        assert (commit.seq, commit.table, folder.store.generation) == (3, table.sha256, 3)
        assert content(folder) == before | quads
        assert failed(folder) == []
    shutil.rmtree(filled / "store")
    with DataFolder.open(filled) as folder:
        assert content(folder) == before | quads
        assert failed(folder) == []


def test_a_claim_of_a_table_can_be_retracted_like_any_other(filled: Path, claim_table: Make) -> None:
    table = claim_table(4)
    expand = table.namespaces.expand
    claim, status, graph = (
        NamedNode(iri) for iri in (table.claim_iri(1), expand("kg:status"), table.namespaces.graph("claims"))
    )
    was, now = (Quad(claim, status, NamedNode(expand(code)), graph) for code in ("kgs:current", "kgs:retracted"))
    with DataFolder.open(filled) as folder:
        folder.commit_table(table, "Ann", "a table")
        folder.commit(Delta((now,), (was,)), "Ann", "one is taken back")
        assert list(folder.store.quads(claim, status)) == [now]
        assert failed(folder) == []
    shutil.rmtree(filled / "store")
    with DataFolder.open(filled) as folder:
        assert list(folder.store.quads(claim, status)) == [now]


def test_a_table_in_memory_is_kept_too(claim_table: Make) -> None:
    with DataFolder.memory() as folder:
        folder.commit_table(claim_table(2), "Ann", "a table")
        assert content(folder) == folder.journal.replay()


def test_a_store_that_could_not_take_a_table_takes_it_at_the_next_opening(
    filled: Path, claim_table: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = claim_table(4)

    def full(*_: object) -> None:
        raise StorageFullError("no room left on the disk")

    with DataFolder.open(filled) as folder:
        with monkeypatch.context() as broken:
            broken.setattr(OxigraphStore, "load", full)
            broken.setattr(OxigraphStore, "apply", full)
            with pytest.raises(StorageFullError, match="commit 3 is safe in the journal"):
                folder.commit_table(table, "Ann", "a table")
        assert folder.generation == 3
    with DataFolder.open(filled) as folder:
        assert content(folder) > set(TableQuads(table).quads())


@pytest.mark.parametrize("bulk", [1, 1000], ids=["bulk load", "transaction"])
def test_a_file_of_lines_is_committed(filled: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch, bulk: int) -> None:
    monkeypatch.setattr(keeping, "BULK", bulk)
    with DataFolder.open(filled) as folder:
        with folder.scratch() as scratch:
            (scratch / "lines.nq").write_bytes(rdf.nquads(adds(7, 8).added))
            commit = folder.commit_lines(scratch / "lines.nq", 2, "Ann", "lines")
        assert (commit.seq, commit.added) == (3, 2)
        assert numbers(folder) == {"2", "3", "7", "8"}
        assert failed(folder) == []
        assert list(filled.glob("loading-*")) == []


def test_what_a_killed_load_left_in_the_folder_goes_at_opening(filled: Path) -> None:
    (filled / "loading-abc").mkdir()
    (filled / "loading-abc" / "lines.nq").write_text("left over")
    with DataFolder.open(filled) as folder:
        assert failed(folder) == []
    assert list(filled.glob("loading-*")) == []


# ------------------------------------------------------------------ doctor


def test_doctor_names_a_quad_that_is_missing_and_one_too_many(filled: Path, adds: Adds) -> None:
    with DataFolder.open(filled) as folder:
        mark = folder.store.mark
        folder.store.apply(Delta(removed=adds(2).added), 2, mark)
        (finding,) = [finding for finding in folder.doctor() if not finding.ok]
        assert (finding.check, "1 quads missing, 0 too many, such as <http://example.org/2>" in finding.detail) == (
            "store",
            True,
        )
        folder.store.apply(adds(2, 50), 2, mark)
        (finding,) = [finding for finding in folder.doctor() if not finding.ok]
        assert "0 quads missing, 1 too many, such as <http://example.org/50>" in finding.detail


def test_doctor_tells_a_store_that_cannot_be_read(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[Quad]:
        raise DamagedError("block checksum mismatch")

    with DataFolder.open(filled) as folder:
        monkeypatch.setattr(folder.store, "quads", broken)
        assert [finding.detail for finding in folder.doctor() if not finding.ok] == ["block checksum mismatch"]


# ------------------------------------------------------------------ memory


def test_a_folder_in_memory_does_the_same_and_leaves_nothing(tmp_path: Path, adds: Adds) -> None:
    with DataFolder.memory() as folder:
        folder.announce("http://127.0.0.1:1")
        folder.commit(adds(1, 2), "", "")
        folder.commit(adds(removing=(1,)), "", "")
        assert (folder.path, folder.generation, numbers(folder), failed(folder)) == (None, 2, {"2"}, [])
        assert len(folder.secret) == 32
        assert isinstance(folder.journal, Journal)
    assert list(tmp_path.iterdir()) == []
