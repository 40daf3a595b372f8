"""Rows and texts sorted by columns come in the order in which Python sorts lists and texts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.search.sorting import by_numbers, distinct, grouped, ordered
from kgraph.search.texts import Int64, Texts, ends

letters = st.text(st.sampled_from("ab é中𝔸"), min_size=1, max_size=6)
long = st.tuples(st.sampled_from(("a" * 126, "a" * 130)), st.text("ab", max_size=4)).map("".join)


@given(st.lists(letters | long))
def test_different_texts_are_numbered_in_their_order(texts: list[str]) -> None:
    different, numbers = distinct(Texts.of(texts))
    assert list(different) == sorted(set(texts))
    assert [different[i] for i in numbers] == texts


@given(st.lists(st.lists(st.integers(0, 2), max_size=3) | st.lists(st.just(1), min_size=30, max_size=35)))
def test_rows_are_grouped_as_lists_sort(rows: list[list[int]]) -> None:
    offsets = ends(np.array([len(row) for row in rows], np.int64))
    numbers = np.array([n for row in rows for n in row], np.int32)
    groups = grouped(np.zeros(len(rows), np.int64), by_numbers(offsets, numbers))
    assert list(groups) == [sum(other < row for other in rows) for row in rows]


@given(st.lists(st.tuples(st.integers(0, 1), st.lists(st.integers(0, 2), max_size=3))))
def test_rows_that_are_in_groups_already_are_split_within_them(rows: list[tuple[int, list[int]]]) -> None:
    offsets = ends(np.array([len(row) for _, row in rows], np.int64))
    numbers = np.array([n for _, row in rows for n in row], np.int32)
    before = np.array([sum(other < group for other, _ in rows) for group, _ in rows], np.int64)
    assert list(grouped(before, by_numbers(offsets, numbers))) == [sum(other < row for other in rows) for row in rows]


@given(st.lists(st.integers(0, 2**40)))
def test_equal_numbers_stay_in_their_order(numbers: list[int]) -> None:
    assert list(ordered(np.array(numbers, np.int64))) == sorted(range(len(numbers)), key=numbers.__getitem__)


@pytest.mark.hostile
def test_rows_of_a_million_numbers_that_are_alike_take_few_turns() -> None:
    depths = []
    item = by_numbers(np.array([0, 1_000_000, 2_000_000]), np.zeros(2_000_000, np.int32))

    def counted(rows: Int64, depth: int) -> Int64:
        depths.append(depth)
        return item(rows, depth)

    assert list(grouped(np.zeros(2, np.int64), counted)) == [0, 0]
    assert len(depths) < 100
