"""What a lens keeps, claim by claim, and how it reads in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kgraph.model import Lens
from kgraph.traversal import compile_lens, words
from kgraph.traversal.sight import Sight


def kept(story: Any, **bounds: Any) -> list[str]:
    """The relations a lens leaves, as `subject object`; decided claim by claim, and the same by comparing columns."""
    catalogue = story.catalogue()
    lens = compile_lens(catalogue, Lens(**bounds))
    whole = catalogue.whole
    every = np.arange(len(whole), dtype=np.int32)
    assert Sight(whole, lens.lens).allows(every).tolist() == [lens.allows(step) for step in whole]
    seen = [
        claim.iri for step in whole for claim in lens.claims(step) if step.layer in {"relations", *lens.lens.include}
    ]
    numbers = Sight(whole, lens.lens).claims(every)
    assert [catalogue.claim_record(n).iri for n in numbers[numbers >= 0].tolist()] == seen
    names = (
        (catalogue.namespaces.compress(s.subject)[3:], catalogue.namespaces.compress(s.object)[3:])
        for s in catalogue.whole
        if lens.allows(s)
    )
    return [" ".join(pair) for pair in names]


@pytest.fixture
def said(story: Any) -> Any:
    """One subject, one object for each way of saying it."""
    story.article("a2", published="2020-10-05")
    for name in ("s", "x", "ngo", "site"):
        story.entity(name)
    return story


def tell(said: Any, name: str, **how: Any) -> None:
    said.entity(name)
    said.claim("s", "hasMember", name, **how)


def test_by_default_only_reported_affirmed_current_claims_are_seen(said: Any) -> None:
    tell(said, "plain")
    tell(said, "alleged", modality="alleged")
    tell(said, "denied", polarity="negated")
    tell(said, "old", status="superseded")
    assert kept(said) == ["s plain"]
    assert kept(said, modality=("any",), polarity=()) == ["s alleged", "s denied", "s plain"]
    assert kept(said, modality=("alleged", "reported")) == ["s alleged", "s plain"]


def test_a_code_may_be_bare_a_curie_or_an_iri(said: Any) -> None:
    tell(said, "plain")
    tell(said, "alleged", modality="alleged")
    for code in ("alleged", "kgs:alleged", said.iri("alleged", "kgs")):
        assert kept(said, modality=(code,)) == ["s alleged"]


def test_speakers_are_matched_and_speakers_and_relays_are_left_out(said: Any) -> None:
    tell(said, "spoken", said_by="ngo")
    tell(said, "relayed", said_by="x", via="ngo")
    assert kept(said, said_by=(said.iri("ngo"),)) == ["s spoken"]
    assert kept(said, not_said_by=(said.iri("ngo"),)) == []
    assert kept(said, not_said_by=(said.iri("x"),)) == ["s spoken"]


def test_voice_article_and_confidence_bound_what_is_seen(said: Any) -> None:
    tell(said, "quoted", voice="direct-quote", confidence=0.4)
    tell(said, "elsewhere", article="a2", confidence=0.9)
    tell(said, "unsure")
    assert kept(said, voice=("direct-quote",)) == ["s quoted"]
    assert kept(said, source=(said.iri("a2"),)) == ["s elsewhere"]
    assert kept(said, min_confidence=0.5) == ["s elsewhere", "s unsure"]


def test_a_claim_is_kept_unless_its_time_lies_wholly_outside(said: Any) -> None:
    said.time("2004", "2004", "2004-01-01", "2004-12-31")
    said.time("since", "since 2010", "2010-01-01")
    said.time("until", "more than a decade ago", "", "2010-12-31")
    for name in ("2004", "since", "until"):
        tell(said, name, time=f"time-{name}")
    tell(said, "undated")
    assert kept(said, valid_from="2004-06-01") == ["s 2004", "s since", "s undated", "s until"]
    assert kept(said, valid_from="2005-01-01") == ["s since", "s undated", "s until"]
    assert kept(said, valid_from="2011-01-01") == ["s since", "s undated"]
    assert kept(said, valid_until="2004-01-01") == ["s 2004", "s undated", "s until"]
    assert kept(said, valid_until="2003-12-31") == ["s undated", "s until"]


def test_a_period_that_is_the_object_is_the_time_of_its_claim(said: Any) -> None:
    said.time("2004", "2004", "2004-01-01", "2004-12-31")
    said.claim("s", "occurredOn", "time-2004")
    assert kept(said, valid_from="2005-01-01") == []


def test_only_articles_known_to_be_later_are_left_out_by_publication(said: Any) -> None:
    tell(said, "dated", article="a2")
    tell(said, "unknown")
    assert kept(said, published_until="2020-10-04") == ["s unknown"]
    assert kept(said, published_until="2020-10-05") == ["s dated", "s unknown"]


def test_sources_are_counted_after_the_other_bounds_and_relays_of_one_article_count_once(said: Any) -> None:
    tell(said, "twice")
    said.claim("s", "hasMember", "twice", via="site")
    tell(said, "both")
    said.claim("s", "hasMember", "both", article="a2")
    tell(said, "half")
    said.claim("s", "hasMember", "half", article="a2", modality="alleged")
    assert kept(said, min_sources=2) == ["s both"]
    assert kept(said, min_sources=2, modality=("any",)) == ["s both", "s half"]


def test_a_degree_counts_the_relations_seen_in_both_directions(said: Any) -> None:
    tell(said, "plain")
    tell(said, "alleged", modality="alleged")
    said.claim("x", "hasMember", "s")
    assert compile_lens(said.catalogue(), Lens()).degree(said.iri("s")) == 2


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, "reported, affirmed claims"),
        ({"modality": ("any",), "polarity": ()}, "claims of any modality and polarity"),
        ({"modality": ("any",)}, "affirmed claims of any modality"),
        ({"modality": ("alleged", "open-question")}, "alleged or open question, affirmed claims"),
        ({"voice": ("direct-quote",)}, "reported, affirmed claims, in the voice direct quote"),
        ({"not_said_by": ("site",)}, "reported, affirmed claims, not said by Site"),
        ({"said_by": ("ngo", "site")}, "reported, affirmed claims, said by Ngo or Site"),
        ({"source": ("a1",)}, "reported, affirmed claims, in A1"),
        ({"valid_from": "2004-01-01"}, "reported, affirmed claims, not over before 2004-01-01"),
        ({"valid_until": "2004-01-01"}, "reported, affirmed claims, not begun after 2004-01-01"),
        ({"published_until": "2004-01-01"}, "reported, affirmed claims, published until 2004-01-01"),
        ({"min_sources": 2}, "reported, affirmed claims, in at least 2 sources"),
        ({"min_confidence": 0.5}, "reported, affirmed claims, read with a confidence of at least 0.5"),
        ({"include": ("codes", "types")}, "reported, affirmed claims, including codes and types"),
    ],
)
def test_a_lens_reads_in_words(said: Any, bounds: dict[str, Any], expected: str) -> None:
    for name in ("said_by", "not_said_by", "source"):
        bounds[name] = tuple(said.iri(n) for n in bounds.get(name, ()))
    assert words(said.catalogue(), Lens(**bounds)) == expected


def test_questions_through_one_lens_share_what_it_found_and_many_lenses_are_forgotten(said: Any) -> None:
    catalogue = said.catalogue()
    first = compile_lens(catalogue, Lens())
    assert compile_lens(catalogue, Lens()) is first
    for sources in range(2, 40):
        compile_lens(catalogue, Lens(min_sources=sources))
    assert compile_lens(catalogue, Lens()) is not first
    assert compile_lens(catalogue.with_texts({}), Lens()).catalogue is not catalogue
