"""Paths found with the kernels are those found step by step, for every kind of question and lens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.model import Lens, NeighbourhoodQuestion, Page, PathQuestion, Paths
from kgraph.traversal import Catalogue, compile_lens, connect, neighbourhood, paths

NODES = "abcdefgh"
DAYS = ("2019", "2020-05", "2020-06-01", "2021-01-01")

claims = st.lists(
    st.fixed_dictionaries(
        {
            "subject": st.sampled_from(NODES),
            "predicate": st.sampled_from(["hasMember", "demands", "partnerOf"]),
            "object": st.sampled_from([*NODES, "t0", "reported"]),
            "modality": st.sampled_from(["reported", "reported", "alleged"]),
            "polarity": st.sampled_from(["affirmed", "affirmed", "negated"]),
            "voice": st.sampled_from(["article-voice", "direct-quote", "part-quote"]),
            "status": st.sampled_from(["current", "current", "current", "retracted"]),
            "article": st.sampled_from(["a1", "a2", "a3"]),
            "said_by": st.sampled_from(["s1", "s2", ("s1", "s2")]),
            "via": st.sampled_from([(), (), "s2"]),
            "time": st.sampled_from(["", "t0", "t1", "t2", "t3"]),
            "confidence": st.sampled_from([None, 0.2, 0.5, 0.9]),
        }
    ),
    min_size=4,
    max_size=30,
)
lenses = st.builds(
    Lens,
    said_by=st.sampled_from([(), (), ("s1",), ("s2", "s1"), ("nobody",)]),
    not_said_by=st.sampled_from([(), (), ("s2",)]),
    source=st.sampled_from([(), (), ("a1", "a2")]),
    voice=st.sampled_from([(), (), ("direct-quote",)]),
    modality=st.sampled_from([("reported",), ("any",), ("alleged", "reported")]),
    polarity=st.sampled_from([("affirmed",), ("any",), ()]),
    valid_from=st.sampled_from([None, None, "2020-01-01"]),
    valid_until=st.sampled_from([None, None, "2020-05-15"]),
    published_until=st.sampled_from([None, None, "2020-06-01"]),
    min_sources=st.sampled_from([1, 1, 1, 2, 1000]),
    min_confidence=st.sampled_from([0.0, 0.0, 0.5]),
    include=st.sampled_from([(), (), ("types",), ("codes", "documents")]),
)
questions = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["a", "a", "ab", "c"]),
        "target": st.sampled_from(["b", "b", "de", "a"]),
        "mode": st.sampled_from(["shortest", "all_shortest", "k_shortest", "all_simple"]),
        "k": st.integers(1, 4),
        "min_hops": st.integers(0, 2),
        "max_hops": st.integers(2, 5),
        "direction": st.sampled_from(["both", "forward", "backward"]),
        "predicate": st.sampled_from([(), (), (), ("hasMember",), ("hasMember", "^demands")]),
        "pattern": st.sampled_from([None, None, None, "hasMember demands?", "(^hasMember|partnerOf)+"]),
        "weight": st.sampled_from([None, None, "sources", "confidence", "hubs"]),
        "avoid": st.sampled_from(["", "", "g"]),
        "via": st.sampled_from(["", "", "f"]),
        "avoid_type": st.sampled_from([(), (), ("Person",)]),
        "avoid_hubs": st.sampled_from([None, None, 3]),
    }
)


@pytest.fixture(scope="module")
def both(new_story: Callable[[], Any]) -> Callable[[list[dict[str, Any]]], tuple[Any, Catalogue, Catalogue]]:
    """The same claims with the kernels and without."""

    def make(told: list[dict[str, Any]]) -> tuple[Any, Catalogue, Catalogue]:
        story = new_story()
        story.article("a2", published="2020-03-01")
        story.article("a3", published="2021-03-01")
        for i, name in enumerate((*NODES, "s1", "s2")):
            story.entity(name, "Person" if i % 3 == 0 else "Organisation")
        for i, day in enumerate(DAYS):
            story.time(f"t{i}", day, day, "" if i == 2 else day)
        for claim in told:
            story.claim(**claim)
        catalogue = story.catalogue()
        return story, replace(catalogue, indexed_from=0, _lasting={}, _remembered={}), catalogue

    return make


def ready(story: Any, lens: Lens) -> Lens:
    """The lens with IRIs for names."""
    return replace(lens, **{f: tuple(map(story.iri, getattr(lens, f))) for f in ("said_by", "not_said_by", "source")})


def told(answer: Paths) -> object:
    """All but what it cost."""
    return replace(answer, work=None)  # type: ignore[arg-type]


alike = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@alike
@given(claims, lenses, questions)
def test_paths_with_the_kernels_are_those_without(
    both: Callable[..., Any], claimed: list[dict[str, Any]], lens: Lens, asked: dict[str, Any]
) -> None:
    story, indexed, plain = both(claimed)
    for name in ("source", "target", "avoid", "via"):
        asked[name] = tuple(map(story.iri, asked[name]))
    asked["predicate"] = tuple("^" * p.startswith("^") + story.iri(p.strip("^"), "kg") for p in asked["predicate"])
    asked["avoid_type"] = tuple(story.iri(t, "kg") for t in asked["avoid_type"])
    question = PathQuestion(**asked, lens=ready(story, lens), max_ms=60_000)
    assert compile_lens(indexed, question.lens).searcher is not None
    assert told(paths(indexed, question, Page(0, 200))) == told(paths(plain, question, Page(0, 200)))


@alike
@given(claims, lenses)
def test_what_is_near_and_what_connects_is_the_same(
    both: Callable[..., Any], claimed: list[dict[str, Any]], lens: Lens
) -> None:
    story, indexed, plain = both(claimed)
    seen = ready(story, lens)
    near = NeighbourhoodQuestion(story.iri("a"), hops=2, lens=seen)
    assert neighbourhood(indexed, near) == neighbourhood(plain, near)
    some = [story.iri(n) for n in "abe"]
    assert connect(indexed, some, lens=seen, max_ms=60_000) == connect(plain, some, lens=seen, max_ms=60_000)


def test_an_edge_limit_stops_the_kernels(both: Callable[..., Any]) -> None:
    chain = [{"subject": a, "predicate": "hasMember", "object": b} for a, b in pairwise(NODES)]
    story, indexed, _ = both(chain)
    question = PathQuestion((story.iri("a"),), (story.iri("h"),), max_hops=7)
    assert paths(indexed, question).verdict == "found"
    stopped = paths(indexed, replace(question, max_edges=5))
    assert (stopped.verdict, stopped.stopped_by, stopped.work.edges_scanned) == ("stopped", "max_edges", 5)


def test_small_graphs_do_without(both: Callable[..., Any]) -> None:
    _, _, catalogue = both([{"subject": "a", "predicate": "demands", "object": "b"}])
    assert compile_lens(catalogue, Lens()).searcher is None
