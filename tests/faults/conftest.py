"""Killing a writer at any moment: a command, and a model of what must hold afterwards.

`KGRAPH_KILLS` is the number of kills of each write path: 3 where it is not set, 30 by `make soak`.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

import kgraph
from kgraph.settings import Settings

KILLS = int(os.environ.get("KGRAPH_KILLS", "3"))
PRELUDE = """
import sys
from pathlib import Path
import kgraph
from kgraph.settings import Settings
place = Path(sys.argv[1])
data = place / "data"
def open_graph():
    return kgraph.open(data, settings=Settings(data=data))
def done(number):
    print(number, flush=True)
"""
"""What every writer begins with. `done(number)` acknowledges: what is told before it must not be lost."""

Holds = Callable[[kgraph.KnowledgeGraph, int], None]
Write = Callable[[httpx2.Client, int], httpx2.Response]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


class Survival:
    """Starts a writer again and again on `place / "data"`, kills it at a random moment, and looks at what is left."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.data = place / "data"
        self.acknowledged = 0

    def of(self, writer: str, holds: Holds, *, longest: float = 0.5, kills: int = KILLS) -> None:
        """Run a writer (Python, after PRELUDE) until it is killed, `kills` times. It tells a number once it is ready,
        and then one for each thing it has done. After each kill the doctor must find nothing wrong, and `holds` is
        asked with the last number."""
        moments = random.Random()
        for _ in range(kills):
            self.acknowledged = self.killed([sys.executable, "-c", PRELUDE + writer], moments.uniform(0, longest))
            self.look(lambda graph: holds(graph, self.acknowledged))

    def look(self, holds: Callable[[kgraph.KnowledgeGraph], None]) -> None:
        """What is left opens, is whole, and holds what it must; no file is there that nothing belongs to."""
        with kgraph.open(self.data, settings=Settings(data=self.data)) as graph:
            assert [finding for finding in graph.doctor() if not finding.ok] == []
            holds(graph)
        if self.data.exists():
            for left in ("**/bulk-*.sst", "loading-*", "journal/**/*.tmp", "store.damaged-*", "store/snapshots/*"):
                assert list(self.data.glob(left)) == []

    def killed(self, command: list[str], after: float) -> int:
        """The last number that a command told before it was killed, so many seconds after the first one."""
        with subprocess.Popen([*command, str(self.place)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            first = writer.stdout.readline()
            assert first.endswith("\n"), "the writer failed before it was ready"
            time.sleep(after)
            assert writer.poll() is None, "the writer ended by itself"
            writer.send_signal(signal.SIGKILL)
            rest = [line for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
            return int((rest or [first])[-1])


class Clients:
    """Clients of a service, each writing one thing after the other until the service is gone. One sends queries without
    end beside them, so that there are children at work."""

    def __init__(self, place: Path, start: Callable[..., Any]) -> None:
        self.survival = Survival(place)
        self._start = start

    def outlast(self, writes: dict[str, Write], holds: Callable[[kgraph.KnowledgeGraph, dict[str, int]], None]) -> None:
        """Kill the service `KILLS` times, and let the clients go on where they were. `holds` is asked with the number
        of the last thing each was told to be done; the one after that may be there or not."""
        moments, done = random.Random(), dict.fromkeys(writes, 0)
        for _ in range(KILLS):
            front = self._start(self.survival.data, "--empty")
            ready = {name: threading.Event() for name in writes}
            threads = [
                threading.Thread(target=self._write, args=(front, name, write, done, ready[name]))
                for name, write in writes.items()
            ]
            threads.append(threading.Thread(target=self._never_end, args=(front,)))
            for thread in threads:
                thread.start()
            for event in ready.values():
                assert event.wait(60), "a client got nothing done"
            time.sleep(moments.uniform(0, 1))
            children = front.processes()[1:]
            assert len(children) > 1, "the nursery and whom it started"
            front.kill()
            for thread in threads:
                thread.join(60)
            _, left = psutil.wait_procs(children, timeout=2)
            alive = [one for one in left if _computes(one)]
            assert alive == [], "children end with the service"
            self.survival.look(lambda graph: holds(graph, done))

    def _write(self, front: Any, name: str, write: Write, done: dict[str, int], ready: threading.Event) -> None:
        with front.client() as client, contextlib.suppress(httpx2.TransportError):
            while True:
                answer = write(client, done[name] + 1)
                assert answer.is_success, answer.text
                done[name] += 1
                ready.set()

    def _never_end(self, front: Any) -> None:
        with front.client() as client, contextlib.suppress(httpx2.TransportError):
            while True:
                client.get("/sparql", params={"query": ENDLESS, "timeout": 5})


@pytest.fixture
def clients(tmp_path: Path, start_front: Callable[..., Any]) -> Clients:
    return Clients(tmp_path, start_front)


@pytest.fixture
def survival(tmp_path: Path) -> Survival:
    return Survival(tmp_path)


def _computes(process: psutil.Process) -> bool:
    """Whether it is there; one that has ended may wait for its new parent to take notice."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
