"""Every mode, direction, lens, pattern and bound against networkx, on random multigraphs of claims."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.model import Lens, Page, PathQuestion, Paths
from kgraph.traversal import Catalogue, paths, to_networkx

NODES = "abcdef"
RELATIONS = ("hasMember", "demands", "partnerOf")  # the last has no direction
LETTERS = {("hasMember", True): "h", ("hasMember", False): "H", ("demands", True): "d", ("demands", False): "D"}
ALL = Page(0, 100_000)

Move = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """One random claim."""

    relation: Move
    modality: str
    polarity: str
    article: str
    said_by: str
    via: str


claims = st.lists(
    st.builds(
        Told,
        st.tuples(st.sampled_from(NODES), st.sampled_from(RELATIONS), st.sampled_from(NODES)),
        st.sampled_from(["reported", "reported", "alleged"]),
        st.sampled_from(["affirmed", "affirmed", "affirmed", "negated"]),
        st.sampled_from(["a1", "a2"]),
        st.sampled_from(["s1", "s2"]),
        st.sampled_from(["", "", "s2"]),
    ),
    min_size=1,
    max_size=14,
)
lenses = st.fixed_dictionaries(
    {
        "modality": st.sampled_from([("reported",), ("any",), ("reported", "alleged"), ("alleged",)]),
        "polarity": st.sampled_from([("affirmed",), ("any",)]),
        "said_by": st.sampled_from([(), (), ("s1",), ("s1", "s2")]),
        "not_said_by": st.sampled_from([(), (), ("s2",)]),
        "min_sources": st.sampled_from([1, 1, 1, 2]),
    }
)
questions = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["both", "forward", "backward"]),
        "predicate": st.sampled_from([(), (), ("hasMember",), ("hasMember", "^demands"), ("^partnerOf", "demands")]),
        "max_hops": st.integers(1, 6),
    }
)
nowhere = st.sets(st.sampled_from(NODES[2:]), max_size=2)


@dataclass
class Case:
    """The same claims as a catalogue and as a plain list."""

    catalogue: Catalogue
    told: list[Told]
    iri: Callable[..., str]

    def ask(self, source: str, target: str, lens: dict[str, Any], **options: Any) -> Paths:
        seen = {**lens, **{n: tuple(map(self.iri, lens[n])) for n in ("said_by", "not_said_by")}}
        options["predicate"] = tuple(
            "^" * p.startswith("^") + self.iri(p.removeprefix("^"), "kg") for p in options.get("predicate", ())
        )
        for name in ("avoid", "via"):
            options[name] = tuple(map(self.iri, sorted(options.get(name, ()))))
        question = PathQuestion(
            tuple(map(self.iri, source)), tuple(map(self.iri, target)), lens=Lens(**seen), max_ms=60_000, **options
        )
        return paths(self.catalogue, question, ALL)

    def relations(self, lens: dict[str, Any]) -> list[Move]:
        """The relations a lens leaves, worked out the plain way."""
        articles: dict[Move, set[str]] = {}
        for claim in self.told:
            if (
                ("any" in lens["modality"] or claim.modality in lens["modality"])
                and ("any" in lens["polarity"] or claim.polarity in lens["polarity"])
                and (not lens["said_by"] or claim.said_by in lens["said_by"])
                and not {claim.said_by, claim.via} & set(lens["not_said_by"])
            ):
                articles.setdefault(claim.relation, set()).add(claim.article)
        return [r for r, found in articles.items() if len(found) >= lens["min_sources"]]

    def moves(self, lens: dict[str, Any], direction: str, predicate: tuple[str, ...] = ()) -> nx.MultiDiGraph[str]:
        """Each way a relation may be walked as one edge whose key is the relation."""
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(NODES)
        for s, p, o in self.relations(lens):
            undirected = p == "partnerOf"
            for forward in (True, False):
                follows = undirected or direction in ("both", "forward" if forward else "backward")
                turned = f"^{p}" in predicate and (undirected or not forward)
                if turned or (follows and (not predicate or p in predicate)):
                    graph.add_edge(*((s, o) if forward else (o, s)), key=(s, p, o))
        return graph


@pytest.fixture(scope="module")
def case(new_story: Callable[[], Any]) -> Callable[[list[Told]], Case]:
    def make(told: list[Told]) -> Case:
        story = new_story()
        story.article("a2")
        for name in (*NODES, "s1", "s2"):
            story.entity(name)
        for claim in told:
            story.claim(
                *claim.relation,
                article=claim.article,
                modality=claim.modality,
                polarity=claim.polarity,
                said_by=claim.said_by,
                via=claim.via or (),
            )
        return Case(story.catalogue(), told, story.iri)

    return make


def told_paths(answer: Paths) -> list[tuple[tuple[str, ...], tuple[Move, ...]]]:
    """Each path as bare names: its nodes and its relations."""
    return [
        (
            tuple(n.id.removeprefix("id:") for n in path.nodes),
            tuple(
                (e.source.removeprefix("id:"), e.predicate.removeprefix("kg:"), e.target.removeprefix("id:"))
                for e in path.edges
            ),
        )
        for path in answer.paths
    ]


def simple_paths(graph: nx.MultiDiGraph[str], source: str, target: str, cutoff: int) -> list[tuple[Any, Any]]:
    """networkx's simple paths in the same form."""
    return [
        ((source, *(v for _, v, _ in path)), tuple(key for _, _, key in path))
        for path in nx.all_simple_edge_paths(graph, source, target, cutoff=cutoff)
    ]


quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(claims, lenses, questions, nowhere)
def test_all_modes_agree_and_no_path_is_denied(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any], asked: dict[str, Any], avoid: set[str]
) -> None:
    one = case(told)
    graph = one.moves(lens, asked["direction"], asked["predicate"])
    graph.remove_nodes_from(avoid)
    expected = simple_paths(graph, "a", "b", asked["max_hops"])

    every = one.ask("a", "b", lens, mode="all_simple", avoid=avoid, **asked)
    assert sorted(told_paths(every)) == sorted(expected)
    assert every.verdict == ("found" if expected else "none_within")

    shortest = one.ask("a", "b", lens, avoid=avoid, **asked)
    within = nx.has_path(graph, "a", "b") and nx.shortest_path_length(graph, "a", "b") <= asked["max_hops"]
    assert shortest.verdict == ("found" if within else "none_within")
    if within:
        assert shortest.paths[0].length == nx.shortest_path_length(graph, "a", "b")
        assert shortest.paths == every.paths[:1]

    least = min((len(keys) for _, keys in expected), default=0)
    all_shortest = one.ask("a", "b", lens, mode="all_shortest", avoid=avoid, **asked)
    assert all_shortest.paths == every.paths[: sum(1 for _, keys in expected if len(keys) == least)]

    for k in (1, 3):
        assert one.ask("a", "b", lens, mode="k_shortest", k=k, avoid=avoid, **asked).paths == every.paths[:k]
    lengths = [path.length for path in every.paths]
    assert lengths == sorted(lengths)


@quick
@given(claims, lenses, st.integers(1, 6))
def test_the_nodes_of_the_k_shortest_agree(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any], k: int
) -> None:
    one = case(told)
    graph = nx.Graph(one.moves(lens, "both"))
    try:
        expected = [len(nodes) for nodes, _ in zip(nx.shortest_simple_paths(graph, "a", "b"), range(k), strict=False)]
    except nx.NetworkXNoPath:
        expected = []
    every = told_paths(one.ask("a", "b", lens, mode="all_simple"))
    different = list(dict.fromkeys(nodes for nodes, _ in every))
    assert [len(nodes) for nodes in different[:k]] == expected


@quick
@given(claims, lenses, nowhere, st.integers(0, 3))
def test_via_and_min_hops_agree(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any], via: set[str], min_hops: int
) -> None:
    one = case(told)
    expected = [
        (nodes, keys)
        for nodes, keys in simple_paths(one.moves(lens, "both"), "a", "b", 6)
        if via <= set(nodes) and len(keys) >= min_hops
    ]
    answer = one.ask("a", "b", lens, mode="all_simple", via=via, min_hops=min_hops)
    assert sorted(told_paths(answer)) == sorted(expected)
    assert one.ask("a", "b", lens, via=via, min_hops=min_hops).paths == answer.paths[:1]


patterns = st.recursive(
    st.sampled_from([("hasMember", "h"), ("^hasMember", "H"), ("demands", "d"), ("^demands", "D")]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]} {p[1][0]})", f"(?:{p[0][1]}{p[1][1]})")),
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]}|{p[1][0]})", f"(?:{p[0][1]}|{p[1][1]})")),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "{,1}", "{2,}"])).map(
            lambda p: (f"({p[0][0]}){p[1]}", f"(?:{p[0][1]}){p[1].replace('{,', '{0,')}")
        ),
    ),
    max_leaves=5,
)


@quick
@given(claims, lenses, patterns)
def test_patterns_agree_with_regular_expressions(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any], pattern: tuple[str, str]
) -> None:
    one = case([t for t in told if t.relation[1] != "partnerOf"])
    expected = [
        (nodes, keys)
        for nodes, keys in simple_paths(one.moves(lens, "both"), "a", "b", 6)
        if re.fullmatch(pattern[1], "".join(LETTERS[p, s == n] for n, (s, p, _) in zip(nodes, keys, strict=False)))
    ]
    answer = one.ask("a", "b", lens, mode="all_simple", pattern=pattern[0])
    assert sorted(told_paths(answer)) == sorted(expected)
    assert one.ask("a", "b", lens, pattern=pattern[0]).paths == answer.paths[:1]


@quick
@given(claims, lenses)
def test_cycles_agree(case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any]) -> None:
    """A cycle through a is a simple path from a copy of a, with no relation walked twice."""
    one = case(told)
    graph = one.moves(lens, "both")
    graph.add_node("start")
    for _, far, key in list(graph.out_edges("a", keys=True)):
        graph.add_edge("start", "a" if far == "a" else far, key=key)
    expected = [
        (("a", *nodes[1:]), keys) for nodes, keys in simple_paths(graph, "start", "a", 6) if len(set(keys)) == len(keys)
    ]
    answer = one.ask("a", "a", lens, mode="all_simple")
    assert sorted(told_paths(answer)) == sorted(set(expected))
    assert answer.verdict == ("found" if expected else "none_within")


@quick
@given(claims, lenses)
def test_the_lightest_path_by_sources_agrees_with_dijkstra(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any]
) -> None:
    one = case(told)
    graph = one.moves(lens, "both")
    every = one.ask("a", "b", lens, mode="all_simple", weight="sources")

    def weight(keys: tuple[Move, ...]) -> float:
        return sum(1 / found[key] for key in keys)

    found = {
        (e.source[3:], e.predicate[3:], e.target[3:]): len({c.article.id for c in e.claims})
        for path in every.paths
        for e in path.edges
    }
    weights = [weight(keys) for _, keys in told_paths(every)]
    assert weights == sorted(weights)
    assert one.ask("a", "b", lens, weight="sources").paths == every.paths[:1]
    for _, _, key, data in graph.edges(keys=True, data=True):
        data["weight"] = 1 / found.get(key, 1)
    if nx.has_path(graph, "a", "b"):
        assert weights[0] == pytest.approx(nx.dijkstra_path_length(graph, "a", "b"))


@quick
@given(claims, lenses, st.integers(0, 5))
def test_going_round_hubs_agrees(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any], threshold: int
) -> None:
    one = case(told)
    graph = one.moves(lens, "both")
    ends: dict[str, int] = dict.fromkeys(NODES, 0)
    for s, _, o in one.relations(lens):
        ends[s] += 1
        ends[o] += 1
    graph.remove_nodes_from([n for n in NODES[2:] if ends[n] > threshold])
    answer = one.ask("a", "b", lens, mode="all_simple", avoid_hubs=threshold)
    assert sorted(told_paths(answer)) == sorted(simple_paths(graph, "a", "b", 6))


@quick
@given(claims, lenses)
def test_the_projection_has_one_edge_for_each_claim_seen(
    case: Callable[[list[Told]], Case], told: list[Told], lens: dict[str, Any]
) -> None:
    one = case(told)
    seen = {**lens, **{n: tuple(map(one.iri, lens[n])) for n in ("said_by", "not_said_by")}}
    graph = to_networkx(one.catalogue, Lens(**seen))
    relations = {(s[3:], data["predicate"][3:], o[3:]) for s, o, data in graph.edges(data=True)}
    assert relations == set(one.relations(lens))
    assert all(key in one.catalogue.claims for _, _, key in graph.edges(keys=True))
