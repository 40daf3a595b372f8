"""Columns of texts do what lists of texts do."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgraph.search.texts import Texts, gathered, places, united

texts = st.lists(st.text(st.sampled_from("ab é中𝔸"), max_size=4))
sorted_texts = texts.map(lambda some: sorted(set(some)))


@given(texts, st.data())
def test_a_column_gives_the_texts_it_was_made_of(some: list[str], data: st.DataObject) -> None:
    column = Texts.of(some)
    assert list(column) == [column[i] for i in range(len(column))] == some
    order = np.array(data.draw(st.lists(st.integers(0, len(some) - 1))) if some else [], np.int64)
    assert column.some(order) == list(column.taken(order)) == [some[i] for i in order]


@given(sorted_texts, texts)
def test_texts_are_found_where_sorting_puts_them(column: list[str], wanted: list[str]) -> None:
    at, known = places(Texts.of(column), wanted)
    assert list(at) == [sum(text < one for text in column) for one in wanted]
    assert list(known) == [one in column for one in wanted]


def test_few_texts_are_found_in_a_long_column() -> None:
    column = Texts.of([f"{i:04}" for i in range(1000)])
    at, known = places(column, ["0007", "0007x"])
    assert (list(at), list(known)) == ([7, 8], [True, False])


@given(sorted_texts, sorted_texts)
def test_two_columns_become_one_with_each_text_once(one: list[str], other: list[str]) -> None:
    both, of_one, of_other = united(Texts.of(one), Texts.of(other))
    assert list(both) == sorted({*one, *other})
    assert [both[i] for i in of_one] == one
    assert [both[i] for i in of_other] == other


@given(sorted_texts, st.text(st.sampled_from("abé中𝔸"), max_size=2))
def test_those_that_begin_alike_stand_together(column: list[str], prefix: str) -> None:
    first, behind = Texts.of(column).beginning(prefix)
    assert column[first:behind] == [text for text in column if text.startswith(prefix)]


def test_many_rows_are_gathered_as_few_are() -> None:
    offsets = np.arange(0, 300_002, 3)
    rows = np.random.default_rng(1).permutation(100_000)
    ends, data = gathered(offsets, np.arange(300_000, dtype=np.int32), rows)
    assert (data.reshape(-1, 3) == 3 * rows[:, None] + np.arange(3)).all()
    assert (ends == offsets[:100_001]).all()
