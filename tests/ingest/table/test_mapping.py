"""kgraph.ingest.table.mapping: what columns mean, by their usual names or by a file that says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import ClaimFileError, InputError
from kgraph.ingest.table.mapping import usual

MAPPING = """\
kgraph: 1
label: Survey of clubs, 2024
columns: {subject: Club, predicate: How, object: Whom, said_by: Sources}
defaults: {modality: alleged, date: "2024", subject_type: Organisation, object_type: Person}
predicates: {has as member: hasMember}
prefixes: {ex: http://example.org/}
lists: ;
delimiter: tab
"""


def test_a_mapping_says_what_everything_means(desk: Any, claims: Any) -> None:
    file = desk.text("Club\tHow\tWhom\tSources\tremark\nMill Club\thas as member\tex:ann\tBo; Cy\tx\n")
    prepared = desk.prepare(file, mapping=MAPPING)
    table = prepared.table
    short = table.namespaces.compress
    assert claims(table) == [("id:mill-club", "kg:hasMember", "http://example.org/ann")]
    assert table.label == "Survey of clubs, 2024"
    assert [time.edtf for time in table.times] == ["2024"]
    assert short(table.codes[table.modality[0]]) == "kgs:alleged"
    assert [short(table.terms[place]) for place in table.said] == ["id:bo", "id:cy"]
    types = {label: short(table.terms[kind]) for label, kind in zip(table.entity_label, table.entity_type, strict=True)}
    assert types == {"Mill Club": "kg:Organisation", "ann": "kg:Person", "Bo": "kg:Agent", "Cy": "kg:Agent"}


def test_a_default_stands_where_a_cell_is_empty(desk: Any) -> None:
    header = ("subject", "predicate", "object", "modality")
    table = desk.load(
        [("A", "opposes", "B", ""), ("A", "opposes", "C", "opined"), ("", "", "D", "")],
        header,
        mapping="defaults: {modality: alleged, subject: Z, predicate: opposes}",
    )
    assert [table.codes[code].rpartition("/")[2] for code in table.modality] == ["alleged", "opined", "alleged"]
    assert table.namespaces.compress(table.terms[table.subject[2]]) == "id:z"


def test_without_speaker_and_source_the_table_speaks_for_itself(desk: Any) -> None:
    table = desk.load([("A", "opposes", "B")])
    assert table.terms[table.article[0]] == table.terms[table.said[0]] == table.iri


def test_without_a_speaker_the_source_speaks(desk: Any) -> None:
    table = desk.load([("A", "opposes", "B", "Echo")], ("subject", "predicate", "object", "source"))
    assert table.terms[table.said[0]] == table.terms[table.article[0]] == table.namespaces.expand("id:echo")
    assert (
        table.namespaces.compress(table.terms[table.entity_type[list(table.entity_label).index("Echo")]])
        == "kg:Document"
    )


@pytest.mark.parametrize(
    ("column", "field"),
    [("subject", "subject"), ("Said By", "said_by"), ("RELAY", "via"), ("object-type", "object_type"), ("x", None)],
)
def test_usual_names_are_known_however_they_are_written(column: str, field: str | None) -> None:
    assert usual(column) == field


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("columns: {subjekt: A}\n", ":1: columns.subjekt", "'subjekt' is nothing a row says; did you mean subject"),
        ("kgraph: 1\ncolums: {}\n", ":2: colums", "unknown field; did you mean columns"),
        ("kgraph: 2\n", ":1: kgraph", "not a version this kgraph reads"),
        ("lists: ';;'\n", ":1: lists", "is not one character"),
        ("defaults: {url: http://x/}\n", "", "there is no default for it"),
        ("labels: guess\n", ":1: labels", "slug"),
        ("- a\n", ":1", "a mapping file is a mapping"),
        ("a: [\n", ":2", "not YAML"),
    ],
)
def test_a_faulty_mapping_is_refused_by_its_place(desk: Any, text: str, place: str, reason: str) -> None:
    with pytest.raises(ClaimFileError) as caught:
        desk.prepare(desk.write([("A", "opposes", "B")]), mapping=text)
    assert f"mapping.yaml{place}" in caught.value.detail
    assert reason in caught.value.detail


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ("columns: {subject: Club}", "there is no column 'Club'"),
        (
            "defaults: {subject_type: Persn}",
            "the default of subject_type: 'Persn' is no class of the ontology; did you",
        ),
        ("defaults: {source_type: Article}", "the default of source_type: 'Article' is no class of things a table can"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(desk: Any, mapping: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        desk.prepare(desk.write([("A", "opposes", "B")]), mapping=mapping)


def test_a_mapping_that_is_not_there_is_refused(desk: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        desk.prepare(desk.write([("A", "opposes", "B")]), mapping=tmp_path / "none.yaml")
