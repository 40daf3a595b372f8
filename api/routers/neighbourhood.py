"""`/neighbourhood`, `/connect`, `/timeline`: what stands near, what joins, what came when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.model import Neighbourhood, Timeline

from ..dependencies import Graph, bounded, searching, walking
from ..negotiation import prefers_json
from ..rendering import answer, json
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import ConnectQuestion, NeighbourhoodQuestion, TimelineQuestion

router = APIRouter(route_class=QuestionRoute, tags=["questions"])


@router.get(
    "/neighbourhood",
    summary="What stands near an entity",
    response_model=None,
    responses=documented("text/html", model=Neighbourhood),
)
async def neighbourhood(
    request: Request, graph: Graph, question: Annotated[NeighbourhoodQuestion, Query()]
) -> Response:
    """Nodes by distance, and every relation with the claims that state it."""
    question = bounded(request, question)
    if prefers_json(request):
        found = graph.at_once.neighbourhood(question.entity, **question.keywords())
        if found is not None:
            return json(found)
    return await walking(request, _neighbourhood, request, graph, question)


def _neighbourhood(request: Request, graph: Graph, question: NeighbourhoodQuestion) -> Response:
    found = graph.neighbourhood(question.entity, **question.keywords())
    return answer(request, found, "neighbourhood.html")


@router.get(
    "/connect",
    summary="The small subgraph that connects entities",
    response_model=None,
    responses=documented("text/html", model=Neighbourhood),
)
async def connect(request: Request, graph: Graph, question: Annotated[ConnectQuestion, Query()]) -> Response:
    """A neighbourhood without a centre."""
    return await searching(request, _connect, request, graph, bounded(request, question))


def _connect(request: Request, graph: Graph, question: ConnectQuestion) -> Response:
    found = graph.connect(
        question.entity,
        max_hops=question.max_hops,
        max_edges=question.max_edges,
        max_ms=question.max_ms,
        **question.lens(),
    )
    return answer(request, found, "neighbourhood.html")


@router.get(
    "/timeline",
    summary="Dated claims about an entity, in order",
    response_model=None,
    responses=documented("text/html", model=Timeline),
)
def timeline(request: Request, graph: Graph, question: Annotated[TimelineQuestion, Query()]) -> Response:
    """By earliest bound, then latest, then id."""
    question = bounded(request, question)
    found = graph.timeline(question.entity, limit=question.limit, cursor=question.cursor, **question.lens())
    return answer(request, found, "timeline.html")
