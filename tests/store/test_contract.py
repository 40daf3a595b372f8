"""What every QuadStore does, whichever engine is behind it.

A new store adds one entry to `STORES`: a function from a folder to a store, and whether it outlives its closing; or the
name of a server of the session, whose store is emptied first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph import rdf
from kgraph.errors import QuerySyntaxError, StorageError
from kgraph.rdf import DefaultGraph, Literal, NamedNode, Quad, Triple
from kgraph.store.base import Delta, QuadStore
from kgraph.store.oxigraph import BULK, OxigraphStore
from kgraph.store.remote.store import RemoteStore

A, B, C, G, H = (NamedNode(f"http://example.org/{name}") for name in "abcgh")
ONE, TWO = Quad(A, B, C, G), Quad(C, B, Literal("x", language="en"), G)
DEFAULT = Quad(A, B, C, DefaultGraph())


@dataclass(frozen=True)
class Kind:
    """A store under test."""

    open: Callable[[Path], QuadStore]
    lasting: bool
    server: str | None = None


STORES = {
    "memory": Kind(lambda folder: OxigraphStore.open(None), lasting=False),
    "disk": Kind(lambda folder: OxigraphStore.open(folder / "store"), lasting=True),
    "oxigraph server": Kind(lambda folder: OxigraphStore.open(None), lasting=True, server="oxigraph_server"),
    "virtuoso": Kind(lambda folder: OxigraphStore.open(None), lasting=True, server="virtuoso_server"),
}


@pytest.fixture(params=STORES.values(), ids=STORES.keys())
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    if chosen.server is None:
        return chosen
    server = request.getfixturevalue(chosen.server)

    def connect(folder: Path | None = None) -> QuadStore:
        return RemoteStore.open(server.store, server.user, server.password)

    before = connect()
    before.clear()
    before.close()
    return replace(chosen, open=connect)


@pytest.fixture
def store(kind: Kind, tmp_path: Path) -> Iterator[QuadStore]:
    opened = kind.open(tmp_path)
    yield opened
    opened.close()


def content(store: QuadStore) -> set[Quad]:
    return set(store.quads())


class TestQuadStore:
    def test_a_new_store_is_empty_at_generation_zero(self, store: QuadStore) -> None:
        assert (store.generation, store.mark, len(store), content(store)) == (0, "", 0, set())

    def test_what_is_added_is_there_and_what_is_removed_is_not(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE, TWO, DEFAULT)), 1, "first")
        store.apply(Delta(removed=(ONE,)), 2, "second")
        assert content(store) == {TWO, DEFAULT}
        assert (store.generation, store.mark, len(store)) == (2, "second", 2)

    def test_a_quad_both_removed_and_added_is_there(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE,), removed=(ONE,)), 1)
        assert content(store) == {ONE}

    def test_taking_a_change_twice_changes_nothing(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE, TWO)), 1)
        for _ in range(2):
            store.apply(Delta(added=(DEFAULT,), removed=(ONE,), created=(H,)), 2)
            assert content(store) == {TWO, DEFAULT}
            assert set(store.graphs()) == {G, H}

    def test_removing_what_is_not_there_does_no_harm(self, store: QuadStore) -> None:
        store.apply(Delta(removed=(ONE, DEFAULT)), 1)
        assert content(store) == set()

    def test_an_empty_change_only_moves_the_generation(self, store: QuadStore) -> None:
        store.apply(Delta(), 7)
        assert (store.generation, len(store)) == (7, 0)
        assert not Delta()

    def test_a_dropped_graph_goes_with_all_it_holds(self, store: QuadStore) -> None:
        elsewhere = Quad(A, B, C, H)
        store.apply(Delta(added=(ONE, TWO, elsewhere)), 1)
        store.apply(Delta(dropped=(G,)), 2)
        assert content(store) == {elsewhere}
        assert set(store.graphs()) == {H}

    def test_a_dropped_graph_can_be_filled_anew_in_the_same_change(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE,)), 1)
        store.apply(Delta(added=(TWO,), dropped=(G,)), 2)
        assert content(store) == {TWO}

    def test_a_created_graph_is_there_though_empty(self, store: QuadStore) -> None:
        store.apply(Delta(created=(G,)), 1)
        assert list(store.graphs()) == [G]

    @pytest.mark.slow
    def test_a_large_change_means_the_same_as_a_small_one(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE, TWO, Quad(A, B, C, H))), 1)
        many = tuple(Quad(A, B, Literal(str(number)), G) for number in range(BULK + 1))
        store.apply(Delta(added=many, removed=(ONE,), created=(A,), dropped=(H,)), 2)
        assert len(store) == BULK + 2
        assert set(store.graphs()) == {A, G}
        assert content(store) == {TWO, *many}

    def test_lines_are_loaded_as_additions(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE,)), 1)
        lines = rdf.nquads([ONE, TWO, DEFAULT]).splitlines(keepends=True)
        for _ in range(2):
            store.load(iter([lines[0], b"", b"".join(lines[1:])]), 2, "second")
            assert content(store) == {ONE, TWO, DEFAULT}
            assert (store.generation, store.mark, len(store)) == (2, "second", 3)

    def test_loading_nothing_only_moves_the_generation(self, store: QuadStore) -> None:
        store.load([], 4, "mark")
        assert (store.generation, store.mark, len(store)) == (4, "mark", 0)

    def test_lines_longer_than_any_buffer_are_loaded_whole(self, store: QuadStore) -> None:
        long = Quad(A, B, Literal("x" * 1_000_000), G)
        store.load([rdf.nquads([long])], 1)
        assert content(store) == {long}

    def test_lines_that_do_not_parse_leave_the_generation(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE,)), 1, "first")
        with pytest.raises(StorageError):
            store.load([b"<urn:a> no line\n"], 2, "second")
        assert (store.generation, store.mark) == (1, "first")

    @pytest.mark.parametrize(
        ("pattern", "expected"),
        [
            ({}, {ONE, TWO, DEFAULT}),
            ({"subject": A}, {ONE, DEFAULT}),
            ({"predicate": B}, {ONE, TWO, DEFAULT}),
            ({"object": Literal("x", language="en")}, {TWO}),
            ({"graph": G}, {ONE, TWO}),
            ({"graph": DefaultGraph()}, {DEFAULT}),
            ({"subject": A, "object": C, "graph": G}, {ONE}),
            ({"subject": B}, set()),
        ],
    )
    def test_quads_are_found_by_pattern(
        self, store: QuadStore, pattern: dict[str, object], expected: set[Quad]
    ) -> None:
        store.apply(Delta(added=(ONE, TWO, DEFAULT)), 1)
        assert set(store.quads(**pattern)) == expected  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("dataset", "expected"),
        [
            ({}, {C}),
            ({"default_graph_as_union": True}, {C, Literal("x", language="en")}),
            ({"default_graphs": [G]}, {C, Literal("x", language="en")}),
            ({"default_graphs": [H]}, set()),
        ],
    )
    def test_a_query_sees_the_graphs_it_is_given(
        self, store: QuadStore, dataset: dict[str, object], expected: set[object]
    ) -> None:
        store.apply(Delta(added=(ONE, TWO, DEFAULT)), 1)
        rows = store.query("SELECT DISTINCT ?o WHERE { ?s ?p ?o }", **dataset)  # type: ignore[arg-type]
        assert {row["o"] for row in rows} == expected

    def test_a_query_sees_only_the_named_graphs_it_is_given(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE, Quad(A, B, C, H))), 1)
        rows = store.query("SELECT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", named_graphs=[H])
        assert [row["g"] for row in rows] == [H]

    def test_a_query_that_does_not_parse_names_line_and_text(self, store: QuadStore) -> None:
        with pytest.raises(QuerySyntaxError) as caught:
            store.query("SELECT * WHERE {\n  ?s ?p\n}")
        assert (caught.value.line, caught.value.text) == (3, "}")
        assert "error at" not in caught.value.reason

    def test_a_query_cannot_write(self, store: QuadStore) -> None:
        with pytest.raises(QuerySyntaxError):
            store.query("INSERT DATA { <urn:a> <urn:b> <urn:c> }")

    def test_a_cleared_store_is_as_new(self, store: QuadStore) -> None:
        store.apply(Delta(added=(ONE,), created=(H,)), 5, "mark")
        store.clear()
        assert (store.generation, store.mark, len(store), list(store.graphs())) == (0, "", 0, [])
        store.apply(Delta(added=(TWO,)), 1)
        assert content(store) == {TWO}

    def test_a_closed_store_says_so_and_can_be_closed_again(self, store: QuadStore) -> None:
        store.flush()
        store.close()
        store.close()
        with pytest.raises(StorageError, match="closed"):
            list(store.quads())

    def test_what_was_taken_outlives_closing(self, kind: Kind, tmp_path: Path) -> None:
        first = kind.open(tmp_path)
        first.apply(Delta(added=(ONE, DEFAULT), created=(H,)), 3, "mark")
        first.close()
        second = kind.open(tmp_path)
        kept = ({ONE, DEFAULT}, {G, H}, 3, "mark") if kind.lasting else (set(), set(), 0, "")
        assert (content(second), set(second.graphs()), second.generation, second.mark) == kept
        second.close()

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
    @given(
        text=st.text(st.characters(exclude_categories=["Cs"])),
        name=st.text(
            st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters='<>"{}|^`\\'),
            max_size=9,
        ),
    )
    def test_any_term_comes_back_as_it_was(self, store: QuadStore, text: str, name: str) -> None:
        """Through both ways of writing: plain additions, and changes that also remove."""
        try:
            node = NamedNode(f"http://example.org/{name}")
        except ValueError:
            node = A
        terms = (
            Literal(text),
            Literal(text, language="en"),
            Literal(text, datatype=node),
            node,
            Triple(A, node, Literal(text)),
        )
        wanted, _ = rdf.canonical(Quad(node, node, term, node) for term in terms)
        store.clear()
        store.apply(Delta(added=tuple(wanted)), 1)
        assert content(store) == set(wanted)
        store.apply(Delta(added=tuple(wanted[1:]), removed=tuple(wanted)), 2)
        assert content(store) == set(wanted[1:])
        store.apply(Delta(removed=tuple(wanted)), 3)
        assert content(store) == set()
