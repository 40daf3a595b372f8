"""kgraph.ingest.table.standing: what demands, measures, allegations and groups need beyond their relations."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.ingest.validation import Judge
from kgraph.store.claimtable import ClaimTable

HEADER = ("subject", "subject_type", "predicate", "object", "object_type", "modality")


def flags(table: ClaimTable) -> set[tuple[str, str]]:
    short = table.namespaces.compress
    return {(short(table.terms[t]), short(table.terms[f])) for t, f in zip(table.flagged, table.flag, strict=True)}


def judged(desk: Any) -> list[str]:
    ns = desk.state.namespaces
    quads = desk.quads()
    focus = {q.subject for q in quads if not q.subject.value.startswith((ns.kg, ns.kgs))}
    return [str(found) for found in Judge(ns, desk.state.schema, {}).validate(quads, focus)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("D", "", "requests", "act", "", "")], {("id:d", "kg:demanderUnstated"), ("id:d", "kg:addresseeUnstated")}),
        ([("A", "", "demands", "D", "", ""), ("D", "", "requests", "act", "", "")], {("id:d", "kg:addresseeUnstated")}),
        ([("C", "Coalition", "opposes", "T", "", "")], {("id:c", "kg:membersUnstated")}),
        ([("C", "UnnamedGroup", "hasMember", "B", "", "")], set()),
    ],
)
def test_what_a_table_leaves_unsaid_is_a_flag(
    desk: Any, rows: list[tuple[str, ...]], expected: set[tuple[str, str]]
) -> None:
    assert flags(desk.load(rows, HEADER)) == expected
    assert judged(desk) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("A", "", "demands", "D", "", ""), "object: 'D' is a demand, and no row says what it requests"),
        (("A", "", "issuedMeasure", "M", "", ""), "object: 'M' is a measure, and no row gives its measureStatus"),
        (("L", "", "allegedActor", "A", "", ""), "subject: 'L' is an allegation, and no row says who alleges it"),
        (("P", "", "hasObservation", "O", "", ""), "object: 'O' is an observation: its figure and period"),
        (("A", "", "alleges", "Proven fraud", "", ""), "object: 'Proven fraud' has a label that decides the matter"),
    ],
)
def test_what_must_be_said_and_is_not_refuses_the_row(desk: Any, row: tuple[str, ...], reason: str) -> None:
    rows = [row, ("X", "", "opposes", "Y", "", "")]
    (told,) = desk.refused(rows, HEADER)
    assert told.startswith(f"t.csv:2: {reason}")
    desk.load(rows, HEADER)
    assert judged(desk) == []


@pytest.mark.parametrize(
    "rows",
    [
        [("A", "", "issuedMeasure", "M", "", "announced")],
        [("A", "", "issuedMeasure", "M", "", ""), ("M", "", "measureStatus", "proposed", "", "")],
        [("A", "", "alleges", "L", "", ""), ("L", "", "allegedActor", "B", "", "")],
    ],
)
def test_what_is_said_as_it_must_be_is_taken(desk: Any, rows: list[tuple[str, ...]]) -> None:
    desk.load(rows, HEADER)
    assert judged(desk) == []


def test_a_row_that_falls_takes_with_it_what_needed_it(desk: Any) -> None:
    """The demand is refused, and with it the row that says who alleges the allegation: so that falls too."""
    rows = [
        ("D", "Demand", "opposes", "X", "", ""),
        ("X", "", "opposes", "Y", "", ""),
        ("L", "Allegation", "concerns", "Y", "", ""),
        ("D", "Demand", "concerns", "L", "Allegation", ""),
    ]
    assert [told.partition(": ")[0] for told in desk.refused(rows, HEADER)] == ["t.csv:2", "t.csv:4", "t.csv:5"]
