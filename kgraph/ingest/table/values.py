"""The cells of a row that name no thing: relation, codes, date, confidence, URL. Each different cell is read once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from kgraph.ingest.dates import bounds
from kgraph.ingest.statements import content_id
from kgraph.ingest.suggest import did_you_mean
from kgraph.ingest.table.cells import Column
from kgraph.ingest.table.mapping import TableMapping
from kgraph.namespaces import Namespaces
from kgraph.schema import Relation, Schema
from kgraph.store.claimtable import TableTime

T = TypeVar("T")
Read = tuple[list[T | None], dict[int, str]]
"""What each value of a column means, and by its number what is wrong with those that mean nothing."""

PLACES: Final = 6
"""Decimal places of a confidence that are kept."""
_PROPERTIES: Final = {
    "modality": ("kg:modality", ""),
    "polarity": ("kg:polarity", ""),
    "role": ("kg:role", "role-"),
    "certainty": ("kg:sourceCertainty", "certainty-"),
}
_SHOWN: Final = 12
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?\Z")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\x00-\x20\x7f<>\"{}|\\^`]+\Z")


def read(column: Column, of: Callable[[str], T]) -> Read[T]:
    """Every value of a column through a function that raises ValueError with the reason where it has none."""
    found: list[T | None] = []
    wrong: dict[int, str] = {}
    for number, value in enumerate(column.values):
        try:
            found.append(of(value))
        except ValueError as error:
            found.append(None)
            wrong[number] = str(error)
    return found, wrong


class Values:
    """The functions for `read`."""

    def __init__(self, namespaces: Namespaces, schema: Schema, mapping: TableMapping) -> None:
        self._ns = namespaces
        self._schema = schema
        self._predicates = mapping.predicates
        self._labels = {relation.label: relation for relation in schema.relations.values()}
        self._stated = namespaces.expand("kgs:stated")

    def relation(self, text: str) -> Relation:
        """A relation by the mapping's name for it, its own name, CURIE or IRI, or its label.

        >>> ns = Namespaces.load()
        >>> Values(ns, Schema.load(ns), TableMapping()).relation("hasMember").curie
        'kg:hasMember'
        """
        relations = self._schema.relations
        for name in (self._predicates.get(text), text):
            if name is not None and (iri := self._ns.expand(name, "kg")) in relations:
                return relations[iri]
        if text in self._labels:
            return self._labels[text]
        names = [*self._predicates, *(iri.removeprefix(self._ns.kg) for iri in relations)]
        raise ValueError(f"{text!r} is no relation of the ontology{did_you_mean(text, names)}")

    def code(self, field: str) -> Callable[[str], str]:
        """What reads the codes of a field: bare names, as in claim files."""
        curie, prefix = _PROPERTIES[field]
        allowed = self._schema.codes_for(self._ns.expand(curie))
        names = sorted(self._schema.code(iri) for iri in allowed)

        def read(text: str) -> str:
            for candidate in (text, f"{prefix}{text}"):
                if (iri := self._ns.expand(candidate, "kgs")) in allowed:
                    return iri
            known = f" of {', '.join(names)}" if len(names) <= _SHOWN else ""
            raise ValueError(f"{text!r} is no {field}{known}{did_you_mean(text, names)}")

        return read

    def kind(self, text: str) -> str:
        """A class of things, such as `Person`."""
        iri = self._ns.expand(text, "kg")
        if iri not in self._schema.classes:
            names = [each.removeprefix(self._ns.kg) for each in self._schema.classes]
            raise ValueError(f"{text!r} is no class of the ontology{did_you_mean(text, names)}")
        if not self._schema.is_a(iri, f"{self._ns.kg}Entity"):
            raise ValueError(f"{text!r} is no class of things a table can make: describe it in a claim file or as RDF")
        return iri

    def object_code(self, relation: Relation, text: str) -> str:
        """A code as the object of a relation that takes only codes: by bare name, CURIE, IRI or label."""
        allowed = self._schema.codes_for(relation.iri)
        if (iri := self._ns.expand(text, "kgs")) in allowed:
            return iri
        by_label = [iri for iri in sorted(allowed) if self._schema.concepts[iri].casefold() == text.casefold()]
        if len(by_label) == 1:
            return by_label[0]
        near = did_you_mean(text.removeprefix("kgs:"), map(self._schema.code, allowed))
        raise ValueError(f"{relation.curie} takes no {text!r}{near}")

    def time(self, text: str) -> TableTime:
        """A date as it stands: a day, a month, a year, or anything else in EDTF."""
        found = _DAY.match(text)
        edtf = found[1] if found else text
        first, last = map(_iso, bounds(edtf))
        parts: list[object] = [text, edtf, first, last, self._ns.compress(self._stated), None]
        return TableTime(f"{self._ns.id}{content_id('time', parts)}", first, last, edtf, text, self._stated)


def _iso(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def confidence(text: str) -> float:
    """A number from 0 to 1, to six decimal places."""
    try:
        number = Decimal(text)
        fits = 0 <= number <= 1
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not fits:
        raise ValueError(f"{text!r} is not from 0 to 1")
    return abs(float(round(number, PLACES)))


def url(text: str) -> str:
    """An address on the web."""
    if not _URL.match(text):
        raise ValueError(f"{text!r} is not a URL")
    return text
