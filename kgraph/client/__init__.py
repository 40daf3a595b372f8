"""A graph from outside: `Client` and `AsyncClient`, for notebooks and scripts.

>>> from kgraph.client import Client
>>> Client("graph.ttl").search("IATP").df["label"][0]
'Inter-Parliamentary Alliance on China'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from kgraph.client.answer import Answer
    from kgraph.client.asyncclient import AsyncClient
    from kgraph.client.binding import Iri
    from kgraph.client.client import Client
    from kgraph.client.queried import Rows
    from kgraph.client.result import Result
    from kgraph.client.widget import GraphWidget

__all__ = ["Answer", "AsyncClient", "Client", "GraphWidget", "Iri", "Result", "Rows"]

# Imported when they are asked for: the command line needs the HTTP face alone.
_HOMES = {
    "Answer": "answer",
    "AsyncClient": "asyncclient",
    "Client": "client",
    "GraphWidget": "widget",
    "Iri": "binding",
    "Result": "result",
    "Rows": "queried",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"kgraph.client.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext kgraph.client`: the cell magic `%%sparql`. Needs the extra `notebook`."""
    from kgraph.client.extras import needed

    needed("IPython", "notebook")
    needed("kgraph.client.magic", "notebook").load(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
