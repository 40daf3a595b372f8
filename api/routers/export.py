"""`/export`: the graph, or what stands near one entity, as a file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgraph import formats
from kgraph.formats import EXPORT, Format

from ..dependencies import Graph, walking
from ..negotiation import by_suffix, choose
from ..route import QuestionRoute
from ..schemas import ExportQuestion, NarrowQuestion, documented

router = APIRouter(route_class=QuestionRoute, tags=["files"])

_CHUNK = 1 << 16
_DOCUMENTED = documented(*dict.fromkeys(f.media_type for f in EXPORT))


@router.get("/export", summary="The graph as a file, by name of format", response_model=None, responses=_DOCUMENTED)
async def export(request: Request, graph: Graph, question: Annotated[ExportQuestion, Query()]) -> Response:
    """Streamed. Without `format` the Accept header decides; Turtle where it says nothing."""
    wanted = formats.named(question.format, EXPORT) if question.format else choose(request, EXPORT)
    return await walking(request, _file, graph, wanted, question)


@router.get("/export.{suffix}", summary="The graph as a file, by suffix", response_model=None, responses=_DOCUMENTED)
async def export_as(
    suffix: str, request: Request, graph: Graph, question: Annotated[NarrowQuestion, Query()]
) -> Response:
    """Streamed. Suffixes are ttl, trig, nt, nq, jsonld, rdf, graphml, gexf and csv."""
    wanted = by_suffix(suffix, EXPORT)
    if wanted is None:
        raise HTTPException(404)
    return await walking(request, _file, graph, wanted, question)


def _file(graph: Graph, wanted: Format, question: NarrowQuestion) -> Response:
    generation = graph.generation_at(question.at, question.min_generation)
    chunks = graph.export(
        wanted.name, entity=question.entity, hops=question.hops, rdf12=question.rdf12, **question.lens()
    )
    name = f"kgraph{wanted.suffixes[0]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-KGraph-Generation": str(generation)}
    return stream(chunks, wanted, headers)


def stream(chunks: Iterator[bytes], wanted: Format, headers: Mapping[str, str]) -> Response:
    """Send chunks as they come. The first is made before the status line, so an error is still an error."""
    parts = _gathered(chunks)
    first = next(parts, b"")
    return StreamingResponse(itertools.chain([first], parts), headers=dict(headers), media_type=wanted.content_type)


def _gathered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= _CHUNK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
