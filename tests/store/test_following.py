"""A journal that another process writes: what was acknowledged is seen and nothing else; nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.errors import DamagedError, StorageError
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.following import FollowedJournal
from kgraph.store.journal import Journal

A, B, C, G = (NamedNode(f"http://example.org/{name}") for name in "abcg")
ONE, TWO = Quad(A, B, C, G), Quad(C, B, A, G)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    written = Journal.open(tmp_path / "journal")
    written.append(Delta(added=(ONE,)), author="me", message="one")
    return written


def files(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_what_is_acknowledged_is_seen(journal: Journal, tmp_path: Path) -> None:
    followed = FollowedJournal(tmp_path / "journal")
    assert (followed.generation, followed.replay()) == (1, {ONE})
    assert not followed.refresh()
    for quad in (TWO, Quad(C, B, C, G)):
        journal.append(Delta(added=(quad,)), author="me", message="more")
    assert followed.refresh()
    assert (followed.generation, followed.mark(3)) == (3, journal.mark(3))
    assert followed.replay() == journal.replay()
    assert all(finding.ok for finding in followed.verify())


def test_a_commit_on_its_way_is_not_seen_and_nothing_is_mended(journal: Journal, tmp_path: Path) -> None:
    followed, folder = FollowedJournal(tmp_path / "journal"), tmp_path / "journal"
    head = (folder / "head").read_bytes()
    journal.append(Delta(added=(TWO,)), author="me", message="two")
    (folder / "head").write_bytes(head)
    with (folder / "log.jsonl").open("ab") as log:
        log.write(b'{"half": ')
    before = files(folder)
    assert not followed.refresh()
    assert FollowedJournal(folder).generation == 1
    assert files(folder) == before


def test_a_redaction_is_followed(journal: Journal, tmp_path: Path) -> None:
    followed = FollowedJournal(tmp_path / "journal")
    journal.redact([1], author="me", message="why")
    followed.refresh()
    assert followed.replay() == set()
    assert followed.redaction(1) is not None


def test_a_journal_that_was_replaced_is_told(journal: Journal, tmp_path: Path) -> None:
    journal.append(Delta(added=(TWO,)), author="me", message="two")
    followed = FollowedJournal(tmp_path / "journal")
    other = Journal.open(tmp_path / "other")
    other.append(Delta(added=(ONE,)), author="you", message="one")
    (tmp_path / "journal").rename(tmp_path / "old")
    (tmp_path / "other").rename(tmp_path / "journal")
    with pytest.raises(DamagedError, match="replaced"):
        followed.refresh()
    Journal.open(tmp_path / "journal").append(Delta(added=(TWO,)), author="you", message="two")
    with pytest.raises(DamagedError, match="not the one"):
        followed.refresh()


def test_a_followed_journal_takes_no_commit(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        FollowedJournal(tmp_path / "journal").append(Delta(added=(TWO,)), author="me", message="two")
    assert journal.generation == 1
