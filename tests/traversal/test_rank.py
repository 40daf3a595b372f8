"""What a step and a node cost."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.errors import ParameterError
from kgraph.model import Lens
from kgraph.traversal import compile_lens
from kgraph.traversal.rank import Ranking, add


def ranking(story: Any, weight: str | None = None, **lens: Any) -> Ranking:
    return Ranking(compile_lens(story.catalogue(), Lens(**lens)), weight)


def step(one: Ranking, story: Any, subject: str, predicate: str) -> Any:
    steps = one.lens.view.outgoing(story.iri(subject))
    return next(s.index for s in steps if s.predicate == story.iri(predicate, "kg"))


def test_a_step_costs_a_hop_less_its_sources_and_its_distance_from_quotation(letter: Any) -> None:
    one = ranking(letter)
    assert one.step(step(one, letter, "coalition", "hasMember")) == (0, 1, 0, -2, 2)
    assert one.step(step(one, letter, "coalition", "demands")) == (0, 1, 0, -1, 0)


def test_only_claims_seen_through_the_lens_count(letter: Any) -> None:
    one = ranking(letter, source=(letter.iri("a2"),))
    assert one.step(step(one, letter, "coalition", "hasMember")) == (0, 1, 0, -1, 2)


def test_relays_of_one_article_are_one_source(letter: Any) -> None:
    letter.claim("coalition", "hasMember", "ngo", via="site", voice="part-quote")
    one = ranking(letter)
    assert one.step(step(one, letter, "coalition", "hasMember")) == (0, 1, 0, -2, 1)


def test_weighed_by_sources_a_step_costs_its_share_of_a_hop(letter: Any) -> None:
    letter.add(letter.iri("coalition"), "ledBy", [letter.iri("ada")], "imported")
    one = ranking(letter, "sources", include=("unattributed",))
    hop = one.step(step(one, letter, "coalition", "demands"))[0]
    assert one.step(step(one, letter, "coalition", "hasMember"))[0] * 2 == hop
    assert one.step(step(one, letter, "coalition", "ledBy"))[0] == 2 * hop


def test_weighed_by_confidence_a_step_is_as_long_as_its_surest_claim_is_unsure(letter: Any) -> None:
    letter.add(letter.iri("coalition"), "ledBy", [letter.iri("ada")], "imported")
    for confidence in (0.0, 0.05, 0.5, 0.25):
        letter.claim("ada", "supports", "site", confidence=confidence)
    letter.claim("ada", "opposes", "site", confidence=0.0)
    one = ranking(letter, "confidence", include=("unattributed",))
    hop = one.step(step(one, letter, "coalition", "demands"))[0]  # read without a figure
    assert one.step(step(one, letter, "ada", "supports"))[0] == 2 * hop
    assert one.step(step(one, letter, "ada", "opposes"))[0] == 10 * hop
    assert one.step(step(one, letter, "coalition", "ledBy"))[0] == 2 * hop


def test_passing_a_node_costs_the_bits_of_its_degree(letter: Any) -> None:
    one = ranking(letter)
    node = one.lens.view.node
    assert one.passing(node(letter.iri("coalition"))) == (0, 0, 3, 0, 0)  # four relations
    assert one.passing(node(letter.iri("ngo"))) == (0, 0, 1, 0, 0)
    hub = ranking(letter, "hubs")
    hop = hub.step(step(hub, letter, "coalition", "demands"))[0]
    assert hub.passing(node(letter.iri("coalition")))[0] == 2 * hop


def test_costs_add_up_part_by_part() -> None:
    assert add((1, 2, 3, -4, 5), (10, 20, 30, -40, 50)) == (11, 22, 33, -44, 55)


def test_an_unknown_weight_is_refused(letter: Any) -> None:
    with pytest.raises(ParameterError, match="beauty"):
        ranking(letter, "beauty")
