"""The SPARQL that is given beside a path answers with that path."""

from __future__ import annotations

from typing import Any

import pytest

from kgraph.model import Lens, PathQuestion
from kgraph.traversal import paths

pyoxigraph = pytest.importorskip("pyoxigraph")


def rows(story: Any, query: str) -> list[dict[str, str]]:
    store = pyoxigraph.Store()
    store.extend(story.quads)
    answer = store.query(query, use_default_graph_as_union=True)
    return [{v.value: row[v].value for v in answer.variables} for row in answer]


def query(story: Any, start: str, end: str, **lens: Any) -> str | None:
    for name in ("said_by", "not_said_by", "source"):
        if name in lens:
            lens[name] = tuple(map(story.iri, lens[name]))
    asked = PathQuestion((story.iri(start),), (story.iri(end),), lens=Lens(**lens), min_hops=0)
    return paths(story.catalogue(), asked).sparql


@pytest.mark.parametrize(
    "lens",
    [
        {},
        {"modality": ("any",), "polarity": ()},
        {"modality": ("reported", "alleged")},
        {"said_by": ("a1", "ada")},
        {"source": ("a1",)},
        {"not_said_by": ("site",)},
    ],
)
def test_the_query_finds_the_nodes_of_the_path(letter: Any, lens: dict[str, Any]) -> None:
    text = query(letter, "ngo", "committee", **lens)
    assert text is not None
    found = rows(letter, text)
    assert {(row["n1"], row["n2"]) for row in found} == {(letter.iri("coalition"), letter.iri("demand"))}


def test_the_query_keeps_the_lens(letter: Any) -> None:
    letter.claim("letter", "addressedTo", "ngo", said_by="ada", via="site")
    letter.claim("letter", "addressedTo", "ngo", modality="alleged")
    letter.claim("letter", "addressedTo", "ngo", voice="part-quote")
    text = query(letter, "letter", "ngo", not_said_by=("site",), voice=("part-quote",))
    assert text is not None
    assert len(rows(letter, text)) == 1


def test_there_is_no_query_where_a_pattern_does_not_say_it(letter: Any) -> None:
    assert query(letter, "ngo", "ngo") is None
    assert query(letter, "ngo", "committee", valid_from="2000-01-01") is None
    assert query(letter, "ngo", "a2", include=("documents",)) is None
    assert query(letter, "ngo", "kg:Ngo", include=("types",)) is None
