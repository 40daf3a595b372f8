"""kgraph.turtle: one text for a set of triples, for people, for diffs and for every reader."""

from __future__ import annotations

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kgraph import formats, rdf
from kgraph.rdf import BlankNode, Literal, NamedNode, Quad, Triple, turtle
from kgraph.turtle import trig

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PREFIXES = {"ex": "http://example.org/", "sub": "http://example.org/sub/", "xsd": XSD}


def ex(name: str) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def text(*triples: Triple, prefixes: dict[str, str] = PREFIXES) -> str:
    return b"".join(turtle(triples, prefixes)).decode()


def body(*triples: Triple, prefixes: dict[str, str] = PREFIXES) -> str:
    return "".join(
        line for line in text(*triples, prefixes=prefixes).splitlines(True) if not line.startswith("@prefix")
    )


def object_(term: object) -> str:
    return body(Triple(ex("s"), ex("p"), term)).strip().removeprefix("ex:s ex:p ").removesuffix(" .")  # type: ignore[arg-type]


def test_a_block_a_subject_types_first_then_predicates_and_objects_in_order() -> None:
    written = text(
        Triple(ex("b"), ex("p"), ex("o")),
        Triple(ex("a"), ex("q"), Literal("x")),
        Triple(ex("a"), ex("p"), ex("o2")),
        Triple(ex("a"), ex("p"), ex("o1")),
        Triple(ex("a"), TYPE, ex("Z")),
        Triple(ex("a"), TYPE, ex("Y")),
    )
    assert written == (
        "@prefix ex: <http://example.org/> .\n"
        "\n"
        "ex:a a ex:Y ,\n"
        "        ex:Z ;\n"
        "    ex:p ex:o1 ,\n"
        "        ex:o2 ;\n"
        '    ex:q "x" .\n'
        "\n"
        "ex:b ex:p ex:o .\n"
    )


def test_a_large_file_leaves_in_pieces_of_whole_characters() -> None:
    triples = [Triple(ex(f"s{n}"), ex("p"), Literal("é" * 100)) for n in range(1000)]
    pieces = list(turtle(triples, PREFIXES))
    assert len(pieces) > 5
    assert all(piece.decode() for piece in pieces)


def test_no_triples_are_no_bytes() -> None:
    assert text() == ""


def test_only_prefixes_that_are_used_are_declared_in_order() -> None:
    written = text(
        Triple(ex("s"), ex("p"), Literal("1", datatype=NamedNode(f"{XSD}date"))), prefixes={**PREFIXES, "b": "urn:b:"}
    )
    assert written.startswith(f"@prefix ex: <http://example.org/> .\n@prefix xsd: <{XSD}> .\n\n")


def test_the_longest_namespace_wins() -> None:
    assert object_(ex("sub/x")) == "sub:x"


@pytest.mark.parametrize("local", ["a/b", "", "a.", ".a", "é", "a%20b", "-a", "a,b", "a:b"])
def test_a_name_that_would_need_escapes_is_written_in_full(local: str) -> None:
    assert object_(ex(local)) == f"<http://example.org/{local}>"


@pytest.mark.parametrize("prefix", ["1x", "a b", "x.", "é", "a:"])
def test_a_prefix_that_turtle_cannot_say_is_left_out(prefix: str) -> None:
    assert "@prefix" not in text(Triple(ex("s"), ex("p"), ex("o")), prefixes={prefix: "http://example.org/"})


def test_the_empty_prefix_is_used() -> None:
    assert body(Triple(ex("s"), ex("p"), ex("o")), prefixes={"": "http://example.org/"}).strip() == ":s :p :o ."


@pytest.mark.parametrize(
    ("value", "datatype", "written"),
    [
        ("5", "integer", "5"),
        ("-5", "integer", "-5"),
        ("+5", "integer", '"+5"^^xsd:integer'),
        ("05", "integer", '"05"^^xsd:integer'),
        ("-0", "integer", '"-0"^^xsd:integer'),
        ("9" * 5000, "integer", f'"{"9" * 5000}"^^xsd:integer'),
        ("0.9", "decimal", "0.9"),
        ("0.90", "decimal", '"0.90"^^xsd:decimal'),
        ("1", "decimal", '"1"^^xsd:decimal'),
        ("true", "boolean", "true"),
        ("1", "boolean", '"1"^^xsd:boolean'),
        ("1.0E5", "double", '"1.0E5"^^xsd:double'),
        ("x", "string", '"x"'),
    ],
)
def test_numbers_are_bare_only_where_every_reader_gives_them_back(value: str, datatype: str, written: str) -> None:
    assert object_(Literal(value, datatype=NamedNode(f"{XSD}{datatype}"))) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('say "hi"', r'"say \"hi\""'),
        ("back\\slash", r'"back\\slash"'),
        ("two\nlines\r\tand tab", r'"two\nlines\r\tand tab"'),
        ("bell\x07", r'"bell\u0007"'),
        ("right\u202eleft", r'"right\u202Eleft"'),
        ("\ufeffmark", r'"\uFEFFmark"'),
        ("中文 é 😀", '"中文 é 😀"'),
    ],
)
def test_strings_are_escaped_and_hidden_characters_shown(value: str, written: str) -> None:
    assert object_(Literal(value)) == written


def test_language_direction_and_triple_terms_are_written() -> None:
    assert object_(Literal("x", language="en-gb")) == '"x"@en-gb'
    assert object_(Literal("x", language="ar", direction=pyoxigraph.BaseDirection.RTL)) == '"x"@ar--rtl'
    assert object_(Triple(ex("a"), ex("b"), Literal(1))) == "<<( ex:a ex:b 1 )>>"


def test_objects_are_iris_then_blank_nodes_then_literals_then_triple_terms() -> None:
    terms = [Triple(ex("a"), ex("b"), ex("c")), Literal("l"), BlankNode("b"), ex("o")]
    written = body(*(Triple(ex("s"), ex("p"), term) for term in terms))
    assert written.index("ex:o") < written.index("_:b") < written.index('"l"') < written.index("<<(")


def test_trig_has_the_default_graph_first_then_each_graph() -> None:
    quads = [
        Quad(ex("s"), ex("p"), ex("o"), ex("g")),
        Quad(ex("s"), ex("q"), ex("o"), ex("g")),
        Quad(ex("s"), ex("p"), ex("o")),
    ]
    assert b"".join(trig(quads, PREFIXES)).decode() == (
        "@prefix ex: <http://example.org/> .\n"
        "\n"
        "ex:s ex:p ex:o .\n"
        "\n"
        "ex:g {\n"
        "    ex:s ex:p ex:o ;\n"
        "        ex:q ex:o .\n"
        "}\n"
    )


# ------------------------------------------------------------------ any triple, two readers

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LOCAL = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Co", "Cn", "Cf"], exclude_characters='<>"{}|^`\\[]%'
    ),
    max_size=8,
)


@st.composite
def iris(draw: st.DrawFn) -> NamedNode:
    start = draw(st.sampled_from(["http://example.org/", "http://example.org/sub/", "urn:x:", f"{XSD}"]))
    try:
        return NamedNode(start + draw(LOCAL))
    except ValueError:  # a few characters are refused as IRIs: take one that is not
        return NamedNode(f"{start}x")


LITERALS = st.one_of(
    st.builds(Literal, ANY_TEXT),
    st.builds(
        lambda value, language: Literal(value, language=language),
        ANY_TEXT,
        st.sampled_from(["en", "zh-hant", "de-ch-1996"]),
    ),
    st.builds(lambda value, datatype: Literal(value, datatype=datatype), ANY_TEXT, iris()),
    st.builds(
        lambda value, name: Literal(value, datatype=NamedNode(f"{XSD}{name}")),
        st.from_regex(r"[+-]?[0-9]{0,30}(\.[0-9]{0,5})?([eE][0-9])?|true|false", fullmatch=True),
        st.sampled_from(["integer", "decimal", "double", "boolean"]),
    ),
)
TRIPLES = st.sets(st.builds(Triple, iris(), iris(), st.one_of(iris(), LITERALS)), max_size=8)


@given(TRIPLES)
def test_any_triples_read_back_and_write_again_the_same(triples: set[Triple]) -> None:
    written = b"".join(turtle(triples, PREFIXES))
    again = [quad.triple for quad in rdf.parse(written, formats.TURTLE, file="f")]
    assert set(again) == triples
    assert b"".join(turtle(reversed(again), PREFIXES)) == written


@given(TRIPLES)
def test_rdflib_reads_the_same_triples(triples: set[Triple]) -> None:
    """Term by term; rdflib rewrites lexical forms of numbers it understands, so those are compared as it has them."""
    graph = rdflib.Graph()
    graph.parse(data=b"".join(turtle(triples, PREFIXES)), format="turtle")

    def seen(term: object) -> rdflib.term.Node:
        if isinstance(term, NamedNode):
            return rdflib.URIRef(term.value)
        assert isinstance(term, Literal)
        datatype = (
            None if term.language or term.datatype.value == f"{XSD}string" else rdflib.URIRef(term.datatype.value)
        )
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype)

    def plain(term: rdflib.term.Node) -> rdflib.term.Node:
        untyped = isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.string
        return rdflib.Literal(str(term)) if untyped else term

    expected = {(seen(s), seen(p), seen(o)) for s, p, o in triples}
    assert {(s, p, plain(o)) for s, p, o in graph} == expected
