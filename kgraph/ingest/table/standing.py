"""What the shapes ask of some kinds of things beyond their relations: who demands a demand, who alleges an allegation.

These are the shapes 5, 7, 8 and 11 for the things a table declares. What may be unstated gets its flag; what must be
stated and is not refuses the rows of the thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from kgraph import formats, rdf
from kgraph.ingest.table.things import Things
from kgraph.rdf import Literal
from kgraph.schema import Schema

Int32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

_PATTERN: Final = "http://www.w3.org/ns/shacl#pattern"


@dataclass(frozen=True, slots=True)
class Rule:
    """Things of these classes are the subject of a claim with one of some relations, or the object of one with one of
    others (None: with any). Else they get the flag, or are refused for the reason. `unsure` counts a claim about them
    only if it does not say it is so."""

    classes: tuple[str, ...]
    subject_of: tuple[str, ...] = ()
    object_of: tuple[str, ...] | None = ()
    flag: str = ""
    reason: str = ""
    unsure: bool = False


RULES: Final = (
    Rule(
        ("Coalition", "UnnamedGroup"),
        ("hasMember", "ledBy", "memberCount", "groupCount", "countryCount", "cityCount"),
        flag="membersUnstated",
    ),
    Rule(("Demand",), object_of=("demands",), flag="demanderUnstated"),
    Rule(("Demand",), ("addressee",), flag="addresseeUnstated"),
    Rule(("Demand",), ("requests",), reason="is a demand, and no row says what it requests"),
    Rule(
        ("Measure",),
        ("measureStatus",),
        object_of=None,
        unsure=True,
        reason="is a measure, and no row gives its measureStatus or speaks of it as proposed, demanded or the like",
    ),
    Rule(("Allegation",), object_of=None, reason="is an allegation, and no row says who alleges it"),
    Rule(
        ("Observation",),
        reason="is an observation: its figure and period cannot stand in a table, only in a claim file",
    ),
)
_NO_VERDICT: Final = ("Measure", "Allegation")


@dataclass(frozen=True, slots=True)
class Said:
    """The claims that are left: their ends as numbers of things, their relation as a place in `relations` (IRIs), and
    whether they are reported as so."""

    relations: Sequence[str]
    subject: Int32
    relation: Int32
    object: Int32
    reported: Bools


class Standing:
    """Applies the rules to the new things of a table."""

    def __init__(self, schema: Schema, things: Things, types: list[str | None]) -> None:
        self._kg = schema.namespaces.kg
        self._schema = schema
        self._things = things
        self._of_class: dict[str, Int32] = {}
        classes = {name for rule in RULES for name in rule.classes}
        kinds = {iri: {n for n in classes if schema.is_a(iri, self._kg + n)} for iri in set(types) if iri is not None}
        for name in classes:
            of = [n for n, iri in enumerate(types) if iri is not None and name in kinds[iri]]
            self._of_class[name] = np.array(of, np.int32)

    def flags(self, said: Said) -> Iterator[tuple[int, str]]:
        """Which things get which editorial flag (an IRI)."""
        for rule in RULES:
            if rule.flag:
                for thing in self._lacking(rule, said).tolist():
                    yield thing, f"{self._kg}{rule.flag}"

    def refused(self, said: Said) -> dict[int, str]:
        """The things that cannot be declared so, with the reason."""
        reasons: dict[int, str] = {}
        for rule in RULES:
            if rule.reason:
                for thing in self._lacking(rule, said).tolist():
                    reasons.setdefault(thing, rule.reason)
        return reasons

    def verdicts(self) -> dict[int, str]:
        """The things whose label decides what is only alleged or proposed, with the reason."""
        things = {thing for name in _NO_VERDICT for thing in self._of_class[name].tolist()}
        if not things:
            return {}
        pattern = _no_verdict(self._schema)
        reason = "has a label that decides the matter: name what is alleged or proposed, without a verdict"
        return {thing: reason for thing in sorted(things) if pattern.search(self._things.labels[thing] or "")}

    def _lacking(self, rule: Rule, said: Said) -> Int32:
        """The things of a rule's classes of which no claim says what the rule asks."""
        of = np.concatenate([self._of_class[name] for name in rule.classes])
        if not len(of):
            return of
        relations = self._numbers(said, rule.subject_of)
        having = [said.subject[np.isin(said.relation, relations)]]
        about = ~said.reported if rule.unsure else np.ones(len(said.object), np.bool_)
        if rule.object_of is not None:
            about &= np.isin(said.relation, self._numbers(said, rule.object_of))
        having.append(said.object[about])
        return np.setdiff1d(of, np.concatenate(having)).astype(np.int32)

    def _numbers(self, said: Said, names: tuple[str, ...]) -> list[int]:
        wanted = {f"{self._kg}{name}" for name in names}
        return [number for number, iri in enumerate(said.relations) if iri in wanted]


def _no_verdict(schema: Schema) -> re.Pattern[str]:
    """The pattern of the shape that a label is no verdict."""
    (file,) = (path for path in schema.shapes() if path.name == "measure.ttl")
    quads = rdf.parse(file.read_bytes(), formats.TURTLE, file=file.name)
    found = (quad.object for quad in quads if quad.predicate.value == _PATTERN)
    patterns = (value.value for value in found if isinstance(value, Literal))
    return re.compile("|".join(patterns), re.IGNORECASE)
