"""What lies between two generations is what their replays differ in, whatever the commits between them did."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.errors import LimitError
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store import difference, replay
from kgraph.store.base import Delta
from kgraph.store.journal import Journal

P = NamedNode("http://example.org/p")
GRAPHS = [NamedNode(f"http://example.org/graph-{n}") for n in range(2)]
QUADS = st.builds(lambda n, graph: Quad(P, P, Literal(f"{n}"), graph), st.integers(0, 4), st.sampled_from(GRAPHS))
DELTAS = st.builds(
    lambda added, removed, dropped: Delta(tuple(added), tuple(removed), (), tuple(dropped)),
    st.sets(QUADS, max_size=4),
    st.sets(QUADS, max_size=4),
    st.sets(st.sampled_from(GRAPHS), max_size=1),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(DELTAS, min_size=1, max_size=6), st.data())
def test_it_is_what_the_replays_differ_in_and_a_replay_on_the_disk_is_one(
    deltas: list[Delta], data: st.DataObject
) -> None:
    journal = Journal.memory()
    for delta in deltas:
        journal.append(delta, author="", message="")
    if data.draw(st.booleans()):
        journal.redact([data.draw(st.integers(1, len(deltas)))], author="", message="")
    before, after = (data.draw(st.integers(0, journal.generation)) for _ in range(2))
    old, new = journal.replay(before), journal.replay(after)
    assert difference.difference(journal, before, after) == (new - old, old - new)
    assert set(replay.spooled(journal, after, None)) == new


def test_too_much_between_them_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.memory()
    for n in range(3):
        journal.append(Delta((Quad(P, P, Literal(f"{n}"), P),)), author="", message="")
    monkeypatch.setattr(difference, "MOST", 1)
    assert len(difference.difference(journal, 1, 2)[0]) == 1
    with pytest.raises(LimitError, match="more than 1 quads lie between 1 and 3"):
        difference.difference(journal, 3, 1)
