"""What a child does: it answers one request after another from its snapshot, with bytes.

It evaluates in a thread with a deep stack, writes no file, may be killed at any moment, and is gone when its parent is
(`nursery.py`, which starts it). Nothing here is run in the serving process.

    request   header {"format", "union", "default_graphs", "named_graphs", "rows", "bytes", "seconds", "prefixes",
              "base"}, body: the text
    change    header {"task": "update" or "graph", …}, see `updating.py` and `uploading.py`; body: the text
    reply     header {"status": "ok"} and a body, or {"status", "message"} where the status is
              syntax, rows, bytes, memory, format, function or failed

Where another server keeps the graph the header of a request also has "remote", and `distant.py` answers it: the header
of the reply then has the "generation" it is of, or the status is remote or refused.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import resource
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from kgraph import formats
from kgraph.sparql import blanknodes, frames
from kgraph.sparql.answers import UnansweredError, more_than, rows_checked, table, triples_written, unknown_function

RENEWED = 1.0
"""Seconds after which a child may compute for longer again."""
_OK = {"status": "ok"}
_OK_WRITTEN = frames.written(_OK)


def evaluate(store: Store, request: Mapping[str, Any], text: str) -> bytes:
    """The answer to a request, serialised. Raises UnansweredError, and SyntaxError for a query that does not parse."""
    if "task" in request:
        from kgraph.sparql.workingout import worked_out  # `warm` has imported it by then

        return worked_out(store, request, text)
    dataset: dict[str, Any] = {"use_default_graph_as_union": request["union"]}
    if request["default_graphs"] or request["named_graphs"]:
        default = [_graph(iri) for iri in request["default_graphs"]]
        dataset = {"default_graph": default, "named_graphs": [NamedNode(iri) for iri in request["named_graphs"]]}
    answer = _asked(store, request, text, dataset)
    has_rows = isinstance(answer, QuerySolutions)
    try:
        if isinstance(answer, QueryTriples):
            return triples_written(answer, request)
        body = table(answer, request, lambda: _asked(store, request, text, dataset))
    finally:
        del answer  # as in `triples_written`
    if has_rows:
        rows_checked(not more_than(request["rows"], body, request["format"]), request)
    return body


def _asked(store: Store, request: Mapping[str, Any], text: str, dataset: dict[str, Any]) -> Any:
    try:
        return blanknodes.query(store, text, **dataset)
    except SyntaxError:  # maybe for want of a prefix or base: handing them over takes as long as many a query
        more = {"prefixes": request["prefixes"], "base_iri": request["base"]}
        return blanknodes.query(store, text, **dataset, **more)


def _graph(iri: str) -> NamedNode | DefaultGraph:
    return NamedNode(iri) if iri else DefaultGraph()


def reply(store: Store, request: Mapping[str, Any], text: str) -> tuple[Mapping[str, Any], bytes]:
    """What goes back: the header, and the body (empty unless the status is ok)."""
    try:
        if "remote" in request:
            from kgraph.sparql import distant

            body, generation = distant.evaluate(store, request, text)
            return {"status": "ok", "generation": generation}, body
        return _OK, evaluate(store, request, text)
    except UnansweredError as stopped:
        return {"status": stopped.status, "message": str(stopped)}, b""
    except SyntaxError as error:
        return {"status": "syntax", "message": str(error)}, b""
    except RuntimeError as error:
        if name := unknown_function(error):
            return {"status": "function", "message": name}, b""
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


def warm(*, distant: bool = False) -> None:
    """Import what answers need, before anyone waits for one; `distant`: those of another server."""
    if distant:
        importlib.import_module("kgraph.sparql.distant")
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
