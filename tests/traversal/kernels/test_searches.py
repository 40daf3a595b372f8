"""The searches on arrays against networkx, on random graphs with loops, parallel edges and isolated nodes."""

from __future__ import annotations

from itertools import islice, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.kernels.searcher import Searcher
from kgraph.traversal.kernels.simple import SimplePaths
from kgraph.traversal.kernels.topology import Direction, Topology

Edges = list[tuple[int, int]]

N = 9
edges = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=24)
directions: st.SearchStrategy[Direction] = st.sampled_from(["forward", "backward", "both"])
searches = settings(max_examples=200, deadline=None)


def searcher(told: Edges, direction: Direction = "forward", *, by_nodes: bool = False) -> Searcher:
    topology = Topology.from_edges(N, [s for s, _ in told], [t for _, t in told])
    return Searcher(topology, direction, by_nodes=by_nodes)


def oracle(told: Edges, direction: Direction) -> nx.DiGraph[int]:
    """The walks a direction allows, neighbours in the order of their numbers."""
    moves = {
        (a, b) if forward else (b, a)
        for a, b in told
        for forward in (True, False)
        if direction in ("both", "forward" if forward else "backward")
    }
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(N))
    graph.add_edges_from(sorted(moves))
    return graph


@searches
@given(edges, directions, st.booleans())
def test_a_shortest_path_is_found_exactly_where_there_is_one(told: Edges, direction: Direction, by_nodes: bool) -> None:
    graph, engine = oracle(told, direction), searcher(told, direction, by_nodes=by_nodes)
    for target in range(N):
        answer = engine.shortest(0, target)
        if nx.has_path(graph, 0, target):
            assert answer.verdict == Verdict.FOUND
            assert len(answer.path) - 1 == nx.shortest_path_length(graph, 0, target)
            assert (answer.path[0], answer.path[-1]) == (0, target)
            assert all(graph.has_edge(a, b) for a, b in pairwise(answer.path))
            if by_nodes and direction != "both":
                assert answer.path == nx.bidirectional_shortest_path(graph, 0, target)
        else:
            assert (answer.verdict, answer.path) == (Verdict.NONE, [])


@searches
@given(edges, directions, st.integers(0, 4))
def test_no_path_is_longer_than_it_may_be(told: Edges, direction: Direction, hops: int) -> None:
    graph, engine = oracle(told, direction), searcher(told, direction)
    near = nx.single_source_shortest_path_length(graph, 0, cutoff=hops)
    for target in range(N):
        assert (engine.shortest(0, target, max_hops=hops).verdict == Verdict.FOUND) == (target in near)
        assert (engine.all_shortest(0, target, max_hops=hops).verdict == Verdict.FOUND) == (target in near)
        every = list(nx.all_simple_paths(graph, 0, target, cutoff=hops)) if target else [[0]]
        assert sorted(SimplePaths(engine, 0, target, max_hops=hops)) == sorted(every)


@searches
@given(edges, directions, st.integers(0, 4))
def test_every_distance_agrees(told: Edges, direction: Direction, cutoff: int) -> None:
    expected = nx.single_source_shortest_path_length(oracle(told, direction), 0, cutoff=cutoff)
    reached = searcher(told, direction).distances(0, cutoff=cutoff)
    assert list(zip(reached.nodes.tolist(), reached.levels.tolist(), strict=True)) == list(expected.items())


@searches
@given(edges, directions)
def test_all_shortest_paths_agree_and_in_order(told: Edges, direction: Direction) -> None:
    graph, engine = oracle(told, direction), searcher(told, direction)
    for target in range(N):
        dag = engine.all_shortest(0, target)
        expected = list(nx.all_shortest_paths(graph, 0, target)) if nx.has_path(graph, 0, target) else []
        assert list(dag) == expected
        assert dag.count() == len(expected)
        assert list(dag) == expected, "the second telling is the first"


@searches
@given(edges, directions)
def test_loopless_paths_come_shorter_first_and_are_all(told: Edges, direction: Direction) -> None:
    graph, engine = oracle(told, direction), searcher(told, direction)
    expected = sorted(nx.all_simple_paths(graph, 0, 1), key=len)
    found = list(islice(SimplePaths(engine, 0, 1), 500))
    assert [len(p) for p in found] == [len(p) for p in expected][:500]
    if len(expected) <= 500:
        assert sorted(found) == sorted(expected)
    assert len({tuple(p) for p in found}) == len(found)


@searches
@given(edges)
def test_what_is_asked_again_is_answered_alike(told: Edges) -> None:
    engine = searcher(told, "both")

    def answers() -> list[object]:
        return [(engine.shortest(0, t), list(engine.all_shortest(0, t))) for t in range(N)]

    assert answers() == answers() == [(a, p) for a, p in answers()]


def ladder(rungs: int) -> tuple[int, list[int], list[int]]:
    """Two nodes a rung, each beside both of the next: 2^rungs shortest paths from the first to the last node."""
    near, far = [0, 0], [1, 2]
    for rung in range(1, rungs):
        for a in (2 * rung - 1, 2 * rung):
            for b in (2 * rung + 1, 2 * rung + 2):
                near.append(a)
                far.append(b)
    near += [2 * rungs - 1, 2 * rungs]
    far += [2 * rungs + 1] * 2
    return 2 * rungs + 2, near, far


def test_paths_beyond_counting_are_counted_and_told_one_by_one() -> None:
    nodes, near, far = ladder(70)
    dag = Searcher(Topology.from_edges(nodes, near, far)).all_shortest(0, nodes - 1)
    assert dag.count() == 2**70
    first = list(islice(dag, 5000))
    assert len({tuple(p) for p in first}) == 5000
    assert all(len(p) == 72 for p in first)


def test_a_limit_of_edges_is_exact_and_says_so() -> None:
    line = Searcher(Topology.from_edges(101, range(100), range(1, 101)))
    whole = line.shortest(0, 100)
    assert (whole.verdict, whole.edges) == (Verdict.FOUND, 100)
    cut = line.shortest(0, 100, Limits(max_edges=99))
    assert (cut.verdict, cut.path, cut.edges) == (Verdict.MAX_EDGES, [], 99)
    assert line.distances(0, Limits(max_edges=10)).nodes.tolist() == list(range(11))
    assert line.all_shortest(0, 100, Limits(max_edges=50)).verdict == Verdict.MAX_EDGES
    needed = line.all_shortest(0, 100).edges
    assert line.all_shortest(0, 100, Limits(max_edges=needed)).verdict == Verdict.FOUND
    assert line.all_shortest(0, 100, Limits(max_edges=needed - 1)).verdict == Verdict.MAX_EDGES


def test_loopless_paths_share_one_limit() -> None:
    nodes, near, far = ladder(6)
    search = SimplePaths(Searcher(Topology.from_edges(nodes, near, far)), 0, nodes - 1, Limits(max_edges=200))
    found = list(search)
    assert 0 < len(found) < 2**6
    assert search.verdict == Verdict.MAX_EDGES
    assert search.edges <= 200


@pytest.mark.parametrize(("near", "far"), [([0], [5]), ([-1], [0]), ([0, 1], [1]), ([[0]], [[1]])])
def test_edges_that_end_nowhere_are_refused(near: list[int], far: list[int]) -> None:
    with pytest.raises(ValueError, match=r"ends? outside|one list each"):
        Topology.from_edges(5, near, far)


def test_parallel_edges_and_loops_keep_their_numbers() -> None:
    topology = Topology.from_edges(3, [2, 0, 0, 1, 0], [0, 1, 1, 1, 0])
    forward, both = topology.forward, topology.both
    assert forward.indptr.tolist() == [0, 3, 4, 5]
    assert (forward.far.tolist(), forward.step.tolist()) == ([0, 1, 1, 1, 0], [4, 1, 2, 3, 0])
    assert (both.far[:4].tolist(), both.step[:4].tolist()) == ([0, 1, 1, 2], [4, 1, 2, 0])
