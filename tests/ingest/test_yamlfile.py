"""YAML with line numbers: what is read, and what is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph.errors import ClaimFileError
from kgraph.ingest import yamlfile


def test_a_value_knows_the_line_of_its_key() -> None:
    root = yamlfile.load(b"a: 1\nb:\n  - x: y\n    z: w\n", "f.yaml")
    assert root.value == {"a": "1", "b": [{"x": "y", "z": "w"}]}
    assert root.find(("b", 0, "z")).line == 4


def test_a_path_that_leads_nowhere_ends_at_the_deepest_line_on_its_way() -> None:
    root = yamlfile.load(b"a: 1\nb:\n  c: 2\n", "f.yaml")
    assert root.find(("b", "missing", "deeper")).line == 2


@pytest.mark.parametrize("text", ["2020-09", "no", "1949", "0x10", "1e3", "12:30"])
def test_a_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert yamlfile.load(f"a: {text}".encode(), "f.yaml").value == {"a": text}


@pytest.mark.parametrize("text", ["", "~", "null"])
def test_a_plain_null_is_none_and_a_quoted_one_is_text(text: str) -> None:
    assert yamlfile.load(f"a: {text}\nb: '{text}'".encode(), "f.yaml").value == {"a": None, "b": text}


@pytest.mark.parametrize("data", [b"", b"# only a comment\n", b"---\n", b"\xef\xbb\xbf"])
def test_a_file_with_nothing_in_it_has_no_value(data: bytes) -> None:
    assert yamlfile.load(data, "f.yaml").value is None


def test_an_alias_stands_for_its_anchor() -> None:
    assert yamlfile.load(b"a: &x [1, 2]\nb: *x\n", "f.yaml").value == {"a": ["1", "2"], "b": ["1", "2"]}


BROKEN = {
    "a duplicate key": (b"a: 1\nb: 2\na: 3\n", 3, "second time"),
    "a tab": (b"a:\n\tb: 1\n", 2, "holds a tab"),
    "a syntax error": (b"ok: 1\na: b: c\n", 2, "not YAML"),
    "an open bracket": (b"a: [1,\n", 2, "not YAML"),
    "a second document": (b"a: 1\n---\nb: 2\n", 2, "one document a file"),
    "deep nesting": (b"[" * 100_000, 1, "nested more than 32 deep"),
    "an alias without an anchor": (b"a: 1\nb: *x\n", 2, "no anchor before it"),
    "an alias inside its anchor": (b"a: &x [*x]\n", 1, "inside its own anchor"),
    "a tag": (b"a: 1\nb: !!python/object:os.system x\n", 2, "tag"),
    "a key that is a list": (b"? [1]\n: 2\n", 1, "a key is a plain word"),
    "bytes that are not UTF-8": (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_yaml_is_refused_with_its_line(name: str) -> None:
    data, line, words = BROKEN[name]
    with pytest.raises(ClaimFileError, match=words) as caught:
        yamlfile.load(data, "f.yaml")
    assert caught.value.place.file == "f.yaml"
    assert caught.value.place.line == line


def test_a_control_character_is_refused() -> None:
    with pytest.raises(ClaimFileError, match="not YAML"):
        yamlfile.load(b"a: \x00", "f.yaml")


@pytest.mark.hostile
def test_aliases_of_aliases_are_counted_as_often_as_they_are_used() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(ClaimFileError, match="more than 1,000,000 values"):
        yamlfile.load("\n".join(lines).encode(), "f.yaml")


def outcome(data: bytes) -> object:
    try:
        return yamlfile.load(data, "f.yaml")
    except ClaimFileError as error:
        return error


@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_a_value_or_a_claim_file_error(data: bytes) -> None:
    assert isinstance(outcome(data), (yamlfile.Node, ClaimFileError))


@given(st.text(alphabet="ab:-[]{}&*!'\"\n #?|>%@`,", max_size=80))
def test_no_text_of_yaml_signs_ends_in_anything_else_either(text: str) -> None:
    assert isinstance(outcome(text.encode()), (yamlfile.Node, ClaimFileError))
