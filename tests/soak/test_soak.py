"""Everything at once for a long time: all is answered, nothing leaks, and what was written is there."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import psutil
import pytest

import kgraph
from kgraph.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.hostile]

READERS, HOSTILE = 2, 3
CLUBS = 2_000
FLAT = 0.05
"""By so much may grow what should not, over the last two thirds of the time."""
SETTINGS = {"KGRAPH_QUERY_TIMEOUT": "2", "KGRAPH_READERS": str(READERS)}
NAMES = ["ioc", "amnesty-international", "antonio-guterres", "bitter-winter", "rights-groups-olympics-letter"]
MODES = ["shortest", "all_shortest", "k_shortest", "all_simple"]
FORMATS = {
    "SELECT": ["application/sparql-results+json", "text/csv", "application/sparql-results+xml"],
    "CONSTRUCT": ["text/turtle", "application/ld+json", "application/rdf+xml"],
}
REFUSED = 0.05
"""Of the readers' questions so few may be told that all is busy: hostile queries run beside them."""
Asked = tuple[str, httpx2.Response]


class Reader:
    """Asks every verb there is."""

    def __init__(self, claims: list[str], at: int) -> None:
        self.claims, self.at = claims, at

    def __call__(self, client: httpx2.Client, chance: random.Random) -> Asked:
        name = chance.choice([*NAMES, f"club-{chance.randrange(CLUBS)}"])
        other = chance.choice([*NAMES, f"club-{chance.randrange(CLUBS)}"])
        asked = chance.choice(
            [Reader.walk, Reader.walk, Reader.path, Reader.path, Reader.query, Reader.query, Reader.rest]
        )
        return asked(self, client, chance, name, other)

    def walk(self, client: httpx2.Client, chance: random.Random, name: str, _: str) -> Asked:
        lens = chance.choice(
            ["", "&modality=any", "&not_said_by=bitter-winter", "&include=unattributed", f"&at={self.at}"]
        )
        hops = chance.randint(1, 3)
        return "neighbourhood", client.get(f"/neighbourhood?entity={name}&hops={hops}&limit=50{lens}")

    def path(self, client: httpx2.Client, chance: random.Random, name: str, other: str) -> Asked:
        mode = chance.choice(MODES)
        question = {"source": [name], "target": [other], "mode": mode, "max_hops": 5, "max_ms": 500}
        if chance.random() < 0.3 and name != other:
            return "connect", client.get(f"/connect?entity={name}&entity={other}")
        return "paths", client.post("/paths", json=question)

    def query(self, client: httpx2.Client, chance: random.Random, name: str, _: str) -> Asked:
        form = chance.choice(["SELECT", "CONSTRUCT"])
        what = "SELECT ?p ?o" if form == "SELECT" else "CONSTRUCT { ?s ?p ?o }"
        text = f"{what} {{ BIND(id:{name} AS ?s) ?s ?p ?o FILTER(?o != {chance.random()}) }} LIMIT 50"
        accept = {"Accept": chance.choice(FORMATS[form])}
        return "sparql", client.get("/sparql", params={"query": text}, headers=accept)

    def rest(self, client: httpx2.Client, chance: random.Random, name: str, _: str) -> Asked:
        claim = quote(chance.choice(self.claims), safe="")
        path, accept = chance.choice(
            [
                (f"/search?q={name.replace('-', '+')}", "*/*"),
                (f"/entity?id={name}", "application/json"),
                (f"/entity?id={name}", "text/turtle"),
                (f"/entity?id={name}", "text/html"),
                (f"/timeline?entity={name}", "*/*"),
                (f"/claim?id={claim}", "*/*"),
                ("/sources", "*/*"),
                (f"/export.ttl?entity={name}&hops=1", "*/*"),
                ("/sparql", "text/turtle"),
                ("/readyz", "*/*"),
                ("/metrics", "*/*"),
                ("/", "text/html"),
            ]
        )
        asked = path.partition("?")[0].strip("/") or "page"
        return asked, client.get(path, headers={"Accept": accept}, follow_redirects=True)


class Updater:
    """Changes values by SPARQL update, and knows what it was told is done."""

    def __init__(self) -> None:
        self.rows: dict[int, int] = {}
        self._number = 0

    def __call__(self, client: httpx2.Client, chance: random.Random) -> Asked:
        self._number += 1
        rows = {chance.randrange(300): self._number for _ in range(10)}
        gone = chance.randrange(300)
        values = " ".join(f"<urn:row:{row}>" for row in (*rows, gone))
        new = " ".join(f"<urn:row:{row}> <urn:is> {value} ." for row, value in rows.items() if row != gone)
        text = (
            f"DELETE {{ GRAPH <urn:soak:update> {{ ?s ?p ?o }} }} WHERE {{ VALUES ?s {{ {values} }} "
            f"GRAPH <urn:soak:update> {{ ?s ?p ?o }} }} ; INSERT DATA {{ GRAPH <urn:soak:update> {{ {new} }} }}"
        )
        answer = client.post("/update", data={"update": text})
        if answer.is_success:
            self.rows.update(rows)
            self.rows.pop(gone, None)
        return "update", answer

    def lines(self) -> set[str]:
        integer = "<http://www.w3.org/2001/XMLSchema#integer>"
        return {f'<urn:row:{r}> <urn:is> "{value}"^^{integer} <urn:soak:update> .' for r, value in self.rows.items()}


class Putter:
    """Puts graphs, adds to them and deletes them, and knows what it was told is done."""

    def __init__(self) -> None:
        self.graphs: dict[str, set[str]] = {}
        self._number = 0

    def __call__(self, client: httpx2.Client, chance: random.Random) -> Asked:
        self._number += 1
        name = f"urn:soak:graph:{chance.randrange(10)}"
        path, turtle = f"/graphs?graph={quote(name, safe='')}", {"Content-Type": "text/turtle"}
        triples = {f'<urn:s> <urn:p> "{self._number} {row}"' for row in range(30)}
        body = "".join(f"{triple} .\n" for triple in triples)
        verb = chance.choice(["PUT", "PUT", "POST", "DELETE"])
        held = self.graphs.get(name)
        if held is None or (verb == "POST" and len(held) > 200):
            verb = "PUT"
        answer = client.delete(path) if verb == "DELETE" else client.request(verb, path, content=body, headers=turtle)
        if answer.is_success:
            match verb:
                case "PUT":
                    self.graphs[name] = triples
                case "POST":
                    self.graphs[name] = self.graphs[name] | triples
                case "DELETE":
                    del self.graphs[name]
        return f"graph {verb}", answer

    def lines(self) -> set[str]:
        return {f"{triple} <{name}> ." for name, triples in self.graphs.items() for triple in triples}


def table(place: Path, name: str, first: int, count: int) -> Path:
    """A claim table of clubs, each a partner of the next."""
    file = place / f"{name}.csv"
    rows = "".join(f"Club {n},partnerOf,Club {(n * 7 + 1) % CLUBS}\n" for n in range(first, first + count))
    file.write_text(f"subject,predicate,object\n{rows}")
    return file


def test_reads_writes_and_hostile_queries_for_long(
    soak: Any, start_front: Callable[..., Any], seeded_folder: Path, tmp_path: Path, told: Callable[[str], None]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(seeded_folder, data)
    with kgraph.open(data, settings=Settings(data=data)) as graph:
        graph.load(table(tmp_path, "before", 0, CLUBS))
        claims = [claim.id for edge in graph.neighbourhood("ioc", limit=50).edges for claim in edge.claims]
        loaded, generation = exported(graph), graph.generation
    front = start_front(data, **SETTINGS)
    crowd, watch, updater, putter = soak.crowd(front), soak.watch(front, data), Updater(), Putter()
    with front.client() as client:
        assert client.get("/sparql?query=ASK%7B%7D").json()["boolean"]
        for mode in MODES:  # what is asked for the first time is compiled then
            client.post("/paths", json={"source": ["ioc"], "target": ["club-1"], "mode": mode}).raise_for_status()
        for _ in range(4):
            crowd.add(Reader(claims, generation), (200, 503), pause=0.05)
        crowd.add(updater, (200, 503), pause=0.3)
        crowd.add(putter, (200, 201, 204, 503), pause=0.3)
        for number in range(HOSTILE):
            crowd.add(soak.hostile, (200, 400, 401, 403, 503), pause=0.5, key=number == 0)
        follow(soak.seconds, crowd, watch, told)
        crowd.end()
        soak.rest(front, client, 5)
        final = watch.look()
        over_http = set(client.get("/export.nq").text.splitlines())
    children = front.processes()[1:]
    front.process.terminate()
    assert front.process.wait(30) == 0
    assert psutil.wait_procs(children, timeout=2)[1] == [], "children end with the service"
    told(
        f"\n{soak.seconds:,.0f} s, {threading.active_count()} threads left here\n\n{crowd.table()}\n\n{watch.table()}\n"
    )

    assert crowd.unexpected == []
    read = {name: counts for name, counts in crowd.statuses.items() if not wrote(name) and "query" not in name}
    refused, asked = sum(c[503] for c in read.values()), sum(c.total() for c in read.values())
    assert refused < REFUSED * asked, f"{refused} of {asked} were told that all is busy"
    assert over_http == loaded | updater.lines() | putter.lines()
    writes = sum(n for name in crowd.statuses for s, n in crowd.statuses[name].items() if s < 300 and wrote(name))
    with kgraph.open(data, settings=Settings(data=data)) as graph:
        assert [finding for finding in graph.doctor() if not finding.ok] == []
        assert generation < graph.generation <= generation + writes
        assert exported(graph) == over_http
        graph.load(table(tmp_path, "after", 100, 50))
        assert len(exported(graph)) > len(over_http)
    assert final["processes"] <= 2 + READERS, "the service, its nursery, and those for short queries"
    assert final["snapshots"] == 1
    assert max(watch.seen["processes"]) <= 2 + 4 * READERS
    assert max(watch.seen["snapshots"]) <= 2
    if soak.full:
        for name in ("front MB", "files of the front", "threads of the front", "processes"):
            assert watch.growth(name) < FLAT, name


def wrote(name: str) -> bool:
    return name.startswith(("update", "graph", "hostile u"))


def exported(graph: kgraph.KnowledgeGraph) -> set[str]:
    return set(b"".join(graph.export("nquads")).decode().splitlines())


def follow(seconds: float, crowd: Any, watch: Any, told: Callable[[str], None]) -> None:
    """Look at the service until the time is over, and say every now and then how it goes."""
    began, said = time.monotonic(), 0.0
    while (passed := time.monotonic() - began) < seconds:
        now = watch.look()
        if passed - said >= 30:
            said = passed
            answers: dict[str, int] = defaultdict(int)
            for statuses in list(crowd.statuses.values()):
                for status, count in list(statuses.items()):
                    answers[f"{status // 100}xx"] += count
            shown = ", ".join(f"{name} {value:,.0f}" for name, value in now.items() if name != "seconds")
            told(f"{passed:6,.0f} s: {dict(sorted(answers.items()))}, {len(crowd.unexpected)} unexpected; {shown}")
        time.sleep(min(5.0, seconds / 50))
