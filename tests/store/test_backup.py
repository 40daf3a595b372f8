"""kgraph.store.backup: whole and verified or not there, also while the folder is written; restored as it was."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.errors import DamagedError, StorageError, StorageFullError
from kgraph.store import backup, files
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.folder import DataFolder

Adds = Callable[..., Delta]
Make = Callable[..., ClaimTable]
BASE = "https://w3id.org/kgraph/"


@pytest.fixture
def data(tmp_path: Path, adds: Adds, claim_table: Make) -> Path:
    """A closed folder of three commits and a text."""
    path = tmp_path / "data"
    with DataFolder.open(path, base=BASE) as folder:
        folder.commit(adds(1, 2), "Ann", "two")
        folder.commit(adds(3, removing=(1,)), "Bob", "one for one")
        folder.commit_table(claim_table(4), "Ann", "a table")
        folder.texts.attach("https://example.org/article", b"a text")
    (path / "keys.json").write_text("{}")
    return path


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def files_of(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_a_restored_folder_says_what_the_folder_said(data: Path, tmp_path: Path) -> None:
    report = backup.write(data, tmp_path / "kept")
    assert (report.generation, report.place, report.files) == (3, str(tmp_path / "kept"), 8)
    again = backup.restore(tmp_path / "kept", tmp_path / "again")
    assert (again.generation, again.made, again.bytes) == (3, report.made, report.bytes)
    with DataFolder.open(data) as before, DataFolder.open(tmp_path / "again", base=BASE) as folder:
        assert set(folder.store.quads()) == set(before.store.quads())
        assert list(folder.journal.commits()) == list(before.journal.commits())
        assert all(finding.ok for finding in folder.doctor())
        assert folder.texts.get("https://example.org/article") == b"a text"
        assert folder.secret != before.secret
    assert (tmp_path / "again" / "base").read_text() == f"{BASE}\n"


def test_it_holds_no_secret_and_nothing_that_can_be_made_again(data: Path, tmp_path: Path) -> None:
    backup.write(data, tmp_path / "kept")
    assert files_of(tmp_path / "kept") == [
        "base",
        "format",
        "journal/head",
        "journal/log.jsonl",
        "journal/payloads/0000000001.nq.gz",
        "journal/payloads/0000000002.nq.gz",
        "journal/payloads/0000000003.table",
        "manifest.json",
        "texts/https%3A%2F%2Fexample%2Eorg%2Farticle.txt",
    ]
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert next((tmp_path / "kept" / "texts").iterdir()).stat().st_mode & 0o777 == 0o600


def test_a_backup_made_while_commits_come_is_one_of_their_generations(data: Path, tmp_path: Path, adds: Adds) -> None:
    over = threading.Event()
    with DataFolder.open(data) as folder:

        def write() -> None:
            number = 100
            while not over.is_set():
                folder.commit(adds(number), "Ann", "more")
                number += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            reports = [backup.write(data, tmp_path / f"kept-{n}") for n in range(5)]
        finally:
            over.set()
            writer.join()
        for n, report in enumerate(reports):
            backup.restore(tmp_path / f"kept-{n}", tmp_path / f"again-{n}")
            with DataFolder.open(tmp_path / f"again-{n}") as again:
                assert again.generation == report.generation
                assert set(again.store.quads()) == folder.journal.replay(report.generation)
    assert reports[-1].generation > 3


def test_what_was_not_acknowledged_is_not_in_it(data: Path, tmp_path: Path) -> None:
    with (data / "journal" / "log.jsonl").open("ab") as log:
        log.write(b'{"torn')
    assert backup.write(data, tmp_path / "kept").generation == 3
    assert (tmp_path / "kept" / "journal" / "log.jsonl").read_bytes().count(b"\n") == 3


@pytest.mark.parametrize("what", ["a file", "a folder with something in it"])
def test_a_place_that_is_taken_is_left_alone(data: Path, tmp_path: Path, what: str) -> None:
    place = tmp_path / "kept"
    if what == "a file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "mine").write_text("mine")
    with pytest.raises(StorageError, match="is there already; give a new or empty folder"):
        backup.write(data, place)
    backup.write(data, tmp_path / "good")
    with pytest.raises(StorageError, match="is there already; give a new or empty folder"):
        backup.restore(tmp_path / "good", place)
    assert files_of(tmp_path).count("kept" if what == "a file" else "kept/mine") == 1


def test_an_empty_folder_may_be_the_place(data: Path, tmp_path: Path) -> None:
    for name in ("kept", "again"):
        (tmp_path / name).mkdir()
    backup.write(data, tmp_path / "kept")
    assert backup.restore(tmp_path / "kept", tmp_path / "again").generation == 3


def test_a_folder_without_a_graph_is_no_backup_and_has_none(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="holds no graph to back up"):
        backup.write(tmp_path / "nothing", tmp_path / "kept")
    with pytest.raises(StorageError, match="holds no backup"):
        backup.restore(tmp_path / "nothing", tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["journal/log.jsonl", "journal/head", "journal/payloads/0000000002.nq.gz", "journal/payloads/0000000003.table"],
)
def test_a_damaged_folder_gives_no_backup(data: Path, tmp_path: Path, name: str) -> None:
    content = (data / name).read_bytes()
    (data / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedError):
        backup.write(data, tmp_path / "kept")
    (data / name).unlink()
    if name != "journal/head":
        with pytest.raises(StorageError):
            backup.write(data, tmp_path / "kept")
    assert [entry.name for entry in tmp_path.iterdir()] == ["data"]


def test_any_changed_file_of_a_backup_is_named_and_nothing_is_restored(data: Path, tmp_path: Path) -> None:
    backup.write(data, tmp_path / "good")
    for name in files_of(tmp_path / "good"):
        for change in (flip, lambda file: file.write_bytes(file.read_bytes()[:-1]), Path.unlink):
            shutil.rmtree(tmp_path / "kept", ignore_errors=True)
            shutil.copytree(tmp_path / "good", tmp_path / "kept")
            change(tmp_path / "kept" / name)
            try:
                report = backup.restore(tmp_path / "kept", tmp_path / "again")
            except StorageError as error:
                assert name == "manifest.json" or name in str(error) or "No such file" in str(error)  # noqa: PT017
            else:  # a flipped bit in the manifest's date or spaces says nothing about a file
                assert (name, report.generation) == ("manifest.json", 3)
                shutil.rmtree(tmp_path / "again")
            assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data", "good", "kept"]


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "journal/payloads/../../outside", "secret"])
def test_a_manifest_that_reaches_outside_is_refused(data: Path, tmp_path: Path, name: str) -> None:
    backup.write(data, tmp_path / "kept")
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    manifest["files"][name] = {"size": 0, "sha256": "0" * 64}
    (tmp_path / "kept" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(DamagedError, match="which is of no backup"):
        backup.restore(tmp_path / "kept", tmp_path / "again")


def test_a_backup_of_a_newer_kgraph_is_told(data: Path, tmp_path: Path) -> None:
    backup.write(data, tmp_path / "kept")
    manifest = json.loads((tmp_path / "kept" / "manifest.json").read_text())
    (tmp_path / "kept" / "manifest.json").write_text(json.dumps({**manifest, "format": 2}))
    with pytest.raises(StorageError, match="use a newer kgraph"):
        backup.restore(tmp_path / "kept", tmp_path / "again")


@pytest.mark.parametrize("step", ["replace", "sync_folder"])
@pytest.mark.parametrize(("number", "kind"), [(28, StorageFullError), (5, StorageError)])
def test_a_disk_that_refuses_leaves_no_half_of_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, kind: type[StorageError]
) -> None:
    backup.write(data, tmp_path / "good")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files, step, fail)
    with pytest.raises(StorageError, match=r"no backup was made|does not open") as caught:
        backup.write(data, tmp_path / "kept")
    assert type(caught.value) is kind
    if step == "sync_folder":
        with pytest.raises(StorageError, match=r"nothing was restored|does not open"):
            backup.restore(tmp_path / "good", tmp_path / "again")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["data", "good"]
