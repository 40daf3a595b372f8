"""What is asked and answered when the rows of a table are matched with entities.

Names and shapes are those of the Reconciliation Service API 0.2 (Entity Reconciliation Community Group of the W3C).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

TypeMatching = Literal["any", "should", "all"]


@dataclass(frozen=True, slots=True)
class PropertyValues:
    """What a row says of the thing it names: `pid` is a property, `values` are names, identifiers or numbers."""

    pid: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A row to be matched. Of several types a candidate has any, should have one, or has all (`type_strict`)."""

    query: str = ""
    types: tuple[str, ...] = ()
    type_strict: TypeMatching = "any"
    properties: tuple[PropertyValues, ...] = ()
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A type by its CURIE and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a score was made of: `name` (0 to 100), `type` and a property's CURIE (1 or less)."""

    id: str
    value: float | bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a row may mean. `score` is 0 to 100; `match`: it is called exactly so, and nothing else is."""

    id: str
    name: str
    description: str
    score: float
    match: bool
    type: tuple[Named, ...]
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one row, best first."""

    result: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entity (`notable` has its types), a type (`broader` has the next ones above it) or a property."""

    id: str
    name: str
    description: str
    notable: tuple[Named, ...] = ()
    broader: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What begins with, or looks like, what was typed."""

    result: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Properties that things of a type may have."""

    type: str
    limit: int
    properties: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property whose values are to be fetched. `limit` is the most values of one thing; `modality` is `any` for what
    is alleged, demanded or predicted too; `content` is `values`, or `claims` for the claims that state them.
    """

    pid: str
    limit: int = 100
    modality: str = "reported"
    said_by: str = ""
    content: str = "values"


@dataclass(frozen=True, slots=True)
class Extension:
    """Fetched values: `meta` are the columns (id, name, and type where all are things of one type); `rows` holds by the
    id that was asked for, then by property, cells such as `{"str": "…"}`."""

    meta: tuple[dict[str, Any], ...]
    rows: dict[str, dict[str, list[dict[str, Any]]]]
