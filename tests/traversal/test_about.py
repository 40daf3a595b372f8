"""What is about an entity, in the order it is read, is the same by numbers as by records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kgraph.model import Lens
from kgraph.traversal import compile_lens, passages, timeline
from kgraph.traversal.about import claims_about, in_reading_order
from kgraph.traversal.columns import RowSpans
from kgraph.traversal.records import Catalogue

SPANS = st.lists(st.tuples(st.sampled_from(["a1", "a2"]), st.integers(0, 3), st.integers(0, 25)), max_size=3)
ROWS = st.one_of(st.none(), st.integers(1, 30))
CLAIM = st.tuples(st.sampled_from(["a1", "a2", "b"]), SPANS, ROWS)
CLAIMS = st.lists(CLAIM, min_size=1, max_size=12, unique_by=lambda claim: claim[2] or object())  # a row is one claim


def told(catalogue: Catalogue, claims: list[int]) -> list[str]:
    return [catalogue.claim_record(claim).iri for claim in claims]


@given(claims=CLAIMS)
@settings(max_examples=100, deadline=None)
def test_claims_are_read_by_article_place_row_and_name(
    new_story: Callable[[], Any], claims: list[tuple[str, list[tuple[str, int, int]], int | None]]
) -> None:
    story = new_story()
    for name in ("a2", "b"):
        story.article(name)
    story.entity("ngo")
    for article, spans, _ in claims:
        made = tuple(story.span(of, paragraph, start) for of, paragraph, start in spans)
        story.claim("ngo", "demands", "demand", article=article, spans=made or ("urn:nowhere",))
    catalogue = story.catalogue()
    evidence = catalogue.columns.evidence.copy()
    for number, (_, _, row) in enumerate(claims):
        if row is not None:
            evidence[number] = -1 - row
    tables = (RowSpans("ab" * 32, 10, 0), RowSpans("0d" * 32, 20, 10))
    columns = replace(catalogue.columns, evidence=evidence, row_spans=tables)
    catalogue = Catalogue(columns, catalogue.namespaces, catalogue.schema)
    numbers = np.arange(columns.claims, dtype=np.int32)
    by_records = passages.in_reading_order(catalogue, [catalogue.claim_record(n) for n in numbers.tolist()])
    expected = [record.iri for record in by_records]
    found = told(catalogue, in_reading_order(catalogue, numbers).tolist())

    def places(iris: list[str]) -> list[object]:
        return [passages.place_of_spans(catalogue, catalogue.claims[iri].spans) for iri in iris]

    assert places(found) == places(expected)


def test_claims_of_one_place_come_in_the_order_of_their_names(story: Any) -> None:
    story.entity("ngo")
    made = [f"claim-{n:020x}" for n in (9, 3, 200, 255, 16)]
    for name in made:
        iri = story.claim("ngo", "demands", "demand", paragraph=1)
        story.quads = [
            type(q)(type(q.subject)(story.iri(name)), q.predicate, q.object, q.graph_name)
            if q.subject.value == iri
            else q
            for q in story.quads
        ]
    catalogue = story.catalogue()
    numbers = np.arange(5, dtype=np.int32)[::-1].copy()
    assert told(catalogue, in_reading_order(catalogue, numbers).tolist()) == sorted(map(story.iri, made))


def test_no_claims_are_in_order() -> None:
    assert in_reading_order(None, np.zeros(0, np.int32)).tolist() == []  # type: ignore[arg-type]


def test_claims_about_something_are_those_at_either_end_each_once(letter: Any) -> None:
    letter.claim("coalition", "partnerOf", "coalition")
    letter.claim("site", "alleges", "coalition", modality="alleged")
    catalogue = letter.catalogue()
    for lens in (Lens(), Lens(modality=("any",))):
        seen = compile_lens(catalogue, lens)
        for iri in catalogue.nodes:
            expected = sorted(
                claim.iri
                for claim in catalogue.claims.values()
                if iri in (claim.subject, claim.object) and seen.keeps(claim)
            )
            assert sorted(told(catalogue, claims_about(seen, iri).tolist())) == expected
    assert claims_about(compile_lens(catalogue, Lens()), "urn:nothing").tolist() == []


def test_a_timeline_is_in_the_order_of_its_days(story: Any) -> None:
    story.entity("ngo")
    story.time("open", "whenever")
    story.time("old", "until 2001", "", "2001-01-01")
    story.time("may", "May 2020", "2020-05-01", "2020-05-31")
    story.time("day", "1 May 2020", "2020-05-01", "2020-05-01")
    for name in ("open", "may", "day", "old"):
        story.claim("ngo", "demands", "demand", time=f"time-{name}")
    story.claim("ngo", "demands", "demand")
    dated = timeline(story.catalogue(), story.iri("ngo"))
    assert [claim.when.text for claim in dated.claims] == ["until 2001", "1 May 2020", "May 2020", "whenever"]
