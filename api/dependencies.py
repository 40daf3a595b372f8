"""What routes are given: the graph, and the bounds of what a client may ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, Semaphore, move_on_after, to_thread
from anyio.lowlevel import RunVar
from fastapi import Depends
from starlette.requests import Request

from kgraph import KnowledgeGraph
from kgraph.errors import LimitError
from kgraph.settings import Settings

from .schemas import Question

Asked = TypeVar("Asked", bound=Question)
Answer = TypeVar("Answer")
_readers: RunVar[tuple[Semaphore, CapacityLimiter]] = RunVar("kgraph_readers")
_BOUNDS = {"limit": "max_limit", "k": "max_limit", "max_ms": "max_ms", "max_edges": "max_edges", "max_hops": "max_hops"}


async def _graph(request: Request) -> KnowledgeGraph:
    # A coroutine, though nothing is awaited: a plain function would cost each request a change of thread.
    graph: KnowledgeGraph = request.app.state.graph
    return graph


async def aside(request: Request, work: Callable[..., Answer], *arguments: object) -> Answer:
    """Do SPARQL work in threads of its own, one for each reader, so that slow queries never keep the verbs waiting.

    Raises LimitError when no reader was free for as long as a query may take.
    """
    settings: Settings = request.app.state.settings
    try:
        turns, threads = _readers.get()
    except LookupError:  # the first SPARQL request of this event loop
        turns, threads = Semaphore(settings.readers), CapacityLimiter(settings.readers)
        _readers.set((turns, threads))
    with move_on_after(settings.query_timeout) as waiting:
        await turns.acquire()
    if waiting.cancelled_caught:
        detail = f"all {settings.readers} readers stayed busy for {settings.query_timeout:g} s; try again"
        raise LimitError("readers", str(settings.readers), detail)
    try:
        return await to_thread.run_sync(work, *arguments, limiter=threads)
    finally:
        turns.release()


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
