"""A service that is stopped: what is under way ends or is told, what is new is refused, no write is lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

import kgraph
from kgraph.settings import Settings

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . FILTER(?a != ?l) }"
Started = tuple[subprocess.Popen[str], str]


@pytest.fixture
def started(writable_folder: Path) -> Iterator[Callable[..., Started]]:
    running: list[subprocess.Popen[str]] = []

    def start(**settings: str) -> Started:
        process = subprocess.Popen(
            [sys.executable, "-m", "kgraph", "serve", "--port", "0", "--data", str(writable_folder)],
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stderr is not None
        found = re.search(r"http://\S+", process.stderr.readline())
        assert found
        return process, found[0]

    yield start
    for process in running:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def children(of: int) -> set[int]:
    """The processes below one."""
    found: set[int] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == of:
            found |= {int(stat.parent.name), *children(int(stat.parent.name))}
    return found


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until_asked(url: str) -> None:
    """Wait until a query is being evaluated."""
    ends = time.monotonic() + 20
    while "kgraph_sparql_busy 1" not in httpx2.get(f"{url}/metrics").text:
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_what_runs_longer_than_the_grace_is_told_and_what_is_new_is_refused(started: Callable[..., Started]) -> None:
    process, url = started(KGRAPH_QUERY_TIMEOUT="60", KGRAPH_STOP_GRACE="2")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(httpx2.get, f"{url}/sparql", params={"query": ENDLESS}, timeout=30)
        until_asked(url)
        below = children(process.pid)
        assert below
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        while (ready := httpx2.get(f"{url}/readyz")).status_code == 200:
            assert time.monotonic() - began < 1
        assert ready.status_code == 503
        assert ready.json()["type"].endswith("/problem/stopping")
        assert httpx2.get(f"{url}/livez").status_code == 200
        refused = httpx2.get(f"{url}/sparql?query=ASK%7B%7D")
        assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
        assert int(refused.headers["retry-after"]) > 0
        told = asked.result()
    assert (told.status_code, told.json()["type"].rpartition("/")[2]) == (503, "stopping")
    assert told.headers["retry-after"]
    assert process.wait(10) == 0
    assert 2 <= time.monotonic() - began < 8
    assert not [one for one in below if alive(one)]


def test_what_ends_within_the_grace_is_answered_and_every_acknowledged_write_is_kept(
    started: Callable[..., Started], writable_folder: Path
) -> None:
    process, url = started(KGRAPH_QUERY_TIMEOUT="2", KGRAPH_STOP_GRACE="20")
    command = [sys.executable, "-m", "kgraph", "key", "create", "--scope", "write", "--json", "--data"]
    made = subprocess.run([*command, str(writable_folder)], capture_output=True, check=True)
    headers = {
        "Authorization": f"Bearer {json.loads(made.stdout)['key']}",
        "Content-Type": "application/sparql-update",
    }
    kept: list[int] = []

    def write() -> None:
        for number in range(1000):
            text = f"INSERT DATA {{ GRAPH <urn:kept> {{ <urn:{number}> <urn:p> {number} }} }}"
            answer = httpx2.post(f"{url}/update", content=text, headers=headers, timeout=30)
            if answer.status_code != 200:
                assert answer.status_code == 503
                return
            kept.append(number)

    with ThreadPoolExecutor(2) as pool:
        asked = pool.submit(httpx2.get, f"{url}/sparql", params={"query": ENDLESS}, timeout=30)
        until_asked(url)  # before anything is written: a change keeps a process busy too
        writing = pool.submit(write)
        while not kept:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert asked.result().json().get("limit") == "query_timeout", (
            asked.result().text
        )  # its own end, not the service's
        writing.result()
    assert process.wait(20) == 0
    with kgraph.open(writable_folder, settings=Settings(data=writable_folder)) as graph:
        found = graph.sparql("SELECT ?n { GRAPH <urn:kept> { ?s ?p ?n } }", format="csv").body.decode().split()[1:]
    assert set(map(int, found)) >= set(kept)
    assert len(found) <= len(kept) + 1


def test_a_second_signal_does_not_wait(started: Callable[..., Started]) -> None:
    process, url = started(KGRAPH_QUERY_TIMEOUT="60", KGRAPH_STOP_GRACE="60")
    with ThreadPoolExecutor(1) as pool:
        pool.submit(httpx2.get, f"{url}/sparql", params={"query": ENDLESS}, timeout=30)
        until_asked(url)
        process.send_signal(signal.SIGTERM)
        while httpx2.get(f"{url}/readyz").status_code == 200:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
