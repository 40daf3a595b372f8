"""One question, five doors (HTTP, SPARQL, Python, command line, file): the same answer."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import orjson
import pytest
import rdflib

import kgraph
from kgraph import resources
from kgraph.client.http import HttpGraph

QUERIES = sorted((resources.ontology() / "queries" / "competency").glob("*.rq"))
COALITION = "rights-groups-olympics-letter"

QUESTIONS: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "search a misprint": ("search", ("IATP",), {}),
    "an entity": ("entity", (COALITION,), {}),
    "two hops": ("neighbourhood", (COALITION,), {"hops": 2}),
    "a lens": ("neighbourhood", ("bitter-winter",), {"modality": "any", "not_said_by": "bitter-winter"}),
    "how": ("paths", ("amnesty-international", "antonio-guterres"), {"mode": "all_simple", "max_hops": 4}),
    "proven none": ("paths", ("slobodan-milosevic", "ioc"), {"max_hops": 2}),
    "none, for a filter": ("paths", ("amnesty-international", "antonio-guterres"), {"not_said_by": "article-01"}),
    "a page of more": ("neighbourhood", (COALITION,), {"hops": 2, "limit": 3}),
    "stopped": ("paths", ("amnesty-international", "slobodan-milosevic"), {"max_edges": 10, "avoid": "ioc"}),
    "what hangs together": ("connect", ("amnesty-international", "human-rights-watch", "antonio-guterres"), {}),
    "two lenses": ("compare", ("chinese-communist-party",), {"other": "not_said_by=bitter-winter", "limit": 5}),
    "two generations": ("compare", ("ioc",), {"one": "at=1"}),
    "two sides of what connects": ("compare", ("ioc",), {"target": "antonio-guterres", "other": "modality=any"}),
    "in order": ("timeline", ("chinese-communist-party",), {}),
    "sources": ("sources", (), {}),
}
POSITIONAL = {
    "search": ("q",),
    "entity": ("id",),
    "neighbourhood": ("entity",),
    "paths": ("source", "target"),
    "connect": ("entity", "entity", "entity"),
    "timeline": ("entity",),
    "compare": ("entity",),
    "sources": (),
}


@pytest.fixture(scope="session")
def turtle(graph: kgraph.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("turtle") / "graph.ttl"
    path.write_bytes(b"".join(graph.export("turtle")))
    return path


@pytest.fixture(scope="session")
def from_file(turtle: Path) -> kgraph.KnowledgeGraph:
    return kgraph.read(turtle)


def run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "kgraph", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def plain(value: Any) -> Any:
    """An answer without what belongs to the asking (time spent, cursors, generation), not to what is asked."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in ("ms", "next", "cursor", "generation", "at")}
    return [plain(v) for v in value] if isinstance(value, list) else value


def python_answer(graph: kgraph.KnowledgeGraph, verb: str, names: tuple[str, ...], options: dict[str, Any]) -> Any:
    method: Callable[..., Any] = getattr(graph, verb)
    return json.loads(orjson.dumps(method(list(names), **options) if verb == "connect" else method(*names, **options)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_http_python_command_line_and_file_give_equal_answers(
    question: str, graph: kgraph.KnowledgeGraph, from_file: kgraph.KnowledgeGraph, service: str
) -> None:
    verb, names, options = QUESTIONS[question]
    wanted = plain(python_answer(graph, verb, names, options))

    parameters = [*zip(POSITIONAL[verb], names, strict=True), *options.items()]
    over_http = httpx2.get(f"{service}/{verb}?{urlencode(parameters)}")
    assert over_http.status_code == 200, over_http.text
    assert plain(over_http.json()) == wanted

    flags = [f for name, value in options.items() for f in (f"--{name.replace('_', '-')}", str(value))]
    assert plain(json.loads(run(verb, *names, *flags, "--json", "--url", service))) == wanted

    assert plain(python_answer(from_file, verb, names, options)) == wanted


def test_a_service_asked_from_python_goes_on_where_its_answer_was_cut(service: str) -> None:
    with HttpGraph(service) as graph:
        first = graph.neighbourhood(COALITION, hops=2, limit=3)
        second = graph.neighbourhood(**first["again"])
        assert len(second["edges"]) == 3
        assert second["edges"] != first["edges"]
        answer = graph.connect(["amnesty-international", "antonio-guterres"], max_edges=1)
        while answer["verdict"] == "stopped":
            answer = graph.connect(**answer["again"])
        assert answer["verdict"] == "found"


def test_a_claim_is_the_same_at_every_door(graph: kgraph.KnowledgeGraph, service: str) -> None:
    claim = graph.paths("amnesty-international", "antonio-guterres").paths[0].edges[0].claims[0].id
    wanted = json.loads(orjson.dumps(graph.claim(claim)))
    assert httpx2.get(f"{service}/claim", params={"id": claim}).json() == wanted
    assert json.loads(run("claim", claim, "--json", "--url", service)) == wanted


def rows_of_csv(text: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in csv.reader(io.StringIO(text))][1:]


@pytest.mark.parametrize("query", QUERIES, ids=lambda p: p.stem)
def test_a_competency_question_has_the_expected_rows_at_every_door(
    query: Path,
    graph: kgraph.KnowledgeGraph,
    from_file: kgraph.KnowledgeGraph,
    service: str,
    rdflib_graph: rdflib.Graph,
) -> None:
    text = query.read_text("utf-8")
    wanted = rows_of_csv(query.with_suffix(".csv").read_text("utf-8"))
    assert wanted, "a competency question without rows shows nothing"

    assert rows_of_csv(graph.sparql(text, format="csv").body.decode()) == wanted
    assert rows_of_csv(from_file.sparql(text, format="csv").body.decode()) == wanted
    answer = httpx2.get(f"{service}/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    assert rows_of_csv(answer.text) == wanted
    in_rdflib = [tuple("" if v is None else str(v) for v in row) for row in rdflib_graph.query(text)]  # type: ignore[union-attr]
    assert sorted(in_rdflib) == sorted(wanted)


@pytest.fixture(scope="session")
def rdflib_graph(turtle: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(turtle, format="turtle")


def test_the_command_line_answers_sparql_as_http_does(service: str, seeded_folder: Path) -> None:
    query = (resources.ontology() / "queries" / "competency").glob("*.rq")
    text = min(query).read_text("utf-8")
    over_http = httpx2.post(f"{service}/sparql", data={"query": text}, headers={"Accept": "text/csv"}).text
    assert rows_of_csv(run("sparql", text, "--format", "csv", "--url", service)) == rows_of_csv(over_http)


def test_turtle_out_in_and_out_again_is_the_same_bytes(turtle: Path, tmp_path: Path) -> None:
    with kgraph.open(tmp_path / "data") as empty:
        empty.load(turtle)
        assert b"".join(empty.export("turtle")) == turtle.read_bytes()


@pytest.mark.parametrize("format", ["trig", "nquads", "ntriples", "jsonld", "rdfxml"])
def test_every_rdf_format_brings_the_same_graph_back(
    format: str, graph: kgraph.KnowledgeGraph, turtle: Path, tmp_path: Path
) -> None:
    suffix = {"trig": "trig", "nquads": "nq", "ntriples": "nt", "jsonld": "jsonld", "rdfxml": "rdf"}[format]
    file = tmp_path / f"graph.{suffix}"
    file.write_bytes(b"".join(graph.export(format)))
    assert b"".join(kgraph.read(file).export("turtle")) == turtle.read_bytes()


def test_a_store_that_was_deleted_comes_back_from_the_journal_with_the_same_bytes(
    writable_folder: Path, turtle: Path
) -> None:
    import shutil

    shutil.rmtree(writable_folder / "store")
    with kgraph.open(writable_folder) as graph:
        assert b"".join(graph.export("turtle")) == turtle.read_bytes()
        assert all(finding.ok for finding in graph.doctor())
