"""Fronts that follow one writer: over HTTP as processes, and the rules of following in this one."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import kgraph
from kgraph.errors import DamagedError, GenerationGoneError, ReadOnlyError, RemoteStoreError, StorageError
from kgraph.keys import Keys
from kgraph.settings import Settings

EX = "http://example.org/"


class Fleet:
    """Services over one folder and one server, each a process of its own."""

    def __init__(self, folder: Path, store: str, port: Callable[[], int], environment: dict[str, str]) -> None:
        self.folder, self._port = folder, port
        self._environment = {**environment, "KGRAPH_STORE": store, "KGRAPH_READERS": "1"}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "kgraph", *words, "--data", str(self.folder)]

    def start(self, *options: str) -> str:
        port = self._port()
        process = subprocess.Popen(
            self.command("serve", "--port", str(port), *options),
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        self._running[url] = process
        return url

    def ready(self, *urls: str) -> None:
        for url in urls:
            deadline = time.monotonic() + 90
            while time.monotonic() < deadline:
                assert self._running[url].poll() is None, f"{url} did not come up"
                try:
                    ask(url, "/readyz")
                    break
                except OSError:
                    time.sleep(0.1)

    def kill(self, url: str, how: int = signal.SIGKILL) -> None:
        process = self._running.pop(url)
        process.send_signal(how)
        process.wait(timeout=30)

    def end(self) -> None:
        for url in list(self._running):
            self.kill(url)


@pytest.fixture
def fleet(shared: Settings, unused_port: Callable[[], int], environment: dict[str, str]) -> Iterator[Fleet]:
    assert shared.store
    made = Fleet(shared.data, shared.store, unused_port, environment)
    yield made
    made.end()


def ask(url: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, Any], int]:
    """Status, JSON and generation."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{url}{path}", body, named)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer), int(answer.headers.get("X-KGraph-Generation") or 0)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), 0


def shortly(url: str, path: str) -> Any:
    """The same over a connection that is kept: the short way of plain queries (`api/shortway.py`)."""
    connection = http.client.HTTPConnection(url.partition("//")[2], timeout=30)
    try:
        connection.request("GET", path, headers={"Accept": "application/sparql-results+json"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert "content-length" in [name.lower() for name, _ in answer.getheaders()][:3]  # the routes say it later
        return json.load(answer)
    finally:
        connection.close()


@pytest.mark.slow
def test_two_fronts_follow_one_writer_and_nothing_is_lost_when_some_are_killed(fleet: Fleet, shared: Settings) -> None:
    with written(shared):
        _, key = Keys(shared.data).create("write")

    def add(writer: str, name: str) -> int:
        update = f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}b> <{EX}{name}> }} }}".encode()
        headers = {"Authorization": f"Bearer {key}", "Content_Type": "application/sparql-update"}
        status, told, _ = ask(writer, "/update", update, **headers)
        assert status == 200, told
        return int(told["generation"])

    def seen(url: str, generation: int) -> set[str]:
        """What a service finds beside the thing, in its index and in SPARQL."""
        about = f"/neighbourhood?entity={quote(EX + 'a', safe='')}&include=unattributed&min_generation={generation}"
        status, answer, of = ask(url, about)
        assert (status, of >= generation) == (200, True), answer
        query = quote(f"SELECT ?o {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}b> ?o }} }}", safe="")
        _, rows, of_rows = ask(url, f"/sparql?query={query}", Accept="application/sparql-results+json")
        assert of_rows >= generation
        assert shortly(url, f"/sparql?query={query}") == rows
        found = {row["o"]["value"].removeprefix(EX) for row in rows["results"]["bindings"]}
        assert found == {node["iri"].removeprefix(EX) for node in answer["nodes"]} - {"a"}
        return found

    writer, *fronts = fleet.start("--empty"), fleet.start("--follow"), fleet.start("--follow")
    fleet.ready(writer, *fronts)
    first = add(writer, "one")
    for url in (*fronts, writer):
        assert seen(url, first) == {"one"}
    following = ask(fronts[0], "/readyz")[1]["following"]
    assert (following["writer"], following["acknowledged"], following["lag"]) == (writer, first, 0)
    assert "following" not in ask(writer, "/readyz")[1]
    status, problem, _ = ask(
        fronts[0], "/update", b"CLEAR ALL", Authorization=f"Bearer {key}", Content_Type="application/sparql-update"
    )
    assert (status, problem["type"].rpartition("/")[2], problem["writer"]) == (403, "read-only", writer)

    second = add(writer, "two")
    fleet.kill(fronts[0])
    fleet.kill(writer)
    assert seen(fronts[1], second) == {"one", "two"}
    writer, again = fleet.start("--empty"), fleet.start("--follow")
    fleet.ready(writer, again)
    third = add(writer, "three")
    assert third == second + 1
    for url in (fronts[1], again):
        assert seen(url, third) == {"one", "two", "three"}
    fleet.kill(writer, signal.SIGTERM)
    with written(shared) as graph:
        assert graph.generation == third
        assert [finding for finding in graph.doctor() if not finding.ok] == []


# ------------------------------------------------------------------ in this process


@pytest.fixture
def shared(tmp_path: Path, oxigraph_server: Any) -> Settings:
    """A folder and a server that nobody has used yet."""
    from kgraph.store.remote.store import RemoteStore

    store = RemoteStore.open(oxigraph_server.store)
    store.clear()
    store.close()
    return Settings(data=tmp_path / "data", store=oxigraph_server.store, readers=1)


def written(settings: Settings) -> kgraph.KnowledgeGraph:
    """The one that writes; without an ontology, which takes its time."""
    return kgraph.KnowledgeGraph.open(settings.data, settings, bare=True)


def follow(settings: Settings) -> kgraph.KnowledgeGraph:
    return kgraph.KnowledgeGraph.follow(settings.data, settings)


def insert(graph: kgraph.KnowledgeGraph, name: str) -> int:
    return graph.update(f"INSERT DATA {{ GRAPH <{EX}g> {{ <{EX}a> <{EX}b> <{EX}{name}> }} }}").generation


def near(graph: kgraph.KnowledgeGraph, generation: int) -> set[str]:
    answer = graph.neighbourhood(f"{EX}a", include="unattributed", min_generation=generation)
    return {node.iri.removeprefix(EX) for node in answer.nodes} - {"a"}


def test_a_question_waits_for_the_generation_it_asks_for(shared: Settings) -> None:
    with (
        written(shared) as writer,
        kgraph.KnowledgeGraph.follow(shared.data, shared) as front,
    ):
        for name in ("one", "two"):
            generation = insert(writer, name)
            assert name in near(front, generation)
        with pytest.raises(GenerationGoneError):
            front.generation_at(min_generation=generation + 1)
        assert front.following is not None
        assert front.following.lag == 0
        assert writer.following is None


def test_a_front_writes_nothing_and_says_who_does(shared: Settings, tmp_path: Path) -> None:
    with written(shared) as writer:
        writer._folder.announce("http://127.0.0.1:1")
        with follow(shared) as front:
            before = {file: file.stat().st_mtime_ns for file in shared.data.rglob("*") if file.is_file()}
            (tmp_path / "text").write_text("some text")
            for write in (
                lambda: front.update("CLEAR ALL"),
                lambda: front.delete_graph(None),
                lambda: front.load(tmp_path / "text"),
                lambda: front.load_plain(tmp_path / "text"),
                lambda: front.redact(1, reason="none"),
                front.bring_ontology,
            ):
                with pytest.raises(ReadOnlyError) as caught:
                    write()
                assert caught.value.writer == "http://127.0.0.1:1"
            b"".join(front.export("turtle"))
            front.void()
        assert {file: file.stat().st_mtime_ns for file in shared.data.rglob("*") if file.is_file()} == before


def test_what_was_redacted_is_not_answered_from_a_front(shared: Settings) -> None:
    with (
        written(shared) as writer,
        kgraph.KnowledgeGraph.follow(shared.data, shared) as front,
    ):
        secret = insert(writer, "secret")
        assert near(front, secret) == {"secret"}
        insert(writer, "open")
        generation = writer.redact(secret, reason="it should not be there").generation
        assert near(front, generation) == {"open"}
        assert {n.iri for n in front.neighbourhood(f"{EX}a", include="unattributed", at=secret + 1).nodes} == {
            f"{EX}a",
            f"{EX}open",
        }


def test_the_verbs_go_on_while_the_server_is_away(shared: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        written(shared) as writer,
        kgraph.KnowledgeGraph.follow(shared.data, shared) as front,
    ):
        store = front._folder.store

        def gone(*_: object, **__: object) -> object:
            raise RemoteStoreError("it does not answer")

        with monkeypatch.context() as patched:
            patched.setattr(store.server, "select", gone)  # type: ignore[attr-defined]
            assert near(front, insert(writer, "one")) == {"one"}


def test_what_cannot_be_followed_is_refused(shared: Settings, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no graph to be followed"):
        kgraph.KnowledgeGraph.follow(shared.data, shared)
    with kgraph.open(tmp_path / "other", settings=Settings(data=tmp_path / "other")) as alone:
        insert(alone, "x")
        with pytest.raises(StorageError, match="KGRAPH_STORE names none"):
            kgraph.KnowledgeGraph.follow(tmp_path / "other", Settings(data=tmp_path / "other"))
        with pytest.raises(StorageError, match="holds no graph yet"):
            kgraph.KnowledgeGraph.follow(tmp_path / "other", shared)
        with written(shared):
            pass
        with pytest.raises(DamagedError, match="another journal"):
            kgraph.KnowledgeGraph.follow(tmp_path / "other", shared)
    shutil.rmtree(tmp_path / "other")
