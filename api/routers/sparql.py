"""`/sparql`: the SPARQL 1.1 protocol for queries, read only."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import lru_cache, partial

import orjson
from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kgraph import formats
from kgraph.errors import ParameterError
from kgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, RESULTS, SPARQL_JSON, TRIG, TURTLE
from kgraph.model import SparqlBegun

from .. import rendering
from ..dependencies import Graph, searching
from ..negotiation import HTML, NotAcceptableError, accepted, choose, liked
from ..operation import DIRECT, FORM, FORMATS, Operation, operation, posted
from ..rendering import Problem
from ..responses import documented, refusals
from ..route import BEGUN, QuestionRoute

router = APIRouter(route_class=QuestionRoute, tags=["SPARQL"])

GRAPHS = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
_FOR_A_PAGE = f"{SPARQL_JSON.name},{TURTLE.name}"
_EDITOR = rendering.STATIC / "explorer" / "editor.js"
"""Where it was not built, the page is a form."""
_EXAMPLE = "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"

# The answer may be another one each time; an escape might spell one of these.
VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\b|\\u", re.IGNORECASE)
_MEDIA = dict.fromkeys(f.media_type for f in (*RESULTS, *GRAPHS, HTML))
_QUERY_SCHEMA = {"type": "string", "examples": [_EXAMPLE]}
_URIS = {"type": "array", "items": {"type": "string", "format": "uri"}}
_TIMEOUT = {"type": "number", "exclusiveMinimum": 0}
_FORMAT = {"type": "string", "examples": ["json", "csv", "turtle"]}
_OF_FORMAT = "The format by its short name, before the Accept header; one that is not known here is left to the header."
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
        {
            "name": "timeout",
            "in": "query",
            "schema": _TIMEOUT,
            "description": "Seconds it may take; the service has its own longest.",
        },
        *({"name": name, "in": "query", "schema": _FORMAT, "description": _OF_FORMAT} for name in FORMATS),
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
                    "properties": {
                        "query": _QUERY_SCHEMA,
                        "default-graph-uri": _URIS,
                        "named-graph-uri": _URIS,
                        "timeout": _TIMEOUT,
                        **dict.fromkeys(FORMATS, _FORMAT),
                    },
                },
                "example": {"query": _EXAMPLE},
            },
            DIRECT: {"schema": {"type": "string"}, "example": _EXAMPLE},
        },
    }
}


@router.get(
    "/sparql",
    summary="A SPARQL query, or the service description",
    response_model=None,
    responses=documented(*_MEDIA, errors=(400, 403, 406, 422, 502, 503)),
    openapi_extra=_IN_ADDRESS,
)
async def sparql(request: Request, graph: Graph) -> Response:
    """SPARQL 1.1 query. Updates, SERVICE and LOAD are refused, but `SERVICE kg:path` is a path search, answered here:
    its verdict is in `X-KGraph-Verdict`. A browser gets a page."""
    asked = operation(request.scope["query_string"])
    if asked.query is None:
        if asked.default or asked.named:
            raise ParameterError("query", "", "is needed where a dataset is given")
        return await to_thread.run_sync(_description, request, graph)  # graphs are listed, by another server maybe
    return await _answer(request, graph, asked, page=True)


@router.post(
    "/sparql",
    summary="A SPARQL query in the body",
    response_model=None,
    responses={**documented(*_MEDIA, errors=(400, 403, 406, 422, 502, 503)), **refusals(413, 415)},
    openapi_extra=_IN_BODY,
)
async def sparql_by_post(request: Request, graph: Graph) -> Response:
    """As a form, or the query itself as `application/sparql-query`."""
    return await _answer(request, graph, posted(request, await request.body()), page=False)


async def _answer(request: Request, graph: Graph, operation: Operation, *, page: bool) -> Response:
    named = [one for name in operation.formats for one in _named(name)]
    liked_best = (preferred(accepted(request), False) or "") if named else _wanted(request, page=page)
    wanted = ",".join(filter(None, [*named, liked_best]))
    query = operation.query or ""
    if not wanted:  # a failure is shown beside the query, to be mended
        request.scope[rendering.FAILED] = partial(_failed, request, graph, query)
    begun: SparqlBegun | None = request.scope.get(BEGUN)
    try:
        if begun is not None:
            found = begun.answer()
        else:
            found = await graph.sparql_async(
                query,
                format=wanted or _FOR_A_PAGE,
                default_graph_uri=operation.default,
                named_graph_uri=operation.named,
                timeout=operation.timeout,
                base=_endpoint(request),
                aside=partial(searching, request),
            )
    except ParameterError as error:
        if error.name != "format":
            raise ParameterError(error.name.replace("_", "-"), error.value, error.reason) from error
        raise NotAcceptableError(request.headers.get("accept", ""), [error.reason]) from error
    headers = {"X-KGraph-Generation": str(found.generation)}
    if found.verdicts:
        headers["X-KGraph-Verdict"] = ", ".join(found.verdicts)
    behind = found.generation < graph.generation  # another server keeps the graph, and it is on its way
    if behind or "stopped" in found.verdicts or VOLATILE.search(query):
        headers["Cache-Control"] = "no-store"
    if wanted:
        return Response(found.body, headers=headers, media_type=found.media_type)
    rows = found.media_type == SPARQL_JSON.content_type
    table = orjson.loads(found.body) if rows else None
    text = None if rows else found.body.decode("utf-8")
    return _page(request, graph, query, table, text, headers)


def _page(
    request: Request,
    graph: Graph,
    query: str,
    table: object = None,
    text: str | None = None,
    headers: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    status = problem["status"] if problem else 200
    values = {"query": query, "table": table, "text": text, "problem": problem, "editor": _EDITOR.is_file()}
    known = {"examples": graph.example_queries, "prefixes": graph.namespaces.prefixes.items()}
    return rendering.page(request, "sparql.html", status, headers, **values, **known)


def _failed(request: Request, graph: Graph, query: str, problem: Problem, headers: dict[str, str]) -> Response:
    return _page(request, graph, query, None, None, headers, problem)


def _endpoint(request: Request) -> str:
    """The address that queries are sent to, against which their relative IRIs are resolved (RFC 3986, 5.1.3). Pieced
    together here, because `base_url` takes longer than many a query's parsing."""
    host = request.headers.get("host")
    if not host:
        return f"{request.base_url}sparql"
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '')}/sparql"


def _wanted(request: Request, *, page: bool) -> str:
    """The best format for rows and the best for graphs, by name: which of them fits, the form of the query tells.
    Empty for a page."""
    found = preferred(accepted(request), page)
    if found is None:
        return choose(request, (*RESULTS, *GRAPHS)).name  # raises
    return found


@lru_cache(maxsize=256)
def _named(format: str) -> tuple[str, ...]:
    """The formats of rows and of graphs with that short name or media type; none for what is not known."""
    found = []
    for offers in (RESULTS, GRAPHS):
        with suppress(ParameterError):
            found.append(formats.named(format, offers).name)
    return tuple(found)


@lru_cache(maxsize=1024)
def preferred(accept: str, page: bool) -> str | None:
    """The names of the formats that an Accept header likes best, for rows and for graphs; empty for a page, None where
    it excludes all.
    """
    best = liked(accept, (*RESULTS, *GRAPHS, *((HTML,) if page else ())))
    if best is HTML or best is None:
        return "" if best else None
    found = (liked(accept, offers) for offers in (RESULTS, GRAPHS))
    return ",".join(one.name for one in found if one is not None)


def _description(request: Request, graph: Graph) -> Response:
    wanted = choose(request, (*GRAPHS, HTML))
    if wanted is HTML:
        return _page(request, graph, _EXAMPLE)
    endpoint, writable = f"{request.base_url}sparql", bool(request.app.state.keys.all())
    described = graph.service_description(wanted.name, endpoint=endpoint, writable=writable)
    # Making a first key changes this, and no generation.
    return Response(described, headers={"Cache-Control": "no-store"}, media_type=wanted.content_type)
