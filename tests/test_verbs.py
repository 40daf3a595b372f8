"""Verbs read of a larger graph what they need, and say quickly that there is no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import kgraph
from kgraph.errors import EntityNotFoundError
from kgraph.graph import KnowledgeGraph
from kgraph.settings import Settings
from kgraph.store.oxigraph import OxigraphStore
from kgraph.traversal.records import Catalogue

ROWS = 400


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A ring of clubs of a claim table: six thousand quads and more."""
    place = tmp_path_factory.mktemp("large")
    table = place / "clubs.csv"
    rows = "".join(f"Club {n},partnerOf,Club {(n + 1) % ROWS}\n" for n in range(ROWS))
    table.write_text(f"subject,predicate,object\n{rows}")
    with kgraph.open(place / "data", settings=Settings(data=place / "data")) as graph:
        graph.load(table)
        yield graph


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One number for each quad that the store gives."""
    given: list[int] = []
    quads = OxigraphStore.quads

    def counted(self: OxigraphStore, *pattern: Any) -> Iterator[Any]:
        for quad in quads(self, *pattern):
            given.append(1)
            yield quad

    monkeypatch.setattr(OxigraphStore, "quads", counted)
    return given


FEW = 400


def test_describing_an_entity_reads_what_stands_near_it(large: KnowledgeGraph, read: list[int]) -> None:
    text = b"".join(large.describe("club-7")).decode()
    assert "Club 6" in text
    assert "Club 8" in text
    assert "Club 9" not in text
    assert 0 < len(read) < FEW


def test_describing_a_claim_and_its_row_reads_what_they_are_made_of(large: KnowledgeGraph, read: list[int]) -> None:
    claim = large.entity("club-7").claims[0]
    text = b"".join(large.describe(claim.id)).decode()
    assert claim.id in text
    assert claim.where[0].id in text
    row = b"".join(large.describe(claim.where[0].id)).decode()
    assert f"kg:row {claim.where[0].row}" in row
    assert 0 < len(read) < FEW


def test_an_export_around_an_entity_reads_what_stands_near_it(large: KnowledgeGraph, read: list[int]) -> None:
    near = b"".join(large.export("nquads", entity="club-7")).decode()
    assert "club-8>" in near
    assert "club-10>" not in near
    assert 0 < len(read) < FEW


@pytest.mark.parametrize("most", [0, 50_000])
def test_a_part_is_the_same_however_it_is_read(
    large: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    expected = sorted(b"".join(large.export("nquads", entity="club-7", hops=2)).splitlines())
    described = b"".join(large.describe("club-7", hops=2))
    monkeypatch.setattr("kgraph.exporting._READ_ONE_BY_ONE", most)
    assert sorted(b"".join(large.export("nquads", entity="club-7", hops=2)).splitlines()) == expected
    assert b"".join(large.describe("club-7", hops=2)) == described


@pytest.mark.parametrize("verb", ["describe", "kind", "entity", "neighbourhood", "timeline"])
@pytest.mark.parametrize("name", ["nobody-at-all", "id:claim-00000000000000000000", "urn:nothing", "id:span-0"])
def test_a_name_that_nothing_has_is_told_without_reading_the_graph(
    large: KnowledgeGraph, read: list[int], verb: str, name: str
) -> None:
    with pytest.raises(EntityNotFoundError):
        getattr(large, verb)(name)
    assert len(read) == 0


def test_each_name_has_the_verb_that_answers_for_it(large: KnowledgeGraph) -> None:
    claim = large.entity("club-7").claims[0]
    kinds = {name: large.kind(name) for name in ("club-7", claim.id, claim.article.id, claim.where[0].id)}
    assert list(kinds.values())[:3] == ["entity", "claim", "source"]
    assert kinds[claim.where[0].id] in ("entity", "thing")


def test_warming_loads_what_the_first_question_would(large: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    view = large._generations._current
    told: list[tuple[str, int, int | None]] = []
    columns = view.catalogue.columns
    eager = Catalogue(columns, large.namespaces, large.schema, indexed_from=0)
    monkeypatch.setattr(large._generations, "_current", type(view)(view.generation, eager, view.search))
    large.warm(lambda *stage: told.append(stage))
    assert told == [("load kernels", 0, None)]
    assert eager.remembers(kgraph.model.Lens())
    assert large.neighbourhood("club-7").edges == large.neighbourhood("club-7", at=view.generation).edges


def test_a_small_graph_is_warm_at_once(graph: KnowledgeGraph) -> None:
    graph.warm()
    assert graph.entity("ioc").id == "id:ioc"
