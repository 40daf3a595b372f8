"""A lens as arrays sees the claims that it sees one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.model import Lens
from kgraph.traversal import compile_lens
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord, Step

PEOPLE = ("ada", "ngo", "stranger")
CLAIM = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["ada", "ngo"]),
        "predicate": st.sampled_from(["hasMember", "demands"]),
        "object": st.sampled_from(["ada", "board", "kgs:genocide", "time-may"]),
        "article": st.sampled_from(["a1", "a2", "a3"]),
        "said_by": st.sampled_from([*PEOPLE, ("ada", "ngo"), ("ngo", "stranger")]),
        "via": st.sampled_from([(), "ada", "stranger", ("ada", "stranger")]),
        "voice": st.sampled_from(["article-voice", "direct-quote", "part-quote"]),
        "modality": st.sampled_from(["reported", "reported", "alleged"]),
        "polarity": st.sampled_from(["affirmed", "affirmed", "negated"]),
        "status": st.sampled_from(["current", "current", "retracted"]),
        "time": st.sampled_from(["", "time-may", "time-open"]),
        "confidence": st.sampled_from([None, 0.25, 0.5, 0.9]),
    }
)
NAMES = st.sampled_from([(), ("ada",), ("stranger",), ("ngo", "stranger")])
LENS = st.fixed_dictionaries(
    {
        "modality": st.sampled_from([("reported",), ("any",), ("alleged", "reported"), ()]),
        "polarity": st.sampled_from([("affirmed",), ("any",)]),
        "voice": st.sampled_from([(), ("direct-quote", "part-quote")]),
        "source": st.sampled_from([(), ("a1",), ("a2", "a3")]),
        "said_by": NAMES,
        "not_said_by": NAMES,
        "valid_from": st.sampled_from([None, "2020-06-01"]),
        "valid_until": st.sampled_from([None, "2020-04-30"]),
        "published_until": st.sampled_from([None, "2020-12-31"]),
        "min_sources": st.sampled_from([0, 1, 2]),
        "min_confidence": st.sampled_from([0.0, 0.25, 0.6]),
        "include": st.sampled_from([(), ("codes",), ("documents", "types"), ("unattributed", "codes")]),
    }
)


def one_by_one(catalogue: Catalogue, lens: Lens, step: Step) -> list[ClaimRecord]:
    """The claims of a step that are seen."""
    if step.layer not in ("relations", *lens.include):
        return []
    seen = compile_lens(catalogue, lens)
    claims = [claim for claim in step.claims if seen.keeps(claim)]
    return claims if len({claim.article for claim in claims}) >= lens.min_sources else []


@given(claims=st.lists(CLAIM, min_size=1, max_size=14), asked=LENS)
@settings(max_examples=150, deadline=None)
def test_columns_see_what_claims_one_by_one_are_seen_for(
    new_story: Callable[[], Any], claims: list[dict[str, Any]], asked: dict[str, Any]
) -> None:
    story = new_story()
    story.article("a2", published="2020-10-05")
    story.article("a3", published="2021-10-05")
    story.entity("ada", "Person")
    story.entity("ngo", "Ngo")
    story.time("may", "May 2020", "2020-05-01", "2020-05-31")
    story.time("open", "since May", "2020-05-01")
    for claim in claims:
        story.claim(**claim)
    for name in ("source", "said_by", "not_said_by"):
        asked[name] = tuple(story.iri(other) for other in asked[name])
    lens, catalogue = Lens(**asked), story.catalogue()
    view, sight = catalogue.view(lens.include), compile_lens(catalogue, lens).sight
    steps = np.arange(len(view), dtype=np.int32)
    expected = [one_by_one(catalogue, lens, step) for step in view]
    with_claims = [place for place, step in enumerate(view) if step.claims]

    allowed, surest = sight.allows(steps), sight.surest(steps)
    sources, distance = sight.evidence(steps)
    for place in with_claims:
        seen = expected[place]
        assert allowed[place] == bool(seen)
        assert sources[place] == len({claim.article for claim in seen})
        assert surest[place] == max((1.0 if c.confidence is None else c.confidence for c in seen), default=0.0)
        quoted = [{"direct-quote": 0, "part-quote": 1}.get(catalogue.schema.code(c.voice), 2) for c in seen]
        assert distance[place] == min(quoted, default=2)
        numbers = sight.claims(np.array([place], np.int32))
        assert {catalogue.claim_record(n).iri for n in numbers.tolist()} == {claim.iri for claim in seen}
    for place, step in enumerate(view):
        if not step.claims:
            assert allowed[place] == (step.layer in lens.include and lens.min_sources <= 1)
            assert (sources[place], surest[place], distance[place]) == (0, 0.0, 2)


def test_nothing_is_seen_of_nothing(story: Any) -> None:
    catalogue = story.catalogue()
    sight = compile_lens(catalogue, Lens()).sight
    assert sight.allows(np.zeros(0, np.int32)).tolist() == []
