"""kgraph.ingest.table.things: which cell is which thing, and what new things are called."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.ingest.table.things import slug
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Harbour & Lake Trust (1999)", "harbour-lake-trust-1999"),
        ("Müller-Lüdenscheidt", "muller-ludenscheidt"),
        ("Ærø", "aero"),
        ("Łódź", "lodz"),
        ("  a  ", "a"),
        ("--", "thing-"),
        ("東京", "thing-"),
        ("x" * 200, "x" * 80 + "-"),
    ],
)
def test_a_label_becomes_a_slug(label: str, name: str) -> None:
    assert slug(label).startswith(name)
    assert slug(label) == name or re.fullmatch(r"[0-9a-f]{8}", slug(label).removeprefix(name))


@given(st.text())
def test_any_text_has_a_slug_and_always_the_same(label: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", slug(label.encode("utf-8", "replace").decode()))


def test_labels_with_one_slug_are_two_things(desk: Any) -> None:
    """The first of the table has it; the others carry a hash of their own, whatever their order."""
    table = desk.load([("C", "opposes", "C++"), ("C#", "opposes", "C")])
    ns = table.namespaces
    names = {
        label: ns.compress(table.terms[place]) for label, place in zip(table.entity_label, table.entity, strict=True)
    }
    assert names["C"] == "id:c"
    assert re.fullmatch(r"id:c-[0-9a-f]{8}", names["C++"])
    assert re.fullmatch(r"id:c-[0-9a-f]{8}", names["C#"])
    assert len(set(names.values())) == 3


def test_white_space_and_composition_make_no_difference(desk: Any) -> None:
    table = desk.load([("Lake  Trust", "opposes", " Cafe\u0301"), ("Lake\nTrust", "opposes", "Caf\u00e9")])
    assert sorted(table.entity_label) == ["Caf\u00e9", "Lake Trust"]


def test_what_the_graph_has_is_used_by_label_slug_curie_and_iri(desk: Any) -> None:
    first = desk.load([("Lake Trust", "opposes", "Mill Club")])
    names = ["Lake Trust", "lake-trust", "id:lake-trust", "https://w3id.org/kgraph/id/lake-trust"]
    names.append("<https://w3id.org/kgraph/id/lake-trust>")
    table = desk.load([(name, "opposes", "Mill Club") for name in names])
    assert len(table.entity) == 0
    assert {table.terms[place] for place in table.subject} == {first.namespaces.expand("id:lake-trust")}


def test_a_label_that_only_looks_alike_is_something_else(desk: Any) -> None:
    desk.load([("Lake Trust", "opposes", "Mill Club")])
    table = desk.load([("LAKE TRUST", "opposes", "Mill Club")])
    assert table.entity_label == ("LAKE TRUST",)
    assert re.fullmatch(r"id:lake-trust-[0-9a-f]{8}", table.namespaces.compress(table.terms[table.entity[0]]))


def test_a_label_that_several_things_have_is_refused(desk: Any) -> None:
    desk.load([("ex:a", "opposes", "B"), ("ex:b", "opposes", "B")], mapping="prefixes: {ex: http://example.org/x/}")
    desk.load([("http://example.org/1/a", "opposes", "B")])
    assert desk.refused([("a", "opposes", "B"), ("B", "opposes", "C")]) == [
        "t.csv:2: subject: 2 things are called 'a': give the IRI (http://example.org/1/a, http://example.org/x/a)"
    ]


def test_a_new_iri_is_called_by_its_last_part(desk: Any) -> None:
    table = desk.load([("http://example.org/people#Ann%20Lee", "opposes", "wd:Q42")])
    assert dict(zip([table.terms[e] for e in table.entity], table.entity_label, strict=True)) == {
        "http://example.org/people#Ann%20Lee": "Ann Lee",
        "http://www.wikidata.org/entity/Q42": "Q42",
    }


def test_a_text_with_a_colon_is_a_label_unless_its_prefix_is_known(desk: Any) -> None:
    table = desk.load([("Note: a club", "opposes", "toll:north")])
    assert sorted(table.entity_label) == ["Note: a club", "toll:north"]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("<not an iri>", "is not an IRI"),
        ("http://a/%zz", "is not an IRI"),
        ("https://w3id.org/kgraph/graph/claims", "one of kgraph's own graphs"),
        ("kg:Person", "a term of the ontology"),
        ("kgs:no-such-code", "a term of the ontology"),
        ("id:Not A Slug", None),
        ("id:Capital", "no name of a thing"),
        ("id:claim-0123456789abcdef0123", "no name of a thing"),
        ("bell\x07", "holds a control character"),
    ],
)
def test_what_can_name_no_thing_is_refused(desk: Any, cell: str, reason: str | None) -> None:
    found = desk.refused([(cell, "opposes", "B"), ("A", "opposes", "B")])
    assert ([reason in told for told in found] if reason else found) == ([True] if reason else [])


def test_with_known_labels_only_nothing_new_is_made(desk: Any) -> None:
    desk.load([("Lake Trust", "opposes", "Mill Club")])
    rows = [
        ("Lake Trust", "opposes", "Mill Club"),
        ("Lake Trust", "opposes", "Toll"),
        ("id:toll", "opposes", "Mill Club"),
    ]
    assert desk.refused(rows, mapping="labels: known") == [
        "t.csv:3: object: nothing in the graph is called 'Toll'",
        "t.csv:4: subject: nothing in the graph has the name id:toll",
    ]


def test_what_the_graph_only_mentions_is_not_taken_for_a_new_thing(desk: Any) -> None:
    """Foreign RDF may speak of an IRI without saying what it is."""
    node, other = (NamedNode(desk.state.namespaces.expand(name)) for name in ("id:toll", "urn:p"))
    desk.state.store.apply(Delta((Quad(node, other, other, NamedNode("urn:g")),)), 2)
    assert desk.refused([("A", "opposes", "id:toll"), ("A", "opposes", "B")]) == [
        "t.csv:2: object: the graph says something of id:toll, but not what it is: describe it first"
    ]
    table = desk.load([("A", "opposes", "Toll")])
    assert re.fullmatch(r"id:toll-[0-9a-f]{8}", table.namespaces.compress(table.terms[table.object[0]]))


def test_a_label_that_would_be_named_like_a_record_gets_another_name(desk: Any) -> None:
    table = desk.load([("Claim 0123456789abcdef0123", "opposes", "B")])
    assert table.terms[table.subject[0]].rpartition("/")[2].startswith("claim-0123456789abcdef0123-")
