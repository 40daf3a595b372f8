"""What a request of the SPARQL 1.1 Graph Store Protocol says: which graph it means, and what documents it carries."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from starlette.requests import Request

from kgraph import formats
from kgraph.changing import Document
from kgraph.errors import ParameterError
from kgraph.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from kgraph.namespaces import Namespaces

from .negotiation import UnsupportedMediaTypeError
from .schemas import unknown_parameter

FORMATS = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
"""What a graph may be sent and asked for in."""
_MULTIPART = "multipart/form-data"
_ALSO = {"text/plain": NTRIPLES, "application/x-turtle": TURTLE, "application/json": JSONLD}

DEFAULT = ""
"""The unnamed graph, where the IRI of a named one would stand."""


def named(request: Request) -> str | None:
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


def needed(request: Request) -> str:
    """The graph that the parameters name. Raises ParameterError, also where they name none."""
    found = named(request)
    if found is None:
        raise ParameterError("graph", "", "is needed: `?graph=IRI`, or `?default` for the unnamed graph")
    return found


def here(request: Request) -> str:
    """The graph that the address itself names. Raises ParameterError for one that is no IRI, and for parameters."""
    if request.scope["query_string"]:
        first = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)[:1] or [("", "")]
        raise unknown_parameter(*first[0], [])
    iri = address(request)
    if not Namespaces.is_iri(iri):
        raise ParameterError("graph", iri, "the address is not an IRI")
    return iri


def address(request: Request) -> str:
    """The address asked for, as it was sent, without its query."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return f"{request.url.scheme}://{request.url.netloc}{raw.partition(b'?')[0].decode('ascii', 'replace')}"


def documents(request: Request, body: bytes, base: str, *, several: bool) -> list[Document]:
    """What the body consists of: one document, or the parts of a form where several may come.

    Raises ParameterError for a form that is none, and UnsupportedMediaTypeError.
    """
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
