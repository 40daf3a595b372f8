"""The client: what it asks, and that every way of failing is a RemoteError in words."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx2
import pytest

from kgraph.client.http import HttpGraph, accept
from kgraph.errors import ParameterError, RemoteError

Handler = Callable[[httpx2.Request], httpx2.Response]


def client(handler: Handler) -> HttpGraph:
    return HttpGraph("http://service/", transport=httpx2.MockTransport(handler))


def echo(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"path": request.url.path, "asked": request.url.params.multi_items()})


@pytest.mark.parametrize(
    ("verb", "names", "path", "asked"),
    [
        ("search", ("IATP",), "/search", [["q", "IATP"]]),
        ("entity", ("ioc",), "/entity", [["id", "ioc"]]),
        ("neighbourhood", ("ioc",), "/neighbourhood", [["entity", "ioc"]]),
        ("paths", ("a", ["b", "c"]), "/paths", [["source", "a"], ["target", "b"], ["target", "c"]]),
        ("connect", (["a", "b"],), "/connect", [["entity", "a"], ["entity", "b"]]),
        ("timeline", ("ioc",), "/timeline", [["entity", "ioc"]]),
        ("compare", ("ioc",), "/compare", [["entity", "ioc"]]),
        ("claim", ("id:claim-1",), "/claim", [["id", "id:claim-1"]]),
        ("sources", (), "/sources", []),
        ("source", ("article-01",), "/source", [["id", "article-01"]]),
    ],
)
def test_a_verb_is_the_route_of_its_name(
    verb: str, names: tuple[object, ...], path: str, asked: list[list[str]]
) -> None:
    with client(echo) as graph:
        assert getattr(graph, verb)(*names) == {"path": path, "asked": asked}


def test_options_are_parameters_repeated_where_they_are_several() -> None:
    with client(echo) as graph:
        asked = graph.neighbourhood("ioc", hops=2, said_by=["a", "b"], modality=None, min_confidence=0.5)["asked"]
    assert asked == [["entity", "ioc"], ["hops", "2"], ["said_by", "a"], ["said_by", "b"], ["min_confidence", "0.5"]]


def test_sparql_is_posted_as_a_form_with_its_dataset() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.method == "POST"
        return httpx2.Response(
            200, text=f"{request.content.decode()} {request.headers['accept']}", headers={"content-type": "text/csv"}
        )

    with client(answer) as graph:
        document = graph.sparql("ASK {}", format="csv", named_graph_uri=["http://g/"])
    assert document.media_type == "text/csv"
    assert document.body == b"query=ASK+%7B%7D&named-graph-uri=http%3A%2F%2Fg%2F text/csv"


@pytest.mark.parametrize(
    ("format", "header"),
    [
        (None, "application/sparql-results+json, text/turtle;q=0.9"),
        ("json", "application/sparql-results+json"),
        ("xml", "application/sparql-results+xml, application/rdf+xml"),
        ("turtle,csv", "text/turtle, text/csv"),
    ],
)
def test_a_format_is_asked_for_by_its_media_types(format: str | None, header: str) -> None:
    assert set(accept(format).split(", ")) == set(header.split(", "))


def test_an_unknown_format_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ParameterError, match="known are"):
        accept("docx")


def test_an_export_comes_in_pieces() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.url.params.multi_items() == [("format", "turtle"), ("hops", "2"), ("rdf12", "true")]
        return httpx2.Response(200, content=b"@prefix a: <http://a/> .")

    with client(answer) as graph:
        assert b"".join(graph.export("ttl", hops=2, rdf12=True)) == b"@prefix a: <http://a/> ."


PROBLEM = {"title": "Not found", "status": 404, "detail": "no entity is called 'x'", "suggestions": []}


def refuse(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(404, content=json.dumps(PROBLEM), headers={"content-type": "application/problem+json"})


def test_a_refusal_keeps_the_services_words() -> None:
    with client(refuse) as graph:
        for ask in (lambda: graph.entity("x"), lambda: graph.sparql("ASK {}"), lambda: list(graph.export())):
            with pytest.raises(RemoteError, match="no entity is called 'x'") as refused:
                ask()
            assert (refused.value.status, refused.value.problem) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx2.Response(502, text="<html>bad gateway</html>"), "service answered 502"),
        (httpx2.Response(500, json=["no problem"]), "service answered 500"),
        (httpx2.Response(302, headers={"location": "http://elsewhere/"}), "service answered 302"),
        (httpx2.Response(200, text="hello"), "does not speak as kgraph does"),
        (httpx2.Response(200, json=[1]), "does not speak as kgraph does"),
    ],
)
def test_what_is_no_kgraph_service_is_told_so(response: httpx2.Response, words: str) -> None:
    with client(lambda _: response) as graph, pytest.raises(RemoteError, match=words):
        graph.search("x")


def test_silence_is_a_remote_error_with_the_address() -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("connection refused", request=request)

    with client(fail) as graph:
        with pytest.raises(RemoteError, match="http://service does not answer: connection refused"):
            graph.search("x")
        with pytest.raises(RemoteError, match="does not answer"):
            list(graph.export())


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"http://127\.0\.0\.1:8000"):
        HttpGraph("localhost:8000")
