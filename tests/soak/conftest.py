"""Clients of a real service, many at once, and what the service takes meanwhile.

`KGRAPH_SOAK` is how many seconds the soak takes: a few where it is not set, 1,800 by `make soak`.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import psutil
import pytest

SECONDS = float(os.environ.get("KGRAPH_SOAK", "3"))
FULL = "KGRAPH_SOAK" in os.environ
Act = Callable[[httpx2.Client, random.Random], tuple[str, httpx2.Response]]
MB = 1_000_000

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
NEVER_ENDING = [
    f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    f"SELECT * {{ {CROSS} }} ORDER BY DESC(?a) ?l LIMIT 1",
    f"SELECT DISTINCT ?a ?l {{ {CROSS} }}",
    "SELECT (COUNT(*) AS ?n) { ?a (!<urn:no>|^!<urn:no>)* ?b . ?b (!<urn:no>|^!<urn:no>)* ?c }",
    f"SELECT ?a (GROUP_CONCAT(?l) AS ?n) {{ {CROSS} }} GROUP BY ?a",
    f"CONSTRUCT {{ ?a ?b ?l }} WHERE {{ {CROSS} FILTER(CONCAT(STR(?a), STR(?l)) = 'no') }}",
    f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('aaaa' AS ?x0) {DOUBLED} }}",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
]
REFUSED = [
    f"SELECT ({'(' * 20_000}1{')' * 20_000} AS ?x) {{}}",
    f"SELECT * {{ {'{' * 2_000} ?s ?p ?o {'}' * 2_000} }}",
    f"SELECT * {{ {'?s ?p ?o . ' * 201} }}",
    "SELECT * { SERVICE <http://127.0.0.1:9/x> { ?s ?p ?o } }",
]


def hostile(client: httpx2.Client, chance: random.Random) -> tuple[str, httpx2.Response]:
    """What a stranger may send: queries and updates without an end, texts too deep, documents too deep."""
    signs = chance.choices(" ?{}()", k=chance.choice([0, 12]))
    remark = f"#{''.join(signs)}{chance.random()}\n"  # no text is known already, and of half not even the shape
    which = chance.random()
    if which < 0.7:
        text = remark + chance.choice(NEVER_ENDING)
        return "hostile query", client.post("/sparql", data={"query": text})
    if which < 0.8:
        return "refused query", client.post("/sparql", data={"query": remark + chance.choice(REFUSED)})
    if which < 0.9:
        text = f"{remark}INSERT {{ <urn:a> <urn:b> 1 }} WHERE {{ {CROSS} FILTER(STR(?a) = STR(?l)) }}"
        return "hostile update", client.post("/update", data={"update": text})
    body = b"<urn:a> <urn:b> " + b"(" * 100_000 + b")" * 100_000
    headers = {"Content-Type": "text/turtle"}
    return "hostile upload", client.put("/graphs?graph=urn%3Ahostile", content=body, headers=headers)


class Crowd:
    """Clients, each in a thread of its own, each doing one thing after the other until the end."""

    def __init__(self, front: Any) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        """Seconds of each answer, by what was asked."""
        self.statuses: dict[str, Counter[int]] = defaultdict(Counter)
        self.unexpected: list[str] = []
        """Answers that should not have been given, and connections that broke."""
        self._front = front
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    def add(self, act: Act, right: tuple[int, ...], pause: float = 0.0, *, key: bool = True) -> None:
        """Let one more client do this, with so many seconds between; `right` are the statuses that may come."""
        thread = threading.Thread(target=self._run, args=(act, right, pause, key), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, act: Act, right: tuple[int, ...], pause: float, key: bool) -> None:
        chance = random.Random()
        with self._front.client() as client:
            if not key:
                del client.headers["Authorization"]
            while not self._ended.is_set():
                began = time.monotonic()
                try:
                    name, answer = act(client, chance)
                except httpx2.TransportError as error:
                    self.unexpected.append(f"{getattr(act, '__name__', type(act).__name__)}: {error!r}")
                    return
                self.took[name].append(time.monotonic() - began)
                self.statuses[name][answer.status_code] += 1
                if answer.status_code not in right:
                    self.unexpected.append(f"{name}: {answer.status_code} to {answer.url}: {answer.text[:300]}")
                self._ended.wait(pause)

    def end(self) -> None:
        """Let each client have its answer, and no more."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def table(self) -> str:
        """What was asked, how often, how long it took and what it came to, as a table in Markdown."""
        lines = [
            "| asked | times | p50 ms | p95 ms | p99 ms | longest ms | statuses |",
            "|---|---|---|---|---|---|---|",
        ]
        for name, took in sorted(self.took.items()):
            parts = [f"{1000 * value:.0f}" for value in (*np.percentile(took, [50, 95, 99]), max(took))]
            told = ", ".join(f"{status}: {count:,}" for status, count in sorted(self.statuses[name].items()))
            lines.append(f"| {name} | {len(took):,} | {' | '.join(parts)} | {told} |")
        return "\n".join(lines)


@dataclass
class Watch:
    """What a service takes, looked at again and again."""

    front: Any
    folder: Path
    seen: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def look(self) -> dict[str, float]:
        """Look once more."""
        own = psutil.Process(self.front.process.pid)
        now = {
            "seconds": time.monotonic(),
            "front MB": own.memory_full_info().uss / MB,
            "all MB": self.front.memory() / MB,
            "processes": len(self.front.processes()),
            "files of the front": own.num_fds(),
            "threads of the front": own.num_threads(),
            "snapshots": len(list((self.folder / "store" / "snapshots").glob("*"))),
            "journal MB": size(self.folder / "journal") / MB,
            "store MB": size(self.folder / "store" / "oxigraph") / MB,
        }
        for name, value in now.items():
            self.seen[name].append(value)
        return now

    def growth(self, name: str) -> float:
        """By which share a value grew over the last two thirds of the time: the line of least squares through it."""
        begin = len(self.seen["seconds"]) // 3
        seconds, values = (np.array(self.seen[key][begin:]) for key in ("seconds", name))
        slope, _ = np.polyfit(seconds, values, 1)
        return float(slope * (seconds[-1] - seconds[0]) / values.mean())

    def table(self) -> str:
        """First, least, greatest and last of each value, and its growth."""
        lines = ["| | first | least | most | last | growth in the last two thirds |", "|---|---|---|---|---|---|"]
        for name, values in self.seen.items():
            if name != "seconds":
                parts = [f"{value:,.1f}" for value in (values[0], min(values), max(values), values[-1])]
                lines.append(f"| {name} | {' | '.join(parts)} | {self.growth(name):+.1%} |")
        return "\n".join(lines)


def size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue
    return total


@dataclass(frozen=True)
class Soak:
    """What the tests here share."""

    seconds: float = SECONDS
    full: bool = FULL
    crowd: type[Crowd] = Crowd
    watch: type[Watch] = Watch

    @staticmethod
    def hostile(client: httpx2.Client, chance: random.Random) -> tuple[str, httpx2.Response]:
        return hostile(client, chance)

    @staticmethod
    def rest(front: Any, client: httpx2.Client, within: float) -> float:
        """Wait until the service is idle: nothing is evaluated, nobody waits, no processor time is used. Seconds."""
        began = time.monotonic()
        while True:
            computed, at = front.computed(), time.monotonic()
            time.sleep(0.25)
            used = (front.computed() - computed) / (time.monotonic() - at)
            told = dict(line.rsplit(" ", 1) for line in client.get("/metrics").text.splitlines() if line[0] != "#")
            busy = sum(float(v) for k, v in told.items() if k.startswith(("kgraph_sparql_busy", "kgraph_sparql_wait")))
            took = time.monotonic() - began
            if not busy and abs(used) < 0.1:
                return took
            assert took < within, f"not idle after {within} s: {busy:.0f} requests, {used:.0%} of a processor"


@pytest.fixture(scope="session")
def soak() -> Soak:
    return Soak()


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Says something on the terminal at once."""

    def say(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    return say
