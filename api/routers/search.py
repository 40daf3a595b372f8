"""`/search`: entities by name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import ParameterError
from kgraph.model import SearchResult

from ..dependencies import Graph, bounded
from ..negotiation import prefers_html
from ..rendering import answer, page
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import SearchQuestion

router = APIRouter(route_class=QuestionRoute, tags=["questions"])


@router.get(
    "/search",
    summary="Entities by name",
    response_model=None,
    responses=documented("text/html", model=SearchResult),
)
def search(request: Request, graph: Graph, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Labels, aliases and misprints; accents, case and typos are forgiven; best first.

    With `type` alone everything of that class, by label.
    """
    question = bounded(request, question)
    if question.q is None and question.type is None:
        if prefers_html(request):
            return page(request, "search.html", answer=None, q="", type=question.type)
        raise ParameterError("q", "", "is needed, or type")
    q = question.q or ""
    found = graph.search(q, type=question.type, limit=question.limit, cursor=question.cursor)
    return answer(request, found, "search.html", q=q, type=question.type)
