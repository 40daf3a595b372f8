"""One claim, from its acknowledgement to its being seen: `load` commits it, `GET /paths` of another process finds it.

    python benchmarks/seen.py --claims 1000000 --times 200

The writer is the process that serves (there is no HTTP route to write by yet). A claim is acknowledged when its commit
is fsynced in the journal, and seen when a path that nothing else makes is answered to a client, which asks all the time
for the generation after the last (`min_generation`).
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from kept import FOLDER
from loaded import copy_of, folder_of, opened
from measure import machine, spread

from kgraph import KnowledgeGraph
from kgraph.cli.serving import listen
from kgraph.settings import Settings
from kgraph_api.app import create_app

PACKAGES = ["kgraph-claims", "uvicorn", "fastapi", "numba", "numpy", "pyoxigraph"]
CLAIM = """\
kgraph: 1
source: {{id: seen-article, label: Article of the benchmark, sha256: {hash}, length: 100000}}
entities:
  seen-{number}-league: {{type: Coalition, label: League {number}}}
  seen-{number}-trust: {{type: Ngo, label: Trust {number}}}
claims:
  - key: seen-{number}
    subject: seen-{number}-league
    predicate: hasMember
    object: seen-{number}-trust
    at: {{paragraph: 1, sentence: 1, start: {number}, end: {end}, sha256: {hash}}}
"""


def watch(port: int) -> None:
    """The client: for each address on standard input, ask until a path is found, and say when (ns, monotonic)."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    print("ready", flush=True)
    for address in sys.stdin:
        while True:
            connection.request("GET", address.strip())
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200 and json.loads(body)["verdict"] == "found":
                break
            time.sleep(0.0005)
        print(time.monotonic_ns(), flush=True)


class Acknowledged:
    """Notes when the journal has a commit for good."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.at = 0
        journal = graph._folder.journal
        self._append = journal.append
        journal.append = self._noted  # type: ignore[method-assign]

    def _noted(self, *arguments: Any, **named: Any) -> Any:
        commit = self._append(*arguments, **named)
        self.at = time.monotonic_ns()
        return commit


def measured(graph: KnowledgeGraph, client: subprocess.Popen[str], times: int) -> dict[str, list[float]]:
    """Milliseconds of each step, claim after claim."""
    assert client.stdin is not None
    assert client.stdout is not None
    acknowledged = Acknowledged(graph)
    steps: dict[str, list[float]] = {"load → acknowledged": [], "acknowledged → seen": [], "load → returned": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            file = Path(folder, f"claim-{number}.yaml")
            file.write_text(CLAIM.format(number=number, end=number + 1, hash="cd" * 32), "utf-8")
            ends = {"source": f"seen-{number}-league", "target": f"seen-{number}-trust"}
            client.stdin.write(f"/paths?{urlencode(ends | {'min_generation': graph.generation + 1})}\n")
            client.stdin.flush()
            time.sleep(0.02)
            began = time.monotonic_ns()
            graph.load(file)
            returned = time.monotonic_ns()
            seen = int(client.stdout.readline())
            for step, ns in zip(
                steps, (acknowledged.at - began, seen - acknowledged.at, returned - began), strict=True
            ):
                steps[step].append(ns / 1e6)
    return steps


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--claims", type=int, default=0, help="of a synthetic claim table; the shipped seeds if not given"
    )
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--watch", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.watch:
        watch(given.watch)
        return
    machine(PACKAGES)
    data = copy_of(folder_of(given.claims, given.folder))
    listener = listen("127.0.0.1", 0)
    with opened(data) as graph:
        server = uvicorn.Server(
            uvicorn.Config(create_app(Settings(data=data), graph=graph), log_level="warning", access_log=False)
        )
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        command = [sys.executable, __file__, "--watch", str(listener.getsockname()[1])]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
            assert client.stdout is not None
            client.stdout.readline()
            steps = measured(graph, client, given.times + 3)
        server.should_exit = True
        serving.join()
        claims = sum(source.claims for source in graph.sources(limit=1000).items)
    print(f"- {claims:,} claims at the end; one more each time, three times to warm up\n")
    for step, ms in steps.items():
        print(f"- {spread(step, ms[3:])}", flush=True)


if __name__ == "__main__":
    main()
