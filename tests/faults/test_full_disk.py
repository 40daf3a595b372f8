"""A disk that is really full: a small tmpfs of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

import kgraph
from kgraph.errors import StorageFullError
from kgraph.graph import KnowledgeGraph
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")

# Bytes left on the disk: all of these by `make soak`, every second one otherwise.
LEAVING = [0, 20_000, 60_000, 200_000, 500_000][:: 1 if "KGRAPH_KILLS" in os.environ else 2]


def numbered(*numbers: int) -> Delta:
    a = NamedNode("urn:a")
    return Delta(tuple(Quad(a, a, Literal(f"value {number}"), a) for number in numbers))


class Disk:
    """A mounted tmpfs that can be filled and made larger."""

    def __init__(self, path: Path) -> None:
        self.path = path
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(path)], check=False)
        if done.returncode:
            pytest.skip("mounting a tmpfs is not allowed here")

    def fill(self, leaving: int) -> None:
        filler = self.path / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        os.truncate(filler, max(filler.stat().st_size - leaving, 0))

    def make_room(self) -> None:
        (self.path / "filler").unlink()
        subprocess.run(["mount", "-o", "remount,size=200m", str(self.path)], check=True)

    def gone(self) -> None:
        subprocess.run(["umount", "-l", str(self.path)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = Disk(place)
    yield mounted
    mounted.gone()


def large(folder: Path, name: str = "large") -> Path:
    file = folder / f"{name}.nt"
    file.write_text("".join(f'<urn:{name}:{n}> <urn:p> "v{n}" .\n' for n in range(20_000)))
    return file


@pytest.mark.parametrize("leaving", [250_000, 400_000])
def test_a_store_without_room_is_told_read_on_and_written_again_without_a_restart(
    disk: Disk, tmp_path: Path, seeded_folder: Path, leaving: int
) -> None:
    data = shutil.copytree(seeded_folder, disk.path / "data")
    with kgraph.open(data, settings=Settings(data=data)) as graph:
        assert graph.sparql("ASK {}").generation == 2
        disk.fill(leaving)
        with pytest.raises(StorageFullError, match="commit 3 is safe in the journal, but the store lags"):
            graph.load(large(tmp_path))
        assert graph.generation == [*graph.log()][-1].seq == 3
        assert b"<urn:large:7>" in b"".join(graph.export("nquads"))
        assert graph.entity("ioc").id == "id:ioc"
        assert graph.sparql("ASK {}").generation == 2
        assert {f.check for f in graph.doctor() if not f.ok} == {"generation", "store"}
        assert graph.void()
        with pytest.raises(StorageFullError, match="nothing new is written, because the store lags behind commit 3"):
            graph.load(large(tmp_path, "more"))
        assert graph.generation == 3
        disk.make_room()
        assert not graph.load(large(tmp_path)).committed
        assert graph.load(large(tmp_path, "more")).generation == 4
        assert graph.sparql("ASK { <urn:more:7> ?p ?o }").generation == 4
        assert all(f.ok for f in graph.doctor())


def test_a_commit_the_journal_has_no_room_for_is_not_made(disk: Disk, tmp_path: Path) -> None:
    data = disk.path / "data"
    with kgraph.open(data, settings=Settings(data=data)) as graph:
        disk.fill(8_192)
        with pytest.raises(StorageFullError, match="commit 2 was not written"):
            graph.load(large(tmp_path))
        assert graph.generation == 1
        disk.make_room()
        assert graph.load(large(tmp_path)).generation == 2
        assert all(f.ok for f in graph.doctor())


@pytest.mark.parametrize("leaving", LEAVING)
def test_a_first_opening_without_room_is_told_and_repeated_when_there_is_some(
    disk: Disk, tmp_path: Path, leaving: int
) -> None:
    data = disk.path / "data"
    few = tmp_path / "few.nt"
    few.write_text('<urn:a> <urn:p> "v" .\n')
    disk.fill(leaving)
    with pytest.raises(StorageFullError):
        KnowledgeGraph.open(data)
    disk.make_room()
    with KnowledgeGraph.open(data) as graph:
        assert graph.load(few).generation == 2
        assert all(f.ok for f in graph.doctor())


def test_a_first_load_without_room_counts_once_and_only_where_it_says_so(disk: Disk) -> None:
    with DataFolder.open(disk.path / "data") as folder:
        disk.fill(400_000)
        with pytest.raises(StorageFullError, match="commit 1 is safe in the journal"):
            folder.commit(numbered(*range(20_000)), "", "")
        with folder.reading() as (generation, quads):
            assert (generation, len(set(quads))) == (1, 20_000)
        disk.make_room()
        assert folder.commit(numbered(-1), "", "").seq == 2
        assert all(finding.ok for finding in folder.doctor())


def test_a_service_without_room_answers_507_reads_on_and_exports_again_without_a_restart(
    disk: Disk, serve: Callable[..., str], seeded_folder: Path
) -> None:
    shutil.copytree(seeded_folder, disk.path / "data")
    url = serve(disk.path / "data")
    with httpx2.Client(base_url=url, timeout=30) as client:
        whole = client.get("/export.ttl")
        assert whole.status_code == 200
        disk.fill(4_096)
        full = client.get("/export.nq")
        assert (full.status_code, full.json()["type"].rpartition("/")[2]) == (507, "storage-full")
        assert client.get("/neighbourhood?entity=ioc").status_code == 200
        assert client.get("/search?q=IATP").status_code == 200
        disk.make_room()
        assert client.get("/export.ttl").content == whole.content
        assert int(whole.headers["content-length"]) == len(whole.content)
    assert not list((disk.path / "data").glob("loading-*"))


def test_a_backup_and_a_redaction_without_room_leave_everything_as_it_was(disk: Disk, tmp_path: Path) -> None:
    data = disk.path / "data"
    with kgraph.open(data, settings=Settings(data=data)) as graph:
        graph.load(large(tmp_path))
        before = b"".join(graph.export("nquads"))
        disk.fill(0)
        with pytest.raises(StorageFullError, match=r"no backup was made|does not open"):
            graph.backup(disk.path / "kept")
        assert not list(disk.path.glob("*kept*"))
        with pytest.raises(StorageFullError):
            graph.redact(2, reason="libel")
        assert (graph.generation, graph.redaction(2)) == (2, None)
        disk.make_room()
        assert b"".join(graph.export("nquads")) == before
        graph.redact(2, reason="libel")
        assert b"urn:large" not in b"".join(graph.export("nquads"))
        assert all(f.ok for f in graph.doctor())
        assert graph.backup(disk.path / "kept").generation == graph.generation
