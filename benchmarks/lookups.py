"""SPARQL over HTTP: a lookup with another subject each time, about ten rows of JSON, beside other servers.

    python benchmarks/lookups.py --subjects 100000

A million triples in each; wrk asks over 8 and over 32 connections, one server after the other on the same processors.
kgraph evaluates in children that it can kill. At the end four clients send queries that never end, each another text,
while the lookups go on. Peers that are not here are left out, with words: `oxigraph` and `rdflib-endpoint` come with
`make bench-setup`, Virtuoso with Debian's package `virtuoso-opensource`.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx2
from kept import FOLDER, made_once
from measure import machine
from pressure import PATIENCE, Load, loaded, wrk_is_here

PACKAGES = ["kgraph-claims", "pyoxigraph", "uvicorn", "fastapi", "starlette", "uvloop", "httptools"]
JSON = "application/sparql-results+json"
PREDICATES = 10
BIN = Path(sys.executable).parent
RUNAWAY = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != 'x{}') }}"
VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{isql}
ServerThreads = 40
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {data}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 40
[SPARQL]
ResultSetMaxRows = 100000
"""


def triples(place: Path, subjects: int) -> None:
    """Write the triples: ten of each subject, every other object a literal."""
    with (place / "data.nt").open("w") as file:
        for s in range(subjects):
            for p in range(PREDICATES):
                other = f"<http://example.org/thing/{(s * 7 + p) % subjects}>"
                object_ = f'"value {s} {p}"' if p % 2 else other
                file.write(f"<http://example.org/thing/{s}> <http://example.org/p{p}> {object_} .\n")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(command: list[str], address: str, folder: Path | None = None) -> Iterator[str]:
    """A server in a process of its own, once it answers; ended when left."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        ends = time.perf_counter() + 900
        while True:
            try:
                httpx2.get(address, params={"query": "ASK {}"}, timeout=PATIENCE)
                break
            except httpx2.TransportError:
                if process.poll() is not None or time.perf_counter() > ends:
                    raise SystemExit(f"{command[0]} does not come up") from None
                time.sleep(0.2)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def kgraph(data: Path, folder: Path) -> Iterator[str]:
    """`kgraph serve`, with its usual settings."""

    def load(place: Path) -> None:
        command = [str(BIN / "kgraph"), "load", "--plain", str(data), "--data", str(place / "data")]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    place, port = made_once(folder / "kgraph", load), free_port()
    command = [str(BIN / "kgraph"), "serve", "--empty", "--data", str(place / "data"), "--port", str(port)]
    with serving(command, f"http://127.0.0.1:{port}/sparql") as address:
        yield address


@contextmanager
def oxigraph(data: Path, folder: Path) -> Iterator[str]:
    """Oxigraph's own server."""

    def load(place: Path) -> None:
        where = ["--location", str(place / "store")]
        subprocess.run([str(BIN / "oxigraph"), "load", *where, "--file", str(data)], check=True, capture_output=True)
        subprocess.run([str(BIN / "oxigraph"), "optimize", *where], check=True, capture_output=True)

    place, port = made_once(folder / "oxigraph", load), free_port()
    command = [str(BIN / "oxigraph"), "serve", "--location", str(place / "store"), "--bind", f"127.0.0.1:{port}"]
    with serving(command, f"http://127.0.0.1:{port}/query") as address:
        yield address


@contextmanager
def rdflib_endpoint(data: Path, folder: Path) -> Iterator[str]:
    """rdflib-endpoint, the triples in rdflib's memory."""
    port = free_port()
    command = [str(BIN / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(data)]
    with serving(command, f"http://127.0.0.1:{port}/", folder) as address:
        yield address


@contextmanager
def virtuoso(data: Path, folder: Path) -> Iterator[str]:
    """Virtuoso 7, made anew each time."""
    place = folder / "virtuoso"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    http, isql = free_port(), free_port()
    (place / "virtuoso.ini").write_text(VIRTUOSO.format(isql=isql, http=http, data=data.parent))
    server = shutil.which("virtuoso-t")
    client = shutil.which("isql-vt")
    assert server
    assert client
    command = [server, "+foreground", "+configfile", str(place / "virtuoso.ini")]
    with serving(command, f"http://127.0.0.1:{http}/sparql", place) as address:
        load = f"DB.DBA.TTLP_MT(file_to_string_output('{data}'), '', 'http://example.org/', 0); checkpoint;"
        done = [client, str(isql), "dba", "dba", f"exec={load}"]
        subprocess.run(done, check=True, capture_output=True)
        yield address


PEERS: dict[str, tuple[Callable[[], object], Callable[[Path, Path], object]]] = {
    "kgraph": (lambda: True, kgraph),
    "Oxigraph's server": ((BIN / "oxigraph").exists, oxigraph),
    "Virtuoso 7": (lambda: shutil.which("virtuoso-t") and shutil.which("isql-vt"), virtuoso),
    "rdflib-endpoint": ((BIN / "rdflib-endpoint").exists, rdflib_endpoint),
}


def lookups(subjects: int, path: str) -> list[str]:
    """An address for each subject, in the same random order."""
    order = random.Random(3).sample(range(subjects), subjects)
    query = "SELECT ?p ?o WHERE {{ <http://example.org/thing/{}> ?p ?o }}"
    return [f"{path}?{urlencode({'query': query.format(s)})}" for s in order]


def rows(address: str) -> int:
    """Rows of one lookup: that everyone answers the same."""
    query = "SELECT ?p ?o WHERE { <http://example.org/thing/5> ?p ?o }"
    answer = httpx2.get(address, params={"query": query}, headers={"Accept": JSON}, timeout=PATIENCE)
    return len(answer.raise_for_status().json()["results"]["bindings"])


@contextmanager
def runaways(address: str, clients: int) -> Iterator[dict[int, int]]:
    """Clients that send queries without an end, one after the other; the statuses of the answers."""
    stop, statuses = threading.Event(), dict[int, int]()

    def client(number: int) -> None:
        count = 0
        with httpx2.Client(timeout=PATIENCE) as session:
            while not stop.is_set():
                query = RUNAWAY.format(f"{os.getpid()}-{number}-{count}")
                status = session.get(address, params={"query": query}).status_code
                statuses[status] = statuses.get(status, 0) + 1
                count += 1

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    yield statuses
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--subjects", type=int, default=100_000, help="ten triples each")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    given = parser.parse_args()
    wrk_is_here()
    machine(PACKAGES)
    folder = given.folder / f"lookups-{given.subjects}"
    data = made_once(folder / "triples", lambda place: triples(place, given.subjects)) / "data.nt"
    print(f"- {given.subjects * PREDICATES:,} triples; {given.seconds:g} s each\n")
    print("| server | connections | answers a second | p50 ms | p99 ms | kgraph is of it |\n|---|---|---|---|---|---|")
    ours: dict[int, Load] = {}
    for name in given.peers:
        here, server = PEERS[name]
        if not here():
            print(f"| {name} | is not here | | | | |")
            continue
        with server(data, folder) as address:  # type: ignore[attr-defined]
            assert rows(address) == PREDICATES
            base, _, path = address.removeprefix("http://").partition("/")
            asked = lookups(given.subjects, f"/{path}")
            for connections in (8, 32):
                load = loaded(f"http://{base}", asked, connections, given.seconds, JSON, settled="")
                ours.setdefault(connections, load)
                of = f"{ours[connections].rate / load.rate:.2f}" if load is not ours[connections] else ""
                told = f"{load.rate:,.0f} | {load.p50:.2f} | {load.p99:.2f} | {of}"
                print(f"| {name} | {connections} | {told} |", flush=True)
                if load.refused or load.broken:
                    print(f"| | | {load.refused} refused, {load.broken} broken | | | |")
            if name == "kgraph":
                with runaways(address, 4) as statuses:
                    beside = loaded(f"http://{base}", asked, 8, max(given.seconds, 15), JSON, settled="")
                quiet = ours[8]
                times = f"{beside.p99 / quiet.p99:.1f} times the quiet p99"
                told = f"{beside.rate:,.0f} | {beside.p50:.2f} | {beside.p99:.2f} | {times}"
                print(f"| {name}, 4 clients with runaway queries beside | 8 | {told} |", flush=True)
                ends = f"- the runaway queries were answered with {statuses}"
    print(f"\n{ends}")


if __name__ == "__main__":
    main()
