"""The start page: what this graph is, what it holds, and questions it can answer, taken from the graph itself. And the
explorer, at the same address with a query: its state."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kgraph.errors import LimitError
from kgraph.formats import SPARQL_JSON
from kgraph.model import EntityRef, NeighbourRef, Source

from .. import beginnings
from ..dependencies import Graph, aside
from ..rendering import TEMPLATES, page
from ..route import QuestionRoute

router = APIRouter(route_class=QuestionRoute, include_in_schema=False)
SHOWN = 8
"""So many demands stand on the page."""
SOURCES = 20
PATIENCE = 2.0
"""Seconds that SPARQL has for all questions together."""
AGAIN = 60.0
"""Seconds for which a page stands that SPARQL had no time for, whatever is written meanwhile."""
BUILT = Path(__file__).resolve().parent.parent / "static" / "explorer" / "explorer.js"
STATE = frozenset({"open", "add", "path", "gone", "pin", "hide", "focus", "view", "story", "find"})
"""What an address of the explorer says at least one of (`web/src/explorer/state.ts` reads and writes it)."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the start page shows. There are `more` sources than those. It stands for its generation where SPARQL had
    time for all of it, otherwise `until` (of the monotonic clock): a graph so large is not read for each commit."""

    generation: int
    until: float | None
    entities: int
    claims: int
    sources: tuple[Source, ...]
    more: bool
    demands: list[dict[str, str]]
    questions: tuple[beginnings.Question, ...]


@router.get("/")
async def start(request: Request, graph: Graph) -> Response:
    """A page for people; programs find `/openapi.json`. With the explorer's state in the query, the explorer."""
    if not STATE.isdisjoint(request.query_params):
        return _explorer(request)
    state = request.app.state
    async with state.starting:  # who comes meanwhile waits for the same
        held: Start | None = getattr(state, "start", None)
        if held is None or not _stands(held, graph):
            try:
                held = await aside(request, _read, graph, state.settings.max_limit)
            except LimitError:  # no thread was free: the page does without this time
                return page(request, "start.html", start=None, headers={"Cache-Control": "no-store"})
            state.start = held
    headers = None if held.until is None else {"Cache-Control": "no-store"}
    return page(request, "start.html", start=held, headers=headers)


@router.get("/explore")
async def explore(request: Request) -> Response:
    """The explorer by name: at `/`, with what the query says, or an empty map."""
    query = request.scope["query_string"].decode("latin-1")
    asked = query if not STATE.isdisjoint(request.query_params) else f"{query}&view=map".lstrip("&")
    return RedirectResponse(f"{request.scope.get('root_path', '')}/?{asked}", 307)


def _explorer(request: Request) -> Response:
    """The explorer's page, or the words that say how to build it; either links what can be read without it."""
    steps = [*request.query_params.getlist("open"), *request.query_params.getlist("add")]
    opened = [step.partition("!")[0] for step in steps[:10]]
    if BUILT.is_file():
        return page(request, "explorer.html", opened=opened)
    return page(
        request, "unbuilt.html", opened=opened, headers={"Cache-Control": "no-store"}
    )  # it may be built any time


def _stands(held: Start, graph: Graph) -> bool:
    return held.generation == graph.generation if held.until is None else time.monotonic() < held.until


def _read(graph: Graph, most: int) -> Start:
    generation, size = graph.generation, graph.size
    ends, until = time.monotonic() + PATIENCE, None

    def asked(query: str) -> list[dict[str, str]]:
        nonlocal until
        if (left := ends - time.monotonic()) > 0:
            with contextlib.suppress(LimitError):
                return _rows(graph, query, timeout=left)
        until = time.monotonic() + AGAIN
        return []

    def rows(query: str) -> list[dict[str, str]]:
        return [{name: graph.namespaces.compress(value) for name, value in row.items()} for row in asked(query)]

    demands = asked("demands")
    sources = graph.sources(limit=min(SOURCES, most))
    addressed = [row for row in demands if "addressee" in row]

    def near(entity: str) -> bool:
        return bool(graph.neighbourhood(entity, hops=1, limit=1).edges)

    far = _far(graph, addressed, sources.items, most)
    questions = beginnings.questions(rows, near, demands, far, sources.items)
    return Start(
        generation=generation,
        until=until,
        entities=size.entities,
        claims=size.claims,
        sources=sources.items,
        more=sources.truncated,
        demands=demands[:SHOWN],
        questions=questions,
    )


def _far(
    graph: Graph, demands: list[dict[str, str]], sources: tuple[Source, ...], most: int
) -> tuple[NeighbourRef, EntityRef] | None:
    """Two entities some steps apart: one who is addressed by a demand, or else credited by a source, and what stands
    farthest from it within three hops, somebody credited before a thing."""
    agents = [credit.agent.id for source in sources for credit in source.credits if credit.agent.id != source.id]
    for entity in [*(row["addressee"] for row in demands), *agents][:SHOWN]:
        found = graph.neighbourhood(entity, hops=3, limit=min(200, most))
        things = [node for node in found.nodes if node.quantity is None and node.period is None]
        apart = [node for node in things if node.distance > 1]
        far = max(apart, key=lambda node: (node.id in agents, node.distance), default=None)
        if far is not None and found.centre is not None:
            return far, found.centre
    return None


def _rows(graph: Graph, query: str, timeout: float) -> list[dict[str, str]]:
    """The rows of one of the start page's own queries."""
    dataset = [graph.namespaces.graph(name) for name in ("entities", "claims")]
    text = (TEMPLATES / f"{query}.rq").read_text("utf-8")
    answer = graph.sparql(text, format=SPARQL_JSON.name, default_graph_uri=dataset, timeout=timeout)
    bindings: list[dict[str, dict[str, Any]]] = orjson.loads(answer.body)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in bindings]
