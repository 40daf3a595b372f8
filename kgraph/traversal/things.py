"""The records a catalogue is made of. Identifiers are IRIs; `Span`, `TimeSpan` and `Quantity` are model values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["entity", "code", "quantity", "time", "document", "class"]
Layer = Literal["relations", "codes", "documents", "types", "unattributed"]

LEAVES: frozenset[Kind] = frozenset({"quantity", "time"})


@dataclass(frozen=True, slots=True)
class Node:
    """Anything that can be the end of a step. `types` are as stated; `type` is the most specific of them."""

    iri: str
    kind: Kind
    label: str
    type: str
    types: tuple[str, ...] = ()
    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Whether a walk ends here: a number or a period shared by two entities does not connect them."""
        return self.kind in LEAVES


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim as recorded. Codes (voice, polarity, modality, status, certainty, role) are IRIs."""

    iri: str
    subject: str
    predicate: str
    object: str
    article: str
    said_by: tuple[str, ...]
    via: tuple[str, ...]
    spans: tuple[str, ...]
    voice: str
    polarity: str
    modality: str
    status: str
    certainty: str | None = None
    confidence: float | None = None
    role: str | None = None
    time: str | None = None
    conflicts_with: tuple[str, ...] = ()
    qualifies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A source: an article or a claim table. `published` is the IRI of a period."""

    iri: str
    hash: str
    length: int
    unknown: tuple[str, ...] = ()
    published: str | None = None


@dataclass(frozen=True, slots=True)
class MentionRecord:
    """A printed form, what it refers to, and where it stands."""

    iri: str
    surface_form: str
    refers_to: str
    evaluative: bool
    spans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """An editorial note and everything it is about."""

    iri: str
    about: tuple[str, ...]
    kind: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Step:
    """One relation between two nodes with every claim that states it, whatever its modality.

    `index` follows the order of (subject, predicate, object), so that comparing indexes compares IRIs.
    """

    index: int
    subject: str
    predicate: str
    object: str
    layer: Layer
    claims: tuple[ClaimRecord, ...]

    def other(self, iri: str) -> str:
        """The end that is not `iri`; the same end for a loop."""
        return self.object if iri == self.subject else self.subject
