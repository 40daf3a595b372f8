"""A reader keeps the generation it began with; older ones come back from the journal."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import kgraph
from kgraph.errors import GenerationGoneError, ParameterError
from kgraph.generations import HELD
from kgraph.indexing import Indexed, Indexing
from kgraph.store.journal import Journal

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


def test_an_old_generation_of_a_large_graph_exports_the_same_through_the_disk(
    writable_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kgraph.open(writable_folder) as graph:
        before = b"".join(graph.export("turtle"))
        generation = graph.generation
        graph.load(write(tmp_path, 1))
        monkeypatch.setattr("kgraph.store.checking.MANY", 100)
        monkeypatch.setattr("kgraph.spool.RUN_ROWS", 500)
        monkeypatch.setattr("kgraph.store.journal.Journal.replay", None)
        assert b"".join(graph.export("turtle", at=generation)) == before


def test_an_export_holds_nothing_that_was_loaded_after_it_was_asked_for(writable_folder: Path, tmp_path: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        asked = {name: graph.export(name) for name in ("nquads", "turtle", "trig")}
        later = tmp_path / "later.nt"
        later.write_text('<urn:later> <urn:p> "v" .\n')
        graph.load(later)
        assert not [name for name, pieces in asked.items() if b"urn:later" in b"".join(pieces)]
        assert b"urn:later" in b"".join(graph.export("turtle"))


def test_a_date_counts_to_its_end_and_a_time_where_its_offset_puts_it(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        last = [*graph.log()][-1]
        made = datetime.fromisoformat(last.time)
        same = (
            last.time,
            last.time[:10],
            last.time[:19],
            last.time.replace("Z", "+00:00"),
            made.astimezone(timezone(timedelta(hours=-11))).isoformat(),
            made.astimezone(timezone(timedelta(hours=13))).isoformat(),
            "9999-12-31",
            "9999-12-31T23:59:59-14:00",
        )
        assert {when: graph.entity("ioc", at=when).generation for when in same} == dict.fromkeys(same, graph.generation)
        east = (made - timedelta(days=1)).replace(tzinfo=timezone(timedelta(hours=5))).isoformat()
        for before in (east, "0001-01-01", "0001-01-01T00:00:00+14:00"):
            with pytest.raises(GenerationGoneError):
                graph.entity("ioc", at=before)


@pytest.mark.parametrize(
    "when",
    [
        "9" * 5000,
        "9" * 19,
        "2026xxxxxxxxx",
        "2026-99-99",
        "2026-11",
        "",
        "-1",
        "yesterday",
        "2026-11-23T10:00:00 01:00",
    ],
)
def test_what_is_neither_generation_nor_date_is_told(graph: kgraph.KnowledgeGraph, when: str) -> None:
    with pytest.raises(ParameterError, match="give a generation") as caught:
        graph.entity("ioc", at=when)
    assert caught.value.name == "at"
    assert len(str(caught.value)) < 200


def test_commits_do_not_push_out_an_older_generation_that_is_asked_for(
    writable_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []
    whole = Indexing.built
    monkeypatch.setattr(Indexing, "built", lambda self, number: (built.append(number), whole(self, number))[1])
    with kgraph.open(writable_folder) as graph:
        first = graph.generation
        for n in range(HELD + 1):
            graph.load(write(tmp_path, n))
            assert partners(graph, at=first) == set()
        assert built == [first] or built == []
        assert partners(graph, at=first) == set()


def test_an_older_generation_is_built_once_for_all_who_wait(
    writable_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []
    whole = Indexing.built
    with kgraph.open(writable_folder) as graph:
        first = graph.generation
        for n in range(HELD + 1):
            graph.load(write(tmp_path, n))

        def slowly(self: Indexing, number: int) -> Indexed:
            built.append(number)
            time.sleep(0.2)
            return whole(self, number)

        monkeypatch.setattr(Indexing, "built", slowly)
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(partners, graph, at=first) for _ in range(4)]
        assert [found.result() for found in asked] == [set()] * 4
        assert built == [first]


def test_files_of_the_generations_just_before_are_read_without_the_journal(
    writable_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kgraph.open(writable_folder) as graph:
        graph.load(write(tmp_path, 0))
        before = graph.generation
        held = {about: read(graph, about, before) for about in (None, "amnesty-international", "club-0")}
        graph.load(write(tmp_path, 1))
        graph.update("INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1, 2 } }")
        graph.update("DELETE DATA { GRAPH <urn:g> { <urn:s> <urn:p> 2, 3 } }")
        monkeypatch.setattr(Journal, "replay", lambda *_: pytest.fail("the journal was replayed"))
        for about, file in held.items():
            assert read(graph, about, before) == file
        assert read(graph, None, graph.generation) != held[None]


def read(graph: kgraph.KnowledgeGraph, about: str | None, at: int) -> bytes:
    return b"".join(graph.export("nquads", entity=about, at=at))
