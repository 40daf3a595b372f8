"""kgraph.ingest.table.contradictions: all pairs that contradict each other are found, and no others."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import LimitError
from kgraph.ingest.table import contradictions
from kgraph.namespaces import Namespaces
from kgraph.rdf import NamedNode, Quad
from kgraph.schema import Schema
from kgraph.store.base import Delta

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


@pytest.mark.parametrize("seed", range(4))
def test_contradictions_with_the_graph_are_those_within_one_table_of_both(desk: Any, seed: int) -> None:
    """Two tables, one after the other, are linked as the same rows are in one."""
    header = ("subject", "predicate", "object", "modality", "polarity")
    pick = random.Random(seed).choice
    rows = [
        (pick("AB"), pick(["opposes", "partOf"]), pick("CD"), pick(["", "alleged", "demanded"]), pick(["", "negated"]))
        for _ in range(30)
    ]
    both = desk.prepare(desk.write(rows, header)).table
    first = desk.load(rows[:17], header)
    later = desk.load(rows[17:], header)
    place = {first.claim_iri(n): n for n in range(first.claims)}
    crossing = [[n, m] for n, m in both.conflict.tolist() if n < 17 <= m]
    found = [[place[iri], number + 17] for number, iri in zip(later.outside.tolist(), later.outside_iri, strict=True)]
    assert len(crossing) > 3
    assert sorted(found) == crossing


def test_a_retracted_claim_contradicts_nothing(desk: Any) -> None:
    header = ("subject", "predicate", "object", "polarity")
    table = desk.load([("A", "opposes", "B", "")], header)
    ns, claim = table.namespaces, NamedNode(table.claim_iri(0))
    status, was, now = (NamedNode(ns.expand(name)) for name in ("kg:status", "kgs:current", "kgs:retracted"))
    graph = NamedNode(ns.graph("claims"))
    change = Delta((Quad(claim, status, now, graph),), (Quad(claim, status, was, graph),))
    desk.state.store.apply(change, desk.state.store.generation + 1)
    assert desk.load([("A", "opposes", "B", "negated")], header).outside_iri == ()
