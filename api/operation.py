"""The operation of the SPARQL protocol that a request asks for: read from its address, or from its body too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from kgraph.errors import ParameterError, QueryRefusedError, QuerySyntaxError

from .negotiation import UnsupportedMediaTypeError
from .schemas import unknown_parameter

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
FORMATS = ("format", "output", "results")
"""What the clients of others call the format they want; they send all three."""
_PARAMETERS = ["query", "default-graph-uri", "named-graph-uri", "timeout", *FORMATS]
_MOST = 1000
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Operation:
    """A query operation of the protocol: the query, the dataset it was given, the seconds it may take, and the formats
    that were asked for by name."""

    query: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]
    timeout: float | None
    formats: tuple[str, ...] = ()


def posted(request: Request, body: bytes) -> Operation:
    """What a POST asks for: a form, or the query itself. Raises UnsupportedMediaTypeError and as `operation` does."""
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    address: bytes = request.scope["query_string"]
    if kind == FORM:
        found = operation(b"&".join(part for part in (address, body) if part))
    elif kind == DIRECT:
        charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
        if charset and charset[1].lower() != "utf-8":
            raise UnsupportedMediaTypeError(f"{kind} in {charset[1]}", [f"{DIRECT} in UTF-8"])
        dataset = operation(address)
        if dataset.query is not None:
            raise ParameterError("query", dataset.query, "stands in the address although the body is the query")
        found = replace(dataset, query=_text(body))
    else:
        to_update = " (an update goes to /update)" if kind == "application/sparql-update" else ""
        raise UnsupportedMediaTypeError(kind, [FORM, f"{DIRECT}{to_update}"])
    if found.query is None:
        raise ParameterError("query", "", "is needed")
    return found


def operation(encoded: bytes) -> Operation:
    """What an address or a form asks for; percent-escapes and pluses are decoded here, once.

    Raises ParameterError, QueryRefusedError for an update.
    """
    try:
        pairs = _pairs(encoded)
    except ValueError as error:  # UnicodeError is one
        shown = encoded[:40].decode("ascii", "replace")
        raise ParameterError("query", shown, f"is not UTF-8, percent-encoded, of at most {_MOST} parameters") from error
    for name, value in pairs:
        if name == "update":
            raise QueryRefusedError("an update is not answered here: send it to /update, with a key", "update")
        if name not in _PARAMETERS:
            raise unknown_parameter(name, value, _PARAMETERS)
    timeout = _once("timeout", pairs)
    return Operation(
        _once("query", pairs),
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        None if timeout is None else _seconds(timeout),
        tuple(dict.fromkeys(value for name, value in pairs if name in FORMATS)),
    )


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    fields = [field for field in encoded.split(b"&") if field]
    if len(fields) > _MOST:
        raise ValueError("too many parameters")
    return [(_decoded(name), _decoded(value)) for name, _, value in (field.partition(b"=") for field in fields)]


def _decoded(encoded: bytes) -> str:
    """Bytes that are not ASCII stand for themselves nowhere: an address has none, and a form escapes them."""
    encoded.decode("ascii")
    return unquote_to_bytes(encoded.replace(b"+", b" ")).decode()


def _once(wanted: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    values = [value for name, value in pairs if name == wanted]
    if len(values) > 1:
        raise ParameterError(wanted, values[1], "is given more than once")
    return values[0] if values else None


def _seconds(text: str) -> float:
    if not _SECONDS.fullmatch(text) or not float(text):
        raise ParameterError("timeout", text, "give seconds, such as 2.5")
    return float(text)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuerySyntaxError(f"the body is not UTF-8 (byte {error.start})") from error
