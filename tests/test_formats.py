"""One table of formats, asked by name, media type or suffix."""

import pytest

from kgraph import formats
from kgraph.errors import ParameterError


@pytest.mark.parametrize("asked", ["turtle", "ttl", ".ttl", "text/turtle", " TURTLE "])
def test_name_suffix_and_media_type_find_the_same_format(asked: str) -> None:
    assert formats.named(asked, formats.EXPORT) is formats.TURTLE


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match=r"format=docx: known are turtle, trig"):
        formats.named("docx", formats.EXPORT)


@pytest.mark.parametrize("table", [formats.EXPORT, formats.RESULTS])
def test_within_a_table_no_two_formats_share_a_name_media_type_or_suffix(table: tuple[formats.Format, ...]) -> None:
    for values in ([f.name for f in table], [f.media_type for f in table], [s for f in table for s in f.suffixes]):
        assert len(values) == len(set(values))


def test_a_file_name_tells_its_format() -> None:
    assert formats.by_suffix("Graph.TTL") is formats.TURTLE
    assert formats.by_suffix("graph.exe") is None


def test_text_formats_say_their_charset() -> None:
    assert formats.TURTLE.content_type == "text/turtle; charset=utf-8"
    assert formats.NQUADS.content_type == "application/n-quads"
