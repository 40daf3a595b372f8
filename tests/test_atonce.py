"""What is answered at once is what the verbs answer; what would take longer is left to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

import kgraph
from kgraph import atonce
from kgraph.errors import ParameterError
from kgraph.model import Paths, Work

ENDS = ("amnesty-international", "antonio-guterres")


@pytest.fixture
def warm(graph: kgraph.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> kgraph.KnowledgeGraph:
    """The shipped graph after a question under the standing lens, with time enough on any machine."""
    monkeypatch.setattr(atonce, "MOST_MS", 10_000)
    graph.neighbourhood("ioc")
    return graph


def written(answer: Any) -> bytes:
    """The answer as JSON, without what it cost."""
    return orjson.dumps(replace(answer, work=Work(0, 0)) if isinstance(answer, Paths) else answer)


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        (ENDS[1], {}),
        (ENDS[1], {"max_hops": 1}),
        (ENDS[1], {"predicate": "hasMember", "direction": "backward"}),
        (ENDS[0], {"min_hops": 0}),
        (ENDS[1], {"avoid": "ngos-open-letter", "max_hops": 4}),
    ],
)
def test_a_path_is_the_one_the_verb_finds(warm: Any, target: str, asked: dict[str, Any]) -> None:
    found = warm.at_once.paths(ENDS[0], target, **asked)
    assert found is not None
    assert written(found) == written(warm.paths(ENDS[0], target, **asked))


@pytest.mark.parametrize("asked", [{}, {"limit": 2}, {"hops": 0}, {"predicate": "demands"}, {"order": "label"}])
def test_a_neighbourhood_is_the_one_the_verb_finds(warm: Any, asked: dict[str, Any]) -> None:
    found = warm.at_once.neighbourhood("ioc", **asked)
    assert found is not None
    assert written(found) == written(warm.neighbourhood("ioc", **asked))
    if found.next:  # the cursor leads on where the verb is asked
        assert warm.neighbourhood("ioc", cursor=found.next, **asked).edges


@pytest.mark.parametrize(
    "asked",
    [
        {"mode": "k_shortest"},
        {"mode": "all_simple"},
        {"said_by": "amnesty-international"},
        {"modality": "any"},
        {"at": 1},
        {"min_generation": 1},
        {"cursor": "x"},
        {"limit": 101},
        {"avoid": "nobody"},
        {"via": ["ioc", "nobody"]},
    ],
)
def test_a_path_question_that_may_take_longer_is_left(warm: Any, asked: dict[str, Any]) -> None:
    assert warm.at_once.paths(*ENDS, **asked) is None


@pytest.mark.parametrize("asked", [{"hops": 2}, {"limit": 101}, {"said_by": "ioc"}, {"cursor": "x"}, {"at": 1}])
def test_a_neighbourhood_that_may_take_longer_is_left(warm: Any, asked: dict[str, Any]) -> None:
    assert warm.at_once.neighbourhood("ioc", **asked) is None


def test_a_name_nobody_has_is_left_for_what_comes_close_takes_time_to_find(warm: Any) -> None:
    assert warm.at_once.neighbourhood("iok") is None
    assert warm.at_once.paths("iok", "ioc") is None
    assert warm.at_once.paths("ioc", "iok") is None


def test_an_entity_with_too_many_steps_is_left(warm: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(atonce, "MOST_AROUND", 0)
    assert warm.at_once.neighbourhood("ioc") is None
    assert warm.neighbourhood("ioc").edges


def test_a_search_that_its_small_bounds_end_is_left(warm: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(atonce, "MOST_EDGES", 1)
    assert warm.at_once.paths(*ENDS) is None
    assert warm.paths(*ENDS).verdict == "found"


def test_a_bound_that_is_not_allowed_is_refused_not_lowered(warm: Any) -> None:
    with pytest.raises(ParameterError, match="max_ms"):
        warm.at_once.paths(*ENDS, max_ms=10**9)


def test_the_first_question_of_a_generation_makes_what_the_others_find_made(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        assert graph.at_once.neighbourhood("ioc") is None
        graph.neighbourhood("ioc")
        assert graph.at_once.neighbourhood("ioc") is not None
