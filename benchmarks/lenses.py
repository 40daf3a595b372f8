"""The kernels under a lens against networkx on a `subgraph_view`, and against our own kernel without a lens.

    python benchmarks/lenses.py                                         # 1 M nodes, 10 M edges: some 8 GiB of memory
    python benchmarks/lenses.py --nodes 100000 --edges 1000000 --pairs 200

One record an edge: a predicate, a day, a speaker. A lens by each of the three keeps about 50, 10 and 1 % of the edges;
relations are walked as they are directed, and both ways. The pairs are connected under the lens, each such pair as
likely as any other. Same graph, same pairs, one process; the length of each path is compared with networkx's, and a
difference ends the run.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
from measure import Pair, Timed, built, machine, timed
from synthetic import PREDICATES, SyntheticGraph, one_way, scale_free

from kgraph.traversal.kernels.asked import BACKWARD, FORWARD, LensArrays, WalkArrays
from kgraph.traversal.kernels.lensedfound import LensedPath
from kgraph.traversal.kernels.lensedsearcher import LensedSearcher, LensedWorkspaces
from kgraph.traversal.kernels.limits import Verdict
from kgraph.traversal.kernels.searcher import Searcher
from kgraph.traversal.kernels.steptable import NOBODY, OPEN_PAST, RECORD, UNSTATED, StepTable
from kgraph.traversal.kernels.topology import Topology

PEERS = ["kgraph-claims", "numba", "numpy", "networkx"]
DAYS, SPEAKERS, SOURCES = 10_000, 1_000, 10_000
SELECTIVITIES = (0.5, 0.1, 0.01)


@dataclass(frozen=True)
class Claims:
    """The graph in the order of its steps, and of each edge day and speaker, int32[m]."""

    graph: SyntheticGraph
    day: Any
    speaker: Any

    @classmethod
    def of(cls, graph: SyntheticGraph) -> Claims:
        """With days and speakers at random, the same on every run."""
        order = np.lexsort((graph.target, graph.predicate, graph.source))
        random = np.random.default_rng(5)
        size = len(order)
        ordered = SyntheticGraph(graph.nodes, graph.source[order], graph.target[order], graph.predicate[order])
        day = random.integers(0, DAYS, size, dtype=np.int32)
        return cls(ordered, day, random.integers(0, SPEAKERS, size, dtype=np.int32))

    def table(self) -> StepTable:
        """As the kernels take it. Records begin at a line of the cache."""
        size = len(self.day)
        block = np.empty(RECORD * size + 16, np.int32)
        begins = -block.ctypes.data // 4 % 16
        records = block[begins : begins + RECORD * size].reshape(size, RECORD)
        columns = (
            0,
            self.graph.predicate,
            self.speaker,
            NOBODY,
            np.arange(size) % SOURCES,
            self.day,
            self.day,
            UNSTATED,
        )
        for column, values in enumerate(columns):
            records[:, column] = values
        return StepTable.of(self.graph.nodes, self.graph.source, self.graph.target, records)

    def networkx(self, directed: bool) -> Any:
        """As networkx takes it."""
        made: Any = nx.DiGraph() if directed else nx.Graph()
        made.add_nodes_from(range(self.graph.nodes))
        columns = (self.graph.source, self.graph.target, self.graph.predicate, self.day, self.speaker)
        for begins in range(0, len(self.day), 1_000_000):
            rows = zip(*(column[begins : begins + 1_000_000].tolist() for column in columns), strict=True)
            made.add_edges_from((a, b, {"predicate": p, "day": d, "speaker": s}) for a, b, p, d, s in rows)
        return made


@dataclass(frozen=True)
class Case:
    """A lens: what it keeps of the edges, as our kernels take it, and as networkx does."""

    name: str
    kept: Any
    lens: LensArrays
    walk: WalkArrays
    sees: Callable[[Any], bool]


def cases(claims: Claims, directed: bool) -> list[Case]:
    """A lens by predicate, by time, by speaker, each with three selectivities."""
    way_of_all = FORWARD if directed else FORWARD | BACKWARD
    nodes, predicate = claims.graph.nodes, claims.graph.predicate
    one, kind = np.ones(1, np.uint8), np.zeros(nodes, np.int32)
    sources = np.ones(SOURCES, np.uint8)
    every = WalkArrays.of(np.full(PREDICATES, way_of_all, np.uint8), kind, one)
    made = []
    for share in SELECTIVITIES:
        chosen = _predicates(np.bincount(predicate, minlength=PREDICATES) / len(predicate), share)
        way = np.array([way_of_all * (p in chosen) for p in range(PREDICATES)], np.uint8)
        walk = WalkArrays.of(way, kind, one)
        kept = np.isin(predicate, list(chosen))
        made.append(Case("predicate", kept, LensArrays.of(one, sources), walk, _among("predicate", chosen)))
    for share in SELECTIVITIES:
        last = int(DAYS * share) - 1
        lens = LensArrays.of(one, sources, first_day=OPEN_PAST, last_day=last)
        made.append(Case("time", claims.day <= last, lens, every, _until(last)))
    for share in SELECTIVITIES:
        asked = int(SPEAKERS * share)
        agent = (np.arange(nodes) < asked).astype(np.uint8)
        lens = LensArrays.of(one, sources, agent=agent, speakers_asked=True)
        made.append(Case("speaker", claims.speaker < asked, lens, every, _among("speaker", set(range(asked)))))
    return made


def _predicates(shares: Any, share: float) -> set[int]:
    """Relations that together have about a share of the edges: the largest that still fit, one after another."""
    chosen, left = set(), share
    for predicate in np.argsort(-shares).tolist():
        if shares[predicate] <= left * 1.1:
            chosen.add(predicate)
            left -= shares[predicate]
    return chosen


def _among(name: str, wanted: set[int]) -> Callable[[Any], bool]:
    return lambda edge: edge[name] in wanted


def _until(last: int) -> Callable[[Any], bool]:
    return lambda edge: edge["day"] <= last


def connected_pairs(claims: Claims, case: Case, ours: LensedSearcher, count: int) -> list[Pair]:
    """Pairs that are connected under the lens, each as likely as another: at random from nodes with an edge there, as
    long as one in fifty is connected; else sources are drawn by how many nodes they reach (of three hundred at random),
    targets from these."""
    random = np.random.default_rng(11)
    ends = np.concatenate((claims.graph.source[case.kept], claims.graph.target[case.kept]))
    near, far = np.unique(ends[: len(ends) // 2]), np.unique(ends[len(ends) // 2 :])
    if case.walk.flags[0] & BACKWARD:
        near = far = np.unique(ends)
    drawn: list[Pair] = []
    for tried in range(50 * count):
        a, b = int(random.choice(near)), int(random.choice(far))
        if a != b and ours.shortest(case.walk, ids(a), ids(b)).verdict == Verdict.FOUND:
            drawn.append((a, b))
        if len(drawn) == count:
            return drawn
        if tried >= 500 and len(drawn) * 50 < tried:
            break
    sources = random.choice(near, 300)
    reach = np.array([len(reached(case, ours, a)) for a in sources.tolist()], np.float64)
    chosen = random.choice(sources, count, p=reach / reach.sum()).tolist()
    return [(a, int(random.choice(reached(case, ours, a)))) for a in chosen]


def reached(case: Case, ours: LensedSearcher, node: int) -> Any:
    """The other nodes that a node reaches under the lens."""
    return ours.around(case.walk, node, 1000).nodes[1:]


def ids(node: int) -> Any:
    """One node as the kernels take it."""
    return np.array([node], np.int32)


def on_view(graph: Any, case: Case) -> Callable[[int, int], int]:
    """networkx's shortest path under the lens, as its number of nodes."""
    adjacent, sees = graph._adj, case.sees
    view = nx.subgraph_view(graph, filter_edge=lambda a, b: sees(adjacent[a][b]))
    return lambda a, b: len(nx.bidirectional_shortest_path(view, a, b, backend="networkx"))


def quietest(call: Callable[[int, int], Any], pairs: list[Pair]) -> tuple[float, float]:
    """Of each pair the quickest of three rounds over all pairs, so that others' work on the machine does not count:
    nanoseconds and steps looked at, all pairs together."""
    rounds = [timed("", call, pairs) for _ in range(3)]
    quick = np.min([one.ms for one in rounds], axis=0).sum() * 1e6
    edges: list[Any] = rounds[0].answers
    return float(quick), float(sum(answer.edges for answer in edges))


def floor(table: StepTable) -> None:
    """What the machine takes to fetch a record, and a mark, from anywhere; and what a call takes by itself."""
    random = np.random.default_rng(3)
    marks = np.ones(2 * table.nodes, np.int32)
    for name, column, size in (("record", table.records[:, 0], table.steps), ("mark", marks[::2], table.nodes)):
        places = random.integers(0, size, 2_000_000)
        took = []
        for _ in range(5):
            began = time.perf_counter_ns()
            column[places].sum()
            took.append((time.perf_counter_ns() - began) / len(places))
        print(f"- gathering a {name} from anywhere: {min(took):.1f} ns", flush=True)


COLUMNS = (
    *("lens", "keeps %", "pairs", "p50 ms", "p99 ms", "steps p50", "ns/step", "no lens", "ratio", "calls left out"),
    *("networkx pairs", "p50 ms", "p99 ms", "p50 ×", "p99 ×"),
)


def measure(claims: Claims, table: StepTable, graph: Any, directed: bool, pairs: int, seconds: float) -> None:
    """One row for each lens."""
    workspaces = LensedWorkspaces(table.nodes)
    topology = Topology.from_edges(table.nodes, claims.graph.source, claims.graph.target)
    plain = Searcher(topology, "forward" if directed else "both")
    unquoted = np.zeros(1, np.uint8)
    print(f"\n### {'Directed' if directed else 'Both ways'}\n\n| {' | '.join(COLUMNS)} |\n|" + "---|" * len(COLUMNS))
    calls = (0.0, 0.0)
    for case in cases(claims, directed):
        ours = LensedSearcher(table, case.lens, unquoted, workspaces)
        chosen = connected_pairs(claims, case, ours, pairs)

        def ask(a: int, b: int, ours: LensedSearcher = ours, walk: WalkArrays = case.walk) -> LensedPath:
            return ours.shortest(walk, ids(a), ids(b))

        def bare(a: int, b: int) -> Any:
            return plain.shortest(a, b)

        if not calls[0]:
            calls = (alone(lambda: ours.shortest(case.walk, ids(0), ids(1), max_hops=0)), alone(_nowhere(plain)))  # noqa: B023
        row = timed("", ask, chosen)
        (mine, steps), (without, bare_steps) = quietest(ask, chosen), quietest(bare, chosen)
        ratio = mine / steps / (without / bare_steps)
        left = (mine - len(chosen) * calls[0]) / steps / ((without - len(chosen) * calls[1]) / bare_steps)
        answers: list[Any] = row.answers
        cells = [case.name, f"{100 * case.kept.mean():.1f}", len(chosen), f"{row.p50:.4f}", f"{row.p99:.4f}"]
        cells += [f"{np.median([a.edges for a in answers]):,.0f}", f"{mine / steps:.1f}", f"{without / bare_steps:.1f}"]
        cells += [f"{ratio:.2f}", f"{left:.2f}"]
        if graph is not None:
            cells += beside_networkx(row, timed("", on_view(graph, case), chosen, seconds), case)
        print(f"| {' | '.join(map(str, cells))} |", flush=True)
    print(f"\nA call that looks at nothing: {calls[0] / 1000:.1f} µs, without a lens {calls[1] / 1000:.1f} µs.")


def beside_networkx(ours: Timed, theirs: Timed, case: Case) -> list[object]:
    """The cells for networkx, once its paths are seen to be as long as ours."""
    answers: list[Any] = ours.answers
    for one, other in zip(answers, theirs.answers, strict=False):
        if len(one.nodes) != other:
            raise SystemExit(f"{case.name}: networkx has {other} nodes, we have {one}")
    same = Timed("", ours.ms[: len(theirs.ms)], [])
    times = [f"{theirs.p50:.3f}", f"{theirs.p99:.3f}"]
    return [len(theirs.ms), *times, f"{theirs.p50 / same.p50:.0f}", f"{theirs.p99 / same.p99:.0f}"]


def _nowhere(plain: Searcher) -> Callable[[], Any]:
    return lambda: plain.shortest(0, 1, max_hops=0)


def alone(call: Callable[[], Any]) -> float:
    """Nanoseconds of a call, the quickest of many."""
    took = []
    for _ in range(2000):
        began = time.perf_counter_ns()
        call()
        took.append(time.perf_counter_ns() - began)
    return float(min(took))


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60, help="after which networkx is stopped, for each lens")
    parser.add_argument("--no-networkx", action="store_true")
    given = parser.parse_args()
    machine(PEERS)
    drawn = one_way(built("the synthetic graph", lambda: scale_free(given.nodes, given.edges)))
    claims = Claims.of(drawn)
    table: StepTable = built("step table", claims.table)
    print(
        f"- {table.nodes:,} nodes, {table.steps:,} steps, one record each; networkx stopped after {given.seconds:g} s"
    )
    floor(table)
    for directed in (True, False):
        graph = None
        if not given.no_networkx:
            graph = built("networkx, three attributes an edge", partial(claims.networkx, directed))
        gc.collect()
        gc.freeze()  # what is built is not looked through again before each row
        measure(claims, table, graph, directed, given.pairs, given.seconds)
        del graph
        gc.unfreeze()


if __name__ == "__main__":
    main()
