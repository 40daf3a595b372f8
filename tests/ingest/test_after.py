"""The graph as it will stand."""

from __future__ import annotations

from kgraph.ingest.after import After
from kgraph.rdf import NamedNode, Quad
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore


def quad(name: str) -> Quad:
    return Quad(NamedNode(f"urn:{name}"), NamedNode("urn:p"), NamedNode("urn:o"), NamedNode("urn:g"))


def base(*names: str) -> OxigraphStore:
    store = OxigraphStore.open(None)
    store.apply(Delta(added=tuple(map(quad, names))), 1)
    return store


def test_only_what_the_base_lacks_is_added() -> None:
    after = After(base("a"))
    assert after.add([quad("a"), quad("b"), quad("b")]) == 1
    assert after.delta() == Delta(added=(quad("b"),))


def test_what_is_removed_is_not_seen_and_what_is_added_is() -> None:
    after = After(base("a", "b"))
    after.add([quad("c")])
    after.remove([quad("a")])
    assert set(after.quads(None, NamedNode("urn:p"))) == {quad("b"), quad("c")}
    assert after.delta() == Delta(added=(quad("c"),), removed=(quad("a"),))


def test_what_is_removed_and_added_again_was_not_changed() -> None:
    after = After(base("a"))
    after.remove([quad("a")])
    after.add([quad("a")])
    assert not after.delta()


def test_a_change_comes_sorted() -> None:
    after = After(base())
    after.add(map(quad, "cab"))
    assert after.delta().added == tuple(map(quad, "abc"))
