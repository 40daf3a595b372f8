"""kgraph.store.checking: a store that is not what its journal says is found, however large both are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store import checking
from kgraph.store.base import Delta
from kgraph.store.claimtable import ClaimTable
from kgraph.store.journal import Journal
from kgraph.store.oxigraph import OxigraphStore

Make = Callable[..., ClaimTable]
A = NamedNode("urn:a")
GRAPHS = [NamedNode("urn:g"), NamedNode("urn:h")]
QUADS = st.sets(
    st.builds(lambda n, graph: Quad(A, A, Literal(str(n)), graph), st.integers(0, 5), st.sampled_from(GRAPHS)),
    max_size=5,
)
DELTAS = st.lists(
    st.builds(Delta, QUADS.map(tuple), QUADS.map(tuple), st.just(()), st.sampled_from([(), (GRAPHS[0],)]))
)


@pytest.fixture(params=[0, 10**9], ids=["by hash", "quad by quad"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(checking, "MANY", request.param)
    return int(request.param)


@settings(deadline=None, max_examples=60)
@given(DELTAS, QUADS, QUADS)
def test_by_hash_the_same_is_found_as_quad_by_quad(deltas: list[Delta], lost: set[Quad], stray: set[Quad]) -> None:
    journal, store = Journal.memory(), OxigraphStore.open(None)
    for delta in deltas:
        commit = journal.append(delta, author="", message="")
        store.apply(delta, commit.seq, commit.hash)
    store.apply(Delta(tuple(stray), tuple(lost)), 99)
    plain, hashed = checking._quad_by_quad(journal, store), checking._by_hash(journal, store)
    assert (plain.ok, plain.detail.partition(", such as")[0].partition(", SHA")[0]) == (
        hashed.ok,
        hashed.detail.partition(", such as")[0].partition(", by the")[0],
    )


def test_a_table_is_held_against_the_store(many: int, claim_table: Make) -> None:
    journal, store = Journal.memory(), OxigraphStore.open(None)
    journal.append_table(claim_table(20), author="", message="")
    store.load(journal.lines(1), 1)
    assert checking.compare(journal, store).ok
    one = next(iter(store.quads()))
    store.apply(Delta(removed=(one,)), 1)
    missing = checking.compare(journal, store)
    assert (missing.ok, missing.detail) == (False, f"1 quads missing, 0 too many, such as {one}")
    store.apply(Delta((one, Quad(A, A, A))), 1)
    extra = checking.compare(journal, store)
    assert (extra.ok, extra.detail) == (False, f"0 quads missing, 1 too many, such as {Quad(A, A, A)}")
