"""What a child does: it answers one request after another from its snapshot, with bytes.

It evaluates in a thread with a deep stack, writes no file, may be killed at any moment, and is gone when its parent is
(`nursery.py`, which starts it). Nothing here is run in the serving process.

    request   header {"format", "union", "default_graphs", "named_graphs", "rows", "bytes", "seconds", "prefixes",
              "base"}, body: the text
    change    header {"task": "update" or "graph", …}, see `updating.py` and `uploading.py`; body: the text
    reply     header {"status": "ok"} and a body, or {"status", "message"} where the status is
              syntax, rows, bytes, memory, format, function or failed
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import re
import resource
import socket
import sys
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from kgraph import errors, formats, rdf
from kgraph.sparql import blanknodes, csvrows, frames

RENEWED = 1.0
"""Seconds after which a child may compute for longer again."""
_OK = {"status": "ok"}
_OK_WRITTEN = frames.written(_OK)
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


def evaluate(store: Store, request: Mapping[str, Any], text: str) -> bytes:
    """The answer to a request, serialised. Raises UnansweredError, and SyntaxError for a query that does not parse."""
    if "task" in request:
        return _change(store, request, text)
    dataset: dict[str, Any] = {"use_default_graph_as_union": request["union"]}
    if request["default_graphs"] or request["named_graphs"]:
        default = [_graph(iri) for iri in request["default_graphs"]]
        dataset = {"default_graph": default, "named_graphs": [NamedNode(iri) for iri in request["named_graphs"]]}
    answer = _asked(store, request, text, dataset)
    if isinstance(answer, QueryTriples):
        return _graph_answer(answer, request)
    buffer = _Buffer(request["bytes"])
    answer.serialize(buffer, format=_RESULTS[request["format"]])
    body = buffer.getvalue()
    if request["format"] == "sparql-csv" and isinstance(answer, QuerySolutions) and not csvrows.is_csv(body):
        body = _csv(_asked(store, request, text, dataset), request)
    body = blanknodes.shown(body, request["format"])
    if request["format"] == "sparql-xml" and _CONTROL.search(body):
        raise UnansweredError(
            "format", "the answer holds a control character, which XML cannot say; ask for another format"
        )
    if isinstance(answer, QuerySolutions):
        _check(not more_than(request["rows"], body, request["format"]), request)
    return body


def _asked(store: Store, request: Mapping[str, Any], text: str, dataset: dict[str, Any]) -> Any:
    try:
        return blanknodes.query(store, text, **dataset)
    except SyntaxError:  # maybe for want of a prefix or base: handing them over takes as long as many a query
        more = {"prefixes": request["prefixes"], "base_iri": request["base"]}
        return blanknodes.query(store, text, **dataset, **more)


def _csv(answer: QuerySolutions, request: Mapping[str, Any]) -> bytes:
    names = [variable.value for variable in answer.variables]
    buffer = _Buffer(request["bytes"])
    for line in csvrows.lines(names, ([solution[name] for name in names] for solution in answer)):
        buffer.write(line)
    return buffer.getvalue()


def _change(store: Store, request: Mapping[str, Any], text: str) -> bytes:
    from kgraph.sparql import changes, updating, uploading  # `warm` has imported them by then

    try:
        return {"update": updating.update, "graph": uploading.graph}[request["task"]](store, {**request, "text": text})
    except changes.UnappliedError as stopped:
        raise UnansweredError(stopped.status, str(stopped)) from stopped


def _graph(iri: str) -> NamedNode | DefaultGraph:
    return NamedNode(iri) if iri else DefaultGraph()


def _graph_answer(answer: QueryTriples, request: Mapping[str, Any]) -> bytes:
    triples = list(islice(answer, request["rows"] + 1))
    _check(len(triples) <= request["rows"], request)
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


def _check(few: bool, request: Mapping[str, Any]) -> None:
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


def reply(store: Store, request: Mapping[str, Any], text: str) -> tuple[Mapping[str, str], bytes]:
    """What goes back: the header, and the body (empty unless the status is ok)."""
    try:
        return _OK, evaluate(store, request, text)
    except UnansweredError as stopped:
        return {"status": stopped.status, "message": str(stopped)}, b""
    except SyntaxError as error:
        return {"status": "syntax", "message": str(error)}, b""
    except RuntimeError as error:
        if found := _UNKNOWN.match(str(error)):
            return {"status": "function", "message": found[1]}, b""
        return {"status": "failed", "message": str(error)}, b""
    except MemoryError:
        return {"status": "memory", "message": "the query ran out of memory"}, b""
    except BaseException as error:  # a panic of the engine is none of Exception
        return {"status": "failed", "message": str(error)}, b""


def serve(connection: socket.socket, store: Store) -> None:
    """Answer one request after another until the other side is gone."""
    allowed_at = -RENEWED
    with contextlib.suppress(ConnectionError):
        for request, body in frames.messages(connection):
            if (now := time.monotonic()) - allowed_at >= RENEWED:
                allow_seconds(request["seconds"] + RENEWED)
                allowed_at = now
            header, answer = reply(store, request, body.decode())
            connection.sendall(frames.packed(_OK_WRITTEN if header is _OK else frames.written(header), answer))


def allow_seconds(seconds: float) -> None:
    """End this process when it has computed that much longer: it must not outlive a parent that cannot kill it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = math.ceil(used.ru_utime + used.ru_stime + 2 * seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def warm() -> None:
    """Import what answers need, before anyone waits for one."""
    text = "CONSTRUCT { <a:b> <a:c> 1 } WHERE {}"
    request = {"union": True, "default_graphs": [], "named_graphs": [], "rows": 1, "bytes": 10_000}
    request |= {"prefixes": {}, "base": None}
    for format in formats.RDF:
        reply(Store(), {**request, "format": format.name}, text)
    reply(Store(), {"task": "none"}, "")


def open_snapshot(path: str) -> Store:
    """A snapshot: a folder of the engine, or a file of N-Quads for a graph that lives in memory."""
    if not path.endswith(".nq"):
        return Store.read_only(path)
    store = Store()
    with Path(path).open("rb") as file:
        store.bulk_load(file, format=RdfFormat.N_QUADS)
    return store
