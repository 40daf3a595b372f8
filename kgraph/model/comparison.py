"""Two ways of looking at the same thing, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kgraph.model.answers import NeighbourRef, Verdict
from kgraph.model.claims import ClaimRef, Edge, EntityRef

Became = Literal["vanishes", "appears", "stays"]


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """What one side sees: its lens in words, the generation it reads, how many relations and how many entities at
    their ends. `verdict` is whether two that were named are connected there."""

    lens: str
    generation: int
    relations: int
    entities: int
    verdict: Verdict = "found"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a relation from `one` to `other`. One that stays is told as `other` sees it; `gone` and `new` are
    the claims that only `one`, and only `other`, has for it."""

    became: Became
    edge: Edge
    gone: tuple[ClaimRef, ...] = ()
    new: tuple[ClaimRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What stands near `entity`, or connects it with `target`, seen from two sides.

    `changes` is one page: what vanishes first, then what appears, then what stays, of these first what stands on other
    claims. `counts` are over all by `became`, `nodes` are the ends on this page, their distance the shorter one of the
    two sides. `sentence` says it in words.
    """

    entity: EntityRef
    target: EntityRef | None
    hops: int
    one: ComparedSide
    other: ComparedSide
    counts: dict[str, int]
    sentence: str
    nodes: tuple[NeighbourRef, ...]
    changes: tuple[Change, ...]
    truncated: bool
    next: str | None
    generation: int
    again: dict[str, Any] | None = None
