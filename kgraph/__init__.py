"""kgraph: who is connected to whom, and who says so.

>>> import kgraph
>>> with kgraph.open("data") as graph:                                            # doctest: +SKIP
...     graph.paths("amnesty-international", "antonio-guterres").paths[0].sentence
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kgraph.errors import KGraphError
    from kgraph.graph import KnowledgeGraph
    from kgraph.question import LensOptions
    from kgraph.settings import Settings

__version__ = "0.1.0"
__all__ = ["KGraphError", "KnowledgeGraph", "LensOptions", "Settings", "open", "read"]

# Imported when they are asked for: the processes that evaluate SPARQL need a part of the library only.
_HOMES = {
    "KGraphError": "kgraph.errors",
    "KnowledgeGraph": "kgraph.graph",
    "LensOptions": "kgraph.question",
    "Settings": "kgraph.settings",
}


def open(folder: Path | str, settings: Settings | None = None, holder: str = "kgraph") -> KnowledgeGraph:
    """Open a data folder, made when it is not there. Raises FolderBusyError, DamagedError."""
    from kgraph.graph import KnowledgeGraph

    return KnowledgeGraph.open(folder, settings=settings, holder=holder)


def read(*paths: Path | str, settings: Settings | None = None) -> KnowledgeGraph:
    """A graph in memory, of claim files, seed folders or RDF files such as `graph.ttl`."""
    from kgraph.graph import KnowledgeGraph

    return KnowledgeGraph.read(*paths, settings=settings)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
