"""kgraph.ingest.table.values: relations, codes, dates, confidences and URLs as people write them in cells."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.ingest.table.mapping import TableMapping
from kgraph.ingest.table.values import Values, confidence, url
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema


@pytest.fixture
def values(namespaces: Namespaces, schema: Schema) -> Values:
    return Values(namespaces, schema, TableMapping(predicates={"gehört zu": "partOf"}))


@pytest.mark.parametrize(
    "text",
    ["hasMember", "kg:hasMember", "https://w3id.org/kgraph/ns#hasMember", "<https://w3id.org/kgraph/ns#hasMember>"],
)
def test_a_relation_goes_by_name_curie_and_iri(values: Values, text: str) -> None:
    assert values.relation(text).curie == "kg:hasMember"


def test_a_relation_goes_by_its_label_and_the_mappings_name_for_it(
    values: Values, schema: Schema, namespaces: Namespaces
) -> None:
    relation = schema.relations[f"{namespaces.kg}hasMember"]
    assert relation.label != "hasMember"
    assert values.relation(relation.label) == relation
    assert values.relation("gehört zu").curie == "kg:partOf"


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("modality", "alleged", "alleged"),
        ("modality", "kgs:alleged", "alleged"),
        ("polarity", "negated", "negated"),
        ("certainty", "probable", "probable"),
        ("role", "co-leader", "co-leader"),
    ],
)
def test_codes_are_written_as_in_claim_files(
    values: Values, namespaces: Namespaces, field: str, text: str, code: str
) -> None:
    assert values.code(field)(text) == f"{namespaces.kgs}{code}"


@pytest.mark.parametrize("field", ["modality", "polarity", "role", "certainty"])
def test_a_code_of_another_field_is_none(values: Values, field: str) -> None:
    with pytest.raises(ValueError, match=f"'tabular' is no {field}"):
        values.code(field)("tabular")


@pytest.mark.parametrize(
    ("text", "edtf", "bounds"),
    [
        ("2020", "2020", ("2020-01-01", "2020-12-31")),
        ("2020-02", "2020-02", ("2020-02-01", "2020-02-29")),
        ("2020-02-29", "2020-02-29", ("2020-02-29", "2020-02-29")),
        ("2020-02-29T00:00:00", "2020-02-29", ("2020-02-29", "2020-02-29")),
        ("2020-02-29 00:00", "2020-02-29", ("2020-02-29", "2020-02-29")),
        ("../2010", "../2010", (None, "2010-12-31")),
        ("2018/2020-06", "2018/2020-06", ("2018-01-01", "2020-06-30")),
    ],
)
def test_a_date_is_a_day_a_month_a_year_or_edtf(values: Values, text: str, edtf: str, bounds: tuple[str, str]) -> None:
    time = values.time(text)
    assert (time.text, time.edtf, (time.earliest, time.latest)) == (text, edtf, bounds)


@pytest.mark.parametrize("text", ["2021-02-29", "yesterday", "2020/05/01", "12.5.2020"])
def test_a_date_there_is_not_is_refused(values: Values, text: str) -> None:
    with pytest.raises(ValueError, match="is not EDTF"):
        values.time(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0.0), ("1", 1.0), ("0.5", 0.5), (".25", 0.25), ("1e-3", 0.001), ("0.12345678", 0.123457), ("-0", 0.0)],
)
def test_a_confidence_has_six_decimal_places(text: str, value: float) -> None:
    assert str(confidence(text)) == str(value)


@pytest.mark.parametrize("text", ["1.01", "-0.1", "high", "nan", "inf", "50%", "0,5"])
def test_a_confidence_beyond_0_and_1_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        confidence(text)


def test_a_url_is_one() -> None:
    assert url("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    for text in ("example.org", "https://a b", "javascript:alert(1)", "https://a/\x01"):
        with pytest.raises(ValueError, match="is not a URL"):
            url(text)


@pytest.mark.parametrize(
    "text",
    ["grant-access", "kgs:grant-access", "Grant access to a place", "https://w3id.org/kgraph/scheme/grant-access"],
)
def test_the_object_of_a_relation_that_takes_codes_goes_by_name_or_label(desk: Any, claims: Any, text: str) -> None:
    header = ("subject", "subject_type", "predicate", "object")
    assert claims(desk.load([("D", "Demand", "requests", text)], header)) == [
        ("id:d", "kg:requests", "kgs:grant-access")
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("D", "requests", "grand-access"), "kg:requests takes no 'grand-access'; did you mean grant-access?"),
        (("A", "opposes", "kgs:grant-access"), "kg:opposes takes an entity, and kgs:grant-access is a code"),
        (("A", "concerns", "kgs:tabular"), "kg:concerns takes no kgs:tabular"),
        (("A", "occurredOn", "2020"), "kg:occurredOn takes a period, for which a table has no column"),
    ],
)
def test_an_object_the_relation_does_not_take_is_refused(desk: Any, row: tuple[str, str, str], reason: str) -> None:
    (told,) = desk.refused([row, ("A", "opposes", "B")])
    assert reason in told
