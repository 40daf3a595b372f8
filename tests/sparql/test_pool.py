"""The pool under pressure: first queries at once, queues, commits under way, a parent that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgraph.errors import LimitError, StorageError
from kgraph.settings import Settings
from kgraph.sparql import service as service_module
from kgraph.sparql import worker
from kgraph.sparql.pool import Pool
from kgraph.sparql.service import SparqlService
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

Make = Callable[..., SparqlService]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ALL = "SELECT ?s { ?s kg:demands ?o }"
ORPHANED = """
import sys, threading, time
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.settings import Settings
from kgraph.sparql.service import SparqlService
from kgraph.store.base import Delta
from kgraph.store.oxigraph import OxigraphStore

store = OxigraphStore.open(None)
store.apply(Delta(tuple(Quad(NamedNode(f"urn:a:{n}"), NamedNode("urn:p:1"), Literal(str(n))) for n in range(300))), 1)
asked = SparqlService(store, Settings(query_timeout=60))
threading.Thread(target=asked.query, args=("ASK {}",)).start()
while asked._pool is None or not asked._pool._idle:
    time.sleep(0.01)
threading.Thread(target=asked.query, args=(sys.argv[1],)).start()
while not asked._pool._busy:
    time.sleep(0.01)
time.sleep(0.2)
print(asked._pool._busy[0].process.pid, flush=True)
time.sleep(60)
"""


def test_first_queries_at_once_are_all_answered_and_so_are_later_ones(
    disk: OxigraphStore, service: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Pool] = []

    def slow(*arguments: Any) -> Pool:
        time.sleep(0.05)  # as on a busy machine: time for another thread to look
        made.append(Pool(*arguments))
        return made[-1]

    monkeypatch.setattr(service_module, "Pool", slow)
    asked = service(disk)
    together = threading.Barrier(6)
    rows: list[int] = []

    def ask() -> None:
        together.wait()
        rows.append(asked.query(ALL).body.count(b'"uri"'))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [300] * 6
    assert len(made) == 1
    assert asked.query(ALL).body.count(b'"uri"') == 300


def test_a_service_that_was_closed_unasked_answers_nothing(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory)
    asked.close()
    with pytest.raises(StorageError, match="closed"):
        asked.query("ASK {}")


def test_waiting_for_a_reader_and_running_have_one_deadline(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory, query_timeout=2, readers=1)
    asked.query("ASK {}")
    assert asked._pool is not None
    asked._pool._turns.acquire()
    threading.Timer(1.5, asked._pool._turns.release).start()
    begun = time.monotonic()
    with pytest.raises(LimitError, match=r"longer than 2 s, of which it waited 1\.\d s") as ended:
        asked.query(ENDLESS)
    assert ended.value.limit == "query_timeout"
    assert time.monotonic() - begun < 3.4


def test_a_commit_that_takes_the_snapshot_away_from_a_new_child_does_not_end_the_query(
    disk: OxigraphStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = Pool(disk, Settings())
    start = readers._start
    started: list[int] = []

    def overtaken(path: Path, generation: int) -> Any:
        if not started:
            disk.apply(Delta((), tuple(disk.quads())), 2)
            readers._current_snapshot()
        started.append(generation)
        return start(path, generation)

    monkeypatch.setattr(readers, "_start", overtaken)
    try:
        with readers._child() as child:
            assert child.generation == 2
    finally:
        readers.close()
    assert started == [1, 2]


def test_a_child_may_write_no_file_but_while_it_works_out_a_change(memory: OxigraphStore, service: Make) -> None:
    asked = service(memory)
    asked.query("DESCRIBE id:s000")
    assert asked._pool is not None
    limits = Path(f"/proc/{asked._pool._idle[0].process.pid}/limits").read_text()
    [line] = [line for line in limits.splitlines() if line.startswith("Max file size")]
    assert line.split()[3:5] == ["0", str(worker.COPY_BYTES)]


def test_a_child_that_is_ready_has_imported_what_a_graph_needs() -> None:
    code = (
        "import runpy, sys\n"
        "child = runpy.run_path(sys.argv[1])\n"
        "assert 'kgraph.rdf' not in sys.modules\n"
        "child['warm']()\n"
        "before = set(sys.modules)\n"
        "ask = {'text': 'CONSTRUCT { <a:b> <a:c> 1 } WHERE {}', 'union': True, 'default_graphs': [],\n"
        "       'named_graphs': [], 'rows': 9, 'bytes': 9999, 'prefixes': {}}\n"
        "for name in ('turtle', 'jsonld', 'rdfxml'):\n"
        "    assert child['reply'](child['Store'](), {**ask, 'format': name})[0] == {'status': 'ok'}\n"
        "print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, worker.__file__], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_busy_child_ends_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHANED, ENDLESS], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    assert _lives(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 5
    while _lives(child) and time.monotonic() < until:
        time.sleep(0.02)
    lived = _lives(child)
    if lived:
        os.kill(child, signal.SIGKILL)
    assert not lived


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
