"""Writing from outside as a library: one commit, never lost, followed by the index, there after the next opening."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import kgraph
from kgraph.changing import Document
from kgraph.errors import GraphNotFoundError, LimitError, ParameterError, RdfSyntaxError, WriteRefusedError
from kgraph.formats import TURTLE
from kgraph.settings import Settings

PLAIN = "INSERT DATA { GRAPH <urn:g> { id:ioc <urn:near> id:amnesty-international . <urn:x> <urn:near> id:ioc } }"


def checked(graph: kgraph.KnowledgeGraph) -> None:
    assert [finding for finding in graph.doctor() if not finding.ok] == []


def test_what_is_written_is_walked_when_asked_for_and_gone_when_dropped(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        before = graph.generation
        assert graph.update(PLAIN).generation == before + 1
        near = graph.neighbourhood("ioc", include="unattributed", limit=1000)
        assert "urn:x" in {node.iri for node in near.nodes}
        checked(graph)
        report = graph.update("DROP GRAPH <urn:g>")
        assert (report.removed, report.dropped) == (2, ("urn:g",))
        near = graph.neighbourhood("ioc", include="unattributed", limit=1000)
        assert "urn:x" not in {node.iri for node in near.nodes}
        checked(graph)


def test_it_is_there_after_the_next_opening_and_after_the_store_is_made_anew(writable_folder: Path) -> None:
    import shutil

    with kgraph.open(writable_folder) as graph:
        graph.update(f"{PLAIN} ; CREATE GRAPH <urn:empty>")
        graph.put_graph("urn:h", Document(b"<urn:a> <urn:b> 1 .", TURTLE))
        graph.delete_graph("urn:h")
        expected = graph.get_graph("urn:g").body
    shutil.rmtree(writable_folder / "store")
    with kgraph.open(writable_folder) as graph:
        assert graph.get_graph("urn:g").body == expected
        assert b"urn" not in graph.get_graph("urn:empty").body
        with pytest.raises(GraphNotFoundError, match="urn:h"):
            graph.get_graph("urn:h")
        checked(graph)


def test_a_graph_in_memory_is_written_too() -> None:
    from kgraph.store.folder import DataFolder

    with kgraph.KnowledgeGraph(DataFolder.memory(), Settings()) as graph:
        graph.update("CREATE GRAPH <urn:empty> ; INSERT DATA { <urn:a> <urn:b> 1 }")
        report = graph.update("DROP GRAPH <urn:empty> ; INSERT { <urn:a> <urn:c> ?o } WHERE { <urn:a> <urn:b> ?o }")
        assert (report.added, report.dropped) == (1, ("urn:empty",))


def test_what_was_committed_meanwhile_is_seen_by_the_update_that_waited(
    writable_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer commits between the working out and the commit: it is worked out once more."""
    with kgraph.open(writable_folder) as graph:
        worked_out, rounds = graph._evaluation.update, []

        def interrupted(*args: Any, **kwargs: Any) -> Any:
            found = worked_out(*args, **kwargs)
            rounds.append(found.generation)
            if len(rounds) == 1:
                other = Document(b"<urn:late> <urn:n> 1 .", TURTLE)
                delta = graph._evaluation.graph("post", "urn:g", [other]).delta
                with graph._writing:
                    graph._commit(delta, "another", "meanwhile")
            return found

        monkeypatch.setattr(graph._evaluation, "update", interrupted)
        report = graph.update("INSERT { GRAPH <urn:g> { ?s <urn:seen> true } } WHERE { ?s <urn:n> 1 }")
        assert report.added == 1
        assert rounds == [report.generation - 2, report.generation - 1]
        assert b"urn:seen" in graph.get_graph("urn:g").body


def test_an_update_that_never_ends_is_ended_and_the_next_is_done(writable_folder: Path) -> None:
    settings = Settings(data=writable_folder, query_timeout=1)
    endless = "INSERT { <urn:a> <urn:b> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
    with kgraph.open(writable_folder, settings=settings) as graph:
        before = graph.generation
        with pytest.raises(LimitError, match="longer than 1 s"):
            graph.update(endless)
        assert graph.generation == before
        assert graph.update("INSERT DATA { <urn:a> <urn:b> 1 }").committed


def test_waiting_for_its_turn_is_part_of_an_updates_time(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        with graph._updating, pytest.raises(LimitError, match=r"worked out for 0\.1 s"):
            graph.update(PLAIN, timeout=0.1)
        assert graph.update(PLAIN).committed


def test_bounds_refusals_and_names_are_told(writable_folder: Path) -> None:
    settings = Settings(data=writable_folder, update_quads=3)
    with kgraph.open(writable_folder, settings=settings) as graph:
        with pytest.raises(LimitError, match="more than 3 quads"):
            graph.update("INSERT { GRAPH <urn:g> { ?s <urn:seen> ?o } } WHERE { ?s ?p ?o }")
        with pytest.raises(LimitError, match="more than 3 triples"):
            graph.get_graph(graph.namespaces.graph("ontology"))
        for text in ("DROP ALL", "CLEAR NAMED"):
            with pytest.raises(WriteRefusedError, match="graph/claims"):
                graph.update(text)
        with pytest.raises(WriteRefusedError):
            graph.delete_graph(graph.namespaces.graph("claims"))
        with pytest.raises(ParameterError):
            graph.put_graph("urn:a b", Document(b"", TURTLE))
        with pytest.raises(RdfSyntaxError):
            graph.post_graph("urn:g", Document(b"<urn:a>", TURTLE))
        with pytest.raises(ParameterError, match="USING or WITH"):
            graph.update("INSERT { <urn:a> <urn:b> 1 } USING <urn:g> WHERE {}", using_graph_uri="urn:g")


def test_no_update_is_lost_among_several_writers(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        graph.update("INSERT DATA { <urn:c> <urn:n> 0 }")
        count = "DELETE { ?c <urn:n> ?n } INSERT { ?c <urn:n> ?m } WHERE { ?c <urn:n> ?n BIND(?n + 1 AS ?m) }"
        threads = [threading.Thread(target=graph.update, args=(count,)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert b"<urn:n> 5" in graph.get_graph().body


def test_an_update_after_a_redaction_is_worked_out_as_before(writable_folder: Path) -> None:
    with kgraph.open(writable_folder) as graph:
        first = graph.update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }")
        graph.redact(first.generation, reason="a test")
        graph.update("INSERT { GRAPH <urn:g> { ?s <urn:b> 2 } } WHERE { BIND(<urn:c> AS ?s) }")
        assert b"<urn:c> <urn:b> 2" in graph.get_graph("urn:g").body
