"""Literals and content ids."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph import rdf
from kgraph.ingest.statements import Statements, content_id
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad


@pytest.fixture(scope="module")
def out(namespaces: Namespaces) -> Statements:
    return Statements(namespaces)


parts = st.lists(st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=4)


@given(parts, parts)
def test_two_nodes_have_one_id_only_when_they_hold_the_same(one: list[object], other: list[object]) -> None:
    same = [(type(part), part) for part in one] == [(type(part), part) for part in other]
    assert (content_id("qty", one) == content_id("qty", other)) is same


def test_an_id_is_its_kind_and_twenty_hex_digits() -> None:
    kind, digits = content_id("claim", ["a"]).split("-")
    assert (kind, len(digits), int(digits, 16) > 0) == ("claim", 20, True)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_number_is_written_as_the_store_would_give_it_back(value: Decimal) -> None:
    out = Statements(Namespaces("urn:x/", {"xsd": "http://www.w3.org/2001/XMLSchema#"}))
    literal = out.number(value)
    assert literal is not None
    node = NamedNode("urn:a")
    assert rdf.canonical([Quad(node, node, literal)])[1] == []
    assert Decimal(literal.value) == value


def test_a_whole_number_may_be_asked_for_as_a_decimal(out: Statements) -> None:
    literal = out.number(Decimal("1.0"), "xsd:decimal")
    assert literal is not None
    assert (literal.value, literal.datatype.value) == ("1", "http://www.w3.org/2001/XMLSchema#decimal")


def test_what_is_not_given_is_not_stated(namespaces: Namespaces) -> None:
    out = Statements(namespaces)
    out.add("claims", "id:a", [("kg:earliest", out.day(None)), ("kg:sliceHash", out.plain(None))])
    assert out.quads == ()


def test_a_quad_said_twice_is_kept_once_in_the_graph_named(namespaces: Namespaces) -> None:
    out = Statements(namespaces)
    day = out.day(datetime.date(2011, 5, 1))
    out.add("claims", "id:a", [("kg:earliest", day), ("kg:earliest", day)])
    assert [str(q.graph_name) for q in out.quads] == ["<https://w3id.org/kgraph/graph/claims>"]
