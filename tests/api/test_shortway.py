"""Plain queries go the short way, and nobody can tell: against a service in a process of its own."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import httpx2
import pytest

LOOKUP = "SELECT ?p ?o { <https://w3id.org/kgraph/id/ioc> ?p ?o }"
LONG_WAY = {"If-None-Match": '"another"'}  # a condition is the routes' business


@pytest.fixture
def client(service: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=service, timeout=60) as client:
        yield client


def counted(client: httpx2.Client) -> dict[str, int]:
    found = re.findall(
        r'^kgraph_requests_total\{route="/sparql",method="GET",status="(\d+)"\} (\d+)$', metrics(client), re.MULTILINE
    )
    return {status: int(count) for status, count in found}


def metrics(client: httpx2.Client) -> str:
    return client.get("/metrics").text


@pytest.mark.parametrize("accept", ["*/*", "text/csv", "text/turtle, application/sparql-results+xml;q=0.5"])
@pytest.mark.parametrize("query", [LOOKUP, "ASK {}", "CONSTRUCT { <a:b> <a:c> 'é+&' } {}"])
def test_both_ways_answer_the_same(client: httpx2.Client, query: str, accept: str) -> None:
    address = f"/sparql?query={quote(query, safe='')}"
    asked = {"Accept": accept, "X-Request-ID": "same"}
    short, long = client.get(address, headers=asked), client.get(address, headers=asked | LONG_WAY)
    assert (short.status_code, short.content) == (long.status_code, long.content)
    told = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in (short, long)]
    assert told[0] == told[1]
    if short.status_code == 200:
        assert client.get(address, headers=asked | {"If-None-Match": short.headers["etag"]}).status_code == 304


def test_it_is_the_short_way(client: httpx2.Client) -> None:
    """The order of headers is not the routes': else everything here would compare the routes with themselves."""
    address = f"/sparql?query={quote(LOOKUP)}"
    short, long = client.get(address), client.get(address, headers=LONG_WAY)
    assert list(short.headers) != list(long.headers)
    assert "content-length" in list(short.headers)[:2]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT ?s { ?s ?p }", 400),
        ("SELECT ('\\u0007' AS ?x) {}", 200),
        ("SELECT ?s ?t ?u ?v { ?s ?p ?o . ?t ?q ?n . ?u ?r ?m . ?v ?w ?l }", 503),
        ("%ff", 400),
    ],
)
def test_what_does_not_succeed_is_told_by_the_routes(client: httpx2.Client, query: str, status: int) -> None:
    before = counted(client)
    answer = client.get(f"/sparql?query={query if query == '%ff' else quote(query)}", timeout=60)
    assert answer.status_code == status
    assert status == 200 or answer.headers["content-type"] == "application/problem+json"
    after = counted(client)
    assert after.pop(str(status)) == before.pop(str(status), 0) + 1
    assert after == before


def test_requests_sent_at_once_are_answered_in_their_order(service: str) -> None:
    address = urlsplit(service)
    assert address.hostname
    assert address.port
    asked = b"".join(
        b"GET /sparql?query=SELECT%%20(%d%%20AS%%20?x)%%20%%7B%%7D HTTP/1.1\r\nHost: here\r\nAccept: text/csv\r\n%b\r\n"
        % (number, b"Connection: close\r\n" if number == 19 else b'If-None-Match: "x"\r\n' if number % 3 == 1 else b"")
        for number in range(20)
    )
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(asked)
        answered = b""
        while data := connection.recv(65536):
            answered += data
    assert [int(number) for number in re.findall(rb"\r\n\r\nx\r\n(\d+)\r\n", answered)] == list(range(20))


def test_who_leaves_meanwhile_harms_nobody(service: str, client: httpx2.Client) -> None:
    address = urlsplit(service)
    for _ in range(10):
        with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=20) as connection:
            connection.sendall(b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: here\r\n\r\n")
    assert client.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_relative_iri_is_resolved_as_the_routes_do(service: str, client: httpx2.Client) -> None:
    address = f"/sparql?query={quote('SELECT (<a> AS ?x) {}')}"
    short, long = client.get(address), client.get(address, headers=LONG_WAY)
    assert short.json() == long.json()
    assert short.json()["results"]["bindings"][0]["x"]["value"] == f"{service}/a"
