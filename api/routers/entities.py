"""`/entity`: everything the graph holds about one thing, as JSON, RDF or a page."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.formats import Format
from kgraph.model import Entity

from ..dependencies import Graph, bounded, walking
from ..negotiation import HTML, choose
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import EntityQuestion
from .things import PAGED, RDF, described, shown

router = APIRouter(route_class=QuestionRoute, tags=["questions"])


@router.get(
    "/entity",
    summary="One entity with its facts, claims, mentions and notes",
    response_model=None,
    responses=documented(*(f.media_type for f in (*RDF, HTML)), model=Entity),
)
async def entity(request: Request, graph: Graph, question: Annotated[EntityQuestion, Query()]) -> Response:
    """Everything about one entity; its claims are paged. RDF holds the entity and its neighbours at one hop."""
    question = bounded(request, question)
    wanted = choose(request, PAGED)
    if wanted in RDF:
        return await walking(request, _described, request, graph, question, wanted)
    return await to_thread.run_sync(represent, request, graph, question, wanted)


def represent(request: Request, graph: Graph, question: EntityQuestion, wanted: Format) -> Response:
    """An entity as JSON or as a page. Raises EntityNotFoundError."""
    found = graph.entity(question.id, limit=question.limit, cursor=question.cursor, **question.lens())
    return shown(request, found, "entity.html", wanted)


def _described(request: Request, graph: Graph, question: EntityQuestion, wanted: Format) -> Response:
    found = graph.entity(question.id, limit=1, **question.lens())
    return described(request, graph, found.iri, wanted, PAGED, question.lens())
