"""Dated claims in order."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import EntityNotFoundError
from kgraph.model import Lens, Page
from kgraph.traversal import timeline


@pytest.fixture
def dated(story: Any) -> Any:
    story.entity("a")
    for name, earliest, latest in (
        ("late", "2020-10-01", "2020-10-01"),
        ("long", "2020-09-01", "2020-12-31"),
        ("short", "2020-09-01", "2020-09-30"),
        ("before", "", "2010-12-31"),
        ("whenever", "", ""),
    ):
        story.time(name, name, earliest, latest)
        story.entity(name)
        story.claim("a", "demands", name, time=f"time-{name}")
    story.entity("undated")
    story.claim("a", "demands", "undated")
    return story


def texts(story: Any, **options: Any) -> list[str]:
    return [c.when.text for c in timeline(story.catalogue(), story.iri("a"), **options).claims if c.when]


def test_claims_stand_by_earliest_then_latest_day_open_pasts_first_and_boundless_last(dated: Any) -> None:
    assert texts(dated) == ["before", "short", "long", "late", "whenever"]


def test_a_period_that_is_said_of_an_entity_is_in_its_timeline(dated: Any) -> None:
    dated.claim("a", "occurredOn", "time-short")
    assert texts(dated).count("short") == 2


def test_the_lens_and_pages_act(dated: Any) -> None:
    assert texts(dated, lens=Lens(valid_from="2020-10-15")) == ["long", "whenever"]
    first = timeline(dated.catalogue(), dated.iri("a"), page=Page(0, 3, str))
    assert (len(first.claims), first.truncated, first.next) == (3, True, "3")
    last = timeline(dated.catalogue(), dated.iri("a"), page=Page(3, 3, str))
    assert (len(last.claims), last.truncated, last.next, last.entity.label) == (2, False, None, "A")


def test_an_unknown_entity_is_named(dated: Any) -> None:
    with pytest.raises(EntityNotFoundError):
        timeline(dated.catalogue(), dated.iri("nobody"))
