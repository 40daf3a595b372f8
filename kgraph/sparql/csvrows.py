"""Rows as CSV where the engine's own are not: it quotes a text within a triple term and not the field around it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from kgraph.rdf import BlankNode, Triple

_SUSPICIOUS = b' "'
"""How a text within a triple term begins."""
_WHOLE = re.compile(rb'(?:(?:"(?:[^"]++|"")*+"|[^",\r\n]*+)(?:,|\r?\n|\Z))*+')


def is_csv(body: bytes) -> bool:
    """Whether every quote is where CSV has one; looked at closely only where one might not be."""
    return _SUSPICIOUS not in body or _WHOLE.fullmatch(body) is not None


def lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A header and rows of terms (None where unbound), a line at a time, as the recommendation has it: bare values.

    A triple term is the values of its three terms with blanks between, as the engine has it: a reader of CSV cannot
    tell it from a text, as it cannot tell an IRI from one.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in chain([names], ([_bare(term) for term in row] for row in rows)):
        writer.writerow(row)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _bare(term: Any) -> str:
    match term:
        case None:
            return ""
        case Triple():
            return " ".join(_bare(part) for part in (term.subject, term.predicate, term.object))
        case BlankNode():
            return str(term)
        case _:
            return str(term.value)
