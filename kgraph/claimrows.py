"""Claims as rows of CSV, one a claim, for people with a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from kgraph.model import Claim, EntityRef, Span

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _ids(things: Iterable[EntityRef]) -> str:
    return "; ".join(thing.id for thing in things)


def _labels(things: Iterable[EntityRef]) -> str:
    return "; ".join(thing.label for thing in things)


def _first(spans: tuple[Span, ...], name: str) -> object:
    return getattr(spans[0], name) if spans else None


COLUMNS: dict[str, Callable[[Claim], object]] = {
    "claim": lambda c: c.id,
    "subject": lambda c: c.subject.id,
    "subject_label": lambda c: c.subject.label,
    "subject_type": lambda c: c.subject.type,
    "predicate": lambda c: c.predicate,
    "predicate_label": lambda c: c.predicate_label,
    "object": lambda c: c.object.id,
    "object_label": lambda c: c.object.label,
    "object_type": lambda c: c.object.type,
    "quantity": lambda c: c.quantity and c.quantity.text,
    "value": lambda c: c.quantity and c.quantity.value,
    "min_value": lambda c: c.quantity and c.quantity.min_value,
    "max_value": lambda c: c.quantity and c.quantity.max_value,
    "approximation": lambda c: c.quantity and c.quantity.approximation,
    "unit": lambda c: c.quantity and c.quantity.unit,
    "said_by": lambda c: _ids(c.said_by),
    "said_by_label": lambda c: _labels(c.said_by),
    "via": lambda c: _ids(c.via),
    "via_label": lambda c: _labels(c.via),
    "article": lambda c: c.article.id,
    "paragraph": lambda c: _first(c.where, "paragraph"),
    "sentence": lambda c: _first(c.where, "sentence"),
    "start": lambda c: _first(c.where, "start"),
    "end": lambda c: _first(c.where, "end"),
    "table": lambda c: _first(c.where, "table"),
    "row": lambda c: _first(c.where, "row"),
    "spans": lambda c: "; ".join(span.id for span in c.where),
    "voice": lambda c: c.voice,
    "polarity": lambda c: c.polarity,
    "modality": lambda c: c.modality,
    "status": lambda c: c.status,
    "role": lambda c: c.role,
    "source_certainty": lambda c: c.source_certainty,
    "confidence": lambda c: c.confidence,
    "time": lambda c: c.when and c.when.text,
    "edtf": lambda c: c.when and c.when.edtf,
    "earliest": lambda c: c.when and c.when.earliest,
    "latest": lambda c: c.when and c.when.latest,
    "conflicts_with": lambda c: "; ".join(c.conflicts_with),
    "qualifies": lambda c: "; ".join(c.qualifies),
    "read_aloud": lambda c: c.sentence,
}
"""Column → what stands in it. Where several things stand in one cell a semicolon is between them; the place in the
text is that of the first passage, `spans` names all."""


def rows(claims: Iterable[Claim]) -> Iterator[bytes]:
    """The table in pieces, the header first, lines ended by CR LF, in UTF-8.

    A text that a spreadsheet would read as a formula gets an apostrophe before it.
    """
    yield _line(COLUMNS)
    for claim in claims:
        yield _line(_cell(read(claim)) for read in COLUMNS.values())


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _line(cells: Iterable[object]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()
