"""A question, or a change, that cannot be asked for."""

from __future__ import annotations

from kgraph.errors.base import KGraphError


class RequestError(KGraphError):
    """A question that cannot be asked."""

    title = "The question cannot be asked"


class ParameterError(RequestError):
    """A parameter has a value that does not fit."""

    title = "A parameter does not fit"

    def __init__(self, name: str, value: object, reason: str) -> None:
        super().__init__(f"{name}={value!s}: {reason}")
        self.name = name
        self.value = value
        self.reason = reason

    def fields(self) -> dict[str, object]:
        return {"parameter": self.name, "value": str(self.value), "reason": self.reason}


class CursorError(RequestError):
    """The cursor was not issued by this graph, or belongs to another question."""

    title = "The cursor does not fit"


class GenerationGoneError(RequestError):
    """The generation asked for is not held: already gone, or not yet written."""

    title = "That generation is not held"

    def __init__(self, wanted: int | str, current: int) -> None:
        super().__init__(f"generation {wanted} is not held; the graph is at generation {current}: ask again without it")
        self.wanted = wanted
        self.current = current

    def fields(self) -> dict[str, object]:
        return {"wanted": self.wanted, "current": self.current}


class QuerySyntaxError(RequestError):
    """A SPARQL query does not parse."""

    title = "The query does not parse"

    def __init__(
        self, reason: str, line: int | None = None, column: int | None = None, text: str | None = None
    ) -> None:
        where = f"line {line}, column {column}: " if line is not None else ""
        super().__init__(f"{where}{reason}")
        self.reason = reason
        self.line = line
        self.column = column
        self.text = text

    def fields(self) -> dict[str, object]:
        return {"reason": self.reason, "line": self.line, "column": self.column, "text": self.text}


class PathSearchError(QuerySyntaxError):
    """A path search in a SPARQL query (`SERVICE kg:path`) is not understood, or names what is not there."""

    title = "The path search cannot be asked"


class QueryRefusedError(RequestError):
    """A SPARQL request that is not answered here: an update where a query is due, or one past the guard's limits."""

    title = "The query is refused"

    def __init__(self, reason: str, rule: str) -> None:
        super().__init__(reason)
        self.rule = rule

    def fields(self) -> dict[str, object]:
        return {"rule": self.rule}


class FetchRefusedError(QueryRefusedError):
    """A SPARQL request that is well-formed and would have this service ask another: SERVICE, LOAD."""

    title = "Nothing is fetched from elsewhere"


class UnknownFunctionError(RequestError):
    """A SPARQL request that is well-formed and calls a function this service does not have: `function` is its IRI."""

    title = "The function is not known here"

    def __init__(self, function: str) -> None:
        super().__init__(f"the function <{function}> is not known here; the functions of SPARQL 1.1 and xsd: casts are")
        self.function = function

    def fields(self) -> dict[str, object]:
        return {"function": self.function}


class GraphStateError(RequestError):
    """An update that needs a graph which is not there, or makes one which is; SILENT takes no offence."""

    title = "The graph is not as the update needs it"


class PreconditionError(RequestError):
    """A write on the condition that a graph is as it was, or is not there, when it is not so any more."""

    title = "The graph is another one by now"


class WriteRefusedError(RequestError):
    """A change that nobody may make from outside: of kgraph's own graphs, or in kgraph's own terms.

    `graph` is the IRI of the graph it would change, `reason` says what stands against it.
    """

    title = "This may not be changed"

    def __init__(self, graph: str | None, reason: str) -> None:
        super().__init__(reason)
        self.graph = graph
        self.reason = reason

    def fields(self) -> dict[str, object]:
        return {"graph": self.graph, "reason": self.reason}


class ReadOnlyError(RequestError):
    """A change asked of a service that only follows another one, which writes. `writer` is its address, if known."""

    title = "This service only reads"

    def __init__(self, detail: str, writer: str | None = None) -> None:
        super().__init__(detail)
        self.writer = writer

    def fields(self) -> dict[str, object]:
        return {"writer": self.writer}
