"""What routes are given: the graph, and the bounds of what a client may ask for."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
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
_turns: RunVar[dict[str, tuple[Semaphore, CapacityLimiter]]] = RunVar("kgraph_turns")
SEARCHES = 3
"""How many path searches are done at once, and how many walks: they compute, and share one processor."""
_LEAST = 0.01
_BOUNDS = {"limit": "max_limit", "k": "max_limit", "max_ms": "max_ms", "max_edges": "max_edges", "max_hops": "max_hops"}


def _graph(request: Request) -> KnowledgeGraph:
    graph: KnowledgeGraph = request.app.state.graph
    return graph


async def aside(request: Request, work: Callable[..., Answer], *arguments: object) -> Answer:
    """Do SPARQL work in threads of its own, one for each reader, so that slow queries never keep the verbs waiting.

    Raises LimitError when no reader was free for as long as a query may take.
    """
    settings: Settings = request.app.state.settings
    return await _in_turn(settings, "readers", settings.readers, work, *arguments)


async def searching(request: Request, work: Callable[..., Answer], *arguments: object) -> Answer:
    """Search for paths, a few requests at a time. Raises LimitError like `aside`."""
    return await _in_turn(request.app.state.settings, "searches", SEARCHES, work, *arguments)


async def walking(request: Request, work: Callable[..., Answer], *arguments: object) -> Answer:
    """Walk or write a part of the graph, a few requests at a time. Raises LimitError like `aside`."""
    return await _in_turn(request.app.state.settings, "walks", SEARCHES, work, *arguments)


async def updating(request: Request, work: Callable[..., Answer], *arguments: object) -> Answer:
    """Work out an update or an upload and commit it, one after the other: in what is left of the seconds that a query
    may take, which the last argument tells. Raises LimitError like `aside`."""
    settings: Settings = request.app.state.settings
    ends = time.monotonic() + settings.query_timeout

    def doing() -> Answer:
        return work(*arguments, max(ends - time.monotonic(), _LEAST))

    return await _in_turn(settings, "updates", 1, doing)


async def _in_turn(settings: Settings, name: str, most: int, work: Callable[..., Answer], *arguments: object) -> Answer:
    try:
        held = _turns.get()
    except LookupError:  # the first request of this event loop
        _turns.set(held := {})
    turns, threads = held.setdefault(name, (Semaphore(most), CapacityLimiter(most)))
    with move_on_after(settings.query_timeout) as waiting:
        await turns.acquire()
    if waiting.cancelled_caught:
        detail = f"all {most} {name} stayed busy for {settings.query_timeout:g} s; try again"
        raise LimitError(name, str(most), detail)
    try:
        return await to_thread.run_sync(work, *arguments, limiter=threads)
    finally:
        turns.release()


Graph = Annotated[KnowledgeGraph, Depends(_graph)]


def bounded(request: Request, question: Asked) -> Asked:
    """The question with defaults lowered to the service's settings. A wish above them is the library's to refuse."""
    settings: Settings = request.app.state.settings
    most = tuple([getattr(settings, name) for name in _BOUNDS.values()])
    lowered = {n: value for n, value in _lowered(type(question), most) if n not in question.model_fields_set}
    return question.model_copy(update=lowered) if lowered else question


@lru_cache(maxsize=64)
def _lowered(question: type[Question], most: tuple[int, ...]) -> tuple[tuple[str, int], ...]:
    """The parameters whose defaults are above these bounds, with the bound."""
    fields = question.model_fields
    bounds = [(name, value) for name, value in zip(_BOUNDS, most, strict=True) if name in fields]
    return tuple((name, value) for name, value in bounds if fields[name].default > value)
