"""`/claim`, `/sources`, `/source`: who says so, where, and what was read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.model import Claim, Source, Sources

from ..dependencies import Graph, bounded
from ..negotiation import HTML, choose
from ..rendering import answer
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import ClaimQuestion, SourceQuestion, SourcesQuestion
from .things import PAGED, RDF, described, shown

router = APIRouter(route_class=QuestionRoute, tags=["evidence"])

_MEDIA = [f.media_type for f in (*RDF, HTML)]


@router.get("/claim", summary="One claim", response_model=None, responses=documented(*_MEDIA, model=Claim))
def claim(request: Request, graph: Graph, question: Annotated[ClaimQuestion, Query()]) -> Response:
    """Subject, relation, object; who says it, through whom, in which article and where; time, conflicts, notes."""
    found = graph.claim(question.id)
    wanted = choose(request, PAGED)
    if wanted in RDF:
        return described(request, graph, found.iri, wanted, PAGED)
    return shown(request, found, "claim.html", wanted)


@router.get("/sources", summary="All sources", response_model=None, responses=documented("text/html", model=Sources))
def sources(request: Request, graph: Graph, question: Annotated[SourcesQuestion, Query()]) -> Response:
    """Articles and claim tables with their counts, hashes, and whom they credit."""
    question = bounded(request, question)
    return answer(request, graph.sources(limit=question.limit, cursor=question.cursor), "sources.html")


@router.get("/source", summary="One source", response_model=None, responses=documented(*_MEDIA, model=Source))
def source(request: Request, graph: Graph, question: Annotated[SourceQuestion, Query()]) -> Response:
    """Hash and length of the text that was read, what is unknown about it, whom it credits."""
    found = graph.source(question.id)
    wanted = choose(request, PAGED)
    if wanted in RDF:
        return described(request, graph, found.iri, wanted, PAGED)
    return shown(request, found, "source.html", wanted)
