"""The networkx backend answers as networkx does, path for path; and it is the engine that answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.traversal import networkxbackend
from kgraph.traversal.networkxinfo import get_info

FUNCTIONS = [
    "all_shortest_paths",
    "bidirectional_shortest_path",
    "shortest_path",
    "shortest_simple_paths",
    "single_source_shortest_path_length",
]
NODES = "abcdefgh"
edges = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=24)
kinds = st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
cutoffs = st.sampled_from([None, -1, 0, 1, 2, 2.5, float("inf")])


@pytest.fixture(autouse=True)
def known_cache() -> Iterator[None]:
    """networkx warns whenever it uses a conversion it kept."""
    with nx.config(warnings_to_ignore={"cache"}):
        yield


def outcome(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, ...]:
    """What a call gives, listed when it tells one by one, or what it raises and when."""
    try:
        answer = function(*args, **kwargs)
    except nx.NetworkXException as error:
        return "raised", type(error), str(error)
    if not isinstance(answer, Iterator):
        return type(answer), answer, list(answer)
    told: list[Any] = []
    try:
        told.extend(islice(answer, 200))
    except nx.NetworkXException as error:
        return told, type(error), str(error)
    return "told", told


@settings(max_examples=150, deadline=None)
@given(edges, kinds, cutoffs)
def test_every_answer_is_networkx_own(
    told: list[tuple[str, str]], kind: Callable[[], Any], cutoff: float | None
) -> None:
    graph = kind()
    graph.add_nodes_from("hgb")
    graph.add_edges_from(told)

    def same(name: str, *args: Any, **kwargs: Any) -> None:
        function = getattr(nx, name)
        expected = outcome(function, graph, *args, **kwargs, backend="networkx")
        assert outcome(function, graph, *args, **kwargs, backend="kgraph") == expected

    for source, target in [("a", "b"), ("h", "g"), ("b", "b"), ("b", "nobody"), ("nobody", "b")]:
        for name in ("shortest_path", "bidirectional_shortest_path", "all_shortest_paths"):
            same(name, source, target)
        if not graph.is_multigraph():
            same("shortest_simple_paths", source, target)
        same("single_source_shortest_path_length", source, cutoff=cutoff)


def test_a_change_is_seen() -> None:
    graph = nx.path_graph(4)
    assert nx.shortest_path(graph, 0, 3, backend="kgraph") == [0, 1, 2, 3]
    graph.add_edge(0, 3)
    assert nx.shortest_path(graph, 0, 3, backend="kgraph") == [0, 3]


def test_the_conversion_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    convert = networkxbackend.convert_from_nx
    monkeypatch.setattr(networkxbackend, "convert_from_nx", lambda g, **k: made.append(g) or convert(g, **k))
    graph = nx.path_graph(4)
    for _ in range(3):
        nx.shortest_path(graph, 0, 3, backend="kgraph")
        nx.single_source_shortest_path_length(graph, 0, backend="kgraph")
    assert len(made) == 1


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("shortest_path", {"weight": "weight"}),
        ("shortest_path", {"target": None}),
        ("shortest_path", {"source": None}),
        ("shortest_path", {"method": "guess"}),
        ("all_shortest_paths", {"weight": "weight"}),
        ("shortest_simple_paths", {"weight": "weight"}),
        ("single_source_shortest_path_length", {"cutoff": "2"}),
    ],
)
def test_what_the_engine_cannot_answer_is_networkx_to_answer(name: str, options: dict[str, Any]) -> None:
    given = {"G": nx.path_graph(4), "source": 0, "target": 3} | options
    assert isinstance(networkxbackend.can_run(name, (), given), str)


def test_a_view_is_left_to_networkx() -> None:
    graph = nx.path_graph(4)
    seen = nx.subgraph_view(graph, filter_edge=lambda a, b: (a, b) != (1, 2))
    with nx.config.backend_priority(algos=["kgraph"]):
        assert nx.shortest_path(graph, 0, 3) == [0, 1, 2, 3]
        with pytest.raises(nx.NetworkXNoPath):
            nx.shortest_path(seen, 0, 3)


def test_a_converted_graph_gives_back_what_it_was_made_from() -> None:
    graph = nx.path_graph(3)
    converted = networkxbackend.convert_from_nx(graph)
    assert networkxbackend.convert_to_nx(converted) is graph
    assert nx.is_connected(converted, backend="networkx"), "a function that the engine has not is networkx's to answer"
    assert (converted.is_directed(), converted.is_multigraph(), len(converted)) == (False, False, 3)
    assert [] not in converted


def test_the_backend_says_what_it_answers() -> None:
    assert sorted(get_info()["functions"]) == FUNCTIONS  # type: ignore[call-overload]
    assert nx.config.backends.kgraph is not None


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_networkx_own_tests_pass_and_the_engine_answered(tmp_path: Path) -> None:
    """networkx's tests in its backend test mode; each of the functions was answered by the engine."""
    counts = tmp_path / "counts.json"
    environment = {
        **os.environ,
        "NETWORKX_TEST_BACKEND": "kgraph",
        "NETWORKX_FALLBACK_TO_NX": "1",
        "KGRAPH_BACKEND_COUNTS": str(counts),
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTEST_ADDOPTS": "",
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "networkxcounts",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    suites = ["networkx.algorithms.shortest_paths", "networkx.algorithms.tests.test_simple_paths"]
    run = subprocess.run(
        [*command, "--pyargs", *suites], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    answered = json.loads(counts.read_text())
    assert sorted(answered) == FUNCTIONS
    assert " passed" in run.stdout
    assert "xfailed" not in run.stdout
    assert "skipped" not in run.stdout
