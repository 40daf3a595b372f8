"""Two sides of one question: what one sees and the other does not, and nothing guessed of what was not looked at."""

from __future__ import annotations

from typing import Any

import pytest

import kgraph
from kgraph import comparing
from kgraph.errors import EntityNotFoundError, LimitError, ParameterError
from kgraph.graph import KnowledgeGraph

PARTY = "chinese-communist-party"


def ends(answer: Any, became: str) -> set[tuple[str, str, str]]:
    return {(c.edge.source, c.edge.predicate, c.edge.target) for c in answer.changes if c.became == became}


def edges(answer: Any) -> set[tuple[str, str, str]]:
    return {(e.source, e.predicate, e.target) for e in answer.edges}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"not_said_by": "bitter-winter"}),
        ({}, {"modality": "any"}),
        ({"modality": "any"}, {"said_by": "article-01"}),
        ({"valid_until": "2004"}, {"valid_from": "2005", "modality": "any"}),
    ],
)
def test_what_appears_vanishes_and_stays_is_the_difference_of_two_neighbourhoods(
    graph: KnowledgeGraph, one: dict[str, Any], other: dict[str, Any]
) -> None:
    told = {name: [f"{k}={v}" for k, v in side.items()] for name, side in (("one", one), ("other", other))}
    found = graph.compare(PARTY, **told, hops=2, limit=1000)
    before, after = (edges(graph.neighbourhood(PARTY, hops=2, limit=1000, **side)) for side in (one, other))
    assert ends(found, "vanishes") == before - after
    assert ends(found, "appears") == after - before
    assert ends(found, "stays") == before & after
    assert found.counts == {
        "vanishes": len(before - after),
        "appears": len(after - before),
        "stays": len(before & after),
    }
    assert (found.one.relations, found.other.relations) == (len(before), len(after))


def test_the_lens_of_both_sides_holds_for_both_and_a_sides_own_part_wins(graph: KnowledgeGraph) -> None:
    both = graph.compare(PARTY, other="not_said_by=bitter-winter", modality="any")
    assert both.one.lens == "affirmed claims of any modality"
    assert both.other.lens == "affirmed claims of any modality, not said by Bitter Winter"
    assert graph.compare(PARTY, other="modality=reported", modality="any").other.lens == "reported, affirmed claims"


def test_an_entity_that_came_later_appears_with_all_that_is_said_of_it(graph: KnowledgeGraph) -> None:
    found = graph.compare("ioc", one="at=1")
    assert (found.one.generation, found.one.relations) == (1, 0)
    assert {change.became for change in found.changes} == {"appears"}
    assert ends(found, "appears") == edges(graph.neighbourhood("ioc"))


def test_a_relation_that_stays_on_another_word_says_which_claims_went_and_came(tmp_path: Any) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("subject,predicate,object,said_by\nThe Club,hasMember,Ada Lee,Herald\n")
    second.write_text("subject,predicate,object,said_by\nThe Club,hasMember,Ada Lee,Gazette\n")
    with kgraph.read(first, second) as graph:
        found = graph.compare("the-club", one="said_by=herald", other="said_by=gazette")
        (change,) = found.changes
        assert change.became == "stays"
        assert [claim.said_by[0].label for claim in change.gone] == ["Herald"]
        assert [claim.said_by[0].label for claim in change.new] == ["Gazette"]
        assert found.sentence == "No relation vanishes, none appears, 1 stays, 1 of them on other claims."


def test_whether_two_are_connected_on_each_side_is_said(graph: KnowledgeGraph) -> None:
    found = graph.compare("amnesty-international", target="antonio-guterres", other="not_said_by=article-01")
    assert (found.one.verdict, found.other.verdict) == ("found", "none_within")
    assert found.target is not None
    assert found.counts == {"vanishes": 2, "appears": 0, "stays": 0}


def test_a_side_that_was_not_seen_whole_is_refused_and_never_called_missing(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LimitError, match="max_edges"):
        graph.compare(PARTY, other="modality=any", hops=3, max_edges=2)
    monkeypatch.setattr(comparing, "MOST", 3)
    with pytest.raises(LimitError, match="relations"):
        graph.compare(PARTY, other="modality=any")


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({}, "other"),
        ({"one": "at=1", "other": "at=1"}, "other"),
        ({"other": "modality"}, "other"),
        ({"other": "min_generation=1"}, "other"),
        ({"one": "min_sources=two"}, "one"),
        ({"other": "modalty=any"}, "modalty"),
        ({"other": "modality=any", "target": "ioc", "predicate": "demands"}, "predicate"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    graph: KnowledgeGraph, asked: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        graph.compare(PARTY, **asked)
    assert caught.value.fields()["parameter"] == parameter


def test_a_name_that_neither_side_has_is_not_found_with_what_comes_close(graph: KnowledgeGraph) -> None:
    with pytest.raises(EntityNotFoundError) as caught:
        graph.compare("amnesty-internationale", other="modality=any")
    assert caught.value.fields()["suggestions"]
