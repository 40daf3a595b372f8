"""Names for what has no label of its own: numbers with their qualifier, passages, terms."""

from __future__ import annotations

import re
from functools import lru_cache

from kgraph.model import Quantity, Span
from kgraph.namespaces import Namespaces
from kgraph.schema import Schema

_MILLION = 1_000_000
_IRREGULAR = {"is": "are", "has": "have", "was": "were", "does": "do"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def quantity(quantity: Quantity, schema: Schema, namespaces: Namespaces) -> str:
    """A number as a reader would say it: `just under 150,000`, `more than 300`, `160`, `81 percent`.

    The qualifier is the code's label; where nothing but the printed form is known, the printed form.
    """
    number = next((n for n in (quantity.value, quantity.min_value, quantity.max_value) if n is not None), None)
    if number is None:
        return quantity.text
    qualifier = namespaces.expand(quantity.approximation, "kgs")
    words = [] if words_of(qualifier) == "exact" else [term(qualifier, schema, namespaces).lower()]
    words.append(_number(number))
    if quantity.unit is not None:
        words.append(term(namespaces.expand(quantity.unit, "kgs"), schema, namespaces).lower())
    return " ".join(words)


def _number(number: float | int) -> str:
    tenths = number * 10 / _MILLION
    if number >= _MILLION and tenths == int(tenths):
        return f"{number / _MILLION:g} million"
    return f"{number:,}"


def place(span: Span, *, with_sentence: bool = True) -> str:
    """Where a passage stands: `P16`, `P16 s2`, a row of a table, or where it begins in the text."""
    if span.paragraph is None:
        return f"row {span.row}" if span.row is not None else f"from character {span.start}"
    sentence = f" s{span.sentence}" if with_sentence and span.sentence is not None else ""
    return f"P{span.paragraph}{sentence}"


def term(iri: str, schema: Schema, namespaces: Namespaces) -> str:
    """The label of a class, code or relation as the ontology has it; else its words; else its CURIE or IRI."""
    if iri in schema.classes:
        return schema.classes[iri].label
    if iri in schema.concepts:
        return schema.concepts[iri]
    if iri in schema.relations:
        return schema.relations[iri].label
    if iri.startswith((namespaces.kg, namespaces.kgs, namespaces.prefixes["rdfs"], namespaces.prefixes["skos"])):
        return words_of(iri)
    return namespaces.compress(iri)


@lru_cache(maxsize=4096)
def words_of(iri: str) -> str:
    """The local name of an IRI as words: `assertedIn` → `asserted in`, `more-than` → `more than`."""
    local = re.split(r"[#/]", iri)[-1] or iri
    return _HUMP.sub(" ", local).replace("-", " ").replace("_", " ").lower()


def plural(label: str) -> str:
    """An edge label with its verb in the plural: `addresses` → `address`, `is led by` → `are led by`."""
    verb, space, rest = label.partition(" ")
    return f"{_plural_verb(verb)}{space}{rest}"


def _plural_verb(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb
