"""Killing a writer at any moment: a command, and a model of what must hold afterwards.

`KGRAPH_KILLS` is the number of kills of each write path: 3 where it is not set, 30 by `make soak`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
            with kgraph.open(self.data, settings=Settings(data=self.data)) as graph:
                assert [finding for finding in graph.doctor() if not finding.ok] == []
                holds(graph, self.acknowledged)

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


@pytest.fixture
def survival(tmp_path: Path) -> Survival:
    return Survival(tmp_path)
