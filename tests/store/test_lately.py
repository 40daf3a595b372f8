"""kgraph.store.lately: any of the last generations, read from the store, is what the journal says it was."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder
from kgraph.store.lately import COMMITS, QUADS, Lately, then

G, P = NamedNode("urn:g"), NamedNode("urn:p")
THINGS = [NamedNode(f"urn:{n}") for n in range(4)]
QUAD = st.builds(Quad, st.sampled_from(THINGS), st.just(P), st.sampled_from(THINGS), st.sampled_from([G, P]))
DELTA = st.builds(
    Delta,
    st.lists(QUAD, max_size=5).map(tuple),
    st.lists(QUAD, max_size=5).map(tuple),
    st.just(()),
    st.sampled_from([(), (G,)]),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the machine may be busy
@given(st.lists(DELTA.filter(bool), min_size=1, max_size=6))
def test_each_of_the_last_generations_is_what_the_journal_says(deltas: list[Delta]) -> None:
    with DataFolder.memory() as folder:
        for delta in deltas:
            folder.commit(delta, "Ann", "one more")
        for generation in range(folder.generation + 1):
            wanted = folder.journal.replay(generation)
            assert folder._held_at(generation) is not None
            with folder.frozen(generation) as quads:
                assert sorted(map(str, quads)) == sorted(map(str, wanted))
            with folder.reading(generation) as (_, quads):
                assert set(quads) == wanted
            with folder.describing(generation, unread={P.value}) as quads_of:
                for thing in THINGS:
                    assert set(quads_of(thing.value)) == {q for q in wanted if q.subject == thing and q.graph_name == G}
            for thing in THINGS:
                assert set(folder.about(generation, thing.value)) == {
                    q for q in wanted if thing in (q.subject, q.object)
                }


def test_a_gap_or_a_large_commit_ends_what_is_known() -> None:
    lately = Lately()
    quad = Quad(THINGS[0], P, Literal("1"), G)
    lately.note(1, {quad: False})
    lately.note(2, {quad: True})
    assert lately.since(0, 2) == {quad: False}
    assert lately.since(1, 2) == {quad: True}
    assert lately.since(2, 2) == {}
    assert lately.since(1, 3) is None, "somebody else committed since"
    lately.note(4, {quad: True})
    assert lately.since(2, 4) is None
    assert lately.since(3, 4) == {quad: True}
    lately.note(5, None)
    assert lately.since(4, 5) is None
    for seq in range(6, 6 + COMMITS + 1):
        lately.note(seq, {})
    assert lately.since(5, 6 + COMMITS) is None
    assert lately.since(6, 6 + COMMITS) == {}
    assert list(then([quad], {quad: False})) == []
    assert list(then([], {quad: True})) == [quad]


def test_a_commit_of_many_quads_is_not_held_and_a_redaction_lets_go() -> None:
    with DataFolder.memory() as folder:
        first = folder.commit(Delta(added=(Quad(THINGS[0], P, Literal("secret"), G),)), "Ann", "one")
        assert folder._held_at(0) is not None
        folder.redact([first.seq], "Ann", "an endangered source")
        assert folder._held_at(0) is None
        folder.commit(
            Delta(added=tuple(Quad(THINGS[0], P, Literal(str(n)), G) for n in range(QUADS + 1))), "Ann", "many"
        )
        assert folder._held_at(folder.generation - 1) is None
        assert folder._held_at(folder.generation) == {}
