"""What an update would change, found out in a child: read from a snapshot, applied to nothing but a private copy.

The engine changes stores and tells nobody what it changed. So each operation is taken apart: `WHERE` is asked once, as
a query; templates are filled by the engine in empty stores, from the rows that were found; graphs are managed by hand,
as SPARQL 1.1 Update says. What is left of it all is one difference to the snapshot (`changes.py`).

Blank nodes get IRIs here, each a new one: a blank node of an update is a new thing whenever the update is run.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kgraph.sparql import blanknodes
from kgraph.sparql.changes import Base, Changes, Graph, UnappliedError, may_write

_CHUNK: Final = 5_000
_PLACE: Final = re.compile(r"error at (\d+):(\d+): ", re.DOTALL)
# An operation that fails stands before the one that is to be parsed: the engine parses all before it does anything.
_PARSE_ONLY: Final = "DROP GRAPH <urn:x-kgraph:none> ; "

Term = NamedNode | BlankNode | Literal | Triple


def update(store: Base, request: Mapping[str, Any]) -> bytes:
    """What the operations of `request["operations"]` (see `updateguard.Operation`) change.

    Raises UnappliedError, and SyntaxError with its place for an operation that does not parse.
    """
    operations = [_Run(operation, request) for operation in request["operations"]]
    for operation in operations:
        operation.parse()
    changes = Changes(store, request)
    with may_write():
        try:
            for operation in operations:
                operation.apply(changes)
        finally:
            changes.close()
    return changes.told()


class _Run:
    """One operation being carried out."""

    def __init__(self, operation: Mapping[str, Any], request: Mapping[str, Any]) -> None:
        self._do = operation
        self._kind: str = operation["kind"]
        self._blocks: Mapping[str, str] = operation["blocks"]
        self._request = request
        self._engine = {"base_iri": request["base"], "prefixes": request["prefixes"]}
        self._found: dict[BlankNode, NamedNode] = {}  # names of the blank nodes that WHERE made

    def parse(self) -> None:
        """Raise SyntaxError, with its place in the whole text, for an operation that does not parse."""
        before = f"{self._do['prologue']}{_PARSE_ONLY}"
        start, text = self._do["start"], self._request["text"]
        try:
            Store().update(f"{before}{text[start : self._do['end']]}", **self._engine)
        except SyntaxError as error:
            found = _PLACE.match(str(error.msg))
            if found is None:
                raise
            line, column = int(found[1]), int(found[2])
            if line == 1:
                column = max(column - len(before), 1) + start - (text.rfind("\n", 0, start) + 1)
            line += text.count("\n", 0, start)
            raise SyntaxError(f"error at {line}:{column}: {str(error.msg)[found.end() :]}") from error
        except (RuntimeError, OSError, ValueError):
            return  # it parses

    def apply(self, changes: Changes) -> None:
        """Carry it out. Raises UnappliedError."""
        match self._kind:
            case "insert data" | "delete data":
                quads = self._named(self._filled(f"INSERT DATA {self._blocks['data']}"))
                changes.change(*(((), quads) if self._kind == "insert data" else (quads, ())))
            case "modify" | "delete where":
                changes.change(*self._modified(changes))
            case _:
                try:
                    self._manage(changes)
                except _FailedError as error:
                    if not self._do["silent"]:
                        raise UnappliedError("graph", str(error)) from error

    # -------------------------------------------------------------- patterns

    def _modified(self, changes: Changes) -> tuple[list[Quad], list[Quad]]:
        names, distinct = self._do["variables"], not self._do["mints"]
        removed: dict[Quad, None] = {}
        added: list[Quad] = []
        templates = {"delete": self._blocks["where"]} if self._kind == "delete where" else self._blocks
        with_ = f"WITH {self._do['with_']} " if self._do["with_"] else ""
        rows = self._rows(changes.seen(), names, distinct=distinct)
        heading = next(rows)
        while chunk := list(islice(rows, _CHUNK)):
            values = f"WHERE {{ VALUES ({heading}) {{ {' '.join(chunk)} }} }}"
            if "delete" in templates:
                removed.update(dict.fromkeys(self._filled(f"{with_}INSERT {templates['delete']} {values}")))
            if "insert" in templates:
                added += self._named(self._filled(f"{with_}INSERT {templates['insert']} {values}"))
            if len(removed) + len(added) > 2 * self._request["quads"]:
                raise changes.too_much()
        return list(removed), added

    def _rows(self, store: Base, names: Sequence[str], *, distinct: bool) -> Iterator[str]:
        """The variables, as VALUES takes them, then the row of each solution."""
        row = f"row_{secrets.token_hex(8)}"
        if self._kind == "delete where":
            what = "DISTINCT *"
        else:
            asked = " ".join(f"?{name}" for name in names) if names else f"(1 AS ?{row})"
            what = f"DISTINCT {asked}" if distinct else asked
        query = f"{self._do['prologue']}SELECT {what} WHERE {self._blocks['where']}"
        ask = partial(blanknodes.query, store) if isinstance(store, Store) else store.query
        solutions = ask(query, **self._engine, **self._dataset())
        assert isinstance(solutions, QuerySolutions)
        variables = solutions.variables
        yield " ".join(str(variable) for variable in variables) or f"?{row}"
        for solution in solutions:
            terms = [self._written(term) for term in solution]
            yield f"({' '.join(terms) if variables else 1})"

    def _written(self, term: Term | None) -> str:
        if term is None:
            return "UNDEF"
        if isinstance(term, BlankNode):
            if term not in self._found:
                self._found[term] = self._new()
            return str(self._found[term])
        if isinstance(term, Triple):
            parts = [self._written(part) for part in term]
            return f"<<( {' '.join(parts)} )>>"
        return str(term)

    def _dataset(self) -> dict[str, Any]:
        operation, request = self._do, self._request
        if operation["using"] or operation["using_named"]:
            return {
                "default_graph": [self._graph(name) for name in operation["using"]],
                "named_graphs": [self._graph(name) for name in operation["using_named"]],
            }
        if operation["with_"]:
            return {"default_graph": [self._graph(operation["with_"])]}
        if request["using"] or request["using_named"]:
            return {
                "default_graph": [NamedNode(iri) for iri in request["using"]],
                "named_graphs": [NamedNode(iri) for iri in request["using_named"]],
            }
        return {"use_default_graph_as_union": request["union"]}

    def _filled(self, text: str) -> list[Quad]:
        """What the engine makes of data or a template in an empty store."""
        store = Store()
        store.update(f"{self._do['prologue']}{text}", **self._engine)
        return list(store)

    # -------------------------------------------------------------- blank nodes

    def _new(self) -> NamedNode:
        return NamedNode(f"{self._request['names']}{secrets.token_hex(10)}")

    def _named(self, quads: Iterable[Quad]) -> list[Quad]:
        """The quads with IRIs for blank nodes; without those that have one where no blank node may stand."""
        names: dict[BlankNode, NamedNode] = {}

        def term(part: Any) -> Any:
            if isinstance(part, BlankNode):
                if part not in names:
                    names[part] = self._new()
                return names[part]
            if isinstance(part, Triple):
                return Triple(term(part.subject), part.predicate, term(part.object))
            return part

        minted = set(self._found.values())
        return [
            Quad(term(quad.subject), quad.predicate, term(quad.object), quad.graph_name)
            for quad in quads
            if quad.predicate not in minted and quad.graph_name not in minted
        ]

    # -------------------------------------------------------------- graphs

    def _graph(self, name: str) -> NamedNode:
        """The graph that a token names: an IRI, perhaps a relative one, or a prefixed name."""
        solutions = Store().query(f"{self._do['prologue']}SELECT ({name} AS ?g) {{}}", **self._engine)
        assert isinstance(solutions, QuerySolutions)
        found = next(iter(solutions))[0]
        assert isinstance(found, NamedNode)
        return found

    def _place(self, name: str) -> Graph:
        return DefaultGraph() if name == "DEFAULT" else self._graph(name)

    def _manage(self, changes: Changes) -> None:
        if self._kind in ("clear", "drop"):
            self._clear(changes, self._do["target"])
            return
        target = self._place(self._do["target"])
        changes.allow(target)
        if self._kind == "create":
            if target in changes.graphs:
                raise _FailedError(f"the graph {target} exists already")
            changes.graphs.add(target)
            return
        source = self._place(self._do["source"])
        if self._kind == "move":
            changes.allow(source)
        if not isinstance(source, DefaultGraph) and source not in changes.graphs:
            raise _FailedError(f"the graph {source} does not exist")
        if source == target:
            return
        moved = changes.quads(source)
        changes.change(
            [] if self._kind == "add" else changes.quads(target),
            [Quad(quad.subject, quad.predicate, quad.object, target) for quad in moved],
        )
        if not isinstance(target, DefaultGraph):
            changes.graphs.add(target)
        if self._kind == "move":
            changes.change(moved, [])
            changes.graphs.discard(source)

    def _clear(self, changes: Changes, target: str) -> None:
        graphs: list[Graph]
        if target in ("NAMED", "ALL"):
            graphs = changes.named()
            graphs += [DefaultGraph()] if target == "ALL" else []
        else:
            graphs = [self._place(target)]
            changes.allow(graphs[0])
            if not isinstance(graphs[0], DefaultGraph) and graphs[0] not in changes.graphs:
                raise _FailedError(f"the graph {graphs[0]} does not exist")
        for graph in graphs:
            changes.change(changes.quads(graph), [])
            if self._kind == "drop":
                changes.graphs.discard(graph)


class _FailedError(Exception):
    """An operation that cannot be done; SILENT makes it one that does nothing."""
