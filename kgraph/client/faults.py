"""What goes wrong at a service, as the errors of the library, and in words that show the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kgraph.errors import (
    ClaimNotFoundError,
    CursorError,
    EntityNotFoundError,
    FetchRefusedError,
    KGraphError,
    LimitError,
    NotFoundError,
    ParameterError,
    PathSearchError,
    QueryRefusedError,
    QuerySyntaxError,
    RemoteError,
    SourceNotFoundError,
    UnknownFunctionError,
)

_SYNTAX = {"query-syntax": QuerySyntaxError, "path-search": PathSearchError}
_MISSING: dict[str, type[NotFoundError]] = {
    "entity-not-found": EntityNotFoundError,
    "claim-not-found": ClaimNotFoundError,
    "source-not-found": SourceNotFoundError,
}
_MADE: dict[str, Callable[[dict[str, Any]], KGraphError]] = {
    "parameter": lambda p: ParameterError(p["parameter"], p["value"], p["reason"]),
    "cursor": lambda p: CursorError(p["detail"]),
    "limit": lambda p: LimitError(p["limit"], p["value"], p["detail"]),
    "query-refused": lambda p: QueryRefusedError(p["detail"], p["rule"]),
    "fetch-refused": lambda p: FetchRefusedError(p["detail"], p["rule"]),
    "unknown-function": lambda p: UnknownFunctionError(p["function"]),
}


def from_service(error: RemoteError) -> KGraphError:
    """The error that a graph on this machine would have raised; the same one where there is none."""
    problem: dict[str, Any] = error.problem
    kind = str(problem.get("type", "")).rpartition("/")[2]
    try:
        if kind in _SYNTAX:
            return _SYNTAX[kind](problem["reason"], problem["line"], problem["column"], problem["text"])
        if kind in _MISSING:
            close = [(one["id"], one["label"]) for one in problem["suggestions"]]
            return _MISSING[kind](problem["wanted"], close)
        if kind in _MADE:
            return _MADE[kind](problem)
    except (KeyError, TypeError):  # a service of another version
        return error
    return error


def caret(error: QuerySyntaxError) -> str | None:
    """The offending line of a query with a caret under its place; None where that is not known.

    >>> print(caret(QuerySyntaxError("expected a name", 1, 8, "SELECT ! { }")))
    line 1: SELECT ! { }
                   ^
    """
    if error.line is None or error.column is None or error.text is None:
        return None
    head = f"line {error.line}: "
    return f"{head}{error.text.expandtabs(1)}\n{' ' * (len(head) + error.column - 1)}^"


@contextmanager
def told() -> Iterator[None]:
    """Raise what a service says as the library's own errors, with a note that shows the place or says the limit."""
    try:
        yield
    except KGraphError as error:
        shown = from_service(error) if isinstance(error, RemoteError) else error
        note = None
        if isinstance(shown, QuerySyntaxError):
            note = caret(shown)
        elif isinstance(shown, LimitError):
            note = (
                f"The limit is {shown.limit} = {shown.value}: ask for less (LIMIT, fewer hops, a page), or wait "
                "where it is of time. `client.limits` tells all limits of the graph."
            )
        if note:
            shown.add_note(note)
        if shown is error:
            raise
        raise shown from error
