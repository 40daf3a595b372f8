"""The start page: what this graph is, what it holds, and questions it can answer, taken from the graph itself. And the
explorer, at the same address with a query: its state."""

from __future__ import annotations

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

from ..dependencies import Graph, aside
from ..rendering import TEMPLATES, page
from ..route import QuestionRoute

router = APIRouter(route_class=QuestionRoute, include_in_schema=False)
BUILT = Path(__file__).resolve().parent.parent / "static" / "explorer" / "explorer.js"
STATE = frozenset({"open", "add", "path", "gone", "pin", "hide", "focus", "view", "story", "find"})
"""What an address of the explorer says at least one of (`web/src/explorer/state.ts` reads and writes it)."""


@dataclass(frozen=True, slots=True)
class Start:
    """What the start page shows; the same for a whole generation."""

    generation: int
    entities: int
    claims: int
    sources: tuple[Source, ...]
    demands: list[dict[str, str]]
    near: list[dict[str, str]]
    path: tuple[NeighbourRef, EntityRef] | None


@router.get("/")
async def start(request: Request, graph: Graph) -> Response:
    """A page for people; programs find `/openapi.json`. With the explorer's state in the query, the explorer."""
    if not STATE.isdisjoint(request.query_params):
        return _explorer(request)
    held: Start | None = getattr(request.app.state, "start", None)
    if held is None or held.generation != graph.generation:
        try:
            held = await aside(request, _read, graph, request.app.state.settings.max_limit)
        except LimitError:  # SPARQL is busy: the page does without the numbers this time
            return page(request, "start.html", start=None, headers={"Cache-Control": "no-store"})
        request.app.state.start = held
    return page(request, "start.html", start=held)


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


def _read(graph: Graph, most: int) -> Start:
    counts = _rows(graph, "counts")
    demands = _rows(graph, "demands")
    addressed = [row for row in demands if "addressee" in row]
    near = list({row["demand"]: row for row in (addressed or demands)}.values())[:4]
    return Start(
        generation=graph.generation,
        entities=int(counts[0]["entities"]),
        claims=int(counts[0]["claims"]),
        sources=graph.sources(limit=min(20, most)).items,
        demands=demands,
        near=near,
        path=_far(graph, addressed, most),
    )


def _far(graph: Graph, demands: list[dict[str, str]], most: int) -> tuple[NeighbourRef, EntityRef] | None:
    """Two entities some steps apart: an addressee of a demand and what stands farthest from it within three hops."""
    for row in demands:
        found = graph.neighbourhood(row["addressee"], hops=3, limit=min(200, most))
        things = [node for node in found.nodes if node.quantity is None and node.period is None]
        far = max(things, key=lambda node: node.distance, default=None)
        if far is not None and found.centre is not None and far.distance > 1:
            return far, found.centre
    return None


def _rows(graph: Graph, query: str) -> list[dict[str, str]]:
    """The rows of one of the start page's own queries."""
    dataset = [graph.namespaces.graph(name) for name in ("entities", "claims")]
    text = (TEMPLATES / f"{query}.rq").read_text("utf-8")
    answer = graph.sparql(text, format=SPARQL_JSON.name, default_graph_uri=dataset)
    bindings: list[dict[str, dict[str, Any]]] = orjson.loads(answer.body)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in bindings]
