"""Searches under a lens while they run: deadlines hold, threads share a searcher, numba waits until it is needed."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgraph.traversal.kernels.lensedsearcher import LensedSearcher, LensedWorkspaces
from kgraph.traversal.kernels.limits import Limits, Verdict
from kgraph.traversal.kernels.space import LensedWorkspace
from kgraph.traversal.kernels.steptable import StepTable
from kgraph.traversal.kernels.workspace import STAMPS


@pytest.fixture(scope="module")
def large(make_searcher: Any) -> Any:
    """20,000 nodes, 400,000 steps at random, walked both ways."""
    near, far = np.random.default_rng(3).integers(0, 20_000, (2, 400_000)).tolist()
    return make_searcher(20_000, near, far, way=3)


def test_a_deadline_ends_a_search_in_the_middle(large: Any) -> None:
    searcher, walk = large
    whole = searcher.around(walk, 0, 9)
    assert whole.verdict == Verdict.FOUND
    assert len(whole.nodes) == 20_000
    cut = searcher.around(walk, 0, 9, Limits.within(ms=0.5))
    assert cut.verdict == Verdict.MAX_MS
    assert 0 < len(cut.steps) < len(whole.steps)
    assert cut.steps.tolist() == whole.steps[: len(cut.steps)].tolist()


def test_a_deadline_ends_every_kind_of_search_soon(large: Any) -> None:
    searcher, walk = large
    half = list(range(10_000)), list(range(10_000, 20_000))
    for ask in (
        lambda limits: searcher.ranked(walk, *half, limits),
        lambda limits: searcher.corridor(walk, *half, 5, limits),
        lambda limits: searcher.around(walk, 0, 9, limits),
        lambda limits: searcher.degrees(list(range(20_000)), limits)[0],
    ):
        ask(Limits.within(ms=-1))
        overruns = []
        for _ in range(5):
            began = time.perf_counter()
            ended = ask(Limits.within(ms=0.5))
            overruns.append(time.perf_counter() - began - 0.0005)
            assert getattr(ended, "verdict", ended) == Verdict.MAX_MS
        assert min(overruns) < 0.01


def test_threads_share_a_searcher(large: Any) -> None:
    searcher, walk = large
    fresh = LensedSearcher(searcher.table, searcher.lens, searcher.quotation, LensedWorkspaces(20_000))
    pairs = [([n], [(n + 1) * 7919 % 20_000]) for n in range(150)]

    def answers(pair: Any) -> Any:
        one = searcher.shortest(walk, *pair), searcher.ranked(walk, *pair)
        corridor = searcher.corridor(walk, *pair, len(one[0].steps))
        return *one, corridor.steps.tolist(), searcher.around(walk, pair[0][0], 1).far.tolist()

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(answers, pairs))
    assert [fresh.ranked(walk, *pair) for pair in pairs] == [ranked for _, ranked, _, _ in together]
    assert [answers(pair) for pair in pairs] == together


def test_a_table_is_searched_where_it_lies_in_a_file(large: Any, tmp_path: Path) -> None:
    searcher, walk = large
    mapped = []
    for name, array in searcher.table._asdict().items():
        np.save(tmp_path / f"{name}.npy", array)
        mapped.append(np.load(tmp_path / f"{name}.npy", mmap_mode="c"))
    other = LensedSearcher(StepTable(*mapped), searcher.lens, searcher.quotation, LensedWorkspaces(20_000))
    for target in range(1, 20):
        assert other.ranked(walk, [0], [target]) == searcher.ranked(walk, [0], [target])


def test_stamps_begin_anew_before_they_overflow() -> None:
    work = LensedWorkspace(2)
    work.space.mark[:] = 5
    given = {work.stamp() for _ in range(2**16 // STAMPS - 2)}
    assert max(given) + STAMPS <= 2**16
    assert work.space.mark.tolist() == [5, 5]
    assert work.stamp() == STAMPS
    assert work.space.mark.tolist() == [0, 0]


def test_many_searches_in_one_workspace_do_not_disturb_each_other(make_searcher: Any) -> None:
    searcher, walk = make_searcher(4, [0, 1, 2], [1, 2, 3])
    assert {tuple(searcher.shortest(walk, [0], [3]).nodes) for _ in range(9000)} == {(0, 1, 2, 3)}


def test_numba_waits_until_it_is_needed() -> None:
    code = (
        "import sys, numpy as np;"
        "from kgraph.traversal.kernels import lensedsearcher as l, asked as a, steptable as s;"
        "one = np.ones(1, np.uint8); r = np.zeros((1, 8), np.int32);"
        "t = s.StepTable.of(2, np.array([0], np.int32), np.array([1], np.int32), r);"
        "l.LensedSearcher(t, a.LensArrays.of(one, one), one, l.LensedWorkspaces(2));"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
