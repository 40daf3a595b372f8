"""What is asked: the lens, and questions with every bound they are asked under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["both", "forward", "backward"]
PathMode = Literal["shortest", "all_shortest", "k_shortest", "all_simple"]


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
class NeighbourhoodQuestion:
    """What stands near `entity`. Identifiers are IRIs here; a predicate may begin with `^`."""

    entity: str
    hops: int = 1
    direction: Direction = "both"
    predicate: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    order: Literal["rank", "label", "distance"] = "rank"
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
