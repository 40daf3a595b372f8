"""SPARQL 1.1 query: guarded, negotiated, evaluated in a child, answered with the child's bytes."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kgraph import formats
from kgraph.errors import LimitError, ParameterError, QuerySyntaxError, StorageError
from kgraph.formats import Format
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.settings import Settings
from kgraph.sparql import describe, guard
from kgraph.sparql.pool import Pool, Reply, Snapshots
from kgraph.store.base import QuadStore

_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SparqlAnswer:
    """An answer as it goes out. `form` is SELECT, ASK, CONSTRUCT or DESCRIBE; `media_type` with its charset."""

    form: str
    media_type: str
    body: bytes
    generation: int


class SparqlStore(QuadStore, Snapshots, Protocol):
    """A store that can be described and copied for readers."""


class SparqlService:
    """Answers queries about one store. Methods may be called from several threads."""

    def __init__(self, store: SparqlStore, settings: Settings, namespaces: Namespaces | None = None) -> None:
        self._store = store
        self._settings = settings
        self._namespaces = namespaces or Namespaces.load(settings.base_iri)
        self._pool: Pool | None = None
        self._closed = False
        self._lock = threading.Lock()

    def query(
        self,
        text: str,
        *,
        format: str | None = None,
        default_graph_uri: Sequence[str] = (),
        named_graph_uri: Sequence[str] = (),
    ) -> SparqlAnswer:
        """The answer to a query. `format` is a name, suffix or media type, or several by preference, with commas:
        the first that fits the form is taken. The prefixes of the ontology need no declaration. The dataset is what
        the two URI lists say, else what `FROM` says, else all graphs as one (or, `strict`, the default graph).

        Raises QueryRefusedError, QuerySyntaxError, ParameterError, LimitError.
        """
        form = guard.check(text, self._settings, self._namespaces.prefixes)
        chosen = choose(form.name, format)
        request = {
            "text": text,
            "format": chosen.name,
            "union": self._settings.default_graph == "union" and not form.names_dataset,
            "default_graphs": _iris("default_graph_uri", default_graph_uri),
            "named_graphs": _iris("named_graph_uri", named_graph_uri),
            "rows": self._settings.query_rows,
            "bytes": self._settings.query_bytes,
            "prefixes": self._namespaces.prefixes,
        }
        reply = self._readers().ask(request)
        if reply.status != "ok":
            raise self._error(reply, text, chosen)
        return SparqlAnswer(form.name, chosen.content_type, reply.body, reply.generation)

    def ask(self, request: Mapping[str, Any]) -> Reply:
        """What a child answers to a request (see `worker.py`). Raises LimitError, StorageError."""
        return self._readers().ask(request)

    def _readers(self) -> Pool:
        """The one pool over the store: a second one would take the snapshots of the first away."""
        with self._lock:
            if self._closed:
                raise StorageError("the graph is closed")
            if self._pool is None:
                self._pool = Pool(self._store, self._settings)
            return self._pool

    def _error(self, reply: Reply, text: str, chosen: Format) -> Exception:
        match reply.status:
            case "syntax":
                return engine_error(reply.message, text)
            case "rows":
                return LimitError("query_rows", f"{self._settings.query_rows:,}", reply.message)
            case "bytes":
                return LimitError("query_bytes", f"{self._settings.query_bytes:,}", reply.message)
            case "memory":
                return LimitError("query_memory", f"{self._settings.query_memory:,}", reply.message)
            case "format":
                return ParameterError("format", chosen.name, reply.message)
            case _:
                return StorageError(f"the query could not be evaluated: {reply.message}")

    def describe(self, endpoint: str = "", *, writable: bool = False) -> list[Quad]:
        """The service description, with the limits that hold here."""
        return describe.service(self._settings, self._namespaces, endpoint, writable=writable)

    def void(self, endpoint: str = "") -> list[Quad]:
        """What the store holds, in VoID."""
        return describe.void(self._store.quads(), self._namespaces, endpoint)

    def close(self) -> None:
        """End the children; nothing is answered afterwards."""
        with self._lock:
            self._closed = True
            pool = self._pool
        if pool is not None:
            pool.close()


def choose(form: str, wanted: str | None) -> Format:
    """The format of an answer: JSON for SELECT and ASK, Turtle for CONSTRUCT and DESCRIBE, unless another is wanted.

    >>> choose("SELECT", "text/turtle, text/csv").name
    'sparql-csv'

    Raises ParameterError when none that is wanted fits the form.
    """
    among = formats.RDF if form in ("CONSTRUCT", "DESCRIBE") else formats.RESULTS
    if not wanted:
        return among[0]
    for one in wanted.split(","):
        name = one.strip().lower()
        for spelled in (name, f"sparql-{name}"):
            try:
                return formats.named(spelled, among)
            except ParameterError:
                continue
    names = ", ".join(f.name.removeprefix("sparql-") for f in among)
    raise ParameterError("format", wanted, f"a query with {form} is answered in {names}")


def _iris(name: str, values: Sequence[str]) -> list[str]:
    for value in values:
        if not Namespaces.is_iri(value):
            raise ParameterError(name, value, "give an absolute IRI")
    return list(values)


def engine_error(message: str, text: str) -> QuerySyntaxError:
    """The engine's message in words. It lists what its grammar would have taken; among that may be a sentence."""
    found = _PLACE.match(message)
    if not found:
        return QuerySyntaxError(message)
    parts = [part.strip() for part in message[found.end() :].split(", ")]
    signs = [part for part in parts if re.fullmatch(r'"[^"A-Za-z\\\\]+"', part)]
    reason = next((part for part in parts if re.fullmatch(r"[A-Z][A-Za-z]* [A-Za-z ]+", part)), None)
    if reason is None:
        reason = "the query does not parse here or just before" + (f"; {' or '.join(signs)} would" if signs else "")
    line, column = int(found[1]), int(found[2])
    lines = text.split("\n")
    return QuerySyntaxError(reason, line, column, lines[line - 1][:200] if line <= len(lines) else None)
