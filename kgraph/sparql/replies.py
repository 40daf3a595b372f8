"""What a child's reply says that is no answer, as one of the library's errors."""

from __future__ import annotations

import re

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
from kgraph.settings import Settings
from kgraph.sparql.work import Reply

_PLACE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?", re.DOTALL)


def error(reply: Reply, text: str, chosen: Format, settings: Settings) -> KGraphError:
    """The error that a reply to a query tells. `text` is the query, `chosen` the format asked for."""
    match reply.status:
        case "rows":
            return LimitError("query_rows", f"{settings.query_rows:,}", reply.message)
        case "bytes":
            return LimitError("query_bytes", f"{settings.query_bytes:,}", reply.message)
        case "format":
            return ParameterError("format", chosen.name, reply.message)
        case _:
            return usual_error(reply, text, settings, "the query could not be evaluated")


def usual_error(reply: Reply, text: str, settings: Settings, failed: str) -> KGraphError:
    """The error of a reply whose status means the same for queries and changes; `failed` says what any other means."""
    message = reply.message
    match reply.status:
        case "syntax":
            return _syntax_error(message, text)
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


def _syntax_error(message: str, text: str) -> QuerySyntaxError:
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
