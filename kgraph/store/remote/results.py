"""SPARQL results as another server writes them (JSON): read strictly, because they are a stranger's text.

Bytes are bounded before they come here. What is not as the recommendation says ends it: a row that binds what the head
does not name, a term of an unknown type, an IRI or language tag that is none, triple terms deeper than they may be.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from kgraph.errors import RemoteStoreError
from kgraph.rdf import BaseDirection, BlankNode, Literal, NamedNode, Term, Triple

Row = dict[str, Term]
_DEEPEST: Final = 64
_TRUTH: Final = "__ASK_RETVAL"
"""The one variable of the table in which Virtuoso answers some ASKs."""
_KEYS: Final = {
    "uri": {"type", "value"},
    "bnode": {"type", "value"},
    "literal": {"type", "value", "datatype", "xml:lang", "its:dir"},
    "typed-literal": {"type", "value", "datatype", "xml:lang"},  # before SPARQL 1.1, and in Virtuoso
    "triple": {"type", "value"},
}


def rows(body: bytes) -> list[Row]:
    """The solutions of a SELECT. Raises RemoteStoreError."""
    document = _document(body)
    try:
        names = _names(document["head"]["vars"])
        bindings = document["results"]["bindings"]
        return [_row(binding, names) for binding in _listed(bindings)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(error) from error


def plain(body: bytes) -> tuple[bytes, int]:
    """Results as the recommendation writes them, whoever wrote these, and how many rows they have; 0 for a truth.

    Raises RemoteStoreError.
    """
    document = _document(body)
    if "boolean" in document or _is_truth(document):
        return written_truth(truth=truth(body)), 0
    read = rows(body)
    bindings = document["results"]["bindings"]
    for binding in bindings:
        for value in binding.values():
            _make_plain(value)
    head = {"vars": document["head"]["vars"]}
    return orjson.dumps({"head": head, "results": {"bindings": bindings}}), len(read)


def written_truth(*, truth: bool) -> bytes:
    """The answer to an ASK as JSON results."""
    return orjson.dumps({"head": {}, "boolean": truth})


def _make_plain(value: dict[str, Any]) -> None:
    """Call literals literals, in a term that was read already."""
    if value["type"] == "typed-literal":
        value["type"] = "literal"
    elif value["type"] == "triple":
        for part in value["value"].values():
            _make_plain(part)


def truth(body: bytes) -> bool:
    """The answer to an ASK. Raises RemoteStoreError."""
    document = _document(body)
    if _is_truth(document):
        return any(str(getattr(row.get(_TRUTH), "value", "0")) not in ("0", "false") for row in rows(body))
    found = document.get("boolean")
    if not isinstance(found, bool):
        raise _unreadable(ValueError("there is no boolean"))
    return found


def _is_truth(document: dict[str, Any]) -> bool:
    head = document.get("head")
    return isinstance(head, dict) and head.get("vars") == [_TRUTH]


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except ValueError as error:
        raise _unreadable(error) from error
    if not isinstance(document, dict):
        raise _unreadable(TypeError("there is no object"))
    return document


def _listed(bindings: object) -> list[object]:
    if not isinstance(bindings, list):
        raise TypeError("bindings is no list")
    return bindings


def _names(names: object) -> frozenset[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError("vars is no list of names")
    return frozenset(names)


def _row(binding: object, names: frozenset[str]) -> Row:
    if not isinstance(binding, dict):
        raise TypeError("a row is no object")
    if not names.issuperset(binding):
        raise ValueError("a row binds what the head does not name")
    return {name: term(value) for name, value in binding.items()}


def term(value: Any, depth: int = 0) -> Term:
    """One RDF term of a results document. Raises ValueError, TypeError or KeyError."""
    kind = value["type"]
    if kind not in _KEYS or not _KEYS[kind].issuperset(value):
        raise ValueError(f"a term is of type {str(kind)[:20]!r}, or has a member that it may not have")
    held = value["value"]
    if kind == "triple":
        if depth >= _DEEPEST:
            raise ValueError(f"triple terms nest deeper than {_DEEPEST}")
        parts = [term(held[name], depth + 1) for name in ("subject", "predicate", "object")]
        return Triple(*parts)  # type: ignore[arg-type]  # raises TypeError for a term in the wrong place
    if not isinstance(held, str):
        raise TypeError("the value of a term is no text")
    if kind == "uri":
        return NamedNode(held)
    if kind == "bnode":
        return BlankNode(held)
    if (language := value.get("xml:lang")) is not None:
        direction = value.get("its:dir")
        return Literal(held, language=language, direction=None if direction is None else BaseDirection(direction))
    datatype = value.get("datatype")
    return Literal(held) if datatype is None else Literal(held, datatype=NamedNode(datatype))


def _unreadable(error: Exception) -> RemoteStoreError:
    return RemoteStoreError(f"the server's answer is not SPARQL results: {error}")
