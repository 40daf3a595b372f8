"""The lens: which claims are looked through, decided claim by claim inside every search.

What a step keeps under a lens is computed once and remembered. Rules worth knowing:

* `said_by` matches speakers; `not_said_by` removes a claim when the agent speaks it or relays it.
* A claim is kept unless its stated time lies wholly outside `valid_from` .. `valid_until`; an undated claim is kept.
* `published_until` removes claims of articles known to be published later; an unknown date is kept.
* `min_confidence` is about the reading of the text; a claim without that figure is kept.
* `min_sources` counts the articles of a relation's remaining claims: relays of one article count once. A relation that
  no claim states has none.
* Superseded and retracted claims are never looked through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kgraph.model import Lens, NeighbourhoodQuestion
from kgraph.traversal import dates, lookup, naming
from kgraph.traversal.kernels.steptable import OPEN_FUTURE, OPEN_PAST
from kgraph.traversal.records import Catalogue
from kgraph.traversal.sight import ANY, FARTHEST, Bools, Sight, article_is_seen
from kgraph.traversal.strings import Int32, Int64
from kgraph.traversal.terrain import Terrain, whole
from kgraph.traversal.things import ClaimRecord, Step

if TYPE_CHECKING:
    from kgraph.traversal.kernels.lensedsearcher import LensedSearcher

_MANY_SOURCES = 2**20 - 1

Test = Callable[[ClaimRecord], bool]


class LensFilter:
    """A lens made ready for one catalogue. Remembers what each step keeps."""

    def __init__(self, catalogue: Catalogue, lens: Lens) -> None:
        self.catalogue = catalogue
        self.lens = lens
        self._tests = tuple(_tests(catalogue, lens))
        self._layers = {"relations", *lens.include}
        self._kept: dict[int, tuple[ClaimRecord, ...]] = {}
        self.view = catalogue.view(lens.include)
        self.sight = Sight(self.view, lens)
        # The kernels under this lens; None where the view is small enough to be walked step by step. They are loaded
        # here, so that no question's time is spent on it.
        self.searcher = self._kernels()
        self.hubs: dict[NeighbourhoodQuestion, Any] = {}
        """What `neighbourhood.py` remembers of questions that met much."""
        # Of an entity its claims about codes and documents are shown too, whether or not these are walked.
        self.stated = Sight(catalogue.stated, replace(lens, include=("codes", "documents")))

    def keeps(self, claim: ClaimRecord) -> bool:
        """Whether a claim is seen through the lens."""
        return all(test(claim) for test in self._tests)

    def claims(self, step: Step) -> tuple[ClaimRecord, ...]:
        """The claims of a step that are seen; none when their articles are too few."""
        kept = self._kept.get(step.index)
        if kept is None:
            kept = tuple(c for c in step.claims if self.keeps(c))
            if self.lens.min_sources > 1 and len({c.article for c in kept}) < self.lens.min_sources:
                kept = ()
            if len(self._kept) > lookup.REMEMBERED:
                self._kept.clear()
            self._kept[step.index] = kept
        return kept

    def allows(self, step: Step) -> bool:
        """Whether a step may be walked: its layer is looked at, and a claim states it (types and plain triples
        have none to show)."""
        if step.layer not in self._layers:
            return False
        return bool(self.claims(step)) if step.claims else self.lens.min_sources <= 1

    def _kernels(self) -> LensedSearcher | None:
        view = self.view
        if len(view) < self.catalogue.indexed_from:
            return None
        from kgraph.traversal.kernels.lensedsearcher import LensedSearcher, load  # only here: small graphs do without

        load()
        degree = self.catalogue.columns.degree if self.lens == Lens() else None
        return LensedSearcher(view.table, self.sight.arrays, self.sight.quotation, view.workspaces, degree)

    @cached_property
    def terrain(self) -> Terrain:
        """Every step of the view, for graphs that are walked step by step."""
        return whole(self.view, self.allowed.tolist())

    @cached_property
    def allowed(self) -> Bools:
        """Whether each step of the view may be walked; for graphs that are walked step by step."""
        return self.sight.allows(np.arange(len(self.view), dtype=np.int32))

    def degree(self, iri: str) -> int:
        """How many relations a node has under the lens, in both directions."""
        return int(self.degrees(np.array([self.view.node(iri)], np.int32))[0])

    def degrees(self, nodes: Int32) -> Int32:
        """How many relations each of these nodes has under the lens, a loop counted at both ends, int32."""
        if self.searcher is not None:
            return self.searcher.degrees(nodes)[1]
        return self._degrees[nodes]

    @cached_property
    def _degrees(self) -> Int32:
        table = self.view.table
        steps = np.flatnonzero(self.allowed).astype(np.int32)
        ends = self.view.subjects_of(steps), table.far[steps]
        return sum(np.bincount(end, minlength=table.nodes) for end in ends).astype(np.int32)  # type: ignore[union-attr]

    def _evidence(self, steps: Int32) -> tuple[Int64, Int64]:
        """`Sight.evidence`, by the kernels where there are some and every step has claims."""
        if self.searcher is None or self.view is not self.catalogue.stated:
            return self.sight.evidence(steps)
        sources, nearest = self.searcher.evidence(steps)
        return sources.astype(np.int64), np.minimum(nearest, FARTHEST).astype(np.int64)

    def standing(self, steps: Int32, far: Int32, names: Int32) -> Int64:
        """What steps around a node are ordered by, smaller first, int64: more sources, nearer to quotation, smaller hub
        at the far end, then its name. A step that nothing states has no source."""
        sources, distance = self._evidence(steps)
        sources = np.minimum(sources, _MANY_SOURCES)
        hub = np.frexp(self.degrees(far).astype(np.float64))[1]  # the bit length
        return (((_MANY_SOURCES - sources) << 2 | distance) << 6 | hub) << 31 | names


def compile_lens(catalogue: Catalogue, lens: Lens) -> LensFilter:
    """Make a lens ready for a catalogue; questions through the same lens share what it remembers."""
    return catalogue.remember(lens, lambda: LensFilter(catalogue, lens))


def _tests(catalogue: Catalogue, lens: Lens) -> Iterator[Test]:
    kgs = catalogue.namespaces.kgs
    current = f"{kgs}current"
    yield lambda c: c.status == current
    for values, field in ((lens.modality, "modality"), (lens.polarity, "polarity"), (lens.voice, "voice")):
        if values and ANY not in values:
            yield _one_of(field, frozenset(catalogue.namespaces.expand(v, "kgs") for v in values))
    if lens.source or lens.published_until is not None:
        seen = cache(lambda iri: article_is_seen(catalogue, lens, iri))
        yield lambda c: seen(c.article)
    if lens.said_by:
        speakers = frozenset(lens.said_by)
        yield lambda c: not speakers.isdisjoint(c.said_by)
    if lens.not_said_by:
        unwanted = frozenset(lens.not_said_by)
        yield lambda c: unwanted.isdisjoint(c.said_by) and unwanted.isdisjoint(c.via)
    if lens.min_confidence > 0:
        yield lambda c: c.confidence is None or c.confidence >= lens.min_confidence
    if lens.valid_from is not None or lens.valid_until is not None:
        yield _within(catalogue, lens.valid_from, lens.valid_until)


def _one_of(field: str, wanted: frozenset[str]) -> Test:
    return lambda claim: getattr(claim, field) in wanted


def _within(catalogue: Catalogue, start: str | None, end: str | None) -> Test:
    first = OPEN_PAST if start is None else dates.number(start)
    last = OPEN_FUTURE if end is None else dates.number(end)

    def test(claim: ClaimRecord) -> bool:
        when = catalogue.when(claim)
        if when is None:
            return True
        earliest, latest = dates.bounds(when)
        return latest >= first and earliest <= last

    return test


def words(catalogue: Catalogue, lens: Lens) -> str:
    """The lens in words: `reported, affirmed claims, not said by Bitter Winter`."""
    return ", ".join((_kind_of_claims(catalogue, lens), *_bounds(catalogue, lens)))


def _kind_of_claims(catalogue: Catalogue, lens: Lens) -> str:
    adjectives, anything = [], []
    for values, name in ((lens.modality, "modality"), (lens.polarity, "polarity")):
        if values and ANY not in values:
            adjectives.append(" or ".join(_code(catalogue, v) for v in values))
        else:
            anything.append(name)
    text = f"{', '.join(adjectives)} claims" if adjectives else "claims"
    return f"{text} of any {' and '.join(anything)}" if anything else text


def _bounds(catalogue: Catalogue, lens: Lens) -> Iterator[str]:
    def listed(iris: Iterable[str]) -> str:
        return " or ".join(catalogue.label(iri) for iri in iris)

    if lens.voice and ANY not in lens.voice:
        yield f"in the voice {' or '.join(_code(catalogue, v) for v in lens.voice)}"
    if lens.said_by:
        yield f"said by {listed(lens.said_by)}"
    if lens.not_said_by:
        yield f"not said by {listed(lens.not_said_by)}"
    if lens.source:
        yield f"in {listed(lens.source)}"
    if lens.valid_from is not None:
        yield f"not over before {lens.valid_from}"
    if lens.valid_until is not None:
        yield f"not begun after {lens.valid_until}"
    if lens.published_until is not None:
        yield f"published until {lens.published_until}"
    if lens.min_sources > 1:
        yield f"in at least {lens.min_sources} sources"
    if lens.min_confidence > 0:
        yield f"read with a confidence of at least {lens.min_confidence:g}"
    if lens.include:
        yield f"including {' and '.join(lens.include)}"


def _code(catalogue: Catalogue, value: str) -> str:
    return naming.words_of(catalogue.namespaces.expand(value, "kgs"))
