"""Reading claim files: every fault at once, with file, line and field, in words for people."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kgraph import resources
from kgraph.errors import ClaimFileError, EmptyInputError
from kgraph.ingest import claimfile

Write = Callable[..., Path]


def faults_of(path: Path) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(ClaimFileError) as caught:
        claimfile.read([path])
    faults = [caught.value, *caught.value.others]
    return [(fault.place.line, fault.place.field, fault.reason) for fault in faults]


def test_the_example_is_read(write: Write) -> None:
    document = claimfile.read([write()])
    assert len(document.files[0].content.claims) == 5


def test_an_unknown_field_is_refused_with_the_one_that_was_meant(write: Write) -> None:
    path = write(("predicate: hasMember", "predicat: hasMember"))
    assert faults_of(path) == [
        (25, "claims[0].predicate", "is missing"),
        (25, "claims[0].predicat", "unknown field; did you mean predicate?"),
    ]


def test_an_unknown_field_of_an_inline_time_gets_the_fields_of_a_time(write: Write) -> None:
    path = write(("time: may", "time: {text: May, edtf: 2011-05, basis: stated, ancor: x}"))
    assert faults_of(path) == [(27, "claims[2].time.ancor", "unknown field; did you mean anchor?")]


def test_all_faults_come_at_once_in_the_order_of_the_file(write: Write) -> None:
    path = write(
        ("length: 500", "length: long"),
        ("type: Coalition, ", ""),
        ("end: 80", "end: -1"),
        ("value: 60", "value: sixty"),
        ("quoted: true", "quoted: maybe"),
    )
    assert [fault[:2] for fault in faults_of(path)] == [
        (6, "source.length"),
        (9, "entities.harbour-league.type"),
        (14, "spans.p1s1.end"),
        (15, "spans.p2s1.quoted"),
        (17, "quantities.some-60.value"),
    ]


def test_faults_of_every_file_of_a_folder_are_listed(write: Write, tmp_path: Path) -> None:
    write(("length: 500", "length: long"), name="seed/a.yaml")
    write(text="kgraph: 1\nclaim: []\n", name="seed/b.yaml")
    write(text="- 1\n", name="seed/c.yml")
    with pytest.raises(ClaimFileError) as caught:
        claimfile.read([tmp_path / "seed"])
    assert [Path(e.place.file).name for e in (caught.value, *caught.value.others)] == ["a.yaml", "b.yaml", "c.yml"]


REASONS = [
    ("length: 500", "length: 0", "0 is not above 0"),
    ("length: 500", "length: [1]", "is not a whole number"),
    ("paragraph: 1,", "paragraph: 0,", "0 is below 1"),
    ("confidence: 0.90", "confidence: 1.5", "1.5 is above 1"),
    ("confidence: 0.90", "confidence: [1]", "is not a number"),
    ("quoted: true", "quoted: [1]", "is neither true nor false"),
    ("label: Lake Trust", "label: [Lake, Trust]", "is not a text"),
    ("kgraph: 1", "kgraph: 2", "'2' is not a version this kgraph reads; it reads version 1"),
    ("at: p1s1, confidence", "at: [], confidence", "is an empty list"),
    ("value: 60", "value: NaN", "'NaN' is not a number"),
    ("value: 60", "value: 1" + "0" * 40, "decimal input should have no more than 30 digits in total"),
    ("aliases: [The League]", "aliases: {a: b}", "is not a text"),
    ("said_by: lake-trust", "said_by: lake trust", "'lake trust' is not a name"),
    ("  may: {", "  May: {", "'May' is not a key: lower case letters"),
    ("source:\n  id", "source:\n  ID", "is missing"),
]


@pytest.mark.parametrize(("old", "new", "words"), REASONS)
def test_a_fault_is_told_in_words_for_people(write: Write, old: str, new: str, words: str) -> None:
    assert any(words in reason for _, _, reason in faults_of(write((old, new))))


def test_a_long_value_is_shortened_in_its_message(write: Write) -> None:
    [(_, _, reason)] = faults_of(write(("length: 500", f"length: {'x' * 500}")))
    assert len(reason) < 120


@pytest.mark.parametrize("text", ["entities: 5", "claims: 5", "claims: {a: b}", "claims: [5]", "source: [1]"])
def test_a_section_of_the_wrong_shape_is_refused_by_name(write: Write, text: str) -> None:
    section = text.split(":")[0]
    assert all(str(field).startswith(section) for _, field, _ in faults_of(write(text=f"kgraph: 1\n{text}\n")))


def test_a_file_that_does_not_say_its_version_is_refused(write: Write) -> None:
    [(line, field, reason)] = faults_of(write(("kgraph: 1\n", "")))
    assert (line, field) == (1, "kgraph")
    assert "begins with 'kgraph: 1'" in reason


def test_one_file_of_a_folder_says_the_version_for_all(write: Write, tmp_path: Path) -> None:
    write(name="seed/a.yaml")
    write(text="times: {june: {text: June, edtf: 2011-06, basis: stated}}", name="seed/b.yaml")
    write(text="not read", name="seed/README.md")
    assert [Path(f.name).name for f in claimfile.read([tmp_path / "seed"]).files] == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_refused_by_name(write: Write, text: str) -> None:
    with pytest.raises(EmptyInputError, match=r"claims\.yaml"):
        claimfile.read([write(text=text)])


def test_a_file_past_the_bound_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimfile, "MAX_BYTES", 10)
    with pytest.raises(ClaimFileError, match="at most 10"):
        claimfile.parse([("a.yaml", b"kgraph: 1 # and more")], name="a.yaml")


@given(st.binary(max_size=300))
def test_random_bytes_never_end_in_anything_but_an_input_error(data: bytes) -> None:
    with pytest.raises((ClaimFileError, EmptyInputError)):
        claimfile.parse([("f.yaml", data)], name="f.yaml")


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
sections = st.sampled_from(["source", "entities", "spans", "quantities", "times", "mentions", "notes", "claims", "x"])


@given(st.dictionaries(sections, junk, min_size=1, max_size=3))
def test_junk_in_the_sections_is_refused_with_a_file_or_taken_whole(content: dict[str, object]) -> None:
    data = yaml.safe_dump({"kgraph": 1, **content}).encode()
    try:
        version = claimfile.parse([("f.yaml", data)], name="f.yaml").files[0].content.kgraph
        places = ["f.yaml"]
    except ClaimFileError as error:
        version, places = 1, [fault.place.file for fault in (error, *error.others)]
    assert (version, set(places)) == (1, {"f.yaml"})


# ------------------------------------------------------------------ the published JSON Schema


class TextLoader(yaml.SafeLoader):
    """YAML as an editor's schema check sees it: dates are text."""


TextLoader.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_the_published_json_schema_is_the_one_of_the_models() -> None:
    """When it is not: `make schemas`."""
    path = resources.ontology() / "claimfile.schema.json"
    text = json.dumps(claimfile.json_schema(), indent=2, ensure_ascii=False) + "\n"
    assert path.read_text("utf-8") == text


def test_the_example_conforms_to_the_json_schema_and_a_slip_does_not(write: Write) -> None:
    validator = jsonschema.Draft202012Validator(claimfile.json_schema())
    example = yaml.load(write().read_text("utf-8"), Loader=TextLoader)
    assert list(validator.iter_errors(example)) == []
    example["claims"][0]["predicat"] = "x"
    assert [list(error.path) for error in validator.iter_errors(example)] == [["claims", 0]]


def test_the_shipped_seeds_conform_to_the_json_schema() -> None:
    validator = jsonschema.Draft202012Validator(claimfile.json_schema())
    for folder in resources.seeds():
        for path in claimfile.folder_files(folder):
            content = yaml.load(path.read_text("utf-8"), Loader=TextLoader)
            assert [f"{path.name}: {e.json_path}: {e.message}" for e in validator.iter_errors(content)] == []
