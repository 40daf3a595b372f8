"""A graph that only a SPARQL server holds comes into a journal, page by page, and is then as if it had been loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

import kgraph
from kgraph.cli import main
from kgraph.errors import KGraphError, RemoteStoreError
from kgraph.settings import Settings
from kgraph.store.remote import naming
from kgraph.store.remote.store import RemoteStore

ROWS = 2000
"""Most rows of an answer here, so that what is small is read in pages too."""


@pytest.fixture(params=["oxigraph_server", "virtuoso_server"])
def settings(request: pytest.FixtureRequest, graph: kgraph.KnowledgeGraph, tmp_path: Path) -> Iterator[Settings]:
    """A server that is a store of kgraph's and holds the shipped graph, and a new folder."""
    server = request.getfixturevalue(request.param)
    store = RemoteStore.open(server.store, server.user, server.password)
    store.clear()
    store.load([b"".join(graph.export("nquads"))], 1)
    yield Settings(data=tmp_path / "data", store=server.store, store_user=server.user, store_password=server.password)
    store.reopen()
    store.clear()
    store.close()


@pytest.fixture
def foreign(start_oxigraph: Callable[[], object], graph: kgraph.KnowledgeGraph, tmp_path: Path) -> Settings:
    """A server that was given an export, and has nothing of a store's."""
    address = str(start_oxigraph().store)  # type: ignore[attr-defined]
    body = b"".join(graph.export("nquads"))
    url = f"{address.removeprefix('sparql+')}store"
    httpx2.post(url, content=body, headers={"Content-Type": "application/n-quads"}).raise_for_status()
    return Settings(data=tmp_path / "data", store=address)


def apart(settings: Settings) -> Settings:
    """The same, with quads of its own in the folder."""
    return settings.model_copy(update={"store": None})


def test_it_is_as_if_it_had_been_loaded(
    settings: Settings, graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kgraph.store.remote.reading.ROWS", ROWS)
    told: list[tuple[str, int, int | None]] = []
    assert settings.store
    with kgraph.open(settings.data, settings=apart(settings)) as own:
        report = own.load_from(settings.store, progress=lambda *step: told.append(step))
        assert report.committed
        assert report.claims > 100
        assert b"".join(own.export()) == b"".join(graph.export())
        assert own.paths("amnesty-international", "antonio-guterres").paths
        assert [finding for finding in own.doctor() if not finding.ok] == []
        assert not own.load_from(settings.store).committed
    extracted = [step for step in told if step[0] == "extract"]
    assert len(extracted) > 0
    assert extracted[-1][2] in (None, extracted[-1][1])


def test_the_command_loads_it_and_takes_nothing_that_is_for_files(
    foreign: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert foreign.store
    data = ["--data", str(tmp_path / "loaded")]

    def run(*arguments: str) -> tuple[object, str, str]:
        try:
            main(["load", *arguments, *data])
        except SystemExit as end:
            return end.code, *capfd.readouterr()
        return 0, *capfd.readouterr()

    for wrong in ([], ["some.yaml", "--from", foreign.store], ["--plain", "--from", foreign.store]):
        code, _, err = run(*wrong)
        assert code == 2
        assert "--from" in err
    code, _, err = run("--from", "sparql+http://127.0.0.1:1/")
    assert (code, err.count("\n")) == (1, 1)
    assert "does not answer" in err
    assert run("--from", foreign.store)[0] == 0
    with kgraph.open(tmp_path / "loaded") as own:
        assert own.entity("ngos-open-letter").claims
        assert [*own.log()][-1].message == f"load from {foreign.store}"


def test_what_is_no_graph_of_ours_or_half_of_one_is_refused_and_nothing_is_lost(
    foreign: Settings, start_oxigraph: Callable[[], object], graph: kgraph.KnowledgeGraph
) -> None:
    assert foreign.store
    update = f"{foreign.store.removeprefix('sparql+')}update"
    empty = str(start_oxigraph().store)  # type: ignore[attr-defined]
    with kgraph.open(foreign.data, settings=apart(foreign)) as own:
        before = own.generation
        with pytest.raises(RemoteStoreError, match="holds nothing of kgraph's"):
            own.load_from(empty)
        claims = graph.namespaces.graph("claims")
        gone = f"DELETE WHERE {{ GRAPH <{claims}> {{ ?claim <{graph.namespaces.kg}modality> ?m }} }}"
        httpx2.post(update, data={"update": gone}).raise_for_status()
        with pytest.raises(KGraphError, match="no affirmed, reported, current claim states this one"):
            own.load_from(foreign.store)
        state = f'INSERT DATA {{ GRAPH <{naming.OWN}> {{ <{naming.OWN}> <{naming.STATE}> "3 x changing" }} }}'
        httpx2.post(update, data={"update": state}).raise_for_status()
        with pytest.raises(RemoteStoreError, match="half of a change"):
            own.load_from(foreign.store)
        assert own.generation == before
