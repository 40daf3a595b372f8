"""Answers as bytes, in the format that was asked for and within its bounds."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from pyoxigraph import Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, Triple

from kgraph import errors, formats, rdf
from kgraph.sparql import blanknodes, csvrows

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_UNKNOWN = re.compile(r"The custom (?:aggregate )?function <(.*)> is not supported\Z", re.DOTALL)
_RESULTS = {
    "sparql-json": QueryResultsFormat.JSON,
    "sparql-xml": QueryResultsFormat.XML,
    "sparql-csv": QueryResultsFormat.CSV,
    "sparql-tsv": QueryResultsFormat.TSV,
}


class UnansweredError(Exception):
    """An answer that is not given: `status` says which bound or rule, the message says it in words."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Buffer(io.BytesIO):
    """Takes what the engine writes, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._limit:
            raise UnansweredError("bytes", f"the answer is longer than {self._limit:,} bytes")
        return super().write(data)


def table(
    answer: QuerySolutions | QueryBoolean, request: Mapping[str, Any], again: Callable[[], QuerySolutions]
) -> bytes:
    """Solutions, or a truth, in the format of a request; rows that have to be gone through twice are had `again`.

    Raises UnansweredError.
    """
    format = request["format"]
    buffer, has_rows = _Buffer(request["bytes"]), isinstance(answer, QuerySolutions)
    try:
        answer.serialize(buffer, format=_RESULTS[format])
    finally:
        del answer  # as in `triples_written`
    body = buffer.getvalue()
    if format == "sparql-csv" and has_rows and not csvrows.is_csv(body):
        body = _csv(again(), request)
    body = blanknodes.shown(body, format)
    if format == "sparql-xml" and _CONTROL.search(body):
        raise UnansweredError(
            "format", "the answer holds a control character, which XML cannot say; ask for another format"
        )
    return body


def _csv(answer: QuerySolutions, request: Mapping[str, Any]) -> bytes:
    names = [variable.value for variable in answer.variables]
    buffer = _Buffer(request["bytes"])
    try:
        for line in csvrows.lines(names, ([solution[name] for name in names] for solution in answer)):
            buffer.write(line)
    finally:
        del answer  # as in `triples_written`
    return buffer.getvalue()


def triples_written(answer: Iterable[Triple], request: Mapping[str, Any]) -> bytes:
    """Triples in the format of a request. Raises UnansweredError."""
    try:
        triples = list(islice(answer, request["rows"] + 1))
    finally:
        del answer  # a traceback would keep it, and no other thread than this can end it
    rows_checked(len(triples) <= request["rows"], request)
    try:
        body = rdf.serialise(
            (Quad(*triple) for triple in blanknodes.shown_triples(triples)),
            formats.named(request["format"], formats.RDF),
            request["prefixes"],
        )
    except errors.ParameterError as error:
        raise UnansweredError("format", error.reason) from error
    if len(body) > request["bytes"]:
        raise UnansweredError("bytes", f"the answer is longer than {request['bytes']:,} bytes")
    return body


def rows_checked(few: bool, request: Mapping[str, Any]) -> None:
    """Raise UnansweredError unless the rows are few enough."""
    if not few:
        raise UnansweredError("rows", f"the answer has more than {request['rows']:,} rows: add LIMIT, or ask for less")


def more_than(limit: int, body: bytes, format: str) -> bool:
    """Whether a serialised SELECT answer has more rows than that. It is parsed only where a look does not tell."""
    match format:
        case "sparql-xml":
            return body.count(b"<result>") > limit
        case "sparql-tsv":
            return body.count(b"\n") - 1 > limit
        case "sparql-csv":
            if body.count(b"\n") - 1 <= limit:
                return False
            csv.field_size_limit(sys.maxsize)
            return sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1 > limit
        case _:
            return body.count(b"},{") >= limit and len(json.loads(body)["results"]["bindings"]) > limit


def unknown_function(error: Exception) -> str | None:
    """The IRI of the function that nobody knows, if that is what the engine says."""
    found = _UNKNOWN.match(str(error))
    return found[1] if found else None
