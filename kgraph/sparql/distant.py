"""What a child does where another server keeps the graph: judges a query, has it answered there, writes the answer.

The query is parsed here first (`judge`, an empty store), so that what does not parse, or kills a parser, never reaches
the server and is told in the same words as elsewhere; then it is sent (`sendable.py`). The answer is a stranger's: read
within bounds, strictly, and written anew. Before and after, the server is asked at which generation it stands: so an
answer is of one generation, and says which. The deadline kills this process, which ends its request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from pyoxigraph import QueryResultsFormat, Store, parse_query_results

from kgraph import formats, rdf
from kgraph.errors import KGraphError, LimitError, QueryRefusedError, RdfSyntaxError, RemoteStoreError
from kgraph.sparql.answers import UnansweredError, rows_checked, table, triples_written, unknown_function
from kgraph.sparql.distantbase import DistantBase
from kgraph.sparql.sendable import Sendable, sendable
from kgraph.sparql.workingout import worked_out
from kgraph.store.remote import results
from kgraph.store.remote.server import JSON, NTRIPLES, Dataset, Server
from kgraph.store.remote.store import RemoteStore

PAUSE: Final = 0.05
"""Seconds until a graph that is being changed is looked at again."""
Found = TypeVar("Found")


def evaluate(judge: Store, request: Mapping[str, Any], text: str) -> tuple[bytes, int]:
    """The answer to a request (`worker.py`), and the generation it is of.

    Raises UnansweredError, SyntaxError for a query that does not parse.
    """
    remote = _remote(**request["remote"])
    try:
        if "task" in request:
            far = DistantBase(judge, remote, request)
            return _steadily(remote, request, lambda: worked_out(far, request, text))
        base = request["base"] if parse(judge, text, request["prefixes"], request["base"]) else None
        return _steadily(remote, request, lambda: _answer(judge, remote, request, text, base))
    except (UnansweredError, SyntaxError):
        raise
    except QueryRefusedError as error:
        raise UnansweredError("refused", f"{error.rule} {error.detail}") from error
    except LimitError as error:
        raise UnansweredError("bytes", error.detail) from error
    except RemoteStoreError as error:
        if error.status == 400:
            words = error.detail.partition(": ")[2]  # without its address, which is the operator's
            reason = f"the server that keeps the graph refuses it: {words}"
            raise UnansweredError("refused", f"server {reason}") from error
        raise UnansweredError("remote", error.detail) from error
    except KGraphError as error:
        raise UnansweredError("failed", error.detail) from error


@lru_cache(maxsize=1)
def _remote(**access: Any) -> RemoteStore:
    """The store that is asked: one a process, whose connection stays open."""
    return RemoteStore(Server.for_queries(access), reading=True)


def _steadily(remote: RemoteStore, request: Mapping[str, Any], find: Callable[[], Found]) -> tuple[Found, int]:
    """What is found while the store stands at one generation, and which that is."""
    until = time.monotonic() + request["seconds"]
    while True:
        remote.refresh()
        before = remote.generation, remote.mark
        if remote.exact:
            found = find()
            remote.refresh()
            if remote.exact and (remote.generation, remote.mark) == before:
                return found, before[0]
        if time.monotonic() + PAUSE >= until:
            raise UnansweredError("remote", "the graph on the server is being changed all the while")
        time.sleep(PAUSE)


def parse(judge: Store, text: str, prefixes: Mapping[str, str], base: str | None = None) -> bool:
    """Whether a query needs the prefixes or the base to parse.

    Raises SyntaxError for one that does not parse, UnansweredError for one that is no plain SPARQL.
    """
    try:
        try:
            judge.query(text)
        except SyntaxError:  # maybe for want of a prefix or base
            judge.query(text, prefixes=dict(prefixes), base_iri=base)
            return True
    except (RuntimeError, ValueError, OSError) as error:
        if name := unknown_function(error):
            raise UnansweredError("function", name) from error
        reason = f"extension it is not sent on to the server that keeps the graph: {error}"
        raise UnansweredError("refused", reason) from error
    return False


def _answer(judge: Store, remote: RemoteStore, request: Mapping[str, Any], text: str, base: str | None) -> bytes:
    made = sendable(text, request["prefixes"], remote.standing.graphs, base)
    parse(judge, made.text, {})
    graph = request["format"] in [format.name for format in formats.RDF]
    body = remote.server.query(
        made.text,
        NTRIPLES if graph else JSON,
        _dataset(remote, request, made),
        seconds=request["seconds"],
        limit=request["bytes"],
    )
    if graph:
        try:
            triples = [quad.triple for quad in rdf.parse(body, formats.NTRIPLES, file="the server's answer")]
        except RdfSyntaxError as error:
            raise RemoteStoreError(f"the server's answer is not N-Triples: {error.reason}") from error
        return triples_written(triples, request)
    plain, rows = results.plain(body)
    if made.rows_are_truth:
        plain = results.written_truth(truth=rows > 0)
    rows_checked(rows <= request["rows"], request)

    def read() -> Any:
        return parse_query_results(plain, format=QueryResultsFormat.JSON)

    return table(read(), request, read)


def _dataset(remote: RemoteStore, request: Mapping[str, Any], made: Sendable) -> Dataset:
    """The graphs it is asked of: the protocol's, else the query's own, else the service's."""
    if request["default_graphs"] or request["named_graphs"]:
        return remote.dataset(union=False, default=request["default_graphs"], named=request["named_graphs"])
    return remote.dataset(union=request["union"], default=made.default, named=made.named)
