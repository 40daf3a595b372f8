"""`/paths`: how two entities are connected, with evidence for every step."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import ParameterError
from kgraph.model import Paths

from ..dependencies import Graph, bounded, searching
from ..negotiation import UnsupportedMediaTypeError, prefers_json
from ..rendering import answer, json
from ..responses import documented, refusals
from ..route import QuestionRoute
from ..schemas import LensQuestion, PathsQuestion, refused, unknown_parameter, written

router = APIRouter(route_class=QuestionRoute, tags=["questions"])


def _with_lens_apart(schema: dict[str, Any]) -> dict[str, Any]:
    lens = {**LensQuestion.model_json_schema(), "description": "The lens, if it does not stand flat."}
    return {**schema, "properties": {**schema["properties"], "lens": lens}}


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": _with_lens_apart(PathsQuestion.model_json_schema()),
                "examples": {
                    "flat": {"value": {"source": "amnesty-international", "target": "antonio-guterres", "max_hops": 4}},
                    "lens apart": {
                        "value": {
                            "source": ["amnesty-international"],
                            "target": ["antonio-guterres"],
                            "mode": "all_shortest",
                            "lens": {"modality": "any", "article": ["article-01"]},
                        }
                    },
                },
            }
        },
    }
}


@router.get(
    "/paths",
    summary="How entities are connected",
    response_model=None,
    responses=documented("text/html", model=Paths),
)
async def paths(request: Request, graph: Graph, question: Annotated[PathsQuestion, Query()]) -> Response:
    """`none_within` is a proof under the given bounds; `stopped` names the limit that ended the search.

    `source` is where a path begins; the lens's sources are `article` here.
    """
    return await _answered(request, graph, question)


@router.post(
    "/paths",
    summary="How entities are connected, asked in JSON",
    response_model=None,
    responses={**documented("text/html", model=Paths), **refusals(413, 415)},
    openapi_extra=_BODY,
)
async def paths_by_body(request: Request, graph: Graph) -> Response:
    """The same as `GET /paths`; the lens may stand flat or under `lens`. Types are strict, unknown members refused."""
    for name, value in request.query_params.items():
        raise unknown_parameter(name, value, [])  # what is asked stands in the body
    question = _read(request.headers.get("content-type", ""), await request.body())
    return await _answered(request, graph, question)


async def _answered(request: Request, graph: Graph, question: PathsQuestion) -> Response:
    question = bounded(request, question)
    if prefers_json(request):
        found = graph.at_once.paths(question.source, question.target, **question.keywords())
        if found is not None:
            return json(found)
    return await searching(request, _answer, request, graph, question)


def _answer(request: Request, graph: Graph, question: PathsQuestion) -> Response:
    found = graph.paths(question.source, question.target, **question.keywords())
    return answer(request, found, "paths.html")


def _read(content_type: str, body: bytes) -> PathsQuestion:
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaTypeError(content_type, ["application/json"])
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ParameterError("body", body[:40].decode("utf-8", "replace"), f"is not JSON: {error.msg}") from error
    if not isinstance(asked, dict):
        raise ParameterError("body", written(asked), "is not a JSON object")
    lens = asked.pop("lens", {})
    if not isinstance(lens, dict):
        raise ParameterError("lens", written(lens), "is not a JSON object")
    for name in lens:
        if name == "source":
            raise ParameterError("lens.source", written(lens[name]), "the lens names its sources article here")
        if name in asked:
            raise ParameterError(name, written(lens[name]), "stands both under lens and beside it")
    whole = {**asked, **lens}
    for name, value in whole.items():
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, list | dict) for v in value)):
            raise ParameterError(name, written(value), "give a text or a list of texts")  # or it nests without end
    try:
        return PathsQuestion.model_validate_json(orjson.dumps(whole), strict=True)
    except ValidationError as error:
        raise refused(error) from error
