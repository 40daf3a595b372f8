"""kgraph.ingest.plain: triples come as they are, none of kgraph's own language, in a graph of their own."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph import formats, rdf
from kgraph.errors import EmptyInputError, InputError, ParameterError, RdfSyntaxError, UnknownFormatError
from kgraph.ingest import plain
from kgraph.ingest.pipeline import State
from kgraph.model import LoadReport
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

Read = Callable[..., tuple[LoadReport, list[Quad]]]
A, P, B = (NamedNode(f"http://example.org/{name}") for name in "apb")
TRIPLE = b"<http://example.org/a> <http://example.org/p> <http://example.org/b> .\n"


@pytest.fixture
def read(state: State, tmp_path: Path) -> Read:
    def read(content: bytes, name: str = "t.nt", graph: str | None = None) -> tuple[LoadReport, list[Quad]]:
        file = tmp_path / name
        file.write_bytes(content)
        report = plain.write(file, tmp_path / "lines.nq", graph, state)
        quads = list(rdf.parse((tmp_path / "lines.nq").read_bytes(), formats.NQUADS, file="lines"))
        return report, quads

    return read


def test_triples_go_to_a_graph_named_by_the_hash_of_their_file(read: Read, state: State) -> None:
    report, quads = read(TRIPLE)
    graph = NamedNode(f"{state.namespaces.id}plain-{hashlib.sha256(TRIPLE).hexdigest()[:20]}")
    assert quads == [Quad(A, P, B, graph)]
    assert (report.added, report.claims, report.committed) == (1, 0, False)


@pytest.mark.parametrize("graph", ["http://example.org/g", "id:mine", "mine"])
def test_triples_go_to_the_graph_that_is_named(read: Read, state: State, graph: str) -> None:
    _, quads = read(TRIPLE, graph=graph)
    assert [quad.graph_name for quad in quads] == [NamedNode(state.namespaces.expand(graph))]


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        ("https://w3id.org/kgraph/graph/claims", "kgraph's own"),
        ("https://w3id.org/kgraph/graph/new", "kgraph's own"),
        ("a b", "not an IRI"),
    ],
)
def test_a_graph_that_is_not_the_users_is_refused(read: Read, graph: str, reason: str) -> None:
    with pytest.raises(ParameterError, match=reason):
        read(TRIPLE, graph=graph)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.nt", TRIPLE),
        ("t.nq", TRIPLE),
        ("t.ttl", b"@prefix : <http://example.org/> . :a :p :b ."),
        ("t.trig", b"@prefix : <http://example.org/> . :a :p :b ."),
        ("t.jsonld", b'{"@id": "http://example.org/a", "http://example.org/p": {"@id": "http://example.org/b"}}'),
        ("t.nt", b"\xef\xbb\xbf" + TRIPLE),
        ("t.nt", TRIPLE.strip()),
    ],
)
def test_every_syntax_is_read(read: Read, name: str, content: bytes) -> None:
    _, quads = read(content, name)
    assert [quad.triple for quad in quads] == [Quad(A, P, B).triple]


def test_named_graphs_of_the_file_are_kept(read: Read) -> None:
    _, quads = read(TRIPLE.replace(b" .\n", b" <http://example.org/g> .\n") + TRIPLE, "t.nq", graph="mine")
    assert sorted(quad.graph_name.value for quad in quads) == [
        "http://example.org/g",
        "https://w3id.org/kgraph/id/mine",
    ]  # type: ignore[union-attr]


def test_blank_nodes_get_the_same_iris_at_every_reading(read: Read) -> None:
    content = b"_:x <http://example.org/p> _:y .\n_:y <http://example.org/p> _:x <http://example.org/g> .\n"
    report, quads = read(content, "t.nq")
    again = read(content, "t.nq")[1]
    assert report.skolemised == 2
    assert quads == again
    names = {term.value for quad in quads for term in (quad.subject, quad.object)}  # type: ignore[union-attr]
    assert len(names) == 2
    assert all(name.startswith("https://w3id.org/kgraph/id/bn-") for name in names)
    other = read(content + b"\n", "t.nq")[1]
    assert names.isdisjoint(term.value for quad in other for term in (quad.subject, quad.object))  # type: ignore[union-attr]


def test_blank_nodes_of_turtle_and_of_triple_terms_are_named_too(read: Read) -> None:
    report, quads = read(b"@prefix : <http://example.org/> . :a :p [ :p _:b ] .", "t.ttl")
    assert report.skolemised == 2
    _, terms = read(b"<http://example.org/a> <http://example.org/p> <<( _:b <http://example.org/p> _:b )>> .\n")
    assert not any(list(rdf.blank_nodes(quad)) for quad in (*quads, *terms))


def test_a_graph_without_a_name_gets_one(read: Read) -> None:
    _, quads = read(b"<urn:a> <urn:p> <urn:b> _:g .\n", "t.nq")
    assert quads[0].graph_name.value.startswith("https://w3id.org/kgraph/id/bn-")  # type: ignore[union-attr]


def test_a_file_that_is_not_there_is_refused(state: State, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        plain.write(tmp_path / "none.nt", tmp_path / "lines.nq", None, state)


def test_literals_are_made_canonical_and_that_is_told(read: Read) -> None:
    report, quads = read(b'<urn:a> <urn:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')
    assert [quad.object.value for quad in quads] == ["1"]  # type: ignore[union-attr]
    assert [(r.before, r.after, r.count) for r in report.rewrites] == [('"01"^^xsd:integer', '"1"^^xsd:integer', 1)]


def test_what_the_graph_has_is_not_written_again(read: Read, state: State) -> None:
    _, quads = read(TRIPLE)
    assert isinstance(state.store, OxigraphStore)
    state.store.apply(Delta(tuple(quads)), 2)
    report, again = read(TRIPLE)
    assert (report.added, report.unchanged, again) == (0, 1, [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"<urn:a> <https://w3id.org/kgraph/ns#hasMember> <urn:b> .", "the terms of kg: are for claims"),
        (b"<urn:a> <https://w3id.org/kgraph/ns#nonsense> <urn:b> .", "the terms of kg: are for claims"),
        (
            b"<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/kgraph/ns#Claim> .",
            "the terms of kg: are for claims",
        ),
        (b"<https://w3id.org/kgraph/ns#hasMember> <urn:p> <urn:b> .", "is kgraph's own: nothing can be said of it"),
        (b"<https://w3id.org/kgraph/graph/claims> <urn:p> <urn:b> .", "is kgraph's own: nothing can be said of it"),
        (b"<urn:a> <urn:p> <urn:b> <https://w3id.org/kgraph/graph/claims> .", "is kgraph's own: name one of yours"),
    ],
)
def test_kgraphs_own_language_is_refused(read: Read, line: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read(TRIPLE + line + b"\n", "t.nq")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (TRIPLE * 50_000 + b"<urn:a> <urn:p> .\n", "t.nt:50001"),
        (TRIPLE * 3 + b"<urn:a> <urn:p> <not an iri> .\n", "t.nt:4"),
        (TRIPLE * 3 + b'<urn:a> <urn:p> "open .\n', "t.nt:4"),
        (
            TRIPLE * 20_000 + b"<urn:a> <urn:p> " + b"<<( <urn:a> <urn:p> " * 70 + b"<urn:b>" + b" )>>" * 70 + b" .\n",
            "t.nt:20001",
        ),
    ],
)
def test_what_does_not_parse_is_told_with_its_line(read: Read, content: bytes, place: str) -> None:
    with pytest.raises(RdfSyntaxError) as caught:
        read(content)
    assert place in str(caught.value.place)


@pytest.mark.hostile
def test_a_line_without_end_is_refused_before_it_is_in_memory(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kgraph.syntax.MAX_LINE", 300_000)
    with pytest.raises(RdfSyntaxError, match="the line is longer than"):
        read(b'<urn:a> <urn:p> "' + b"x" * 1_000_000)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("t.nt", b"", EmptyInputError),
        ("t.nt", b"# nothing\n", EmptyInputError),
        ("t.yaml", b"kgraph: 1\n", InputError),
        ("t.bin", b"\x00\x01", UnknownFormatError),
    ],
)
def test_what_holds_no_triples_is_refused(read: Read, name: str, content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(content, name)


@pytest.mark.slow
def test_a_long_file_takes_no_more_memory_than_a_short_one(state: State, tmp_path: Path) -> None:
    peaks = []
    for count in (20_000, 120_000):
        with (tmp_path / "t.nt").open("wb") as file:
            file.writelines(b'<urn:a:%d> <urn:p> "%d" .\n' % (n, n) for n in range(count))
        tracemalloc.start()
        plain.write(tmp_path / "t.nt", tmp_path / "lines.nq", None, state)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
