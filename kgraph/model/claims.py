"""What is said: entities, claims, and the evidence for them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntityRef:
    """A node by name."""

    id: str
    iri: str
    label: str
    type: str
    type_label: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a source: paragraph and sentence from 1, `start` and `end` in Unicode code points (end excluded).

    `hash` is the SHA-256 of the slice. For a claim table `table` and `row` stand instead of a paragraph.
    `text` is set only on a machine where the source's text was attached.
    """

    id: str
    article: str
    paragraph: int | None
    sentence: int | None
    start: int | None
    end: int | None
    hash: str | None
    table: str | None = None
    row: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time as stated (`text`), as EDTF, and as its bounds (ISO dates, None where open)."""

    id: str
    text: str
    edtf: str
    earliest: str | None
    latest: str | None
    basis: str
    anchor: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its qualifier. `approximation` is a code such as `more-than`; no bound is invented."""

    id: str
    text: str
    value: float | int | None
    min_value: float | int | None
    max_value: float | int | None
    approximation: str
    strict_bound: bool
    unit: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """An editorial note of the project on a claim, mention or entity: never a correction of it."""

    id: str
    about: str
    kind: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A printed form in a source and the entity the curator resolved it to."""

    id: str
    surface_form: str
    refers_to: str
    evaluative: bool
    where: tuple[Span, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimRef:
    """A claim as evidence on an edge: who says it, through whom, in which article and where."""

    id: str
    said_by: tuple[EntityRef, ...]
    via: tuple[EntityRef, ...]
    article: EntityRef
    voice: str
    modality: str
    polarity: str
    where: Span
    when: TimeSpan | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim whole. `object` is an entity, a code, or the node of a quantity or time given beside it."""

    id: str
    iri: str
    subject: EntityRef
    predicate: str
    predicate_label: str
    object: EntityRef
    quantity: Quantity | None
    period: TimeSpan | None
    said_by: tuple[EntityRef, ...]
    via: tuple[EntityRef, ...]
    chain: tuple[EntityRef, ...]
    article: EntityRef
    where: tuple[Span, ...]
    voice: str
    polarity: str
    modality: str
    status: str
    source_certainty: str | None
    confidence: float | None
    role: str | None
    when: TimeSpan | None
    conflicts_with: tuple[str, ...]
    qualifies: tuple[str, ...]
    qualified_by: tuple[str, ...]
    notes: tuple[Note, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation with every claim that states it.

    `source` and `target` are the relation's own subject and object; `forward` tells whether the walk
    (from the centre, or along the path) went from `source` to `target`. `predicate_label` reads from `source` to
    `target`, its verb agreeing with `source` in number.
    """

    source: str
    predicate: str
    predicate_label: str
    target: str
    forward: bool
    claims: tuple[ClaimRef, ...]
