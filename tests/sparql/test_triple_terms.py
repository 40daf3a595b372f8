"""Triple terms of RDF 1.2: through glance, guard and children, in every form of query and every format of answer."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from kgraph import formats, rdf
from kgraph.errors import ParameterError, QueryRefusedError
from kgraph.rdf import Literal, NamedNode, Quad, Triple
from kgraph.sparql import glance
from kgraph.sparql.service import SparqlService
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

EX = "http://e.org/"
REIFIES = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")
READ = ("", "# the guard reads this\n")
PREFIX = f"PREFIX ex: <{EX}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "


def ex(name: str) -> NamedNode:
    return NamedNode(EX + name)


SAID = Triple(ex("a"), ex("p"), Literal("x, y", language="en"))
DEEP = Triple(ex("b"), ex("p"), Triple(ex("c"), ex("p"), Literal(1)))


@pytest.fixture
def asked(service: Callable[..., SparqlService]) -> SparqlService:
    store = OxigraphStore.open(None)
    graph = ex("g")
    triples = [
        (ex("r"), REIFIES, SAID),
        (ex("r"), ex("by"), ex("w")),
        (ex("a"), ex("p"), SAID.object),
        (ex("deep"), REIFIES, DEEP),
    ]
    store.apply(Delta(tuple(Quad(*triple, graph) for triple in triples)), 1)
    return service(store)


@pytest.mark.parametrize("remark", READ)
@pytest.mark.parametrize(
    ("pattern", "bound"),
    [
        ("?r rdf:reifies <<( ex:a ex:p ?o )>>", {"r": "r", "o": "x, y"}),
        ("<< ?s ex:p ?o ~ ?r >> ex:by ?w", {"s": "a", "o": "x, y", "r": "r", "w": "w"}),
        ("<< ex:a ?p 'x, y'@en >> ex:by ?w", {"p": "p", "w": "w"}),
        ("?s ex:p ?o ~ ?r {| ex:by ?w |}", {"s": "a", "o": "x, y", "r": "r", "w": "w"}),
        ("?s ex:p ?o {| ex:by ?w |}", {"s": "a", "o": "x, y", "w": "w"}),
        ("?r rdf:reifies <<( ?a ?b <<( ?c ?d 1 )>> )>>", {"r": "deep", "a": "b", "b": "p", "c": "c", "d": "p"}),
        ("BIND(SUBJECT(TRIPLE(ex:a, ex:p, ex:o)) AS ?s)", {"s": "a"}),
        ("?r rdf:reifies ?t FILTER(isTRIPLE(OBJECT(?t))) BIND(PREDICATE(OBJECT(?t)) AS ?p)", {"r": "deep", "p": "p"}),
        ("VALUES ?t { <<( ex:a ex:p 'x, y'@en )>> } ?r rdf:reifies ?t", {"r": "r"}),
    ],
)
def test_a_pattern_with_triple_terms_is_answered(
    pattern: str, bound: dict[str, str], remark: str, asked: SparqlService
) -> None:
    text = f"{remark}{PREFIX}SELECT * {{ {pattern} }}"
    assert (glance.form(text) is None) is bool(remark)
    (row,) = json.loads(asked.query(text).body)["results"]["bindings"]
    told = {name: term["value"].removeprefix(EX) for name, term in row.items() if term["type"] != "triple"}
    assert told == bound


TERM = f"{PREFIX}SELECT ?t {{ ?r rdf:reifies ?t }} ORDER BY ?r"


def test_a_triple_term_in_json(asked: SparqlService) -> None:
    _, row = json.loads(asked.query(TERM, format="json").body)["results"]["bindings"]
    literal = {"type": "literal", "value": "x, y", "xml:lang": "en"}
    uris = {name: {"type": "uri", "value": EX + value} for name, value in (("subject", "a"), ("predicate", "p"))}
    assert row == {"t": {"type": "triple", "value": {**uris, "object": literal}}}


def test_a_triple_term_in_xml(asked: SparqlService) -> None:
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(asked.query(TERM, format="xml").body)
    deep, flat = root.iterfind(f".//{space}binding/{space}triple")
    assert [f"{space}subject", f"{space}predicate", f"{space}object"] == [part.tag for part in flat]
    assert [part[0].text for part in flat] == [f"{EX}a", f"{EX}p", "x, y"]
    assert deep.findtext(f"{space}object/{space}triple/{space}subject/{space}uri") == f"{EX}c"


def test_a_triple_term_in_tsv_is_one_of_turtle(asked: SparqlService) -> None:
    body = asked.query(TERM, format="tsv").body.decode()
    terms = [line.rstrip("\n") for line in body.splitlines()[1:]]
    read = [rdf.parse(f"<urn:r> <{REIFIES.value}> {term} .".encode(), formats.TURTLE, file="t") for term in terms]
    assert [next(quads).object for quads in read] == [DEEP, SAID]


def test_a_triple_term_in_csv_is_one_field_whatever_its_texts_hold(asked: SparqlService) -> None:
    rows = list(csv.reader(io.StringIO(asked.query(TERM, format="csv").body.decode(), newline="")))
    assert rows == [["t"], [f"{EX}b {EX}p {EX}c {EX}p 1"], [f"{EX}a {EX}p x, y"]]


@pytest.mark.parametrize("format", ["turtle", "ntriples", "trig", "nquads", "rdfxml"])
@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?r rdf:reifies ?t ; ex:by ?w } WHERE { ?r rdf:reifies ?t ; ex:by ?w }",
        "CONSTRUCT { << ?s ?p ?o ~ ?r >> ex:by ?w } WHERE { << ?s ?p ?o ~ ?r >> ex:by ?w }",
        "DESCRIBE ex:r",
    ],
)
def test_a_graph_with_triple_terms_is_read_back_as_it_is(query: str, format: str, asked: SparqlService) -> None:
    answer = asked.query(PREFIX + query, format=format)
    read = {quad.triple for quad in rdf.parse(answer.body, formats.named(format, formats.RDF), file="answer")}
    assert read == {Triple(ex("r"), REIFIES, SAID), Triple(ex("r"), ex("by"), ex("w"))}


def test_an_annotation_in_a_template_states_and_reifies(asked: SparqlService) -> None:
    query = f"{PREFIX}CONSTRUCT {{ ?s ?p ?o ~ ?r {{| ex:by ?w |}} }} WHERE {{ << ?s ?p ?o ~ ?r >> ex:by ?w }}"
    read = {quad.triple for quad in rdf.parse(asked.query(query).body, formats.TURTLE, file="answer")}
    assert read == {SAID, Triple(ex("r"), REIFIES, SAID), Triple(ex("r"), ex("by"), ex("w"))}


def test_json_ld_which_has_no_triple_terms_is_refused_with_what_would_do(asked: SparqlService) -> None:
    with pytest.raises(ParameterError, match="ask for Turtle"):
        asked.query(f"{PREFIX}DESCRIBE ex:r", format="jsonld")


@pytest.mark.hostile
@pytest.mark.parametrize("remark", READ)
def test_triple_terms_nested_too_deep_never_reach_a_child(remark: str, asked: SparqlService) -> None:
    nested: Any = "1"
    for _ in range(120):
        nested = f"<<( ex:a ex:p {nested} )>>"
    with pytest.raises(QueryRefusedError) as refused:
        asked.query(f"{remark}{PREFIX}ASK {{ ?s ?p {nested} }}")
    assert refused.value.rule == "depth"
