"""Operations: `/livez`, `/readyz`, `/metrics`, and the page of `/docs` with assets of this machine."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ..dependencies import Graph
from ..rendering import json, page
from ..responses import FollowingState, Ready, refusals
from ..route import QuestionRoute
from ..schemas import NoQuestion
from ..stopping import NotReadyError

router = APIRouter(route_class=QuestionRoute, tags=["operations"])


@router.get("/livez", summary="Is the process alive", response_class=PlainTextResponse, responses=refusals(400))
async def livez(_: Annotated[NoQuestion, Query()]) -> Response:
    """`ok`, whatever the state of the graph."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", summary="Can it answer", response_model=Ready, responses=refusals(400, 503))
def readyz(graph: Graph, _: Annotated[NoQuestion, Query()]) -> Response:
    """The generation that is served, and whether journal, store and index agree; 503 where they do not, and while the
    service is being stopped. One that follows another says how far behind that it is."""
    graph.sources(limit=1)
    at = graph.standing
    if not at.agrees:
        raise NotReadyError(f"the journal is at {at.journal}, the store at {at.store}, the index at {at.index}")
    following = graph.following and FollowingState(**asdict(graph.following))
    ready = Ready(status="ready", generation=at.index, journal=at.journal, store=at.store, following=following)
    return json(ready.model_dump(exclude_none=following is None))


@router.get("/metrics", summary="Counts for Prometheus", response_class=PlainTextResponse, responses=refusals(400))
async def metrics(request: Request, graph: Graph, _: Annotated[NoQuestion, Query()]) -> Response:
    """Requests by route, method and status; generations of the parts; processes of SPARQL; times of commits."""
    return PlainTextResponse(
        request.app.state.telemetry.text(graph.standing, graph.sparql_load, graph.sync_times),
        media_type="text/plain; version=0.0.4",
    )


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    """The description of this service, with examples that this graph answers."""
    return json(request.app.openapi())


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> Response:
    """Swagger UI, its assets and its start script served from here."""
    return page(request, "docs.html")
