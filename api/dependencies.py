"""What routes are given: the graph, and the bounds of what a client may ask for."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Depends
from starlette.requests import Request

from kgraph import KnowledgeGraph
from kgraph.settings import Settings

from .schemas import Question

Asked = TypeVar("Asked", bound=Question)
_BOUNDS = {"limit": "max_limit", "k": "max_limit", "max_ms": "max_ms", "max_edges": "max_edges", "max_hops": "max_hops"}


async def _graph(request: Request) -> KnowledgeGraph:
    # A coroutine, though nothing is awaited: a plain function would cost each request a change of thread.
    graph: KnowledgeGraph = request.app.state.graph
    return graph


Graph = Annotated[KnowledgeGraph, Depends(_graph)]


def bounded(request: Request, question: Asked) -> Asked:
    """The question with defaults lowered to the service's settings. A wish above them is the library's to refuse."""
    settings: Settings = request.app.state.settings
    lowered = {
        name: getattr(settings, most)
        for name, most in _BOUNDS.items()
        if name not in question.model_fields_set and getattr(question, name, 0) > getattr(settings, most)
    }
    return question.model_copy(update=lowered) if lowered else question
