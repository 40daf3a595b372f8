"""Claims and rows of tables go by their names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.traversal.claimids import ID_BYTES, claim_id, is_odd
from kgraph.traversal.columns import Columns, RowSpans

SPACE = "https://example.org/id/"
TABLES = (RowSpans("ab" * 32, 3, 0), RowSpans("cd" * 32, 5, 3))


@given(st.binary(min_size=ID_BYTES, max_size=ID_BYTES))
def test_a_claims_name_says_its_id(id_: bytes) -> None:
    iri = f"{SPACE}claim-{id_.hex()}"
    assert claim_id(iri, SPACE) == id_
    assert not is_odd(iri, SPACE)


@pytest.mark.parametrize(
    "iri",
    [
        f"{SPACE}claim-0001",
        f"{SPACE}claim-{'AB' * ID_BYTES}",
        f"{SPACE}claim-{'ab ' * 6}ab",
        f"{SPACE}claim-{'zz' * ID_BYTES}",
        f"https://elsewhere.org/claim-{'ab' * ID_BYTES}",
        f"{SPACE}claim-",
        "urn:x",
        "",
    ],
)
def test_any_other_name_has_an_id_of_ten_bytes_and_is_kept(iri: str) -> None:
    assert len(claim_id(iri, SPACE)) == ID_BYTES
    assert is_odd(iri, SPACE)


def test_every_claim_is_found_by_its_name_and_no_other(letter: Any) -> None:
    letter.quads = [q for q in letter.quads if "claim-0002" not in str(q)]
    columns = letter.catalogue().columns
    names = [columns.claim_iri(number, letter.namespaces.id) for number in range(columns.claims)]
    assert len(set(names)) == columns.claims == 7
    assert [columns.claim_number(iri, letter.namespaces.id) for iri in names] == list(range(7))
    for other in (letter.iri("claim-0002"), letter.iri(f"claim-{'00' * ID_BYTES}"), letter.iri("ngo"), ""):
        assert columns.claim_number(other, letter.namespaces.id) == -1


def test_a_name_with_the_id_of_an_odd_one_is_another_claims(letter: Any) -> None:
    columns, space = letter.catalogue().columns, letter.namespaces.id
    same_id = f"{space}claim-{claim_id(letter.iri('claim-0001'), space).hex()}"
    assert columns.claim_number(letter.iri("claim-0001"), space) >= 0
    assert columns.claim_number(same_id, space) == -1


def test_some_ids_are_those_of_claims(letter: Any) -> None:
    columns = letter.catalogue().columns
    alike = columns.ids[:1].copy()
    alike[0, -1] ^= 1
    assert columns.has_any(np.concatenate((alike, columns.ids[3:4])))
    assert not columns.has_any(alike)
    assert not columns.has_any(columns.ids[:0])
    assert not Columns.empty().has_any(columns.ids)


def test_no_claims_and_no_nodes_are_columns_too() -> None:
    empty = Columns.empty()
    assert (empty.nodes, empty.claims, empty.claim_number("urn:x", SPACE)) == (0, 0, -1)
    assert empty.differences(Columns.empty()) == ()


@pytest.mark.parametrize("table", TABLES)
def test_each_row_of_each_table_is_a_passage_of_its_own(table: RowSpans) -> None:
    columns = replace(Columns.empty(), row_spans=TABLES)
    for row in range(1, table.rows + 1):
        evidence = columns.row_span(table.iri(SPACE, row), SPACE)
        assert evidence < -1
        assert columns.row_of(evidence) == (table, row)


def test_the_rows_of_all_tables_are_counted_through() -> None:
    columns = replace(Columns.empty(), row_spans=TABLES)
    rows = [table.iri(SPACE, row) for table in TABLES for row in range(1, table.rows + 1)]
    assert [columns.row_span(iri, SPACE) for iri in rows] == list(range(-2, -10, -1))


@pytest.mark.parametrize(
    "name",
    [
        f"{'ab' * 6}00000000",
        f"{'ab' * 6}00000004",
        f"{'ab' * 6}0000000g",
        f"{'ab' * 6}+0000001",
        f"{'ab' * 6} 000_001",
        f"{'ab' * 6}0000000٣",
        f"{'AB' * 6}00000001",
        f"{'ef' * 6}00000001",
        "ab",
    ],
)
def test_what_is_no_row_of_a_table_has_no_row(name: str) -> None:
    columns = replace(Columns.empty(), row_spans=TABLES)
    assert columns.row_span(f"{SPACE}span-{name}", SPACE) == -1
    assert columns.row_span(name, SPACE) == -1


def test_columns_of_the_same_claims_do_not_differ_in_whatever_order_they_came(letter: Any) -> None:
    one = letter.catalogue().columns
    letter.quads.reverse()
    assert one.differences(letter.catalogue().columns) == ()


CHANGES: dict[str, Any] = {
    "labels": lambda c: replace(c, labels=c.labels.replaced({0: "Other"})),
    "kinds": lambda c: replace(c, kind=np.roll(c.kind, 1)),
    "degree": lambda c: replace(c, degree=c.degree + np.int32(1)),
    "ids": lambda c: replace(c, ids=c.ids ^ np.uint8(1)),
    "far": lambda c: replace(c, table=c.table._replace(far=np.roll(c.table.far, 1))),
    "records": lambda c: replace(c, table=c.table._replace(records=c.table.records * [1, 1, 1, 1, 1, 0, 1, 1])),
    "sources": lambda c: replace(c, sources=replace(c.sources, values=c.sources.values[::-1])),
    "evidence": lambda c: replace(c, evidence=np.roll(c.evidence, 1)),
    "times": lambda c: replace(c, time=np.full_like(c.time, -1)),
    "relays": lambda c: replace(c, table=c.table._replace(records=c.table.records * [1, 1, 1, 0, 1, 1, 1, 1])),
    "quantities": lambda c: replace(c, records=replace(c.records, quantities={})),
    "details": lambda c: replace(c, records=replace(c.records, details={})),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_wrong_is_named(letter: Any, name: str) -> None:
    columns = letter.catalogue().columns
    assert name in CHANGES[name](columns).differences(columns)
