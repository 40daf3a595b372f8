"""What is sent on to the server that keeps a graph, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph import resources
from kgraph.errors import QueryRefusedError
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.sparql.sendable import sendable
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

PREFIXES = Namespaces.load().prefixes
G, H = "http://example.org/g", "http://example.org/h"
QUESTIONS = sorted((resources.ontology() / "queries" / "competency").glob("*.rq"))


def sent(text: str) -> str:
    return " ".join(sendable(text, PREFIXES, [G, H]).text.split())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_query_means_the_same_when_it_was_made_ready(question: Path, shipped_store: OxigraphStore) -> None:
    text = question.read_text("utf-8")
    made = sendable(text, PREFIXES, [graph.value for graph in shipped_store.graphs()]).text
    answers = [[tuple(row) for row in shipped_store.query(each, default_graph_as_union=True)] for each in (text, made)]
    assert answers[0]
    assert answers[0] == answers[1]


@pytest.fixture(scope="module")
def shipped_store(graph: object) -> OxigraphStore:
    store = OxigraphStore.open(None)
    store.load([b"".join(graph.export("nquads"))], 1)  # type: ignore[attr-defined]
    return store


def test_prefixes_that_need_no_declaration_are_declared() -> None:
    assert sent("SELECT * { id:ioc ?p ?o }") == f"PREFIX id: <{PREFIXES['id']}> SELECT * {{ id:ioc ?p ?o }}"
    assert sent("PREFIX id: <http://example.org/> SELECT * { id:ioc ?p ?o }").count("PREFIX") == 1


def test_an_ask_is_sent_as_a_row_or_none_where_that_is_the_same() -> None:
    assert sent("ASK WHERE { ?s ?p ?o { ?s ?p 1 } }") == ("SELECT * WHERE { ?s ?p ?o { ?s ?p 1 } } LIMIT 1")
    assert sendable("ASK { ?s ?p ?o }", PREFIXES, []).rows_are_truth
    for text in (
        "ASK {}",
        "ASK { ?s ?p ?x } VALUES ?x { 1 }",
        "ASK { ?s ?p ?x } GROUP BY ?s",
        "ASK { ?s ?p ?x } LIMIT 0",
    ):
        assert sent(text) == text
        assert not sendable(text, PREFIXES, []).rows_are_truth


def test_comments_stay_here_and_signs_that_touch_do_so_still() -> None:
    text = "SELECT * # SERVICE <http://example.org/> {\n{ ?s ?p 1.5 , -1 , 'a # b'@en FILTER(?x<5&&?y>3) }"
    assert sent(text) == "SELECT * { ?s ?p 1.5 , -1 , 'a # b'@en FILTER(?x<5&&?y>3) }"


def test_from_is_told_beside_the_text() -> None:
    made = sendable(
        f"BASE <http://example.org/> PREFIX e: <http://example.org/> SELECT * FROM <g> FROM NAMED e:h FROM <{G}#> "
        "WHERE { GRAPH ?g { ?s ?p ?o } }",
        PREFIXES,
        [G, H],
    )
    assert "FROM" not in made.text
    assert (made.default, made.named) == ((G, f"{G}#"), (H,))
    assert sendable("SELECT * { ?s ?p ?o }", PREFIXES, []).default is None


def test_a_graph_that_is_not_the_stores_is_one_that_is_never_there() -> None:
    assert f"GRAPH <{G}>" in sent(f"SELECT * {{ GRAPH <{G}> {{ ?s ?p ?o }} }}")
    assert "secret" not in sent("SELECT * { GRAPH <http://example.org/secret> { ?s ?p ?o } }")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<bif:concat>('a') AS ?x) {}",
        "PREFIX b: <bi> SELECT (b:f:concat('a') AS ?x) {}",
        "BASE <bif:x> SELECT (<concat>('a') AS ?x) {}",
        "SELECT * { ?s <java:com.example.Evil> ?o }",
        "PREFIX b: <http://www.openlinksw.com/schemas/bif#> SELECT * { ?s b:contains 'x' }",
        "SELECT (<\\u0062if:concat>('a') AS ?x) {}",
        'SELECT ("\\u0022 ) {} #" AS ?x) {}',
        "SELECT ('''\\U00000027''' AS ?x) {}",
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "LOAD <http://127.0.0.1/>",
        "INSERT DATA { <http://e/a> <http://e/b> 1 }",
    ],
)
def test_what_a_server_could_take_for_more_than_a_question_stays_here(text: str) -> None:
    with pytest.raises(QueryRefusedError):
        sendable(text, PREFIXES, [G])


def test_a_base_that_is_given_is_said_and_resolves_graphs() -> None:
    made = sendable("SELECT * FROM <g> { GRAPH <h> { <a> ?p ?o } }", PREFIXES, [G, H], "http://example.org/x")
    assert " ".join(made.text.split()) == "BASE <http://example.org/x> SELECT * { GRAPH <h> { <a> ?p ?o } }"
    assert made.default == (G,)


def test_tests_for_blank_nodes_are_written_out_and_mean_the_same() -> None:
    store = OxigraphStore.open(None)
    name = NamedNode("bnode:b0123456789abcdef0123")
    store.apply(Delta(added=tuple(Quad(NamedNode(G), NamedNode(H), o, NamedNode(G)) for o in (name, NamedNode(H)))), 1)
    for test, found in (("isBlank", name), ("isblank", name), ("isIRI", NamedNode(H)), ("isURI", NamedNode(H))):
        text = sent(f"SELECT ?o {{ GRAPH ?g {{ ?s ?p ?o FILTER({test}(IF(true, ?o, (1)))) }} }}")
        assert [row["o"] for row in store.query(text)] == [found]
    assert "isBlank" in sent("SELECT * { ?s ?p 'isBlank(?x)' }")
    with pytest.raises(QueryRefusedError, match="BIND"):
        sent("ASK { ?s ?p ?o FILTER isBlank(isIRI(?o)) }")
    assert "<bnode:b0123456789abcdef0123>" in sent(f"ASK {{ {name} ?p ?o }}")
    with pytest.raises(QueryRefusedError):
        sent("ASK { <bnode:other> ?p ?o }")


def test_escapes_beyond_ascii_and_of_signs_are_sent_as_they_are() -> None:
    assert sent('SELECT * { ?s ?p "\\u00e9\\n\\"" }') == 'SELECT * { ?s ?p "\\u00e9\\n\\"" }'


def test_the_rewritten_text_asks_the_same_of_named_graphs() -> None:
    store = OxigraphStore.open(None)
    store.apply(Delta(added=(Quad(NamedNode(G), NamedNode(H), NamedNode(G), NamedNode(G)),)), 1)
    text = sent("SELECT ?s { GRAPH <http://example.org/g> { ?s ?p ?o } GRAPH <http://example.org/x> { ?a ?b ?c } }")
    assert list(store.query(text)) == []
