"""Which claims an export of a part takes."""

from __future__ import annotations

from typing import Any

from kgraph.model import Lens
from kgraph.traversal import select


def relations(story: Any, lens: Lens | None = None, **options: Any) -> set[str]:
    catalogue = story.catalogue()
    if "centre" in options:
        options["centre"] = story.iri(options["centre"])
    found = select(catalogue, lens or Lens(), **options)
    return {catalogue.claims[iri].predicate.rpartition("#")[2] for iri in found}


def test_without_a_centre_every_claim_seen_is_taken(letter: Any) -> None:
    denied = letter.claim("ngo", "ledBy", "ada", polarity="negated")
    catalogue = letter.catalogue()
    assert select(catalogue, Lens()) == frozenset(catalogue.claims) - {denied}
    assert select(catalogue, Lens(polarity=("negated",))) == {denied}


def test_a_neighbourhood_takes_the_claims_within_and_those_to_codes(letter: Any) -> None:
    assert relations(letter, centre="demand") == {"demands", "addressee", "requests"}
    assert relations(letter, centre="coalition") == {"hasMember", "demands", "memberCount", "issued"}
    assert "requests" in relations(letter, centre="coalition", hops=2)
    assert relations(letter, centre="demand", hops=0) == set()
