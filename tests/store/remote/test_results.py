"""Another server's results are read strictly: what is not as the recommendation says is an error, never a guess."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kgraph.errors import RemoteStoreError
from kgraph.rdf import BaseDirection, BlankNode, Literal, NamedNode, Triple
from kgraph.store.remote import results

pytestmark = pytest.mark.hostile
IRI = {"type": "uri", "value": "http://example.org/a"}


def document(*terms: Any, names: Any = ("x",)) -> bytes:
    bindings = [{"x": term} for term in terms]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def nested(depth: int) -> Any:
    term: Any = {"type": "literal", "value": "deep"}
    for _ in range(depth):
        term = {"type": "triple", "value": {"subject": IRI, "predicate": IRI, "object": term}}
    return term


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (IRI, NamedNode("http://example.org/a")),
        ({"type": "bnode", "value": "b0"}, BlankNode("b0")),
        ({"type": "literal", "value": "a\u0001\u2028"}, Literal("a\u0001\u2028")),
        ({"type": "literal", "value": "a", "xml:lang": "en"}, Literal("a", language="en")),
        (
            {"type": "literal", "value": "a", "xml:lang": "en", "its:dir": "ltr"},
            Literal("a", language="en", direction=BaseDirection("ltr")),
        ),
        (
            {"type": "typed-literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
            Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
        ),
        (nested(1), Triple(NamedNode(IRI["value"]), NamedNode(IRI["value"]), Literal("deep"))),
    ],
)
def test_each_kind_of_term_is_read(term: Any, expected: object) -> None:
    assert results.rows(document(term)) == [{"x": expected}]


def test_a_variable_that_is_not_bound_is_left_out() -> None:
    assert results.rows(b'{"head":{"vars":["x"]},"results":{"bindings":[{}]}}') == [{}]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{",
        b"{}",
        b'{"head":{},"results":{"bindings":[]}}',
        b'{"head":{"vars":"x"},"results":{"bindings":[]}}',
        b'{"head":{"vars":[1]},"results":{"bindings":[]}}',
        b'{"head":{"vars":["x"]},"results":{"bindings":{}}}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[[]]}}',
        b'{"head":{"vars":["x"]},"results":[]}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"y":{"type":"uri","value":"a:b"}}]}}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"\xff"}}]}}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"\\ud800"}}]}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_results_document_is_an_error(body: bytes) -> None:
    with pytest.raises(RemoteStoreError):
        results.rows(body)


@pytest.mark.parametrize(
    "term",
    [
        None,
        "a",
        {},
        {"type": "uri"},
        {"value": "a"},
        {"type": "iri", "value": "a:b"},
        {"type": ["uri"], "value": "a:b"},
        {"type": "uri", "value": 1},
        {"type": "uri", "value": ""},
        {"type": "uri", "value": "no iri"},
        {"type": "uri", "value": "http://a/\nb"},
        {"type": "uri", "value": "http://a/<b>"},
        {"type": "uri", "value": "a:b", "xml:lang": "en"},
        {"type": "bnode", "value": "a b"},
        {"type": "literal", "value": None},
        {"type": "literal", "value": "a", "xml:lang": "no language"},
        {"type": "literal", "value": "a", "xml:lang": 1},
        {"type": "literal", "value": "a", "xml:lang": "en", "its:dir": "up"},
        {"type": "literal", "value": "1", "datatype": "no iri"},
        {"type": "literal", "value": "1", "datatype": 1},
        {"type": "literal", "value": "1", "more": "1"},
        {"type": "triple", "value": "a"},
        {"type": "triple", "value": {"subject": IRI, "predicate": IRI}},
        {"type": "triple", "value": {"subject": {"type": "literal", "value": "a"}, "predicate": IRI, "object": IRI}},
        nested(65),
    ],
)
def test_what_is_no_term_is_an_error(term: Any) -> None:
    with pytest.raises(RemoteStoreError):
        results.rows(document(term))


@pytest.mark.parametrize(
    ("body", "expected"), [(b'{"head":{},"boolean":true}', True), (b'{"head":{},"boolean":false}', False)]
)
def test_the_answer_to_ask_is_a_boolean(body: bytes, expected: bool) -> None:
    assert results.truth(body) is expected


@pytest.mark.parametrize("body", [b'{"boolean":"true"}', b'{"boolean":1}', b"{}", b"true", b""])
def test_what_is_no_boolean_is_an_error(body: bytes) -> None:
    with pytest.raises(RemoteStoreError):
        results.truth(body)
