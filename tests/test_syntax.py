"""kgraph.syntax: what stands before the RDF parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgraph import formats, rdf, syntax
from kgraph.errors import RdfSyntaxError
from kgraph.formats import Format

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://example.org/"'


def refused(text: str | bytes, format: Format) -> RdfSyntaxError:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(RdfSyntaxError) as caught:
        list(rdf.parse(data, format, file="f", base="http://example.org/"))
    return caught.value


def read(text: str, format: Format) -> int:
    return len(list(rdf.parse(text.encode(), format, file="f", base="http://example.org/")))


# ------------------------------------------------------------------ JSON-LD


@pytest.mark.hostile
@pytest.mark.parametrize("bracket", ["[]", "{}"])
def test_json_ld_nested_too_deep_is_refused_with_its_place(bracket: str) -> None:
    opening = bracket[0] if bracket == "[]" else '{"http://example.org/p":'
    error = refused("\n" + opening * 4000, formats.JSONLD)
    assert "deeper than 64" in error.reason
    assert error.place.line == 2
    assert error.place.column == 64 * len(opening) + 1


def test_brackets_inside_json_strings_do_not_count() -> None:
    assert read('{"@id": "urn:a", "http://example.org/p": "%s \\" ["}' % ("[" * 500), formats.JSONLD) == 1


def test_json_ld_at_the_limit_is_read() -> None:
    nested = '{"http://example.org/p":' * 63 + "1" + "}" * 63
    assert read(nested, formats.JSONLD) == 63


@pytest.mark.hostile
@pytest.mark.parametrize(
    "context",
    [
        '"https://example.org/context"',
        '[{"a": "http://example.org/a"}, "https://example.org/context"]',
        '{"@import": "https://example.org/context"}',
        '{"a": {"@id": "http://example.org/a", "@context": "https://example.org/context"}}',
    ],
)
def test_a_context_that_would_be_fetched_is_refused_with_its_place(context: str) -> None:
    error = refused(f'[{{"@id": "urn:a",\n  "@context": {context}}}]', formats.JSONLD)
    assert "https://example.org/context" in error.reason
    assert error.place.line == 2


def test_a_context_in_the_file_is_used() -> None:
    assert read(
        '{"@context": [{"a": "http://example.org/a"}, null], "@id": "urn:x", "a": [1, {"@list": [2]}]}', formats.JSONLD
    )


def test_json_that_does_not_parse_is_refused_with_its_place() -> None:
    error = refused('{"@id": "urn:a",\n oops}', formats.JSONLD)
    assert error.place.line == 2


@pytest.mark.hostile
def test_closing_brackets_before_opening_ones_do_not_open_the_door() -> None:
    """Depth counted below zero would let a later run of brackets through."""
    assert "deeper than 64" in refused("]" * 5000 + "[" * 5000, formats.JSONLD).reason


@pytest.mark.hostile
def test_json_ld_in_another_encoding_is_refused() -> None:
    """Read as bytes, the sign ∀ of UTF-16 looks like a quote and would hide brackets."""
    text = '["\u2200", ' + "[" * 5000 + '"x"' + "]" * 5000 + "]"
    assert refused(text.encode("utf-16-le"), formats.JSONLD).place.file == "f"


# ------------------------------------------------------------------ RDF/XML


@pytest.mark.hostile
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_with_its_place(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<!DOCTYPE r [<!ENTITY a "aaaa">]>\n<rdf:RDF {RDF}/>'
    error = refused(text.encode(encoding), formats.RDFXML)
    assert "DOCTYPE" in error.reason
    assert error.place.line == 2


def test_rdf_xml_that_breaks_off_is_refused() -> None:
    """The parser alone would take it for the whole document."""
    error = refused(f'<rdf:RDF {RDF}>\n<rdf:Description rdf:about="a"/>', formats.RDFXML)
    assert error.place.line == 2


def test_rdf_xml_with_unknown_entities_is_refused() -> None:
    assert refused(f"<rdf:RDF {RDF}><x:a><x:b>&foo;</x:b></x:a></rdf:RDF>", formats.RDFXML).place.line == 1


@pytest.mark.hostile
def test_rdf_xml_nested_too_deep_is_refused() -> None:
    assert "deeper than 1000" in refused(f"<rdf:RDF {RDF}>" + "<x:a><x:b>" * 5000, formats.RDFXML).reason


def test_a_deep_but_sane_rdf_xml_is_read() -> None:
    assert read(f"<rdf:RDF {RDF}>" + "<x:a><x:b>" * 100 + "</x:b></x:a>" * 100 + "</rdf:RDF>", formats.RDFXML) == 200


def test_many_elements_side_by_side_are_not_deep() -> None:
    assert read(f"<rdf:RDF {RDF}>" + '<x:a rdf:about="a"/>' * 3000 + "</rdf:RDF>", formats.RDFXML) == 3000


# ------------------------------------------------------------------ triple terms


@pytest.mark.hostile
@pytest.mark.parametrize(
    "format", [formats.TURTLE, formats.NTRIPLES, formats.TRIG, formats.NQUADS], ids=lambda f: f.name
)
def test_triple_terms_nested_too_deep_are_refused_with_their_place(format: Format) -> None:
    """20,000 of them end the process by a signal when nothing stands before the parser."""
    nested = "<<( <urn:a> <urn:b> " * 20_000 + "<urn:c>" + " )>>" * 20_000
    error = refused(f"<urn:a> <urn:b> {nested} .", format)
    assert "deeper than 64" in error.reason
    assert error.place.column == len("<urn:a> <urn:b> ") + 64 * len("<<( <urn:a> <urn:b> ") + 1


def test_many_triple_terms_side_by_side_are_read() -> None:
    text = "".join(f"<urn:a> <urn:b> <<( <urn:a> <urn:b> {n} )>> .\n" for n in range(200))
    assert read(text, formats.TURTLE) == 200


def test_angle_brackets_in_strings_and_comments_do_not_count() -> None:
    opening = "<<" * 100
    text = f"""# {opening}
<urn:a#b> <urn:b> "{opening}", '{opening}', \"\"\"{opening} "quoted" {opening}\"\"\", '''{opening} 'x' {opening}''' ."""
    assert read(text, formats.TURTLE) == 4


# ------------------------------------------------------------------ the places of RDF/XML


@given(st.binary(max_size=60), st.integers(min_value=1, max_value=9))
def test_lines_are_handed_out_whole_and_counted(data: bytes, size: int) -> None:
    feed = syntax.LineFeed(data)
    seen = b""
    while piece := feed.read(size):
        assert len(piece) <= size
        assert b"\n" not in piece[:-1]
        seen += piece
        assert feed.line == seen.count(b"\n") + (not seen.endswith(b"\n"))
    assert seen == data


def test_a_line_is_handed_out_whole_where_no_size_is_asked_for() -> None:
    feed = syntax.LineFeed(b"one\ntwo")
    assert [feed.read(None), feed.read(), feed.read()] == [b"one\n", b"two", b""]
