"""Which relations may be walked which way, and what a search may cost."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.traversal.walk import Budget, StoppedError, Ways


@pytest.mark.parametrize(
    ("direction", "named", "forward", "backward"),
    [
        ("both", (), True, True),
        ("forward", (), True, False),
        ("backward", (), False, True),
        ("both", ("hasMember",), True, True),
        ("forward", ("hasMember",), True, False),
        ("forward", ("^hasMember",), False, True),
        ("both", ("^hasMember",), False, True),
        ("forward", ("hasMember", "^hasMember"), True, True),
        ("both", ("demands",), False, False),
    ],
)
def test_a_bare_relation_follows_the_direction_and_a_turned_one_does_not(
    story: Any, direction: Any, named: tuple[str, ...], forward: bool, backward: bool
) -> None:
    predicates = tuple("^" * n.startswith("^") + story.iri(n.removeprefix("^"), "kg") for n in named)
    ways = Ways(story.catalogue(), direction, predicates)
    member = story.iri("hasMember", "kg")
    assert (ways.allow(member, True), ways.allow(member, False)) == (forward, backward)


@pytest.mark.parametrize("named", [(), ("partnerOf",), ("^partnerOf",)])
@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
def test_a_relation_between_equals_is_walked_both_ways(story: Any, direction: Any, named: tuple[str, ...]) -> None:
    predicates = tuple("^" * n.startswith("^") + story.iri(n.removeprefix("^"), "kg") for n in named)
    ways = Ways(story.catalogue(), direction, predicates)
    partner = story.iri("partnerOf", "kg")
    assert ways.allow(partner, True)
    assert ways.allow(partner, False)


def test_as_many_steps_are_looked_at_as_allowed_and_no_more() -> None:
    budget = Budget(max_edges=3, max_ms=60_000)
    for _ in range(3):
        budget.tick()
    with pytest.raises(StoppedError) as stop:
        budget.tick()
    assert (stop.value.limit, budget.edges) == ("max_edges", 3)


def test_time_is_looked_at_while_steps_are_counted() -> None:
    budget = Budget(max_edges=10_000, max_ms=0)
    with pytest.raises(StoppedError) as stop:
        for _ in range(1_000):
            budget.tick()
    assert stop.value.limit == "max_ms"
    assert budget.ms >= 0
