"""The same answers over HTTP whichever server keeps the quads, Oxigraph's or Virtuoso, as from a folder."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import kgraph
from kgraph import resources
from kgraph.keys import Keys
from kgraph.settings import Settings
from kgraph.store.remote.store import RemoteStore
from kgraph_api.app import create_app

QUESTIONS = sorted((resources.ontology() / "queries" / "competency").glob("*.rq"))
EX = "http://example.org/"


@pytest.fixture(scope="module", params=["oxigraph_server", "virtuoso_server"])
def kept(
    request: pytest.FixtureRequest, seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A service over the shipped graph; its key writes."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    shutil.copytree(seeded_folder, folder)
    shutil.rmtree(folder / "store")
    server = request.getfixturevalue(request.param)
    before = RemoteStore.open(server.store, server.user, server.password)
    before.clear()
    before.close()
    far = {"store": server.store, "store_user": server.user, "store_password": server.password}
    settings = Settings(data=folder, readers=1, **far)
    _, key = Keys(folder).create("write")
    with kgraph.open(folder, settings=settings) as graph, TestClient(create_app(settings, graph)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        client.app_state["kind"] = request.param
        yield client
        assert [finding for finding in graph._folder.doctor() if not finding.ok] == []


def rows(client: TestClient, query: str) -> list[list[str]]:
    answer = client.post(
        "/sparql", content=query, headers={"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_competency_question_gives_the_expected_rows(question: Path, kept: TestClient) -> None:
    """What Virtuoso makes of a boolean is its number: the one thing in these rows that it does not keep."""
    expected = list(csv.reader(io.StringIO(question.with_suffix(".csv").read_text("utf-8"))))
    if kept.app_state["kind"] == "virtuoso_server":
        expected = [["1" if cell == "true" else cell for cell in row] for row in expected]
    assert rows(kept, question.read_text("utf-8")) == expected


def test_a_path_search_in_a_query_gives_the_same_rows(kept: TestClient, seeded: Any) -> None:
    guide = Path(__file__).parents[2] / "docs" / "sparql.md"
    query = next(part for part in re.findall(r"```sparql\n(.*?)```", guide.read_text("utf-8"), re.DOTALL))
    found = rows(kept, query)
    assert len(found) > 1
    assert found == rows(seeded, query)


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=IATP",
        "/entity?id=ioc",
        "/neighbourhood?entity=rights-groups-olympics-letter&hops=2",
        "/paths?source=amnesty-international&target=antonio-guterres&mode=k_shortest&k=3",
        "/connect?entity=ioc&entity=antonio-guterres",
        "/timeline?entity=ioc",
        "/compare?entity=ioc&other=modality%3Dany",
        "/sources",
        "/export.ttl",
        "/id/ioc.ttl",
        "/.well-known/void",
    ],
)
def test_the_verbs_answer_alike(address: str, kept: TestClient, seeded: Any) -> None:
    def told(client: Any) -> Any:
        answer = client.get(address)
        assert answer.status_code == 200
        if not answer.headers["content-type"].startswith("application/json"):
            return answer.text
        body = answer.json()
        sides = [body[side] for side in ("one", "other") if side in body]  # a comparison's, each with its generation
        for part in (body, *sides):
            for changing in ("generation", "work", "next", "again"):
                part.pop(changing, None)
        return body

    assert told(kept) == told(seeded)


def test_what_is_written_over_http_is_there_and_what_is_taken_away_is_not(kept: TestClient) -> None:
    def value(query: str) -> list[list[str]]:
        return sorted(rows(kept, f"PREFIX ex: <{EX}> SELECT ?s ?o {{ GRAPH ex:w {{ {query} }} }}")[1:])

    update = {"Content-Type": "application/sparql-update"}
    inserted = f"PREFIX ex: <{EX}> INSERT DATA {{ GRAPH ex:w {{ ex:a ex:b 'x'@en, 'y' . ex:c ex:b ex:d }} }}"
    assert kept.post("/update", content=inserted, headers=update).status_code == 200
    assert value("?s ?p ?o") == [[f"{EX}a", "x"], [f"{EX}a", "y"], [f"{EX}c", f"{EX}d"]]
    moved = f"PREFIX ex: <{EX}> WITH ex:w DELETE {{ ?s ?p ?o }} INSERT {{ ?s ex:was ?o }} WHERE {{ ?s ?p ?o "
    moved += "FILTER isIRI(?o) }"
    assert kept.post("/update", content=moved, headers=update).json()["removed"] == 1
    assert value("?s ex:was ?o") == [[f"{EX}c", f"{EX}d"]]

    turtle = {"Content-Type": "text/turtle"}
    body = f'<{EX}s> <{EX}p> "ä", true, 1.50, "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .'
    assert kept.put(f"/graphs?graph={EX}w", content=body, headers=turtle).status_code in (200, 204)
    read = kept.get(f"/graphs?graph={EX}w", headers={"Accept": "application/n-triples"}).text
    assert sorted(line.split(" ", 2)[2] for line in read.splitlines()) == [
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal> .',
        '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
        '"ä" .',
    ]
    assert kept.delete(f"/graphs?graph={EX}w").status_code in (200, 204)
    assert value("?s ?p ?o") == []
    assert kept.get(f"/graphs?graph={EX}w").status_code == 404
