"""What the verbs answer.

`again` of an answer that was cut holds keyword arguments of the same verb: the next page, or the same question with
the limit doubled that stopped it, of the generation the answer is of. None where nothing was cut, and where the limit
is already the largest that the settings allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kgraph.model.claims import Claim, ClaimRef, Edge, EntityRef, Mention, Note, Quantity, TimeSpan
from kgraph.model.questions import Direction

Verdict = Literal["found", "none_within", "stopped"]


@dataclass(frozen=True, slots=True)
class NeighbourRef:
    """A node of a neighbourhood: an `EntityRef` with its distance from the centre in hops."""

    id: str
    iri: str
    label: str
    type: str
    type_label: str
    distance: int
    notes: tuple[str, ...] = ()
    quantity: Quantity | None = None
    period: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts over the whole neighbourhood, not over the page shown."""

    by_predicate: dict[str, int]
    by_type: dict[str, int]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What stands near `centre` (None for a connecting subgraph).

    For a connecting subgraph `verdict` is `found` when it joins all that was asked for, `none_within` when some
    cannot be joined under the bounds, `stopped` when the limit named in `stopped_by` ended the search before.
    """

    centre: EntityRef | None
    hops: int
    nodes: tuple[NeighbourRef, ...]
    edges: tuple[Edge, ...]
    counts: Counts
    truncated: bool
    next: str | None
    generation: int
    lens: str
    verdict: Verdict = "found"
    stopped_by: str | None = None
    again: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """One path: `length` edges, `length + 1` nodes, and a sentence that reads it aloud."""

    length: int
    nodes: tuple[EntityRef, ...]
    edges: tuple[Edge, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Work:
    """What a search cost."""

    edges_scanned: int
    ms: float


@dataclass(frozen=True, slots=True)
class Exclusion:
    """The filter that kept the nearest path out of a `none_within`, and how long that path is.

    `filter` is its parameter, `value` what it was set to: identifiers as CURIEs, codes bare. `include` stands for
    relations that no claim states, which were not walked; `lens` (without a value) is said where no filter alone, but
    all of them together keep every path out.
    """

    filter: str
    value: tuple[str, ...] | str | int | float | None
    length: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Paths:
    """The answer of a path search.

    `none_within` is said only after an exhaustive search under the stated bounds; `stopped` names the
    limit that ended the search (`max_edges`, `max_ms`) in `stopped_by`. `source` and `target` are the ends asked for.
    `excluded_by` is for `none_within` alone: None there means that no filter kept a path out, or that there was no
    time left to find out which.
    """

    verdict: Verdict
    max_hops: int
    work: Work
    stopped_by: str | None
    paths: tuple[Path, ...]
    next: str | None
    generation: int
    lens: str
    sparql: str | None = None
    source: tuple[EntityRef, ...] = ()
    target: tuple[EntityRef, ...] = ()
    excluded_by: Exclusion | None = None
    again: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result. `score` is 0..100; `matched` is the label, alias or misprint that matched."""

    id: str
    iri: str
    label: str
    type: str
    type_label: str
    score: float
    matched: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of search results, best first."""

    items: tuple[Hit, ...]
    next: str | None
    truncated: bool
    generation: int
    again: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NeighbourCount:
    """How many neighbours an entity has over one relation in one direction, under the lens."""

    predicate: str
    predicate_label: str
    direction: Direction
    count: int


@dataclass(frozen=True, slots=True)
class Fact:
    """An attribute of an entity that is not a claim of a source: an editorial flag or an external identifier."""

    predicate: str
    predicate_label: str
    value: str
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of an entity: the project's label, variants, and misprints that search should find."""

    pref_label: str
    alt_labels: tuple[str, ...]
    hidden_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuantityClaim:
    """A quantity said of an entity, with the claims that say it."""

    predicate: str
    predicate_label: str
    quantity: Quantity
    claims: tuple[ClaimRef, ...]


@dataclass(frozen=True, slots=True)
class TimeClaim:
    """A time stated on a claim of an entity, with that claim."""

    predicate: str
    predicate_label: str
    when: TimeSpan
    claim: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Everything the graph holds about one entity; `claims` is one page."""

    id: str
    iri: str
    label: str
    type: str
    type_label: str
    labels: Labels
    types: tuple[EntityRef, ...]
    facts: tuple[Fact, ...]
    quantities: tuple[QuantityClaim, ...]
    times: tuple[TimeClaim, ...]
    counts: tuple[NeighbourCount, ...]
    claims: tuple[Claim, ...]
    mentions: tuple[Mention, ...]
    notes: tuple[Note, ...]
    truncated: bool
    next: str | None
    generation: int
    lens: str
    again: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated claims about an entity in order of their earliest bound, then latest, then id."""

    entity: EntityRef
    claims: tuple[Claim, ...]
    truncated: bool
    next: str | None
    generation: int
    lens: str
    again: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Who an article credits, and with how many claims (`said_by` or `via`)."""

    agent: EntityRef
    role: Literal["said_by", "via"]
    claims: int


@dataclass(frozen=True, slots=True)
class Source:
    """An article or claim table: hash of its text, length in code points, what is unknown, whom it credits."""

    id: str
    iri: str
    label: str
    type: str
    type_label: str
    hash: str
    length: int
    unknown: tuple[str, ...]
    claims: int
    spans: int
    credits: tuple[Credit, ...]
    attached: bool
    published: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources, by id."""

    items: tuple[Source, ...]
    truncated: bool
    next: str | None
    generation: int
    again: dict[str, Any] | None = None
