"""An iterator of the engine ends in the thread that made it, whatever becomes of who read it. In another it cannot:
it would stay for ever, and with it what the engine keeps for it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import kgraph
from kgraph.errors import KGraphError, LimitError
from kgraph.settings import Settings
from kgraph.store.base import KeptStore


@pytest.fixture
def limited(writable_folder: Path) -> kgraph.KnowledgeGraph:
    return kgraph.open(writable_folder, settings=Settings(data=writable_folder, update_quads=10))


def left_over(fails: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> tuple[BaseException, list[str]]:
    """What a call in a thread of its own raised, and what Python complains of when that is let go in this one."""
    complaints: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: complaints.append(str(told.exc_value)))
    raised: list[BaseException] = []

    def call() -> None:
        try:
            fails()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    (error,) = raised
    error.__traceback__ = None
    return error, complaints


def test_an_iterator_left_to_another_thread_is_complained_of(
    limited: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the tests below can fail."""
    store: KeptStore = limited._folder.store

    def fails() -> None:
        quads = store.quads()
        next(quads)
        raise LimitError("query_rows", "1", "no more")

    with limited:
        _, complaints = left_over(fails, monkeypatch)
    assert len(complaints) == 1
    assert "dropped on another thread" in complaints[0]


@pytest.mark.parametrize("what", ["graph", "export", "describe", "void", "rdflib", "reading"])
def test_what_fails_while_it_reads_leaves_none(
    limited: kgraph.KnowledgeGraph, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reading() -> None:
        with limited._folder.reading() as (_, quads):
            for quad in quads:
                raise LimitError("query_rows", "1", str(quad))

    def broken(*_: object, **__: object) -> None:
        raise LimitError("query_rows", "1", "no more")

    fails: dict[str, Callable[[], object]] = {
        "graph": lambda: limited.get_graph(limited.namespaces.graph("claims")),
        "export": lambda: limited.export("nquads"),
        "describe": lambda: limited.describe("article-01"),
        "void": limited.void,
        "rdflib": limited.to_rdflib,
        "reading": reading,
    }
    monkeypatch.setattr("kgraph.sparql.describe.void", broken)
    monkeypatch.setattr("kgraph.rdf.write", broken)
    monkeypatch.setattr("kgraph.exporting._READ_ONE_BY_ONE", -1)
    monkeypatch.setattr("kgraph.rdflibterms.to_rdflib", broken)
    with limited:
        error, complaints = left_over(fails[what], monkeypatch)
    assert isinstance(error, KGraphError)
    assert complaints == []


def test_a_closed_iterator_gives_nothing_more(limited: kgraph.KnowledgeGraph) -> None:
    with limited, closing(limited._folder.store.quads()) as quads:
        assert next(quads)
        quads.close()
        assert next(quads, None) is None
