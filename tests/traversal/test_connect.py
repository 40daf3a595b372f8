"""The small subgraph that connects several entities."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import EntityNotFoundError, ParameterError
from kgraph.model import Lens, Neighbourhood
from kgraph.traversal import connect


def ask(story: Any, *names: str, **options: Any) -> Neighbourhood:
    return connect(story.catalogue(), [story.iri(n) for n in names], **options)


def edges(answer: Neighbourhood) -> set[str]:
    return {f"{e.source[3:]} {e.target[3:]}" for e in answer.edges}


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


def test_fewer_than_two_entities_and_unknown_ones_are_refused(star: Any) -> None:
    with pytest.raises(ParameterError, match="at least two"):
        ask(star, "a", "a")
    with pytest.raises(EntityNotFoundError, match="id:nobody"):
        ask(star, "a", "nobody")
