"""Redaction in a folder: what was erased is nowhere, the chain holds, generations keep their numbers."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgraph.errors import ParameterError, StorageError
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store import backup, redaction
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.folder import DataFolder
from kgraph.store.journal import Journal

Adds = Callable[..., Delta]
Make = Callable[..., ClaimTable]
A, P, G = (NamedNode(f"http://example.org/{name}") for name in ("a", "p", "graph"))
SECRET = "Zaphod Unnameable"


def said(text: str) -> Quad:
    return Quad(A, P, Literal(text), G)


def unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes of a file, and what they are when they are unpacked."""
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    if content.startswith(b"PK"):
        import pyarrow.parquet as pq

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                part = archive.read(name)
                yield part if name.endswith(".json") else str(pq.read_table(io.BytesIO(part)).to_pylist()).encode()


def traces(folder: Path, text: str) -> list[str]:
    """The files of a folder in which a text is found."""
    wanted = text.encode()
    found = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [
        file.relative_to(folder).as_posix() for file in found if any(wanted in b for b in unpacked(file.read_bytes()))
    ]


@pytest.fixture
def path(tmp_path: Path, adds: Adds) -> Path:
    """A closed folder: two commits, one that must go, one after it."""
    path = tmp_path / "data"
    with DataFolder.open(path) as folder:
        folder.commit(adds(1, 2), "Ann", "two")
        folder.commit(Delta((said(SECRET), said("also elsewhere")), adds(2).added), "Bob", "one that must go")
        folder.commit(Delta((said("later"),)), "Ann", "later")
    return path


def failed(folder: DataFolder) -> list[str]:
    return [finding.detail for finding in folder.doctor() if not finding.ok]


def test_what_was_redacted_is_in_no_file_and_at_no_generation(path: Path, adds: Adds) -> None:
    assert traces(path, SECRET)
    with DataFolder.open(path) as folder:
        commit = folder.redact([2], "Eve", "libel")
        assert (commit.seq, commit.redacts, commit.author, commit.message) == (4, (2,), "Eve", "libel")
        expected = {*adds(1, 2).added, said("later")}
        assert set(folder.store.quads()) == expected
        with folder.reading(2) as (_, quads):
            assert set(quads) == set(adds(1, 2).added)
        with folder.reading(3) as (_, quads):
            assert set(quads) == expected
        assert failed(folder) == []
    assert traces(path, SECRET) == []
    with DataFolder.open(path) as folder:
        assert (folder.generation, set(folder.store.quads()), folder.notices) == (4, expected, [])
        assert "1 are redacted" in " ".join(finding.detail for finding in folder.doctor())


def test_the_tombstone_is_a_commit_in_the_chain(path: Path) -> None:
    before = list(Journal.open(path / "journal").commits())
    with DataFolder.open(path) as folder:
        folder.redact([2], "Eve", "libel")
    journal = Journal.open(path / "journal")
    *others, last = journal.commits()
    assert others == before
    assert last.previous == before[-1].hash
    assert journal.redaction(2) == last
    assert [journal.redaction(seq) for seq in (1, 3, 4)] == [None] * 3
    assert all(finding.ok for finding in journal.verify())


def test_what_other_commits_add_too_stays_and_what_was_removed_is_there_again(path: Path, adds: Adds) -> None:
    with DataFolder.open(path) as folder:
        folder.commit(Delta((said("also elsewhere"),)), "Ann", "says it too, though it was there")
        folder.redact([2], "Eve", "libel")
        assert set(folder.store.quads()) == {*adds(1, 2).added, said("later"), said("also elsewhere")}


def test_what_was_dropped_is_there_again(path: Path, adds: Adds) -> None:
    with DataFolder.open(path) as folder:
        dropped = folder.commit(Delta((said("new"),), dropped=(G,)), "Ann", "all anew")
        folder.redact([2, dropped.seq], "Eve", "libel")
        assert set(folder.store.quads()) == {*adds(1, 2).added, said("later")}
        assert failed(folder) == []


def test_a_claim_table_is_redacted_and_can_be_committed_again(path: Path, claim_table: Make, adds: Adds) -> None:
    table = claim_table(5, label=SECRET)
    with DataFolder.open(path) as folder:
        commit = folder.commit_table(table, "Ann", "a table")
        assert "journal/payloads/0000000004.table" in traces(path, SECRET)
        folder.redact([2, commit.seq], "Eve", "libel")
        assert folder.journal.table(commit.seq) is None
        assert list(folder.journal.lines(commit.seq)) == []
        assert set(folder.store.quads()) == {*adds(1, 2).added, said("later")}
        assert failed(folder) == []
    assert traces(path, SECRET) == []
    with DataFolder.open(path) as folder:
        folder.commit_table(table, "Ann", "again")
        assert failed(folder) == []


@pytest.mark.parametrize(("seqs", "why"), [([9], "no such commit"), ([0], "no such commit"), ([], "at least one")])
def test_a_commit_that_is_not_there_cannot_be_redacted(path: Path, seqs: list[int], why: str) -> None:
    with DataFolder.open(path) as folder:
        with pytest.raises(ParameterError, match=why):
            folder.redact(seqs, "Eve", "libel")
        assert folder.generation == 3


def test_a_redaction_is_made_once_and_stays(path: Path) -> None:
    with DataFolder.open(path) as folder:
        folder.redact([2], "Eve", "libel")
        with pytest.raises(ParameterError, match="redacted already, by commit 4"):
            folder.redact([2], "Eve", "again")
        with pytest.raises(ParameterError, match="a redaction itself"):
            folder.redact([4], "Eve", "hide it")
        assert folder.generation == 4


def test_a_folder_in_memory_redacts_too(adds: Adds) -> None:
    with DataFolder.memory() as folder:
        folder.commit(adds(1), "", "")
        folder.commit(Delta((said(SECRET),)), "", "")
        folder.redact([2], "Eve", "libel")
        assert set(folder.store.quads()) == set(adds(1).added)
        assert failed(folder) == []


def test_stores_set_aside_files_on_their_way_and_the_index_go_too(path: Path) -> None:
    for name in ("store.damaged-20261126T000000000000", "index", "loading-x"):
        (path / name).mkdir()
        (path / name / "file").write_text(SECRET)
    with DataFolder.open(path) as folder:
        folder.redact([2], "Eve", "libel")
    assert traces(path, SECRET) == []


def test_texts_of_sources_nothing_is_said_of_any_more_go_too(path: Path) -> None:
    with DataFolder.open(path) as folder:
        folder.commit(Delta((Quad(P, P, Literal("a source"), G),)), "Ann", "a source")
        folder.texts.attach(A.value, f"text of {SECRET}".encode())
        folder.texts.attach(P.value, b"another text")
        folder.redact([2, 3], "Eve", "endangered")
        assert folder.texts.get(A.value) is None
        assert folder.texts.get(P.value) == b"another text"
    assert traces(path, SECRET) == []


# ------------------------------------------------------------------ ended in the middle


class KilledError(BaseException):
    """As good as kill -9: nothing catches it."""


@pytest.mark.parametrize("step", ["journal erases", "derived erased", "derived half erased", "first replay", "texts"])
def test_a_redaction_that_was_killed_is_finished_at_the_next_opening(
    path: Path, adds: Adds, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with DataFolder.open(path) as folder:

        def die(*_: object, **__: object) -> None:
            if folder.journal.ends_in_redaction:
                raise KilledError

        folder.texts.attach("http://example.org/gone", SECRET.encode())
        monkeypatch_at = {
            "journal erases": (Journal, "_erase"),
            "derived erased": (redaction, "erase_derived"),
            "derived half erased": (redaction.shutil, "rmtree"),
            "first replay": (DataFolder, "_apply"),
            "texts": (redaction, "erase_texts"),
        }
        with monkeypatch.context() as patched:
            patched.setattr(*monkeypatch_at[step], die)
            with pytest.raises(KilledError):
                folder.redact([2], "Eve", "libel")
    with DataFolder.open(path) as folder:
        assert folder.generation == 4
        assert set(folder.store.quads()) == {*adds(1, 2).added, said("later")}
        assert failed(folder) == []
        assert folder.texts.get("http://example.org/gone") is None
    assert traces(path, SECRET) == []


def test_a_redaction_that_never_reached_the_log_changed_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with DataFolder.open(path) as folder:
        before = set(folder.store.quads())
        with monkeypatch.context() as patched:
            patched.setattr("os.fsync", full)
            with pytest.raises(StorageError, match="commit 4 was not written"):
                folder.redact([2], "Eve", "libel")
        assert (folder.generation, set(folder.store.quads()), failed(folder)) == (3, before, [])


def test_a_payload_that_is_there_though_redacted_is_told(path: Path) -> None:
    kept = (path / "journal" / "payloads" / "0000000002.nq.gz").read_bytes()
    with DataFolder.open(path) as folder:
        folder.redact([2], "Eve", "libel")
        (path / "journal" / "payloads" / "0000000002.nq.gz").write_bytes(kept)
        assert "the payload of commit 2 is there, though it is redacted" in failed(folder)
    with DataFolder.open(path) as folder:
        assert failed(folder) == []
    assert traces(path, SECRET) == []


def test_a_backup_made_afterwards_knows_the_redaction(path: Path, tmp_path: Path) -> None:
    with DataFolder.open(path) as folder:
        folder.redact([2], "Eve", "libel")
    backup.write(path, tmp_path / "kept")
    backup.restore(tmp_path / "kept", tmp_path / "again")
    with DataFolder.open(path) as folder, DataFolder.open(tmp_path / "again") as again:
        assert set(again.store.quads()) == set(folder.store.quads())
        assert again.journal.redaction(2) == folder.journal.redaction(2)
        assert failed(again) == []
    assert traces(tmp_path / "kept", SECRET) == traces(tmp_path / "again", SECRET) == []
