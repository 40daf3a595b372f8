"""The values kgraph answers with. Frozen, slotted, without behaviour beyond what their fields imply.

Identifiers (`id`, `type`, `predicate`, `source`, `target`) are CURIEs (`id:ioc`, `kg:demands`) where a prefix
is known, else IRIs; a code that qualifies something (`voice`, `modality`, `approximation`) is its bare name, as claim
files write it. The JSON of every door is these fields under these names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["both", "forward", "backward"]
PathMode = Literal["shortest", "all_shortest", "k_shortest", "all_simple"]
Verdict = Literal["found", "none_within", "stopped"]


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
    """What stands near `centre` (None for a connecting subgraph)."""

    centre: EntityRef | None
    hops: int
    nodes: tuple[NeighbourRef, ...]
    edges: tuple[Edge, ...]
    counts: Counts
    truncated: bool
    next: str | None
    generation: int
    lens: str


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
class Paths:
    """The answer of a path search.

    `none_within` is said only after an exhaustive search under the stated bounds; `stopped` names the
    limit that ended the search (`max_edges`, `max_ms`) in `stopped_by`.
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


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated claims about an entity in order of their earliest bound, then latest, then id."""

    entity: EntityRef
    claims: tuple[Claim, ...]
    truncated: bool
    next: str | None
    generation: int
    lens: str


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


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A literal made canonical on the way in."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What `load` (or `validate`, with `committed` false) did.

    `generation` is the one the graph is at afterwards; a load that changes nothing makes no commit.
    """

    committed: bool
    generation: int
    entities: int
    claims: int
    added: int
    removed: int
    unchanged: int
    conflicts: tuple[tuple[str, str], ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    skolemised: int = 0
    files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`: what was checked, whether it holds, and what was seen."""

    check: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Lens:
    """Which claims a question looks through. Empty tuples and None mean no bound.

    Times: a claim is kept unless what is stated about its time lies outside the bounds; a claim without a
    stated time is kept. `min_sources` counts distinct articles per relation. Identifiers are IRIs here;
    the facade resolves what a user typed.
    """

    said_by: tuple[str, ...] = ()
    not_said_by: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    voice: tuple[str, ...] = ()
    modality: tuple[str, ...] = ("reported",)
    polarity: tuple[str, ...] = ("affirmed",)
    valid_from: str | None = None
    valid_until: str | None = None
    published_until: str | None = None
    min_sources: int = 1
    min_confidence: float = 0.0
    include: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """A path question with every bound it is asked under. Identifiers are IRIs here."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    mode: PathMode = "shortest"
    k: int = 5
    min_hops: int = 1
    max_hops: int = 6
    direction: Direction = "both"
    predicate: tuple[str, ...] = ()
    pattern: str | None = None
    weight: str | None = None
    avoid: tuple[str, ...] = ()
    avoid_type: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    avoid_hubs: int | None = None
    max_edges: int = 1_000_000
    max_ms: int = 2_000
    lens: Lens = field(default_factory=Lens)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for: `limit` items after the first `skip`.

    `issue` makes the cursor of the part that begins after so many items; without it `next` stays None.
    """

    skip: int = 0
    limit: int = 100
    issue: Callable[[int], str] | None = None

    def next(self, given: int, total: int) -> str | None:
        """The cursor of what follows when `given` of `total` items stand on this page; None when nothing does."""
        after = self.skip + given
        return self.issue(after) if self.issue and after < total else None


@dataclass(frozen=True, slots=True)
class NeighbourhoodQuestion:
    """What stands near `entity`. Identifiers are IRIs here; a predicate may begin with `^`."""

    entity: str
    hops: int = 1
    direction: Direction = "both"
    predicate: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    order: Literal["rank", "label", "distance"] = "rank"
    lens: Lens = field(default_factory=Lens)
