"""Where claims stand: their passages, and the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kgraph.model import Span
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord

NOWHERE = Span("", "", None, None, None, None, None)


def spans(catalogue: Catalogue, iris: Iterable[str]) -> tuple[Span, ...]:
    """The passages that are known, in the order of the text; with their words where the text is attached."""
    found = [where for iri in iris if (where := catalogue.spans.get(iri)) is not None]
    if catalogue.texts:
        found = [_with_words(catalogue, where) for where in found]
    return tuple(found) if len(found) < 2 else tuple(sorted(found, key=in_text))


def _with_words(catalogue: Catalogue, where: Span) -> Span:
    text = catalogue.texts.get(catalogue.namespaces.expand(where.article))
    if text is None or where.start is None or where.end is None:
        return where
    return replace(where, text=text[where.start : where.end])


def in_text(where: Span) -> tuple[str, int, int, int, str]:
    return (where.article, where.start or 0, where.paragraph or 0, where.row or 0, where.id)


def place_of_spans(catalogue: Catalogue, iris: Iterable[str]) -> tuple[str, int, int, int, str]:
    """The place of the first of some passages: the order of claims as they are read, by article and place in the
    text."""
    return min((in_text(catalogue.spans[i]) for i in iris if i in catalogue.spans), default=in_text(NOWHERE))


def in_reading_order(catalogue: Catalogue, claims: Iterable[ClaimRecord]) -> tuple[ClaimRecord, ...]:
    """Claims by article, place in the text and IRI."""
    found = tuple(claims)
    return found if len(found) < 2 else tuple(sorted(found, key=lambda c: (place_of_spans(catalogue, c.spans), c.iri)))
