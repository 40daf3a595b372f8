"""kgraph.store.claimtable: a table comes back as it was, and what is damaged is refused."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.store.claimtable import ClaimTable, dataset_iri

Make = Callable[..., ClaimTable]


def same(one: ClaimTable, other: ClaimTable) -> bool:
    for each in fields(ClaimTable):
        a, b = getattr(one, each.name), getattr(other, each.name)
        if isinstance(a, np.ndarray):
            if a.dtype != b.dtype or not np.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
                return False
        elif a != b:
            return False
    return True


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(rows=st.integers(1, 60), seed=st.integers(0, 10**6), label=st.text(st.characters(exclude_categories=["Cs"])))
def test_any_table_comes_back_as_it_was(claim_table: Make, rows: int, seed: int, label: str) -> None:
    table = claim_table(rows, seed, label=label)
    again = ClaimTable.decode(table.encode())
    assert same(again, table)
    assert again.encode() == table.encode()


def test_the_bytes_can_be_read_with_other_tools(claim_table: Make) -> None:
    table = claim_table(4)
    with zipfile.ZipFile(io.BytesIO(table.encode())) as archive:
        assert json.loads(archive.read("table.json"))["sha256"] == table.sha256
        claims = pq.read_table(io.BytesIO(archive.read("claims.parquet")))
        terms = pq.read_table(io.BytesIO(archive.read("terms.parquet")))["iri"].to_pylist()
    assert claims["row"].to_pylist() == [1, 3, 5, 7]
    assert [terms[place] for place in claims["article"].to_pylist()] == [f"{table.namespaces.id}source"] * 4
    assert claims["confidence"].null_count == np.count_nonzero(np.isnan(table.confidence))


def test_names_are_of_the_table_and_the_row(claim_table: Make) -> None:
    table = claim_table(2, sha256="cd" * 32)
    assert table.iri == dataset_iri(table.namespaces, table.sha256) == f"{table.namespaces.id}table-{'cd' * 10}"
    assert table.span_iri(1) == f"{table.namespaces.id}span-{'cd' * 6}00000003"
    assert table.claim_iri(0) != table.claim_iri(1)
    assert len(table.claim_iri(0).rpartition("claim-")[2]) == 20


def test_no_damage_gives_another_table(claim_table: Make) -> None:
    """Every byte is changed in turn: the table is refused, or it is the one it was."""
    table = claim_table(3)
    whole = table.encode()
    refused = 0
    for at in range(0, len(whole), 11):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        try:
            found = ClaimTable.decode(bytes(damaged))
        except ValueError:
            refused += 1
        else:
            assert same(found, table), at
    assert refused > len(whole) / 11 * 0.7


@pytest.mark.parametrize("content", [b"", b"no table", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="claim table"):
        ClaimTable.decode(content)


def rewritten(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(into, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return into.getvalue()


def test_a_table_of_a_later_format_says_so(claim_table: Make) -> None:
    later = rewritten(claim_table().encode(), "table.json", lambda text: text.replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(ValueError, match="use a newer kgraph"):
        ClaimTable.decode(later)


@pytest.mark.parametrize("column", ["subject", "said", "time", "polarity", "url", "entity_type", "conflict"])
@pytest.mark.parametrize("place", [-2, 1000])
def test_a_place_that_is_of_nothing_is_refused(claim_table: Make, column: str, place: int) -> None:
    table = claim_table(3)
    wrong = getattr(table, column).copy()
    wrong.flat[0] = place
    with pytest.raises(ValueError, match=f"column {column}"):
        ClaimTable.decode(claim_table(3, **{column: wrong}).encode())


def test_a_million_claims_would_be_small(claim_table: Make) -> None:
    """A hundred bytes a claim at most, where the same quads take three thousand."""
    assert len(claim_table(20_000).encode()) < 20_000 * 100
