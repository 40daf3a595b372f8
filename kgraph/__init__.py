"""kgraph: who is connected to whom, and who says so.

>>> import kgraph
>>> with kgraph.open("data") as graph:                                            # doctest: +SKIP
...     graph.paths("amnesty-international", "antonio-guterres").paths[0].sentence
"""

from __future__ import annotations

from pathlib import Path

from kgraph.errors import KGraphError
from kgraph.graph import KnowledgeGraph
from kgraph.question import LensOptions
from kgraph.settings import Settings

__version__ = "0.1.0"
__all__ = ["KGraphError", "KnowledgeGraph", "LensOptions", "Settings", "open", "read"]


def open(folder: Path | str, settings: Settings | None = None, holder: str = "kgraph") -> KnowledgeGraph:
    """Open a data folder, made when it is not there. Raises FolderBusyError, DamagedError."""
    return KnowledgeGraph.open(folder, settings=settings, holder=holder)


def read(*paths: Path | str, settings: Settings | None = None) -> KnowledgeGraph:
    """A graph in memory, of claim files, seed folders or RDF files such as `graph.ttl`."""
    return KnowledgeGraph.read(*paths, settings=settings)
