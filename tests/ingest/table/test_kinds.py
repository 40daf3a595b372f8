"""kgraph.ingest.table.kinds: new things are of the class their relations leave them; what does not fit is refused."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.store.claimtable import ClaimTable

TYPED = ("subject", "subject_type", "predicate", "object", "object_type")


def kinds(table: ClaimTable) -> dict[str, str]:
    return {
        label: table.terms[kind].rpartition("#")[2]
        for label, kind in zip(table.entity_label, table.entity_type, strict=True)
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("A", "opposes", "B")], {"A": "Entity", "B": "Entity"}),
        ([("A", "basedIn", "B")], {"A": "Agent", "B": "Place"}),
        ([("A", "hasMember", "B")], {"A": "Organisation", "B": "Agent"}),
        ([("A", "supports", "B")], {"A": "Agent", "B": "Entity"}),
        ([("A", "supports", "B"), ("A", "signedBy", "C")], {"A": "Document", "B": "Entity", "C": "Agent"}),
        ([("A", "holdsPost", "B"), ("C", "hasMember", "A")], {"A": "Person", "B": "Post", "C": "Organisation"}),
        ([("A", "opposes", "B"), ("B", "heldIn", "C")], {"A": "Entity", "B": "Event", "C": "Place"}),
    ],
)
def test_a_new_thing_is_what_all_its_relations_can_join(
    desk: Any, rows: list[tuple[str, str, str]], expected: dict[str, str]
) -> None:
    assert kinds(desk.load(rows)) == expected


def test_what_the_table_says_of_a_class_holds_and_its_relations_may_narrow_it(desk: Any) -> None:
    rows = [("A", "Organisation", "opposes", "B", "Event"), ("C", "Agent", "holdsPost", "D", "")]
    assert kinds(desk.load(rows, TYPED)) == {"A": "Organisation", "B": "Event", "C": "Person", "D": "Post"}


def test_speakers_relays_and_sources_are_agents_and_documents_unless_they_are_more(desk: Any) -> None:
    header = ("subject", "predicate", "object", "said_by", "via", "source")
    table = desk.load([("A", "opposes", "B", "Ann", "Wire", "Echo"), ("Ann", "holdsPost", "P", "", "", "")], header)
    assert kinds(table) == {
        "A": "Entity", "B": "Entity", "Ann": "Person", "P": "Post", "Wire": "Agent", "Echo": "Document"
    }  # fmt: skip


def test_a_row_that_cannot_be_of_the_same_thing_is_refused_and_the_earlier_one_stays(desk: Any) -> None:
    rows = [("A", "basedIn", "B"), ("A", "heldIn", "C"), ("A", "basedIn", "D")]
    assert desk.refused(rows) == ["t.csv:3: subject: is Agent, and the relation takes Event"]


def test_a_row_that_says_another_class_is_refused(desk: Any) -> None:
    rows = [("A", "Person", "opposes", "B", ""), ("A", "Event", "opposes", "C", ""), ("A", "Agent", "opposes", "C", "")]
    assert desk.refused(rows, TYPED) == ["t.csv:3: subject_type: is Person, and the row says Event"]


def test_what_the_graph_knows_of_a_thing_holds(desk: Any) -> None:
    desk.load([("A", "Event", "opposes", "B", "Person")], TYPED)
    assert desk.refused([("A", "basedIn", "C"), ("B", "basedIn", "C")]) == [
        "t.csv:2: subject: is Event, and the relation takes Agent"
    ]


def test_what_may_be_many_things_is_asked_for(desk: Any) -> None:
    assert desk.refused([("C", "supportsWith", "D"), ("E", "opposes", "F")]) == [
        "t.csv:2: subject: may be Finding, Statement or Topic: say which in a column subject_type, or as its default"
    ]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("Persn", "'Persn' is no class of the ontology; did you mean Person?"),
        ("Claim", "is no class of things a table can make"),
    ],
)
def test_a_class_there_is_not_is_refused(desk: Any, kind: str, reason: str) -> None:
    (told,) = desk.refused([("A", kind, "opposes", "B", ""), ("C", "", "opposes", "B", "")], TYPED)
    assert told.startswith("t.csv:2: subject_type: ")
    assert reason in told
