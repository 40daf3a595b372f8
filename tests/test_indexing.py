"""The index of a folder: kept at closing, followed commit by commit, never trusted where it is wrong."""

from __future__ import annotations

import errno
import gc
import shutil
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kgraph
from kgraph import replaying, resources
from kgraph.generations import HELD
from kgraph.graph import KnowledgeGraph
from kgraph.indexing import Indexing
from kgraph.namespaces import Namespaces
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.search import Search
from kgraph.settings import Settings
from kgraph.store.base import Delta
from kgraph.traversal import stored
from kgraph.traversal.records import Catalogue

CLAIMS = """\
kgraph: 1
source: {{id: note-{n}, label: Note {n}, sha256: {hash}, length: 40, unknown: [author]}}
entities:
  club: {{type: {type}, label: {label}}}
  club-{n}: {{type: Organisation, label: Club {n}}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 20, sha256: {hash}}}
claims:
  - {{subject: club-{n}, predicate: partnerOf, object: club, at: s}}
"""
TABLE = """\
subject,predicate,object,said_by,polarity
Club 1,partnerOf,The Club,Ann,negated
Mill Club,hasMember,Bo,Mill Club; Ann,affirmed
Mill Club,partnerOf,Lake Club,,affirmed
"""


class Folder:
    """A data folder with a few commits, opened and asked again and again."""

    def __init__(self, place: Path) -> None:
        self.place, self.data = place, place / "data"

    @property
    def file(self) -> Path:
        return self.data / "index" / "claims"

    def open(self) -> KnowledgeGraph:
        return kgraph.open(self.data, settings=Settings(data=self.data))

    def claims(self, n: int, label: str = "The Club", type: str = "Organisation") -> Path:
        path = self.place / f"note-{n}.yaml"
        path.write_text(CLAIMS.format(n=n, hash=f"{n:064x}", label=label, type=type))
        return path

    def table(self, text: str = TABLE, name: str = "table.csv") -> Path:
        path = self.place / name
        path.write_text(text)
        return path

    def load(self, *paths: Path) -> None:
        with self.open() as graph:
            graph.load(*paths)


def answers(graph: KnowledgeGraph) -> list[object]:
    """What the graph says of everything: near things, their claims, their names."""
    lens: Any = {"modality": "any", "polarity": "any", "include": ["codes", "documents", "types", "unattributed"]}
    names = ["The Club", "Club 1", "Club 2", "Club 3", "Mill Club", "Bo", "Lake Club", "Note 1", "table"]
    found = [graph.search(name) for name in names]
    near = [graph.neighbourhood(hit.id, hops=2, limit=1000, **lens) for hits in found for hit in hits.items]
    about = [graph.entity(hit.id, **lens) for hits in found for hit in hits.items]
    return [*found, *near, *about, graph.sources()]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.load(made.claims(1))
    return made


@contextmanager
def never_built() -> Iterator[None]:
    """Fails where an index is made of the journal."""
    with pytest.MonkeyPatch.context() as patch:

        def built(*_: object) -> None:
            raise AssertionError("the index was built anew")

        patch.setattr(Indexing, "built", built)
        yield


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The generations that are made of the journal."""
    generations: list[int] = []
    build = Indexing.built

    def observed(self: Indexing, generation: int) -> Any:
        generations.append(generation)
        return build(self, generation)

    monkeypatch.setattr(Indexing, "built", observed)
    return generations


def rebuilt(folder: Folder) -> list[object]:
    """The answers of a copy whose index has to be made anew."""
    copy = Folder(folder.place / "rebuilt")
    shutil.rmtree(copy.place, ignore_errors=True)
    shutil.copytree(folder.data, copy.data)
    shutil.rmtree(copy.data / "index")
    with copy.open() as graph:
        return answers(graph)


def wrong(graph: KnowledgeGraph) -> list[str]:
    return [f"{finding.check}: {finding.detail}" for finding in graph.doctor() if not finding.ok]


# ------------------------------------------------------------------ kept and opened


@pytest.mark.parametrize("kind", ["claims", "table"])
def test_what_was_kept_at_closing_is_opened_and_not_built(folder: Folder, kind: str) -> None:
    if kind == "table":
        folder.load(folder.table())
    with never_built(), folder.open() as graph:
        before = answers(graph)
        assert wrong(graph) == []
    assert before == rebuilt(folder)


def test_an_opening_that_changes_nothing_writes_nothing(folder: Folder) -> None:
    before = folder.file.stat().st_mtime_ns, folder.file.read_bytes()
    with folder.open() as graph:
        graph.search("club")
    assert (folder.file.stat().st_mtime_ns, folder.file.read_bytes()) == before


def test_commits_after_the_file_are_followed(folder: Folder) -> None:
    old = folder.file.read_bytes()
    folder.load(folder.claims(2))
    folder.load(folder.table())
    folder.load(folder.claims(3, label="The Other Name"))
    folder.file.write_bytes(old)
    with never_built(), folder.open() as graph:
        assert graph.generation == 5
        followed = answers(graph)
        assert wrong(graph) == []
    assert followed == rebuilt(folder)


def test_a_graph_in_memory_keeps_nothing(folder: Folder) -> None:
    with KnowledgeGraph.read(folder.claims(1)) as graph:
        assert [hit.id for hit in graph.search("Club 1").items][:1] == ["id:club-1"]
        assert {finding.check for finding in graph.doctor()} >= {"index"}
        assert "index file" not in {finding.check for finding in graph.doctor()}


# ------------------------------------------------------------------ not trusted


def flipped(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a byte in the middle": flipped,
    "the first byte": lambda content: b"K" + content[1:],
    "half": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "something else": lambda _: b"not an index at all" * 100,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_told_and_made_anew(folder: Folder, built: list[int], damage: str) -> None:
    with folder.open() as graph:
        expected = answers(graph)
    folder.file.write_bytes(DAMAGE[damage](folder.file.read_bytes()))
    built.clear()
    with folder.open() as graph:
        assert built == [2]
        assert any("the index is built anew" in notice for notice in graph._folder.notices)
        assert answers(graph) == expected
    with never_built(), folder.open() as graph:
        assert not graph._folder.notices
        assert answers(graph) == expected


def test_a_file_of_another_journal_is_told_and_made_anew(folder: Folder, built: list[int], tmp_path: Path) -> None:
    with folder.open() as graph:
        expected = answers(graph)
    other = Folder(tmp_path / "other")
    other.place.mkdir()
    other.load(other.claims(2))
    shutil.copy(other.file, folder.file)
    built.clear()
    with folder.open() as graph:
        assert built == [2]
        assert any("did not belong to this journal" in notice for notice in graph._folder.notices)
        assert answers(graph) == expected
    with never_built(), folder.open() as graph:
        assert answers(graph) == expected


def test_a_file_of_a_later_generation_is_told_and_made_anew(folder: Folder, built: list[int], tmp_path: Path) -> None:
    shutil.copytree(folder.data, tmp_path / "earlier")
    folder.load(folder.claims(2))
    shutil.copy(folder.file, tmp_path / "earlier" / "index" / "claims")
    earlier = Folder(tmp_path)
    earlier.data = tmp_path / "earlier"
    built.clear()
    with earlier.open() as graph:
        assert built == [2]
        assert any("did not belong to this journal" in notice for notice in graph._folder.notices)
        assert "id:club-2" not in {hit.id for hit in graph.search("Club 2").items}


def test_another_ontology_or_base_makes_it_anew_without_a_word(
    folder: Folder, built: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with folder.open() as graph:
        expected = answers(graph)
    built.clear()
    with monkeypatch.context() as patch:
        patch.setattr(Indexing, "_key", "https://example.org/ 0123456789abcdef")
        with folder.open() as graph:
            assert built == [2]
            assert not graph._folder.notices
            assert answers(graph) == expected
        with never_built(), folder.open() as graph:
            assert answers(graph) == expected
    with folder.open() as graph:
        assert built == [2, 2]
        assert answers(graph) == expected


def test_the_key_of_a_file_tells_bases_and_ontologies_apart(folder: Folder) -> None:
    with folder.open() as graph:
        schema = graph.schema
        keys = {
            Indexing(graph._folder, namespaces, schema)._key
            for namespaces in (Namespaces.load(), Namespaces.load("https://example.org/"))
        }
        fewer = replace(schema, quads=schema.quads[:-1])
        keys.add(Indexing(graph._folder, Namespaces.load(), fewer)._key)
        assert len(keys) == 3
        assert graph._generations._indexing._key in keys


def test_names_of_another_layout_are_indexed_anew(
    folder: Folder, built: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise ValueError("the names are of layout (0,), not (1,): index them anew")

    with monkeypatch.context() as patch:
        patch.setattr(Search, "from_arrays", refuses)
        with folder.open() as graph:
            assert graph.search("Club 1").items[0].id == "id:club-1"
    assert built == [2]


def test_a_deleted_index_is_made_anew(folder: Folder, built: list[int]) -> None:
    folder.load(folder.table())
    with folder.open() as graph:
        expected = answers(graph)
    shutil.rmtree(folder.data / "index")
    built.clear()
    with folder.open() as graph:
        assert built == [3]
        assert not graph._folder.notices
        assert answers(graph) == expected
    assert folder.file.exists()


def test_a_file_that_could_not_be_written_costs_a_notice_and_is_kept_later(
    folder: Folder, built: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = folder.file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(stored, "write", full)
        patch.setattr("kgraph.indexing._KEPT_FROM", 0)
        with folder.open() as graph:
            assert graph.load(folder.claims(2)).committed
            assert "the index was not kept: No space left on device" in graph._folder.notices
            assert graph.search("Club 2").items[0].id == "id:club-2"
            assert wrong(graph) == []
    assert folder.file.read_bytes() == old
    built.clear()
    with folder.open() as graph:
        assert graph.generation == 3
        followed = answers(graph)
    assert built == []
    assert folder.file.read_bytes() != old
    assert followed == rebuilt(folder)


def test_a_large_commit_is_kept_before_the_closing(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    with folder.open() as graph:
        before = folder.file.read_bytes()
        graph.load(folder.claims(2))
        assert folder.file.read_bytes() == before
        monkeypatch.setattr("kgraph.indexing._KEPT_FROM", 0)
        graph.load(folder.table())
        assert stored.open(folder.file).columns.generation == 4


# ------------------------------------------------------------------ doctor


def test_doctor_says_that_the_index_is_as_the_journal_has_it(folder: Folder) -> None:
    with folder.open() as graph:
        found = {finding.check: finding for finding in graph.doctor()}
        assert found["index"].ok
        assert "1 claims" in found["index"].detail
        assert found["index file"].ok


def test_doctor_finds_an_index_that_is_wrong(folder: Folder) -> None:
    with folder.open() as graph:
        view = graph._generations._current
        columns = view.catalogue.columns
        tampered = replace(columns, labels=columns.labels.replaced({columns.nodes - 1: "Someone else"}))
        catalogue = Catalogue(tampered, graph.namespaces, graph.schema)
        graph._generations._current = replace(view, catalogue=catalogue)
        assert [told for told in wrong(graph) if told.startswith("index: it differs")] == [
            "index: it differs from what the journal has in labels"
        ]
        graph._generations._current = view


def test_doctor_finds_a_file_that_is_wrong(folder: Folder) -> None:
    with folder.open() as graph:
        folder.file.write_bytes(flipped(folder.file.read_bytes()))
        assert [told.partition(":")[0] for told in wrong(graph)] == ["index file"]


# ------------------------------------------------------------------ commits that are hard to follow


def test_a_class_that_nothing_has_any_more_is_gone(folder: Folder) -> None:
    with folder.open() as graph:
        graph.load(folder.claims(2, type="Ngo"))
        graph.load(folder.claims(2, type="Organisation", label="The Club"))
        assert wrong(graph) == []
        assert graph.search("The Club").items[0].type == "kg:Organisation"
        assert graph._generations.current.catalogue.nodes.get(graph.namespaces.expand("kg:Ngo")) is None


def test_claims_that_came_by_rdf_are_not_twice_when_their_table_comes(folder: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "other")
    other.place.mkdir()
    with other.open() as graph:
        graph.load(folder.table())
        (tmp_path / "exported.nq").write_bytes(b"".join(graph.export("nquads")))
        expected = {claim.id for claim in graph.entity("mill-club").claims}
    with folder.open() as graph:
        graph.load(tmp_path / "exported.nq")
        graph.load(folder.table())
        assert len(graph.entity("mill-club").claims) == len(expected) == 2
        assert {claim.id for claim in graph.entity("mill-club").claims} == expected
        assert wrong(graph) == []
        assert [span.row for span in graph.entity("mill-club").claims[0].where] in ([2], [3])
    assert rebuilt(folder)


def test_a_contradiction_between_a_file_and_a_table_is_told_at_every_generation(folder: Folder) -> None:
    any_: Any = {"polarity": "any", "modality": "any"}
    with folder.open() as graph:
        graph.load(folder.table())
        now = graph.entity("club-1", **any_)
        assert {bool(claim.conflicts_with) for claim in now.claims} == {True}
        for n in range(2, 3 + HELD):
            graph.load(folder.claims(n))
        assert graph.entity("club-1", at=3, **any_).claims == now.claims
        assert not any(claim.conflicts_with for claim in graph.entity("club-1", at=2, **any_).claims)
        assert wrong(graph) == []


def test_a_table_and_what_is_said_of_its_things_later_are_followed(folder: Folder) -> None:
    with never_built(), folder.open() as graph:
        graph.load(folder.table())
        renamed = (
            folder.claims(9)
            .read_text()
            .replace("  club-9:", "  mill-club: {type: Organisation, label: Mill and Lake Club}\n  club-9:")
        )
        folder.claims(9).write_text(renamed)
        graph.load(folder.place / "note-9.yaml")
        assert graph.search("Mill and Lake Club").items[0].id == "id:mill-club"
        assert graph.search("Mill Club").items[0].id == "id:mill-club", "the old name is an alias"
        assert wrong(graph) == []
        followed = answers(graph)
    assert followed == rebuilt(folder)


def test_a_claim_of_a_table_that_is_taken_back_is_no_longer_seen(folder: Folder) -> None:
    with folder.open() as graph:
        graph.load(folder.table())
        (claim,) = (c for c in graph.entity("mill-club").claims if c.predicate == "kg:hasMember")
        status, kgs = f"{graph.namespaces.kg}status", graph.namespaces.kgs

        def said(code: str) -> Quad:
            ends = NamedNode(claim.iri), NamedNode(status), NamedNode(f"{kgs}{code}")
            return Quad(*ends, NamedNode(graph.namespaces.graph("claims")))

        relation = Quad(
            NamedNode(claim.subject.iri),
            NamedNode(f"{graph.namespaces.kg}hasMember"),
            NamedNode(claim.object.iri),
            NamedNode(graph.namespaces.graph("reported")),
        )
        with never_built():
            graph._commit(Delta((said("retracted"),), (said("current"), relation)), "", "taken back")
        assert claim.id not in {c.id for c in graph.entity("mill-club").claims}
        assert claim.id in {c.id for c in graph.entity("mill-club", at=3).claims}
        assert graph.claim(claim.id).status == "retracted"
        assert graph.claim(claim.id).where == claim.where
        assert wrong(graph) == []
    with folder.open() as graph:
        assert graph.claim(claim.id).status == "retracted"
    shutil.rmtree(folder.data / "index")
    with folder.open() as graph:
        assert graph.claim(claim.id).status == "retracted"
        assert claim.id not in {c.id for c in graph.entity("mill-club").claims}


def test_what_a_name_was_before_a_table_is_asked_at_its_generation(folder: Folder) -> None:
    with folder.open() as graph:
        graph.load(folder.table())
        with pytest.raises(kgraph.errors.EntityNotFoundError):
            graph.entity("mill-club", at=2)
        assert graph.entity("mill-club", at=3).labels.pref_label == "Mill Club"


# ------------------------------------------------------------------ names


def test_names_are_found_after_every_kind_of_commit_and_after_reopening(folder: Folder) -> None:
    with folder.open() as graph:
        graph.load(folder.claims(2))
        assert graph.search("Club 2").items[0].id == "id:club-2"
        graph.load(folder.claims(2, label="Quite Another"))
        assert graph.search("Quite Another").items[0].matched == "Quite Another"
        assert graph.search("The Club").items[0].matched == "The Club", "an alias by now"
        graph.load(folder.table())
        assert graph.search("Lake Club").items[0].id == "id:lake-club"
        plain = folder.place / "plain.nt"
        label = "http://www.w3.org/2000/01/rdf-schema#label"
        kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        plain.write_text(f'<urn:z> <{label}> "Zanzibar" .\n<urn:z> <{kind}> <urn:Place> .\n')
        graph.load_plain(plain)
        assert graph.search("Zanzibar").items[0].id == "urn:z"
        found = answers(graph)
    with never_built(), folder.open() as graph:
        assert answers(graph) == found
        assert graph.search("Zanzibar").items[0].id == "urn:z"
        assert graph.search("Lake Club").items[0].id == "id:lake-club"


def test_a_name_that_is_gone_is_not_found(folder: Folder) -> None:
    with folder.open() as graph:
        entities = NamedNode(graph.namespaces.graph("entities"))
        club = NamedNode(graph.namespaces.expand("id:club-1"))
        label = NamedNode(graph.namespaces.expand("skos:prefLabel"))

        def called(name: str) -> Quad:
            return Quad(club, label, Literal(name, language="en"), entities)

        graph._commit(Delta((called("Xylophone"),), (called("Club 1"),)), "", "renamed")
        assert [hit.label for hit in graph.search("Xylophone").items] == ["Xylophone"]
        assert not any(hit.matched == "Club 1" for hit in graph.search("Club 1").items)
        assert wrong(graph) == []
    with folder.open() as graph:
        assert not any(hit.matched == "Club 1" for hit in graph.search("Club 1").items)


# ------------------------------------------------------------------ several at once


def test_readers_keep_their_generation_while_commits_come(folder: Folder) -> None:
    failures: list[BaseException] = []
    over = threading.Event()
    lens: Any = {"include": ["documents", "types"]}

    def read(graph: KnowledgeGraph) -> None:
        try:
            while not over.is_set():
                near = graph.neighbourhood("club", limit=1000, **lens)
                again = graph.neighbourhood("club", limit=1000, at=near.generation, **lens)
                assert again.edges == near.edges
                clubs = {edge.source for edge in near.edges if edge.source.startswith("id:club-")}
                assert len(clubs) == near.generation - 1
        except BaseException as error:
            failures.append(error)

    with folder.open() as graph, pytest.MonkeyPatch.context() as patch:
        patch.setattr("kgraph.traversal.lookup.REMEMBERED", 5)
        threads = [threading.Thread(target=read, args=(graph,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for n in range(2, 6):
            graph.load(folder.claims(n))
        over.set()
        for thread in threads:
            thread.join()
    assert not failures


def test_old_generations_are_let_go(folder: Folder) -> None:
    with folder.open() as graph:
        held = []
        for n in range(2, 4 + HELD):
            graph.load(folder.claims(n))
            graph.neighbourhood("club", include=["documents"])
            graph.search("club")
            held.append(weakref.ref(graph._generations.current.catalogue.columns))
        gc.collect()
        assert [ref() is None for ref in held] == [True] * (len(held) - HELD) + [False] * HELD


# ------------------------------------------------------------------ the shipped graph


def test_the_shipped_graph_loaded_file_by_file_is_the_one_loaded_at_once(tmp_path: Path, seeded_folder: Path) -> None:
    whole = seeded_folder / "index" / "claims"
    with kgraph.open(tmp_path / "data", settings=Settings(data=tmp_path / "data")) as graph:
        for seed in resources.seeds():
            graph.load(seed)
        columns = graph._generations.current.catalogue.columns
        told = stored.open(whole).columns
        assert columns.differences(told) == ()
        anew = replaying.catalogue(graph._folder, graph.namespaces, graph.schema, graph.generation)
        assert columns.differences(anew.columns) == ()
        assert np.array_equal(columns.degree, told.degree)
