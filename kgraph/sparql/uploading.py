"""What an RDF document sent to the graph store would change, found out in a child as an update is.

Blank nodes are named by content and graph: sending the same document again changes nothing, and sent to another graph
it speaks of others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kgraph import formats, rdf
from kgraph.errors import RdfSyntaxError
from kgraph.rdf import DefaultGraph, NamedNode, Quad
from kgraph.sparql.changes import Changes, Graph, UnappliedError


def graph(store: Any, request: Mapping[str, Any]) -> bytes:
    """What `put`, `post` or `delete` (`request["verb"]`) of a graph changes; an empty IRI is the unnamed graph.

    `request["documents"]` are files with format, base IRI and the name they are called by. Raises UnappliedError.
    """
    changes = Changes(store, request)
    name: Graph = NamedNode(request["graph"]) if request["graph"] else DefaultGraph()
    changes.allow(name)
    if request["verb"] == "delete":
        if isinstance(name, NamedNode) and name not in changes.graphs:
            raise UnappliedError("no graph", name.value)
        changes.change(changes.quads(name), [])
        changes.graphs.discard(name)
        return changes.told()
    quads = list(_quads(request, name))
    changes.change(changes.quads(name) if request["verb"] == "put" else [], quads)
    if isinstance(name, NamedNode):
        changes.graphs.add(name)
    return changes.told()


def _quads(request: Mapping[str, Any], name: Graph) -> Iterator[Quad]:
    for document in request["documents"]:
        data = Path(document["file"]).read_bytes()
        if not data:
            continue  # nothing is an empty graph in every format
        format = formats.named(document["format"], formats.RDF)
        try:
            parsed = list(rdf.parse(data, format, file=document["name"], base=document["base"]))
        except RdfSyntaxError as error:
            raise UnappliedError("rdf", json.dumps({**error.place.fields(), "reason": error.reason})) from error
        for quad in parsed:
            if not isinstance(quad.graph_name, DefaultGraph):
                reason = f"it names the graph {quad.graph_name}, and one graph is written at a time"
                raise UnappliedError("rdf", json.dumps({"file": document["name"], "reason": reason}))
        named, _ = rdf.skolemise(rdf.canonical(parsed)[0], request["names"], salt=str(name))
        for quad in named:
            yield Quad(quad.subject, quad.predicate, quad.object, name)
