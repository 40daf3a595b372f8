"""Which input is what."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph import formats
from kgraph.errors import EmptyInputError, InputError, KGraphError, LimitError, UnknownFormatError
from kgraph.formats import Format
from kgraph.ingest import readers

XML = b'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
SNIFFED: list[tuple[bytes, Format | None]] = [
    (b"kgraph: 1\nclaims: []\n", None),
    (b"# about\nclaims: []\nkgraph: 1\n", None),
    (b"\xef\xbb\xbf@prefix a: <urn:a> .\na:b a:c a:d .", formats.TURTLE),
    (b"# x\nPREFIX a: <urn:a>\na:b a:c a:d .", formats.TURTLE),
    (b"@base <urn:a> .\n", formats.TURTLE),
    (b"@prefix a: <urn:a> .\na:g {\n a:b a:c a:d }", formats.TRIG),
    (b"<urn:a> <urn:b> <urn:c> .\n", formats.NQUADS),
    (b"_:a <urn:b> <urn:c> <urn:g> .\n", formats.NQUADS),
    (b'{"@context": {}, "@id": "urn:a"}', formats.JSONLD),
    (b'[{"@id": "urn:a"}]', formats.JSONLD),
    (XML, formats.RDFXML),
    (XML.partition(b"\n")[2], formats.RDFXML),
]


@pytest.mark.parametrize(("data", "expected"), SNIFFED)
def test_content_without_a_telling_name_tells_its_format(data: bytes, expected: Format | None) -> None:
    assert readers.from_bytes("upload", data).format == expected


@pytest.mark.parametrize("suffix", [s for f in formats.RDF for s in f.suffixes])
def test_the_suffix_tells_before_the_content(suffix: str) -> None:
    expected = formats.by_suffix(f"x{suffix}")
    assert readers.from_bytes(f"x{suffix}", b"kgraph: 1").format == expected


@pytest.mark.parametrize("name", ["a.yaml", "A.YML"])
def test_yaml_is_a_claim_file(name: str) -> None:
    assert readers.from_bytes(name, b"anything: 1").format is None


def test_a_format_that_is_given_overrides_name_and_content() -> None:
    assert readers.from_bytes("a.yaml", b"{}", formats.JSONLD).format is formats.JSONLD


def test_a_format_that_holds_no_triples_is_refused() -> None:
    with pytest.raises(UnknownFormatError):
        readers.from_bytes("a", b"x", formats.GEXF)


@pytest.mark.parametrize("name", ["a.yaml", "a.ttl", "a"])
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused_by_name(name: str, data: bytes) -> None:
    with pytest.raises(EmptyInputError, match=name):
        readers.from_bytes(name, data)


@pytest.mark.parametrize("name", ["blob", "blob.bin", "blob.ttl", "blob.yaml"])
def test_five_megabytes_of_noise_are_an_unknown_format(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(random.Random(7).randbytes(5_000_000))
    with pytest.raises(UnknownFormatError) as caught:
        readers.read(path)
    assert "claim file (.yaml)" in caught.value.known


@pytest.mark.parametrize("data", [b"hello", b"a,b\n1,2\n", b"<html></html>", b"{}", b"<urn:a> <urn:b>"])
def test_text_like_no_known_format_is_refused(data: bytes) -> None:
    with pytest.raises(UnknownFormatError, match=r"upload: not a format kgraph reads; known are .*turtle"):
        readers.from_bytes("upload", data)


@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_an_input_or_a_typed_error(data: bytes) -> None:
    try:
        found: object = readers.from_bytes("upload", data).data
    except KGraphError as error:
        found = type(error)
    assert found in (data, EmptyInputError, UnknownFormatError)


def test_a_folder_is_its_claim_files_by_name(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", "README.md", "coverage.csv"):
        (tmp_path / name).write_text("kgraph: 1")
    (tmp_path / "old.yaml").mkdir()
    result = readers.read(tmp_path)
    assert [Path(name).name for name, _ in result.files] == ["a.yaml", "b.yml"]
    assert result.format is None


def test_a_folder_without_claim_files_is_empty(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    with pytest.raises(EmptyInputError, match="holds no claim file"):
        readers.read(tmp_path)


def test_a_path_with_nothing_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.ttl: No such file"):
        readers.read(tmp_path / "gone.ttl")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused_unread(device: str) -> None:
    with pytest.raises(InputError, match=f"{device}: is neither a file nor a folder"):
        readers.read(Path(device))


def test_a_file_that_is_longer_than_it_said_is_read_no_further_than_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 300)
    with pytest.raises(LimitError, match="301 bytes are too many"):
        readers.read(Path("/proc/self/smaps"))  # it says that it has none


def test_a_folder_is_bounded_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("kgraph: 1")
    monkeypatch.setattr(readers, "MAX_BYTES", 17)
    with pytest.raises(LimitError, match="18 bytes are too many"):
        readers.read(tmp_path)


def test_an_input_past_the_bound_is_refused_by_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 3)
    path = tmp_path / "a.ttl"
    path.write_bytes(b"four")
    with pytest.raises(LimitError, match="4 bytes are too many"):
        readers.read(path)
    with pytest.raises(LimitError, match="4 bytes are too many"):
        readers.from_bytes("a.ttl", b"four")
