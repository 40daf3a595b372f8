"""The small subgraph that connects several entities."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgraph.errors import EntityNotFoundError, ParameterError
from kgraph.model import Lens, Neighbourhood
from kgraph.traversal import connect


def ask(story: Any, *names: str, **options: Any) -> Neighbourhood:
    return connect(story.catalogue(), [story.iri(n) for n in names], **options)


def edges(answer: Neighbourhood) -> set[str]:
    return {f"{e.source[3:]} {e.target[3:]}" for e in answer.edges}


def apart(answer: Neighbourhood) -> dict[str, tuple[str, ...]]:
    """What is said of those that stand apart."""
    return {n.id[3:]: n.notes for n in answer.nodes if n.notes}


@pytest.fixture
def star(story: Any) -> Any:
    """Three arms of two hops that meet in m, and a long way round from a to b."""
    for name in (*"abcmxyzpqrs", "lone", "mate"):
        story.entity(name)
    for pair in ("ax", "xm", "by", "ym", "cz", "zm", "ap", "pq", "qr", "rs", "sb"):
        story.claim(pair[0], "hasMember", pair[1])
    story.claim("lone", "hasMember", "mate")
    return story


def test_the_arms_meet_in_the_middle(star: Any) -> None:
    answer = ask(star, "a", "b", "c")
    assert edges(answer) == {"a x", "x m", "b y", "y m", "c z", "z m"}
    assert {n.id[3:]: n.distance for n in answer.nodes} == {"a": 0, "b": 0, "c": 0, "x": 1, "y": 1, "z": 1, "m": 2}
    assert answer.centre is None
    assert (answer.verdict, answer.stopped_by) == ("found", None)
    assert all(e.claims for e in answer.edges)
    assert answer.counts.by_predicate == {"kg:hasMember": 6}


def test_the_order_of_the_question_does_not_matter(star: Any) -> None:
    assert ask(star, "c", "a", "b", "a") == ask(star, "a", "b", "c")


def test_what_is_not_connected_stands_apart_and_says_so(star: Any) -> None:
    answer = ask(star, "a", "b", "lone", "mate")
    assert {n.id[3:]: n.notes for n in answer.nodes if n.notes} == {
        "lone": ("not connected with A within 6 hops",),
        "mate": ("not connected with A within 6 hops",),
    }
    assert "lone mate" in edges(answer)
    assert (answer.verdict, answer.stopped_by) == ("none_within", None)


def test_the_filter_that_kept_the_nearest_connection_out_is_named(star: Any) -> None:
    star.claim("mate", "hasMember", "a", modality="alleged")
    answer = ask(star, "a", "b", "lone", "mate")
    assert {n.id[3:]: n.notes[1:] for n in answer.nodes if n.notes} == {
        "lone": ("Without modality (reported) there is a path of 2 hops.",),
        "mate": ("Without modality (reported) there is a path of 1 hop.",),
    }


def test_each_attachment_keeps_its_bound(star: Any) -> None:
    answer = ask(star, "a", "b", max_hops=3)
    assert answer.edges == ()
    assert [n.notes for n in answer.nodes if n.id == "id:b"] == [("not connected with A within 3 hops",)]


def test_the_lens_acts_inside(star: Any) -> None:
    assert ask(star, "a", "b", lens=Lens(said_by=(star.iri("lone"),))).edges == ()


def test_a_limit_that_ended_the_search_is_named(star: Any) -> None:
    answer = ask(star, "a", "b", max_edges=1)
    assert [n.notes for n in answer.nodes if n.notes] == [("the search for a connection was ended by max_edges",)]
    assert (answer.verdict, answer.stopped_by) == ("stopped", "max_edges")


def test_what_was_proven_before_a_limit_ended_the_search_is_still_said(star: Any) -> None:
    alone, ended = "not connected with A within 6 hops", "the search for a connection was ended by max_edges"
    catalogue, names = star.catalogue(), [star.iri(n) for n in ("a", "lone", "mate")]
    told = [apart(connect(catalogue, names, max_edges=n)) for n in range(1, 100)]
    assert told[0] == {"lone": (ended,), "mate": (ended,)}
    assert {"lone": (alone,), "mate": (alone, ended)} in told
    assert told[-1] == {"lone": (alone,), "mate": (alone,)}


def test_fewer_than_two_entities_and_unknown_ones_are_refused(star: Any) -> None:
    with pytest.raises(ParameterError, match="at least two"):
        ask(star, "a", "a")
    with pytest.raises(EntityNotFoundError, match="id:nobody"):
        ask(star, "a", "nobody")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(*[st.sampled_from("abcdefgh")] * 2), max_size=14),
    st.sets(st.sampled_from("abcdefgh"), min_size=2, max_size=4),
)
def test_the_tree_is_at_most_twice_the_smallest_and_joins_what_can_be_joined(
    new_story: Callable[[], Any], pairs: list[tuple[str, str]], names: set[str]
) -> None:
    story = new_story()
    for name in "abcdefgh":
        story.entity(name)
    for pair in pairs:
        story.claim(pair[0], "hasMember", pair[1])
    graph: nx.Graph[str] = nx.Graph(pairs)
    graph.add_nodes_from("abcdefgh")
    answer = ask(story, *names, max_hops=8)
    found = nx.Graph([tuple(pair.split()) for pair in edges(answer)])
    found.add_nodes_from(names)
    together = {frozenset(names & part) for part in nx.connected_components(graph)} - {frozenset()}
    assert {frozenset(names & part) for part in nx.connected_components(found)} == together
    assert answer.verdict == ("found" if len(together) == 1 else "none_within")
    least = sum(
        min(
            len(nodes) - 1
            for size in range(len(part), 9)
            for nodes in map(set, combinations("abcdefgh", size))
            if part <= nodes and nx.is_connected(graph.subgraph(nodes))
        )
        for part in together
    )
    assert found.number_of_edges() <= 2 * (1 - 1 / len(names)) * least
