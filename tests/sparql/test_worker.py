"""The child's own code, in this process: what it answers, counts and says when it cannot."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store

from kgraph.sparql import frames, worker

TEXT = "SELECT ?x ?y { VALUES (?x ?y) { (1 'a') (2 '}},{') (3 UNDEF) } }"
REQUEST: dict[str, Any] = {
    "format": "sparql-json",
    "union": True,
    "default_graphs": [],
    "named_graphs": [],
    "rows": 3,
    "bytes": 10_000,
    "seconds": 5,
    "prefixes": {},
    "base": None,
}


def status(text: str = TEXT, **changed: Any) -> str:
    return worker.reply(Store(), REQUEST | changed, text)[0]["status"]


@pytest.mark.parametrize("format", ["sparql-json", "sparql-xml", "sparql-csv", "sparql-tsv"])
@pytest.mark.parametrize(
    ("text", "count"),
    [
        (TEXT, 3),
        ("SELECT ?x { VALUES ?x { 'two\\nlines' \"a, 'b' \\\"c\\\"\" '<result>' } }", 3),
        ("SELECT ?x { VALUES ?y { 1 2 } }", 2),
        ("SELECT ?x { VALUES ?x { 1 } FILTER(?x > 1) }", 0),
        ("SELECT ?x { VALUES ?x { <<( <a:b> <c:d> 1 )>> 2 } }", 2),
        ("SELECT ?x { VALUES ?x { '{}' 'b' } }", 2),
        ("SELECT ?x { VALUES ?x { 1 2 } }", 2),
    ],
)
def test_rows_are_counted_whatever_stands_in_them(format: str, text: str, count: int) -> None:
    header, body = worker.reply(Store(), REQUEST | {"format": format}, text)
    assert header["status"] == "ok"
    assert not worker.more_than(count, body, format)
    assert count == 0 or worker.more_than(count - 1, body, format)


def test_every_end_has_its_status() -> None:
    assert status() == "ok"
    assert status(rows=2) == "rows"
    assert status(bytes=10) == "bytes"
    assert status(text="SELECT") == "syntax"
    assert status(text="SELECT ('\\u0007' AS ?x) {}", format="sparql-xml") == "format"
    assert status(default_graphs=["not an iri"]) == "failed"
    graph = {"text": "CONSTRUCT { <a:b> <a:1> 'x' } WHERE {}", "format": "rdfxml"}
    assert status(**graph) == "format"
    assert status(**graph | {"format": "turtle"}) == "ok"
    assert status(**graph | {"format": "turtle", "rows": 0}) == "rows"
    assert status(**graph | {"format": "turtle", "bytes": 3}) == "bytes"


def test_memory_that_runs_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(worker, "evaluate", out_of_memory)
    assert status() == "memory"


def test_the_default_graph_of_the_store_can_be_named_by_nothing() -> None:
    store = Store()
    store.update("INSERT DATA { <a:s> <a:p> <a:o> }")
    header, body = worker.reply(store, REQUEST | {"default_graphs": [""]}, "ASK { ?s ?p ?o }")
    assert header["status"] == "ok"
    assert json.loads(body)["boolean"] is True


def test_requests_are_answered_in_order_until_the_other_side_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "allow_seconds", lambda _: None)  # it would end this process
    ours, theirs = socket.socketpair()
    with ours, theirs:
        thread = threading.Thread(target=worker.serve, args=(theirs, Store()))
        thread.start()
        for text in (TEXT, "SELECT", "ASK {}"):
            frames.send(ours, REQUEST, text.encode())
        arriving = frames.messages(ours)
        statuses = [next(arriving)[0]["status"] for _ in range(3)]
        assert statuses == ["ok", "syntax", "ok"]
        ours.shutdown(socket.SHUT_RDWR)
        thread.join(10)
    assert not thread.is_alive()


def test_prefixes_are_handed_over_where_they_are_wanted() -> None:
    text = {"text": "ASK { x:a x:b x:c }"}
    assert status(**text) == "syntax"
    assert status(**text, prefixes={"x": "urn:x:"}) == "ok"


def test_relative_iris_are_resolved_against_the_base() -> None:
    text = "PREFIX : <#> ASK { FILTER(<a> = <http://e/x/a> && :b = <http://e/x/q#b>) }"
    assert status(text) == "syntax"
    header, body = worker.reply(Store(), REQUEST | {"base": "http://e/x/q"}, text)
    assert (header["status"], b"true" in body) == ("ok", True)


def test_a_function_that_nobody_knows_is_told_by_its_name() -> None:
    header, _ = worker.reply(Store(), REQUEST, "SELECT (<urn:f>(1) AS ?x) {}")
    assert header == {"status": "function", "message": "urn:f"}


def test_a_snapshot_is_a_folder_of_the_engine_or_a_file_of_quads(tmp_path: Path) -> None:
    (tmp_path / "1.nq").write_text("<a:s> <a:p> <a:o> <a:g> .\n")
    assert len(worker.open_snapshot(str(tmp_path / "1.nq"))) == 1
    store = Store(tmp_path / "store")
    store.update("INSERT DATA { <a:s> <a:p> <a:o> }")
    store.backup(tmp_path / "1")
    assert len(worker.open_snapshot(str(tmp_path / "1"))) == 1


def test_a_child_without_a_parent_ends_when_its_time_is_used_up() -> None:
    code = "from kgraph.sparql import worker\nworker.allow_seconds(-1)\nwhile True: pass"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert ended.returncode < 0
