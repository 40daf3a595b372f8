"""`/update`: the SPARQL 1.1 protocol for updates. A key is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import ParameterError, QuerySyntaxError
from kgraph.model import UpdateReport

from .. import rendering
from ..authorization import author
from ..dependencies import Graph, updating
from ..negotiation import UnsupportedMediaTypeError
from ..responses import KEYED, refusals
from ..route import QuestionRoute
from ..schemas import unknown_parameter

router = APIRouter(route_class=QuestionRoute, tags=["writing"])

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-update"
_PARAMETERS = ["update", "using-graph-uri", "using-named-graph-uri"]
_EXAMPLE = (
    "PREFIX ex: <http://example.org/>\n"
    "INSERT DATA { GRAPH ex:notebook { ex:reading ex:about id:ioc } } ;\n"
    "DELETE WHERE { GRAPH ex:notebook { ex:draft ?p ?o } }"
)
_URIS = {"type": "array", "items": {"type": "string", "format": "uri"}}
_USING = [
    {"name": name, "in": "query", "schema": _URIS, "description": f"With a body of {DIRECT}: {what}."}
    for name, what in (
        ("using-graph-uri", "graphs that make the default graph of WHERE"),
        ("using-named-graph-uri", "graphs that GRAPH may name in WHERE"),
    )
]
_OPENAPI: dict[str, Any] = {
    **KEYED,
    "parameters": _USING,
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["update"],
                    "properties": {
                        "update": {"type": "string"},
                        "using-graph-uri": _URIS,
                        "using-named-graph-uri": _URIS,
                    },
                },
                "example": {"update": _EXAMPLE},
            },
            DIRECT: {"schema": {"type": "string"}, "example": _EXAMPLE},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Operation:
    """An update operation of the protocol: the update, and the dataset its WHERE was given."""

    update: str
    using: tuple[str, ...]
    using_named: tuple[str, ...]


@router.post(
    "/update",
    summary="A SPARQL update",
    response_model=UpdateReport,
    responses=refusals(400, 401, 403, 409, 413, 415, 422, 502, 503, 507),
    openapi_extra=_OPENAPI,
)
async def update(request: Request, graph: Graph) -> Response:
    """SPARQL 1.1 update, as a form or as `application/sparql-update`: all of its operations or none, as one commit.

    SERVICE and LOAD are refused. kgraph's own graphs can be read in WHERE and not be changed.
    """
    operation = _posted(request, await request.body())
    return await updating(request, _done, request, graph, operation)


def _done(request: Request, graph: Graph, operation: Operation, seconds: float) -> Response:
    try:
        report = graph.update(
            operation.update,
            base=f"{request.base_url}update",
            using_graph_uri=operation.using,
            using_named_graph_uri=operation.using_named,
            author=author(request),
            timeout=seconds,
        )
    except ParameterError as error:
        raise ParameterError(error.name.replace("_", "-"), error.value, error.reason) from error
    return rendering.json(report)


def _posted(request: Request, body: bytes) -> Operation:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    address: bytes = request.scope["query_string"]
    if kind == FORM:
        pairs = _pairs(b"&".join(part for part in (address, body) if part))
    elif kind == DIRECT:
        charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
        if charset and charset[1].lower() != "utf-8":
            raise UnsupportedMediaTypeError(f"{kind} in {charset[1]}", [f"{DIRECT} in UTF-8"])
        pairs = _pairs(address)
        if any(name == "update" for name, _ in pairs):
            raise ParameterError("update", "", "stands in the address although the body is the update")
        pairs.append(("update", _text(body)))
    else:
        raise UnsupportedMediaTypeError(kind, [FORM, DIRECT])
    updates = [value for name, value in pairs if name == "update"]
    if len(updates) != 1:
        raise ParameterError("update", "", "is given more than once" if updates else "is needed")
    return Operation(
        updates[0],
        tuple(value for name, value in pairs if name == "using-graph-uri"),
        tuple(value for name, value in pairs if name == "using-named-graph-uri"),
    )


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    """Percent-escapes and pluses are decoded here, once."""
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:  # UnicodeError is one
        shown = encoded[:40].decode("ascii", "replace")
        raise ParameterError("update", shown, "is not UTF-8, percent-encoded, of at most 1000 parameters") from error
    for name, value in pairs:
        if name not in _PARAMETERS:
            raise unknown_parameter(name, value, _PARAMETERS)
    return pairs


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuerySyntaxError(f"the body is not UTF-8 (byte {error.start})") from error
