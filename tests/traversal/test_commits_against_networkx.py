"""Through the public door, with commits between the questions: every answer is what networkx finds on what was told.

Paths, their order, the verdict and the filter that kept the nearest path out are worked out the plain way, from all
simple paths of a networkx multigraph. Answers stay the same after reopening, and after what is derived was deleted.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import networkx as nx
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import kgraph
from kgraph.model import Paths
from kgraph.settings import Settings
from kgraph.traversal import Catalogue

ID, KG = "https://w3id.org/kgraph/id/", "https://w3id.org/kgraph/ns#"
IRIS = {"knows": "http://xmlns.com/foaf/0.1/knows"}
NODES = dict.fromkeys("abdf", "Organisation") | dict.fromkeys("ceg", "Ngo")
LETTERS = {"hasMember": "hH", "supports": "sS", "partnerOf": "pp", "knows": "kK"}  # partners have no direction
PUBLISHED = {"a1": None, "a2": "2020-03-01", "a3": "2021-03-01"}
TIMES = {"t1": "2019", "t2": "2020-06-01/.."}
OFF: dict[str, Any] = {
    **dict.fromkeys(("said_by", "not_said_by", "article", "voice"), ()),
    "modality": "any",
    "polarity": "any",
    "valid_from": None,
    "valid_until": None,
    "published_until": None,
    "min_sources": 1,
    "min_confidence": 0.0,
    "predicate": (),
    "avoid": (),
    "avoid_type": (),
    "avoid_hubs": None,
    "via": (),
    "include": ("unattributed",),
}
"""Each filter as it keeps nothing out."""
DEFAULTS = {
    **OFF,
    "modality": ("reported",),
    "polarity": ("affirmed",),
    "include": (),
    "mode": "shortest",
    "k": 5,
    "min_hops": 1,
    "max_hops": 6,
    "direction": "both",
    "pattern": None,
    "weight": None,
}

Relation = tuple[str, str, str]
Route = tuple[tuple[str, ...], tuple[Relation, ...]]


@dataclass(frozen=True)
class Told:
    """One claim."""

    relation: Relation
    modality: str
    polarity: str
    status: str
    voice: str
    article: str
    said_by: tuple[str, ...]
    via: tuple[str, ...]
    time: str | None
    confidence: float | None

    def entry(self) -> dict[str, Any]:
        """As claim files say it; each at a passage of its own, so that no two are the same claim."""
        start = crc32(repr(self).encode())
        span = {"paragraph": 1, "start": start, "end": start + 1, "sha256": "0" * 64, "quoted": True}
        names = ("modality", "polarity", "status", "voice", "said_by", "via", "time", "confidence")
        given = {name: getattr(self, name) for name in names if getattr(self, name) not in (None, ())}
        return {**dict(zip(("subject", "predicate", "object"), self.relation, strict=True)), "at": span, **given}


@dataclass(frozen=True)
class World:
    """What a graph holds at one generation: claims, and triples that no claim states."""

    told: frozenset[Told] = frozenset()
    plain: frozenset[Relation] = frozenset()


class Expected:
    """The answer of a question, worked out from all simple paths."""

    def __init__(self, world: World, asked: dict[str, Any]) -> None:
        self.asked = DEFAULTS | asked
        self.claims: dict[Relation, list[Told]] = {}
        for claim in world.told:
            if self._seen(claim):
                self.claims.setdefault(claim.relation, []).append(claim)
        fewest = self.asked["min_sources"]
        self.claims = {r: kept for r, kept in self.claims.items() if len({c.article for c in kept}) >= fewest}
        if self.asked["include"] and fewest <= 1:  # what no claim states has no source
            self.claims.update({key: [] for key in world.plain})

    def _seen(self, claim: Told) -> bool:
        a = self.asked
        return (
            claim.status == "current"
            and all("any" in a[n] or getattr(claim, n) in a[n] for n in ("modality", "polarity"))
            and (not a["voice"] or claim.voice in a["voice"])
            and (not a["article"] or claim.article in a["article"])
            and (not a["said_by"] or not set(a["said_by"]).isdisjoint(claim.said_by))
            and set(a["not_said_by"]).isdisjoint((*claim.said_by, *claim.via))
            and not (a["valid_from"] and claim.time == "t1")
            and not (a["valid_until"] and claim.time == "t2")
            and not (a["published_until"] and claim.article == "a3")
            and (claim.confidence is None or claim.confidence >= a["min_confidence"])
        )

    def degree(self, node: str) -> int:
        return sum((s == node) + (o == node) for s, _, o in self.claims)

    def _passable(self, node: str) -> bool:
        a = self.asked
        if node in a["avoid"]:
            return False
        hub = a["avoid_hubs"] is not None and self.degree(node) > a["avoid_hubs"]
        return node in a["via"] or not (NODES[node] in a["avoid_type"] or hub)

    @cached_property
    def moves(self) -> nx.MultiDiGraph[str]:
        """Each way a relation may be walked as an edge whose key is the relation."""
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(NODES)
        for s, p, o in self.claims:
            for forward in (True, False):
                if self._walks(p, forward):
                    graph.add_edge(*((s, o) if forward else (o, s)), key=(s, p, o))
        return graph

    def _walks(self, p: str, forward: bool) -> bool:
        """Whether a relation may be walked that way."""
        predicate, pattern = self.asked["predicate"], self.asked["pattern"]
        direction = "both" if pattern else self.asked["direction"]
        undirected = p == "partnerOf"
        follows = undirected or direction in ("both", "forward" if forward else "backward")
        turned = f"^{p}" in predicate and (undirected or not forward)
        return turned or (follows and (not predicate or p in predicate))

    def _routes(self, source: str, target: str) -> set[Route]:
        """All loopless paths; from a node to itself the empty one, or the cycles that walk no relation twice."""
        low, high = self.asked["min_hops"], self.asked["max_hops"]
        if source == target and low == 0:
            return {((source,), ())}
        graph = self.moves.copy()
        graph.remove_nodes_from([n for n in NODES if n not in (source, target) and not self._passable(n)])
        if source == target:
            graph.add_edges_from(("start", far, key) for _, far, key in list(graph.out_edges(source, keys=True)))
        begin = "start" if source == target else source
        found = nx.all_simple_edge_paths(graph, begin, target, cutoff=high) if begin in graph else ()
        routes = (((source, *(v for _, v, _ in path)), tuple(key for _, _, key in path)) for path in found)
        return {r for r in routes if len(r[1]) >= low and len(set(r[1])) == len(r[1])}

    def _matches(self, route: Route) -> bool:
        nodes, keys = route
        if not set(self.asked["via"]) <= set(nodes):
            return False
        if self.asked["pattern"] is None:
            return True
        ways = [
            # A loop is walked either way, but each way only where it may be.
            [LETTERS[p][not way] for way in (True, False) if self._walks(p, way)] if s == o else LETTERS[p][s != near]
            for near, (s, p, o) in zip(nodes, keys, strict=False)
        ]
        return any(re.fullmatch(self.asked["pattern"][1], "".join(letters)) for letters in product(*ways))

    def _order(self, route: Route) -> tuple[Any, ...]:
        """Weight, length, hubs, fewer sources, distance from quotation; then IRIs hop by hop."""
        nodes, keys = route
        iris = [(s, IRIS.get(p, f"{KG}{p}"), o) for s, p, o in keys]
        hubs = [self.degree(node).bit_length() for node in nodes[1:-1]]
        weight = sum(self._weight(key) for key in keys)
        if self.asked["weight"] == "hubs":
            weight += 2520 * sum(hub - 1 for hub in hubs)
        sources = sum(len({c.article for c in self.claims[key]}) for key in keys)
        voices = [{c.voice for c in self.claims[key]} for key in keys]
        quoted = sum(0 if "direct-quote" in v else 1 if "part-quote" in v else 2 for v in voices)
        return weight, len(keys), sum(hubs), -sources, quoted, nodes[0], list(zip(nodes[1:], iris, strict=True))

    def _weight(self, key: Relation) -> int:
        claims, weight = self.claims[key], self.asked["weight"]
        if weight is None or weight == "hubs":
            return 0 if weight is None else 2520
        if not claims:
            return 5040
        if weight == "sources":
            return 2520 // len({c.article for c in claims})
        return round(2520 / max(1.0 if c.confidence is None else c.confidence for c in claims))

    @cached_property
    def routes(self) -> list[Route]:
        """The answer in order."""
        pairs = product(dict.fromkeys(self.asked["source"]), dict.fromkeys(self.asked["target"]))
        found = sorted({r for pair in pairs for r in self._routes(*pair) if self._matches(r)}, key=self._order)
        mode = self.asked["mode"]
        if mode == "all_shortest" and found:
            measure = 0 if self.asked["weight"] else 1
            return [r for r in found if self._order(r)[measure] == self._order(found[0])[measure]]
        return found[: {"shortest": 1, "k_shortest": self.asked["k"]}.get(mode)]


def excluded(world: World, asked: dict[str, Any]) -> tuple[str, int] | None:
    """The filter without which the shortest path is found, and its length."""
    plain = {n: v for n, v in asked.items() if n not in ("mode", "k", "weight")}
    filters = [name for name in OFF if (DEFAULTS | asked)[name] not in (OFF[name], ("any",))]

    def shortest(*lifted: str) -> int | None:
        routes = Expected(world, plain | {name: OFF[name] for name in lifted}).routes
        return len(routes[0][1]) if routes else None

    lengths = [(length, name) for name in filters if (length := shortest(name)) is not None]
    if lengths:
        length, name = min(lengths, key=lambda found: found[0])  # of equals the first
        return name, length
    everything = shortest(*filters)
    return None if everything is None else ("lens", everything)


def mostly(value: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The first value three times out of four."""
    return st.sampled_from([value] * 3 * len(others) + list(others))


ends = st.sampled_from(sorted(NODES))
claims = st.builds(
    Told,
    relation=st.tuples(ends, st.sampled_from(["hasMember", "supports", "partnerOf"]), ends),
    modality=mostly("reported", "alleged"),
    polarity=mostly("affirmed", "negated"),
    status=mostly("current", "current", "retracted"),
    voice=mostly("article-voice", "direct-quote", "part-quote"),
    article=st.sampled_from(sorted(PUBLISHED)),
    said_by=st.sampled_from([("s1",), ("s2",), ("s1", "s2")]),
    via=mostly((), ("s2",)),
    time=mostly(None, "t1", "t2"),
    confidence=st.sampled_from([None, 0.25, 0.5, 0.9]),
)
MOST = 1_000
"""Paths on a page."""
MODES = ("all_simple", "all_simple", "shortest", "all_shortest", "k_shortest")
OPTIONS: dict[str, tuple[Any, ...]] = {
    "k": (1, 2, 4),
    "min_hops": (0, 2, 3),
    "max_hops": (3, 4, 5),
    "direction": ("forward", "backward"),
    "pattern": (
        ("hasMember supports?", "hs?"),
        ("(^hasMember|partnerOf)+", "(H|p)+"),
        ("supports{1,2} (hasMember|^supports)*", "s{1,2}(h|S)*"),
        ("(hasMember|^hasMember|supports){2,}", "(h|H|s){2,}"),
        ("^(hasMember partnerOf){,2} supports*", "(pH){0,2}s*"),
    ),
    "weight": ("sources", "confidence", "hubs"),
    "modality": ("any", ("alleged",), ("reported", "alleged")),
    "polarity": ("any", ("negated",)),
    "said_by": (("s1",), ("s1", "s2")),
    "not_said_by": (("s2",), ("s1",)),
    "article": (("a1",), ("a2", "a3")),
    "voice": (("direct-quote", "part-quote"), ("article-voice",)),
    "valid_from": ("2020-01-01",),
    "valid_until": ("2020-05-15",),
    "published_until": ("2020-12-31",),
    "min_sources": (2,),
    "min_confidence": (0.5,),
    "include": (("unattributed",),),
    "predicate": (("hasMember",), ("hasMember", "^supports"), ("^partnerOf", "supports")),
    "avoid": (("g",),),
    "avoid_type": (("Ngo",),),
    "avoid_hubs": (1, 3, 5, 7),
    "via": (("f",), ("e", "c"), ("a",)),
}


def questions(random: Random, count: int) -> Iterator[dict[str, Any]]:
    """Questions with a few options each."""
    for _ in range(count):
        ends = {"source": random.choice(["a", "b", "ab", "c"]), "target": random.choice(["d", "b", "de", "a"])}
        few = {name: random.choice(values) for name, values in OPTIONS.items() if random.random() < 0.12}
        yield {name: tuple(end) for name, end in ends.items()} | {"mode": random.choice(MODES)} | few


def told(answer: Paths) -> list[Route]:
    """Each path as bare names: its nodes and its relations."""
    return [
        (
            tuple(n.id.removeprefix("id:") for n in path.nodes),
            tuple((e.source[3:], re.split("[:/]", e.predicate)[-1], e.target[3:]) for e in path.edges),
        )
        for path in answer.paths
    ]


class Commits(RuleBasedStateMachine):
    """A folder that is asked, written to, closed, opened, and rebuilt: walked record by record, or by the kernels."""

    indexed_from = 1_000_000

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(Catalogue, "indexed_from", property(lambda _: self.indexed_from, lambda *_: None))
        self.place = Path(tempfile.mkdtemp())
        self.settings = Settings(data=self.place / "data")
        self.graph = kgraph.open(self.settings.data, settings=self.settings)
        self.world = World()
        self.worlds: dict[int, World] = {}
        self.answered: list[tuple[dict[str, Any], Paths]] = []

    def teardown(self) -> None:
        self.graph.close()
        self.patch.undo()
        shutil.rmtree(self.place)

    @initialize(first=st.lists(claims, min_size=20, max_size=30, unique=True))
    def begin(self, first: list[Told]) -> None:
        self.claims_are_loaded(first)

    @rule(more=st.lists(claims, min_size=2, max_size=6, unique=True))
    def claims_are_loaded(self, more: list[Told]) -> None:
        new = set(more) - self.world.told
        self.graph.load(*(self._file(article, new) for article in PUBLISHED))
        self._held(replace(self.world, told=self.world.told | new))

    @rule(more=st.lists(st.tuples(ends, st.just("knows"), ends), min_size=1, max_size=3, unique=True))
    def triples_without_claims_are_loaded(self, more: list[Relation]) -> None:
        file = self.place / "plain.nt"
        file.write_text("".join(f"<{ID}{s}> <{IRIS[p]}> <{ID}{o}> .\n" for s, p, o in more))
        self.graph.load(file)
        self._held(replace(self.world, plain=self.world.plain | set(more)))

    @rule(random=st.randoms(use_true_random=True))
    def paths_are_asked(self, random: Random) -> None:
        for question in questions(random, 30):
            answer = self._ask(question)
            self._check(question, answer, self.world)
            self.answered = [*self.answered[-20:], (question, answer)]

    @rule(random=st.randoms(use_true_random=True))
    def pages_are_turned_at_any_generation(self, random: Random) -> None:
        at = random.choice(sorted(self.worlds))
        for question in questions(random, 10):
            question |= {"at": at, "mode": "all_simple"}
            answer = self._ask(question, limit=7)
            found = told(answer)
            while answer.again:
                answer = self.graph.paths(**answer.again)
                found += told(answer)
            assert found == Expected(self.worlds[at], question).routes, question

    @rule(derived=st.sampled_from([(), ("store", "index")]))
    def the_folder_is_reopened_and_what_is_derived_perhaps_rebuilt(self, derived: tuple[str, ...]) -> None:
        self.graph.close()
        for name in derived:
            shutil.rmtree(self.settings.data / name, ignore_errors=True)
        self.graph = kgraph.open(self.settings.data, settings=self.settings)
        for question, before in self.answered:
            after = self._ask(question | {"at": before.generation})
            assert replace(after, work=before.work) == before, question

    def _held(self, world: World) -> None:
        self.world = self.worlds[self.graph.generation] = world

    def _file(self, article: str, claims: set[Told]) -> Path:
        """A claim file with what one article says, and with everybody it could speak of."""
        published = {"published": "p"} if PUBLISHED[article] else {}
        times = TIMES | {"p": PUBLISHED[article] or "2000"}
        people = NODES | {"s1": "Person", "s2": "Person"}
        document = {
            "kgraph": 1,
            "source": {"id": article, "label": article, "sha256": "1" * 64, "length": 2**33, "unknown": ["title"]}
            | published,
            "entities": {name: {"type": type, "label": name} for name, type in people.items()},
            "times": {name: {"text": edtf, "edtf": edtf, "basis": "stated"} for name, edtf in times.items()},
            "claims": [claim.entry() for claim in sorted(claims, key=repr) if claim.article == article],
        }
        file = self.place / f"{article}.yaml"
        file.write_text(json.dumps(document))
        return file

    def _ask(self, question: dict[str, Any], limit: int = MOST) -> Paths:
        pattern = {"pattern": question["pattern"][0]} if "pattern" in question else {}
        return self.graph.paths(**{"limit": limit, "max_ms": self.settings.max_ms, **question, **pattern})

    def _check(self, question: dict[str, Any], answer: Paths, world: World) -> None:
        routes = Expected(world, question).routes
        assert told(answer) == routes[:MOST], question
        assert answer.verdict == ("found" if routes else "none_within"), question
        named = answer.excluded_by and (answer.excluded_by.filter, answer.excluded_by.length)
        assert named == (None if routes else excluded(world, question)), question


class CommitsWithKernels(Commits):
    """The same, every graph walked by the kernels, however small."""

    indexed_from = 0


# What fails is told as it was met: to make it smaller, every commit would be made again and again.
Commits.TestCase.settings = CommitsWithKernels.TestCase.settings = settings(
    max_examples=3, stateful_step_count=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
TestCommits = Commits.TestCase
TestCommitsWithKernels = CommitsWithKernels.TestCase
