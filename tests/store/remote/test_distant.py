"""Questions and changes on a graph that another server keeps: asked from children, each answer of one generation."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kgraph
from kgraph import formats
from kgraph.changing import Document
from kgraph.errors import LimitError, QueryRefusedError, QuerySyntaxError, RemoteStoreError, UnknownFunctionError
from kgraph.settings import Settings
from kgraph.sparql.service import SparqlService
from kgraph.store.remote import naming
from kgraph.store.remote.address import Address
from kgraph.store.remote.server import Server
from kgraph.store.remote.store import RemoteStore

EX = "PREFIX ex: <http://example.org/> "
FILLED = EX + "INSERT DATA { GRAPH ex:g { ex:a ex:b 1, 2, 'x'@en . ex:c ex:b true } GRAPH ex:h { ex:a ex:b 1 } }"
SERVERS = ["oxigraph_server", "virtuoso_server"]


@pytest.fixture(scope="module", params=SERVERS)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[kgraph.KnowledgeGraph, kgraph.KnowledgeGraph]]:
    """A graph on a server, and the same in a folder."""
    server = request.getfixturevalue(request.param)
    place = tmp_path_factory.mktemp("distant")
    before = RemoteStore.open(server.store, server.user, server.password)
    before.clear()
    before.close()
    far = Settings(
        data=place / "far", store=server.store, store_user=server.user, store_password=server.password, readers=1
    )
    near = Settings(data=place / "near", readers=1)
    opened = kgraph.KnowledgeGraph.open  # bare: an ontology takes its time on the way
    with opened(far.data, far, bare=True) as one, opened(near.data, near, bare=True) as other:
        yield one, other


def graphs(graph: kgraph.KnowledgeGraph) -> set[str]:
    with graph._generations.quads(graph.generation) as quads:
        return {str(quad) for quad in quads if "example.org" in str(quad.graph_name)}


def test_updates_come_to_what_they_come_to_here(pair: tuple[kgraph.KnowledgeGraph, kgraph.KnowledgeGraph]) -> None:
    for text in (
        FILLED,
        FILLED,
        EX + "DELETE { GRAPH ex:g { ?s ?p ?o } } INSERT { GRAPH ex:i { ?s ex:had ?o } } "
        "WHERE { GRAPH ex:g { ?s ?p ?o FILTER(isNumeric(?o) && ?o > 1) } }",
        EX + "DELETE DATA { GRAPH ex:g { ex:c ex:b true . ex:c ex:b false } }",
        EX + "INSERT DATA { GRAPH ex:j { ex:n ex:b 7 } } ; "
        "INSERT { GRAPH ex:k { ?s ex:b ?o } } WHERE { GRAPH ex:j { ?s ?p ?o } }",
        EX + "WITH ex:h DELETE { ?s ?p ?o } WHERE { ?s ?p ?o } ; DROP GRAPH ex:i",
        EX + "COPY ex:g TO ex:l",
    ):
        reports = [graph.update(text) for graph in pair]
        assert (reports[0].added, reports[0].removed, reports[0].created, reports[0].dropped) == (
            reports[1].added,
            reports[1].removed,
            reports[1].created,
            reports[1].dropped,
        )
        assert graphs(pair[0]) == graphs(pair[1])
    assert pair[0].get_graph("http://example.org/k").body == pair[1].get_graph("http://example.org/k").body
    assert all(finding.ok for finding in pair[0]._folder.doctor())


@pytest.mark.parametrize(
    ("query", "format"),
    [
        ("SELECT ?s ?o { GRAPH ex:q { ?s ex:b ?o } } ORDER BY ?s ?o", "csv"),
        ("SELECT (COUNT(*) AS ?n) FROM ex:q { ?s ?p ?o }", "tsv"),
        ("SELECT ?g { GRAPH ?g { ex:a ex:b 'x' } }", "json"),
        ("SELECT ?g FROM NAMED ex:none { GRAPH ?g { ?s ?p ?o } }", "json"),
        ("ASK { ex:a ex:b 'x' }", "xml"),
        ("CONSTRUCT { ?s ex:c ?o } WHERE { GRAPH ex:q { ?s ex:b ?o } }", "ntriples"),
    ],
)
def test_answers_are_those_of_a_graph_here(
    pair: tuple[kgraph.KnowledgeGraph, kgraph.KnowledgeGraph], query: str, format: str
) -> None:
    answers = []
    for graph in pair:
        graph.update(EX + "INSERT DATA { GRAPH ex:q { ex:a ex:b 'x' . ex:b ex:b 'y'@en } }")
        found = graph.sparql(EX + query, format=format)
        assert found.generation == graph.generation
        body = found.body.decode()
        answers.append(json.loads(body)["results"] if format == "json" else sorted(body.split("\n")))
    assert answers[0] == answers[1]


def test_what_does_not_parse_or_may_not_be_asked_is_told_as_here(
    pair: tuple[kgraph.KnowledgeGraph, kgraph.KnowledgeGraph],
) -> None:
    far, near = pair
    told = []
    for graph in (far, near):
        with pytest.raises(QuerySyntaxError) as caught:
            graph.sparql("SELECT * {\n ?s ?p ?o FILTER( }")
        told.append((caught.value.reason, caught.value.line, caught.value.column))
        with pytest.raises(QueryRefusedError):
            graph.sparql("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        with pytest.raises(UnknownFunctionError, match="bif:concat"):
            graph.sparql("SELECT (<bif:concat>('a') AS ?x) {}")
        with pytest.raises(UnknownFunctionError, match="urn:f"):
            graph.update(EX + "INSERT { GRAPH ex:f { ?s ?p ?x } } WHERE { ?s ?p ?o BIND(<urn:f>(?o) AS ?x) }")
    assert told[0] == told[1]
    with pytest.raises(QueryRefusedError, match="not sent on"):
        far.sparql("SELECT * { ?s <java:com.example.Evil> ?o }")


def test_blank_nodes_are_blank_nodes_there_too(pair: tuple[kgraph.KnowledgeGraph, kgraph.KnowledgeGraph]) -> None:
    document = Document(b"[] <http://example.org/b> <http://example.org/c>, [], 'bnode:b' .", formats.TURTLE)
    told = []
    for graph in pair:
        graph.put_graph("http://example.org/blank", document)

        def asked(query: str, format: str, base: str | None = None, *, of: kgraph.KnowledgeGraph = graph) -> str:
            return of.sparql(EX + query, format=format, base=base).body.decode()

        rows = asked("SELECT ?s ?o { GRAPH ex:blank { ?s ex:b ?o } } ORDER BY STR(?o)", "csv")
        label = rows.split("\r\n")[1].partition(",")[0]
        assert re.fullmatch("_:b[0-9a-f]{20}", label)
        told += [
            rows,
            asked("SELECT ?o { GRAPH ex:blank { ?s ex:b ?o FILTER isBlank( ?o ) } }", "tsv"),
            asked("SELECT ?o { GRAPH ex:blank { ?s ex:b ?o FILTER(!isIRI(?s) && isURI(?o)) } }", "tsv"),
            asked(f"ASK {{ GRAPH ex:blank {{ <bnode:{label[2:]}> ex:b ?o }} }}", "xml"),
            "\n".join(
                sorted(asked("CONSTRUCT { ?s ex:d ?o } { GRAPH ex:blank { ?s ex:b ?o } }", "ntriples").split("\n"))
            ),
            asked("SELECT (COUNT(*) AS ?n) { GRAPH <blank> { ?s <b> ?o } }", "tsv", "http://example.org/x"),
        ]
        report = graph.update(EX + "WITH ex:blank DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER isBLANK(?o) }")
        assert report.removed == 1
    half = len(told) // 2
    assert told[:half] == told[half:]
    assert told[2] == "?o\n<http://example.org/c>\n"
    assert told[5].split() == ["?n", "3"]


def test_nothing_of_others_on_the_server_is_seen(
    pair: tuple[kgraph.KnowledgeGraph, kgraph.KnowledgeGraph],
) -> None:
    far = pair[0]
    store = far._folder.store
    assert isinstance(store, RemoteStore)
    store.server.update(["INSERT DATA { GRAPH <urn:others> { <urn:o> <urn:o> <urn:o> } }"])
    try:
        for text in (
            "ASK { <urn:o> ?p ?o }",
            "ASK { GRAPH ?g { <urn:o> ?p ?o } }",
            "ASK { GRAPH <urn:others> { <urn:o> ?p ?o } }",
            "ASK FROM <urn:others> { <urn:o> ?p ?o }",
            f"ASK {{ GRAPH <{naming.OWN}> {{ ?s ?p ?o }} }}",
        ):
            assert json.loads(far.sparql(text).body)["boolean"] is False
        assert json.loads(far.sparql("ASK { <urn:o> ?p ?o }", default_graph_uri="urn:others").body)["boolean"] is False
    finally:
        store.server.update(["DROP SILENT GRAPH <urn:others>"])


# ------------------------------------------------------------------ on a server that does what a test wants


def at(url: str) -> RemoteStore:
    return RemoteStore(Server.at(Address.read(f"sparql+{url}/"), None, None, 10))


@pytest.fixture
def standing(said: Callable[..., bytes]) -> Callable[..., bytes]:
    """What a server says of where the store stands."""

    def make(state: str) -> bytes:
        rows = [(naming.STATE, "literal", state), (naming.GRAPH, "uri", "urn:g"), (naming.TERMS, "literal", "kept")]
        bindings = [{"p": {"type": "uri", "value": p}, "o": {"type": kind, "value": o}} for p, kind, o in rows]
        return said(json.dumps({"head": {"vars": ["p", "o"]}, "results": {"bindings": bindings}}).encode())

    return make


@pytest.fixture
def service() -> Iterator[Callable[..., SparqlService]]:
    made: list[SparqlService] = []

    def make(url: str, **settings: float) -> SparqlService:
        made.append(SparqlService(at(url), Settings(readers=1, **settings)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_an_answer_is_of_one_generation_though_the_graph_goes_on(
    answering: Callable[..., object], said: Callable[..., bytes], standing: Callable[..., bytes], service: object
) -> None:
    truth = said(b'{"head": {"vars": ["kgraph_row"]}, "results": {"bindings": []}}')
    told = answering(standing("1 a"), truth, standing("2 b changing"), standing("2 b"), truth, standing("2 b"))
    assert service(told.url).query("ASK {}").generation == 2  # type: ignore[attr-defined,operator]
    assert len(told.requests) == 6  # type: ignore[attr-defined]


def test_the_request_to_the_server_ends_with_the_deadline(
    answering: Callable[..., object], standing: Callable[..., bytes], service: object
) -> None:
    ended: list[float] = []

    def never(connection: socket.socket, request: bytes) -> None:
        connection.settimeout(20)
        assert connection.recv(1) == b""
        ended.append(time.monotonic())

    told = answering(standing("1 a"), never)
    asked = service(told.url, query_timeout=1.0)  # type: ignore[attr-defined,operator]
    asked_at = time.monotonic()
    with pytest.raises(LimitError) as caught:
        asked.query("ASK { ?s ?p ?o }")
    assert caught.value.limit == "query_timeout"
    while not ended and time.monotonic() < asked_at + 5:
        time.sleep(0.01)
    assert 0.9 < ended[-1] - asked_at < 4  # a child, and what it imports, has to come up first


@pytest.mark.parametrize(
    ("answer", "status", "expected"),
    [
        (b"I do not like it", "400 Bad Request", QueryRefusedError),
        (b"it broke", "500 Internal Server Error", RemoteStoreError),
        (b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"y": 1}]}}', "200 OK", RemoteStoreError),
        (b'{"boolean": true, "pad": "' + b"x" * 2_000_000 + b'"}', "200 OK", LimitError),
    ],
)
def test_what_a_server_answers_amiss_is_a_typed_error(
    answering: Callable[..., object],
    said: Callable[..., bytes],
    standing: Callable[..., bytes],
    service: object,
    answer: bytes,
    status: str,
    expected: type[Exception],
) -> None:
    told = answering(standing("1 a"), said(answer, status))
    with pytest.raises(expected):
        service(told.url, query_bytes=1_000_000).query("ASK {}")  # type: ignore[attr-defined,operator]


def test_a_redirect_is_not_followed(
    answering: Callable[..., object], said: Callable[..., bytes], standing: Callable[..., bytes], service: object
) -> None:
    other = answering(said(b'{"head": {"vars": []}, "results": {"bindings": []}}'))
    told = answering(standing("1 a"), said(b"", "302 Found", Location=other.url))  # type: ignore[attr-defined]
    with pytest.raises(RemoteStoreError):
        service(told.url).query("ASK {}")  # type: ignore[attr-defined,operator]
    assert other.requests == []  # type: ignore[attr-defined]


def test_a_server_that_is_gone_is_said_to_be(service: object, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(RemoteStoreError):
            service(url).query("ASK {}")  # type: ignore[operator]
