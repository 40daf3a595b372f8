"""Memory for edges with all that is told of them: a networkx `MultiDiGraph` with the same attributes, and kgraph.

    python benchmarks/memory.py --edges 1000000 2000000 4000000 --of 10000000

Each size is built in a process of its own, which tells by how much its memory grew. What `--of` edges take is drawn as
a straight line through the smallest and the largest size measured, unless it is among them. networkx's graph comes in
two ways: "shared", where attributes that are equal are one object (only claims and spans have names of their own), the
kindest way to it; and "as read", where each edge has texts and numbers of its own, as a reader of CSV gives them, up to
4 million edges. Nodes are shared by their edges in both. kgraph's index is a file that is mapped: its size counts, and
what a process that has opened it and answered questions takes beside the file.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
from journalled import Asked, JournalFolder, indexing, journal_of
from kept import FOLDER
from measure import machine, resident
from ranked import ARTICLES, RankedGraph
from tabled import MONTHS, Told

PACKAGES = ["kgraph-claims", "networkx", "numpy"]
BATCH = 100_000
ASKED = 200
WAYS = ("shared", "as read")
MOST_AS_READ = 4_000_000


def drawn(edges: int) -> RankedGraph:
    """The graph: ten edges a node, one claim an edge."""
    return RankedGraph.drawn(edges // 10, edges, once=True)


def edges_of(graph: RankedGraph) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """The edges as networkx takes them: both ends, the key (the claim's IRI), and the attributes."""
    told, ids = Told.of(graph), graph.ids
    names = [graph.iri(node) for node in range(graph.graph.nodes)]
    articles = [f"{ids}article-{number}" for number in range(ARTICLES)]
    days = [(f"{month}-01", f"{month}-28") for month in MONTHS]
    confidences = [number / 100 for number in range(101)]
    codes = {"voice": f"{ids}tabular", "modality": f"{ids}reported", "polarity": f"{ids}affirmed"}
    columns = (
        *(graph.graph.source, graph.graph.target, graph.graph.predicate),
        *(told.article, told.speaker, told.relay, told.month, (told.confidence * 100).round().astype(int)),
    )
    for start in range(0, len(told.edge), BATCH):
        rows = zip(*(column[start : start + BATCH].tolist() for column in columns), strict=True)
        for claim, (source, target, predicate, article, speaker, relay, month, confidence) in enumerate(rows, start):
            attributes = {
                "predicate": graph.relations[predicate],
                "source": articles[article],
                "speaker": names[speaker],
                "relay": names[relay] if relay >= 0 else None,
                **codes,
                "earliest": days[month][0],
                "latest": days[month][1],
                "confidence": confidences[confidence],
                "span": f"{ids}span-{claim:020x}",
            }
            yield names[source], names[target], f"{ids}claim-{claim:020x}", attributes


def _as_read(value: Any) -> Any:
    """A text or number of its own."""
    return value.encode().decode() if isinstance(value, str) else value and value * 1.0000001


def networkx_takes(edges: int, *, shared: bool) -> tuple[int, ...]:
    """Bytes by which this process grows when the graph is built."""
    graph = drawn(edges)
    _settle()
    before = resident()
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    gc.disable()
    for source, target, key, attributes in edges_of(graph):
        if not shared:
            attributes = {name: _as_read(value) for name, value in attributes.items()}
        made.add_edge(source, target, key=key, **attributes)
    gc.enable()
    assert made.number_of_edges() == edges
    _settle()
    return (resident() - before,)


def kgraph_takes(edges: int, folder: Path) -> tuple[int, ...]:
    """Bytes of the index, and bytes beside the file by which a process grows that opens it and answers questions."""
    path = folder / f"journal-{edges}"
    file = indexing(JournalFolder(path)).file
    assert file is not None
    _settle()
    before = _own()
    asked = Asked(JournalFolder(path))
    last = f"n{edges // 10 - 1:08}"
    for name in (f"n{number:08}" for number in range(ASKED)):
        asked.neighbourhood(name, limit=20)
        asked.paths(name, last)
    _settle()
    return file.stat().st_size, _own() - before


def _own() -> int:
    """Bytes of memory that the process has, without mapped files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("RssAnon"))) * 1024


def _settle() -> None:
    """Memory that nobody uses any more is the system's again."""
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def in_a_process(what: str, edges: int, folder: Path) -> list[int]:
    """What a child told."""
    command = [sys.executable, __file__, "--child", what, "--edges", str(edges), "--folder", str(folder)]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if told.returncode:
        raise SystemExit(f"{what}, {edges:,} edges: ended with {told.returncode}")
    return [int(number) for number in told.stdout.split()]


def main() -> None:
    """Measure and print as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edges", type=int, nargs="+", default=[1_000_000, 2_000_000, 4_000_000])
    parser.add_argument("--of", type=int, default=10_000_000, help="edges to tell the memory of")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--child", choices=[*WAYS, "kgraph"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        size = given.edges[0]
        shared = given.child == WAYS[0]
        print(*(networkx_takes(size, shared=shared) if given.child in WAYS else kgraph_takes(size, given.folder)))
        return
    machine(PACKAGES)
    print("\n| networkx MultiDiGraph | edges, ten a node | MiB | bytes an edge |\n|---|---|---|---|", flush=True)
    wide = {way: _networkx(way, sorted(given.edges), given.of, given.folder) for way in WAYS}
    print()
    journal_of(given.folder / f"journal-{given.of}", lambda: drawn(given.of))
    in_a_process("kgraph", given.of, given.folder)  # the first time the index is built, and kernels are compiled
    index, beside = in_a_process("kgraph", given.of, given.folder)
    print(
        f"- kgraph, {given.of:,} edges: index {index / 2**20:,.0f} MiB, {index / given.of:,.0f} bytes an edge; ", end=""
    )
    print(f"memory beside it after {2 * ASKED} questions {beside / 2**20:,.0f} MiB")
    for way, size in wide.items():
        print(f"- networkx, {way}: {size / (index + beside):.1f} times both, {size / index:.1f} times the index")


def _networkx(way: str, sizes: list[int], of: int, folder: Path) -> int:
    """What networkx takes for `of` edges, measured or drawn on from what was."""
    taken: dict[int, int] = {}
    for edges in sizes:
        if way == WAYS[0] or edges <= MOST_AS_READ:
            (taken[edges],) = in_a_process(way, edges, folder)
            print(f"| {way} | {edges:,} | {taken[edges] / 2**20:,.0f} | {taken[edges] / edges:,.0f} |", flush=True)
    if of not in taken:
        least, most = min(taken), max(taken)
        slope = (taken[most] - taken[least]) / (most - least) if most > least else taken[most] / most
        taken[of] = int(taken[most] + slope * (of - most))
        print(f"| {way} | {of:,}, drawn on | {taken[of] / 2**20:,.0f} | {taken[of] / of:,.0f} |", flush=True)
    return taken[of]


if __name__ == "__main__":
    main()
