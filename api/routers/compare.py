"""`/compare`: one entity from two sides, as two lenses or two times see it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import ParameterError
from kgraph.model import Comparison

from ..dependencies import Graph, bounded, searching
from ..negotiation import prefers_html
from ..rendering import answer, page
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import CompareQuestion

router = APIRouter(route_class=QuestionRoute, tags=["questions"])
SOURCES, CREDITED = 20, 12
"""Of the first so many sources, so many of those who are credited most are offered to be left out."""


@router.get(
    "/compare",
    summary="What two lenses, or two times, see of an entity",
    response_model=None,
    responses=documented("text/html", model=Comparison),
)
async def compare(request: Request, graph: Graph, question: Annotated[CompareQuestion, Query()]) -> Response:
    """Which relations `other` sees no more, sees anew, sees still; each with its claims.

    A browser that does not say yet what is to be compared gets the page to say it.
    """
    return await searching(request, _compare, request, graph, bounded(request, question))


def _compare(request: Request, graph: Graph, question: CompareQuestion) -> Response:
    offered = _offered(graph, request.app.state.settings.max_limit) if prefers_html(request) else ()
    if prefers_html(request) and (question.entity is None or not any((*question.one, *question.other))):
        return page(request, "compare.html", answer=None, asked=question, offered=offered)
    if question.entity is None:
        raise ParameterError("entity", "", "is needed")
    found = graph.compare(question.entity, **question.keywords())
    return answer(request, found, "compare.html", asked=question, offered=offered)


def _offered(graph: Graph, most: int) -> tuple[tuple[str, str], ...]:
    """Those who are credited most in the first sources, each once: id and label."""
    credits = [credit for source in graph.sources(limit=min(SOURCES, most)).items for credit in source.credits]
    names = {credit.agent.id: credit.agent.label for credit in sorted(credits, key=lambda credit: -credit.claims)}
    return tuple(names.items())[:CREDITED]
