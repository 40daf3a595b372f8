"""A reader keeps the generation it began with; older ones come back from the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

import kgraph
from kgraph.errors import GenerationGoneError
from kgraph.generations import HELD

CLAIM_FILE = """\
kgraph: 1
source: {{id: note-{n}, label: Note {n}, sha256: {hash}, length: 40, unknown: [author]}}
entities:
  club-{n}: {{type: Organisation, label: Club {n}}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 20, sha256: {hash}}}
claims:
  - {{subject: club-{n}, predicate: partnerOf, object: amnesty-international, at: s}}
"""


def write(folder: Path, n: int) -> Path:
    path = folder / f"note-{n}.yaml"
    path.write_text(CLAIM_FILE.format(n=n, hash=f"{n:064x}"), "utf-8")
    return path


def partners(graph: kgraph.KnowledgeGraph, **lens: object) -> set[str]:
    near = graph.neighbourhood("amnesty-international", predicate="partnerOf", **lens)  # type: ignore[arg-type]
    return {n.label for n in near.nodes} - {"Amnesty International"}


def test_every_generation_can_be_asked_by_number_and_by_date(writable_folder: Path, tmp_path: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        first = graph.generation
        for n in range(HELD + 1):
            graph.load(write(tmp_path, n))
        assert partners(graph) == {f"Club {n}" for n in range(HELD + 1)}
        assert partners(graph, at=first) == set()
        assert partners(graph, at=first + 2) == {"Club 0", "Club 1"}
        assert partners(graph, at=str(first + 1)) == {"Club 0"}
        assert partners(graph, at="2999-01-01") == partners(graph)
        with pytest.raises(GenerationGoneError):
            partners(graph, at="1999-01-01")


def test_a_page_goes_on_in_the_generation_it_began_with(writable_folder: Path, tmp_path: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        whole = graph.neighbourhood("amnesty-international", hops=2, limit=1000)
        first = graph.neighbourhood("amnesty-international", hops=2, limit=3)
        graph.load(write(tmp_path, 1))
        rest = graph.neighbourhood("amnesty-international", hops=2, limit=3, cursor=first.next)
        assert rest.generation == first.generation < graph.generation
        assert first.edges + rest.edges == whole.edges[:6]


def test_an_old_generation_exports_what_it_held(writable_folder: Path, tmp_path: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        before = b"".join(graph.export("nquads"))
        generation = graph.generation
        graph.load(write(tmp_path, 1))
        assert b"".join(graph.export("nquads")) != before
        assert b"".join(graph.export("nquads", at=generation)) == before
