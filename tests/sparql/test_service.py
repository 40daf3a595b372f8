"""SPARQL answered: forms and formats, the dataset, the limits, what happens to children."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from kgraph import formats, rdf
from kgraph.errors import LimitError, ParameterError, QueryRefusedError, QuerySyntaxError, StorageError
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.sparql import children
from kgraph.sparql.service import SparqlService, choose
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

Make = Callable[..., SparqlService]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ALL = "SELECT ?s ?o { ?s kg:demands ?o } ORDER BY ?s"


def pids(asked: SparqlService) -> list[int]:
    pool = asked._readers.pool
    assert pool is not None
    return pool.nursery.pids


def values(body: bytes) -> list[str]:
    return [row["s"]["value"] for row in json.loads(body)["results"]["bindings"]]


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest) -> OxigraphStore:
    found: OxigraphStore = request.getfixturevalue(request.param)
    return found


def test_a_select_is_answered_in_json_unless_another_format_is_wanted(store: OxigraphStore, service: Make) -> None:
    asked = service(store)
    answer = asked.query(ALL)
    assert (answer.form, answer.media_type, answer.generation) == ("SELECT", "application/sparql-results+json", 1)
    assert len(values(answer.body)) == 300
    assert list(csv.reader(io.StringIO(asked.query(ALL, format="csv").body.decode())))[1][0].endswith("/id/s000")
    assert asked.query(ALL, format="tsv").body.count(b"\n") == 301
    root = ET.fromstring(asked.query(ALL, format="xml").body)
    assert len(root.findall(".//{http://www.w3.org/2005/sparql-results#}result")) == 300


def test_an_ask_is_yes_or_no(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory)
    assert json.loads(asked.query("ASK { id:s000 ?p ?o }").body)["boolean"] is True
    assert json.loads(asked.query("ASK { id:nobody ?p ?o }").body)["boolean"] is False


@pytest.mark.parametrize("format", ["turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads"])
def test_a_graph_is_answered_in_every_rdf_format(format: str, memory: OxigraphStore, service: Make) -> None:
    answer = service(memory).query("CONSTRUCT { ?s kg:demands ?o } WHERE { ?s kg:demands ?o } LIMIT 2", format=format)
    chosen = formats.named(format, formats.RDF)
    assert answer.media_type == chosen.content_type
    assert len(list(rdf.parse(answer.body, chosen, file="answer"))) == 2


def test_turtle_of_a_query_is_prefixed_and_sorted(memory: OxigraphStore, service: Make) -> None:
    body = service(memory).query("DESCRIBE id:s000").body.decode()
    assert "@prefix kg: <https://w3id.org/kgraph/ns#> ." in body
    assert "id:s000 a kg:Demand ;" in body


@pytest.mark.parametrize(
    ("form", "wanted", "name"),
    [
        ("SELECT", None, "sparql-json"),
        ("ASK", "text/turtle, application/sparql-results+xml", "sparql-xml"),
        ("CONSTRUCT", None, "turtle"),
        ("DESCRIBE", "csv,nt", "ntriples"),
    ],
)
def test_the_first_wanted_format_that_fits_the_form_is_taken(form: str, wanted: str | None, name: str) -> None:
    assert choose(form, wanted).name == name


def test_a_format_that_does_not_fit_the_form_is_refused_with_those_that_do() -> None:
    with pytest.raises(ParameterError, match="answered in json, xml, csv, tsv"):
        choose("SELECT", "turtle")


def test_what_xml_cannot_say_is_an_error_and_not_a_broken_document(memory: OxigraphStore, service: Make) -> None:
    memory.apply(Delta((Quad(NamedNode("urn:a"), NamedNode("urn:p:1"), Literal("bell \x07")),)), 2)
    asked = service(memory, default_graph="strict")
    with pytest.raises(ParameterError, match="control character"):
        asked.query("SELECT * { ?s ?p ?o }", format="xml")
    with pytest.raises(ParameterError, match="rdfxml"):
        asked.query("CONSTRUCT WHERE { ?s ?p ?o }", format="rdfxml")
    assert b"bell" in asked.query("SELECT * { ?s ?p ?o }", format="json").body


# ------------------------------------------------------------------ dataset


def test_by_default_all_graphs_are_one(memory: OxigraphStore, service: Make) -> None:
    assert len(values(service(memory).query(ALL).body)) == 300
    assert values(service(memory, default_graph="strict").query(ALL).body) == []


def test_from_decides_what_is_seen(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory)
    text = "SELECT ?s FROM <{}> {{ ?s kg:demands ?o }}"
    assert values(asked.query(text.format("http://nowhere/")).body) == []
    assert len(values(asked.query(text.format("https://w3id.org/kgraph/graph/claims")).body)) == 300


def test_the_dataset_of_the_request_comes_before_that_of_the_query(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory)
    claims = "https://w3id.org/kgraph/graph/claims"
    assert values(asked.query(ALL, default_graph_uri=["http://nowhere/"]).body) == []
    assert len(values(asked.query(ALL, default_graph_uri=[claims]).body)) == 300
    named = "SELECT ?s { GRAPH ?g { ?s kg:demands ?o } }"
    assert len(values(asked.query(named, named_graph_uri=[claims]).body)) == 300
    assert values(asked.query(ALL, named_graph_uri=[claims]).body) == []
    with pytest.raises(ParameterError, match="absolute IRI"):
        asked.query(ALL, default_graph_uri=["not an iri"])


# ------------------------------------------------------------------ what is refused


def test_a_fault_of_syntax_has_its_place(memory: OxigraphStore, service: Make) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        service(memory).query("SELECT * {\n  ?s ?p ?o FILTER }")
    assert refused.value.line == 2
    assert refused.value.text == "  ?s ?p ?o FILTER }"
    assert "_" not in refused.value.reason


def test_a_fault_of_meaning_is_told_in_the_engines_sentence(memory: OxigraphStore, service: Make) -> None:
    with pytest.raises(QuerySyntaxError, match="The SELECT contains a variable that is unbound"):
        service(memory).query("SELECT ?a (SUM(?b) AS ?c) { ?a ?b ?d }")


def test_an_update_never_reaches_a_child(memory: OxigraphStore, service: Make) -> None:
    with pytest.raises(QueryRefusedError):
        service(memory).query("DROP ALL")


# ------------------------------------------------------------------ limits


@pytest.mark.hostile
def test_a_query_without_end_is_ended_and_the_next_is_answered(store: OxigraphStore, service: Make) -> None:
    asked = service(store, query_timeout=0.3)
    with pytest.raises(LimitError) as ended:
        asked.query(ENDLESS)
    assert (ended.value.limit, ended.value.value) == ("query_timeout", "0.3 s")
    assert len(values(asked.query(ALL).body)) == 300


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_too_many_rows_are_an_error_and_never_a_part_of_the_answer(
    format: str, memory: OxigraphStore, service: Make
) -> None:
    assert service(memory, query_rows=300).query(ALL, format=format)
    with pytest.raises(LimitError) as ended:
        service(memory, query_rows=299).query(ALL, format=format)
    assert ended.value.limit == "query_rows"


def test_too_many_triples_are_an_error(memory: OxigraphStore, service: Make) -> None:
    text = "CONSTRUCT { ?s kg:demands ?o } WHERE { ?s kg:demands ?o }"
    assert service(memory, query_rows=300).query(text)
    with pytest.raises(LimitError):
        service(memory, query_rows=299).query(text)


@pytest.mark.parametrize("text", [ALL, "CONSTRUCT { ?s kg:demands ?o } WHERE { ?s kg:demands ?o }"])
def test_an_answer_that_is_too_long_is_an_error(text: str, memory: OxigraphStore, service: Make) -> None:
    with pytest.raises(LimitError) as ended:
        service(memory, query_bytes=2_000).query(text)
    assert ended.value.limit == "query_bytes"


@pytest.mark.hostile
def test_a_query_that_fills_the_memory_ends_its_child_and_not_this_process(
    memory: OxigraphStore, service: Make
) -> None:
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
    asked = service(memory, query_memory=1_000_000_000, query_timeout=20)
    with pytest.raises(LimitError) as ended:
        asked.query(f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('{'a' * 100}' AS ?x0) {doubled} }}")
    assert ended.value.limit == "query_memory"
    assert json.loads(asked.query("ASK {}").body)["boolean"] is True


def test_a_query_may_ask_for_less_time_and_not_for_more(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory, query_timeout=0.6)
    for wanted, given in ((0.2, "0.2 s"), (60, "0.6 s")):
        with pytest.raises(LimitError) as ended:
            asked.query(ENDLESS, timeout=wanted)
        assert (ended.value.limit, ended.value.value) == ("query_timeout", given)
    with pytest.raises(ParameterError, match="more than 0"):
        asked.query(ALL, timeout=0)


# ------------------------------------------------------------------ children and snapshots


def test_a_new_generation_is_seen_by_the_next_query(store: OxigraphStore, service: Make) -> None:
    asked = service(store)
    assert len(values(asked.query(ALL).body)) == 300
    store.apply(Delta((), tuple(store.quads())), 2)
    answer = asked.query(ALL)
    assert (values(answer.body), answer.generation) == ([], 2)


def test_one_child_answers_many_queries_and_a_dead_one_is_replaced(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory, readers=1)
    asked.query("ASK {}")
    [child] = pids(asked)
    asked.query("ASK {}")
    assert pids(asked) == [child]
    os.kill(child, signal.SIGKILL)
    while child in pids(asked):
        time.sleep(0.01)
    assert json.loads(asked.query("ASK {}").body)["boolean"] is True
    assert pids(asked) != [child]


def test_a_child_that_dies_while_it_evaluates_is_told_by_its_signal(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory, readers=1, query_timeout=20)
    asked.query("ASK {}")
    told: list[str] = []

    def ask() -> None:
        with pytest.raises(LimitError) as ended:
            asked.query(ENDLESS)
        told.append(str(ended.value))

    thread = threading.Thread(target=ask)
    thread.start()
    pool = asked._readers.pool
    assert pool is not None
    while not pool._patient:
        thread.join(0.01)
    os.kill(pool._patient[0].pid, signal.SIGKILL)
    thread.join(20)
    assert "SIGKILL" in told[0]
    assert json.loads(asked.query("ASK {}").body)["boolean"] is True


def test_queries_of_several_threads_are_answered_side_by_side(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory, readers=2)
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(len(values(asked.query(ALL).body)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [300] * 6
    assert len(pids(asked)) <= 2


def test_snapshots_are_removed_when_they_are_past_and_at_the_end(disk: OxigraphStore, service: Make) -> None:
    assert disk.folder is not None
    home = disk.folder / "snapshots"
    (home / "left-by-a-killed-process").mkdir(parents=True)
    asked = service(disk)
    asked.query("ASK {}")
    assert [p.name for p in home.iterdir()] == ["1"]
    disk.apply(Delta((), tuple(disk.quads())), 2)
    asked.query("ASK {}")
    assert [p.name for p in home.iterdir()] == ["2"]
    asked.close()
    asked.close()
    assert not home.exists()


def test_after_closing_nothing_is_answered(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory)
    asked.query("ASK {}")
    asked.close()
    with pytest.raises(StorageError, match="closed"):
        asked.query("ASK {}")


def test_closing_ends_a_query_under_way(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory, query_timeout=60)
    asked.query("ASK {}")
    ended: list[Exception] = []

    def ask() -> None:
        try:
            asked.query(ENDLESS)
        except StorageError as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    pool = asked._readers.pool
    assert pool is not None
    while not pool.busy:
        thread.join(0.01)
    asked.close()
    thread.join(20)
    assert len(ended) == 1


def test_a_child_that_cannot_open_its_snapshot_is_a_typed_error(
    memory: OxigraphStore, service: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = service(memory)
    monkeypatch.setattr(memory, "dump", lambda: b"not N-Quads")
    with pytest.raises(StorageError, match="no process to evaluate queries"):
        asked.query("ASK {}")


def test_a_child_that_never_gets_ready_is_given_up(
    memory: OxigraphStore, service: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "NURSERY", ["-c", "import time; time.sleep(60)"])
    monkeypatch.setattr(children, "STARTING", 0.1)
    with pytest.raises(StorageError, match="no process to evaluate queries"):
        service(memory).query("ASK {}")


def test_a_snapshot_that_is_gone_is_made_anew(disk: OxigraphStore, service: Make) -> None:
    asked = service(disk, readers=1)
    asked.query("ASK {}")
    assert disk.folder is not None
    shutil.rmtree(disk.folder / "snapshots" / "1")
    os.kill(pids(asked)[0], signal.SIGKILL)
    while pids(asked):
        time.sleep(0.01)
    assert len(values(asked.query(ALL).body)) == 300
