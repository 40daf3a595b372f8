"""kgraph.ingest.table.contradictions: all pairs that contradict each other are found, and no others."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import LimitError
from kgraph.ingest.table import contradictions
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema

NAMESPACES = Namespaces.load()
SCHEMA = Schema.load(NAMESPACES)
CODES = [NAMESPACES.expand(f"kgs:{name}") for name in ("reported", "alleged", "demanded", "open-question")]

CLAIMS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.booleans(), st.integers(0, 3)), max_size=30
)


@settings(deadline=None)
@given(CLAIMS)
def test_the_pairs_are_those_a_comparison_of_all_with_all_finds(claims: list[tuple[int, int, int, bool, int]]) -> None:
    wanted = [
        [n, m]
        for (n, one), (m, other) in itertools.combinations(enumerate(claims), 2)
        if one[:3] == other[:3] and one[3] != other[3] and SCHEMA.can_contradict(CODES[one[4]], CODES[other[4]])
    ]
    ends = np.array([claim[:3] for claim in claims], np.int64).reshape(-1, 3).T
    negated = np.array([claim[3] for claim in claims], np.bool_)
    modality = np.array([claim[4] for claim in claims], np.int32)
    assert contradictions.within(ends, negated, modality, CODES, SCHEMA).tolist() == wanted


def test_more_than_can_be_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contradictions, "MAX_PAIRS", 3)
    ends = np.zeros((3, 4), np.int64)
    negated = np.array([True, False, True, False])
    with pytest.raises(LimitError, match="4 pairs"):
        contradictions.within(ends, negated, np.zeros(4, np.int32), CODES, SCHEMA)
