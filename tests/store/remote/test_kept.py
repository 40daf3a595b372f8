"""A data folder whose quads another server keeps: what is compared at opening, and what heals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgraph.errors import DamagedError, RemoteStoreError
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder
from kgraph.store.remote.store import RemoteStore

A, B, C, G = (NamedNode(f"http://example.org/{name}") for name in "abcg")
ONE, TWO = Quad(A, B, C, G), Quad(C, B, A, G)


@pytest.fixture
def remote(oxigraph_server: object) -> Iterator[Callable[[], RemoteStore]]:
    """Connect to a server that is empty at first."""
    opened: list[RemoteStore] = []

    def connect() -> RemoteStore:
        opened.append(RemoteStore.open(oxigraph_server.store))  # type: ignore[attr-defined]
        return opened[-1]

    connect().clear()
    yield connect
    for store in opened:
        store.close()


def test_commits_are_journaled_here_and_kept_there(tmp_path: Path, remote: Callable[[], RemoteStore]) -> None:
    with DataFolder.open(tmp_path / "data", store=remote()) as folder:
        folder.commit(Delta(added=(ONE,)), "me", "one")
        assert all(finding.ok for finding in folder.doctor())
    assert not (tmp_path / "data" / "store").exists()
    assert set(remote().quads()) == {ONE}


def test_a_server_that_lags_behind_is_brought_up_at_opening(tmp_path: Path, remote: Callable[[], RemoteStore]) -> None:
    with DataFolder.open(tmp_path / "data") as folder:  # a folder that had its own store until now
        folder.commit(Delta(added=(ONE,)), "me", "one")
        folder.commit(Delta(added=(TWO,), removed=(ONE,)), "me", "two")
    with DataFolder.open(tmp_path / "data", store=remote()) as folder:
        assert folder.notices == ["the store was at 0 and is brought up to 2"]
    assert set(remote().quads()) == {TWO}


def test_half_a_change_on_the_server_is_made_whole(tmp_path: Path, remote: Callable[[], RemoteStore]) -> None:
    with DataFolder.open(tmp_path / "data", store=remote()) as folder:
        folder.commit(Delta(added=(ONE,)), "me", "one")
        commit = folder.journal.append(Delta(added=(TWO,)), author="me", message="killed after this")
        store = remote()
        list(map(store.server.update, [[each] for each in store._writer._begun(())]))
        assert not remote().exact
    with DataFolder.open(tmp_path / "data", store=remote()) as folder:
        assert (folder.store.generation, folder.store.exact) == (commit.seq, True)
    assert set(remote().quads()) == {ONE, TWO}


def test_a_server_of_another_journal_is_refused_and_left_alone(
    tmp_path: Path, remote: Callable[[], RemoteStore]
) -> None:
    for name in ("mine", "yours"):
        with DataFolder.open(tmp_path / name) as folder:
            folder.commit(Delta(added=(ONE,)), name, name)
    with DataFolder.open(tmp_path / "mine", store=remote()):
        pass
    for name in ("yours", "new"):
        with pytest.raises(DamagedError, match="another journal"):
            DataFolder.open(tmp_path / name, store=remote())
    assert set(remote().quads()) == {ONE}
    with DataFolder.open(tmp_path / "yours"):  # it was let go of
        pass


def test_what_the_server_cannot_take_counts_and_is_taken_later(
    tmp_path: Path, remote: Callable[[], RemoteStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = remote()
    with DataFolder.open(tmp_path / "data", store=store) as folder:
        folder.commit(Delta(added=(ONE,)), "me", "one")

        def gone(*_: object, **__: object) -> object:
            raise RemoteStoreError("it does not answer")

        with monkeypatch.context() as patched:
            patched.setattr(store.server, "update", gone)
            patched.setattr(store.server, "select", gone)
            with pytest.raises(RemoteStoreError, match="commit 2 is safe in the journal"):
                folder.commit(Delta(added=(TWO,)), "me", "two")
            with pytest.raises(RemoteStoreError, match="nothing new is written"):
                folder.commit(Delta(removed=(ONE,)), "me", "three")
            assert folder.generation == 2
        folder.commit(Delta(removed=(ONE,)), "me", "three")
        assert all(finding.ok for finding in folder.doctor())
    assert set(remote().quads()) == {TWO}


def test_a_redaction_takes_the_quads_from_the_server(tmp_path: Path, remote: Callable[[], RemoteStore]) -> None:
    with DataFolder.open(tmp_path / "data", store=remote()) as folder:
        folder.commit(Delta(added=(ONE,)), "me", "one")
        folder.commit(Delta(added=(TWO,)), "me", "two")
        (tmp_path / "data" / "index").mkdir()
        folder.redact([1], "me", "why")
        assert not (tmp_path / "data" / "index").exists()
        assert all(finding.ok for finding in folder.doctor())
    assert set(remote().quads()) == {TWO}
