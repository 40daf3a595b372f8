"""Every error kgraph raises on purpose.

    KGraphError
    ├── InputError                  what was handed in cannot be taken
    │   ├── ClaimFileError          a claim file: file, line and field
    │   ├── RdfSyntaxError          Turtle and the other RDF syntaxes: file, line and column
    │   ├── UnknownFormatError      neither the suffix nor the content tells a format
    │   ├── EmptyInputError         nothing in it
    │   ├── InvalidGraphError       SHACL: carries the report
    │   └── TextMismatchError       an attached text is not the one the source was read from
    ├── RequestError                a question that cannot be asked
    │   ├── ParameterError          a parameter: its name, its value, what would do
    │   ├── CursorError             a cursor that was not issued here, or for another question
    │   ├── GenerationGoneError     a page or a date of a generation that is no longer held
    │   ├── QuerySyntaxError        SPARQL: line, column and the offending line
    │   │   └── PathSearchError     what stands in a SERVICE kg:path block: the same
    │   ├── GraphStateError         an update that needs a graph that is not there, or makes one that is
    │   ├── PreconditionError       a graph that is no longer the one the request is about
    │   ├── UnknownFunctionError    SPARQL that calls a function nobody knows here
    │   ├── QueryRefusedError       SPARQL that is not answered here (an update, too deep)
    │   │   └── FetchRefusedError   SPARQL that would have this service ask another (SERVICE, LOAD)
    │   ├── WriteRefusedError       a change of kgraph's own graphs, or in kgraph's own terms
    │   └── ReadOnlyError           a change asked of one that only follows the writer: where that is
    ├── NotFoundError               nothing has that name: what comes close
    │   ├── EntityNotFoundError
    │   ├── ClaimNotFoundError
    │   ├── SourceNotFoundError
    │   ├── GraphNotFoundError
    │   └── KeyNotFoundError
    ├── LimitError                  a limit ended the work: which, and its value
    ├── StorageError                the folder behind the graph
    │   ├── FolderBusyError         another process holds it
    │   ├── DamagedError            journal, store or index do not fit together
    │   └── StorageFullError        no room left
    └── RemoteError                 a service answered with an error, or not at all
        └── RemoteStoreError        the server that keeps the graph; a StorageError too

Nothing here knows of HTTP; `api/errors.py` has the one table from class to status.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from kgraph.places import Place, Violation


class KGraphError(Exception):
    """Root of the tree. `detail` is one sentence for a person; `fields()` is the same for a program."""

    title: ClassVar[str] = "kgraph could not do this"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def fields(self) -> dict[str, object]:
        """What a program would want to know beside the sentence; JSON values only."""
        return {}


# ------------------------------------------------------------------ input


class InputError(KGraphError):
    """What was handed in cannot be taken; nothing was changed."""

    title = "The input cannot be taken"


class PlacedInputError(InputError):
    """An input error that knows its place."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason

    def fields(self) -> dict[str, object]:
        return {"place": self.place.fields(), "reason": self.reason}


class ClaimFileError(PlacedInputError):
    """A claim file is wrong. `others` holds the remaining faults of the same files, in order."""

    title = "The claim file is not valid"

    def __init__(self, place: Place, reason: str, others: Sequence[ClaimFileError] = ()) -> None:
        super().__init__(place, reason)
        self.others = tuple(others)

    def fields(self) -> dict[str, object]:
        return {**super().fields(), "others": [{"place": e.place.fields(), "reason": e.reason} for e in self.others]}


class RdfSyntaxError(PlacedInputError):
    """An RDF document does not parse."""

    title = "The RDF does not parse"


class UnknownFormatError(InputError):
    """No known format: the suffix says nothing and the content is not text kgraph knows."""

    title = "The format is not known"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"{name}: not a format kgraph reads; known are {', '.join(known)}")
        self.name = name
        self.known = tuple(known)

    def fields(self) -> dict[str, object]:
        return {"name": self.name, "known": list(self.known)}


class EmptyInputError(InputError):
    """The input holds nothing to load."""

    title = "The input is empty"


class InvalidGraphError(InputError):
    """The graph breaks a shape; `violations` is the report."""

    title = "The graph does not conform to the shapes"

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        more = f" (and {len(self.violations) - 1} more)" if len(self.violations) > 1 else ""
        super().__init__(f"{self.violations[0]}{more}")

    def fields(self) -> dict[str, object]:
        return {"violations": [v.fields() for v in self.violations]}


class TextMismatchError(InputError):
    """The text handed to `attach` is not the one the source was read from."""

    title = "The text is not the source's text"


# ------------------------------------------------------------------ questions


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


# ------------------------------------------------------------------ nothing of that name


class ReadOnlyError(RequestError):
    """A change asked of a service that only follows another one, which writes. `writer` is its address, if known."""

    title = "This service only reads"

    def __init__(self, detail: str, writer: str | None = None) -> None:
        super().__init__(detail)
        self.writer = writer

    def fields(self) -> dict[str, object]:
        return {"writer": self.writer}


class NotFoundError(KGraphError):
    """Nothing has that name. `suggestions` are (id, label) pairs of what comes close."""

    title = "Not found"
    kind: ClassVar[str] = "thing"

    def __init__(self, wanted: str, suggestions: Sequence[tuple[str, str]] = ()) -> None:
        close = ", ".join(f"{label} ({id_})" for id_, label in suggestions)
        super().__init__(f"no {self.kind} is called {wanted!r}" + (f"; close to it: {close}" if close else ""))
        self.wanted = wanted
        self.suggestions = tuple(suggestions)

    def fields(self) -> dict[str, object]:
        return {"wanted": self.wanted, "suggestions": [{"id": i, "label": label} for i, label in self.suggestions]}


class EntityNotFoundError(NotFoundError):
    """No entity has that id, CURIE or IRI."""

    kind = "entity"


class ClaimNotFoundError(NotFoundError):
    """No claim has that id."""

    kind = "claim"


class SourceNotFoundError(NotFoundError):
    """No source has that id."""

    kind = "source"


class GraphNotFoundError(NotFoundError):
    """No named graph has that IRI."""

    kind = "graph"


class KeyNotFoundError(NotFoundError):
    """No key has that id."""

    kind = "key"


# ------------------------------------------------------------------ limits, storage, other services


class LimitError(KGraphError):
    """A limit ended the work. `limit` names the setting, `value` its value with the unit."""

    title = "A limit ended the work"

    def __init__(self, limit: str, value: str, detail: str | None = None) -> None:
        super().__init__(detail or f"the work was ended by {limit} = {value}")
        self.limit = limit
        self.value = value

    def fields(self) -> dict[str, object]:
        return {"limit": self.limit, "value": self.value}


class StorageError(KGraphError):
    """The folder behind the graph cannot be used as asked."""

    title = "The data folder cannot be used"


class FolderBusyError(StorageError):
    """Another process holds the folder."""

    title = "The data folder is in use"


class DamagedError(StorageError):
    """Journal, store or index are damaged or do not fit together."""

    title = "The data folder is damaged"


class StorageFullError(StorageError):
    """No room left on the disk; the words say whether a commit counts already."""

    title = "The disk is full"


class RemoteError(KGraphError):
    """A kgraph service answered with an error, or not at all. `status` is None when there was no answer."""

    title = "The service did not answer as asked"

    def __init__(self, detail: str, status: int | None = None, problem: dict[str, object] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = problem or {}

    def fields(self) -> dict[str, object]:
        return {"status": self.status, "problem": self.problem}


class RemoteStoreError(RemoteError, StorageError):
    """The server that keeps the graph answered with an error, with what is no answer, too late, or not at all."""

    title = "The remote store did not answer as asked"
