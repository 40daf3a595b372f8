"""Data folders to measure on, made once: the shipped seeds, or a synthetic claim table."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from kept import FOLDER, made_once
from ranked import RankedGraph
from tabled import table_of

import kgraph
from kgraph import KnowledgeGraph, resources
from kgraph.settings import Settings
from kgraph.store.folder import DataFolder


def folder_of(claims: int, folder: Path = FOLDER, hub: int | None = None) -> Path:
    """A data folder with a synthetic claim table of so many claims, five a node; with 0, the shipped seeds. `hub`: so
    many claims about the largest node."""
    if not claims:
        return made_once(folder / "seeds", _seeded)
    name = f"claims-{claims}" + (f"-hub-{hub}" if hub else "")
    return made_once(folder / name, lambda part: _tabled(part, drawn(claims, hub)))


def copy_of(folder: Path) -> Path:
    """A copy to write in."""
    copy = folder.with_name(f"{folder.name}-written")
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(folder, copy)


def opened(folder: Path) -> KnowledgeGraph:
    """The graph of a data folder."""
    return kgraph.open(folder, settings=Settings(data=folder))


def names(folder: Path, claims: int) -> tuple[list[str], list[str]]:
    """Who has a relation that leaves it, and who has one that comes to it, by CURIE, in a folder of `folder_of`."""
    if claims:
        graph = drawn(claims).graph
        return tuple([f"id:n{node:08}" for node in np.unique(ends).tolist()] for ends in (graph.source, graph.target))
    with opened(folder) as seeds:
        edges, compress = list(seeds.to_networkx().edges()), seeds.namespaces.compress
    return sorted({compress(a) for a, _ in edges}), sorted({compress(b) for _, b in edges})


def pairs(sources: list[str], targets: list[str], count: int) -> list[tuple[str, str]]:
    """Distinct pairs of different names at random, so many or all there are."""
    random = np.random.default_rng(17)
    found: dict[tuple[str, str], None] = {}
    count = min(count, (len(sources) * len(targets)) // 2)
    while len(found) < count:
        ends = zip(random.integers(0, len(sources), count), random.integers(0, len(targets), count), strict=True)
        found |= dict.fromkeys((sources[a], targets[b]) for a, b in ends if sources[a] != targets[b])
    return list(found)[:count]


def _seeded(part: Path) -> None:
    part.rmdir()
    with opened(part) as graph:
        graph.load(*resources.seeds())


def drawn(claims: int, hub: int | None = None) -> RankedGraph:
    """What the claim table of a folder states."""
    return RankedGraph.drawn(claims // 5, claims, hub, once=True)


def _tabled(part: Path, graph: RankedGraph) -> None:
    part.rmdir()
    with opened(part):
        pass  # which commits the ontology
    with DataFolder.open(part, "benchmark") as folder:
        claims = table_of(graph)
        folder.commit_table(claims, author="benchmark", message="a synthetic claim table")
    with opened(part):
        pass  # which builds the index, and keeps it
