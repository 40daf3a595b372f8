"""Kernels while they run: deadlines hold, threads share a searcher, numba waits until it is needed."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.kernels.searcher import Searcher
from kgraph.traversal.kernels.simple import SimplePaths
from kgraph.traversal.kernels.topology import Topology
from kgraph.traversal.kernels.workspace import STAMPS, Workspace


@pytest.fixture(scope="module")
def large() -> Searcher:
    """200,000 nodes, 2 million edges at random."""
    random = np.random.default_rng(3)
    near, far = random.integers(0, 200_000, (2, 2_000_000), dtype=np.int32)
    return Searcher(Topology.from_edges(200_000, near, far))


def test_a_deadline_ends_a_search_within_ten_milliseconds(large: Searcher) -> None:
    overruns = []
    for _ in range(5):
        began = time.perf_counter()
        search = SimplePaths(large, 0, 1, Limits.within(ms=50))
        found = sum(1 for _ in search)
        overruns.append(time.perf_counter() - began - 0.05)
        assert search.verdict == Verdict.MAX_MS
        assert found > 0
    assert min(overruns) < 0.01


def test_a_deadline_ends_a_search_in_the_middle(large: Searcher) -> None:
    whole = large.distances(0)
    assert whole.verdict == Verdict.FOUND
    cut = large.distances(0, Limits.within(ms=0.5))
    assert cut.verdict == Verdict.MAX_MS
    assert cut.edges < whole.edges
    assert whole.nodes[: len(cut.nodes)].tolist() == cut.nodes.tolist()


def test_a_deadline_that_is_over_is_told_before_anything_is_looked_at(large: Searcher) -> None:
    over = Limits.within(ms=-1)
    assert large.shortest(0, 1, over).verdict == Verdict.MAX_MS
    assert large.all_shortest(0, 1, over).verdict == Verdict.MAX_MS
    assert large.shortest(0, 1, over).edges == 0


def test_threads_share_a_searcher(large: Searcher) -> None:
    pairs = [(n, n * 7919 % 200_000) for n in range(200)]
    alone = [large.shortest(*pair) for pair in pairs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda pair: large.shortest(*pair), pairs))
    assert together == alone


def test_stamps_begin_anew_before_they_overflow() -> None:
    space = Workspace(2)
    space.mark[:] = 5
    space._stamp = 2**31 - 2 * STAMPS
    assert space.stamp() == STAMPS
    assert space.mark.tolist() == [0, 0, 0, 0]


def test_numba_waits_until_it_is_needed() -> None:
    code = (
        "import sys, kgraph, kgraph.traversal, kgraph.traversal.kernels.searcher, networkx;"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_where_nothing_can_be_written_kernels_are_compiled_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    from kgraph.traversal.kernels.compiling import kernel

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])

    def twice(n: int) -> int:
        return 2 * n

    assert kernel("int64(int64)")(twice)(21) == 42
