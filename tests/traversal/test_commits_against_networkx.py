"""Through the public door, with commits between the questions: every answer is what networkx finds on what was told.

Paths, their order, the verdict and the filter that kept the nearest path out are worked out the plain way, from all
simple paths of a networkx multigraph. Answers stay the same after reopening, and after what is derived was deleted.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

import networkx as nx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import kgraph
from kgraph.model import Paths
from kgraph.settings import Settings

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
        if self.asked["include"]:
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
        predicate, pattern = self.asked["predicate"], self.asked["pattern"]
        direction = "both" if pattern else self.asked["direction"]
        for s, p, o in self.claims:
            undirected = p == "partnerOf"
            for forward in (True, False):
                follows = undirected or direction in ("both", "forward" if forward else "backward")
                turned = f"^{p}" in predicate and (undirected or not forward)
                if turned or (follows and (not predicate or p in predicate)):
                    graph.add_edge(*((s, o) if forward else (o, s)), key=(s, p, o))
        return graph

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
        ways = [LETTERS[p] if s == o else LETTERS[p][s != near] for near, (s, p, o) in zip(nodes, keys, strict=False)]
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


def mostly(*values: Any) -> st.SearchStrategy[Any]:
    """The first value as often as all others together."""
    return st.sampled_from([values[0]] * (len(values) - 1) + list(values[1:]))


ends = st.sampled_from(sorted(NODES))
claims = st.builds(
    Told,
    relation=st.tuples(ends, st.sampled_from(["hasMember", "supports", "partnerOf"]), ends),
    modality=mostly("reported", "alleged"),
    polarity=mostly("affirmed", "affirmed", "negated"),
    status=mostly("current", "current", "current", "retracted"),
    voice=mostly("article-voice", "direct-quote", "part-quote"),
    article=st.sampled_from(sorted(PUBLISHED)),
    said_by=st.sampled_from([("s1",), ("s2",), ("s1", "s2")]),
    via=mostly((), ("s2",)),
    time=mostly(None, "t1", "t2"),
    confidence=st.sampled_from([None, 0.25, 0.5, 0.9]),
)
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    "min_hops": st.integers(0, 3),
    "max_hops": st.integers(3, 5),
    "direction": st.sampled_from(["forward", "backward"]),
    "pattern": st.sampled_from(
        [
            ("hasMember supports?", "hs?"),
            ("(^hasMember|partnerOf)+", "(H|p)+"),
            ("supports{1,2} (hasMember|^supports)*", "s{1,2}(h|S)*"),
            ("(hasMember|^hasMember|supports){2,}", "(h|H|s){2,}"),
            ("^(hasMember partnerOf){,2} supports*", "(pH){0,2}s*"),
        ]
    ),
    "weight": st.sampled_from(["sources", "confidence", "hubs"]),
    "modality": st.sampled_from(["any", ("alleged",), ("reported", "alleged")]),
    "polarity": st.just("any"),
    "said_by": st.sampled_from([("s1",), ("s1", "s2")]),
    "not_said_by": st.just(("s2",)),
    "article": st.sampled_from([("a1",), ("a2", "a3")]),
    "voice": st.sampled_from([("direct-quote", "part-quote"), ("article-voice",)]),
    "valid_from": st.just("2020-01-01"),
    "valid_until": st.just("2020-05-15"),
    "published_until": st.just("2020-12-31"),
    "min_sources": st.just(2),
    "min_confidence": st.just(0.5),
    "include": st.just(("unattributed",)),
    "predicate": st.sampled_from([("hasMember",), ("hasMember", "^supports"), ("^partnerOf", "supports")]),
    "avoid": st.just(("g",)),
    "avoid_type": st.just(("Ngo",)),
    "avoid_hubs": st.integers(1, 6),
    "via": st.sampled_from([("f",), ("e", "c"), ("a",)]),
}
asked = st.tuples(
    st.fixed_dictionaries(
        {
            "source": mostly(("a",), ("b",), ("a", "b"), ("c",)),
            "target": mostly(("d",), ("b",), ("d", "e"), ("a",)),
            "mode": mostly("all_simple", "shortest", "all_shortest", "k_shortest"),
            "k": st.integers(1, 4),
        }
    ),
    st.lists(st.sampled_from(sorted(OPTIONS)), unique=True, max_size=4).flatmap(
        lambda names: st.fixed_dictionaries({name: OPTIONS[name] for name in names})
    ),
).map(lambda parts: parts[0] | parts[1])


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
    """A folder that is asked, written to, closed, opened, and rebuilt."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp())
        self.folder = self.place / "data"
        self.settings = Settings(data=self.folder)
        self.graph = kgraph.open(self.folder, settings=self.settings)
        self.worlds: dict[int, World] = {}
        self.answered: list[tuple[dict[str, Any], Paths]] = []

    def teardown(self) -> None:
        self.graph.close()
        shutil.rmtree(self.place)

    @initialize(first=st.lists(claims, min_size=12, max_size=20, unique=True))
    def begin(self, first: list[Told]) -> None:
        self._load(World(frozenset(first)))

    @rule(more=st.lists(claims, min_size=1, max_size=5, unique=True))
    def claims_are_loaded(self, more: list[Told]) -> None:
        self._load(replace(self.world, told=self.world.told | set(more)))

    @rule(more=st.lists(st.tuples(ends, st.just("knows"), ends), min_size=1, max_size=3, unique=True))
    def triples_without_claims_are_loaded(self, more: list[Relation]) -> None:
        file = self.place / "plain.nt"
        file.write_text("".join(f"<{ID}{s}> <{IRIS[p]}> <{ID}{o}> .\n" for s, p, o in more))
        self.graph.load(file)
        self.worlds[self.graph.generation] = replace(self.world, plain=self.world.plain | set(more))

    @rule(questions=st.lists(asked, min_size=5, max_size=12))
    def paths_are_asked(self, questions: list[dict[str, Any]]) -> None:
        for question in questions:
            answer = self._ask(question)
            self._check(question, answer, self.world)
            self.answered = [*self.answered[-20:], (question, answer)]

    @rule(question=asked, data=st.data())
    def an_older_generation_is_asked(self, question: dict[str, Any], data: Any) -> None:
        at = data.draw(st.sampled_from(sorted(self.worlds)))
        self._check(question, self._ask(question | {"at": at}), self.worlds[at])

    @rule(question=asked)
    def pages_are_turned(self, question: dict[str, Any]) -> None:
        question |= {"mode": "all_simple", "limit": 2}
        answer = self._ask(question)
        found = told(answer)
        while answer.again:
            answer = self.graph.paths(**answer.again)
            found += told(answer)
        assert found == Expected(self.world, question).routes

    @rule()
    def the_folder_is_reopened(self) -> None:
        self._reopen()

    @rule()
    def what_is_derived_is_deleted_and_rebuilt(self) -> None:
        self._reopen("store", "index")

    @property
    def world(self) -> World:
        return self.worlds[max(self.worlds)] if self.worlds else World()

    def _load(self, world: World) -> None:
        """Load a file for each article that says something new."""
        files = []
        for article in sorted({claim.article for claim in world.told - self.world.told}):
            new = [claim for claim in world.told - self.world.told if claim.article == article]
            published = {"p": PUBLISHED[article]} if PUBLISHED[article] else {}
            times = {n: {"text": edtf, "edtf": edtf, "basis": "stated"} for n, edtf in (TIMES | published).items()}
            source = {"id": article, "label": article, "sha256": "1" * 64, "length": 2**33, "unknown": ["title"]}
            people = {**NODES, "s1": "Person", "s2": "Person"}
            document = {
                "kgraph": 1,
                "source": source | dict.fromkeys(("published",) if published else (), "p"),
                "entities": {name: {"type": type, "label": name} for name, type in people.items()},
                "times": times,
                "claims": [claim.entry() for claim in sorted(new, key=repr)],
            }
            files.append(self.place / f"{article}.yaml")
            files[-1].write_text(json.dumps(document))
        if files:
            self.graph.load(*files)
        self.worlds[self.graph.generation] = world

    def _ask(self, question: dict[str, Any]) -> Paths:
        pattern = {"pattern": question["pattern"][0]} if "pattern" in question else {}
        return self.graph.paths(**{"limit": 1000, "max_ms": self.settings.max_ms, **question, **pattern})

    def _check(self, question: dict[str, Any], answer: Paths, world: World) -> None:
        routes = Expected(world, question).routes
        assert told(answer) == routes
        assert answer.verdict == ("found" if routes else "none_within")
        named = answer.excluded_by and (answer.excluded_by.filter, answer.excluded_by.length)
        assert named == (None if routes else excluded(world, question))

    def _reopen(self, *derived: str) -> None:
        self.graph.close()
        for name in derived:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self.graph = kgraph.open(self.folder, settings=self.settings)
        for question, before in self.answered:
            after = self._ask(question | {"at": before.generation})
            assert replace(after, work=before.work) == before


Commits.TestCase.settings = settings(max_examples=5, stateful_step_count=12, deadline=None)
TestCommits = Commits.TestCase
