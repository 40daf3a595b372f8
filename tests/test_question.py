"""Names, codes, dates and bounds as typed: resolved, or refused with what would do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kgraph
from kgraph.errors import (
    ClaimNotFoundError,
    EntityNotFoundError,
    GenerationGoneError,
    ParameterError,
    SourceNotFoundError,
)
from kgraph.question import day

IOC = "https://w3id.org/kgraph/id/ioc"


@pytest.mark.parametrize("name", ["ioc", "id:ioc", IOC, f"<{IOC}>"])
def test_a_slug_a_curie_and_an_iri_name_the_same_entity(graph: kgraph.KnowledgeGraph, name: str) -> None:
    assert graph.entity(name).iri == IOC


def test_an_unknown_entity_is_refused_with_what_comes_close(graph: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(EntityNotFoundError) as caught:
        graph.entity("amnesty-internatoinal")
    assert ("id:amnesty-international", "Amnesty International") in caught.value.suggestions


@pytest.mark.parametrize("name", ["---", "\x00", "\N{SNOWMAN}\N{GRINNING FACE}"])
def test_a_name_without_letter_or_digit_is_an_entity_nobody_has(graph: kgraph.KnowledgeGraph, name: str) -> None:
    with pytest.raises(EntityNotFoundError) as caught:
        graph.entity(name)
    assert caught.value.suggestions == ()


def test_an_unknown_claim_or_source_is_refused_by_name(graph: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(ClaimNotFoundError, match="claim-nothing"):
        graph.claim("claim-nothing")
    with pytest.raises(SourceNotFoundError, match="article-01"):
        graph.source("article-1")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"said_bye": "ioc"}, "did you mean said_by"),
        ({"colour": "red"}, "no such parameter"),
        ({"modality": "allleged"}, "known are"),
        ({"voice": "loud"}, "article-voice"),
        ({"include": "everything"}, "documents, codes, types, unattributed"),
        ({"valid_from": "yesterday"}, "such as 2004"),
        ({"valid_until": "2004-13"}, "such as 2004"),
        ({"published_until": "2004-02-30"}, "such as 2004"),
        ({"min_sources": 0}, "from 1"),
        ({"min_confidence": 2}, "from 0 to 1"),
        ({"at": "soon"}, "a generation"),
        ({"hops": 99}, "from 0 to 12"),
        ({"limit": 0}, "from 1 to 1000"),
        ({"limit": 10_000_000}, "from 1 to 1000"),
        ({"direction": "up"}, "both, forward, backward"),
        ({"order": "fame"}, "rank, label, distance"),
        ({"predicate": "demand"}, "close to it: demands"),
        ({"predicate": "http://x/nope"}, "no such relation"),
        ({"predicate": "^<http://x/nope>"}, "no such relation"),
        ({"type": "Coalitoin"}, "close to it: Coalition"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused_with_what_would(
    graph: kgraph.KnowledgeGraph, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ParameterError) as caught:
        graph.neighbourhood("ioc", **options)
    assert says in str(caught.value)
    assert caught.value.name == next(iter(options))


@pytest.mark.parametrize(
    ("options", "name"),
    [({"mode": "longest"}, "mode"), ({"k": 0}, "k"), ({"max_ms": 0}, "max_ms"), ({"max_edges": 10**12}, "max_edges")],
)
def test_a_path_question_keeps_its_bounds(graph: kgraph.KnowledgeGraph, options: dict[str, Any], name: str) -> None:
    with pytest.raises(ParameterError) as caught:
        graph.paths("ioc", "chinese-communist-party", **options)
    assert caught.value.name == name


def test_any_lifts_a_default_of_the_lens(graph: kgraph.KnowledgeGraph) -> None:
    usual = graph.entity("chinese-communist-party", limit=1000)
    lifted = graph.entity("chinese-communist-party", limit=1000, modality="any", polarity="any")
    assert {c.modality for c in usual.claims} == {"reported"}
    assert len({c.modality for c in lifted.claims}) > 1


def test_a_generation_not_written_yet_is_said_to_be_gone(graph: kgraph.KnowledgeGraph) -> None:
    with pytest.raises(GenerationGoneError):
        graph.entity("ioc", at=99)
    with pytest.raises(GenerationGoneError):
        graph.entity("ioc", min_generation=99)
    assert graph.entity("ioc", min_generation=graph.generation).generation == graph.generation


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 28))
def test_a_day_stays_and_a_year_or_month_becomes_its_first_or_last_day(year: int, month: int, number: int) -> None:
    full = f"{year:04}-{month:02}-{number:02}"
    assert day("x", full, last=False) == day("x", full, last=True) == full
    assert day("x", full[:7], last=False) == f"{full[:7]}-01"
    assert day("x", full[:4], last=True) == f"{full[:4]}-12-31"
    assert day("x", full[:7], last=True) >= full  # type: ignore[operator]


@given(st.text(max_size=12))
def test_any_text_that_is_no_date_is_refused_by_name(text: str) -> None:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        with pytest.raises(ParameterError) as caught:
            day("valid_from", text, last=False)
        assert caught.value.name == "valid_from"
