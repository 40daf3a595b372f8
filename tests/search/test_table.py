"""Names as columns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgraph.search import Name, fold
from kgraph.search.building import built
from kgraph.search.table import NameTable


@given(data=st.data())
def test_owners_are_ranked_by_folded_label_then_iri(names: st.SearchStrategy[list[Name]], data: st.DataObject) -> None:
    told = data.draw(names)
    table = built(told)
    in_order = sorted(told, key=lambda name: (fold(name.label), name.iri))
    assert [table[owner] for owner in table.by_label] == [name.iri for name in in_order]
    assert [table.folded_label(owner) for owner in table.by_label] == [fold(name.label) for name in in_order]


def test_the_arrays_are_plain_and_make_the_same_table_without_a_copy() -> None:
    arrays = built([Name("http://x/id/a", "id:a", "António", "", "", ("ns#A", "ns#B"))]).arrays()
    again = NameTable.from_arrays(arrays).arrays()
    for name, array in arrays.items():
        assert array.flags.c_contiguous, name
        assert array.dtype in (np.uint8, np.int32, np.int64), name
        assert np.shares_memory(array, again[name]), name


def test_owners_are_told_apart_by_their_types() -> None:
    table = built([Name("urn:a", "", "", "", "", ("A", "B")), Name("urn:b", "", "", "", "", ("B",))])
    assert list(table.with_types(frozenset("A"))) == [True, False]
    assert list(table.with_types(frozenset("BC"))) == [True, True]
    assert list(table.with_types(frozenset("C"))) == [False, False]
