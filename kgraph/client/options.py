"""The keywords of the verbs, so that a type checker knows them. Defaults are the service's own."""

from __future__ import annotations

from kgraph.model import Direction, PathMode
from kgraph.question import LensOptions, Names, PathLensOptions


class EntityOptions(LensOptions, total=False):
    """A page and the lens."""

    limit: int
    cursor: str


class NeighbourhoodOptions(EntityOptions, total=False):
    """How far and along what, the bounds of the search, a page, and the lens."""

    hops: int
    direction: Direction
    predicate: Names
    type: Names
    order: str
    max_edges: int
    max_ms: int


class PathOptions(PathLensOptions, total=False):
    """Which paths, what they may touch, the bounds of the search, a page, and the lens (`article` bounds sources)."""

    mode: PathMode
    k: int
    min_hops: int
    max_hops: int
    direction: Direction
    predicate: Names
    pattern: str
    weight: str
    avoid: Names
    avoid_type: Names
    via: Names
    avoid_hubs: int
    max_edges: int
    max_ms: int
    limit: int
    cursor: str


class ConnectOptions(LensOptions, total=False):
    """The bounds of the search, and the lens."""

    max_hops: int
    max_edges: int
    max_ms: int


class CompareOptions(EntityOptions, total=False):
    """What each side's lens has of its own (`modality=any`), how far, the bounds, a page, and the lens of both."""

    one: Names
    other: Names
    target: str
    hops: int
    predicate: Names
    max_edges: int
    max_ms: int


class ExportOptions(LensOptions, total=False):
    """A part of the graph: what stands near an entity, or is seen through the lens."""

    entity: str
    hops: int
    rdf12: bool
