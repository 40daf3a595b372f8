"""Data folders to measure on, made once: the shipped seeds, or a claim table of so many rows."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
from kept import FOLDER, made_once

import kgraph
from kgraph import KnowledgeGraph, resources
from kgraph.settings import Settings


def folder_of(claims: int, folder: Path = FOLDER) -> Path:
    """A data folder with a synthetic claim table of so many claims; with 0, the shipped seeds."""
    if claims:
        raise SystemExit("claim tables are not here yet: leave --claims out")
    return made_once(folder / "seeds", _seeded)


def copy_of(folder: Path) -> Path:
    """A copy to write in."""
    copy = folder.with_name(f"{folder.name}-written")
    shutil.rmtree(copy, ignore_errors=True)
    return shutil.copytree(folder, copy)


def opened(folder: Path) -> KnowledgeGraph:
    """The graph of a data folder."""
    return kgraph.open(folder, settings=Settings(data=folder))


def names(graph: KnowledgeGraph) -> tuple[list[str], list[str]]:
    """Who has a relation that leaves it, and who has one that comes to it, by CURIE."""
    relations = graph.to_networkx()
    sources = sorted({graph.namespaces.compress(a) for a, _ in relations.edges()})
    targets = sorted({graph.namespaces.compress(b) for _, b in relations.edges()})
    return sources, targets


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
