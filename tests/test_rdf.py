"""kgraph.rdf: strict reading, stable writing, canonical literals, the rdflib face."""

from __future__ import annotations

import itertools

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kgraph import formats, rdf
from kgraph.errors import ParameterError, RdfSyntaxError
from kgraph.rdf import DefaultGraph, Literal, NamedNode, Quad, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
A, B, C, G = (NamedNode(f"http://example.org/{name}") for name in "abcg")
PREFIXES = {"ex": "http://example.org/", "xsd": XSD}


def quads(text: str, format: formats.Format = formats.TURTLE, base: str | None = None) -> list[Quad]:
    return list(rdf.parse(text.encode(), format, file="f", base=base))


# ------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    ("format", "text"),
    [
        (formats.TURTLE, "<http://example.org/a> <http://example.org/b> <http://example.org/c> ."),
        (formats.NTRIPLES, "<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n"),
        (formats.NQUADS, "<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n"),
        (formats.TRIG, "{ <http://example.org/a> <http://example.org/b> <http://example.org/c> }"),
        (formats.JSONLD, '{"@id": "http://example.org/a", "http://example.org/b": {"@id": "http://example.org/c"}}'),
        (
            formats.RDFXML,
            f"""<rdf:RDF xmlns:rdf="{RDF}" xmlns:x="http://example.org/"><rdf:Description rdf:about="http://example.org/a">
            <x:b rdf:resource="http://example.org/c"/></rdf:Description></rdf:RDF>""",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, formats.Format) else "",
)
def test_each_syntax_is_read(format: formats.Format, text: str) -> None:
    assert quads(text, format) == [Quad(A, B, C, DefaultGraph())]


def test_graph_names_are_kept() -> None:
    assert quads("GRAPH <http://example.org/g> { <http://example.org/a> <http://example.org/b> 1 }", formats.TRIG) == [
        Quad(A, B, Literal(1), G)
    ]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert len(quads("\ufeff<urn:a> <urn:b> <urn:c> .")) == 1


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("<http://example.org/a b> <urn:b> <urn:c> .", 1, 1),
        ("<urn:a> <urn:b>\n  nope:c .", 2, 3),
        ('<urn:a> <urn:b> "x\ny" .', 1, 19),
        ("<relative> <urn:b> <urn:c> .", 1, 1),
        ('<urn:a> <urn:b> "x"@en- .', 1, 23),
        ('<urn:a> <urn:b>\n\n "\\uD800" .', 3, 3),
    ],
)
def test_a_syntax_error_names_file_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(RdfSyntaxError) as caught:
        quads(text)
    place = caught.value.place
    assert (place.file, place.line) == ("f", line)
    assert place.column == column
    assert "arser error" not in caught.value.reason
    assert caught.value.reason


def test_what_stands_before_an_error_is_handed_out_first() -> None:
    """Reading streams: the error comes where it is."""
    reader = rdf.parse(b"<urn:a> <urn:b> <urn:c> .\n oops", formats.TURTLE, file="f")
    assert str(next(reader)) == "<urn:a> <urn:b> <urn:c>"
    with pytest.raises(RdfSyntaxError):
        next(reader)


def test_relative_iris_are_resolved_against_the_base() -> None:
    assert quads("<a> <b> <c> .", base="http://example.org/") == [Quad(A, B, C)]


def test_a_base_that_is_no_iri_is_an_error() -> None:
    with pytest.raises(RdfSyntaxError, match="base IRI 'not one'"):
        quads("<a> <b> <c> .", base="not one")


def test_a_format_that_is_not_rdf_is_refused() -> None:
    with pytest.raises(ParameterError, match="not an RDF syntax"):
        quads("x", formats.GRAPHML)


def test_an_error_in_rdf_xml_names_its_line() -> None:
    text = f'<rdf:RDF xmlns:rdf="{RDF}">\n\n<rdf:Description rdf:about="http://a b"/>\n\n</rdf:RDF>'
    with pytest.raises(RdfSyntaxError) as caught:
        quads(text, formats.RDFXML)
    assert caught.value.place.line == 3


def test_latin_1_bytes_are_refused() -> None:
    with pytest.raises(RdfSyntaxError, match="UTF-8"):
        list(rdf.parse(b'<urn:a> <urn:b> "\xe9" .', formats.TURTLE, file="f"))


# ------------------------------------------------------------------ writing

SAMPLE = [
    Quad(A, B, C, G),
    Quad(A, B, Literal("x", language="en")),
    Quad(A, NamedNode(f"{RDF}type"), C),
    Quad(C, B, Literal("1", datatype=NamedNode(f"{XSD}decimal"))),
    Quad(C, B, Literal(True), G),
]


@pytest.mark.parametrize("format", formats.RDF, ids=lambda f: f.name)
def test_the_order_of_quads_does_not_show_in_the_bytes(format: formats.Format) -> None:
    written = {rdf.serialise(order, format, PREFIXES) for order in itertools.permutations(SAMPLE)}
    assert len(written) == 1


@pytest.mark.parametrize("format", formats.RDF, ids=lambda f: f.name)
def test_what_is_written_reads_back(format: formats.Format) -> None:
    written = rdf.serialise(SAMPLE, format, PREFIXES)
    again = set(rdf.parse(written, format, file="f"))
    assert again == (set(SAMPLE) if format.kind == "dataset" else {Quad(*quad.triple) for quad in SAMPLE})


@pytest.mark.parametrize("format", formats.RDF, ids=lambda f: f.name)
def test_nothing_can_be_written(format: formats.Format) -> None:
    assert list(rdf.parse(rdf.serialise([], format, PREFIXES), format, file="f")) == []


def test_the_same_triple_in_two_graphs_is_one_triple() -> None:
    written = rdf.serialise([Quad(A, B, C), Quad(A, B, C, G)], formats.NTRIPLES, {})
    assert written == b"<http://example.org/a> <http://example.org/b> <http://example.org/c> .\n"


def test_nquads_are_sorted_lines_each_once() -> None:
    written = rdf.nquads([Quad(C, B, A), Quad(A, B, C), Quad(C, B, A)])
    assert written.splitlines() == [
        b"<http://example.org/a> <http://example.org/b> <http://example.org/c> .",
        b"<http://example.org/c> <http://example.org/b> <http://example.org/a> .",
    ]


def test_rdf_xml_refuses_control_characters_and_says_what_would_do() -> None:
    with pytest.raises(ParameterError, match="ask for Turtle"):
        rdf.serialise([Quad(A, B, Literal("bell \x07"))], formats.RDFXML, {})


@pytest.mark.parametrize("iri", ["http://example.org/1/", "urn:1", "http://example.org/é#9"])
def test_rdf_xml_refuses_a_predicate_that_is_no_xml_name(iri: str) -> None:
    with pytest.raises(ParameterError, match="XML has no name for the predicate"):
        rdf.serialise([Quad(A, NamedNode(iri), C)], formats.RDFXML, {})


@pytest.mark.parametrize("iri", ["http://example.org/1/b2", "http://example.org/é", "http://example.org/a%20b"])
def test_rdf_xml_of_odd_predicates_is_read_by_rdflib(iri: str) -> None:
    graph = rdflib.Graph()
    graph.parse(data=rdf.serialise([Quad(A, NamedNode(iri), C)], formats.RDFXML, PREFIXES), format="xml")
    assert [str(predicate) for predicate in graph.predicates()] == [iri]


def test_json_ld_has_no_triple_terms_and_says_so() -> None:
    with pytest.raises(ParameterError, match=r"format=jsonld: .* ask for Turtle"):
        rdf.serialise([Quad(A, B, Triple(A, B, C))], formats.JSONLD, {})


@pytest.mark.parametrize("format", formats.RDF, ids=lambda f: f.name)
def test_prefixes_that_cannot_be_declared_are_left_out(format: formats.Format) -> None:
    odd = {"a b": "http://example.org/", "xmlx": "http://example.org/", "ok": "not an iri", "h": "http"}
    written = rdf.serialise([Quad(A, B, C)], format, odd)
    assert list(rdf.parse(written, format, file="f")) == [Quad(A, B, C)]


def test_a_format_that_is_not_rdf_is_not_written() -> None:
    with pytest.raises(ParameterError, match="not an RDF syntax"):
        rdf.serialise(SAMPLE, formats.CSV, {})


def test_the_order_is_graph_subject_predicate_object() -> None:
    ordered = sorted([Quad(A, B, C, G), Quad(C, B, A), Quad(A, B, C), Quad(A, A, C)], key=rdf.sort_key)
    assert ordered == [Quad(A, B, C, G), Quad(A, A, C), Quad(A, B, C), Quad(C, B, A)]


# ------------------------------------------------------------------ literals


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(f"{XSD}{datatype}"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (typed("1.0", "decimal"), typed("1", "decimal")),
        (typed("007", "integer"), typed("7", "integer")),
        (typed("5", "byte"), typed("5", "integer")),
        (typed("1", "boolean"), typed("true", "boolean")),
        (typed("2020-01-01T00:00:00+00:00", "dateTime"), typed("2020-01-01T00:00:00Z", "dateTime")),
    ],
    ids=lambda literal: literal.value,
)
def test_literals_become_what_the_store_would_give_back(before: Literal, after: Literal) -> None:
    done, rewrites = rdf.canonical([Quad(A, B, before)])
    assert done == [Quad(A, B, after)]
    assert [row.count for row in rewrites] == [1]


@pytest.mark.parametrize(
    "literal", [typed("abc", "integer"), Literal(" x "), Literal("x", language="en"), typed("1", "x")]
)
def test_other_literals_stay(literal: Literal) -> None:
    assert rdf.canonical([Quad(A, B, literal)]) == ([Quad(A, B, literal)], [])


def test_rewrites_are_grouped_and_the_most_frequent_comes_first() -> None:
    given_ = [Quad(NamedNode(f"urn:{n}"), B, typed("1.0", "decimal")) for n in range(3)]
    _, rewrites = rdf.canonical([Quad(A, B, typed("01", "integer")), *given_])
    assert [(row.before, row.after, row.count) for row in rewrites] == [
        ('"1.0"^^xsd:decimal', '"1"^^xsd:decimal', 3),
        ('"01"^^xsd:integer', '"1"^^xsd:integer', 1),
    ]


def test_a_long_report_of_rewrites_is_summed_up() -> None:
    _, rewrites = rdf.canonical([Quad(A, B, typed(f"{n}.0", "decimal")) for n in range(250)])
    assert len(rewrites) == 101
    assert rewrites[-1].before == "other literals"
    assert sum(row.count for row in rewrites) == 250


def test_quads_that_become_the_same_are_one() -> None:
    done, _ = rdf.canonical([Quad(A, B, typed("1.0", "decimal")), Quad(A, B, typed("1", "decimal"))])
    assert done == [Quad(A, B, typed("1", "decimal"))]


def test_literals_inside_triple_terms_are_made_canonical() -> None:
    plain = Quad(A, B, Triple(A, B, C))
    done, _ = rdf.canonical([Quad(A, B, Triple(A, B, typed("01", "integer"))), plain])
    assert done == [Quad(A, B, Triple(A, B, typed("1", "integer"))), plain]


NUMERIC = st.sampled_from(
    ["integer", "decimal", "double", "float", "boolean", "byte", "dateTime", "date", "gYear", "duration"]
)
LEXICAL = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[+-]?[0-9]{0,25}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.from_regex(
        r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][01][0-9]:00)?",
        fullmatch=True,
    ),
    st.from_regex(r"-?P([0-9]{1,3}Y)?([0-9]{1,3}M)?(T[0-9]{1,3}S)?", fullmatch=True),
)


@given(LEXICAL, NUMERIC)
def test_canonical_literals_stay_as_they_are(lexical: str, datatype: str) -> None:
    once, _ = rdf.canonical([Quad(A, B, typed(lexical, datatype))])
    assert rdf.canonical(once) == (once, [])
    store = pyoxigraph.Store()
    store.extend(once)
    assert list(store) == once


# ------------------------------------------------------------------ rdflib
