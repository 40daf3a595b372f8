"""What is put together is what would have been built at once, array for array."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgraph.search import Name
from kgraph.search.building import built
from kgraph.search.merging import merged


@given(data=st.data())
def test_a_merged_table_is_the_one_built_from_what_is_left(
    names: st.SearchStrategy[list[Name]], data: st.DataObject
) -> None:
    old, new = data.draw(names), {name.iri: name for name in data.draw(names)}
    table = built(old)
    gone = {iri for iri in table if iri in new or data.draw(st.booleans())}
    together = merged(table, np.array([iri in gone for iri in table], np.bool_), built(new.values()))
    at_once = built([*(name for name in old if name.iri not in gone), *new.values()])
    for name, array in at_once.arrays().items():
        assert together.arrays()[name].tolist() == array.tolist(), name
        assert together.arrays()[name].dtype == array.dtype, name


def test_nothing_is_left_of_a_name_that_is_gone() -> None:
    table = built(
        [Name("http://secret/source", "", "Deep Throat", "", "", ("urn:Secret",)), Name("urn:b", "", "B", "", "", ())]
    )
    left = merged(table, np.array([True, False]), built(()))
    whole = b"".join(array.tobytes() for array in left.arrays().values())
    assert list(left) == ["urn:b"]
    assert not any(word in whole for word in (b"deep", b"throat", b"secret", b"source", b"Secret"))
