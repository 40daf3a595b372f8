"""The SPARQL protocol: three ways to ask, media types, refusals."""

from __future__ import annotations

import asyncio
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from kgraph.errors import ParameterError, QuerySyntaxError
from kgraph.formats import RDF, named
from kgraph_api.app import create_app

SELECT = "SELECT * WHERE { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


@pytest.mark.parametrize(
    ("accept", "name", "media_type"),
    [
        ("*/*", "sparql-json", "application/sparql-results+json"),
        ("application/json", "sparql-json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "sparql-xml", "application/sparql-results+xml"),
        ("text/csv", "sparql-csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "sparql-tsv", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml", "sparql-xml", "application/sparql-results+xml"),
    ],
)
def test_rows_come_in_the_media_type_asked_for(client: Any, fake: Any, accept: str, name: str, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept})
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-kgraph-generation"] == "7"
    assert name in fake.last("sparql")[1]["format"].split(",")


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "turtle"),
        ("application/n-triples", "ntriples"),
        ("application/ld+json", "jsonld"),
        ("application/rdf+xml", "rdfxml"),
        ("application/trig", "trig"),
    ],
)
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <http://e.org/>"])
def test_graphs_come_in_the_syntax_asked_for(client: Any, fake: Any, query: str, accept: str, name: str) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.headers["content-type"] == named(name, RDF).content_type
    assert name in fake.last("sparql")[1]["format"].split(",")


@pytest.mark.parametrize(
    ("asked", "media_type"),
    [
        ({"format": "csv"}, "text/csv; charset=utf-8"),
        ({"format": "json", "output": "json", "results": "json"}, "application/sparql-results+json"),
        ({"output": "application/sparql-results+xml"}, "application/sparql-results+xml"),
        ({"format": "docx"}, "text/tab-separated-values; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_format_may_be_asked_for_by_name_as_the_clients_of_others_do(
    client: Any, method: str, asked: dict[str, str], media_type: str
) -> None:
    fields = {"params" if method == "get" else "data": {"query": SELECT, **asked}}
    headers = {"Accept": "text/tab-separated-values"}
    assert getattr(client, method)("/sparql", headers=headers, **fields).headers["content-type"] == media_type


def test_rows_are_not_offered_as_turtle_nor_graphs_as_csv(client: Any) -> None:
    assert client.get("/sparql", params={"query": SELECT}, headers={"Accept": "text/turtle"}).status_code == 406
    answer = client.get("/sparql", params={"query": "DESCRIBE <a:b>"}, headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert "answered in turtle" in answer.json()["detail"]


def test_a_parameter_that_does_not_fit_is_called_as_it_was_sent(client: Any, fake: Any) -> None:
    fake.fails = ParameterError("default_graph_uri", "x", "give an absolute IRI")
    answer = client.get("/sparql", params={"query": SELECT, "default-graph-uri": "x"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "default-graph-uri")


def test_nothing_acceptable_is_said_before_the_query_runs(client: Any, fake: Any) -> None:
    answer = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert not fake.asked


def test_three_ways_to_ask_hand_on_the_same(client: Any, fake: Any) -> None:
    dataset = "default-graph-uri=http://e.org/a%2525&default-graph-uri=http://e.org/b&named-graph-uri=http://e.org/c"
    query = 'SELECT * WHERE { ?s ?p "100%25 + ö" }'
    client.get(f"/sparql?query={quote(query)}&{dataset}")
    client.post("/sparql", content=f"query={quote(query)}&{dataset}".encode(), headers=FORM)
    client.post(f"/sparql?{dataset}", content=query.encode(), headers=DIRECT)
    first, second, third = [rest for name, *rest in fake.asked if name == "sparql"]
    assert first == second == third
    assert first[0] == (query,)
    assert first[1]["default_graph_uri"] == ("http://e.org/a%25", "http://e.org/b")
    assert first[1]["named_graph_uri"] == ("http://e.org/c",)


def test_the_dataset_of_a_form_may_stand_in_the_address(client: Any, fake: Any) -> None:
    client.post("/sparql?default-graph-uri=http://e.org/a", content=f"query={quote(SELECT)}".encode(), headers=FORM)
    assert fake.last("sparql")[1]["default_graph_uri"] == ("http://e.org/a",)


@pytest.mark.parametrize(
    ("method", "address", "content", "headers", "status"),
    [
        ("GET", "/sparql?update=CLEAR%20ALL", None, {}, 400),
        ("POST", "/sparql", b"update=CLEAR%20ALL", FORM, 400),
        ("POST", "/sparql", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 415),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400),
        ("GET", "/sparql?querry=ASK%7B%7D", None, {}, 400),
        ("GET", "/sparql?query=%ff", None, {}, 400),
        ("POST", "/sparql", b"", FORM, 400),
        ("POST", "/sparql", b"query=\xff", FORM, 400),
        ("POST", "/sparql", b"\xff\xfe", DIRECT, 400),
        ("POST", "/sparql?query=ASK%7B%7D", b"ASK {}", DIRECT, 400),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "application/sparql-query; charset=utf-16"}, 415),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", b"ASK {}", {}, 415),
        ("PUT", "/sparql", b"ASK {}", DIRECT, 405),
    ],
)
def test_what_the_protocol_does_not_allow_is_a_problem(
    client: Any, fake: Any, method: str, address: str, content: bytes | None, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, address, content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert not fake.asked


def test_a_charset_of_utf_8_is_taken(client: Any) -> None:
    headers = {"Content-Type": 'application/sparql-query; charset="UTF-8"'}
    assert client.post("/sparql", content=SELECT.encode(), headers=headers).status_code == 200


def test_a_query_that_does_not_parse_names_line_and_column(client: Any, fake: Any) -> None:
    fake.fails = QuerySyntaxError("a bracket is open", 2, 5, "WHERE {")
    body = client.get("/sparql", params={"query": SELECT}).json()
    assert (body["line"], body["column"], body["text"]) == (2, 5, "WHERE {")


def test_without_a_query_the_service_describes_itself(client: Any) -> None:
    answer = client.get("/sparql", headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.text == "service description in jsonld of http://testserver/sparql"


def test_a_browser_gets_a_page_to_ask_on(client: Any, html: dict[str, str]) -> None:
    page = client.get("/sparql", headers=html)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<textarea name="query"' in page.text


def test_a_browser_sees_rows_as_a_table(client: Any, fake: Any, html: dict[str, str]) -> None:
    fake.rows = {"?s": [{"s": "javascript:alert(1)", "o": "<b>x</b>"}, {"s": "http://e.org/x"}]}
    page = client.get("/sparql", params={"query": SELECT}, headers=html).text
    assert '<a href="http://e.org/x"' in page
    assert 'href="javascript' not in page
    assert "&lt;b&gt;x" in page


def test_a_browser_sees_yes_and_a_graph_as_turtle(client: Any, html: dict[str, str]) -> None:
    assert "Yes" in client.get("/sparql", params={"query": "ASK {}"}, headers=html).text
    page = client.get("/sparql", params={"query": "DESCRIBE <a:b>"}, headers=html).text
    assert re.search("<pre[^>]*>&lt;http://example.org/s&gt;", page)


def test_queries_that_wait_do_not_keep_the_verbs_waiting(fake: Any, settings: Any) -> None:
    """More slow queries than there are threads for everything: a verb is answered meanwhile."""
    begun, done = threading.Event(), threading.Event()
    answer = fake.sparql_async

    async def slow(query: str, **kwargs: Any) -> Any:
        begun.set()
        while not done.is_set():
            await asyncio.sleep(0.01)
        return await answer(query, **kwargs)

    fake.sparql_async = slow
    with TestClient(create_app(settings, fake)) as client, ThreadPoolExecutor(60) as pool:
        waiting = [pool.submit(client.get, "/sparql", params={"query": SELECT}) for _ in range(50)]
        assert begun.wait(20)
        assert client.get("/entity?id=ioc").status_code == 200
        done.set()
        assert {one.result().status_code for one in waiting} == {200}


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "1e9", "1&timeout=2", "٣"])
def test_a_time_that_is_none_is_refused(timeout: str, client: Any) -> None:
    answer = client.get(f"/sparql?query=ASK%7B%7D&timeout={timeout}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "timeout")


def test_a_client_may_ask_for_less_time(client: Any, fake: Any) -> None:
    client.get("/sparql?query=ASK%7B%7D&timeout=2.5")
    assert fake.last("sparql")[1]["timeout"] == 2.5


def test_a_dataset_without_a_query_is_refused(client: Any) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        answer = client.get("/sparql", params={name: "http://e.org/"})
        assert (answer.status_code, answer.json()["parameter"]) == (400, "query")


def test_bytes_that_are_no_utf_8_are_told_without_our_inside(client: Any) -> None:
    detail = client.get("/sparql?query=%FF").json()["detail"]
    assert "b'" not in detail
    assert "codec" not in detail


@pytest.mark.parametrize("call", ["NOW()", "rand()", "UUID()", "struuid ()", "\\u004EOW()"])
def test_an_answer_that_may_differ_each_time_is_never_not_modified(client: Any, call: str) -> None:
    asked = {"params": {"query": f"SELECT ({call} AS ?x) {{}}"}}
    first = client.get("/sparql", **asked)
    assert first.headers["cache-control"] == "no-store"
    assert client.get("/sparql", headers={"If-None-Match": first.headers["etag"]}, **asked).status_code == 200
    assert client.get("/sparql", headers={"If-None-Match": "*"}, **asked).status_code == 200


def test_the_page_offers_the_example_queries(client: Any) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    assert "A &lt;b&gt;question&lt;/b&gt;</a>: what it shows" in page
    assert f"/sparql?query={quote('ASK { ?s ?p 1 }')}" in page
