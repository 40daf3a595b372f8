"""The models of a claim file: what they accept, and that writing and reading them is the same."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kgraph.ingest import yamlfile
from kgraph.ingest.claimmodel import (
    ClaimEntry,
    ClaimFileModel,
    Defaults,
    Entity,
    Mention,
    Note,
    Quantity,
    Source,
    Span,
    Time,
)

HASH = "a" * 64
slugs = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
texts = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda t: t == t.strip() != ""
)
names = slugs | slugs.map(lambda s: f"kgs:{s}") | slugs.map(lambda s: f"https://example.org/{s}")
numbers = st.decimals(min_value=0, max_value=10**9, places=2)


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, max_size=3, unique=True)


def maybe(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | of


spans = st.builds(
    lambda start, length, sentence, quoted: Span(
        paragraph=1, sentence=sentence, start=start, end=start + length, sha256=HASH, quoted=quoted
    ),
    st.integers(0, 10**6),
    st.integers(1, 500),
    maybe(st.integers(1, 9)),
    st.booleans(),
)
quantities = st.builds(Quantity, text=texts, value=numbers, unit=maybe(names), strict=st.booleans())
days = st.dates(min_value=datetime.date(1000, 1, 1))
times = st.builds(
    Time,
    text=texts,
    edtf=st.just("2020-09"),
    basis=names,
    anchor=maybe(names),
    earliest=maybe(days),
    latest=maybe(days),
)
at = st.lists(slugs | spans, min_size=1, max_size=3, unique_by=str)
claims = st.builds(
    ClaimEntry,
    key=maybe(slugs),
    subject=names,
    predicate=slugs,
    amount=slugs | quantities,
    at=at,
    said_by=several(names),
    via=several(names),
    voice=maybe(names),
    time=maybe(slugs | times),
    confidence=maybe(st.decimals(0, 1, places=2)),
    conflicts_with=several(names),
)
files = st.builds(
    ClaimFileModel,
    kgraph=st.just(1),
    source=maybe(slugs | st.builds(Source, id=slugs, label=texts, sha256=st.just(HASH), length=st.integers(1, 10**6))),
    entities=st.dictionaries(slugs, st.builds(Entity, type=slugs, label=texts, aliases=several(texts)), max_size=3),
    spans=st.dictionaries(slugs, spans, max_size=2),
    quantities=st.dictionaries(slugs, quantities, max_size=2),
    times=st.dictionaries(slugs, times, max_size=2),
    mentions=st.lists(st.builds(Mention, text=texts, of=names, at=at, evaluative=st.booleans()), max_size=2),
    notes=st.lists(
        st.builds(
            Note, about=st.lists(names, min_size=1, max_size=2, unique=True), kind=names, basis=names, text=texts
        ),
        max_size=2,
    ),
    defaults=st.builds(Defaults, voice=maybe(names), said_by=several(names)),
    claims=st.lists(claims, max_size=3),
)


@given(files)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_a_file_written_as_yaml_and_read_again_is_the_same(file: ClaimFileModel) -> None:
    text = yaml.safe_dump(file.model_dump(mode="json", exclude_none=True), allow_unicode=True)
    assert ClaimFileModel.model_validate(yamlfile.load(text.encode(), "f.yaml").value) == file


def test_one_string_does_where_a_list_is_expected() -> None:
    entry = ClaimEntry.model_validate({"subject": "a", "predicate": "p", "object": "b", "at": "p1", "said_by": "c"})
    assert (entry.at, entry.said_by) == (("p1",), ("c",))


def test_a_field_with_nothing_behind_it_counts_as_not_given() -> None:
    assert Entity.model_validate({"type": "Person", "label": "A", "aliases": None}).aliases == ()


def test_a_model_cannot_be_changed() -> None:
    entity = Entity(type="Person", label="A")
    with pytest.raises(ValidationError, match="frozen"):
        entity.label = "B"


def span(**fields: object) -> dict[str, object]:
    return {"paragraph": 1, "start": 0, "end": 5, "sha256": HASH, **fields}


CLAIM = {"subject": "a", "predicate": "p", "object": "b", "at": "p1"}
REFUSED: dict[str, tuple[type, dict[str, object], str]] = {
    "a span that ends before it starts": (Span, span(start=5), "start 5 is not before end 5"),
    "a span without a hash": (Span, span(sha256=None), "a span has no sha256"),
    "a span in text and table": (Span, span(table=HASH, row=1), "table and row, and nothing else"),
    "a table span without a row": (Span, {"table": HASH}, "table and row"),
    "a quantity that says nothing": (Quantity, {"text": "many"}, "give value, min or max"),
    "a quantity upside down": (Quantity, {"text": "x", "min": 5, "max": 4}, "min 5 is above max 4"),
    "a quantity without end": (Quantity, {"text": "x", "value": "Infinity"}, "finite"),
    "a number of a thousand digits": (Quantity, {"text": "x", "value": "1e999"}, "digits"),
    "a claim with two objects": (ClaimEntry, {**CLAIM, "amount": "q"}, "not object and amount"),
    "a claim with no object": (ClaimEntry, {**CLAIM, "object": None}, "not none"),
    "a claim without a place": (ClaimEntry, {**CLAIM, "at": []}, "at least 1 item"),
    "a claim with a place twice": (ClaimEntry, {**CLAIM, "at": ["p1", "p1"]}, "twice"),
    "one inline place twice": (ClaimEntry, {**CLAIM, "at": [span(), span()]}, "one item stands twice"),
    "a confidence above one": (ClaimEntry, {**CLAIM, "confidence": "1.1"}, "less than or equal to 1"),
    "a name with a space": (ClaimEntry, {**CLAIM, "subject": "a b"}, "is not a name"),
    "a date that is a number": (Time, {"text": "x", "edtf": "2020", "basis": "stated", "latest": "160"}, "not a date"),
    "a label of blanks": (Entity, {"type": "Person", "label": "  "}, "is empty"),
    "a label with a bell": (Entity, {"type": "Person", "label": "a\x07"}, "control character"),
    "a hash that is short": (Source, {"id": "a", "label": "A", "sha256": "00", "length": 1}, "not a SHA-256"),
    "another version": (ClaimFileModel, {"kgraph": "2"}, "Input should be 1"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_makes_no_sense_is_refused(what: str) -> None:
    model, data, words = REFUSED[what]
    with pytest.raises(ValidationError, match=words):
        model.model_validate(data)  # type: ignore[attr-defined]


def test_a_span_in_a_table_needs_no_paragraph() -> None:
    assert Span.model_validate({"table": HASH, "row": 3}).row == 3


def test_a_number_keeps_its_digits() -> None:
    assert Quantity.model_validate({"text": "x", "value": "0.10"}).value == Decimal("0.10")
