"""The claim index: a catalogue's nodes, steps and claims as integers and columns, for the kernels.

Node ids follow the order of IRIs, step ids are `Step.index`, claims stand step by step. Built once per catalogue, when
a lens is first laid over it (`lens.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kgraph.model import Lens
from kgraph.traversal.kernels.topology import Topology
from kgraph.traversal.kernels.workspace import Workspaces
from kgraph.traversal.records import Catalogue
from kgraph.traversal.things import ClaimRecord, Layer, Node

UInt8 = npt.NDArray[np.uint8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LAYERS: tuple[Layer, ...] = ("relations", "codes", "documents", "types", "unattributed")
_FIELDS = ("status", "modality", "polarity", "voice")
_NEVER = 2**31 - 1
_ANY = "any"


class Numbers:
    """Numbers for names, in the order in which they are first asked for."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        return self.of.setdefault(name, len(self.of))

    def flags(self, names: Iterable[str]) -> UInt8:
        """For each number 1 where its name is among these, uint8[names]."""
        flags = np.zeros(len(self.of), np.uint8)
        for name in names:
            if name in self.of:
                flags[self.of[name]] = 1
        return flags


class LensColumns(NamedTuple):
    """The arrays a kernel takes to look through a lens, in its order; see `kernels/lensing.py`."""

    known: UInt8
    layer: UInt8
    starts: Int64
    columns: Int32
    confidence: Float64
    spoken: Int64
    agents: Int32
    code_ok: UInt8
    article_ok: UInt8
    agent_is: UInt8
    bounds: Int64
    least: float


@dataclass(frozen=True, slots=True)
class Kinds:
    """Nodes by what decides whether a walk may pass them: `of` int32[n], and an example of each kind."""

    of: Int32
    examples: tuple[Node, ...]


class ClaimIndex:
    """A catalogue's columns. Immutable, but for what lenses remember of steps."""

    def __init__(self, catalogue: Catalogue) -> None:
        from kgraph.traversal.kernels import corridor, corridorsteps, lensing

        self._degree = lensing.degree
        # Loaded with the index, so that no question's time is spent on it.
        self.find_corridor: Callable[..., int] = corridor.corridor
        self.take_steps: Callable[..., Int32] = corridorsteps.taken
        self._catalogue = catalogue
        self.number: dict[str, int] = {iri: i for i, iri in enumerate(sorted(catalogue.nodes))}
        steps = catalogue.steps
        self.predicates = Numbers()
        self.topology = Topology.from_edges(
            len(self.number), [self.number[s.subject] for s in steps], [self.number[s.object] for s in steps]
        )
        self.predicate = np.array([self.predicates[s.predicate] for s in steps], np.int32)
        self.layer = np.array([LAYERS.index(s.layer) for s in steps], np.uint8)
        self.starts = np.zeros(len(steps) + 1, np.int64)
        np.cumsum([len(s.claims) for s in steps], out=self.starts[1:])
        self.kinds = self._kinds()
        self.workspaces = Workspaces(len(self.number))
        self._codes, self._articles, self._agents = Numbers(), Numbers(), Numbers()
        self._claims([claim for step in steps for claim in step.claims])

    def _kinds(self) -> Kinds:
        known: dict[tuple[object, ...], int] = {}
        examples: list[Node] = []
        of = np.empty(len(self.number), np.int32)
        for iri, number in self.number.items():
            node = self._catalogue.nodes[iri]
            kind = node.is_leaf, node.type, node.types
            if kind not in known:
                known[kind] = len(examples)
                examples.append(node)
            of[number] = known[kind]
        return Kinds(of, tuple(examples))

    def _claims(self, claims: list[ClaimRecord]) -> None:
        times = [self._catalogue.when(c) for c in claims]
        self._days = sorted({d for t in times if t is not None for d in (t.earliest, t.latest) if d is not None})
        place = {day: i for i, day in enumerate(self._days)}
        self._columns = np.full((len(claims), 7), -1, np.int32)
        self._spoken = np.zeros(2 * len(claims) + 1, np.int64)
        agents: list[int] = []
        for i, (claim, when) in enumerate(zip(claims, times, strict=True)):
            row = self._columns[i]
            for field, name in enumerate(_FIELDS):
                row[field] = self._codes[getattr(claim, name)]
            row[4] = self._articles[claim.article]
            if when is not None and when.earliest is not None:
                row[5] = place[when.earliest]
            if when is not None and when.latest is not None:
                row[6] = place[when.latest]
            for turn, names in enumerate((claim.said_by, claim.via)):
                agents.extend(self._agents[name] for name in names)
                self._spoken[2 * i + 1 + turn] = len(agents)
        self._speakers = np.array(agents, np.int32)
        self._confidence = np.array([np.nan if c.confidence is None else c.confidence for c in claims], np.float64)

    def seen_through(self, lens: Lens) -> LensColumns:
        """A lens as arrays; `known` is fresh, one byte a step, and filled as steps are come to."""
        ns = self._catalogue.namespaces
        wanted = [(f"{ns.kgs}current",)] + [
            tuple(ns.expand(v, "kgs") for v in values) if values and _ANY not in values else tuple(self._codes.of)
            for values in (lens.modality, lens.polarity, lens.voice)
        ]
        bounds = (
            sum(1 << LAYERS.index(layer) for layer in LAYERS if layer in ("relations", *lens.include)),
            0 if lens.valid_from is None else bisect_left(self._days, lens.valid_from),
            _NEVER if lens.valid_until is None else bisect_right(self._days, lens.valid_until),
            lens.min_sources,
            bool(lens.said_by),
            bool(lens.not_said_by),
        )
        return LensColumns(
            np.zeros(len(self.layer), np.uint8),
            self.layer,
            self.starts,
            self._columns,
            self._confidence,
            self._spoken,
            self._speakers,
            np.ascontiguousarray([self._codes.flags(names) for names in wanted]),
            self._articles.flags(a for a in self._articles.of if self._article_is_seen(lens, a)),
            self._agents.flags(lens.said_by) | 2 * self._agents.flags(lens.not_said_by),
            np.array(bounds, np.int64),
            lens.min_confidence if lens.min_confidence > 0 else -np.inf,
        )

    def degree(self, iri: str, seen: LensColumns) -> int:
        """How many steps a node has under a lens, a loop counted at both ends."""
        rows = self.topology
        return self._degree(
            *(self.number[iri], rows.forward.indptr, rows.forward.step, rows.backward.indptr, rows.backward.step, *seen)
        )

    def _article_is_seen(self, lens: Lens, iri: str) -> bool:
        if lens.source and iri not in lens.source:
            return False
        if lens.published_until is None:
            return True
        article = self._catalogue.articles.get(iri)
        published = self._catalogue.times.get(article.published) if article and article.published else None
        return published is None or published.earliest is None or published.earliest <= lens.published_until
