"""Rows as CSV: told from what is none, and written so that a reader finds the fields again."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.rdf import BlankNode, Literal, NamedNode, Triple
from kgraph.sparql.csvrows import is_csv, lines

TEXT = st.text(st.sampled_from('ab ,"\r\nö'))


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b"a,b\r\n1,2\r\n", True),
        (b'a\r\n"x ""y"" z"\r\n', True),
        (b'a\r\n"x ""y, z"\r\n,\r\n', True),
        (b'a\r\nu:a u:p "x, y"\r\n', False),
        (b'a\r\nu:a u:p "x\r\n', False),
    ],
)
def test_what_is_no_csv_is_told(body: bytes, whole: bool) -> None:
    assert is_csv(body) is whole


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=5))
def test_fields_are_found_again(rows: list[list[str]]) -> None:
    body = b"".join(lines(["a", "b"], [[Literal(text) for text in row] for row in rows]))
    assert is_csv(body)
    assert list(csv.reader(io.StringIO(body.decode(), newline=""))) == [["a", "b"], *rows]


def test_terms_are_bare() -> None:
    term = Triple(NamedNode("u:a"), NamedNode("u:p"), Triple(BlankNode("b"), NamedNode("u:p"), Literal(1)))
    assert b"".join(lines(["t", "u"], [[term, None]])) == b"t,u\r\nu:a u:p _:b u:p 1,\r\n"
