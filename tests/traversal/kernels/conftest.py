"""Small graphs told record by record, with a lens and rules of walking, and what is seen of them by plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pytest
from hypothesis import strategies as st

from kgraph.traversal.kernels.asked import LensArrays, WalkArrays
from kgraph.traversal.kernels.lensedsearcher import LensedSearcher, LensedWorkspaces
from kgraph.traversal.kernels.steptable import NOBODY, OPEN_FUTURE, OPEN_PAST, UNSTATED, StepTable, several

N, PREDICATES, COMBOS, SOURCES, KINDS = 7, 3, 4, 3, 3
LISTS = ((0, 1), (2, 3, 4), (1, 6))
QUOTATION = np.array([0, 1, 2, 2], np.uint8)


class Record(NamedTuple):
    subject: int
    predicate: int
    object: int
    combo: int = 0
    speakers: tuple[int, ...] = ()
    relays: tuple[int, ...] = ()
    source: int = 0
    earliest: int = OPEN_PAST
    latest: int = OPEN_FUTURE
    confidence: int = UNSTATED


@dataclass(frozen=True)
class Glass:
    """A lens."""

    combos: frozenset[int] = frozenset(range(COMBOS))
    sources: frozenset[int] = frozenset(range(SOURCES))
    asked: frozenset[int] | None = None
    unwanted: frozenset[int] = frozenset()
    first_day: int = OPEN_PAST
    last_day: int = OPEN_FUTURE
    min_sources: int = 1
    least: int = 0

    def keeps(self, record: Record) -> bool:
        said = set(record.speakers)
        return (
            record.combo in self.combos
            and record.source in self.sources
            and (self.asked is None or bool(said & self.asked))
            and not (said | set(record.relays)) & self.unwanted
            and record.latest >= self.first_day
            and record.earliest <= self.last_day
            and (record.confidence == UNSTATED or record.confidence >= self.least)
        )

    def arrays(self) -> LensArrays:
        names = self.asked is not None or self.unwanted
        agent = np.array([(v in (self.asked or ())) | 2 * (v in self.unwanted) for v in range(N)], np.uint8)
        lists = np.array([np.bitwise_or.reduce(agent[list(agents)]) for agents in LISTS], np.uint8)
        return LensArrays.of(
            np.array([c in self.combos for c in range(COMBOS)], np.uint8),
            np.array([s in self.sources for s in range(SOURCES)], np.uint8),
            agent=agent if names else None,
            several=lists if names else None,
            first_day=self.first_day,
            last_day=self.last_day,
            min_sources=self.min_sources,
            least_confidence=self.least,
            speakers_asked=self.asked is not None,
        )


@dataclass(frozen=True)
class Rules:
    """Where a walk may go."""

    way: tuple[int, ...] = (1,) * PREDICATES
    kind: tuple[int, ...] = (0,) * N
    kind_ok: tuple[bool, ...] = (True,) * KINDS
    blocked: tuple[int, ...] = ()

    def arrays(self) -> WalkArrays:
        return WalkArrays.of(
            np.array(self.way, np.uint8),
            np.array(self.kind, np.int32),
            np.array(self.kind_ok, np.uint8),
            np.array(self.blocked, np.int32),
        )

    def passes(self, node: int) -> bool:
        return self.kind_ok[self.kind[node]] and node not in self.blocked


class World:
    """Records as a step table, and by plain Python."""

    def __init__(self, records: list[Record], glass: Glass | None = None, rules: Rules | None = None) -> None:
        self.records = sorted(records, key=lambda r: r[:3])
        self.glass, self.rules = glass or Glass(), rules or Rules()
        by_step: dict[tuple[int, int, int], list[Record]] = defaultdict(list)
        for record in self.records:
            by_step[record[:3]].append(record)
        self.steps = list(by_step)
        self.claims = list(by_step.values())

    def table(self) -> StepTable:
        rows = [
            (r.combo, r.predicate, _agents(r.speakers), _agents(r.relays), r.source, r.earliest, r.latest, r.confidence)
            for r in self.records
        ]
        return StepTable.of(
            N,
            np.array([r.subject for r in self.records], np.int32),
            np.array([r.object for r in self.records], np.int32),
            np.array(rows, np.int32).reshape(-1, 8),
        )

    def searcher(self) -> LensedSearcher:
        return LensedSearcher(self.table(), self.glass.arrays(), QUOTATION, LensedWorkspaces(N))

    def kept(self, step: int) -> list[Record]:
        """The records of a step that are seen; none when their sources are too few."""
        kept = [r for r in self.claims[step] if self.glass.keeps(r)]
        return kept if len({r.source for r in kept}) >= self.glass.min_sources else []

    def seen(self) -> list[int]:
        return [step for step in range(len(self.steps)) if self.kept(step)]

    def degree(self, node: int) -> int:
        return sum((self.steps[step][0] == node) + (self.steps[step][2] == node) for step in self.seen())

    def moves(self) -> nx.MultiDiGraph[int]:
        """Each way that each step seen may be walked, with (step, forward) as the key."""
        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        graph.add_nodes_from(range(N))
        for step in self.seen():
            subject, predicate, object = self.steps[step]
            if self.rules.way[predicate] & 1:
                graph.add_edge(subject, object, key=(step, True))
            if self.rules.way[predicate] & 2:
                graph.add_edge(object, subject, key=(step, False))
        return graph

    def paths(self, sources: tuple[int, ...], targets: tuple[int, ...]) -> list[tuple[list[int], list[Any]]]:
        """Every loopless path between the ends, as its nodes and its (step, forward)."""
        graph = self.moves()
        found = []
        for source in sources:
            for target in targets:
                within = graph.subgraph(v for v in range(N) if v in (source, target) or self.rules.passes(v))
                edge_paths = nx.all_simple_edge_paths(within, source, target)
                found.extend(([source, *(e[1] for e in path)], [e[2] for e in path]) for path in edge_paths)
        return found

    def inside(self, sources: tuple[int, ...], targets: tuple[int, ...], hops: int) -> set[int]:
        """The steps on walks of at most so many hops, whose nodes between the ends may be passed or are ends."""
        graph, ends = self.moves(), {*sources, *targets}

        def distances(beginnings: tuple[int, ...], beside: Any) -> dict[int, int]:
            found, queue = dict.fromkeys(beginnings, 0), list(beginnings)
            for near in queue:
                for far in beside(near) if goes_on(near, found) else ():
                    if far not in found:
                        found[far] = found[near] + 1
                        queue.append(far)
            return found

        def goes_on(node: int, found: dict[int, int]) -> bool:
            unblocked = node not in self.rules.blocked or node in ends
            return found.get(node, 99) == 0 or (self.rules.kind_ok[self.rules.kind[node]] and unblocked)

        ahead, behind = distances(sources, graph.successors), distances(targets, graph.predecessors)
        return {
            key[0]
            for near, far, key in graph.edges(keys=True)
            if ahead.get(near, 99) + 1 + behind.get(far, 99) <= hops and goes_on(near, ahead) and goes_on(far, behind)
        }

    def cost(self, nodes: list[int], moves: list[Any]) -> tuple[Any, ...]:
        """A path's place in the documented ranking."""
        claims = [self.kept(step) for step, _ in moves]
        return (
            sum(self.degree(node).bit_length() for node in nodes[1:-1]),
            -sum(len({r.source for r in kept}) for kept in claims),
            sum(min(int(QUOTATION[r.combo]) for r in kept) for kept in claims),
            nodes[0],
            *zip(nodes[1:], [step for step, _ in moves], strict=True),
        )


def _agents(agents: tuple[int, ...]) -> int:
    if len(agents) < 2:
        return agents[0] if agents else NOBODY
    return several(LISTS.index(agents))


node = st.integers(0, N - 1)
agents = st.sampled_from([(), *((v,) for v in range(N)), *LISTS])
day = st.integers(-3, 3)
record = st.builds(
    Record,
    subject=node,
    predicate=st.integers(0, PREDICATES - 1),
    object=node,
    combo=st.integers(0, COMBOS - 1),
    speakers=agents,
    relays=agents,
    source=st.integers(0, SOURCES - 1),
    earliest=st.one_of(st.just(OPEN_PAST), day),
    latest=st.one_of(st.just(OPEN_FUTURE), day),
    confidence=st.sampled_from([UNSTATED, 0, 400_000_000, 900_000_000]),
)
most_of = st.frozensets(node, max_size=4)
glass = st.one_of(
    st.just(Glass()),
    st.builds(Glass, min_sources=st.integers(1, 3)),
    st.builds(
        Glass,
        combos=st.frozensets(st.integers(0, COMBOS - 1), min_size=2),
        sources=st.frozensets(st.integers(0, SOURCES - 1), min_size=1),
        asked=st.one_of(st.none(), st.none(), most_of),
        unwanted=st.frozensets(node, max_size=2),
        first_day=st.one_of(st.just(OPEN_PAST), day),
        last_day=st.one_of(st.just(OPEN_FUTURE), day),
        min_sources=st.integers(1, 2),
        least=st.sampled_from([0, 400_000_000, 500_000_000]),
    ),
)
rules = st.builds(
    Rules,
    way=st.one_of(
        st.sampled_from([(1,) * PREDICATES, (2,) * PREDICATES, (3,) * PREDICATES]),
        st.tuples(*[st.integers(0, 3)] * PREDICATES),
    ),
    kind=st.tuples(*[st.integers(0, KINDS - 1)] * N),
    kind_ok=st.one_of(st.just((True,) * KINDS), st.tuples(*[st.booleans()] * KINDS)),
    blocked=st.one_of(st.just(()), st.lists(node, max_size=2, unique=True).map(tuple)),
)
ends = st.permutations(range(N)).flatmap(
    lambda order: st.sampled_from([((order[0],), (order[1],)), (tuple(order[:2]), tuple(order[2:4]))])
)


@pytest.fixture(scope="session")
def worlds() -> st.SearchStrategy[World]:
    """Graphs of up to seven nodes, seen through a lens and walked by rules."""
    return st.builds(World, st.lists(record, max_size=24), glass, rules)


@pytest.fixture(scope="session")
def two_ends() -> st.SearchStrategy[tuple[tuple[int, ...], tuple[int, ...]]]:
    """One or two sources, one or two targets, none in both."""
    return ends


@pytest.fixture(scope="session")
def world() -> type[World]:
    return World


@pytest.fixture(scope="session")
def told() -> tuple[type[Record], type[Glass], type[Rules]]:
    return Record, Glass, Rules


@pytest.fixture(scope="session")
def make_searcher() -> Callable[..., tuple[LensedSearcher, WalkArrays]]:
    """A searcher for steps from `near` to `far`, one record each, by one or more relations, and how they are walked."""

    def make(
        nodes: int, near: list[int], far: list[int], *, relations: int = 1, way: int = 1
    ) -> tuple[LensedSearcher, WalkArrays]:
        told = sorted((a, relation, b) for a, b in zip(near, far, strict=True) for relation in range(relations))
        steps = np.array(told, np.int32)
        records = np.zeros((len(steps), 8), np.int32)
        records[:, 1], records[:, 2:4] = steps[:, 1], NOBODY
        records[:, 5], records[:, 6], records[:, 7] = OPEN_PAST, OPEN_FUTURE, UNSTATED
        table = StepTable.of(nodes, steps[:, 0].copy(), steps[:, 2].copy(), records)
        one = np.ones(1, np.uint8)
        walk = WalkArrays.of(np.full(relations, way, np.uint8), np.zeros(nodes, np.int32), one)
        return LensedSearcher(table, LensArrays.of(one, one), one, LensedWorkspaces(nodes)), walk

    return make
