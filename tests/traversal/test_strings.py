"""A column of texts answers as the list it was made of."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.traversal import strings
from kgraph.traversal.strings import Strings

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
TEXTS = st.lists(TEXT, max_size=40)
SORTED = st.lists(TEXT, unique=True, max_size=60).map(sorted)


@given(TEXTS)
def test_texts_come_back_one_by_one_and_all_together(texts: list[str]) -> None:
    column = Strings.of(texts)
    assert len(column) == len(texts)
    assert list(column) == texts
    assert [column[i] for i in range(len(texts))] == texts


@given(st.lists(TEXT, max_size=60).map(sorted), TEXT, st.sampled_from([1, 2, 7, 128]))
def test_a_text_has_the_place_it_has_in_a_sorted_list(texts: list[str], wanted: str, apart: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strings, "_APART", apart)
        placed(texts, wanted)


def placed(texts: list[str], wanted: str) -> None:
    column = Strings.of(texts)
    place = bisect_left(texts, wanted)
    assert column.place(wanted) == (place, wanted in texts)
    assert column.find(wanted) == (place if wanted in texts else -1)
    for text in texts:
        assert column.find(text) == texts.index(text)


@given(SORTED, st.lists(TEXT, max_size=5))
def test_many_are_found_as_each_is(texts: list[str], wanted: list[str]) -> None:
    column = Strings.of(texts)
    some = [*texts[::3], *wanted]
    assert column.find_all(some).tolist() == [column.find(text) for text in some]
    assert column.find_all(wanted[:1]).tolist() == [column.find(text) for text in wanted[:1]]


@given(TEXTS, st.data())
def test_what_is_put_in_stands_before_what_stood_there(texts: list[str], data: st.DataObject) -> None:
    new = data.draw(st.lists(st.tuples(st.integers(0, len(texts)), TEXT), max_size=6).map(sorted))
    expected = list(texts)
    for already, (place, text) in enumerate(sorted(new, key=lambda pair: pair[0])):
        expected.insert(place + already, text)
    places = np.array([place for place, _ in new], np.int64)
    before = Strings.of(texts)
    assert list(before.inserted(places, [text for _, text in new])) == expected
    assert list(before) == texts


@given(TEXTS, st.data())
def test_some_are_replaced_and_the_others_stay(texts: list[str], data: st.DataObject) -> None:
    new: dict[int, str] = {}
    if texts:
        new = data.draw(st.dictionaries(st.integers(0, len(texts) - 1), TEXT, max_size=5))
    before = Strings.of(texts)
    assert list(before.replaced(new)) == [new.get(i, text) for i, text in enumerate(texts)]
    assert list(before) == texts


def test_no_texts_are_a_column_too() -> None:
    column = Strings.of(())
    assert (len(column), list(column), column.find("a"), column.place("a")) == (0, [], -1, (0, False))
    assert column.find_all(["a", ""]).tolist() == [-1, -1]
    assert list(column.inserted(np.zeros(2, np.int64), ["a", "b"])) == ["a", "b"]


def test_texts_beyond_the_basic_plane_stand_in_the_order_of_code_points() -> None:
    texts = sorted(["\U0001f600", "\uffee", "z", "é", ""])
    assert [Strings.of(texts).find(text) for text in texts] == [0, 1, 2, 3, 4]


def test_a_mapped_column_is_read_as_any_other(tmp_path: Any) -> None:
    column = Strings.of(["a", "", "öß"])
    np.save(tmp_path / "blob.npy", column.blob)
    mapped = Strings(column.offsets, np.load(tmp_path / "blob.npy", mmap_mode="r"))
    assert list(mapped) == [mapped[0], mapped[1], mapped[2]] == ["a", "", "öß"]
    assert mapped.find_all(["a"]).tolist() == [0]
