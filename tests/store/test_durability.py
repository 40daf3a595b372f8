"""Without waiting for the disk: nothing is synced, the end of the process loses nothing, a power cut is told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kgraph
from kgraph import rdf
from kgraph.errors import DamagedError
from kgraph.settings import Settings
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder
from kgraph.store.journal import Journal

Adds = Callable[..., Delta]


@pytest.fixture
def path(tmp_path: Path, adds: Adds) -> Path:
    """A closed folder of two commits that are on the disk."""
    with DataFolder.open(tmp_path / "data") as folder:
        folder.commit(adds(1), "Ann", "one")
        folder.commit(adds(2), "Ann", "two")
    return tmp_path / "data"


COMMITS = """
import os, signal, sys
from kgraph import formats, rdf
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder

folder = DataFolder.open(sys.argv[1], sync=False)
for number, line in enumerate(sys.stdin.buffer.read().splitlines(), 3):
    folder.commit(Delta(tuple(rdf.parse(line, formats.NQUADS, file="given"))), "Ann", str(number))
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(path: Path, adds: Adds, place: Path) -> Path:
    """What a process leaves that is killed after three fast commits. (A copy of an open folder would not be that: the
    engine moves its files at any time.)"""
    (lines,) = zip(*(rdf.nquads(adds(n).added).splitlines() for n in (3, 4, 5)), strict=True)
    ended = subprocess.run([sys.executable, "-c", COMMITS, path], input=b"\n".join(lines))
    assert ended.returncode == -signal.SIGKILL
    shutil.copytree(path, place)
    (place / "holder.json").unlink()
    return place


def failed(folder: DataFolder) -> list[str]:
    return [finding.detail for finding in folder.doctor() if not finding.ok]


def test_a_fast_commit_waits_for_no_disk(path: Path, adds: Adds, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[object] = []
    with DataFolder.open(path, sync=False) as folder:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", synced.append)
            folder.commit(adds(3), "Ann", "three")
        assert synced == []
        assert (folder.generation, len(folder.store), failed(folder)) == (3, 3, [])
    with DataFolder.open(path) as folder:
        assert (folder.generation, folder.notices, failed(folder)) == (3, [], [])


def test_the_setting_opens_the_folder_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KGRAPH_DURABILITY", "fast")
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")):
        assert len((tmp_path / "data" / "journal" / "head").read_text().split()) == 4
    assert len((tmp_path / "data" / "journal" / "head").read_text().split()) == 2


def test_a_kill_loses_nothing(path: Path, adds: Adds, tmp_path: Path) -> None:
    left = killed(path, adds, tmp_path / "left")
    assert (left / "journal" / "head").read_text().split()[0::2] == ["5", "2"]
    with DataFolder.open(left) as folder:
        assert (folder.generation, set(folder.store.quads())) == (5, set(adds(1, 2, 3, 4, 5).added))
        assert failed(folder) == []
    assert len((left / "journal" / "head").read_text().split()) == 2


@pytest.mark.parametrize("torn", ["log", "payload in the middle", "payload at the end", "log and payloads"])
def test_a_power_cut_takes_the_last_commits_and_is_told(path: Path, adds: Adds, tmp_path: Path, torn: str) -> None:
    left = killed(path, adds, tmp_path / "left")
    log, payloads = left / "journal" / "log.jsonl", left / "journal" / "payloads"
    if "log" in torn:
        lines = log.read_bytes().splitlines(keepends=True)
        log.write_bytes(b"".join(lines[:4]) + lines[4][:20])
    if "middle" in torn:
        (payloads / "0000000004.nq.gz").write_bytes(b"")
    if "end" in torn:
        (payloads / "0000000005.nq.gz").unlink()
    if "payloads" in torn:
        (payloads / "0000000003.nq.gz").write_bytes(bytes(50))
    expected = {"log": 4, "payload in the middle": 3, "payload at the end": 4, "log and payloads": 2}[torn]
    with DataFolder.open(left) as folder:
        assert folder.generation == expected
        assert "was not whole: cut off" in folder.notices[0]
        assert f"{5 - expected} acknowledged without waiting for the disk are lost" in folder.notices[1]
        assert set(folder.store.quads()) == set(adds(*range(1, expected + 1)).added)
        assert failed(folder) == []
        folder.commit(adds(9), "Ann", "goes on")
    with DataFolder.open(left) as folder:
        assert (folder.generation, failed(folder)) == (expected + 1, [])


def test_damage_to_what_was_on_the_disk_is_refused_all_the_same(path: Path, adds: Adds, tmp_path: Path) -> None:
    left = killed(path, adds, tmp_path / "left")
    lines = (left / "journal" / "log.jsonl").read_bytes().splitlines(keepends=True)
    (left / "journal" / "log.jsonl").write_bytes(b"".join(lines[:1]))
    with pytest.raises(DamagedError, match="commit 2 was acknowledged, but the log ends at 1"):
        DataFolder.open(left)
    (left / "journal" / "log.jsonl").write_bytes(lines[0] + lines[1].replace(b"Ann", b"Eve") + b"".join(lines[2:]))
    with pytest.raises(DamagedError, match="commit 2"):
        DataFolder.open(left)


def test_a_torn_line_in_the_middle_is_not_taken_for_the_end_of_a_journal_on_the_disk(path: Path) -> None:
    log = path / "journal" / "log.jsonl"
    first = json.loads(log.read_bytes().splitlines()[0])
    log.write_bytes(log.read_bytes().replace(first["digest"].encode(), b"0" * 64, 1))
    with pytest.raises(DamagedError, match="commit 1"):
        Journal.open(path / "journal")


def test_commits_that_left_no_trace_in_the_log_are_told_too(path: Path, adds: Adds, tmp_path: Path) -> None:
    left = killed(path, adds, tmp_path / "left")
    log = left / "journal" / "log.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:3]))
    with DataFolder.open(left) as folder:
        assert set(folder.store.quads()) == set(adds(1, 2, 3).added)
        assert "2 acknowledged without waiting for the disk are lost" in folder.notices[0]
        assert failed(folder) == []
