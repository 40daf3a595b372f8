"""`/claim`, `/sources`, `/source`: who says so, where, and what was read."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from kgraph.model import Claim, Source, Sources

from ..dependencies import Graph, bounded
from ..rendering import answer
from ..schemas import ClaimQuestion, SourceQuestion, SourcesQuestion, documented

router = APIRouter(tags=["evidence"])


@router.get("/claim", summary="One claim", response_model=None, responses=documented("text/html", model=Claim))
def claim(request: Request, graph: Graph, question: Annotated[ClaimQuestion, Query()]) -> Response:
    """Subject, relation, object; who says it, through whom, in which article and where; time, conflicts, notes."""
    return answer(request, graph.claim(question.id), "claim.html")


@router.get("/sources", summary="All sources", response_model=None, responses=documented("text/html", model=Sources))
def sources(request: Request, graph: Graph, question: Annotated[SourcesQuestion, Query()]) -> Response:
    """Articles and claim tables with their counts, hashes, and whom they credit."""
    question = bounded(request, question)
    return answer(request, graph.sources(limit=question.limit, cursor=question.cursor), "sources.html")


@router.get("/source", summary="One source", response_model=None, responses=documented("text/html", model=Source))
def source(request: Request, graph: Graph, question: Annotated[SourceQuestion, Query()]) -> Response:
    """Hash and length of the text that was read, what is unknown about it, whom it credits."""
    return answer(request, graph.source(question.id), "source.html")
