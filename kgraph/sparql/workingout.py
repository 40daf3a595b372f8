"""A change worked out in a child, wherever the graph is kept: an update, or a document for a graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kgraph.sparql import updating, uploading
from kgraph.sparql.answers import UnansweredError
from kgraph.sparql.changes import Base, UnappliedError

_TASKS = {"update": updating.update, "graph": uploading.graph}


def worked_out(store: Base, request: Mapping[str, Any], text: str) -> bytes:
    """What the task of a request changes (`updating.py`, `uploading.py`).

    Raises UnansweredError, SyntaxError for an update that does not parse.
    """
    try:
        return _TASKS[request["task"]](store, {**request, "text": text})
    except UnappliedError as stopped:
        raise UnansweredError(stopped.status, str(stopped)) from stopped
