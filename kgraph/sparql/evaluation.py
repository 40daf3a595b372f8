"""What a change asked for from outside comes to: guarded here, worked out in a child, told as a delta."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from kgraph import formats, rdf
from kgraph.errors import (
    GraphNotFoundError,
    GraphStateError,
    LimitError,
    ParameterError,
    QueryRefusedError,
    RdfSyntaxError,
    WriteRefusedError,
)
from kgraph.formats import Format
from kgraph.namespaces import Namespaces
from kgraph.places import Place
from kgraph.rdf import NamedNode
from kgraph.settings import Settings
from kgraph.sparql import blanknodes, updateguard
from kgraph.sparql.replies import usual_error
from kgraph.sparql.service import SparqlService
from kgraph.sparql.work import Reply
from kgraph.store.base import Delta, KeptStore

OWN: Final = ("claims", "entities", "reported", "notes", "ontology")
"""The graphs that only loading writes, by the names that `Namespaces.graph` takes."""
PACKAGED: Final = ("ontology", "notes")
"""Those of them that a graph has into which nothing was loaded."""
Verb = Literal["put", "post", "delete"]


@dataclass(frozen=True, slots=True)
class Document:
    """An RDF document as it was sent; relative IRIs are resolved against `base`, `name` is what errors call it."""

    data: bytes
    format: Format
    base: str | None = None
    name: str = "the document"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a change comes to at a generation; `new` and `gone` are the named graphs that come and go."""

    generation: int
    delta: Delta
    new: tuple[str, ...]
    gone: tuple[str, ...]


class Evaluation:
    """Works changes out and makes none. Methods may be called from several threads."""

    def __init__(
        self,
        service: SparqlService,
        store: KeptStore,
        settings: Settings,
        namespaces: Namespaces,
        scratch: Callable[[], AbstractContextManager[Path]],
    ) -> None:
        self._service, self._store, self._settings, self._namespaces = service, store, settings, namespaces
        self._scratch = scratch

    def update(
        self,
        text: str,
        *,
        base: str | None = None,
        using: Sequence[str] = (),
        using_named: Sequence[str] = (),
        seconds: float | None = None,
    ) -> Evaluated:
        """What a SPARQL update changes. `base` resolves its relative IRIs; the next two are the protocol's dataset.
        It takes `seconds` at most, and never longer than the setting.

        Raises QueryRefusedError, QuerySyntaxError, ParameterError, WriteRefusedError, LimitError, StorageError.
        """
        operations = updateguard.check(text, self._settings, self._namespaces.prefixes)
        for name, iris in (("using_graph_uri", using), ("using_named_graph_uri", using_named)):
            for iri in iris:
                if not Namespaces.is_iri(iri):
                    raise ParameterError(name, iri, "give an absolute IRI")
            if iris and any(operation.names_dataset for operation in operations):
                raise ParameterError(name, iris[0], "the update says itself which graphs it uses (USING or WITH)")
        request = {
            "task": "update",
            "operations": [operation.fields() for operation in operations],
            "base": base,
            "prefixes": self._namespaces.prefixes,
            "using": list(using),
            "using_named": list(using_named),
            "union": self._settings.default_graph == "union",
            "scratch": None,
        }
        if len(operations) < 2 or self._store.folder is None:
            return self._worked_out(request, text, seconds)
        with self._scratch() as scratch:
            return self._worked_out({**request, "scratch": str(scratch / "copy")}, text, seconds)

    def graph(
        self, verb: Verb, graph: str | None, documents: Sequence[Document] = (), *, seconds: float | None = None
    ) -> Evaluated:
        """What putting, posting or deleting a graph changes; None is the unnamed graph. `seconds` as in `update`.

        Raises RdfSyntaxError, GraphNotFoundError, WriteRefusedError, LimitError, StorageError.
        """
        request = {"task": "graph", "verb": verb, "graph": graph or ""}
        if verb == "delete":
            return self._worked_out({**request, "documents": []}, seconds=seconds)
        with self._scratch() as scratch:
            written = []
            for number, document in enumerate(documents):
                file = scratch / str(number)
                file.write_bytes(document.data)
                told = {"format": document.format.name, "base": document.base, "name": document.name}
                written.append({"file": str(file), **told})
            return self._worked_out({**request, "documents": written}, seconds=seconds)

    def _worked_out(self, request: Mapping[str, Any], text: str = "", seconds: float | None = None) -> Evaluated:
        names, settings = self._namespaces, self._settings
        in_memory = self._store.folder is None  # a dump tells nothing of empty graphs
        rules = {
            "graphs": [name.value for name in self._store.graphs()] if in_memory else [],
            "own_graphs": [names.graph(name) for name in OWN],
            "packaged_graphs": [names.graph(name) for name in PACKAGED],
            "own_subjects": [names.kg, names.kgs, names.graph("")],
            "kg": names.kg,
            "type": names.expand("rdf:type"),
            "names": blanknodes.NAMES,
            "quads": settings.update_quads,
            "bytes": settings.update_bytes,
        }
        reply = self._service.change({**request, **rules}, text, seconds)
        if reply.status != "ok":
            self._refuse(reply, text)
        return _read(reply)

    def _refuse(self, reply: Reply, text: str) -> NoReturn:
        settings, message = self._settings, reply.message
        match reply.status:
            case "own graph":
                raise WriteRefusedError(message.partition(" ")[0], _own(message.split(" ")))
            case "own term":
                raise WriteRefusedError(None, message)
            case "no graph":
                raise GraphNotFoundError(message)
            case "rdf":
                place = json.loads(message)
                reason = place.pop("reason")
                raise RdfSyntaxError(Place(**place), reason)
            case "graph":
                raise GraphStateError(message)
            case "depth":
                raise QueryRefusedError(message, "depth")
            case "rows":
                raise LimitError("update_quads", f"{settings.update_quads:,}", message)
            case "bytes":
                raise LimitError("update_bytes", f"{settings.update_bytes:,}", message)
            case _:
                raise usual_error(reply, text, settings, "the change could not be worked out")


def _own(graphs: Sequence[str]) -> str:
    are = "are" if len(graphs) > 1 else "is"
    return (
        f"{', '.join(graphs)} {are} kgraph's own: what stands there is loaded as claims, checked and attributed; "
        "write to a graph of yours"
    )


def _read(reply: Reply) -> Evaluated:
    line, _, quads = reply.body.partition(b"\n")
    header = json.loads(line)
    removed, added = (
        tuple(rdf.parse(part, formats.NQUADS, file="a change"))
        for part in (quads[: header["removed"]], quads[header["removed"] :])
    )
    created = tuple(NamedNode(iri) for iri in header["new"] if iri not in set(header["filled"]))
    dropped = tuple(NamedNode(iri) for iri in header["gone"])
    return Evaluated(
        reply.generation, Delta(added, removed, created, dropped), tuple(header["new"]), tuple(header["gone"])
    )
