"""`/graphs`: the SPARQL 1.1 Graph Store Protocol. Reading is open, writing needs a key.

A graph is named by `?graph=IRI`, the unnamed one by `?default`; at an address below `/graphs/` a graph is named by
that address itself.
"""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kgraph import formats
from kgraph.changing import Document
from kgraph.errors import ParameterError, RdfSyntaxError, RequestError
from kgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from kgraph.model import UpdateReport
from kgraph.namespaces import Namespaces

from .. import rendering
from ..authorization import author
from ..conditions import provided, tags
from ..dependencies import Graph, updating, walking
from ..negotiation import UnsupportedMediaTypeError, choose
from ..responses import KEYED, documented, refusals
from ..route import QuestionRoute
from ..schemas import unknown_parameter

router = APIRouter(route_class=QuestionRoute, tags=["writing"])

FORMATS = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
_MULTIPART = "multipart/form-data"
_ALSO = {"text/plain": NTRIPLES, "application/x-turtle": TURTLE, "application/json": JSONLD}
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


_RDF = [format.media_type for format in FORMATS]
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
    return await walking(request, _read, request, graph, _needed(request))


@router.put(
    "/graphs",
    summary="Put a graph",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**_IN_QUERY, **_WITH_BODY},
)
async def put(request: Request, graph: Graph) -> Response:
    """The graph holds what the body says and nothing else; an empty body makes an empty graph."""
    return await _written(request, graph, "put", _needed(request))


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
    name = _named(request)
    if name is not None:
        return await _written(request, graph, "post", name)
    made = f"{_address(request)}/{secrets.token_hex(16)}"
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
    return await updating(request, _deleted, request, graph, _needed(request))


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
    return await walking(request, _read, request, graph, _here(request))


@router.put(
    "/graphs/{name:path}",
    summary="Put the graph of this address",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**KEYED, **_HERE, **_WITH_BODY},
)
async def put_here(request: Request, graph: Graph) -> Response:
    """As `PUT /graphs`."""
    return await _written(request, graph, "put", _here(request))


@router.post(
    "/graphs/{name:path}",
    summary="Add to the graph of this address",
    response_model=UpdateReport,
    responses={**_WRITE, **_REFUSED},
    openapi_extra={**KEYED, **_HERE, **_WITH_BODY},
)
async def post_here(request: Request, graph: Graph) -> Response:
    """As `POST /graphs`."""
    return await _written(request, graph, "post", _here(request))


@router.delete(
    "/graphs/{name:path}",
    summary="Delete the graph of this address",
    response_model=UpdateReport,
    responses=_REFUSED,
    openapi_extra={**KEYED, **_HERE},
)
async def delete_here(request: Request, graph: Graph) -> Response:
    """As `DELETE /graphs`."""
    return await updating(request, _deleted, request, graph, _here(request))


# ---------------------------------------------------------------- which graph

DEFAULT = ""
"""The unnamed graph, where the IRI of a named one would stand."""


def _named(request: Request) -> str | None:
    """The graph that the parameters name; None where they name none. Raises ParameterError."""
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except ValueError as error:
        raise ParameterError("graph", "", "is not UTF-8, percent-encoded") from error
    for name, value in pairs:
        if name not in ("graph", "default"):
            raise unknown_parameter(name, value, ["graph", "default"])
        if name == "default" and value:
            raise ParameterError("default", value, "takes no value")
    if not pairs:
        return None
    if len(pairs) > 1:
        raise ParameterError(pairs[1][0], pairs[1][1], "one graph at a time: give graph or default, once")
    name, value = pairs[0]
    if name == "default":
        return DEFAULT
    if not Namespaces.is_iri(value):
        raise ParameterError("graph", value, "give an absolute IRI")
    return str(value)


def _needed(request: Request) -> str:
    found = _named(request)
    if found is None:
        raise ParameterError("graph", "", "is needed: `?graph=IRI`, or `?default` for the unnamed graph")
    return found


def _here(request: Request) -> str:
    if request.scope["query_string"]:
        first = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)[:1] or [("", "")]
        raise unknown_parameter(*first[0], [])
    address = _address(request)
    if not Namespaces.is_iri(address):
        raise ParameterError("graph", address, "the address is not an IRI")
    return address


def _address(request: Request) -> str:
    """The address asked for, as it was sent, without its query."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return f"{request.url.scheme}://{request.url.netloc}{raw.partition(b'?')[0].decode('ascii', 'replace')}"


# ---------------------------------------------------------------- doing it


def _read(request: Request, graph: Graph, name: str) -> Response:
    wanted = choose(request, FORMATS)
    found = graph.get_graph(name or None, wanted.name)
    headers = {"X-KGraph-Generation": str(found.generation)}
    headers["ETag"] = tag = f'"{found.tag}.{wanted.name}"'
    if tag in (one.removeprefix("W/") for one in tags(request, "if-none-match")):
        return Response(status_code=304, headers={**headers, "Cache-Control": "no-cache"})
    return Response(found.body, headers=headers, media_type=found.media_type)


async def _written(request: Request, graph: Graph, verb: str, name: str) -> Response:
    documents = _documents(request, await request.body(), name or _address(request), several=verb == "post")
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


def _documents(request: Request, body: bytes, base: str, *, several: bool) -> list[Document]:
    """What the body consists of: one document, or the parts of a form where several may come."""
    given = request.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower()
    if kind == _MULTIPART and several:
        parts = _parts(given, body)
        return [Document(data, _format(media, data), base, name) for name, media, data in parts]
    return [Document(body, _format(kind, body), base, "the body")]


def _format(media_type: str, data: bytes) -> Format:
    for format in FORMATS:
        if format.media_type == media_type:
            return format
    if media_type in _ALSO:
        return _ALSO[media_type]
    if not media_type and not data:
        return TURTLE  # nothing says the same in every format
    raise UnsupportedMediaTypeError(media_type, [format.media_type for format in FORMATS])


_BOUNDARY = re.compile(r";\s*boundary=(?:\"([^\"]{1,70})\"|([^\s;\"]{1,70}))", re.IGNORECASE)
_PART_TYPE = re.compile(rb"^content-type:[ \t]*([^\s;]+)", re.IGNORECASE | re.MULTILINE)
_FILE_NAME = re.compile(rb"filename=\"([^\"\r\n]{1,200})\"", re.IGNORECASE)


def _parts(content_type: str, body: bytes) -> list[tuple[str, str, bytes]]:
    """The parts of a form that hold RDF: what each is called, its media type (by its suffix, where it has none), and
    its bytes. Raises ParameterError where the body is no such form."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise ParameterError("Content-Type", content_type[:100], "a form has a boundary")
    boundary = b"\r\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(boundary)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise ParameterError("Content-Type", content_type[:100], "the body does not end with its boundary")
    parts = []
    for number, piece in enumerate(pieces[1:-1], 1):
        head, end, data = piece.partition(b"\r\n\r\n")
        if not end:
            raise ParameterError(
                "Content-Type", content_type[:100], f"part {number} of the form has no end of its head"
            )
        file = _FILE_NAME.search(head)
        name = file[1].decode("utf-8", "replace") if file else f"part {number}"
        media = _PART_TYPE.search(head)
        by_name = formats.by_suffix(name)
        kind = media[1].decode("latin-1").lower() if media else ""
        if kind in ("", "application/octet-stream") and by_name:
            kind = by_name.media_type
        parts.append((name, kind, data))
    return parts
