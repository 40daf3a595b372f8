"""SPARQL 1.1 query: guarded, negotiated, evaluated in a child, answered with the child's bytes."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from kgraph import formats
from kgraph.errors import (
    KGraphError,
    LimitError,
    ParameterError,
    QueryRefusedError,
    QuerySyntaxError,
    RemoteStoreError,
    StorageError,
    UnknownFunctionError,
)
from kgraph.formats import Format
from kgraph.model import SparqlAnswer, SparqlLoad
from kgraph.namespaces import Namespaces
from kgraph.rdf import Quad
from kgraph.settings import Settings
from kgraph.sparql import describe, glance, guard, pathguard
from kgraph.sparql.guard import QueryForm
from kgraph.sparql.pathblock import PathBlock
from kgraph.sparql.pathsearch import Expanded, PathSource, Searching
from kgraph.sparql.readers import Readers
from kgraph.sparql.snapshots import Nothing, Snapshotted
from kgraph.sparql.work import Reply
from kgraph.store.base import KeptStore

if TYPE_CHECKING:
    from kgraph.store.remote.store import RemoteStore

COPY_BYTES = 2**31
"""Longest file that a child may write while it works a change out: those of its private copy."""
Aside = Callable[[Callable[[], Expanded]], Awaitable[Expanded]]
"""Does path searches where they keep no event loop waiting."""
_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str
    header: bytes
    body: bytes
    form: str
    format: Format
    seconds: float | None
    searching: Searching | None = None


class Pending:
    """A query that a child has before it (`model.SparqlBegun`)."""

    __slots__ = ("_answer", "_asked", "reply")

    def __init__(
        self, asked: _Asked, reply: asyncio.Future[Reply], answer: Callable[[_Asked, Reply], SparqlAnswer]
    ) -> None:
        self._asked, self.reply, self._answer = asked, reply, answer

    def answer(self) -> SparqlAnswer:
        """The answer, once the reply is there. Raises as `SparqlService.query`."""
        return self._answer(self._asked, self.reply.result())


class SparqlService:
    """Answers queries about one store. Methods may be called from several threads."""

    def __init__(
        self,
        store: KeptStore,
        settings: Settings,
        namespaces: Namespaces | None = None,
        paths: PathSource | None = None,
    ) -> None:
        self._store = store
        self._paths = paths
        self._settings = settings
        self._namespaces = namespaces or Namespaces.load(settings.base_iri)
        # Who asks for readers: the store's snapshots, or the server that keeps it.
        snapshotted = cast("Snapshotted", store) if store.is_near else Nothing()
        self._where = {} if store.is_near else {"remote": cast("RemoteStore", store).server.access}
        self._readers = Readers(snapshotted, settings, distant=not store.is_near)
        self._header = lru_cache(maxsize=256)(self._written)

    def query(
        self,
        text: str,
        *,
        format: str | None = None,
        default_graph_uri: Sequence[str] = (),
        named_graph_uri: Sequence[str] = (),
        timeout: float | None = None,
        base: str | None = None,
    ) -> SparqlAnswer:
        """The answer to a query. `format` is a name, suffix or media type, or several by preference, with commas:
        the first that fits the form is taken. The prefixes of the ontology need no declaration. The dataset is what
        the two URI lists say, else what `FROM` says, else all graphs as one (or, `strict`, the default graph).
        `timeout` is in seconds, and never more than the setting. `base` resolves relative IRIs. Path searches
        (`SERVICE kg:path`) are part of it.

        Raises QueryRefusedError, QuerySyntaxError, ParameterError, LimitError.
        """
        asked = self._asked(text, format, default_graph_uri, named_graph_uri, timeout, base)
        if asked.searching is None:
            return self._answer(asked, self._readers.ask(asked.header, asked.body, asked.seconds))
        steps = asked.searching.steps()
        sent: Reply | Expanded | None = None
        while True:
            try:
                step = steps.send(sent)
            except StopIteration as done:
                return self._answer(asked, *done.value)
            if isinstance(step, str):
                sent = self._readers.ask(asked.header, step.encode(), asked.searching.remaining())
            else:
                sent = step()

    async def bind(self) -> None:
        """Evaluate on the running event loop from now on, where nothing was asked yet."""
        await self._readers.bind()

    async def answer(
        self,
        text: str,
        *,
        format: str | None = None,
        default_graph_uri: Sequence[str] = (),
        named_graph_uri: Sequence[str] = (),
        timeout: float | None = None,
        base: str | None = None,
        aside: Aside = asyncio.to_thread,
    ) -> SparqlAnswer:
        """As `query`, awaited: what a service asks. Path searches are done where `aside` does them."""
        asked = self._asked(text, format, default_graph_uri, named_graph_uri, timeout, base)
        if asked.searching is None:
            return self._answer(asked, await self._readers.answer(asked.header, asked.body, asked.seconds))
        steps = asked.searching.steps()
        sent: Reply | Expanded | None = None
        while True:
            try:
                step = steps.send(sent)
            except StopIteration as done:
                return self._answer(asked, *done.value)
            if isinstance(step, str):
                sent = await self._readers.answer(asked.header, step.encode(), asked.searching.remaining())
            else:
                sent = await aside(step)

    def begin(self, text: str, format: str) -> Pending | None:
        """The same for a query that needs no guard, begun at once on the event loop the children are looked after on.

        None for any other query, and on any other loop. Raises ParameterError.
        """
        form = glance.form(text)
        if form is None:
            return None
        asked = self._plain(text, form, format)
        reply = self._readers.begin(asked.header, asked.body)
        return Pending(asked, reply, self._answer) if reply is not None else None

    def _plain(self, text: str, form: QueryForm, format: str) -> _Asked:
        chosen = choose(form.name, format)
        union = self._settings.default_graph == "union" and not form.names_dataset
        return _Asked(text, self._header(chosen.name, union, (), (), None), text.encode(), form.name, chosen, None)

    def _asked(
        self,
        text: str,
        format: str | None,
        default_graph_uri: Sequence[str],
        named_graph_uri: Sequence[str],
        seconds: float | None,
        base: str | None,
    ) -> _Asked:
        form = glance.form(text)
        blocks: tuple[PathBlock, ...] = ()
        if form is None:
            form, blocks = pathguard.check(text, self._settings, self._namespaces)
        chosen = choose(form.name, format)
        header = self._header(
            chosen.name,
            self._settings.default_graph == "union" and not form.names_dataset,
            _iris("default_graph_uri", default_graph_uri),
            _iris("named_graph_uri", named_graph_uri),
            base,
        )
        if seconds is not None and not seconds > 0:
            raise ParameterError("timeout", seconds, "give seconds, more than 0")
        asked = _Asked(text, header, text.encode(), form.name, chosen, seconds)
        return replace(asked, searching=self._searching(text, blocks, seconds)) if blocks else asked

    def _searching(self, text: str, blocks: Sequence[PathBlock], seconds: float | None) -> Searching:
        if self._paths is None:
            raise guard.refused_service()
        longest = self._settings.query_timeout
        allowed = longest if seconds is None else min(seconds, longest)
        return Searching(text, blocks, self._paths, self._settings, allowed, time.monotonic() + allowed)

    def _written(
        self, format: str, union: bool, default: tuple[str, ...], named: tuple[str, ...], base: str | None
    ) -> bytes:
        """The header of a request, in JSON: queries differ in their text, hardly ever in this."""
        header = {
            "format": format,
            "union": union,
            "default_graphs": default,
            "named_graphs": named,
            "rows": self._settings.query_rows,
            "bytes": self._settings.query_bytes,
            "seconds": self._settings.query_timeout,
            "prefixes": self._namespaces.prefixes,
            "base": base if base and Namespaces.is_iri(base) else None,
            **self._where,
        }
        return json.dumps(header).encode()

    def _answer(self, asked: _Asked, reply: Reply, found: Expanded | None = None) -> SparqlAnswer:
        if reply.status != "ok":
            if reply.status == "syntax" and found is None:  # let through at a glance: the guard may know the place
                guard.check(asked.text, self._settings, self._namespaces.prefixes)
            raise self._error(reply, asked.text, asked.format)
        verdicts = found.verdicts if found else ()
        return SparqlAnswer(asked.form, asked.format.content_type, reply.body, reply.generation, verdicts)

    def change(self, request: Mapping[str, Any], text: str = "", seconds: float | None = None) -> Reply:
        """What a child answers to a change (`updating.py`, `uploading.py`). Raises LimitError, StorageError."""
        header = {**request, **self._where, "seconds": self._settings.query_timeout}
        return self._readers.ask(json.dumps(header).encode(), text.encode(), seconds, COPY_BYTES)

    def _error(self, reply: Reply, text: str, chosen: Format) -> Exception:
        match reply.status:
            case "rows":
                return LimitError("query_rows", f"{self._settings.query_rows:,}", reply.message)
            case "bytes":
                return LimitError("query_bytes", f"{self._settings.query_bytes:,}", reply.message)
            case "format":
                return ParameterError("format", chosen.name, reply.message)
            case _:
                return usual_error(reply, text, self._settings, "the query could not be evaluated")

    def describe(self, endpoint: str = "", *, writable: bool = False) -> list[Quad]:
        """The service description, with the limits that hold here."""
        return describe.service(self._settings, self._namespaces, endpoint, writable=writable)

    def void(self, quads: Iterable[Quad], endpoint: str = "") -> list[Quad]:
        """What a graph holds, in VoID."""
        return describe.void(quads, self._namespaces, endpoint)

    @property
    def load(self) -> SparqlLoad:
        """What the processes that evaluate are at."""
        pool = self._readers.pool
        return pool.load if pool else SparqlLoad(0, 0, {}, {})

    @property
    def snapshot(self) -> int | None:
        """The generation that queries are answered from; None before the first, and where another server has the graph:
        there it is the one at which that stands when it is asked."""
        if self._where:
            return None
        pool = self._readers.pool
        held = pool.snapshots.current if pool else None
        return held[0] if held else None

    def close(self) -> None:
        """End the children; nothing is answered afterwards."""
        self._readers.close()


@lru_cache(maxsize=256)
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


def _iris(name: str, values: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if not Namespaces.is_iri(value):
            raise ParameterError(name, value, "give an absolute IRI")
    return tuple(values)


def usual_error(reply: Reply, text: str, settings: Settings, failed: str) -> KGraphError:
    """The error of a reply whose status means the same for queries and changes; `failed` says what any other means."""
    message = reply.message
    match reply.status:
        case "syntax":
            return _engine_error(message, text)
        case "memory":
            return LimitError("query_memory", f"{settings.query_memory:,}", message)
        case "function":
            return UnknownFunctionError(message)
        case "refused":
            rule, _, reason = message.partition(" ")
            return QueryRefusedError(reason, rule)
        case "remote":
            return RemoteStoreError(message)
        case _:
            return StorageError(f"{failed}: {message}")


def _engine_error(message: str, text: str) -> QuerySyntaxError:
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
