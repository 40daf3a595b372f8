"""The competency questions of the ontology, asked of servers: the rows that kgraph's own engine gives."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

import kgraph
from kgraph import resources
from kgraph.store.remote.store import RemoteStore

QUESTIONS = sorted((resources.ontology() / "queries" / "competency").glob("*.rq"))


@pytest.fixture(scope="module", params=["oxigraph_server", "virtuoso_server"])
def shipped(request: pytest.FixtureRequest, graph: kgraph.KnowledgeGraph) -> Iterator[RemoteStore]:
    """The shipped graph on a server."""
    server = request.getfixturevalue(request.param)
    store = RemoteStore.open(server.store, server.user, server.password)
    store.clear()
    store.load([b"".join(graph.export("nquads"))], 1)
    yield store
    store.clear()
    store.close()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_competency_question_gives_the_expected_rows(question: Path, shipped: RemoteStore) -> None:
    """What Virtuoso makes of a boolean is its number: the one thing in these rows that it does not keep."""
    names, *expected = csv.reader(io.StringIO(question.with_suffix(".csv").read_text("utf-8")))
    if shipped.standing.beside:
        expected = [["1" if cell == "true" else cell for cell in row] for row in expected]
    found = shipped.query(question.read_text("utf-8"), default_graph_as_union=True)
    assert [[row[name].value if name in row else "" for name in names] for row in found] == expected


def test_the_server_holds_the_very_quads(shipped: RemoteStore, graph: kgraph.KnowledgeGraph) -> None:
    with graph._generations.quads(graph.generation) as quads:
        assert set(shipped.quads()) == set(quads)
