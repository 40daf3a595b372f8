"""`/export`: the graph, or what stands near one entity, as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgraph import formats, spool
from kgraph.formats import EXPORT, Format

from ..dependencies import Graph, walking
from ..negotiation import by_suffix, choose
from ..responses import documented
from ..route import QuestionRoute
from ..schemas import ExportQuestion, NarrowQuestion

router = APIRouter(route_class=QuestionRoute, tags=["files"])

_DOCUMENTED = documented(*dict.fromkeys(f.media_type for f in EXPORT), errors=(400, 404, 406, 410, 500, 503, 507))


@router.get("/export", summary="The graph as a file, by name of format", response_model=None, responses=_DOCUMENTED)
async def export(request: Request, graph: Graph, question: Annotated[ExportQuestion, Query()]) -> Response:
    """Made whole, then sent. Without `format` the Accept header decides; Turtle where it says nothing."""
    wanted = formats.named(question.format, EXPORT) if question.format else choose(request, EXPORT)
    return await walking(request, _file, request, graph, wanted, question)


@router.get("/export.{suffix}", summary="The graph as a file, by suffix", response_model=None, responses=_DOCUMENTED)
async def export_as(
    suffix: str, request: Request, graph: Graph, question: Annotated[NarrowQuestion, Query()]
) -> Response:
    """Made whole, then sent. Suffixes are ttl, trig, nt, nq, jsonld, rdf, graphml, gexf and csv."""
    wanted = by_suffix(suffix, EXPORT)
    if wanted is None:
        raise HTTPException(404)
    return await walking(request, _file, request, graph, wanted, question)


def _file(request: Request, graph: Graph, wanted: Format, question: NarrowQuestion) -> Response:
    generation = graph.generation_at(question.at, question.min_generation)
    asked: dict[str, Any] = {"entity": question.entity, "hops": question.hops, "rdf12": question.rdf12}
    chunks: Iterator[bytes] = iter(())
    if request.scope.get("bodiless"):  # nobody reads it: a whole graph would be sorted for its headers
        graph.check_export(wanted.name, **asked, **question.lens())
    else:
        chunks = graph.export(wanted.name, **asked, **question.lens())
    name = f"kgraph{wanted.suffixes[0]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-KGraph-Generation": str(generation)}
    return sent_whole(request, graph, chunks, wanted, headers)


def sent_whole(
    request: Request, graph: Graph, chunks: Iterator[bytes], wanted: Format, headers: Mapping[str, str]
) -> Response:
    """A file that is made whole before its status line is sent, so that an error is an error and never half a file.

    Of a file that nobody reads (HEAD) only the beginning is made.
    """
    if request.scope.get("bodiless"):
        return StreamingResponse(iter([next(chunks, b"")]), headers=dict(headers), media_type=wanted.content_type)
    made = spool.whole(chunks, graph.spool_folder)
    told = {**headers, "Content-Length": str(made.size)}
    return StreamingResponse(iter(made), headers=told, media_type=wanted.content_type)
