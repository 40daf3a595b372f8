"""kill -9 in every way of writing: no acknowledged commit is lost, none is half visible, the doctor finds nothing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx2
import pytest

import kgraph
from kgraph.store import backup

pytestmark = pytest.mark.slow

CLAIMS = '''
CLAIM = """\\
kgraph: 1
source: {{id: note-{n}, label: Note {n}, sha256: {hash}, length: 40, unknown: [author]}}
entities:
  hub: {{type: Organisation, label: Hub}}
  club-{n}: {{type: Organisation, label: Club {n}}}
spans:
  s: {{paragraph: 1, sentence: 1, start: 0, end: 20, sha256: {hash}}}
claims:
  - {{subject: club-{n}, predicate: partnerOf, object: hub, at: s}}
"""
def claims(n):
    file = place / f"note-{n}.yaml"
    file.write_text(CLAIM.format(n=n, hash=f"{n:064x}"))
    return file
'''
LOADS = """
with open_graph() as graph:
    done(graph.generation)
    while True:
        graph.load(claims(graph.generation + 1))
        done(graph.generation)
"""
TABLES = """
from kgraph.store import oxigraph, folder
folder.BULK = oxigraph.BULK = 50
with open_graph() as graph:
    done(graph.generation)
    while True:
        n = graph.generation + 1
        file = place / f"table-{n}.csv"
        rows = "".join(f"Club {n}-{row},partnerOf,Hub\\n" for row in range(40))
        file.write_text(f"subject,predicate,object\\n{rows}")
        graph.load(file)
        done(graph.generation)
"""
PLAIN = """
from kgraph.store import oxigraph, folder
folder.BULK = oxigraph.BULK = 50
with open_graph() as graph:
    done(graph.generation)
    while True:
        n = graph.generation + 1
        file = place / f"plain-{n}.nt"
        file.write_text("".join(f'<urn:plain:{n}> <urn:p> "v{row}" .\\n' for row in range(200)))
        graph.load_plain(file)
        done(graph.generation)
"""
SNAPSHOTS = """
with open_graph() as graph:
    done(graph.generation)
    while True:
        file = place / "one.nt"
        file.write_text(f'<urn:snapshot> <urn:p> "{graph.generation + 1}" .\\n')
        graph.load_plain(file, graph="urn:g")
        graph.sparql("ASK {}")
        done(graph.generation)
"""
INDEXES = """
import shutil
from kgraph import indexing
indexing._KEPT_FROM = 0
number = 0
while True:
    shutil.rmtree(data / "index", ignore_errors=True)
    with open_graph() as graph:
        if not number:
            done(graph.generation)
        file = place / f"index-{graph.generation + 1}.csv"
        file.write_text(f"subject,predicate,object\\nClub {graph.generation + 1},partnerOf,Hub\\n")
        graph.load(file)
        number = graph.generation
        done(number)
"""
REBUILDS = """
import shutil
from kgraph.store import oxigraph, folder
folder.BULK = oxigraph.BULK = 500
with open_graph() as graph:
    for n in range(graph.generation + 1, 9):
        file = place / f"plain-{n}.nt"
        file.write_text("".join(f'<urn:plain:{n}> <urn:p> "v{row}" .\\n' for row in range(n * 100)))
        graph.load_plain(file)
number = 0
shutil.rmtree(place / "away", ignore_errors=True)
done(number)
while True:
    (data / "store").rename(place / "away")  # at once: a store half of whose files are gone would be set aside
    with open_graph() as graph:
        assert graph.generation == 8
    shutil.rmtree(place / "away")
    number += 1
    done(number)
"""
REDACTIONS = """
with open_graph() as graph:
    loads = {int(c.message): c.seq for c in graph.log() if c.message.isdecimal()}
    number = max(loads, default=0)
    if number and not graph.redaction(loads[number]):  # what the writer before was killed in the middle of
        graph.redact(loads[number], reason="endangered")
    done(number)
    while True:
        number += 1
        file = place / "secret.nt"
        file.write_text(f'<urn:secret> <urn:p> "the secret {number:09}" .\\n')
        report = graph.load_plain(file, message=str(number))
        graph.redact(report.generation, reason="endangered")
        done(number)
"""
BACKUPS = """
from kgraph.store import backup
with open_graph() as graph:
    number = len(list(place.glob("kept-*")))
    done(number)
    while True:
        number += 1
        backup.write(data, place / f"kept-{number:05}")
        done(number)
"""


def partners(graph: kgraph.KnowledgeGraph, hub: str = "hub") -> set[str]:
    near = graph.neighbourhood(hub, predicate="partnerOf", limit=1000)
    return {node.label for node in near.nodes} - {"Hub"}


def once(acknowledged: int, graph: kgraph.KnowledgeGraph) -> range:
    """The generations of the loads that must be there: those acknowledged, and perhaps one more."""
    assert graph.generation in (acknowledged, acknowledged + 1)
    return range(2, graph.generation + 1)


def test_claim_files(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        loads = once(acknowledged, graph)
        assert not loads or partners(graph) == {f"Club {n}" for n in loads}

    survival.of(CLAIMS + LOADS, holds, longest=1.5)


def test_claim_tables(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        loads = once(acknowledged, graph)
        assert not loads or partners(graph) == {f"Club {n}-{row}" for n in loads for row in range(40)}

    survival.of(TABLES, holds)


def test_plain_triples(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        lines = b"".join(graph.export("ntriples")).splitlines()
        for n in once(acknowledged, graph):
            assert sum(line.startswith(b"<urn:plain:%d>" % n) for line in lines) == 200

    survival.of(PLAIN, holds)


def test_snapshots(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        loads = once(acknowledged, graph)
        counted = graph.sparql("SELECT (COUNT(?o) AS ?n) { <urn:snapshot> ?p ?o }", format="csv").body.split()
        assert int(counted[1]) == len(loads)
        home = survival.data / "store" / "snapshots"
        assert [entry.name for entry in home.iterdir()] == [str(graph.generation)], "older snapshots are gone"

    survival.of(SNAPSHOTS, holds)


def test_the_index_made_anew_and_kept(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        loads = once(acknowledged, graph)
        assert not loads or partners(graph) == {f"Club {n}" for n in loads}

    survival.of(INDEXES, holds, longest=1.0)


def test_the_store_built_anew_from_the_journal(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        lines = b"".join(graph.export("ntriples")).splitlines()
        for n in range(2, 9):
            assert sum(line.startswith(b"<urn:plain:%d>" % n) for line in lines) == n * 100

    survival.of(REBUILDS, holds, longest=0.7)


def updated(client: httpx2.Client, n: int) -> httpx2.Response:
    rows = " ".join(f"<urn:row:{row}> <urn:is> {n} ." for row in range(50))
    text = (
        f"DELETE WHERE {{ GRAPH <urn:update:now> {{ ?row ?is ?n }} }} ; "
        f"INSERT DATA {{ GRAPH <urn:update:now> {{ {rows} }} GRAPH <urn:update:all> {{ <urn:n> <urn:was> {n} }} }}"
    )
    return client.post("/update", content=text, headers={"Content-Type": "application/sparql-update"})


def put(client: httpx2.Client, n: int) -> httpx2.Response:
    body = "".join(f'<urn:put> <urn:row> "{n} {row}" .\n' for row in range(50))
    client.put(
        "/graphs?graph=urn%3Aput%3Anow", content=body, headers={"Content-Type": "text/turtle"}
    ).raise_for_status()
    return client.put(f"/graphs?graph=urn%3Aput%3A{n}", content=body, headers={"Content-Type": "text/turtle"})


def test_updates_and_graphs_put_over_http_by_several_clients(clients: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, done: dict[str, int]) -> None:
        held = defaultdict(list)
        for line in b"".join(graph.export("nquads")).decode().splitlines():
            triple, _, name = line.removesuffix(" .").rpartition(" ")
            held[name].append(triple)
        last = len(held["<urn:update:all>"])
        assert done["update"] <= last <= done["update"] + 1
        assert {line.split('"')[1] for line in held["<urn:update:all>"]} == {str(n) for n in range(1, last + 1)}
        assert [line.split('"')[1] for line in held["<urn:update:now>"]] == [str(last)] * 50
        kept = sum(name.startswith("<urn:put:") for name in held) - 1
        assert done["put"] <= kept <= done["put"] + 1
        for n in range(1, kept + 1):
            assert sorted(held[f"<urn:put:{n}>"]) == sorted(f'<urn:put> <urn:row> "{n} {row}"' for row in range(50))
        now = {line.split('"')[1].split()[0] for line in held["<urn:put:now>"]}
        assert now in ({str(kept)}, {str(kept + 1)})
        assert len(held["<urn:put:now>"]) == 50

    clients.outlast({"update": updated, "put": put}, holds)


def test_redactions(survival: Any) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        log = {int(c.message): c.seq for c in graph.log() if c.message.isdecimal()}
        assert set(log) in ({*range(1, acknowledged + 1)}, {*range(1, acknowledged + 2)})
        redacted = {n for n, seq in log.items() if graph.redaction(seq)}
        assert redacted >= {*range(1, acknowledged + 1)}
        said = b"".join(graph.export("nquads"))
        graph.close()
        for n in log:
            wanted = b"the secret %09d" % n
            found = [f for f in survival.data.rglob("*") if f.is_file() and wanted in f.read_bytes()]
            assert (wanted in said) is (n not in redacted)
            assert not found or n not in redacted, (n, found)

    survival.of(REDACTIONS, holds, longest=1.0)


def test_backups(survival: Any, tmp_path: Path) -> None:
    def holds(graph: kgraph.KnowledgeGraph, acknowledged: int) -> None:
        kept = sorted(place.name for place in tmp_path.glob("kept-*"))
        assert len(kept) in (acknowledged, acknowledged + 1)
        again = tmp_path / f"again-{len(kept)}"
        if kept and not again.exists():
            assert backup.restore(tmp_path / kept[-1], again).generation == graph.generation

    survival.of(BACKUPS, holds, longest=0.3)
