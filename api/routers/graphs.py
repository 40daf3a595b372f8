"""`/graphs`: the SPARQL 1.1 Graph Store Protocol. Reading is open, writing needs a key.

A graph is named by `?graph=IRI`, the unnamed one by `?default`; at an address below `/graphs/` a graph is named by
that address itself.
"""

from __future__ import annotations

import secrets
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kgraph.changing import Document
from kgraph.errors import RdfSyntaxError, RequestError
from kgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from kgraph.model import UpdateReport

from .. import graphstore, rendering
from ..authorization import author
from ..conditions import provided, tags
from ..dependencies import Graph, updating, walking
from ..negotiation import choose
from ..responses import KEYED, documented, refusals
from ..route import QuestionRoute

router = APIRouter(route_class=QuestionRoute, tags=["writing"])

_TRIPLE = "<http://example.org/reading> <http://example.org/about> <https://w3id.org/kgraph/id/ioc> ."
_EXAMPLES = {
    TURTLE: _TRIPLE,
    NTRIPLES: _TRIPLE,
    TRIG: _TRIPLE,
    NQUADS: _TRIPLE,
    JSONLD: {"@id": "http://example.org/reading", "http://example.org/about": "the IOC"},
    RDFXML: (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://example.org/">'
        '<rdf:Description rdf:about="http://example.org/reading"><ex:about>the IOC</ex:about>'
        "</rdf:Description></rdf:RDF>"
    ),
}


def _names(example: str) -> dict[str, Any]:
    graph = {"type": "string", "format": "uri", "examples": [example]}
    default = {"type": "string", "maxLength": 0}
    return {
        "parameters": [
            {"name": "graph", "in": "query", "schema": graph, "description": "The absolute IRI of a graph."},
            {
                "name": "default",
                "in": "query",
                "schema": default,
                "allowEmptyValue": True,
                "description": "The unnamed graph; without a value.",
            },
        ]
    }


_WITH_BODY: dict[str, Any] = {
    "requestBody": {
        "content": {
            format.media_type: {"schema": {} if format is JSONLD else {"type": "string"}, "example": example}
            for format, example in _EXAMPLES.items()
        },
    }
}


_RDF = [format.media_type for format in graphstore.FORMATS]
_READ = documented(*_RDF, errors=(400, 404, 406, 503))
_WRITE: dict[int | str, dict[str, Any]] = {201: {"description": "The graph was made.", "model": UpdateReport}}
_REFUSED = refusals(400, 401, 403, 404, 412, 413, 415, 502, 503, 507)
_IN_QUERY = {**KEYED, **_names("http://example.org/notebook")}
_HERE = {"parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}]}


class BodySyntaxError(RequestError):
    """The body of the request is not the RDF it says it is; `line` and `column` say where."""

    title = "The body does not parse"

    def __init__(self, error: RdfSyntaxError) -> None:
        super().__init__(error.detail)
        self._error = error

    def fields(self) -> dict[str, object]:
        place = self._error.place
        return {"reason": self._error.reason, "line": place.line, "column": place.column}


# ---------------------------------------------------------------- indirect: the graph is a parameter


@router.get(
    "/graphs",
    summary="A graph",
    response_model=None,
    responses=_READ,
    openapi_extra=_names("https://w3id.org/kgraph/graph/notes"),
)
async def read(request: Request, graph: Graph) -> Response:
    """Its triples, in the syntax that the Accept header asks for."""
    return await walking(request, _read, request, graph, graphstore.needed(request))


@router.put(
    "/graphs",
    summary="Put a graph",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**_IN_QUERY, **_WITH_BODY},
)
async def put(request: Request, graph: Graph) -> Response:
    """The graph holds what the body says and nothing else; an empty body makes an empty graph."""
    return await _written(request, graph, "put", graphstore.needed(request))


@router.post(
    "/graphs",
    summary="Add to a graph",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**_IN_QUERY, **_WITH_BODY},
)
async def post(request: Request, graph: Graph) -> Response:
    """What the body says is added; a form (`multipart/form-data`) may hold several documents. Without a graph a new one
    is made, and `Location` names it."""
    name = graphstore.named(request)
    if name is not None:
        return await _written(request, graph, "post", name)
    made = f"{graphstore.address(request)}/{secrets.token_hex(16)}"
    response = await _written(request, graph, "put", made)
    response.headers["Location"] = made
    return response


@router.delete(
    "/graphs",
    summary="Delete a graph",
    response_model=UpdateReport,
    responses=_REFUSED,
    openapi_extra=_IN_QUERY,
)
async def delete(request: Request, graph: Graph) -> Response:
    """The graph goes with all it holds; the unnamed graph is emptied."""
    return await updating(request, _deleted, request, graph, graphstore.needed(request))


# ---------------------------------------------------------------- direct: the graph is the address


@router.get(
    "/graphs/{name:path}",
    summary="The graph of this address",
    response_model=None,
    responses=_READ,
    openapi_extra=_HERE,
)
async def read_here(request: Request, graph: Graph) -> Response:
    """As `GET /graphs`."""
    return await walking(request, _read, request, graph, graphstore.here(request))


@router.put(
    "/graphs/{name:path}",
    summary="Put the graph of this address",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**KEYED, **_HERE, **_WITH_BODY},
)
async def put_here(request: Request, graph: Graph) -> Response:
    """As `PUT /graphs`."""
    return await _written(request, graph, "put", graphstore.here(request))


@router.post(
    "/graphs/{name:path}",
    summary="Add to the graph of this address",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**KEYED, **_HERE, **_WITH_BODY},
)
async def post_here(request: Request, graph: Graph) -> Response:
    """As `POST /graphs`."""
    return await _written(request, graph, "post", graphstore.here(request))


@router.delete(
    "/graphs/{name:path}",
    summary="Delete the graph of this address",
    response_model=UpdateReport,
    responses=_REFUSED,
    openapi_extra={**KEYED, **_HERE},
)
async def delete_here(request: Request, graph: Graph) -> Response:
    """As `DELETE /graphs`."""
    return await updating(request, _deleted, request, graph, graphstore.here(request))


# ---------------------------------------------------------------- doing it


def _read(request: Request, graph: Graph, name: str) -> Response:
    wanted = choose(request, graphstore.FORMATS)
    found = graph.get_graph(name or None, wanted.name)
    headers = {"X-KGraph-Generation": str(found.generation)}
    headers["ETag"] = tag = f'"{found.tag}.{wanted.name}"'
    if tag in (one.removeprefix("W/") for one in tags(request, "if-none-match")):
        return Response(status_code=304, headers={**headers, "Cache-Control": "no-cache"})
    return Response(found.body, headers=headers, media_type=found.media_type)


async def _written(request: Request, graph: Graph, verb: str, name: str) -> Response:
    documents = graphstore.documents(
        request, await request.body(), name or graphstore.address(request), several=verb == "post"
    )
    return await updating(request, _changed, request, graph, verb, name, documents)


def _changed(
    request: Request, graph: Graph, verb: str, name: str, documents: list[Document], seconds: float
) -> Response:
    change = graph.put_graph if verb == "put" else graph.post_graph
    try:
        report = change(name or None, *documents, author=author(request), provided=provided(request), timeout=seconds)
    except RdfSyntaxError as error:
        raise BodySyntaxError(error) from error
    return rendering.json(report, status=201 if report.created else 200)


def _deleted(request: Request, graph: Graph, name: str, seconds: float) -> Response:
    done = graph.delete_graph(name or None, author=author(request), provided=provided(request), timeout=seconds)
    return rendering.json(done)
