"""Operations: `/livez`, `/readyz`, `/metrics`, and the page of `/docs` with assets of this machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ..dependencies import Graph
from ..rendering import json, page
from ..route import QuestionRoute
from ..schemas import FollowingState, NoQuestion, Ready, refusals

router = APIRouter(route_class=QuestionRoute, tags=["operations"])


@router.get("/livez", summary="Is the process alive", response_class=PlainTextResponse, responses=refusals(400))
async def livez(_: Annotated[NoQuestion, Query()]) -> Response:
    """`ok`, whatever the state of the graph."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", summary="Can it answer", response_model=Ready, responses=refusals(400, 503))
def readyz(graph: Graph, _: Annotated[NoQuestion, Query()]) -> Response:
    """The generation that is served, and where this service follows another one, how far behind it is."""
    graph.sources(limit=1)
    following = graph.following and FollowingState(**asdict(graph.following))
    ready = Ready(status="ready", generation=graph.generation, following=following)
    return json(ready.model_dump(exclude_none=following is None))


@router.get("/metrics", summary="Counts for Prometheus", response_class=PlainTextResponse, responses=refusals(400))
async def metrics(request: Request, graph: Graph, _: Annotated[NoQuestion, Query()]) -> Response:
    """Requests and seconds by route, method and status; the generation; processes of SPARQL."""
    return PlainTextResponse(
        request.app.state.telemetry.text(graph.generation, graph.sparql_load), media_type="text/plain; version=0.0.4"
    )


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    """The description of this service, with examples that this graph answers."""
    return json(request.app.openapi())


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    """Swagger UI, its assets and its start script served from here."""
    return page(request, "docs.html")
