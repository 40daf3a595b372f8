"""`/sparql`: the SPARQL 1.1 protocol for queries, read only."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kgraph.errors import ParameterError, QueryRefusedError, QuerySyntaxError
from kgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, RESULTS, SPARQL_JSON, TRIG, TURTLE, Format

from .. import rendering
from ..dependencies import Graph, aside
from ..negotiation import HTML, NotAcceptableError, UnsupportedMediaTypeError, choose
from ..route import QuestionRoute
from ..schemas import documented, refusals, unknown_parameter

router = APIRouter(route_class=QuestionRoute, tags=["SPARQL"])

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
GRAPHS = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
_PARAMETERS = ["query", "default-graph-uri", "named-graph-uri"]
_EXAMPLE = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"

# The answer may be another one each time; an escape might spell one of these.
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\u", re.IGNORECASE)
_MEDIA = dict.fromkeys(f.media_type for f in (*RESULTS, *GRAPHS, HTML))
_QUERY_SCHEMA = {"type": "string", "examples": [_EXAMPLE]}
_URIS = {"type": "array", "items": {"type": "string", "format": "uri"}}
_IN_ADDRESS = {
    "parameters": [
        {
            "name": "query",
            "in": "query",
            "schema": _QUERY_SCHEMA,
            "description": "Without it: the service description.",
        },
        {
            "name": "default-graph-uri",
            "in": "query",
            "schema": _URIS,
            "description": "Graphs that make the default graph.",
        },
        {"name": "named-graph-uri", "in": "query", "schema": _URIS, "description": "Graphs that GRAPH may name."},
    ]
}
_IN_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {"query": _QUERY_SCHEMA, "default-graph-uri": _URIS, "named-graph-uri": _URIS},
                },
                "example": {"query": _EXAMPLE},
            },
            DIRECT: {"schema": {"type": "string"}, "example": _EXAMPLE},
        },
    }
}


@dataclass(frozen=True, slots=True)
class Operation:
    """A query operation of the protocol: the query, and the dataset it was given."""

    query: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]


@router.get(
    "/sparql",
    summary="A SPARQL query, or the service description",
    response_model=None,
    responses=documented(*_MEDIA, errors=(400, 406, 503)),
    openapi_extra=_IN_ADDRESS,
)
async def sparql(request: Request, graph: Graph) -> Response:
    """SPARQL 1.1 query. Updates, SERVICE and LOAD are refused. A browser gets a page."""
    operation = _operation(request.scope["query_string"])
    if operation.query is None:
        if operation.default or operation.named:
            raise ParameterError("query", "", "is needed where a dataset is given")
        return await aside(request, _description, request, graph)
    return await aside(request, _answer, request, graph, operation, HTML)


@router.post(
    "/sparql",
    summary="A SPARQL query in the body",
    response_model=None,
    responses={**documented(*_MEDIA, errors=(400, 406, 503)), **refusals(413, 415)},
    openapi_extra=_IN_BODY,
)
async def sparql_by_post(request: Request, graph: Graph) -> Response:
    """As a form, or the query itself as `application/sparql-query`."""
    operation = _posted(request, await request.body())
    return await aside(request, _answer, request, graph, operation)


def _posted(request: Request, body: bytes) -> Operation:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    address: bytes = request.scope["query_string"]
    if kind == FORM:
        operation = _operation(b"&".join(part for part in (address, body) if part))
    elif kind == DIRECT:
        charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
        if charset and charset[1].lower() != "utf-8":
            raise UnsupportedMediaTypeError(f"{kind} in {charset[1]}", [f"{DIRECT} in UTF-8"])
        dataset = _operation(address)
        if dataset.query is not None:
            raise ParameterError("query", dataset.query, "stands in the address although the body is the query")
        operation = Operation(_text(body), dataset.default, dataset.named)
    else:
        to_update = " (an update goes to /update)" if kind == "application/sparql-update" else ""
        raise UnsupportedMediaTypeError(kind, [FORM, f"{DIRECT}{to_update}"])
    if operation.query is None:
        raise ParameterError("query", "", "is needed")
    return operation


def _operation(encoded: bytes) -> Operation:
    """Percent-escapes and pluses are decoded here, once."""
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:  # UnicodeError is one
        shown = encoded[:40].decode("ascii", "replace")
        raise ParameterError("query", shown, "is not UTF-8, percent-encoded, of at most 1000 parameters") from error
    for name, value in pairs:
        if name == "update":
            raise QueryRefusedError("an update is not answered here: send it to /update, with a key", "update")
        if name not in _PARAMETERS:
            raise unknown_parameter(name, value, _PARAMETERS)
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise ParameterError("query", queries[1], "is given more than once")
    return Operation(
        queries[0] if queries else None,
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
    )


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuerySyntaxError(f"the body is not UTF-8 (byte {error.start})") from error


def _answer(request: Request, graph: Graph, operation: Operation, *pages: Format) -> Response:
    best = choose(request, (*RESULTS, *GRAPHS, *pages))
    wanted = (SPARQL_JSON, TURTLE) if best is HTML else _acceptable(request)
    query = operation.query or ""
    try:
        found = graph.sparql(
            query,
            format=",".join(offer.name for offer in wanted),
            default_graph_uri=operation.default,
            named_graph_uri=operation.named,
        )
    except ParameterError as error:
        if error.name != "format":
            raise ParameterError(error.name.replace("_", "-"), error.value, error.reason) from error
        raise NotAcceptableError(request.headers.get("accept", ""), [error.reason]) from error
    headers = {"X-KGraph-Generation": str(found.generation)}
    if _VOLATILE.search(query):
        headers["Cache-Control"] = "no-store"
    if best is not HTML:
        return Response(found.body, headers=headers, media_type=found.media_type)
    rows = found.media_type == SPARQL_JSON.content_type
    table = orjson.loads(found.body) if rows else None
    text = None if rows else found.body.decode("utf-8")
    return rendering.page(request, "sparql.html", headers=headers, query=query, table=table, text=text)


def _acceptable(request: Request) -> list[Format]:
    """The best offer for rows and the best for graphs: which of them fits, the form of the query tells."""
    found = []
    for offers in (RESULTS, GRAPHS):
        with suppress(NotAcceptableError):
            found.append(choose(request, offers))
    return found


def _description(request: Request, graph: Graph) -> Response:
    wanted = choose(request, (*GRAPHS, HTML))
    if wanted is HTML:
        return rendering.page(request, "sparql.html", query=_EXAMPLE, table=None, text=None)
    endpoint, writable = f"{request.base_url}sparql", bool(request.app.state.keys.all())
    described = graph.service_description(wanted.name, endpoint=endpoint, writable=writable)
    # Making a first key changes this, and no generation.
    return Response(described, headers={"Cache-Control": "no-store"}, media_type=wanted.content_type)
