"""kill -9 at any moment: no acknowledged commit is lost, none is half there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kgraph.store.claimtable import ClaimTable
from kgraph.store.folder import DataFolder
from kgraph.store.tablequads import TableQuads

WRITER = """
import sys
from kgraph.rdf import Literal, NamedNode, Quad
from kgraph.store import oxigraph
from kgraph.store.base import Delta
from kgraph.store.folder import DataFolder

oxigraph.BULK = int(sys.argv[2])
folder = DataFolder.open(sys.argv[1], "writer")
p, g = NamedNode("http://example.org/p"), NamedNode("http://example.org/g")
while True:
    number = folder.generation + 1
    quads = lambda n: tuple(Quad(NamedNode(f"http://example.org/{n}"), p, Literal(part), g) for part in range(50))
    # each commit replaces the quads of the one before
    folder.commit(Delta(quads(number), quads(number - 1) if number > 1 else ()), "writer", str(number))
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("bulk", [10, 50_000], ids=["bulk loads", "transactions"])
def test_killed_at_any_moment_the_folder_holds_every_acknowledged_commit_whole(tmp_path: Path, bulk: int) -> None:
    """Three writers one after the other on the same folder, each killed somewhere in its work."""
    moments = random.Random()
    acknowledged = 0
    for _ in range(3):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "data"), str(bulk)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = int(writer.stdout.readline())
            time.sleep(moments.uniform(0, 0.5))
            writer.send_signal(signal.SIGKILL)
            rest = [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
            acknowledged = int(rest[-1]) if rest else acknowledged
        with DataFolder.open(tmp_path / "data") as folder:
            assert folder.generation in (acknowledged, acknowledged + 1)
            assert [finding for finding in folder.doctor() if not finding.ok] == []
            subjects = {str(quad.subject) for quad in folder.store.quads()}
            assert subjects == {f"<http://example.org/{folder.generation}>"}
            assert len(folder.store) == 50


TABLES = """
import sys
from kgraph.store.claimtable import ClaimTable
from kgraph.store.folder import DataFolder

folder = DataFolder.open(sys.argv[1], "writer")
table = ClaimTable.decode(open(sys.argv[2], "rb").read())
print("ready", flush=True)
folder.commit_table(table, "writer", "a table")
print("done", flush=True)
"""


@pytest.mark.slow
def test_killed_while_a_table_is_loaded_the_folder_has_all_of_it_or_nothing(
    tmp_path: Path, claim_table: Callable[..., ClaimTable]
) -> None:
    """Killed at moments through the whole load: in the journal, between it and the store, inside the store."""
    table = claim_table(3000)
    (tmp_path / "table").write_bytes(table.encode())
    quads = set(TableQuads(table).quads())
    seen = set()
    for number, wait in enumerate((0.0, 0.03, 0.08, 0.15, 0.3, 0.6)):
        data = tmp_path / f"data-{number}"
        command = [sys.executable, "-c", TABLES, str(data), str(tmp_path / "table")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(wait)
            writer.send_signal(signal.SIGKILL)
            done = writer.stdout.read() == "done\n"
        with DataFolder.open(data) as folder:
            seen.add(folder.generation)
            assert folder.generation == 1 or not done
            assert set(folder.store.quads()) == (quads if folder.generation else set())
            assert [finding for finding in folder.doctor() if not finding.ok] == []
            assert list(data.glob("loading-*")) == []
    assert 1 in seen
